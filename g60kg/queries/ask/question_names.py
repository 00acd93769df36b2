"""Names in a question by longest match, misspelt ones, and phrases outside of names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from g60kg.queries.ask.lexicon import Lexicon, Meaning, NameKind
from g60kg.queries.ask.question_tokens import Tokens, tokens
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.unknown_tokens import uncovered_runs

#: The most characters of a name before and behind one that is wrong.
_BESIDE: Final = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question.

    Attributes:
        start: the index of its first token.
        end: the index after its last token.
        written: its tokens as the question has them.
        exact: False for a part of a name, or a name with one other Chinese character;
            True for a name whose spelling was corrected.
        counts: whether its words name what is counted, and its meanings are measures of that.
    """

    start: int
    end: int
    written: str
    meanings: tuple[Meaning, ...]
    exact: bool = True
    counts: bool = False

    def of(self, kind: NameKind) -> tuple[Meaning, ...]:
        """Return the meanings of one kind."""
        return tuple(meaning for meaning in self.meanings if meaning.kind is kind)


def corrected_spelling(lexicon: Lexicon, text: str) -> str:
    """Return a text in which misspelt Chinese names are corrected.

    An unknown character is replaced by a character of a name that sounds like it.

    "杭洲" is 杭州; the city "宿州" is not 苏州.
    """
    if text.isascii():
        return text
    listed = tokens(text)
    taken = taken_by(longest_matches(lexicon, listed, set()))
    for start, end in uncovered_runs(lexicon, text, listed, taken):
        for at, first, last in product(
            range(start, end),
            range(max(0, start - _BESIDE), end),
            range(end + _BESIDE, start, -1),
        ):
            span = listed[first:last]
            if first <= at < last <= len(listed) and all(token.chinese for token in span):
                written = "".join(token.key for token in span)
                known = question_vocabulary().has_place_elsewhere(written)
                meant = None if known else lexicon.corrected_spelling(written, at - first)
                if meant and text[span[0].start : span[-1].end] == written:
                    return corrected_spelling(
                        lexicon, text[: span[0].start] + meant + text[span[-1].end :]
                    )
    return text


def rewritten(lexicon: Lexicon, text: str) -> str:
    """Return a text with the phrases of the question vocabulary replaced.

    A phrase that starts inside a longer name is kept: "area of" in "sown area of Wuhu". So is the
    name of a measure of which the question names an entity with a figure: "jobs".
    """

    def reading(found: re.Match[str]) -> str:
        listed = tuple(
            one._replace(key=synonyms.get(one.key, one.key)) for one in tokens(found.string)
        )
        names = list(longest_matches(lexicon, listed, set()))
        entities = [one.iri for name in names for one in name.of(NameKind.ENTITY)]
        for name in names:
            start, end = listed[name.start].start, listed[name.end - 1].end
            inside = start < found.start() < end or (start == found.start() and found.end() < end)
            measures = name.of(NameKind.MEASURE)
            if (inside and (measures or name.of(NameKind.ENTITY))) or (
                entities
                and (start, end) == found.span()
                and any(lexicon.has_figure_of(one.iri, entities) for one in measures)
            ):
                return found[0]
        return found.expand(meanings[found.re])

    meanings = question_vocabulary().phrases
    synonyms = question_vocabulary().synonyms
    for pattern in meanings:
        text = pattern.sub(reading, text)
    return text


def are_sources(meanings: Iterable[Meaning]) -> bool:
    """Return whether all meanings are sources."""
    return all(one.kind is NameKind.ENTITY and "Source" in one.classes for one in meanings)


def taken_by(mentions: Iterable[Mention]) -> set[int]:
    """Return the numbers of the tokens of mentions."""
    return {at for one in mentions for at in range(one.start, one.end)}


def longest_matches(lexicon: Lexicon, listed: Tokens, taken: set[int]) -> Iterator[Mention]:
    """Yield the names among tokens whose numbers are not in ``taken``, each as long as possible."""
    at = 0
    while at < len(listed):
        for length in range(lexicon.longest(listed[at].key), 0, -1):
            end = at + length
            if end > len(listed) or not taken.isdisjoint(range(at, end)):
                continue
            meanings = lexicon.meanings(tuple(token.key for token in listed[at:end]))
            # "The STAR Market" is not the market of The Star.
            if meanings and not (
                listed[at].key == "the"
                and any(
                    lexicon.meanings(tuple(token.key for token in listed[at + 1 : later]))
                    for later in range(end + 1, at + 2 + lexicon.longest(listed[at + 1].key))
                )
            ):
                yield mention_of(listed, at, end, meanings)
                at = end
                break
        else:
            at += 1


def mention_of(
    listed: Tokens, start: int, end: int, meanings: tuple[Meaning, ...], **more: bool
) -> Mention:
    """Return a mention of the tokens from ``start`` to ``end`` (exclusive).

    ``more`` has the further attributes of :class:`Mention`.
    """
    tight = all(token.chinese for token in listed[start:end])
    written = ("" if tight else " ").join(token.written for token in listed[start:end])
    return Mention(start, end, written, meanings, **more)
