"""Publishing of graphs to a remote engine: each is replaced as a whole or left unchanged.

A graph is sent to a temporary graph, counted there, and moved over the old one in one operation of
the engine. If anything is interrupted, the engine has the old graph or the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from g60kg.errors import EngineFailure, G60kgError, RemoteFailure
from g60kg.namespaces import BASE
from g60kg.rdf.text_excerpt import excerpt
from g60kg.rdf.turtle.blank_nodes import order_blank_nodes
from g60kg.stores.base import GraphStore
from g60kg.stores.remote.endpoint_store import TEMPORARY, RemoteStore
from g60kg.stores.remote.endpoint_urls import Addresses, of_graph, usual_addresses
from g60kg.stores.remote.update_batches import batches

#: Maximum triples of a remote graph that is fetched to see whether it is already the same.
COMPARED: Final = 20_000
#: Subject and predicate of the triple that tests what the default graph is.
PUSH_MARK: Final = BASE + "push"
#: Statuses that mean a wrong URL rather than a refusal.
_NOT_THERE: Final = frozenset((400, 404, 405, 406, 415, 501))


@dataclass(frozen=True, slots=True)
class Published:
    """Result for one graph: its name, its triples, and whether it was already there."""

    graph: NamedNode
    triples: int
    was_there: bool


class Publisher:
    """Publish graphs of a store to an engine.

    Attributes:
        target: the engine, opened for reading.
    """

    def __init__(
        self,
        source: GraphStore,
        target: RemoteStore,
        *,
        update: str | None = None,
        graph_store: str | None = None,
    ) -> None:
        usual = usual_addresses(target.location)
        self._source = source
        self.target = target
        self._addresses = Addresses(
            (update,) if update else usual.update,
            # With an update URL alone, changes are sent as updates.
            (graph_store,) if graph_store else () if update else usual.graph_store,
        )
        self._update_at: str | None = None
        self._put_at: str | None = None

    def publish(self, graphs: Sequence[NamedNode]) -> Iterator[Published]:
        """Publish graphs one after the other, yielding a result for each.

        Raises:
            RemoteFailure: publishing failed; the message lists which graphs are done.
        """
        done: list[NamedNode] = []
        try:
            for graph in graphs:
                published = self._publish(graph)
                done.append(graph)
                yield published
        except G60kgError as error:
            rest = [graph for graph in graphs if graph not in done]
            raise RemoteFailure(
                f"{error.message}\nDone: {_listed(done)}. Not done: {_listed(rest)}.",
                hint=f"{error.hint + chr(10) if error.hint else ''}"
                "Each graph is the old one or the new one; push again once this is fixed.",
                status=error.status if isinstance(error, RemoteFailure) else None,
            ) from None

    def _publish(self, graph: NamedNode) -> Published:
        triples = [quad.triple for quad in self._source.quads(None, None, None, graph)]
        if self._is_there(graph, triples):
            return Published(graph, len(triples), was_there=True)
        update = self._updating(graph)
        if update is None:
            # As safe as the engine's own PUT: no further step follows.
            self._put(graph, triples)
        else:
            temporary = NamedNode(graph.value + TEMPORARY)
            if not self._put(temporary, triples):
                for piece in batches(triples):
                    data = " ".join(f"{triple} ." for triple in piece)
                    self._send(update, f"INSERT DATA {{ GRAPH {temporary} {{ {data} }} }}")
            self._compare(temporary, len(triples))
            self._send(update, f"MOVE GRAPH {temporary} TO GRAPH {graph}")
        self._compare(graph, len(triples))
        return Published(graph, len(triples), was_there=False)

    def fill_default(self, graphs: Sequence[NamedNode]) -> int:
        """Make the default graph the union of those graphs in one update; return its triple count.

        Raises:
            RemoteFailure: there is no update URL, or the counts differ.
        """
        update = self._updating(graphs[0])
        if update is None:
            raise RemoteFailure(
                "Filling the default graph needs SPARQL Update, and no update URL was found.",
                hint="Specify it: --update URL",
            )
        copies = " ; ".join(f"ADD GRAPH {graph} TO DEFAULT" for graph in graphs)
        self._send(update, f"CLEAR SILENT DEFAULT ; {copies}")
        union = " UNION ".join(f"{{ GRAPH {graph} {{ ?s ?p ?o }} }}" for graph in graphs)
        wanted, found = self._count(union), self._count("?s ?p ?o")
        if found != wanted:
            raise RemoteFailure(
                f"{self.target.location}: the default graph has {found:,} triples, "
                f"the graphs together {wanted:,}."
            )
        return found

    def default_is_union(self, graphs: Sequence[NamedNode]) -> bool:
        """Whether the default graph is the union of the named graphs.

        A triple is inserted into a temporary graph and queried without GRAPH. Without SPARQL
        Update, a triple of each of those graphs is queried instead.
        """
        update = self._updating(graphs[0])
        if update is None:
            samples = (self._sample(graph) for graph in graphs)
            asked = " . ".join(str(triple) for triple in samples if triple is not None)
        else:
            asked = f'<{PUSH_MARK}> <{PUSH_MARK}> "{uuid4()}"'
            temporary = f"<{graphs[0].value}{TEMPORARY}>"
            self._send(update, f"INSERT DATA {{ GRAPH {temporary} {{ {asked} }} }}")
        try:
            return bool(self.target.query(f"ASK {{ {asked} }}"))
        finally:
            self._updating(graphs[0])

    def _sample(self, graph: NamedNode) -> Triple | None:
        for quad in self._source.quads(None, None, None, graph):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                return quad.triple
        return None

    def count(self, graph: NamedNode) -> int:
        """Return the number of triples of a remote graph; 0 where it does not exist."""
        return self._count(f"GRAPH {graph} {{ ?s ?p ?o }}")

    def _count(self, pattern: str) -> int:
        text = f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }} }}"
        cell = next((cell for row in self.target.rows(text) for cell in row), None)
        if not isinstance(cell, Literal) or not cell.value.isdecimal():
            shown = "nothing" if cell is None else excerpt(str(cell), 80)
            raise RemoteFailure(
                f"{self.target.location} returns {shown} for a count, which is not a number."
            )
        return int(cell.value)

    def _compare(self, graph: NamedNode, wanted: int) -> None:
        found = self.count(graph)
        if found != wanted:
            raise RemoteFailure(
                f"{self.target.location}: {graph} has {found:,} triples there, "
                f"{wanted:,} were sent."
            )

    def _is_there(self, graph: NamedNode, triples: Sequence[Triple]) -> bool:
        """Whether the remote graph equals this one; a large one is not fetched to compare."""
        if len(triples) > COMPARED or self.count(graph) != len(triples):
            return False
        fresh = RemoteStore(self.target.connection)
        there = (quad.triple for quad in fresh.quads(None, None, None, graph))
        return _is_same(list(there), triples)

    def _updating(self, graph: NamedNode) -> str | None:
        """Return the update URL that works, found by removing what an interrupted push left."""
        sweep = f"DROP SILENT GRAPH <{graph.value}{TEMPORARY}>"
        if self._update_at is not None:
            self._send(self._update_at, sweep)
            return self._update_at
        refusal: RemoteFailure | None = None
        for url in self._addresses.update:
            try:
                self._send(url, sweep)
            except RemoteFailure as failure:
                # A URL that requires a password is right, but the next may not require one.
                if failure.status in (401, 403):
                    refusal = refusal or failure
                elif failure.status not in _NOT_THERE:
                    raise refusal or failure from None
            else:
                self._update_at = url
                return url
        if not self._addresses.graph_store:
            raise refusal or RemoteFailure(
                f"{self.target.location}: no URL for updates was found; tried "
                f"{', '.join(self._addresses.update)}.",
                hint="Specify it: --update URL or --graph-store URL",
            )
        if refusal:
            raise refusal
        return None

    def _put(self, graph: NamedNode, triples: Sequence[Triple]) -> bool:
        """Whether a graph store accepted the graph."""
        found = [self._put_at] if self._put_at else list(self._addresses.graph_store)
        data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        for url in found:
            try:
                self.target.connection.put(of_graph(url, graph.value), data, _MEDIA)
            except RemoteFailure as failure:
                # 413: too large for one request; an update sends batches.
                elsewhere = (*_NOT_THERE, 401, 403) if self._put_at is None else ()
                in_pieces = failure.status == 413 and self._update_at is not None
                if not in_pieces and failure.status not in elsewhere:
                    raise
            else:
                self._put_at = url
                return True
        if self._update_at is None:
            raise RemoteFailure(
                f"{self.target.location}: no URL for updates was found; tried "
                f"{', '.join((*self._addresses.update, *found))}.",
                hint="Specify it: --update URL or --graph-store URL",
            )
        return False

    def _send(self, url: str, text: str) -> None:
        self.target.connection.update(url, text)


_MEDIA: Final = "application/n-triples"


def _is_same(found: Sequence[Triple], sent: Sequence[Triple]) -> bool:
    """Whether two graphs differ in labels of blank nodes only; False if that takes too long."""
    try:
        return _relabelled(found) == _relabelled(sent)
    except EngineFailure:
        return False  # then the graph is sent again


def _relabelled(triples: Sequence[Triple]) -> set[Triple]:
    """Return the triples with blank nodes named by their place in a stable order.

    Raises:
        EngineFailure: the blank nodes cannot be put in a stable order.
    """
    order = order_blank_nodes(Quad(t.subject, t.predicate, t.object) for t in triples).order
    names = {node: BlankNode(f"b{place}") for node, place in order.items()}
    return {
        Triple(
            names[t.subject] if isinstance(t.subject, BlankNode) else t.subject,
            t.predicate,
            names[t.object] if isinstance(t.object, BlankNode) else t.object,
        )
        for t in triples
    }


def _listed(graphs: Sequence[NamedNode]) -> str:
    return ", ".join(graph.value for graph in graphs) or "none"
