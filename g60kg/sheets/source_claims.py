"""Triples of a source, indexed by subject, for writing its fact sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.errors import UsageError
from g60kg.namespaces import A, g60

Cells = dict[str, str]
Value = NamedNode | Literal
#: A triple that a fact sheet can hold.
Claim = tuple[NamedNode, NamedNode, Value]


class Said:
    """Index of the triples of each node; the order of the quads does not matter."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._said: dict[NamedNode, dict[NamedNode, list[Value]]] = {}
        for triple in sorted({quad.triple for quad in quads}, key=str):
            subject, object_ = triple.subject, triple.object
            if not isinstance(subject, NamedNode) or not isinstance(object_, NamedNode | Literal):
                raise UsageError(f"A fact sheet cannot hold a blank node: {triple}")
            about = self._said.setdefault(subject, {})
            about.setdefault(triple.predicate, []).append(object_)

    def typed(self, name: str) -> set[NamedNode]:
        """Return the nodes of a class of the ontology."""
        return {node for node in self._said if self.is_a(node, g60(name))}

    def is_a(self, node: NamedNode, *classes: NamedNode) -> bool:
        """Whether a node has one of those classes."""
        return any(kind in classes for kind in self.values(node, A))

    def values(self, node: NamedNode, predicate: NamedNode) -> list[Value]:
        """Return the objects of a node and a predicate."""
        return self._said.get(node, {}).get(predicate, [])

    def nodes(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        """Return the objects of a node and a predicate that are IRIs."""
        return [value for value in self.values(node, predicate) if isinstance(value, NamedNode)]

    def one(self, node: NamedNode, predicate: NamedNode) -> Value | None:
        """Return the first object of a node and a predicate; None without one."""
        return next(iter(self.values(node, predicate)), None)

    def text(self, node: NamedNode, predicate: NamedNode) -> str:
        """Return the first object of a node and a predicate as text; empty without one."""
        value = self.one(node, predicate)
        return "" if value is None else value.value

    def claims(self) -> Iterator[Claim]:
        """Yield every triple."""
        for node, about in self._said.items():
            for predicate, values in about.items():
                for value in values:
                    yield node, predicate, value
