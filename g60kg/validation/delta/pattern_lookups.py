"""Lookups of patterns in a graph, for rows of terms of which some are unknown.

The numbers in a lookup are indexes in a row: of a variable, a term, or None (any term).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import is_respelled, normal
from g60kg.validation.delta.graph_overlay import View, object_of, subject_of
from g60kg.validation.shape_structure.triple_patterns import Edge, Path, Pattern, Slot, inverse

#: The terms of some variables, in an order defined elsewhere.
Row: TypeAlias = tuple[Term, ...]
#: The terms of all variables of a plan, None for those that are unknown or no longer needed; then
#: the terms of the patterns, and None for any term. So a pattern needs only indexes.
Cells: TypeAlias = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class EdgeLookup:
    """Looks up, for a row, a pattern that one triple matches."""

    subject: int
    predicate: int
    object: int
    is_unchanged: bool

    def holds(self, view: View, row: Cells, *, exactly: bool) -> bool:
        """Whether a triple matches the pattern with the terms of a row.

        If the subject is unknown and the object may be spelled differently in the graph, only a
        scan can decide: without ``exactly``, the answer is then True.
        """
        subject, object_ = row[self.subject], row[self.object]
        if not exactly and subject is None and is_respelled(object_):
            return True
        view = view.unchanged if self.is_unchanged else view
        return view.holds(subject, row[self.predicate], object_)

    def candidates(self, view: View, row: Cells, sought: int) -> Iterable[Term]:
        """Return the terms that the variable at index ``sought`` can have, possibly repeated."""
        view = view.unchanged if self.is_unchanged else view
        subject, predicate = row[self.subject], row[self.predicate]
        object_ = row[self.object]
        if self.subject == sought == self.object or self.predicate == sought:
            return self._twice(view.match(subject, predicate, object_), sought)
        if self.subject == sought:
            return view.subjects(predicate, object_)
        return view.objects(subject, predicate)

    def _twice(self, found: Iterator[Triple], sought: int) -> Iterator[Term]:
        places = (self.subject, self.predicate, self.object)
        for triple in found:
            terms = (subject_of(triple), triple.predicate, normal(object_of(triple)))
            fits = {term for place, term in zip(places, terms, strict=True) if place == sought}
            if len(fits) == 1:
                yield fits.pop()


@dataclass(frozen=True, slots=True)
class ReachLookup:
    """The lookup of a pattern that a path matches, from ``start`` to ``end``.

    One of the two can be unknown in a row. If ``is_unchanged``, only triples that a change leaves
    in the graph match.
    """

    start: int
    path: Path
    end: int
    is_unchanged: bool

    def holds(self, view: View, row: Cells, *, exactly: bool) -> bool:  # noqa: ARG002
        """Whether the path leads from start to end in a row; True if one of them is unknown."""
        view = view.unchanged if self.is_unchanged else view
        start, end = row[self.start], row[self.end]
        return start is None or end is None or end in view.reach(self.path, start)

    def candidates(self, view: View, row: Cells, sought: int) -> frozenset[Term]:  # noqa: ARG002
        """Return the nodes that the path reaches from ``start``, or backwards from ``end``."""
        view = view.unchanged if self.is_unchanged else view
        start, end = row[self.start], row[self.end]
        if start is not None:
            return view.reach(self.path, start)
        assert end is not None
        return view.reach(inverse(self.path), end)


Lookup: TypeAlias = EdgeLookup | ReachLookup


def lookup(pattern: Pattern, indexes: Mapping[Slot, int], *, is_unchanged: bool) -> Lookup:
    """Return the lookup of a pattern; variables without an index match any term."""
    places = (indexes.get(slot, indexes[None]) for slot in _ends(pattern))
    if isinstance(pattern, Edge):
        subject, predicate, object_ = places
        return EdgeLookup(subject, predicate, object_, is_unchanged)
    start, end = places
    return ReachLookup(start, pattern.path, end, is_unchanged)


def layout(
    names: Iterable[str], patterns: Iterable[Pattern]
) -> tuple[dict[Slot, int], tuple[NamedNode | BlankNode | None, ...]]:
    """Return the index in a row of each variable and term of the patterns, and the terms' cells.

    These cells follow the variables; the last one is None, which means any term.
    """
    slots = (slot for pattern in patterns for slot in _ends(pattern))
    rest = (*dict.fromkeys(slot for slot in slots if isinstance(slot, NamedNode | BlankNode)), None)
    return {slot: index for index, slot in enumerate((*names, *rest))}, rest


def _ends(pattern: Pattern) -> tuple[Slot, ...]:
    if isinstance(pattern, Edge):
        return pattern.subject, pattern.predicate, pattern.object
    return pattern.start, pattern.end
