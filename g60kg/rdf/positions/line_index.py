"""Positions in a text, and the position of each triple and subject."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from g60kg.namespaces import PREFIXES

Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal

_BATCH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both from 1, in code points."""

    line: int
    column: int


def _no_offsets() -> array[int]:
    return array("q")


@dataclass(frozen=True, slots=True)
class Offsets:
    """Offsets of the subject and object of each quad, in the order of the parser.

    In code points from the start of the text. There may be fewer than there are quads.
    """

    subjects: array[int] = field(default_factory=_no_offsets)
    objects: array[int] = field(default_factory=_no_offsets)

    def add(self, subject: int, object_: int) -> None:
        """Append the offsets of the next quad."""
        self.subjects.append(subject)
        self.objects.append(object_)

    def first(self, count: int) -> Offsets:
        """Return the offsets of the first ``count`` quads."""
        return Offsets(self.subjects[:count], self.objects[:count])


class Places:
    """Looks up the position of a triple or a subject: the first one if there are several.

    Args:
        text: the text that the offsets are in.
        offsets: the offsets of the quads.
        quads: the quads, in the order of the offsets.
    """

    def __init__(self, text: str, offsets: Offsets, quads: Sequence[Quad]) -> None:
        self._text = text
        self._offsets = offsets
        self._quads = quads

    def nth(self, number: int) -> Place | None:
        """Return the position of a quad's object, by the quad's number in the parser's order."""
        known = 0 <= number < len(self._offsets.objects)
        return self._place(self._offsets.objects[number]) if known else None

    def of_triple(self, subject: Subject, predicate: NamedNode, object_: Term) -> Place | None:
        """Return the position of a triple's object, in any graph.

        A literal is also found in another spelling of its value, such as that of a store: 13.8
        for 13.80 in the text.
        """
        number = self._find(self._triples, Triple(subject, predicate, object_))
        if number is None and isinstance(object_, Literal) and _has_spellings(object_):
            (respelt,) = _canonical([(0, object_)]).values()
            number = self._respelt.get(hash(Triple(subject, predicate, respelt)))
        return None if number is None else self.nth(number)

    def of_subject(self, term: Subject) -> Place | None:
        """Return where the first statement about a node names it, or opens its bracket."""
        number = self._subjects.get(hash(term))
        if number is None or self._quads[number].subject != term:
            return None
        return self._place(self._offsets.subjects[number])

    def _find(self, index: dict[int, int], triple: Triple) -> int | None:
        number = index.get(hash(triple))
        return number if number is not None and self._quads[number].triple == triple else None

    # Numbers by hash, not by term: the quads already hold the terms.

    @cached_property
    def _triples(self) -> dict[int, int]:
        index: dict[int, int] = {}
        for number, quad in self._known():
            index.setdefault(hash(quad.triple), number)
        return index

    @cached_property
    def _subjects(self) -> dict[int, int]:
        index: dict[int, int] = {}
        offsets = self._offsets.subjects
        for number, quad in self._known():
            key = hash(quad.subject)
            if offsets[number] < offsets[index.setdefault(key, number)]:
                index[key] = number
        return index

    @cached_property
    def _respelt(self) -> dict[int, int]:
        """Index of the triples whose literal has several spellings, by the canonical one."""
        index: dict[int, int] = {}
        literals: list[tuple[int, Literal]] = []

        def enter() -> None:
            for number, literal in sorted(_canonical(literals).items(), key=lambda pair: pair[0]):
                quad = self._quads[number]
                index.setdefault(hash(Triple(quad.subject, quad.predicate, literal)), number)
            literals.clear()

        for number, quad in self._known():
            object_ = quad.object
            if isinstance(object_, Literal) and _has_spellings(object_):
                literals.append((number, object_))
                if len(literals) == _BATCH:
                    enter()
        enter()
        return index

    def _known(self) -> Iterable[tuple[int, Quad]]:
        return enumerate(islice(self._quads, len(self._offsets.objects)))

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)

    @cached_property
    def _lines(self) -> array[int]:
        """The offsets of line starts. A carriage return alone does not end a line."""
        starts = array("q", [0])
        end = self._text.find("\n")
        while end >= 0:
            starts.append(end + 1)
            end = self._text.find("\n", end + 1)
        return starts


def _has_spellings(literal: Literal) -> bool:
    datatype = literal.datatype.value
    return datatype.startswith(PREFIXES["xsd"]) and datatype != PREFIXES["xsd"] + "string"


def _canonical(literals: Sequence[tuple[int, Literal]]) -> dict[int, Literal]:
    """Return each literal in the store's spelling of its value, by number."""
    store = Store()
    about = NamedNode("urn:n:literal")
    store.extend(Quad(NamedNode(f"urn:n:{number}"), about, one) for number, one in literals)
    return {
        int(quad.subject.value.rpartition(":")[2]): quad.object
        for quad in store
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
