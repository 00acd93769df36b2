"""Mentions in a question: names by longest match, years, counted nouns, and unknown words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.namespaces import local_name
from g60kg.queries.ask.lexicon import MOST_MEANINGS, Kind, Lexicon, are_sources
from g60kg.queries.ask.question_names import (
    Mention,
    as_heard,
    longest_matches,
    mention_of,
    rewritten,
    taken_by,
)
from g60kg.queries.ask.question_tokens import Token, keys, normalized, simplified, tokens
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.question_years import Years, with_digits, years_in
from g60kg.queries.ask.unknown_tokens import corrected_tokens, uncovered_runs, unknown_tokens

_WORD: Final = re.compile(r"\w+")
#: What ends a clause.
_CLAUSE: Final = re.compile(r"[,;:?!，；：？！]")
_SHORT_FORM: Final = 4
#: A short form of that many tokens can have a year of its name beside it.
_SHORT_NAME: Final = 2
#: The classes whose names contain those of other places.
_CONTAIN_PLACES: Final = frozenset(("Region", "TransportLine", "TransportNode"))
#: The longest part of a Chinese name to look up: each is compared with all names.
_LONGEST_PART: Final = 16


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question with what was found in it.

    Attributes:
        text: the question with characters of one width, its phrases as they are read.
        plain: the same with its phrases as written, for the text of a search.
        tokens: its tokens, typing errors corrected.
        mentions: in the order of the question, without overlaps, except those that count.
        unknown: the words that neither a name nor a header has, as written.
        known: how many other words with a meaning it has.
    """

    text: str
    plain: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    years: Years | None
    unknown: tuple[str, ...]
    known: int

    def compared(self, start: int, end: int) -> str:
        """Return the text of some tokens, with typing errors corrected."""
        before: Token | None = None
        text = ""
        for token in self.tokens[start:end]:
            apart = before is None or before.end != token.start or not token.chinese
            text += f" {token.key}" if apart else token.key
            before = token
        return text


def read_question(lexicon: Lexicon, question: str) -> ReadQuestion:
    """Return the mentions, the years and the unknown words of a question."""
    plain = with_digits(simplified(normalized(question)))
    text = rewritten(lexicon, as_heard(lexicon, plain))
    listed, corrected = corrected_tokens(lexicon, tokens(text))
    years = years_in(text, listed)
    if years and years.tokens <= taken_by(longest_matches(lexicon, listed, set())):
        years = None  # of a name: "GB/T 2260"
    taken = set(years.tokens if years else ())
    mentions = list(_asked_measures(lexicon, text, listed))
    mentions += longest_matches(lexicon, listed, taken | taken_by(mentions))
    taken |= taken_by(mentions)
    mentions += _short_forms(lexicon, text, listed, taken, corrected)
    mentions.sort(key=lambda one: one.start)
    mentions = _combined(lexicon, listed, _extended(lexicon, listed, mentions))
    mentions = [_distinguished(lexicon, listed, one) for one in mentions]
    doubtful = [
        one
        for one in mentions
        if _is_common_word(lexicon, one) or _is_other_place(one) or _is_many_sources(one)
    ]
    mentions = [one for one in mentions if one not in doubtful]
    taken -= taken_by(doubtful)
    taken |= taken_by(mentions)
    mentions = [
        _specified(lexicon, text, one) for one in _without_appositions(mentions)
    ]
    mentions = _without_titles(lexicon, text, listed, mentions)
    if years and any(_has_year(lexicon, one, years) for one in mentions):
        years = None  # of a name: "the agreement of 2018"
    if years and years.last is None and _is_dated(listed, years, mentions):
        years = replace(years, last=years.first)
    mentions += _counted(lexicon, text, listed, mentions)
    unknown, known = unknown_tokens(
        lexicon, text, listed, taken, len(mentions) + (years is not None)
    )
    return ReadQuestion(text, plain, listed, tuple(mentions), years, unknown, known)


def _asked_measures(lexicon: Lexicon, text: str, listed: tuple[Token, ...]) -> Iterator[Mention]:
    """Yield the measures that a phrase asks for: "how long" is the length."""
    words = question_vocabulary()
    for name, phrases in words.content["measures_asked"].items():
        for phrase in phrases:
            start = text.casefold().find(phrase)
            inside = [at for at, t in enumerate(listed) if start <= t.start < start + len(phrase)]
            meanings = lexicon.meanings(words.compared(name))
            if start >= 0 and inside and meanings:
                yield mention_of(listed, inside[0], inside[-1] + 1, meanings)
                return


