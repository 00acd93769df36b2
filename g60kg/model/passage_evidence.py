"""Passages: evidence whose words are not reproduced, as triples and as cells of a fact sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from g60kg import namespaces as ns
from g60kg.model.sources import source_name
from g60kg.model.text_normalization import DIGEST_PREFIX, NormalizedText, digest_of
from g60kg.namespaces import A

#: Minimum characters of a passage in its normal form: fewer can be guessed from the digest.
MIN_PASSAGE: Final = 12
#: Separates the passages of a cell.
SEPARATOR: Final = "|"
SPAN_PREFIX: Final = "sha256:"
#: Hexadecimal digits of the digest in the IRI.
_IRI_DIGITS: Final = 16
_CELL: Final = re.compile(
    r"norm-1:(?P<digest>[0-9a-f]{64}):(?P<length>\d{1,9})"
    r"(?:@(?P<start>\d{1,9})-(?P<end>\d{1,9}):(?P<span>[0-9a-f]{64}))?",
    re.ASCII,
)
#: Properties that identify the words of evidence and their position.
_IDENTIFYING: Final = frozenset(
    (ns.EXACT, ns.START, ns.END, ns.NORMALIZED_DIGEST, ns.NORMALIZED_LENGTH, ns.SPAN_DIGEST)
)


@dataclass(frozen=True, slots=True)
class PassagePosition:
    """A position in code points, end exclusive, and the hexadecimal SHA-256 of the words there."""

    start: int
    end: int
    span_digest: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article that support a statement, identified by the digest of their normal form.

    Attributes:
        digest: the SHA-256 of the words in norm-1.
        length: the number of code points of the words in norm-1.
        locator: where readers find it: ``paragraph 4, sentence 2``.
        place: its position; None if the text was not at hand.
    """

    source: NamedNode
    digest: str
    length: int
    locator: str
    place: PassagePosition | None = None

    @property
    def iri(self) -> NamedNode:
        """The IRI ``quote:<source>-n<start of the digest>``, one for the same words of a source."""
        name = source_name(self.source.value)
        return NamedNode(f"{ns.PREFIXES['quote']}{name}-n{self.digest[:_IRI_DIGITS]}")

    @property
    def selectors(self) -> tuple[NamedNode, ...]:
        """The IRI of the selector of its position; empty without a position."""
        if self.place is None:
            return ()
        return (NamedNode(f"{self.iri.value}-position-{self.place.start}"),)

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of the passage and its selector."""
        iri = self.iri
        yield Triple(iri, A, ns.PASSAGE)
        yield Triple(iri, ns.HAS_SOURCE, self.source)
        yield Triple(iri, ns.LOCATOR, Literal(self.locator))
        yield Triple(iri, ns.NORMALIZED_DIGEST, Literal(DIGEST_PREFIX + self.digest))
        yield Triple(iri, ns.NORMALIZED_LENGTH, Literal(self.length))
        if self.place is not None:
            (selector,) = self.selectors
            yield Triple(iri, ns.SPAN_DIGEST, Literal(SPAN_PREFIX + self.place.span_digest))
            yield Triple(iri, ns.HAS_SELECTOR, selector)
            yield Triple(selector, A, ns.TEXT_POSITION_SELECTOR)
            yield Triple(selector, ns.START, Literal(self.place.start))
            yield Triple(selector, ns.END, Literal(self.place.end))


@dataclass(frozen=True, slots=True)
class PassageCell:
    """A passage as a cell of a fact sheet, which can be compiled without the text of the source.

    The attributes are as in :class:`Passage`.

    >>> text = NormalizedText("A made-up sentence about a corridor.")
    >>> cell = PassageCell.at(text, 2, 18)
    >>> str(cell)[:20], PassageCell.parsed(str(cell)) == cell
    ('norm-1:33ce90a5756a1', True)
    """

    digest: str
    length: int
    place: PassagePosition | None = None

    @classmethod
    def parsed(cls, cell: str) -> PassageCell | None:
        """Return the passage of a cell; None for any other text."""
        match = _CELL.fullmatch(cell)
        if match is None:
            return None
        start, end, span = match["start"], match["end"], match["span"]
        place = None if span is None else PassagePosition(int(start), int(end), span)
        return cls(match["digest"], int(match["length"]), place)

    @classmethod
    def at(cls, text: NormalizedText, start: int, end: int) -> PassageCell | None:
        """Return the passage at offsets of a text, in code points, end exclusive.

        None if the offsets are not a span, as :meth:`NormalizedText.span` defines it.
        """
        span = text.span(start, end)
        if span is None:
            return None
        place = PassagePosition(
            span.start, span.end, digest_of(text.content[span.start : span.end])
        )
        return cls(digest_of(span.normal), len(span.normal), place)

    def __str__(self) -> str:
        cell = f"norm-1:{self.digest}:{self.length}"
        if self.place is None:
            return cell
        return f"{cell}@{self.place.start}-{self.place.end}:{self.place.span_digest}"


def span_digest(words: str) -> str:
    """Return the value of `spanDigest` for the exact words of a span, which begins ``sha256:``."""
    return SPAN_PREFIX + digest_of(words)


def fingerprint(triples: Iterable[Triple], text_digest: str) -> str:
    """Return 16 hexadecimal digits that identify the words and positions of evidence, and a text.

    The order of the triples does not matter.
    """
    identifying = {str(triple) for triple in triples if triple.predicate in _IDENTIFYING}
    return digest_of("\n".join([text_digest, *sorted(identifying)]))[:_IRI_DIGITS]
