"""Joins of patterns by index lookups; each row binds the variable of fewest candidates.

A candidate is a term that a lookup finds for a variable. The variable with the fewest
differs from row to row: a place can have a hundred thousand Facts, and a source thirty.
So the order of a join is not fixed beforehand.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pyoxigraph import Triple

from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import is_respelled
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.pattern_lookups import Cells, EdgeLookup, Lookup, Row, layout, lookup
from g60kg.validation.shape_structure.triple_patterns import Edge, Path, Pattern, Repeat, Slot, Step

#: Efforts of a plan.
NONE: Final = 0
SOME: Final = 168  # three batches
ALL: Final = sys.maxsize

#: Candidates read from each lookup before the one with the fewest is chosen.
_FIRST_LOOK: Final = 8


class Unconnected(Exception):
    """Raised if no chain of patterns connects an output variable with a given one."""


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A lookup that can bind a variable, and other lookups that its candidates must match."""

    lookup: Lookup
    sought: int
    others: tuple[Lookup, ...]
    dropped: tuple[int, ...]

    def is_search(self, row: Cells) -> bool:
        """Whether the lookup can use no index: no subject, and an object of several spellings."""
        edge = self.lookup
        if not isinstance(edge, EdgeLookup) or row[edge.subject] is not None:
            return False
        return is_respelled(row[edge.object])

    def rows(self, view: View, row: Cells, found: Iterable[Term]) -> Iterator[Cells]:
        """Yield the row with each candidate of ``found`` that no other lookup excludes."""
        before, after = row[: self.sought], row[self.sought + 1 :]
        for term in found:
            longer = (*before, term, *after)
            for other in self.others:
                if not other.holds(view, longer, exactly=False):
                    break
            else:
                yield longer


@dataclass(frozen=True, slots=True, eq=False)
class _Check:
    """A lookup that binds no variable; it is exact if all variables of the pattern are given."""

    lookup: Lookup
    is_exact: bool

    def holds(self, view: View, row: Cells) -> bool:
        return self.lookup.holds(view, row, exactly=self.is_exact)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan to compute rows of the ``output`` variables from rows of the ``given`` variables.

    Attributes:
        patterns: the patterns that a match must have.
        effort: how many candidates are tried to verify that an output row has a match of all
            patterns: NONE, SOME, or ALL, with which every row has one.
        unchanged: the patterns that only triples unchanged by a change can match.
    """

    given: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    output: tuple[str, ...]
    effort: int
    unchanged: frozenset[Pattern]
    _names: tuple[str, ...] = field(compare=False)
    _rest: Cells = field(compare=False)
    _indexes: dict[Slot, int] = field(compare=False)
    _checks: tuple[_Check, ...] = field(compare=False)
    _unneeded: tuple[int, ...] = field(compare=False)
    _steps: dict[int, tuple[_Step, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls,
        patterns: Iterable[Pattern],
        given: Iterable[str],
        output: tuple[str, ...],
        effort: int = NONE,
        unchanged: frozenset[Pattern] = frozenset(),
    ) -> Plan:
        """Return a plan whose output rows include every match of all patterns.

        With less than all effort there can be further rows.

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
        indexes, rest = layout(names, patterns)
        checks = tuple(
            _Check(lookup(p, indexes, is_unchanged=p in unchanged), p.variables <= {*start})
            for p in patterns
            if p.variables.intersection(names) <= {*start}
        )
        later = (p.variables for p in patterns if not p.variables.intersection(names) <= {*start})
        needed = {*output}.union(*later)
        unneeded = tuple(indexes[name] for name in start if name not in needed)
        unknown = (None,) * (len(names) - len(start))
        known = (names, (*unknown, *rest), indexes, checks, unneeded)
        return cls(start, patterns, output, effort, unchanged, *known)

    def rows(self, view: View, given: Iterable[Row], without: Set[Term] = frozenset()) -> set[Row]:
        """Return the output rows for the given rows; none begins with a term of ``without``."""
        places = [self._names.index(name) for name in self.output]
        start = (1 << len(self.given)) - 1
        matching = (
            row
            for row in map(self._cells, given)
            if not (without and row[places[0]] in without)
            and all(check.holds(view, row) for check in self._checks)
        )
        found: set[Row] = set()
        # By the variables that are bound: rows that come to the same in two orders are one.
        waiting = {start: {_without(row, self._unneeded) for row in matching}}
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
                    view.prefetch(terms)
                longer = waiting.setdefault(bound | 1 << step.sought, set())
                for new in step.rows(view, row, terms):
                    longer.add(_without(new, step.dropped))
        return found

    def first_match(self, view: View, row: Row) -> Iterator[Triple] | None:
        """Return triples of a match of all patterns for a given row; None if there is no match.

        They can be incomplete: a pattern matched by a path has no triples, and with less than all
        effort the match may not be verified.
        """
        cells = self._cells(row)
        if not all(check.holds(view, cells) for check in self._checks):
            return None
        found = self._match(view, cells, (1 << len(self.given)) - 1, [self.effort])
        if found is None:
            return None
        terms = dict(zip(self._names, found, strict=False))
        edges = (pattern for pattern in self.patterns if isinstance(pattern, Edge))
        return (triple for edge in edges for triple in islice(view.match(*edge.bound(terms)), 1))

    def matches(self, view: View, row: Row) -> Iterator[dict[str, Term | None]]:
        """Yield the terms by variable for each match of a given row, possibly repeated.

        All patterns must have the same single variable besides the given ones.
        """
        cells = self._cells(row)
        (first, *_) = steps = self._next((1 << len(self.given)) - 1)
        assert {step.sought for step in steps} == {first.sought}
        for step, terms, _ in _batches(steps, view, cells):
            for found in step.rows(view, cells, terms):
                yield dict(zip(self._names, found, strict=False))

    def _cells(self, row: Row) -> Cells:
        return row + self._rest

    def _match(self, view: View, row: Cells, bound: int, budget: list[int]) -> Cells | None:
        """Return the row with a match, incomplete if the ``budget`` ends; None without a match."""
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
        known = self._steps.get(bound)
        if known is None:
            known = self._steps[bound] = tuple(self._possible(bound))
        return known

    def _lookup(self, pattern: Pattern) -> Lookup:
        return lookup(pattern, self._indexes, is_unchanged=pattern in self.unchanged)

    def _possible(self, bound: int) -> Iterator[_Step]:
        here = {name for index, name in enumerate(self._names) if bound >> index & 1}
        ranked: list[tuple[int, bool, bool, int, Pattern, str]] = []
        for number, pattern in enumerate(self.patterns):
            for name in pattern.variables & set(self._names) - here:
                rank = _rank(pattern, name, here)
                if rank is not None:
                    order = (pattern not in self.unchanged, name not in self.output, number)
                    ranked.append((rank, *order, pattern, name))
        connected = {name for rank, *_, name in ranked if rank != _ALONE}
        ranked = [one for one in ranked if one[-1] in connected]
        if any(one[0] < _LAST for one in ranked):
            ranked = [one for one in ranked if one[0] < _LAST]
        for *_, pattern, name in sorted(ranked, key=lambda one: one[:4]):
            open_ = set(self._names) - here - {name}
            later = (p.variables for p in self.patterns if not p.variables.isdisjoint(open_))
            needed = {*self.output}.union(*later)
            yield _Step(
                self._lookup(pattern),
                self._indexes[name],
                tuple(
                    self._lookup(p)
                    for p in sorted(self.patterns, key=lambda one: len(one.variables))
                    if p is not pattern and name in p.variables
                ),
                tuple(self._indexes[one] for one in here | {name} if one not in needed),
            )


