"""Mentions in a question: names by longest match, years, counted nouns, and unknown words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.names import is_chinese, simplified
from g60kg.namespaces import local_name
from g60kg.queries.ask.lexicon import CHINA, CORRIDOR, Lexicon, Meaning, NameKind
from g60kg.queries.ask.partial_names import completed, is_doubtful, longer_names, short_forms
from g60kg.queries.ask.query_ranking import query_ranking
from g60kg.queries.ask.question_names import (
    Mention,
    are_sources,
    corrected_spelling,
    longest_matches,
    mention_of,
    rewritten,
    taken_by,
)
from g60kg.queries.ask.question_tokens import USUAL_WORDS, Token, Tokens, keys, normalized, tokens
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.question_years import Years, with_digits, years_in
from g60kg.queries.ask.unknown_tokens import corrected_tokens, unknown_tokens

#: What ends a clause.
_CLAUSE: Final = re.compile(r"[,;:?!，；：？！]")
#: A short form of that many tokens can have a year of its name beside it.
_SHORT_NAME: Final = 2
#: The most tokens between a publisher and what its report is about: "piece on".
_BETWEEN: Final = 3


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question with what was found in it.

    Attributes:
        text: the question in characters of one width, with misspelt Chinese names corrected and the
            phrases of the question vocabulary replaced.
        plain: the same before corrections and replacements, for the text of a search.
        tokens: the tokens of ``text``, with typing errors corrected.
        mentions: the names in the order of the question, without overlaps; last the measure that
            counts what the question counts, if any, which can overlap another mention.
        years: the years of the question; None without years, and for a year that is a part of a
            name.
        unknown: the words that no name, query header or list of words has, as written.
        known: the number of its names and other known words; its years count as one name.
    """

    text: str
    plain: str
    tokens: Tokens
    mentions: tuple[Mention, ...]
    years: Years | None
    unknown: tuple[str, ...]
    known: int

    def compared(self, start: int, end: int) -> str:
        """Return the keys of the tokens from ``start`` to ``end`` (exclusive) as one text."""
        before: Token | None = None
        text = ""
        for token in self.tokens[start:end]:
            apart = before is None or before.end != token.start or not token.chinese
            text += f" {token.key}" if apart else token.key
            before = token
        return text


def read_question(lexicon: Lexicon, question: str) -> ReadQuestion:
    """Return a question with its mentions, its years and its unknown words."""
    plain = with_digits(simplified(normalized(question)))
    text = rewritten(lexicon, corrected_spelling(lexicon, plain))
    listed, corrected = corrected_tokens(lexicon, tokens(text))
    years = years_in(text, listed)
    if years and years.tokens <= taken_by(longest_matches(lexicon, listed, set())):
        years = None  # of a name: "GB/T 2260"
    taken = set(years.tokens if years else ())
    mentions = list(_asked_measures(lexicon, text, listed))
    mentions += longest_matches(lexicon, listed, taken | taken_by(mentions))
    taken |= taken_by(mentions)
    mentions += short_forms(lexicon, text, listed, taken, corrected)
    mentions.sort(key=lambda one: one.start)
    mentions = longer_names(lexicon, text, listed, mentions)
    mentions = [_distinguished(lexicon, text, one) for one in mentions]
    doubtful = [one for one in mentions if is_doubtful(lexicon, one)]
    doubtful += _guessed_measures(mentions)
    mentions = [one for one in mentions if one not in doubtful]
    taken -= taken_by(doubtful)
    taken |= taken_by(mentions)
    mentions = [completed(lexicon, listed, taken, one) for one in mentions]
    mentions += _measure_in_part(lexicon, listed, taken, mentions)
    mentions.sort(key=lambda one: one.start)
    taken |= taken_by(mentions)
    names = len(mentions)
    named = (one.iri for m in mentions for one in m.of(NameKind.ENTITY))
    entities = [iri for iri in named if iri not in (CORRIDOR, CHINA)]
    mentions = _without_appositions(mentions)
    mentions = [_specified(lexicon, text, one, entities) for one in mentions]
    mentions = _without_titles(lexicon, text, listed, mentions)
    if years and any(_has_year(lexicon, one, years) for one in mentions):
        years = None  # of a name: "the agreement of 2018"
    if years and years.last is None and _is_dated(listed, years, mentions):
        years = replace(years, last=years.first)
    counted = _counted(lexicon, text, listed, mentions)
    # "Number of firms" is the measure that counts them.
    counted = [one for one in counted if all(one.meanings != m.meanings for m in mentions)]
    mentions += [_specified(lexicon, text, one, entities) for one in counted]
    names = max(names, len(mentions)) + (years is not None)
    unknown, known = unknown_tokens(lexicon, text, listed, taken, names)
    return ReadQuestion(text, plain, listed, tuple(mentions), years, unknown, known)


