"""A store behind a SPARQL endpoint: queries run remotely; quad patterns are fetched and cached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Triple,
    parse_query_results,
)

from g60kg.errors import RemoteFailure, ResultCut
from g60kg.namespaces import HISTORY_GRAPH, PREFIXES
from g60kg.rdf.sparql_tokens import Token, outline, tokens, undeclared
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import Counts, QueryResult, count_in, members_of
from g60kg.stores.local_store import LocalStore
from g60kg.stores.query_dataset import may_match_history
from g60kg.stores.remote.http_client import Connection
from g60kg.stores.remote.pattern_cache import PatternStore
from g60kg.stores.remote.reply_parsing import ROWS, TRIPLES, Rows, boolean_of, rows_of, triples_of
from g60kg.stores.remote.request_settings import DEFAULT_LIMITS, Credentials, Limits

if TYPE_CHECKING:
    from rdflib import Dataset


#: Statuses of an endpoint that refuses or cannot answer any query; others can mean a single one.
_OF_THE_ENDPOINT: Final = (401, 403, 404, 429, 502, 503, 504)
#: Graphs of the engine itself; Virtuoso lists its own among the users' graphs.
_ENGINES_OWN: Final = (
    "http://www.openlinksw.com/",
    "http://localhost:8890/sparql",
    "http://localhost:8890/DAV/",
    "http://www.w3.org/ns/ldp#",
    "http://www.w3.org/2002/07/owl#",
    "urn:core:services:",
    "urn:activitystreams-owl:",
    "urn:rules.",
    "urn:virtuoso:",
)
#: Suffix of a temporary graph during a push; see graph publishing.
TEMPORARY: Final = "#push"


class RemoteStore(PatternStore):
    """A read-only dataset behind a SPARQL 1.1 endpoint.

    Queries see later changes at the endpoint; cached quads and graph names do not.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.url)
        self.connection = connection
        self._graphs: tuple[NamedNode, ...] | None = None
        self._has_history: bool | None = None

    @classmethod
    def at(cls, url: str, limits: Limits = DEFAULT_LIMITS) -> RemoteStore:
        """Return the store behind a query URL, without a request; raise UsageError if invalid."""
        return cls(Connection(url, Credentials.from_environment(), limits))

    def query(self, text: str) -> QueryResult:
        """Run one query as :meth:`GraphStore.query`.

        Also raise QueryTimeout, or ResultCut if the endpoint cuts the result and the rest
        cannot be fetched in pages.
        """
        asked = outline(text)
        known = self.graph_names() if asked.from_graphs else ()
        self._check(text, known)
        dataset = {} if asked.from_graphs else self._without_history(text)
        sent = with_prefixes(text)
        if asked.form == "SELECT":
            return self.rows(sent, dataset)
        if asked.form == "ASK":
            reply = self.connection.query(sent, ROWS, dataset)
            return boolean_of(self.location, reply)
        reply = self.connection.query(sent, TRIPLES, dataset)
        found, most = triples_of(self.location, reply)
        if most is not None:
            raise ResultCut(
                f"{self.location} returns at most {most:,} triples; the result is cut there.",
                hint="Request less, or raise the server's limit.",
            )
        return _as_result(found)

    def _check(self, text: str, graphs: Iterable[NamedNode]) -> None:
        """Run the query on an empty store with these graphs, for the errors of a local store."""
        nothing = Store()
        for graph in graphs:
            nothing.add_graph(graph)
        LocalStore(nothing, self.location).query(text)

    def _without_history(self, text: str) -> dict[str, list[str]]:
        """Return request parameters for the graphs to query, so that the history is excluded.

        They are empty if there is no history, or if the query cannot match it.
        """
        if self._has_history is None:
            there = f"ASK {{ GRAPH {HISTORY_GRAPH} {{ ?s ?p ?o }} }}"
            reply = self.connection.query(there, ROWS)
            self._has_history = bool(boolean_of(self.location, reply))
        if self._has_history and may_match_history(text):
            names = [name.value for name in self.graph_names() if name != HISTORY_GRAPH]
            return {"default-graph-uri": names, "named-graph-uri": names}
        return {}

    def rows(self, text: str, dataset: dict[str, list[str]] | None = None) -> QuerySolutions:
        """Return all rows of a SELECT, in pages if needed; raise RemoteFailure or QueryTimeout."""
        parameters = dataset or {}
        found = self._answered(text, parameters)
        if found.cut is None:
            return found.solutions()
        columns = [variable.value for variable in found.solutions().variables]
        pages = in_pages(text, columns)
        if pages is None:
            raise ResultCut(
                f"{self.location} returns at most {found.cut:,} rows; the result is cut there.",
                hint="Request it in parts, with ORDER BY, LIMIT and OFFSET.",
            )
        size = max(1, min(self.connection.limits.page, found.cut - 1))
        gathered: list[Rows] = []
        while not gathered or gathered[-1].count == size:
            offset = size * len(gathered)
            page = self._answered(f"{pages}LIMIT {size} OFFSET {offset}", parameters)
            if gathered and gathered[-1].body == page.body and page.count:
                # Either all rows are equal, or the server ignores OFFSET: no result has so many.
                beyond = self._answered(f"{pages}LIMIT {size} OFFSET 1000000000", parameters)
                if beyond.count:
                    raise RemoteFailure(
                        f"{self.location} returns the same rows whatever OFFSET is, "
                        f"and at most {found.cut:,}."
                    )
            gathered.append(page)
        if sum(page.count for page in gathered) < found.count:
            raise RemoteFailure(
                f"{self.location} returns other rows in pages than at once; the result may be cut."
            )
        return _joined(gathered)

    def _answered(self, text: str, parameters: dict[str, list[str]]) -> Rows:
        return rows_of(self.location, self.connection.query(text, ROWS, parameters))

    def graph_names(self) -> tuple[NamedNode, ...]:
        """Return the sorted names of the graphs but the engine's own and temporary graphs.

        Empty if the endpoint answers with an error status such as 400 or 500. With 401,
        403, 404, 429, 502, 503 or 504, the failure is raised.
        """
        if self._graphs is None:
            found = self._names("SELECT DISTINCT ?g WHERE { GRAPH ?g { } }")
            if not found:
                found = self._names("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
            self._graphs = tuple(sorted(found, key=lambda name: name.value))
        return self._graphs

    def _names(self, text: str) -> list[NamedNode]:
        try:
            cells = [cell for row in self.rows(text) for cell in row]
        except RemoteFailure as failure:
            if failure.status is None or failure.status in _OF_THE_ENDPOINT:
                raise
            return []
        return [
            cell for cell in cells if isinstance(cell, NamedNode) and not self.is_own(cell.value)
        ]

    def is_own(self, graph: str) -> bool:
        """Return whether a graph is the engine's own, or a temporary graph of a push."""
        return graph.startswith(_ENGINES_OWN) or graph.endswith(TEMPORARY)

    def counts(self) -> Counts:
        """Return the counts of the endpoint, without the graphs of the engine and their triples."""
        text = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        triples = 0
        for row in self.rows(text):
            graph, number = tuple(row) if len(row) == 2 else (None, None)
            if isinstance(graph, NamedNode) and isinstance(number, Literal):
                if (found := count_in(number)) is None:
                    shown = excerpt(str(number), 80)
                    raise RemoteFailure(f"{self.location} counts {shown}, which is not a number.")
                triples += 0 if self.is_own(graph.value) else found
        return Counts(members_of(self), triples, len(self.graph_names()))

    def copy(self) -> LocalStore:
        """Return a copy of all graphs in memory, fetched graph by graph."""
        return LocalStore.holding(self.quads(), self.location)

    def reasoned_triples(self) -> list[Triple]:
        """Return the triples of all graphs but shapes and history, each once, for a reasoner."""
        return self.copy().reasoned_triples()

    def dataset(self) -> Dataset:
        """Return a copy of all graphs as an rdflib Dataset whose default graph is the union."""
        return self.copy().dataset()


def _as_result(triples: list[Triple]) -> QueryResult:
    held = Store()
    held.extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return held.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def _joined(pages: list[Rows]) -> QuerySolutions:
    tables = [page.solutions().serialize(format=QueryResultsFormat.TSV) or b"" for page in pages]
    head, _, first = tables[0].partition(b"\n")
    rest = [table.partition(b"\n")[2] for table in tables[1:]]
    found = parse_query_results(b"".join([head, b"\n", first, *rest]), QueryResultsFormat.TSV)
    assert isinstance(found, QuerySolutions)
    return found


def with_prefixes(text: str) -> str:
    """Return the query with PREFIX lines for the project's prefixes that it uses undeclared.

    >>> with_prefixes("SELECT * { ?s a g60:PrefectureCity }").splitlines()[0]
    'PREFIX g60: <https://w3id.org/g60kg/ontology/>'
    """
    used = {token.prefix for token in undeclared(text, known=())}
    lines = (f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in sorted(used & PREFIXES.keys()))
    return "".join(lines) + text


def in_pages(text: str, columns: Sequence[str]) -> str | None:
    """Return a SELECT to which LIMIT and OFFSET can be added; None if that is impossible.

    It is impossible for another form, without columns, and for a query with LIMIT, OFFSET, FROM or
    a VALUES block at its end. The returned query sorts by all columns, so that page boundaries are
    the same in each request. ORDER BY is in a subquery, since engines limit what they sort for a
    LIMIT.
    """
    depth = 0
    start: Token | None = None
    ordered = False
    for token in tokens(text):
        if token.kind == "bracket":
            depth += 1 if token.text in "{([" else -1
        if depth:
            continue
        if token.keyword == "SELECT" and start is None:
            start = token
        if token.keyword in ("LIMIT", "OFFSET", "FROM", "VALUES"):
            return None
        ordered = ordered or token.keyword == "ORDER"
    if start is None or not columns:
        return None
    keys = (f"?{name} STR(?{name}) LANG(?{name}) STR(DATATYPE(?{name}))" for name in columns)
    # On its own line: the text may end in a comment.
    select = f"{text[start.start :]}\n{'' if ordered else 'ORDER BY '}{' '.join(keys)}\n"
    names = " ".join(f"?{name}" for name in columns)
    return f"{text[: start.start]}SELECT {names} WHERE {{ {{ {select} }} }}\n"
