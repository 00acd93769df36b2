"""Property paths as values: their parts, and each single step they can take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import NamedNode


@dataclass(frozen=True, slots=True)
class Step:
    """One triple, followed from subject to object or inversely; without a predicate, any triple."""

    predicate: NamedNode | None
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence of paths; the empty sequence stays at the node."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """An alternative of several paths."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path that may be omitted (``optional``), repeated (``many``), or both."""

    path: Path
    optional: bool
    many: bool


Path: TypeAlias = Step | Sequence | Alternative | Repeat

#: The empty path.
STAY: Final = Sequence(())


@dataclass(frozen=True, slots=True)
class Stride:
    """A step of a path: ``before`` leads to it, ``after`` leads on from it."""

    before: Path
    step: Step
    after: Path


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
    """Return the alternative of the paths, each once."""
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
    """Return every step of the path, with the paths before and after it.

    A changed triple can affect a path only as one of these steps: nodes connected through that
    triple are connected by ``before``, the triple, and ``after``.

    >>> p, q = Step(NamedNode("urn:p")), Step(NamedNode("urn:q"))
    >>> [stride.step.predicate.value for stride in strides(sequence(p, Repeat(q, True, True)))]
    ['urn:p', 'urn:q']
    """
    match path:
        case Step():
            yield Stride(STAY, path, STAY)
        case Sequence(parts):
            for index, part in enumerate(parts):
                for inner in strides(part):
                    yield Stride(
                        sequence(*parts[:index], inner.before),
                        inner.step,
                        sequence(inner.after, *parts[index + 1 :]),
                    )
        case Alternative(parts):
            for part in parts:
                yield from strides(part)
        case Repeat(repeated, _, many):
            again = Repeat(repeated, optional=True, many=True) if many else STAY
            for inner in strides(repeated):
                yield Stride(
                    sequence(again, inner.before), inner.step, sequence(inner.after, again)
                )


def as_sparql(path: Path) -> str:
    """Return the path in SPARQL syntax, with brackets where needed.

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
