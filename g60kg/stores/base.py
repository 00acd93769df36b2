"""What every store can do, whether it lies in memory, on disk or behind an endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)

Term = NamedNode | BlankNode | Literal
QueryResult = QuerySolutions | QueryBoolean | QueryTriples


def objects_of(quads: Iterable[Quad]) -> set[Term]:
    """The objects of quads, each once; not those that are triples, which no source states here."""
    return {quad.object for quad in quads if not isinstance(quad.object, Triple)}


class GraphStore(Protocol):
    """A dataset of named graphs, one a source, whose default graph is the union of them all."""

    @property
    def location(self) -> str:
        """What a person calls this store: a path, a URL or "the shipped graph"."""

    def query(self, text: str) -> QueryResult:
        """The result of one SPARQL 1.1 query over the union of the graphs.

        Raises:
            QuerySyntaxError: the text is not SPARQL 1.1.
            UnsupportedQuery: it asks for what is closed off here (SERVICE, FROM elsewhere).
            EngineFailure: the engine failed.
        """

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """The quads that fit a pattern; None fits anything."""

    def objects(self, subject: NamedNode, predicate: NamedNode) -> Set[Term]:
        """The objects of a subject and a predicate, each once, whatever graphs say so."""

    def expect(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Says what will be asked about next, so that a store far away can fetch it together.

        Args:
            subjects: what will be asked about.
            steps: the properties that lead on to what will be asked about after that.
        """

    def graph_names(self) -> tuple[NamedNode, ...]:
        """The names of the graphs, sorted."""

    def source_graphs(self) -> tuple[NamedNode, ...]:
        """The names of the graphs that hold what sources say: not ontology, shapes, history."""