def _asked_measures(lexicon: Lexicon, text: str, listed: Tokens) -> Iterator[Mention]:
    """Yield the first measure of the question vocabulary that a phrase asks for, if any.

    "How long" asks for the length. ``listed`` are the tokens of ``text``.
    """
    words = question_vocabulary()
    for name, phrases in words.content["measures_asked"].items():
        for phrase in phrases:
            start = text.casefold().find(phrase)
            inside = [at for at, t in enumerate(listed) if start <= t.start < start + len(phrase)]
            meanings = lexicon.meanings(words.compared(name))
            if start >= 0 and inside and meanings:
                yield mention_of(listed, inside[0], inside[-1] + 1, meanings)
                return


def _has_year(lexicon: Lexicon, mention: Mention, years: Years) -> bool:
    """Return whether ``years`` is one year, in a name of an entity mentioned by several words."""
    return (
        mention.end - mention.start >= _SHORT_NAME
        and years.first is not None
        and years.first == years.last
        and any(
            str(years.first) in keys(name)
            for one in mention.of(NameKind.ENTITY)
            for name in lexicon.names_of(one.iri)
        )
    )


def _is_dated(listed: Tokens, years: Years, mentions: list[Mention]) -> bool:
    """Return whether the "from" of years follows a class: "zones from 2021", not "from 2021 on"."""
    at = min(years.tokens) - 1
    return (
        listed[at].key == "from"
        and any(one.end == at and one.of(NameKind.CLASS) for one in mentions)
        and listed[-1].key not in ("on", "onward", "onwards")
    )


def _guessed_measures(mentions: list[Mention]) -> Iterator[Mention]:
    measures = [one for one in mentions if one.of(NameKind.MEASURE)]
    if any(one.exact for one in measures):
        yield from (one for one in measures if not one.exact)


def _distinguished(lexicon: Lexicon, text: str, mention: Mention) -> Mention:
    """Return a mention with only the meanings whose names share most words with the question."""
    if len(mention.meanings) == 1:
        return mention
    words = question_vocabulary()
    # Pairs of characters across the end of a Chinese name are no words.
    beside = text.replace(mention.written, " ") if is_chinese(mention.written) else text
    asked = {*words.features(beside)} - USUAL_WORDS
    shared = {
        meaning: len(asked.intersection(chain(*map(words.features, names))))
        for meaning in mention.meanings
        if (names := lexicon.names_of(meaning.iri))
    }
    most = max(shared.values(), default=0)
    left = tuple(one for one in mention.meanings if shared.get(one, most) == most)
    return replace(mention, meanings=left)


def _name_features(lexicon: Lexicon, one: Meaning) -> set[str]:
    """Return the words of the names of a meaning, without those that have no meaning."""
    words = question_vocabulary()
    return set(chain(*map(words.features, map(words.content_of, lexicon.names_of(one.iri)))))


def _specified(lexicon: Lexicon, text: str, mention: Mention, entities: list[NamedNode]) -> Mention:
    """Return a measure's mention as that of the statistic asked for, such as its share.

    Other mentions are unchanged. A share of the GDP with another name, such as R&D intensity, is
    used only for a word of this name or a category of its figures; a rank that may be an order
    of rows, only if one of ``entities`` has a figure of it.
    """
    words = question_vocabulary()
    meanings = list(mention.meanings if mention.of(NameKind.MEASURE) else ())
    certain = words.statistics_asked(text)
    asked = {*words.features(words.content_of(text))}
    for statistic in words.statistics_asked(text, of_one=bool(entities)) if meanings else ():
        for at, one in enumerate(meanings):
            own = lexicon.of_statistic(one.iri, statistic)
            others = lexicon.shares_of(one.iri) if statistic == "Share" else ()
            rest = asked - _name_features(lexicon, own) if own else asked
            named = (
                m
                for m in others
                if rest & _name_features(lexicon, m)
                or lexicon.has_figure_limited_to(m.iri, entities)
            )
            found = [m for m in (own, *named) if m]
            stated = [m for m in found if lexicon.has_figure_of(m.iri, entities)]
            stated.sort(key=lambda m: not lexicon.has_figure_limited_to(m.iri, entities))
            meanings[at] = next(iter(stated or (found if statistic in certain else ())), one)
    return replace(mention, meanings=tuple(meanings or mention.meanings))


