"""How to get from some bound variables of a few patterns to others, in an order that is cheap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, islice
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from g60kg.stores.base import Term
from g60kg.validation.delta.paths import Path, Repeat, Step, inverse
from g60kg.validation.delta.patterns import Edge, Pattern, Reach, Slot
from g60kg.validation.delta.terms import is_respelled, normal
from g60kg.validation.delta.views import View, object_of, subject_of

#: The terms of some variables, in the order that their plan gives.
Row: TypeAlias = tuple[Term, ...]

#: What it costs to bind a variable: by a triple, by one of any predicate, by a choice of paths, by
#: walking on and on, and that backwards, which from a place means everything that lies in it.
_BY_EDGE: Final = 1
_BY_ANY_EDGE: Final = 2
_BY_PATH: Final = 2
_BY_REPEAT: Final = 4
_BACKWARDS: Final = 8
#: How many candidates are taken of each pattern before it is seen which of them has the fewest.
_FIRST_LOOK: Final = 8


class Unconnected(Exception):
    """No chain of patterns leads from the variables that are bound to one that is wanted."""


@dataclass(frozen=True, slots=True)
class Bind:
    """One variable more.

    Attributes:
        variable: its name.
        known: the variables bound before, in the order of the rows.
        constraints: the patterns that it must fit, all else in them bound or of no matter.
        kept: which of ``known`` and ``variable`` are needed later, in the order of the new rows.
    """

    variable: str
    known: tuple[str, ...]
    constraints: tuple[Pattern, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The way from rows of the ``given`` variables to rows of the ``output`` variables."""

    given: tuple[str, ...]
    checks: tuple[Pattern, ...]
    binds: tuple[Bind, ...]
    output: tuple[str, ...]

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
        start = tuple(dict.fromkeys(given))
        order = _order(patterns, set(start), set(wanted))
        checks = tuple(p for p in patterns if p.variables <= set(start))
        constraints = [
            tuple(
                p for p in patterns if name in p.variables and _usable(p, {*start, *order[:index]})
            )
            for index, name in enumerate(order)
        ]
        binds: list[Bind] = []
        known = start
        for index, name in enumerate(order):
            later = {v for group in constraints[index + 1 :] for p in group for v in p.variables}
            kept = tuple(v for v in (*known, name) if v in later or v in output)
            binds.append(Bind(name, known, constraints[index], kept))
            known = kept
        return cls(start, checks, tuple(binds), output)

    def rows(self, view: View, given: Iterable[Row]) -> set[Row]:
        """The rows of the output that the given rows lead to in a view."""
        rows = set(given)
        if self.checks:
            rows = {row for row in rows if _passes(self.checks, view, self.given, row)}
        for bind in self.binds:
            rows = set(_bound(bind, view, rows))
        names = self.binds[-1].kept if self.binds else self.given
        places = [names.index(name) for name in self.output]
        return {tuple(row[place] for place in places) for row in rows}


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


# -- Running a plan ----------------------------------------------------------


def _bound(bind: Bind, view: View, rows: Iterable[Row]) -> Iterator[Row]:
    known = bind.known
    places = [known.index(v) if v in known else -1 for v in bind.kept]
    sources = [p for p in bind.constraints if p.variables & set(known)] or list(bind.constraints)
    for row in rows:
        terms = dict(zip(known, row, strict=True))
        used, found = _candidates(sources, bind.variable, view, terms)
        checks = tuple(p for p in bind.constraints if p is not used)
        for candidate in found:
            if _passes(checks, view, (*known, bind.variable), (*row, candidate)):
                yield tuple(candidate if place < 0 else row[place] for place in places)


def _candidates(
    sources: list[Pattern], variable: str, view: View, terms: dict[str, Term]
) -> tuple[Pattern, set[Term]]:
    """The terms that a variable can have by the pattern that leaves it the fewest, and that one."""
    edges = [source for source in sources if isinstance(source, Edge)]
    # Looking for an object that may be spelled otherwise is a search; there may be a better way.
    quick = [e for e in edges if not is_respelled(_value(e.object, terms))] or edges
    if not quick:
        (source, *_) = sources
        assert isinstance(source, Reach)
        if source.start == variable:
            end = _value(source.end, terms)
            assert end is not None
            return source, set(view.reach(inverse(source.path), end))
        start = _value(source.start, terms)
        assert start is not None
        return source, set(view.reach(source.path, start))
    walks = [_terms(edge, variable, view, terms) for edge in quick]
    if len(walks) == 1:
        return quick[0], set(walks[0])
    return _fewest(quick, walks)


def _fewest(edges: list[Edge], walks: list[Iterator[Term]]) -> tuple[Pattern, set[Term]]:
    found: list[set[Term]] = [set() for _ in walks]
    look = _FIRST_LOOK
    while True:
        for edge, walk, terms in zip(edges, walks, found, strict=True):
            taken = list(islice(walk, look))
            terms.update(taken)
            if len(taken) < look:
                return edge, terms
        look *= 4


def _terms(edge: Edge, variable: str, view: View, terms: dict[str, Term]) -> Iterator[Term]:
    subject, predicate, object_ = (
        _value(part, terms) for part in (edge.subject, edge.predicate, edge.object)
    )
    for triple in view.match(subject, predicate, object_):
        fits = {
            found
            for part, found in (
                (edge.subject, subject_of(triple)),
                (edge.predicate, triple.predicate),
                (edge.object, normal(object_of(triple))),
            )
            if part == variable
        }
        # A variable twice in one pattern must be the same term in both places.
        if len(fits) == 1:
            yield fits.pop()


def _passes(patterns: tuple[Pattern, ...], view: View, names: tuple[str, ...], row: Row) -> bool:
    if not patterns:
        return True
    terms = dict(zip(names, row, strict=True))
    return all(_holds(pattern, view, terms) for pattern in patterns)


def _holds(pattern: Pattern, view: View, terms: dict[str, Term]) -> bool:
    if isinstance(pattern, Edge):
        subject, predicate, object_ = (
            _value(part, terms) for part in (pattern.subject, pattern.predicate, pattern.object)
        )
        return view.holds(subject, predicate, object_)
    start, end = _value(pattern.start, terms), _value(pattern.end, terms)
    if start is None or end is None:
        return True
    return end in view.reach(pattern.path, start)


def _value(part: Slot, terms: dict[str, Term]) -> Term | None:
    if isinstance(part, str):
        return terms.get(part)
    return part
