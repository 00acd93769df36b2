"""Mentions in a question: names by longest match, years, counted nouns, and unknown words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.lexicon import Kind, Lexicon, Meaning
from g60kg.queries.ask.question_tokens import Token, keys, normalized, tokens
from g60kg.queries.ask.question_vocabulary import question_vocabulary

_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")
#: A word with a typing error has at least this many letters; a longer one may have two errors.
_TYPED: Final = 5
_LONG: Final = 8
_SHORT_FORM: Final = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question.

    Attributes:
        start, end: its tokens.
        written: as the question has it.
        meanings: what it can mean.
        exact: False for a short form or a typing error.
        counts: whether it is the measure that counts another mention.
    """

    start: int
    end: int
    written: str
    meanings: tuple[Meaning, ...]
    exact: bool = True
    counts: bool = False

    def of(self, kind: Kind) -> tuple[Meaning, ...]:
        """Return the meanings of one kind."""
        return tuple(meaning for meaning in self.meanings if meaning.kind is kind)


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a question; a bound that is not given is None."""

    first: int | None
    last: int | None
    tokens: frozenset[int]


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question with what was found in it.

    Attributes:
        text: the question with characters of one width.
        tokens: its tokens, typing errors corrected.
        mentions: in the order of the question, without overlaps, except those that count.
        unknown: the words that neither a name nor a header has, as written.
        known: how many other words with a meaning it has.
    """

    text: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    years: Years | None
    unknown: tuple[str, ...]
    known: int
    corrected: bool

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
    text = normalized(question)
    listed, corrected = _corrected(lexicon, tokens(text))
    years = _years(text, listed)
    taken = set(years.tokens if years else ())
    mentions = list(_longest_matches(lexicon, listed, taken))
    for mention in mentions:
        taken.update(range(mention.start, mention.end))
    mentions += _short_forms(lexicon, text, listed, taken)
    mentions.sort(key=lambda one: one.start)
    mentions = [
        _specified(lexicon, text, _distinguished(lexicon, listed, one))
        for one in _without_appositions(mentions)
    ]
    mentions += _counted(lexicon, text, listed)
    unknown, known = _remaining(lexicon, text, listed, taken, len(mentions) + (years is not None))
    return ReadQuestion(text, listed, tuple(mentions), years, unknown, known, corrected)


def _corrected(lexicon: Lexicon, listed: tuple[Token, ...]) -> tuple[tuple[Token, ...], bool]:
    """Return the tokens with typing errors corrected, by a word of a name or a header."""
    words = question_vocabulary()
    fixed: list[Token] = []
    choices: list[str] | None = None
    for token in listed:
        key = words.synonyms.get(token.key, token.key)
        known = key in lexicon.name_parts or key in lexicon.vocabulary or key in words.known
        if not known and len(token.key) >= _TYPED and not is_chinese(token.key):
            # Imported here: only an unknown word needs it.
            from rapidfuzz import process
            from rapidfuzz.distance import OSA

            if choices is None:
                english = (word for word in lexicon.vocabulary if not is_chinese(word))
                every = {*lexicon.name_parts, *english, *words.known, *words.synonyms}
                choices = sorted(word for word in every if len(word) >= _TYPED - 1)
            errors = 2 if len(token.key) >= _LONG else 1
            best = process.extractOne(token.key, choices, scorer=OSA.distance, score_cutoff=errors)
            # Another word without meaning is rather a word that is not known: "mayor", "major".
            if best is not None and (
                best[0] not in words.known
                or len(best[0]) != len(token.key)
                or sorted(best[0]) == sorted(token.key)
            ):
                key = words.synonyms.get(best[0], best[0])
        fixed.append(token._replace(key=key))
    return tuple(fixed), any(
        new.key != words.synonyms.get(old.key, old.key)
        for new, old in zip(fixed, listed, strict=True)
    )


def _years(text: str, listed: tuple[Token, ...]) -> Years | None:
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    at = frozenset(i for i, t in enumerate(listed) for year in found if t.start == year.start())
    numbers = sorted(int(year[0]) for year in found)
    if len(found) > 1:
        return Years(numbers[0], numbers[-1], at)
    only, year = found[0], numbers[0]
    before = text[: only.start()].rstrip().casefold()
    behind = text[only.end() :].lstrip().removeprefix("年").casefold()

    def beside(sign: str) -> bool:
        """Whether a sign stands before the year, or for Chinese behind it."""
        words = question_vocabulary().content[sign]
        return any(
            behind.startswith(word)
            or (word in ("自", "到", "至", "截至") and before.endswith(word))
            if is_chinese(word)
            else re.search(rf"\b{word}$", before)
            for word in words
        )

    # "after" before "since": 2018年以后 starts as 2018年以… does.
    if beside("after"):
        return Years(year + 1, None, at)
    if beside("before"):
        return Years(None, year - 1, at)
    if beside("since"):
        return Years(year, None, at)
    if beside("until"):
        return Years(None, year, at)
    return Years(year, year, at)


def _longest_matches(
    lexicon: Lexicon, listed: tuple[Token, ...], taken: set[int]
) -> Iterator[Mention]:
    at = 0
    while at < len(listed):
        for length in range(lexicon.longest(listed[at].key), 0, -1):
            end = at + length
            if end > len(listed) or not taken.isdisjoint(range(at, end)):
                continue
            meanings = lexicon.meanings(tuple(token.key for token in listed[at:end]))
            if meanings:
                yield _mention(listed, at, end, meanings)
                at = end
                break
        else:
            at += 1