def _short_forms(
    lexicon: Lexicon,
    text: str,
    listed: tuple[Token, ...],
    taken: set[int],
    corrected: frozenset[int],
) -> list[Mention]:
    """Return mentions by a part of a name, or with one wrong Chinese character; take them."""
    words = question_vocabulary()
    found: list[Mention] = []
    for at, token in enumerate(listed):
        if at in taken or token.chinese or len(token.key) < _SHORT_FORM:
            continue
        if token.key in words.known or token.key in lexicon.vocabulary or at in corrected:
            continue
        if words.is_elsewhere(token.key):
            continue
        meanings = lexicon.short_form(token.key)
        if not meanings:
            continue
        before = found[-1] if found and found[-1].end == at else None
        both = tuple(one for one in meanings if before and one in before.meanings)
        if before and both:
            found[-1] = mention_of(listed, before.start, at + 1, both, exact=False)
        else:
            found.append(mention_of(listed, at, at + 1, meanings, exact=False))
        taken.add(at)
    for start, end in uncovered_runs(lexicon, text, listed, taken):
        # The name can begin with a character that is a word without meaning: 年鉴.
        begins = start and start - 1 not in taken and listed[start - 1].key in words.single
        for first in range(start - bool(begins), end):
            if first in taken:
                continue
            # A name can go on with characters that are a word elsewhere.
            longest = next(
                (at for at in range(first, len(listed)) if at in taken or not listed[at].chinese),
                len(listed),
            )
            for last in range(min(longest, first + _LONGEST_PART), first + 1, -1):
                part = "".join(token.key for token in listed[first:last])
                if words.is_elsewhere(part):
                    break
                meanings = lexicon.chinese_short_form(part)
                if not meanings and last - first >= _SHORT_FORM:
                    meanings = lexicon.one_character_off(part)
                if meanings:
                    found.append(mention_of(listed, first, last, meanings, exact=False))
                    taken.update(range(first, last))
                    break
    return found


def _extended(
    lexicon: Lexicon, listed: tuple[Token, ...], mentions: list[Mention]
) -> list[Mention]:
    """Return the mentions, those by a part of a name with the words of that name beside them."""
    for mention in [one for one in mentions if not one.exact]:
        parts = {
            part
            for one in mention.meanings
            for name in lexicon.names_of(one.iri)
            for part in question_vocabulary().compared(name)
        }
        fixed = {
            at
            for other in mentions
            if other is not mention and (other.of(Kind.ENTITY) or not other.exact)
            for at in range(other.start, other.end)
        }
        start, end = mention.start, mention.end
        while start and start - 1 not in fixed and listed[start - 1].key in parts:
            start -= 1
        while end < len(listed) and end not in fixed and listed[end].key in parts:
            end += 1
        longer = mention_of(listed, start, end, mention.meanings, exact=False)
        mentions = [
            longer if one is mention else one
            for one in mentions
            if one is mention or one.end <= start or one.start >= end
        ]
    return mentions


def _combined(
    lexicon: Lexicon, listed: tuple[Token, ...], mentions: list[Mention]
) -> list[Mention]:
    """Return the mentions, those joined that are a name without some of its words.

    "Airbus R&D center" is Airbus China R&D Center, not Airbus and a number of R&D centers.
    """
    for start in range(len(listed)):
        for end in range(min(len(listed), start + _LONGEST_PART), start + _SHORT_NAME, -1):
            span = listed[start:end]
            inside = [one for one in mentions if start <= one.start and one.end <= end]
            across = [one for one in mentions if one.start < end and one.end > start]
            if (
                len(across) > len(inside)
                or any(token.chinese for token in span)
                or any((one.start, one.end) == (start, end) for one in inside)
            ):
                continue
            if meanings := lexicon.name_with(token.key for token in span):
                joined = mention_of(listed, start, end, meanings, exact=False)
                rest = [joined, *(one for one in mentions if one not in inside)]
                return _combined(lexicon, listed, sorted(rest, key=lambda one: one.start))
    return mentions


def _is_common_word(lexicon: Lexicon, mention: Mention) -> bool:
    """Return whether a mention is one word of a longer name, in lower case in a name: "back"."""
    return (
        not mention.exact
        and len({*keys(mention.written)} - question_vocabulary().fillers) == 1
        and mention.written.isascii()
        and mention.written.islower()
        and all(
            one.kind is Kind.ENTITY
            and "Concept" not in one.classes
            for one in mention.meanings
        )
        and not {*_WORD.findall(mention.written)}.isdisjoint(lexicon.lower_case)
    )