#: The order in which lookups are tried: patterns with one unknown, short or forward paths, those
#: that hold for the variable alone, patterns with several unknowns, of which many can repeat one,
#: and backwards along a path of any length, which from a place means all places in it.
_FIRST, _PATH, _ALONE, _OPEN, _LAST = range(5)


def _rank(pattern: Pattern, name: str, bound: Set[str]) -> int | None:
    """Return the rank of a pattern for binding ``name``, lowest first; None if it cannot."""
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


def _batches(
    steps: tuple[_Step, ...], view: View, row: Cells
) -> Iterator[tuple[_Step, list[Term], bool]]:
    """Yield lookups with batches of candidates, and whether the batch is the last of its lookup.

    The lookups of :func:`_quick` are read in turn, until one has no further candidates. Candidates
    can repeat.
    """
    walks: Iterable[tuple[_Step, Iterator[Term]]] = (
        (step, iter(step.lookup.candidates(view, row, step.sought))) for step in _quick(steps, row)
    )
    look = _FIRST_LOOK
    while True:
        # Most end in the first batch: the lookups after one that ends are not begun.
        begun, taken = [], []
        for step, walk in walks:
            found = list(islice(walk, look))
            if len(found) < look:
                yield step, found, True
                return
            begun.append((step, walk))
            taken.append((step, found, False))
        yield from taken
        walks = begun
        look *= 4


def _quick(steps: tuple[_Step, ...], row: Cells) -> Iterator[_Step]:
    """Yield the lookups that can use an index; all lookups if none of them can."""
    found = False
    for step in steps:
        if not step.is_search(row):
            found = True
            yield step
    yield from () if found else steps


def _fewest(
    steps: tuple[_Step, ...], view: View, row: Cells, most: int = ALL
) -> tuple[_Step, set[Term], bool]:
    """Return the lookup with the fewest candidates, up to about ``most``, and True only if all."""
    if len(steps) == 1:
        alone = list(islice(steps[0].lookup.candidates(view, row, steps[0].sought), most))
        return steps[0], set(alone), len(alone) < most
    read: dict[_Step, list[Term]] = {}
    for step, found, is_all in _batches(steps, view, row):
        known = read.setdefault(step, [])
        known += found
        if is_all or len(known) >= most:
            return step, set(known), is_all
    raise AssertionError("one of them ends")


def _without(row: Cells, indexes: tuple[int, ...]) -> Cells:
    for index in indexes:
        row = (*row[:index], None, *row[index + 1 :])
    return row


def _connected(patterns: tuple[Pattern, ...], given: Iterable[str]) -> set[str]:
    found, size = set(given), -1
    while size != len(found):
        size = len(found)
        found.update(*(p.variables for p in patterns if not p.variables.isdisjoint(found)))
    return found


def _variables(patterns: tuple[Pattern, ...]) -> list[str]:
    return sorted(frozenset().union(*(pattern.variables for pattern in patterns)))


def _joining(patterns: tuple[Pattern, ...], ends: Collection[str]) -> list[str]:
    """Return the variables that a plan must bind: the ``ends``, and those between them.

    Left out is a variable whose patterns all have the same one other variable to bind.
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
