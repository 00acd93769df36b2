"""Property paths and triple patterns as values, and fragments.

A fragment is a triple pattern that a shape looks up, with the patterns that hold where it does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode
from rdflib import URIRef
from rdflib.term import Node

from g60kg.stores.base import Term


class Unbounded(Exception):
    """The focus nodes that a change can affect cannot be derived from a shape.

    The message is the reason.
    """


@dataclass(frozen=True, slots=True)
class Step:
    """A path of one triple, from subject to object, or from object to subject if ``inverse``.

    Without a predicate, any triple is such a path.
    """

    predicate: NamedNode | None
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence of paths; the empty sequence leads from a node to itself."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """An alternative of paths."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path with ``?`` (``optional``), ``+`` (``many``) or ``*`` (both)."""

    path: Path
    optional: bool
    many: bool


Path: TypeAlias = Step | Sequence | Alternative | Repeat

#: The empty path.
STAY: Final = Sequence(())


#: The path before a step of a path, the step, and the path after it.
Stride: TypeAlias = tuple[Path, Step, Path]


def sequence(*paths: Path) -> Path:
    """Return the sequence of the paths, with nested sequences flattened.

    >>> step = Step(NamedNode("urn:p"))
    >>> sequence(STAY, step) == step
    True
    """
    parts: list[Path] = []
    for path in paths:
        parts += path.parts if isinstance(path, Sequence) else (path,)
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def alternative(*paths: Path) -> Path:
    """Return the alternative of the paths without duplicates; a single path unchanged."""
    parts = tuple(dict.fromkeys(paths))
    return parts[0] if len(parts) == 1 else Alternative(parts)


def inverse(path: Path) -> Path:
    """Return the inverse of the path.

    >>> p, q = Step(NamedNode("urn:p")), Step(NamedNode("urn:q"))
    >>> inverse(sequence(p, q)) == sequence(inverse(q), inverse(p))
    True
    """
    match path:
        case Step(predicate, backwards):
            return Step(predicate, not backwards)
        case Sequence(parts):
            return Sequence(tuple(inverse(part) for part in reversed(parts)))
        case Alternative(parts):
            return Alternative(tuple(inverse(part) for part in parts))
        case Repeat(repeated, optional, many):
            return Repeat(inverse(repeated), optional, many)


def strides(path: Path) -> Iterator[Stride]:
    """Yield each step of a path, with the path before it and the path after it.

    >>> p, q = Step(NamedNode("urn:p")), Step(NamedNode("urn:q"))
    >>> [step.predicate.value for _, step, _ in strides(sequence(p, Repeat(q, True, True)))]
    ['urn:p', 'urn:q']
    """
    match path:
        case Step():
            yield STAY, path, STAY
        case Sequence(parts):
            for index, part in enumerate(parts):
                for before, step, after in strides(part):
                    start, end = parts[:index], parts[index + 1 :]
                    yield sequence(*start, before), step, sequence(after, *end)
        case Alternative(parts):
            for part in parts:
                yield from strides(part)
        case Repeat(repeated, _, many):
            again = Repeat(repeated, optional=True, many=True) if many else STAY
            for before, step, after in strides(repeated):
                yield sequence(again, before), step, sequence(after, again)


def follow_path(
    path: Sequence | Alternative | Repeat,
    node: Term,
    follow: Callable[[Path, Term], Iterable[Term]],
) -> Collection[Term]:
    """Return the nodes that a path reaches from a node; ``follow`` does so for its parts."""
    match path:
        case Sequence(parts):
            reached = {node}
            for part in parts:
                reached = {end for start in reached for end in follow(part, start)}
        case Alternative(parts):
            reached = {end for part in parts for end in follow(part, node)}
        case Repeat(repeated, optional, many):
            reached = {node} if optional else set()
            waiting = [node]
            while waiting:
                new = {*follow(repeated, waiting.pop())} - reached
                reached |= new
                waiting += new if many else ()
    return reached