def _mention(
    listed: tuple[Token, ...], start: int, end: int, meanings: tuple[Meaning, ...], **more: bool
) -> Mention:
    tight = all(token.chinese for token in listed[start:end])
    written = ("" if tight else " ").join(token.written for token in listed[start:end])
    return Mention(start, end, written, meanings, **more)


def _short_forms(
    lexicon: Lexicon, text: str, listed: tuple[Token, ...], taken: set[int]
) -> list[Mention]:
    """Return mentions by a part of a name, or with one wrong Chinese character; take them."""
    words = question_vocabulary()
    found: list[Mention] = []
    for at, token in enumerate(listed):
        if at in taken or token.chinese or len(token.key) < _SHORT_FORM:
            continue
        if token.key in words.known or token.key in lexicon.vocabulary:
            continue
        meanings = lexicon.short_form(token.key)
        if not meanings:
            continue
        before = found[-1] if found and found[-1].end == at else None
        both = tuple(one for one in meanings if before and one in before.meanings)
        if before and both:
            found[-1] = _mention(listed, before.start, at + 1, both, exact=False)
        else:
            found.append(_mention(listed, at, at + 1, meanings, exact=False))
        taken.add(at)
    for start, end in _uncovered(lexicon, text, listed, taken):
        for first in range(start, end):
            if first in taken:
                continue
            # A name can go on with characters that are a word elsewhere.
            longest = next(
                (at for at in range(first, len(listed)) if at in taken or not listed[at].chinese),
                len(listed),
            )
            for last in range(longest, first + 1, -1):
                part = "".join(token.key for token in listed[first:last])
                meanings = lexicon.chinese_short_form(part)
                if not meanings and last - first >= _SHORT_FORM:
                    meanings = lexicon.one_character_off(part)
                if meanings:
                    found.append(_mention(listed, first, last, meanings, exact=False))
                    taken.update(range(first, last))
                    break
    return found


def _uncovered(
    lexicon: Lexicon, text: str, listed: tuple[Token, ...], taken: set[int]
) -> list[tuple[int, int]]:
    """Return the runs of Chinese characters that no name, header or filler covers."""
    covered = set(taken)
    for start, end in question_vocabulary().known_chinese(text):
        covered.update(at for at, t in enumerate(listed) if start <= t.start < end)
    covered.update(at for at, t in enumerate(listed) if t.chinese and t.key in lexicon.vocabulary)
    for at in range(len(listed) - 1):
        pair = listed[at].key + listed[at + 1].key
        if listed[at].end == listed[at + 1].start and pair in lexicon.vocabulary:
            covered.update((at, at + 1))
    runs: list[tuple[int, int]] = []
    for at, token in enumerate(listed):
        if at not in covered and token.chinese:
            if runs and runs[-1][1] == at and listed[at - 1].end == token.start:
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
    return runs


def _distinguished(lexicon: Lexicon, listed: tuple[Token, ...], mention: Mention) -> Mention:
    """Return a mention with those meanings whose names have most words of the question."""
    if len(mention.meanings) == 1:
        return mention
    asked = {token.key for token in listed}
    shared = {
        meaning: max(len(asked.intersection(keys(name))) for name in names)
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
    """Return the mentions without class names that repeat the class of a neighbour."""
    kept: list[Mention] = []
    for at, mention in enumerate(mentions):
        classes = mention.of(Kind.CLASS)
        beside = [
            other
            for other in (mentions[at - 1 : at] + mentions[at + 1 : at + 2])
            if other.end == mention.start or mention.end == other.start
        ]
        repeats = len(classes) == len(mention.meanings) and any(
            is_one.iri.value.rpartition("/")[2] in meaning.classes
            for is_one in classes
            for other in beside
            for meaning in other.of(Kind.ENTITY)
        )
        if not repeats:
            kept.append(mention)
    return kept


def _counted(lexicon: Lexicon, text: str, listed: tuple[Token, ...]) -> list[Mention]:
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
    forms = content["count_names"]
    if not starts and any(sign in text for sign in content["how_many_zh"]):
        starts, forms = list(range(len(listed))), content["count_names_zh"]
    for start in starts:
        for first in range(start, len(listed)):
            for last in range(min(len(listed), first + 6), first, -1):
                noun = ("" if listed[first].chinese else " ").join(words_of[first:last])
                for form in forms:
                    meanings = lexicon.meanings(words.compared(form.format(noun)))
                    measures = tuple(one for one in meanings if one.kind is Kind.MEASURE)
                    if measures:
                        return [_mention(listed, first, last, measures, counts=True)]
    return []


def _remaining(
    lexicon: Lexicon, text: str, listed: tuple[Token, ...], taken: set[int], names: int
) -> tuple[tuple[str, ...], int]:
    """Return the unknown words as written, and the number of names and known words."""
    words = question_vocabulary()
    unknown: list[str] = []
    known = names
    for at, token in enumerate(listed):
        if at in taken or token.chinese or token.key in words.fillers:
            continue
        if token.key in lexicon.vocabulary or token.key.isdecimal():
            # "who" alone says nothing.
            known += not any(token.key in asking for asking in words.asks.values())
        elif token.key not in words.known:
            unknown.append(token.written)
    for start, end in _uncovered(lexicon, text, listed, taken):
        unknown.append("".join(token.written for token in listed[start:end]))
    if any(listed[at].chinese and at not in taken for at in range(len(listed))):
        known += not lexicon.vocabulary.isdisjoint(words.features(text))
    return tuple(unknown), known
