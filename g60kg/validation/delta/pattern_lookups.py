"""Lookups of patterns in a graph, for rows of terms of which some are unknown."""

from __future__ import annotations

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
    """A pattern matched by one triple, looked up for rows of terms, some of them unknown.

    If it is unchanged, only triples that a change leaves in the graph match.
    """

    subject: int
    predicate: int
    object: int
    is_unchanged: bool

    def holds(self, view: View, row: Cells, *, exactly: bool) -> bool:
        """Whether a triple matches.

        A number may be spelled differently, so that only a scan of the graph decides: the answer is
        then True, unless ``exactly``.
        """
        subject, object_ = row[self.subject], row[self.object]
        if not exactly and subject is None and is_respelled(object_):
            return True
        view = view.unchanged if self.is_unchanged else view
        return view.holds(subject, row[self.predicate], object_)

    def candidates(self, view: View, row: Cells, sought: int) -> Iterable[Term]:
        """Return the candidates for an unknown variable, possibly with duplicates."""
        view = view.unchanged if self.is_unchanged else view
        subject, predicate = row[self.subject], row[self.predicate]
        object_ = row[self.object]
        if self.subject == sought == self.object or self.predicate == sought:
            return self._twice(view.match(subject, predicate, object_), sought)
        if self.subject == sought:
            return view.subjects(predicate, object_)
        return view.objects(subject, predicate)

    def _twice(self, found: Iterator[Triple], sought: int) -> Iterator[Term]:
        """Yield the terms of a variable in one or several positions, where they are equal."""
        places = (self.subject, self.predicate, self.object)
        for triple in found:
            terms = (subject_of(triple), triple.predicate, normal(object_of(triple)))
            fits = {term for place, term in zip(places, terms, strict=True) if place == sought}
            if len(fits) == 1:
                yield fits.pop()


@dataclass(frozen=True, slots=True)
class ReachLookup:
    """A pattern matched by a path, looked up for rows of known terms; one end may be unknown."""

    start: int
    path: Path
    end: int
    is_unchanged: bool

    def holds(self, view: View, row: Cells, *, exactly: bool) -> bool:  # noqa: ARG002
        """Whether a path matches; a path with an unknown end is assumed to."""
        view = view.unchanged if self.is_unchanged else view
        start, end = row[self.start], row[self.end]
        return start is None or end is None or end in view.reach(self.path, start)

    def candidates(self, view: View, row: Cells, sought: int) -> frozenset[Term]:  # noqa: ARG002
        """Return the candidates for the unknown end."""
        view = view.unchanged if self.is_unchanged else view
        start, end = row[self.start], row[self.end]
        if start is not None:
            return view.reach(self.path, start)
        assert end is not None
        return view.reach(inverse(self.path), end)


Lookup: TypeAlias = EdgeLookup | ReachLookup


def lookup(pattern: Pattern, indexes: Mapping[Slot, int], *, is_unchanged: bool) -> Lookup:
    """Return the pattern for rows with those indexes; another variable is any term."""
    places = (indexes.get(slot, indexes[None]) for slot in _ends(pattern))
    if isinstance(pattern, Edge):
        subject, predicate, object_ = places
        return EdgeLookup(subject, predicate, object_, is_unchanged)
    start, end = places
    return ReachLookup(start, pattern.path, end, is_unchanged)


def layout(
    names: Iterable[str], patterns: Iterable[Pattern]
) -> tuple[dict[Slot, int], tuple[NamedNode | BlankNode | None, ...]]:
    """Return the indexes of variables and terms in a row, and the part after the variables."""
    slots = (slot for pattern in patterns for slot in _ends(pattern))
    rest = (*dict.fromkeys(slot for slot in slots if isinstance(slot, NamedNode | BlankNode)), None)
    return {slot: index for index, slot in enumerate((*names, *rest))}, rest


def _ends(pattern: Pattern) -> tuple[Slot, ...]:
    if isinstance(pattern, Edge):
        return pattern.subject, pattern.predicate, pattern.object
    return pattern.start, pattern.end