def as_sparql(path: Path) -> str:
    """Return the path in SPARQL syntax.

    >>> as_sparql(Repeat(Step(NamedNode("urn:p"), inverse=True), True, True))
    '(^<urn:p>)*'
    """
    match path:
        case Step(predicate, backwards):
            assert predicate is not None, "a step over any predicate has no SPARQL syntax"
            return f"^{predicate}" if backwards else str(predicate)
        case Sequence(parts):
            return "(" + "/".join(map(as_sparql, parts)) + ")"
        case Alternative(parts):
            return "(" + "|".join(map(as_sparql, parts)) + ")"
        case Repeat(repeated, optional, many):
            sign = "*" if optional and many else "+" if many else "?"
            return f"({as_sparql(repeated)}){sign}"


#: The variable of the focus node, as in SHACL-SPARQL.
THIS: Final = "this"

#: A position in a pattern: a variable by its name, a term, or None for any term. Literals are not
#: distinguished: a pattern that matches more is read too often, never too rarely.
Slot: TypeAlias = str | NamedNode | BlankNode | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple or path pattern; ``is_later``: evaluated after the statements that follow it."""

    start: Slot
    path: Path | str
    end: Slot
    is_later: bool = False

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables in the statement."""
        return frozenset(s for s in (self.start, self.path, self.end) if isinstance(s, str))


@dataclass(frozen=True, slots=True)
class Edge:
    """A pattern matched by one triple."""

    subject: Slot
    predicate: Slot
    object: Slot

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables in the pattern."""
        slots = (self.subject, self.predicate, self.object)
        return frozenset(slot for slot in slots if isinstance(slot, str))

    def bound(
        self, terms: Mapping[str, Term | None]
    ) -> tuple[Term | None, Term | None, Term | None]:
        """Return subject, predicate and object, with terms in place of the variables.

        A variable without a term is None.
        """

        def of(slot: Slot) -> Term | None:
            return terms.get(slot) if isinstance(slot, str) else slot

        return of(self.subject), of(self.predicate), of(self.object)


@dataclass(frozen=True, slots=True)
class Reach:
    """A pattern that two nodes match if its path, which is no single step, connects them."""

    start: Slot
    path: Path
    end: Slot

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables at the ends of the path."""
        return frozenset(slot for slot in (self.start, self.end) if isinstance(slot, str))


Pattern: TypeAlias = Edge | Reach


@dataclass(frozen=True, slots=True)
class Fragment:
    """A triple pattern of a shape, with the ``others`` that must match too.

    Of these, only triples that the change neither adds nor removes match the ``unchanged`` ones.
    """

    edge: Edge
    others: tuple[Pattern, ...]
    unchanged: frozenset[Pattern]


def fragments(statements: Iterable[Statement], read: int) -> Iterator[Fragment]:
    """Yield a Fragment for each step of statement ``read``, with the patterns of all the rest."""
    known = tuple(statements)
    names = _fresh()
    others: list[Pattern] = []
    unchanged: set[Pattern] = set()
    for index, statement in enumerate(known):
        if index != read:
            found = tuple(_patterns(statement, names))
            others += found
            unchanged.update(found if index < read and not statement.is_later else ())
    start, path, end = known[read].start, known[read].path, known[read].end
    if isinstance(path, str):
        yield Fragment(Edge(start, path, end), tuple(others), frozenset(unchanged))
        return
    for before, step, after in strides(path):
        near = start if before == STAY else next(names)
        far = end if after == STAY else next(names)
        lead = () if before == STAY else tuple(_walk(start, before, near, names))
        rest = () if after == STAY else _walk(far, after, end, names)
        edge = _edge(near, step, far)
        yield Fragment(edge, (*others, *lead, *rest), frozenset(unchanged).union(lead))


def patterns(statements: Iterable[Statement]) -> tuple[Pattern, ...]:
    """Return the patterns of statements, with a new variable between the steps of a path."""
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
    """Yield the patterns of a path between two positions: one for each step of a sequence."""
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


def iri(node: Node) -> NamedNode:
    """Return an IRI of the shapes graph as a term of the store.

    Raises:
        Unbounded: it is not an IRI that the store accepts.
    """
    with suppress(ValueError):
        if isinstance(node, URIRef):
            return NamedNode(str(node))
    raise Unbounded(f"{node} is not an IRI")