def _measure_in_part(
    lexicon: Lexicon, listed: Tokens, taken: set[int], mentions: list[Mention]
) -> list[Mention]:
    """Return the mention of a measure by one unknown word of its name; empty without one.

    A mentioned subject has figures of the measure. Of several measures with the word, the
    one with the shortest name is taken; if two names are equally short, the next word is
    tried. Empty also if the question has another measure or no subject.
    """
    entities = [one for mention in mentions for one in mention.of(NameKind.ENTITY)]
    categories = {one.iri for one in entities if "Concept" in one.classes}
    subjects = {one.iri for one in entities} - categories - {CORRIDOR, CHINA}
    words = question_vocabulary()
    known = words.known.union(query_ranking().vocabulary)
    rest = [at for at in range(len(listed)) if at not in taken and listed[at].key not in known]
    if not subjects or any(one.of(NameKind.MEASURE) for one in mentions):
        return []
    measures = lexicon.measures_of(subjects, categories) if rest else set()
    keys_of = {one: lexicon.keys_of(one) for one in measures}
    for at in [at for at in rest if not listed[at].chinese]:
        lengths = {
            one: min(map(len, names))
            for one, names in keys_of.items()
            if any(listed[at].key in name for name in names)
        }
        # The growth of revenue has a longer name than revenue.
        shortest = [one for one in lengths if lengths[one] == min(lengths.values())]
        if len(shortest) == 1:
            meaning = Meaning(NameKind.MEASURE, shortest[0], frozenset(("Measure",)))
            return [mention_of(listed, at, at + 1, (meaning,), exact=False)]
    return []


def _without_appositions(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without names of classes of which a mentioned entity is an instance."""
    classes = {
        name
        for mention in mentions
        for meaning in mention.of(NameKind.ENTITY)
        for name in meaning.classes
    }
    return [
        mention
        for mention in mentions
        if mention.of(NameKind.CLASS) != mention.meanings
        or not any(local_name(one.iri.value) in classes for one in mention.meanings)
    ]


def _without_titles(
    lexicon: Lexicon, text: str, listed: Tokens, mentions: list[Mention]
) -> list[Mention]:
    """Return the mentions without names that only say what a mentioned source is about.

    "The Yicai report on Hefei" is a source. In "According to the report, what has Hefei?" and "the
    GDP of Hefei in the report", Hefei stays.
    """
    measured = any(one.of(NameKind.MEASURE) for one in mentions)
    if measured or not question_vocabulary().names_text(text):
        return mentions
    for source in [one for one in mentions if are_sources(one.meanings)]:
        for other in [one for one in mentions if not are_sources(one.meanings)]:
            first, last = sorted((source, other), key=lambda one: one.start)
            between = text[listed[first.end - 1].end : listed[last.start].start]
            words = set(keys(other.written)) - question_vocabulary().fillers
            titles = (name for one in source.meanings for name in lexicon.names_of(one.iri))
            if not _CLAUSE.search(between) and any(words <= {*keys(title)} for title in titles):
                near = first is source and last.start - first.end <= _BETWEEN
                whole = mention_of(listed, first.start, last.end, source.meanings)
                mentions = [
                    whole if near and one is source else one for one in mentions if one is not other
                ]
                source = whole if near else source
    return mentions


def _counted(lexicon: Lexicon, text: str, listed: Tokens, mentions: list[Mention]) -> list[Mention]:
    """Return the mention of the measure that counts what is asked, or its share; else empty."""
    words = question_vocabulary()
    content = words.content
    starts: list[int] = []
    words_of = [token.key for token in listed]
    for phrase in content["how_many"]:
        parts = list(words.compared(phrase))
        starts += [
            at + len(parts)
            for at in range(len(listed) - len(parts) + 1)
            if words_of[at : at + len(parts)] == parts
        ]
    ending = [word for word in words_of if word != "of"]
    if ending and ending[-1] in content["how_many_last"]:
        starts += range(len(listed) - 1)
    forms = content["count_names"]
    if not starts and any(sign in text for sign in content["how_many_zh"]):
        starts, forms = list(range(len(listed))), content["count_names_zh"]
    # A list answers "how many projects are in Songjiang" if no figure does.
    named = [one for mention in mentions for one in mention.of(NameKind.ENTITY)]
    entities = [one.iri for one in named]
    of_concept = any("Concept" in one.classes for one in named)
    for start in starts:
        for first in range(start, len(listed)):
            for last in range(min(len(listed), first + 6), first, -1):
                noun = ("" if listed[first].chinese else " ").join(words_of[first:last])
                for form in forms:
                    meanings = lexicon.meanings(words.compared(form.format(noun)))
                    measures = tuple(
                        one
                        for one in meanings
                        if one.kind is NameKind.MEASURE
                        and (of_concept or lexicon.has_figure_of(one.iri, entities))
                    )
                    if measures:
                        return [mention_of(listed, first, last, measures, counts=True)]
    shared = "Share" in words.statistics_asked(text)
    for mention in mentions if starts or shared else ():
        for one in mention.of(NameKind.ENTITY):
            measures = lexicon.counting_measure(one.iri)
            if shared:
                shares = (lexicon.of_statistic(measure.iri, "Share") for measure in measures)
                measures = tuple(filter(None, shares))
            if measures:
                return [mention_of(listed, mention.start, mention.end, measures, counts=True)]
    return []
