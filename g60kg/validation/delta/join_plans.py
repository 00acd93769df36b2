"""How to get from some bound variables of a few patterns to others, in an order that is cheap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Final

from pyoxigraph import NamedNode

from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.pattern_lookups import (
    Lookup,
    Row,
    fewest,
    lookup,
)
from g60kg.validation.delta.property_paths import Path, Repeat, Step
from g60kg.validation.delta.triple_patterns import Edge, Pattern

#: What it costs to bind a variable: by a triple, by one of any predicate, by a choice of paths, by
#: walking on and on, and that backwards, which from a place means everything that lies in it.
_BY_EDGE: Final = 1
_BY_ANY_EDGE: Final = 2
_BY_PATH: Final = 2
_BY_REPEAT: Final = 4
_BACKWARDS: Final = 8


class Unconnected(Exception):
    """No chain of patterns leads from the variables that are bound to one that is wanted."""


@dataclass(frozen=True, slots=True)
class Bind:
    """One variable more.

    Attributes:
        sources: the lookups that lead to it from what is known.
        constraints: all lookups that it must fit, the sources among them.
        kept: what of a row with it at the end is needed later, by index.
    """

    sources: tuple[Lookup, ...]
    constraints: tuple[Lookup, ...]
    kept: tuple[int, ...]

    def rows(self, view: View, known: Iterable[Row]) -> Iterator[Row]:
        """The rows that come of the known ones."""
        for row in known:
            used, found = fewest(self.sources, view, row)
            others = [one for one in self.constraints if one is not used]
            for term in found:
                longer = (*row, term)
                if all(other.holds(view, longer, exactly=False) for other in others):
                    yield tuple(longer[index] for index in self.kept)


@dataclass(frozen=True, slots=True)
class Plan:
    """The way from rows of the ``given`` variables to rows of the ``output`` variables."""

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
        """A plan that binds the wanted variables, by way of as few others as it can.

        Patterns that then still have unbound variables are only asked for, never walked: what
        comes out is all that fits, and may be more.

        Raises:
            Unconnected: the patterns do not lead to a wanted variable.
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
        """The rows of the output that the given rows lead to in a view."""
        rows = {
            row
            for row in given
            if all(check.holds(view, row, exactly=True) for check in self.checks)
        }
        for bind in self.binds:
            rows = set(bind.rows(view, rows))
        return {tuple(row[place] for place in self.places) for row in rows}


def _order(patterns: tuple[Pattern, ...], bound: set[str], wanted: set[str]) -> list[str]:
    """The variables to bind, those on the cheapest way to each wanted one before it."""
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
    """Whether a pattern with one unbound variable says anything of it that can be looked up."""
    if isinstance(pattern, Edge):
        return True
    return len(pattern.variables - bound) == 1 and None not in (pattern.start, pattern.end)
