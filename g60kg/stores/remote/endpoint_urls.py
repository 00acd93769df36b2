"""Update and graph store URLs of an endpoint, derived from its query URL."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Addresses:
    """URLs to try, in order, for SPARQL Update and the Graph Store Protocol."""

    update: tuple[str, ...]
    graph_store: tuple[str, ...]


def usual_addresses(query: str) -> Addresses:
    """Return the usual URLs of the engines whose query URL has this form.

    >>> usual_addresses("http://localhost:7878/query").graph_store[0]
    'http://localhost:7878/store'
    >>> usual_addresses("http://localhost:3030/ds/sparql").update[0]
    'http://localhost:3030/ds/update'
    >>> usual_addresses("http://localhost:7200/repositories/g60").update
    ('http://localhost:7200/repositories/g60/statements',)
    """
    parts = urlsplit(query)
    base, _, last = parts.path.rstrip("/").rpartition("/")

    def at(path: str) -> str:
        return urlunsplit((parts.scheme, parts.netloc, path, "", ""))

    if base.endswith("/repositories"):  # RDF4J, GraphDB
        repository = f"{base}/{last}"
        return Addresses(
            (at(f"{repository}/statements"),), (at(f"{repository}/rdf-graphs/service"),)
        )
    if last == "sparql" and not base:  # Virtuoso; behind a password first
        return Addresses(
            (at("/sparql-auth"), at("/update"), at("/sparql")),
            (at("/sparql-graph-crud-auth"), at("/store"), at("/sparql-graph-crud")),
        )
    if last in ("query", "sparql"):  # Oxigraph at the root, Fuseki below the data set's name
        stores = ("data", "store") if base else ("store", "data")
        return Addresses(
            (at(f"{base}/update"), at(f"{base}/{last}")),
            tuple(at(f"{base}/{name}") for name in stores),
        )
    return Addresses((at(parts.path),), ())


def of_graph(graph_store: str, graph: str) -> str:
    """Return the URL of a graph in a graph store."""
    separator = "&" if "?" in graph_store else "?"
    return f"{graph_store}{separator}graph={quote(graph, safe='')}"
