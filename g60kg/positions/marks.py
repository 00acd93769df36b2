"""Places by marks: a text in which each value has a mark beside it shows which quad it gives.

A mark is an IRI that carries offsets, put into the text as one more value of the same property.
The parser then gives a quad for the value and, after it, one for its mark. Where the marked text
does not give the same quads as the text itself, marks apart, nothing is known. The types of a
JSON-LD object are given sorted, so a mark that comes before all of them stands for them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from g60kg.positions.places import NOWHERE, Offsets, Subject, Term

#: Elements or objects inside others, as many as are followed: the native parser has no bound.
DEEPEST: Final = 200

_MARK: Final = "x-g60kg-place:"
_AHEAD: Final = "A-g60kg-place:"  # which sorts before any other type, as good as always


def mark(value: int, subject: int) -> str:
    """The mark of a value, from where it is written and where its subject is.

    >>> mark(40, 2)
    'x-g60kg-place:40.2'
    """
    return f"{_MARK}{value}.{subject}"


def mark_ahead(value: int, subject: int) -> str:
    """The mark of types, which the parser gives before them."""
    return f"{_AHEAD}{value}.{subject}"


def free_of_marks(text: str) -> bool:
    """Whether a text has nothing that would be taken for a mark."""
    return _MARK not in text and _AHEAD not in text


def follow(marked: str, rdf_format: RdfFormat, quads: Sequence[Quad]) -> Offsets:
    """Where the quads of a text stand, by the same text with marks."""
    trail = _Trail(quads)
    # Up to an error, both texts give the same quads.
    with suppress(*PARSER_ERRORS):
        for quad in parse(marked, format=rdf_format):
            if not trail.take(quad):
                return Offsets()
    return trail.offsets


#: What the parser stops with: wrong syntax, text in no encoding, a token of many megabytes.
PARSER_ERRORS: Final = (SyntaxError, ValueError, MemoryError)

_Said = tuple[Subject, NamedNode]


class _Trail:
    """The quads passed so far, and those among them that wait for their mark."""

    def __init__(self, quads: Sequence[Quad]) -> None:
        self.offsets = Offsets()
        self._quads = quads
        self._labels: dict[BlankNode, BlankNode] = {}
        self._waiting: dict[_Said, list[int]] = {}
        self._ahead: tuple[_Said, tuple[int, int]] | None = None

    def take(self, quad: Quad) -> bool:
        """Takes the next quad of the marked text; False where the text itself does not have it."""
        said = (quad.subject, quad.predicate)
        if (found := _read(quad.object, _MARK)) is not None:
            if waiting := self._waiting.pop(said, None):
                self._place(waiting.pop(), found)
                if waiting:
                    self._waiting[said] = waiting
            return True
        if (found := _read(quad.object, _AHEAD)) is not None:
            self._ahead = (said, found)
            return True
        number = len(self.offsets.objects)
        if number == len(self._quads) or not self._same(quad, self._quads[number]):
            return False
        self.offsets.add(NOWHERE, NOWHERE)
        if self._ahead is not None and self._ahead[0] == said:
            self._place(number, self._ahead[1])
        else:
            self._ahead = None
            self._waiting.setdefault(said, []).append(number)
        return True

    def _place(self, number: int, found: tuple[int, int]) -> None:
        self.offsets.objects[number], self.offsets.subjects[number] = found

    def _same(self, marked: Quad, quad: Quad) -> bool:
        """Whether two quads say the same, each under its own labels of blank nodes."""
        pairs = zip(marked.triple, quad.triple, strict=True)
        return all(
            one == other
            or (
                isinstance(one, BlankNode)
                and isinstance(other, BlankNode)
                and self._labels.setdefault(one, other) == other
            )
            for one, other in pairs
        )


def _read(term: Term, scheme: str) -> tuple[int, int] | None:
    """The offsets that a mark carries: the value's and the subject's; None for another term."""
    if not isinstance(term, NamedNode | Literal) or not term.value.startswith(scheme):
        return None
    value, _, subject = term.value.removeprefix(scheme).partition(".")
    return int(value), int(subject)
