"""Publishing of graphs to a remote engine: each is replaced completely or not at all.

With SPARQL Update, a graph is sent to a temporary graph, counted there, and moved to its
name in one operation of the engine. Without it, one PUT request replaces the graph. If
anything is interrupted, the engine has the old graph or the new one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from uuid import uuid4

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from g60kg.errors import G60kgError, RemoteFailure
from g60kg.namespaces import BASE
from g60kg.rdf.text_excerpt import excerpt, first_of, plural
from g60kg.rdf.turtle import turtle
from g60kg.stores.base import GraphStore, count_in
from g60kg.stores.remote.endpoint_store import TEMPORARY, RemoteStore

#: Maximum triples of a remote graph that is fetched to see whether it is already the same.
COMPARED: Final = 20_000
#: Subject and predicate of the triple that tests what the default graph is.
PUSH_MARK: Final = BASE + "push"
#: Statuses that mean a wrong URL rather than a refusal.
_NOT_THERE: Final = frozenset((400, 404, 405, 406, 415, 501))
#: Graphs of a message that are listed.
_LISTED: Final = 5
#: Maximum triples and characters of one INSERT DATA: engines compile an update before they run it.
TRIPLES: Final = 500
CHARACTERS: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Addresses:
    """URLs to try, in order, for SPARQL Update and for the Graph Store Protocol."""

    update: tuple[str, ...]
    graph_store: tuple[str, ...]


def usual_addresses(query: str) -> Addresses:
    """Return the usual URLs for changes, of the engines whose query URL has this form.

    For another form, the URL itself is for updates.

    >>> usual_addresses("http://localhost:7878/query").graph_store[0]
    'http://localhost:7878/store'
    >>> usual_addresses("http://localhost:3030/ds/sparql").update[0]
    'http://localhost:3030/ds/update'
    >>> usual_addresses("http://localhost:7200/repositories/g60").update
    ('http://localhost:7200/repositories/g60/statements',)
    """
    parts = urlsplit(query)
    path = parts.path.rstrip("/")
    base, _, last = path.rpartition("/")
    updates: tuple[str, ...] = (parts.path,)
    stores: tuple[str, ...] = ()
    if base.endswith("/repositories"):  # RDF4J, GraphDB
        updates, stores = (f"{last}/statements",), (f"{last}/rdf-graphs/service",)
    elif last == "sparql" and not base:  # Virtuoso; behind a password first
        updates = ("sparql-auth", "update", "sparql")
        stores = ("sparql-graph-crud-auth", "store", "sparql-graph-crud")
    elif last in ("query", "sparql"):  # Oxigraph at the root, Fuseki below the data set's name
        updates = ("update", last)
        stores = ("data", "store") if base else ("store", "data")
    beside = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return Addresses(*(tuple(urljoin(beside, at) for at in each) for each in (updates, stores)))


@dataclass(frozen=True, slots=True)
class Published:
    """The result for a graph; ``was_there`` if it was the same already and was not sent."""

    graph: NamedNode
    triples: int
    was_there: bool


class Publisher:
    """Publishes graphs of a store to an engine; methods raise RemoteFailure or QueryTimeout."""

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
        self._put_refusal: RemoteFailure | None = None
        #: What the URLs answered that were not accepted.
        self._answers: dict[str, RemoteFailure] = {}

    def publish(self, graphs: Sequence[NamedNode]) -> Iterator[Published]:
        """Replace the engine's graphs one after the other, and yield a result for each.

        Raise RemoteFailure, which names the graphs done; no graph is half replaced.
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
                f"{_sentence(error.message)} Done: {_listed(done)}. Not done: {_listed(rest)}.",
                hint=f"{error.hint + chr(10) if error.hint else ''}"
                "No graph is half replaced. Fix the cause and push again.",
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
                self._insert(update, temporary, triples)
            self._compare(temporary, len(triples))
            self.target.connection.update(update, f"MOVE GRAPH {temporary} TO GRAPH {graph}")
        self._compare(graph, len(triples))
        return Published(graph, len(triples), was_there=False)

    def _insert(self, update: str, graph: NamedNode, triples: Sequence[Triple]) -> None:
        """Insert triples by updates; an error also has the graph store's refusal, if any."""
        try:
            for piece in batches(triples):
                data = " ".join(f"{triple} ." for triple in piece)
                self.target.connection.update(
                    update, f"INSERT DATA {{ GRAPH {graph} {{ {data} }} }}"
                )
        except RemoteFailure as failure:
            if (refusal := self._put_refusal) is None:
                raise
            raise RemoteFailure(
                f"{_sentence(refusal.message)} {failure.message}",
                hint=failure.hint or refusal.hint,
                status=failure.status,
            ) from None

    def fill_default(self, graphs: Sequence[NamedNode]) -> int:
        """Make the default graph the union of those graphs; return its number of triples."""
        update = self._updating(graphs[0])
        if update is None:
            raise RemoteFailure(
                "Filling the default graph needs SPARQL Update, and no update URL was found.",
                hint="Specify it: --update URL",
            )
        copies = " ; ".join(f"ADD GRAPH {graph} TO DEFAULT" for graph in graphs)
        self.target.connection.update(update, f"CLEAR SILENT DEFAULT ; {copies}")
        union = " UNION ".join(f"{{ GRAPH {graph} {{ ?s ?p ?o }} }}" for graph in graphs)
        wanted, found = self._count(union), self._count("?s ?p ?o")
        if found != wanted:
            raise RemoteFailure(
                f"{self.target.location}: the default graph has {found:,} triple{plural(found)}, "
                f"the graphs together {wanted:,}."
            )
        return found

    def default_is_union(self, graphs: Sequence[NamedNode]) -> bool:
        """Return whether the engine's default graph is the union of its named graphs.

        A triple is inserted into a temporary graph and queried without GRAPH. Without SPARQL
        Update, a triple of each of ``graphs`` is queried instead.
        """
        update = self._updating(graphs[0])
        if update is None:
            samples = (self._sample(graph) for graph in graphs)
            asked = " . ".join(str(triple) for triple in samples if triple is not None)
        else:
            asked = f'<{PUSH_MARK}> <{PUSH_MARK}> "{uuid4()}"'
            temporary = f"<{graphs[0].value}{TEMPORARY}>"
            self.target.connection.update(
                update, f"INSERT DATA {{ GRAPH {temporary} {{ {asked} }} }}"
            )
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
        """Return the number of distinct triples of a remote graph; 0 if it does not exist."""
        return self._count(f"GRAPH {graph} {{ ?s ?p ?o }}")

    def _count(self, pattern: str) -> int:
        text = f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }} }}"
        cell = next((cell for row in self.target.rows(text) for cell in row), None)
        if (found := count_in(cell)) is None:
            shown = "nothing" if cell is None else excerpt(str(cell), 80)
            raise RemoteFailure(
                f"{self.target.location} returns {shown} for a count, which is not a number."
            )
        return found

    def _compare(self, graph: NamedNode, wanted: int) -> None:
        found = self.count(graph)
        if found != wanted:
            refusal = f"{_sentence(self._put_refusal.message)} " if self._put_refusal else ""
            raise RemoteFailure(
                f"{refusal}{self.target.location}: {wanted:,} triples were sent of "
                f"{graph}, where the endpoint has {found:,}."
            )

    def _is_there(self, graph: NamedNode, triples: Sequence[Triple]) -> bool:
        """Return whether the remote graph has the same triples; False if they are too many."""
        if len(triples) > COMPARED or self.count(graph) != len(triples):
            return False
        fresh = RemoteStore(self.target.connection)
        there = (quad.triple for quad in fresh.quads(None, None, None, graph))
        return _is_same(list(there), triples)

    def _updating(self, graph: NamedNode) -> str | None:
        """Return the working update URL; remove what an interrupted push of the graph left.

        None if no URL is for updates, but some are for the Graph Store Protocol. Raise
        RemoteFailure if there are none, if one refuses the user and none works, or for any other
        failure.
        """
        sweep = f"DROP SILENT GRAPH <{graph.value}{TEMPORARY}>"
        if self._update_at is not None:
            self.target.connection.update(self._update_at, sweep)
            return self._update_at
        refusal: RemoteFailure | None = None
        for url in self._addresses.update:
            try:
                self.target.connection.update(url, sweep)
            except RemoteFailure as failure:
                # A URL that requires a password is right, but the next may not require one.
                if failure.status in (401, 403):
                    refusal = refusal or failure
                elif failure.status not in _NOT_THERE:
                    raise refusal or failure from None
                self._answers[url] = failure
            else:
                self._update_at = url
                return url
        if refusal or not self._addresses.graph_store:
            raise refusal or self._no_url_error()
        return None

    def _put(self, graph: NamedNode, triples: Sequence[Triple]) -> bool:
        """Send a graph by the Graph Store Protocol; return False if it is to be sent by updates."""
        found = [self._put_at] if self._put_at else list(self._addresses.graph_store)
        data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        self._put_refusal = None
        for url in found:
            try:
                self.target.connection.put(
                    of_graph(url, graph.value), data, "application/n-triples"
                )
            except RemoteFailure as failure:
                # 413: too large for one request; an update sends batches.
                elsewhere = (*_NOT_THERE, 401, 403) if self._put_at is None else ()
                in_pieces = failure.status == 413 and self._update_at is not None
                if not in_pieces and failure.status not in elsewhere:
                    raise
                self._answers[url] = failure
                if failure.status not in _NOT_THERE:
                    self._put_refusal = self._put_refusal or failure
            else:
                self._put_at = url
                return True
        if self._update_at is None:
            raise self._no_url_error()
        return False

    def _no_url_error(self) -> RemoteFailure:
        answers = [failure.message for failure in self._answers.values()]
        return RemoteFailure(
            f"{self.target.location}: no URL for updates was found.",
            hint="\n".join((*answers, "Specify it: --update URL or --graph-store URL")),
        )


