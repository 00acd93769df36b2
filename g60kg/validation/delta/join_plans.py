"""Join plans: how to bind variables of a few patterns from others at low cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Final

from pyoxigraph import NamedNode

from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.pattern_lookups import Lookup, Row, fewest, lookup
from g60kg.validation.delta.property_paths import Path, Repeat, Step
from g60kg.validation.delta.triple_patterns import Edge, Pattern

#: Costs of binding a variable: by a triple, by one of any predicate, by a choice of paths, by
#: a transitive path, and backwards by one, which from a place means all places in it.
_BY_EDGE: Final = 1
_BY_ANY_EDGE: Final = 2
_BY_PATH: Final = 2
_BY_REPEAT: Final = 4
_BACKWARDS: Final = 8


class Unconnected(Exception):
    """No chain of patterns connects the bound variables with a variable required."""


@dataclass(frozen=True, slots=True)
class Bind:
    """A step that binds one more variable.

    Attributes:
        sources: the lookups that bind it from known variables.
        constraints: all lookups that it must match, including the sources.
        kept: the indexes of the row, with it at the end, that are needed later.
    """

    sources: tuple[Lookup, ...]
    constraints: tuple[Lookup, ...]
    kept: tuple[int, ...]

    def rows(self, view: View, known: Iterable[Row]) -> Iterator[Row]:
        """Return the rows that extend the known ones."""
        for row in known:
            used, found = fewest(self.sources, view, row)
            others = [one for one in self.constraints if one is not used]
            for term in found:
                longer = (*row, term)
                if all(other.holds(view, longer, exactly=False) for other in others):
                    yield tuple(longer[index] for index in self.kept)


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

    def rows(self, view: View, given: Iterable[Row]) -> set[Row]:
        """Return the output rows for the given rows in a view."""
        rows = {
            row
            for row in given
            if all(check.holds(view, row, exactly=True) for check in self.checks)
        }
        for bind in self.binds:
            rows = set(bind.rows(view, rows))
        return {tuple(row[place] for place in self.places) for row in rows}


def _order(patterns: tuple[Pattern, ...], bound: set[str], wanted: set[str]) -> list[str]:
    """Return the variables to bind, in order, along the cheapest way to each required one."""
    order: list[str] = []
    while wanted - bound:
        way = _cheapest_way(patterns, bound, wanted - bound)
        order += way
        bound |= set(way)
    return order


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
