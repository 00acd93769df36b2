"""Index lookups of patterns: their known terms, and candidates for an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import is_respelled, normal
from g60kg.validation.delta.graph_overlay import View, object_of, subject_of
from g60kg.validation.delta.property_paths import Path, inverse
from g60kg.validation.delta.triple_patterns import Edge, Pattern, Slot

#: The terms of some variables, in an order defined elsewhere.
Row: TypeAlias = tuple[Term, ...]
#: A position in a pattern: a variable by its index in a row, a term, or None for any term.
Place: TypeAlias = int | NamedNode | BlankNode | None

#: Candidates read from each pattern before the pattern with the fewest is chosen.
_FIRST_LOOK: Final = 8


@dataclass(frozen=True, slots=True)
class EdgeLookup:
    """A pattern matched by one triple, looked up for rows of known terms.

    A variable whose index is past the end of the row is the unknown one.
    """

    subject: Place
    predicate: Place
    object: Place

    def holds(self, view: View, row: Row, *, exactly: bool) -> bool:
        """Whether a triple matches.

        Args:
            view: the graph.
            row: the known terms.
            exactly: whether to decide even where that is a scan of the graph, as for a number,
                which may be spelled differently; else the answer there is True.
        """
        subject, object_ = _term(self.subject, row), _term(self.object, row)
        if not exactly and subject is None and object_ is not None and is_respelled(object_):
            return True
        return view.holds(subject, _term(self.predicate, row), object_)

    def candidates(self, view: View, row: Row) -> Iterator[Term]:
        """Yield the candidates for the unknown variable, possibly with duplicates."""
        sought = len(row)
        subject, predicate, object_ = (
            _term(place, row) for place in (self.subject, self.predicate, self.object)
        )
        found = view.match(subject, predicate, object_)
        if self.subject == sought == self.object or self.predicate == sought:
            return self._twice(found, sought)
        if self.subject == sought:
            return (subject_of(triple) for triple in found)
        return (normal(object_of(triple)) for triple in found)

    def _twice(self, found: Iterator[Triple], sought: int) -> Iterator[Term]:
        """Yield the terms of a variable in one or several positions, where they are equal."""
        places = (self.subject, self.predicate, self.object)
        for triple in found:
            terms = (subject_of(triple), triple.predicate, normal(object_of(triple)))
            fits = {term for place, term in zip(places, terms, strict=True) if place == sought}
            if len(fits) == 1:
                yield fits.pop()

    def is_of_change(self, view: View, row: Row) -> bool:
        """Whether all candidates are the change's own."""
        return view.is_of_change(_term(self.subject, row), _term(self.object, row))

    def is_search(self, row: Row) -> bool:
        """Whether the lookup may be a scan, as for a number."""
        object_ = _term(self.object, row)
        return object_ is not None and is_respelled(object_)


@dataclass(frozen=True, slots=True)
class ReachLookup:
    """A pattern matched by a path, looked up for rows of known terms; one end may be unknown."""

    start: Place
    path: Path
    end: Place

    def holds(self, view: View, row: Row, *, exactly: bool) -> bool:  # noqa: ARG002
        """Whether a path matches; a path with an unknown end is assumed to."""
        start, end = _term(self.start, row), _term(self.end, row)
        return start is None or end is None or end in view.reach(self.path, start)

    def candidates(self, view: View, row: Row) -> frozenset[Term]:
        """Yield the candidates for the unknown end."""
        start, end = _term(self.start, row), _term(self.end, row)
        if start is not None:
            return view.reach(self.path, start)
        assert end is not None
        return view.reach(inverse(self.path), end)


Lookup: TypeAlias = EdgeLookup | ReachLookup


def lookup(pattern: Pattern, indexes: Mapping[str, int]) -> Lookup:
    """Return the pattern for rows in which the variables have those indexes."""

    def place(slot: Slot) -> Place:
        return indexes.get(slot) if isinstance(slot, str) else slot

    if isinstance(pattern, Edge):
        return EdgeLookup(place(pattern.subject), place(pattern.predicate), place(pattern.object))
    return ReachLookup(place(pattern.start), pattern.path, place(pattern.end))


def fewest(lookups: tuple[Lookup, ...], view: View, row: Row) -> tuple[Lookup, set[Term]]:
    """Return the candidates of the lookup that has the fewest, and that lookup.

    The lookups are iterated in parallel until one ends, so that large ones are never read
    completely.
    """
    edges = [one for one in lookups if isinstance(one, EdgeLookup)]
    quick = [edge for edge in edges if not edge.is_search(row)] or edges
    if not quick:
        return lookups[0], set(lookups[0].candidates(view, row))
    if len(quick) == 1:
        return quick[0], set(quick[0].candidates(view, row))
    for edge in quick:
        if edge.is_of_change(view, row):
            return edge, set(edge.candidates(view, row))
    found: dict[EdgeLookup, set[Term]] = {edge: set() for edge in quick}
    for edge, taken, is_all in side_by_side(quick, view, row):
        found[edge].update(taken)
        if is_all:
            return edge, found[edge]
    raise AssertionError("one of them ends")


def side_by_side(
    lookups: Iterable[EdgeLookup], view: View, row: Row
) -> Iterator[tuple[EdgeLookup, list[Term], bool]]:
    """Yield growing batches of candidates of each lookup in turn, with whether it has ended."""
    walks = [(one, one.candidates(view, row)) for one in lookups]
    look = _FIRST_LOOK
    while True:
        for one, walk in walks:
            taken = list(islice(walk, look))
            yield one, taken, len(taken) < look
        look *= 4


def _term(place: Place, row: Row) -> Term | None:
    if isinstance(place, int):
        return row[place] if place < len(row) else None
    return place
