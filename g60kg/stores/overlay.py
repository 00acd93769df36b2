"""A store with further quads laid over it: what it would hold, without a copy of what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.errors import UnsupportedQuery
from g60kg.namespaces import RESERVED_GRAPHS
from g60kg.stores.base import GraphStore, QueryResult, Term
from g60kg.stores.local_store import LocalStore


class Overlay:
    """A store as it would be with those quads added. It answers patterns, not queries.

    Attributes:
        base: the store below.
        given: the quads laid over it, as a store keeps them: literals in its spelling.
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
        """What a person calls the store below."""
        return self.base.location

    def query(self, text: str) -> QueryResult:
        """Nothing: no engine queries two stores as one.

        Raises:
            UnsupportedQuery: always.
        """
        raise UnsupportedQuery(f"Quads laid over {self.location} cannot be queried: {text}")

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """The quads that fit a pattern, each once; None fits anything."""
        yield from self.base.quads(subject, predicate, object_, graph)
        yield from self.new.quads(subject, predicate, object_, graph)

    def objects(self, subject: NamedNode, predicate: NamedNode) -> Set[Term]:
        """The objects of a subject and a predicate, each once, whatever graphs say so."""
        return self.base.objects(subject, predicate) | self.new.objects(subject, predicate)

    def expect(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Lets the store below know what will be asked about next."""
        self.base.expect(subjects, *steps)

    def graph_names(self) -> tuple[NamedNode, ...]:
        """The names of the graphs, sorted."""
        names = {*self.base.graph_names(), *self.new.graph_names()}
        return tuple(sorted(names, key=lambda name: name.value))

    def source_graphs(self) -> tuple[NamedNode, ...]:
        """The names of the graphs that hold what sources say."""
        return tuple(name for name in self.graph_names() if name not in RESERVED_GRAPHS)


def _holds(store: GraphStore, quad: Quad) -> bool:
    subject, object_, graph = quad.subject, quad.object, quad.graph_name
    if isinstance(subject, Triple) or isinstance(object_, Triple):
        return False  # RDF 1.2, which no source states here and no check reads
    named = graph if isinstance(graph, NamedNode) else None
    return any(found == quad for found in store.quads(subject, quad.predicate, object_, named))
