"""A store with further quads added in memory, without a copy of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.errors import UnsupportedQuery
from g60kg.namespaces import RESERVED_GRAPHS
from g60kg.stores.base import GraphStore, QueryResult, Term
from g60kg.stores.local_store import LocalStore


class Overlay:
    """A store as it would be with added quads. It answers patterns, not queries.

    Attributes:
        base: the store below.
        given: the added quads, literals spelled as a store spells them.
        new: those of them that the store below does not hold.
    """

    def __init__(self, base: GraphStore, added: Iterable[Quad]) -> None:
        self.base = base
        self.given = LocalStore.holding(added, "what is added")
        base.expect(q.subject for q in self.given.quads() if isinstance(q.subject, NamedNode))
        self.new = LocalStore.holding(
            (quad for quad in self.given.quads() if not _holds(base, quad)), "what is new"
        )

    @property
    def location(self) -> str:
        """The name of the store below."""
        return self.base.location

    def query(self, text: str) -> QueryResult:
        """Raise an error: no engine queries two stores as one.

        Raises:
            UnsupportedQuery: always.
        """
        raise UnsupportedQuery(f"Quads added to {self.location} cannot be queried: {text}")

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern, each once; None matches anything."""
        yield from self.base.quads(subject, predicate, object_, graph)
        yield from self.new.quads(subject, predicate, object_, graph)

    def objects(self, subject: NamedNode, predicate: NamedNode) -> Set[Term]:
        """Return the distinct objects of a subject and a predicate, in all graphs."""
        return self.base.objects(subject, predicate) | self.new.objects(subject, predicate)

    def expect(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Announce the next reads to the store below."""
        self.base.expect(subjects, *steps)

    def graph_names(self) -> tuple[NamedNode, ...]:
        """Return the names of the graphs, sorted."""
        names = {*self.base.graph_names(), *self.new.graph_names()}
        return tuple(sorted(names, key=lambda name: name.value))

    def source_graphs(self) -> tuple[NamedNode, ...]:
        """Return the names of the sources' graphs."""
        return tuple(name for name in self.graph_names() if name not in RESERVED_GRAPHS)


def _holds(store: GraphStore, quad: Quad) -> bool:
    subject, object_, graph = quad.subject, quad.object, quad.graph_name
    if isinstance(subject, Triple) or isinstance(object_, Triple):
        return False  # triple terms of RDF 1.2: no source states them, no check reads them
    named = graph if isinstance(graph, NamedNode) else None
    return any(found == quad for found in store.quads(subject, quad.predicate, object_, named))