def _has_year(lexicon: Lexicon, mention: Mention, years: Years) -> bool:
    """Return whether the year of a question distinguishes an entity by its name."""
    return (
        mention.end - mention.start >= _SHORT_NAME
        and years.first is not None
        and years.first == years.last
        and any(
            str(years.first) in keys(name)
            for one in mention.of(Kind.ENTITY)
            for name in lexicon.names_of(one.iri)
        )
    )


def _is_dated(listed: tuple[Token, ...], years: Years, mentions: list[Mention]) -> bool:
    """Return whether "from" is between a class and its only year: "articles from 2021"."""
    at = min(years.tokens) - 1
    return listed[at].key == "from" and any(
        one.end == at and one.of(Kind.CLASS) for one in mentions
    ) and listed[-1].key not in ("on", "onward", "onwards")


def _is_other_place(mention: Mention) -> bool:
    """Return whether a mention is a place of its own in a longer name: "Nanjing"."""
    return (
        not mention.exact
        and mention.end - mention.start <= (2 if is_chinese(mention.written) else 1)
        and not any(one.classes.isdisjoint(_CONTAIN_PLACES) for one in mention.meanings)
    )


def _is_many_sources(mention: Mention) -> bool:
    """Return whether a mention is a publisher of many sources, none of them distinguished."""
    return len(mention.meanings) > MOST_MEANINGS and are_sources(mention.meanings)


def _distinguished(lexicon: Lexicon, listed: tuple[Token, ...], mention: Mention) -> Mention:
    """Return a mention with those meanings whose names have most words of the question."""
    if len(mention.meanings) == 1:
        return mention
    asked = {token.key for token in listed} - question_vocabulary().fillers
    shared = {
        meaning: len(asked.intersection(chain(*map(keys, names))))
        for meaning in mention.meanings
        if (names := lexicon.names_of(meaning.iri))
    }
    most = max(shared.values(), default=0)
    return replace(
        mention, meanings=tuple(one for one in mention.meanings if shared.get(one, most) == most)
    )


def _specified(lexicon: Lexicon, text: str, mention: Mention) -> Mention:
    """Return a mention of a measure as the statistic asked for: "share" and "GDP"."""
    statistic = question_vocabulary().statistic_asked(text)
    if statistic is None or not mention.of(Kind.MEASURE):
        return mention
    meanings = (lexicon.of_statistic(one.iri, statistic) or one for one in mention.meanings)
    return replace(mention, meanings=tuple(meanings))


def _without_appositions(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without the names of classes that an entity of the question has."""
    classes = {
        name
        for mention in mentions
        for meaning in mention.of(Kind.ENTITY)
        for name in meaning.classes
    }
    # "Industry alliances" are alliances.
    heads = {one.start for one in mentions if one.of(Kind.CLASS) == one.meanings}
    return [
        mention
        for mention in mentions
        if mention.of(Kind.CLASS) != mention.meanings
        or not (
            (mention.end in heads and mention.written.isascii())
            or any(local_name(one.iri.value) in classes for one in mention.meanings)
        )
    ]


def _without_titles(
    lexicon: Lexicon, text: str, listed: tuple[Token, ...], mentions: list[Mention]
) -> list[Mention]:
    """Return the mentions without those that say what a source is about.

    "The Yicai report on Hefei" is a source; "according to the report, what has Hefei?" is not.
    """
    if not question_vocabulary().names_text(text):
        return mentions
    in_title: list[Mention] = []
    for source in (one for one in mentions if are_sources(one.meanings)):
        for other in (one for one in mentions if not are_sources(one.meanings)):
            first, last = sorted((source, other), key=lambda one: one.start)
            between = text[listed[first.end - 1].end : listed[last.start].start]
            words = set(keys(other.written)) - question_vocabulary().fillers
            titles = (name for one in source.meanings for name in lexicon.names_of(one.iri))
            if not _CLAUSE.search(between) and any(words <= {*keys(title)} for title in titles):
                in_title.append(other)
    return [one for one in mentions if one not in in_title]


def _counted(
    lexicon: Lexicon, text: str, listed: tuple[Token, ...], mentions: list[Mention]
) -> list[Mention]:
    """Return the measures that count what the question counts: "how many enterprises"."""
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
    named = [one for mention in mentions for one in mention.of(Kind.ENTITY)]
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
                        if one.kind is Kind.MEASURE
                        and (of_concept or lexicon.has_figure_of(one.iri, entities))
                    )
                    if measures:
                        return [mention_of(listed, first, last, measures, counts=True)]
    for mention in mentions if starts else ():
        for one in mention.of(Kind.ENTITY):
            if measures := lexicon.counting_measure(one.iri):
                return [mention_of(listed, mention.start, mention.end, measures, counts=True)]
    return []
