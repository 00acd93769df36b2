"""Triple patterns, and fragments: patterns read where others hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode

from g60kg.validation.delta.property_paths import STAY, Path, Sequence, Step, sequence, strides

#: The variable of the focus node, as in SHACL-SPARQL.
THIS: Final = "this"

#: A position in a pattern: a variable by its name, a term, or None for any term. Literals are not
#: distinguished: a pattern that matches more is read too often, never too rarely.
Slot: TypeAlias = str | NamedNode | BlankNode | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a shape or a query: a path, or a variable predicate."""

    start: Slot
    path: Path | str
    end: Slot

    @property
    def variables(self) -> frozenset[str]:
        """Return its variables."""
        return frozenset(s for s in (self.start, self.path, self.end) if isinstance(s, str))


@dataclass(frozen=True, slots=True)
class Edge:
    """A pattern matched by one triple."""

    subject: Slot
    predicate: Slot
    object: Slot

    @property
    def variables(self) -> frozenset[str]:
        """Return its variables."""
        slots = (self.subject, self.predicate, self.object)
        return frozenset(slot for slot in slots if isinstance(slot, str))


@dataclass(frozen=True, slots=True)
class Reach:
    """A pattern matched by a path of several triples or alternatives."""

    start: Slot
    path: Path
    end: Slot

    @property
    def variables(self) -> frozenset[str]:
        """Return its variables."""
        return frozenset(slot for slot in (self.start, self.end) if isinstance(slot, str))


Pattern: TypeAlias = Edge | Reach


@dataclass(frozen=True, slots=True)
class Fragment:
    """A triple pattern that is read where the other patterns hold."""

    edge: Edge
    others: tuple[Pattern, ...]


def fragments(statements: Iterable[Statement], read: int) -> Iterator[Fragment]:
    """Return the fragments read by one of several statements that hold together."""
    known = tuple(statements)
    names = _fresh()
    others = [p for index, s in enumerate(known) if index != read for p in _patterns(s, names)]
    start, path, end = known[read].start, known[read].path, known[read].end
    if isinstance(path, str):
        yield Fragment(Edge(start, path, end), tuple(others))
        return
    for stride in strides(path):
        near = start if stride.before == STAY else next(names)
        far = end if stride.after == STAY else next(names)
        lead = () if stride.before == STAY else _walk(start, stride.before, near, names)
        rest = () if stride.after == STAY else _walk(far, stride.after, end, names)
        yield Fragment(_edge(near, stride.step, far), (*others, *lead, *rest))


def patterns(statements: Iterable[Statement]) -> tuple[Pattern, ...]:
    """Return the patterns of statements that are not read themselves."""
    names = _fresh()
    return tuple(pattern for s in statements for pattern in _patterns(s, names))


def _fresh() -> Iterator[str]:
    return (f"_{number}" for number in count())


def _patterns(statement: Statement, names: Iterator[str]) -> Iterator[Pattern]:
    if isinstance(statement.path, str):
        yield Edge(statement.start, statement.path, statement.end)
    else:
        yield from _walk(statement.start, statement.path, statement.end, names)


def _walk(start: Slot, path: Path, end: Slot, names: Iterator[str]) -> Iterator[Pattern]:
    """Return a path between two positions as patterns, one per triple."""
    match path:
        case Step():
            yield _edge(start, path, end)
        case Sequence((first, *rest)) if rest:
            between = next(names)
            yield from _walk(start, first, between, names)
            yield from _walk(between, sequence(*rest), end, names)
        case _:
            yield Reach(start, path, end)


def _edge(start: Slot, step: Step, end: Slot) -> Edge:
    if step.inverse:
        return Edge(end, step.predicate, start)
    return Edge(start, step.predicate, end)
