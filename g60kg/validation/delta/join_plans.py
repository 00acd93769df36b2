"""Join plans: index lookups of patterns, and the order in which they bind variables at low cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, islice
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from g60kg.namespaces import FACT_PREDICATE, A
from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import is_respelled, normal
from g60kg.validation.delta.graph_overlay import View, object_of, subject_of
from g60kg.validation.shape_structure.triple_patterns import (
    Edge,
    Path,
    Pattern,
    Repeat,
    Slot,
    Step,
    inverse,
)

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

    def candidates(self, view: View, row: Row) -> Iterable[Term]:
        """Return the candidates for the unknown variable, possibly with duplicates."""
        sought = len(row)
        subject, predicate = _term(self.subject, row), _term(self.predicate, row)
        object_ = _term(self.object, row)
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
        """Return the candidates for the unknown end."""
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
    if len(lookups) == 1:
        return lookups[0], set(lookups[0].candidates(view, row))
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
    walks = [(one, iter(one.candidates(view, row))) for one in lookups]
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


#: Costs of binding a variable: by a triple, by one of any predicate, by a choice of paths, by
#: a transitive path, and backwards by one, which from a place means all places in it; backwards by
#: a type or by the property of a Fact, it means all instances or all Facts.
_BY_EDGE: Final = 1
_BY_ANY_EDGE: Final = 2
_BY_PATH: Final = 2
_BY_REPEAT: Final = 4
_BACKWARDS: Final = 8
_OF_MANY: Final = (A, FACT_PREDICATE)


class Unconnected(Exception):
    """No chain of patterns connects the bound variables with a variable required."""


@dataclass(frozen=True, slots=True)
class Bind:
    """A step that binds one more variable.

    Attributes:
        sources: the lookups that bind it from known variables.
        constraints: all lookups that it must match, including the sources.
        kept: the indexes of the row, with it at the end, that are needed later.
        is_first: whether it is the first output variable of the plan.
    """

    sources: tuple[Lookup, ...]
    constraints: tuple[Lookup, ...]
    kept: tuple[int, ...]
    is_first: bool

    def rows(self, view: View, known: Iterable[Row], without: Set[Term]) -> Iterator[Row]:
        """Yield the rows that extend the known ones."""
        for row in known:
            used, found = fewest(self.sources, view, row)
            if self.is_first and without:
                found -= without
            others = [one for one in self.constraints if one is not used]
            if others:
                view.expect(found)
            for term in found:
                longer = (*row, term)
                for other in others:
                    if not other.holds(view, longer, exactly=False):
                        break
                else:
                    yield tuple([longer[index] for index in self.kept])


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan from rows of the ``given`` variables to rows of the ``output`` variables."""

    given: tuple[str, ...]
    checks: tuple[Lookup, ...]
    binds: tuple[Bind, ...]
    output: tuple[str, ...]
    places: tuple[int, ...]

    @classmethod
    def of(
        cls,
        patterns: Iterable[Pattern],
        given: Iterable[str],
        wanted: Iterable[str],
        output: tuple[str, ...],
    ) -> Plan:
        """Return a plan that binds the required variables with as few others as possible.

        Patterns that still have unbound variables are only tested, not enumerated: the result
        contains every match, and possibly more.
        """
        patterns = tuple(dict.fromkeys(patterns))
        known = start = tuple(dict.fromkeys(given))
        order = _order(patterns, set(start), set(wanted))
        fit = [
            [p for p in patterns if name in p.variables and _usable(p, {*start, *order[:index]})]
            for index, name in enumerate(order)
        ]
        binds: list[Bind] = []
        for index, name in enumerate(order):
            names = (*known, name)
            indexes = {variable: place for place, variable in enumerate(names)}
            found = {pattern: lookup(pattern, indexes) for pattern in fit[index]}
            later = {v for group in fit[index + 1 :] for p in group for v in p.variables}
            kept = tuple(v for v in names if v in later or v in output)
            binds.append(
                Bind(
                    tuple(one for p, one in found.items() if p.variables & set(known)),
                    tuple(found.values()),
                    tuple(indexes[v] for v in kept),
                    name == output[0],
                )
            )
            known = kept
        indexes = {variable: place for place, variable in enumerate(start)}
        return cls(
            start,
            tuple(lookup(p, indexes) for p in patterns if p.variables <= set(start)),
            tuple(binds),
            output,
            tuple(known.index(name) for name in output),
        )

    def rows(self, view: View, given: Iterable[Row], without: Set[Term] = frozenset()) -> set[Row]:
        """Return the output rows for the given rows, except those that begin with some terms."""
        if without and self.output[0] in self.given:
            first = self.given.index(self.output[0])
            given = (row for row in given if row[first] not in without)
        rows = {
            row
            for row in given
            if all(check.holds(view, row, exactly=True) for check in self.checks)
        }
        for bind in self.binds:
            rows = set(bind.rows(view, rows, without))
        return {tuple([row[place] for place in self.places]) for row in rows}


def _order(patterns: tuple[Pattern, ...], bound: set[str], wanted: set[str]) -> list[str]:
    """Return the variables to bind, in order, along the cheapest way to each required one."""
    order = sorted(_selective(patterns, bound))
    bound |= set(order)
    while wanted - bound:
        way = _cheapest_way(patterns, bound, wanted - bound)
        order += way
        bound |= set(way)
    return order


def _selective(patterns: tuple[Pattern, ...], bound: set[str]) -> set[str]:
    """Return objects of bound subjects with a condition of their own: it ends most rows early."""
    edges = [pattern for pattern in patterns if isinstance(pattern, Edge)]
    limited = {edge.subject for edge in edges if len(edge.variables) == 1} - bound
    return {
        edge.object
        for edge in edges
        if isinstance(edge.object, str)
        and edge.object in limited
        and edge.subject in bound
        and isinstance(edge.predicate, NamedNode)
    }


def _cheapest_way(patterns: tuple[Pattern, ...], bound: set[str], wanted: set[str]) -> list[str]:
    numbers = count()
    waiting: list[tuple[int, int, list[str], str | None]] = [(0, next(numbers), [], None)]
    done: set[str] = set()
    while waiting:
        cost, _, way, name = heappop(waiting)
        if name in wanted:
            return way
        if name in done:
            continue
        if name is not None:
            done.add(name)
        here = bound if name is None else {name}
        for pattern in patterns:
            for variable in sorted(pattern.variables - bound - done):
                if pattern.variables & here:
                    dearer = cost + _cost(pattern, variable)
                    heappush(waiting, (dearer, next(numbers), [*way, variable], variable))
    raise Unconnected


def _cost(pattern: Pattern, variable: str) -> int:
    if isinstance(pattern, Edge):
        if variable == pattern.subject and pattern.predicate in _OF_MANY:
            return _BACKWARDS
        return _BY_EDGE if isinstance(pattern.predicate, NamedNode) else _BY_ANY_EDGE
    if not _repeats(pattern.path):
        return _BY_PATH
    return _BACKWARDS if variable == pattern.start else _BY_REPEAT


def _repeats(path: Path) -> bool:
    match path:
        case Step():
            return False
        case Repeat(repeated, _, many):
            return many or _repeats(repeated)
        case _:
            return any(map(_repeats, path.parts))


def _usable(pattern: Pattern, bound: set[str]) -> bool:
    """Whether a pattern with one unbound variable restricts it by an index lookup."""
    if isinstance(pattern, Edge):
        return True
    return len(pattern.variables - bound) == 1 and None not in (pattern.start, pattern.end)