def _is_same(found: Sequence[Triple], sent: Sequence[Triple]) -> bool:
    """Return whether two graphs differ at most in blank node labels; False if it takes long."""
    try:
        return turtle(found, {}) == turtle(sent, {})
    except G60kgError:
        return False  # then the graph is sent again


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _listed(graphs: Sequence[NamedNode]) -> str:
    return first_of([graph.value for graph in graphs], _LISTED) or "none"


def of_graph(graph_store: str, graph: str) -> str:
    """Return the URL of a graph in a graph store; ``graph_store`` is the URL of the graph store."""
    separator = "&" if "?" in graph_store else "?"
    return f"{graph_store}{separator}graph={quote(graph, safe='')}"


def batches(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    """Yield the triples in batches of at most 500 triples and 256 Ki characters, for updates.

    A longer triple, or triples connected by blank nodes, are in one batch beyond these limits.
    """
    piece: list[Triple] = []
    length = 0
    for together in _connected(triples):
        size = sum(len(str(triple)) for triple in together)
        if piece and (len(piece) + len(together) > TRIPLES or length + size > CHARACTERS):
            yield piece
            piece, length = [], 0
        piece += together
        length += size
    if piece:
        yield piece


def _connected(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    """Yield lists of triples: triples connected by blank nodes are in one list, others alone."""
    groups: dict[BlankNode, tuple[list[BlankNode], list[Triple]]] = {}
    plain: list[Triple] = []
    for triple in triples:
        nodes = [node for node in (triple.subject, triple.object) if isinstance(node, BlankNode)]
        if not nodes:
            plain.append(triple)
            continue
        known = [groups.setdefault(node, ([node], [])) for node in nodes]
        members, about = largest = max(known, key=lambda group: len(group[0]))
        about.append(triple)
        for other in known:
            if other is not largest and groups[other[0][0]] is not largest:
                members += other[0]
                about += other[1]
                groups |= dict.fromkeys(other[0], largest)
    yield from {id(about): about for _, about in groups.values()}.values()
    yield from ([triple] for triple in plain)
