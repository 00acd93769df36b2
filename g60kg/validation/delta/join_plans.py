"""Joins of patterns by index lookups; each row binds next the variable with the fewest candidates.

Which variable that is differs from row to row: a place can have a hundred thousand Facts, and its
source thirty. So no order is fixed beforehand.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

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
#: The terms of all variables of a plan; None for those that are unknown, or no longer needed.
_Row: TypeAlias = tuple[Term | None, ...]
#: A position in a pattern: a variable by its index in a row, a term, or None for any term.
Place: TypeAlias = int | NamedNode | BlankNode | None

#: Candidates read from each pattern before the pattern with the fewest is chosen.
_FIRST_LOOK: Final = 8
#: Efforts of a plan.
NONE: Final = 0
SOME: Final = 256
ALL: Final = sys.maxsize


@dataclass(frozen=True, slots=True)
class EdgeLookup:
    """A pattern matched by one triple, looked up for rows of terms, some of them unknown."""

    subject: Place
    predicate: Place
    object: Place

    def holds(self, view: View, row: _Row, *, exactly: bool) -> bool:
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

    def candidates(self, view: View, row: _Row, sought: int) -> Iterable[Term]:
        """Return the candidates for an unknown variable, possibly with duplicates."""
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

    def is_search(self, row: _Row) -> bool:
        """Whether the lookup may be a scan, as for a number."""
        object_ = _term(self.object, row)
        return object_ is not None and is_respelled(object_)


@dataclass(frozen=True, slots=True)
class ReachLookup:
    """A pattern matched by a path, looked up for rows of known terms; one end may be unknown."""

    start: Place
    path: Path
    end: Place

    def holds(self, view: View, row: _Row, *, exactly: bool) -> bool:  # noqa: ARG002
        """Whether a path matches; a path with an unknown end is assumed to."""
        start, end = _term(self.start, row), _term(self.end, row)
        return start is None or end is None or end in view.reach(self.path, start)

    def candidates(self, view: View, row: _Row, sought: int) -> frozenset[Term]:  # noqa: ARG002
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


def side_by_side(
    lookups: Iterable[EdgeLookup], view: View, row: _Row, sought: int
) -> Iterator[tuple[EdgeLookup, list[Term], bool]]:
    """Yield growing batches of candidates of each lookup in turn, with whether it has ended."""
    walks = [(one, iter(one.candidates(view, row, sought))) for one in lookups]
    look = _FIRST_LOOK
    while True:
        for one, walk in walks:
            taken = list(islice(walk, look))
            yield one, taken, len(taken) < look
        look *= 4


def _term(place: Place, row: _Row) -> Term | None:
    return row[place] if isinstance(place, int) else place


class Unconnected(Exception):
    """No chain of patterns connects the bound variables with a variable required."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A lookup that can bind a variable next, and what its candidates must match.

    Attributes:
        sought: the index of the variable.
        others: the other patterns with the variable.
        kept: for each index of the row, whether a later step or the output needs it.
    """

    lookup: Lookup
    sought: int
    others: tuple[Lookup, ...]
    kept: tuple[bool, ...]

    def rows(self, view: View, row: _Row, found: Iterable[Term]) -> Iterator[_Row]:
        """Yield the rows that extend one by candidates that match."""
        before, after = row[: self.sought], row[self.sought + 1 :]
        for term in found:
            longer = (*before, term, *after)
            for other in self.others:
                if not other.holds(view, longer, exactly=False):
                    break
            else:
                yield longer


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan from rows of the ``given`` variables to rows of the ``output`` variables.

    Attributes:
        patterns: what holds together.
        effort: the number of candidates tried to show that no match of all patterns has the terms
            of an output row: NONE, SOME, or ALL to have no other row.
    """

    given: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    output: tuple[str, ...]
    effort: int
    _names: tuple[str, ...] = field(compare=False)
    _checks: tuple[tuple[Lookup, bool], ...] = field(compare=False)
    _steps: dict[int, tuple[_Step, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls,
        patterns: Iterable[Pattern],
        given: Iterable[str],
        output: tuple[str, ...],
        effort: int = NONE,
    ) -> Plan:
        """Return a plan whose rows contain every match, and with less than all effort maybe more.

        Raises:
            Unconnected: an output variable has no connection with those given.
        """
        patterns = tuple(dict.fromkeys(patterns))
        start = tuple(dict.fromkeys(given))
        if not set(output) <= _connected(patterns, start):
            raise Unconnected
        ends = tuple(dict.fromkeys((*start, *output)))
        between = _variables(patterns) if effort == ALL else _joining(patterns, ends)
        names = tuple(dict.fromkeys((*ends, *between)))
        indexes = {name: index for index, name in enumerate(names)}
        checks = (
            (lookup(p, indexes), p.variables <= {*start})
            for p in patterns
            if p.variables.intersection(names) <= {*start}
        )
        return cls(start, patterns, output, effort, names, tuple(checks))

    def rows(self, view: View, given: Iterable[Row], without: Set[Term] = frozenset()) -> set[Row]:
        """Return the output rows for the given rows, except those that begin with some terms."""
        places = [self._names.index(name) for name in self.output]
        unknown = (None,) * (len(self._names) - len(self.given))
        start = (1 << len(self.given)) - 1
        rows: set[_Row] = {
            (*row, *unknown)
            for row in given
            if not (without and places[0] < len(row) and row[places[0]] in without)
            if all(check.holds(view, row, exactly=exactly) for check, exactly in self._checks)
        }
        found: set[Row] = set()
        # By the variables that are bound: rows that come to the same in two orders are one.
        waiting = {start: rows}
        while waiting:
            bound = min(waiting, key=int.bit_count)
            rows = waiting.pop(bound)
            if all(bound >> place & 1 for place in places):
                found |= {
                    tuple([row[place] for place in places])  # type: ignore[misc]
                    for row in rows
                    if not self.effort or self._match(view, row, bound, [self.effort]) is not None
                }
                continue
            steps = self._next(bound)
            for row in rows:
                step, terms, _ = _fewest(steps, view, row)
                if step.sought == places[0] and without:
                    terms -= without
                if step.others:
                    view.expect(terms)
                longer = waiting.setdefault(bound | 1 << step.sought, set())
                for new in step.rows(view, row, terms):
                    longer.add(
                        tuple([t if keep else None for t, keep in zip(new, step.kept, strict=True)])
                    )
        return found

    def first_match(self, view: View, row: Row) -> Iterator[Triple] | None:
        """Return triples of a match for a given row, if one was found; None if none exists."""
        if not all(check.holds(view, row, exactly=exactly) for check, exactly in self._checks):
            return None
        unknown = (None,) * (len(self._names) - len(self.given))
        found = self._match(view, (*row, *unknown), (1 << len(self.given)) - 1, [self.effort])
        if found is None:
            return None
        terms = dict(zip(self._names, found, strict=True))
        edges = (pattern for pattern in self.patterns if isinstance(pattern, Edge))
        return (triple for edge in edges for triple in islice(view.match(*edge.bound(terms)), 1))

    def _match(self, view: View, row: _Row, bound: int, budget: list[int]) -> _Row | None:
        """Return the row of a match of all patterns, or, where the budget ends, a part of one."""
        steps = self._next(bound)
        if not steps:
            return row
        step, terms, is_all = _fewest(steps, view, row, self.effort)

        def tried() -> Iterator[Term]:
            for term in terms:
                budget[0] -= 1
                if budget[0] < 0:
                    return
                yield term

        longer = bound | 1 << step.sought
        for new in step.rows(view, row, tried()):
            if (found := self._match(view, new, longer, budget)) is not None:
                return found
        return None if is_all and budget[0] >= 0 else row

    def _next(self, bound: int) -> tuple[_Step, ...]:
        """Return the lookups that can bind a further variable, those preferred first."""
        known = self._steps.get(bound)
        if known is None:
            known = self._steps[bound] = tuple(self._possible(bound))
        return known

    def _possible(self, bound: int) -> Iterator[_Step]:
        indexes = {name: index for index, name in enumerate(self._names)}
        here = {name for name, index in indexes.items() if bound >> index & 1}
        ranked: list[tuple[int, bool, int, Pattern, str]] = []
        for number, pattern in enumerate(self.patterns):
            for name in pattern.variables & set(self._names) - here:
                rank = _rank(pattern, name, here)
                if rank is not None:
                    ranked.append((rank, name not in self.output, number, pattern, name))
        connected = {name for rank, *_, name in ranked if rank != _ALONE}
        ranked = [one for one in ranked if one[-1] in connected]
        if any(one[0] < _LAST for one in ranked):
            ranked = [one for one in ranked if one[0] < _LAST]
        for *_, pattern, name in sorted(ranked, key=lambda one: one[:3]):
            open_ = set(self._names) - here - {name}
            later = (p.variables for p in self.patterns if not p.variables.isdisjoint(open_))
            needed = {*self.output}.union(*later)
            yield _Step(
                lookup(pattern, indexes),
                indexes[name],
                tuple(
                    lookup(p, indexes)
                    for p in sorted(self.patterns, key=lambda one: len(one.variables))
                    if p is not pattern and name in p.variables
                ),
                tuple(one in needed for one in self._names),
            )


#: The order in which lookups are tried: patterns with one unknown, short or forward paths, patterns
#: with several unknowns, those that hold for the variable alone, and backwards along a path of any
#: length, which from a place means all places in it.
_FIRST, _PATH, _OPEN, _ALONE, _LAST = range(5)


def _rank(pattern: Pattern, name: str, bound: Set[str]) -> int | None:
    """Return the rank of a pattern that can bind a variable, or None if it cannot."""
    if isinstance(pattern, Edge):
        if pattern.variables == {name}:
            return _ALONE
        if not pattern.variables & bound:
            return None
        return _OPEN if pattern.variables - bound - {name} else _FIRST
    if not pattern.variables - {name} <= bound or None in (pattern.start, pattern.end):
        return None
    if pattern.variables == {name}:
        return None
    is_backwards = name == pattern.start and _repeats(pattern.path)
    return _LAST if is_backwards else _PATH


def _fewest(
    steps: tuple[_Step, ...], view: View, row: _Row, most: int = ALL
) -> tuple[_Step, set[Term], bool]:
    """Return the step with the fewest candidates, these, and whether they are all.

    The lookups are read in parallel until one ends, so that large ones are never read completely.

    Args:
        most: the number of candidates to read of each.
    """
    quick = [one for one in steps if not _is_search(one.lookup, row)] or steps
    walks: list[tuple[_Step, Iterator[Term], set[Term]]] = []
    look = _FIRST_LOOK if len(quick) > 1 else most
    for step in quick:
        walk = iter(step.lookup.candidates(view, row, step.sought))
        taken = list(islice(walk, look))
        if len(taken) < look:
            return step, set(taken), True
        walks.append((step, walk, set(taken)))
    read = look
    while read < most:
        look = min(4 * look, most - read)
        read += look
        for step, walk, found in walks:
            taken = list(islice(walk, look))
            found.update(taken)
            if len(taken) < look:
                return step, found, True
    step, _, found = walks[0]
    return step, found, False


def _is_search(lookup: Lookup, row: _Row) -> bool:
    return isinstance(lookup, EdgeLookup) and lookup.is_search(row)


def _connected(patterns: tuple[Pattern, ...], given: Iterable[str]) -> set[str]:
    """Return the variables that chains of patterns connect with those given."""
    found, size = set(given), -1
    while size != len(found):
        size = len(found)
        found.update(*(p.variables for p in patterns if not p.variables.isdisjoint(found)))
    return found


def _variables(patterns: tuple[Pattern, ...]) -> list[str]:
    return sorted(frozenset().union(*(pattern.variables for pattern in patterns)))


def _joining(patterns: tuple[Pattern, ...], ends: Collection[str]) -> list[str]:
    """Return the variables that are required, or that join others, or have a pattern of their own.

    Another one is at the end of a chain, of which the first pattern is tested.
    """
    names = _variables(patterns)
    size = -1
    while size != len(names):
        size = len(names)
        for name in [name for name in names if name not in ends]:
            beside = [p.variables.intersection(names) for p in patterns if name in p.variables]
            if {name} not in beside and len(frozenset().union(*beside)) <= 2:
                names.remove(name)
    return names


def _repeats(path: Path) -> bool:
    match path:
        case Step():
            return False
        case Repeat(repeated, _, many):
            return many or _repeats(repeated)
        case _:
            return any(map(_repeats, path.parts))
