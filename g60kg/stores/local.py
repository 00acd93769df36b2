"""The embedded store: Oxigraph, in memory or on disk. The one place that opens it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from g60kg import paths
from g60kg.errors import EngineFailure, NoStore, QuerySyntaxError, UnsupportedQuery
from g60kg.namespaces import ONTOLOGY_GRAPH, PREFIXES, SHAPES_GRAPH, graph_name
from g60kg.querytext import outline
from g60kg.stores.base import QueryResult, Term

if TYPE_CHECKING:
    from rdflib import Dataset

_PLACE = re.compile(r"at (\d+):(\d+): (.*)", re.DOTALL)
#: What RocksDB keeps in a folder that holds a database.
_MARK = "CURRENT"


class LocalStore:
    """A dataset in Oxigraph. Its default graph is the union of its named graphs."""

    def __init__(self, store: Store, location: str) -> None:
        self._store = store
        self._location = location

    @classmethod
    def shipped(cls) -> LocalStore:
        """The graph that comes with this package, loaded in memory."""
        loaded = cls(Store(), "the shipped graph")
        loaded.load_shipped()
        return loaded

    @classmethod
    def at(cls, path: str | Path) -> LocalStore:
        """The store on disk at that path, open for reading.

        Raises:
            NoStore: nothing is there, or what is there is no store.
            EngineFailure: it is there but cannot be opened.
        """
        folder = Path(path)
        if not (folder / _MARK).is_file():
            what = "is not a store" if folder.exists() else "does not exist"
            raise NoStore(f"{folder} {what}.")
        try:
            return cls(Store.read_only(str(folder)), str(folder))
        except (OSError, ValueError) as error:
            raise EngineFailure(f"{folder} cannot be opened: {error}") from None

    @classmethod
    def create(cls, path: str | Path) -> LocalStore:
        """A new store on disk with the shipped graph in it.

        Raises:
            NoStore: something else is at that path.
            EngineFailure: it cannot be written.
        """
        folder = Path(path)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NoStore(f"{folder} is not empty: a new store needs a path of its own.")
        try:
            created = cls(Store(str(folder)), str(folder))
            created.load_shipped()
            created._store.flush()
        except OSError as error:
            raise EngineFailure(f"{folder} cannot be written: {error}") from None
        return created

    @property
    def location(self) -> str:
        """The path, or "the shipped graph"."""
        return self._location

    def load_shipped(self) -> None:
        """Adds ontology, shapes and instances, each source in its named graph."""
        for file in paths.ontology_files():
            self._load(file, ONTOLOGY_GRAPH)
        for file in paths.shape_files():
            self._load(file, SHAPES_GRAPH)
        for file in paths.instance_files():
            self._load(file, graph_name(file.stem))

    def _load(self, file: Path, graph: NamedNode) -> None:
        # Files of our own: parsed without the checks that files of others get.
        self._store.bulk_load(
            file.read_bytes(), format=RdfFormat.TURTLE, to_graph=graph, lenient=True
        )

    def query(self, text: str) -> QueryResult:
        """The result of one query; see :meth:`GraphStore.query`."""
        for name in outline(text).from_graphs:
            self._known_graph(name)
        try:
            return self._store.query(
                text, prefixes=dict(PREFIXES), use_default_graph_as_union=True
            )
        except SyntaxError as error:
            raise _syntax_error(str(error)) from None
        except (OSError, ValueError, RuntimeError) as error:
            raise EngineFailure(f"The query failed: {error}") from None

    def _known_graph(self, name: str) -> None:
        if not (name in {graph.value for graph in self.graph_names()} or ":" in name):
            return
        expanded = name
        prefix, _, local = name.partition(":")
        if prefix in PREFIXES and not local.startswith("//"):
            expanded = PREFIXES[prefix] + local
        if expanded not in {graph.value for graph in self.graph_names()}:
            raise UnsupportedQuery(
                f"FROM names {name}, which is no graph of this store; nothing is fetched.",
                hint="The graphs: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
            )

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """The quads that fit a pattern; None fits anything."""
        return self._store.quads_for_pattern(subject, predicate, object_, graph)

    def graph_names(self) -> tuple[NamedNode, ...]:
        """The names of the graphs, sorted."""
        named = (name for name in self._store.named_graphs() if isinstance(name, NamedNode))
        return tuple(sorted(named, key=lambda name: name.value))

    def extend(self, quads: Iterable[Quad]) -> None:
        """Adds quads in one transaction."""
        self._store.extend(quads)

    def dataset(self) -> Dataset:
        """The same store as an rdflib Dataset, whose default graph is the union."""
        from g60kg.stores.rdflib_view import dataset_over

        return dataset_over(self._store)


def _syntax_error(message: str) -> QuerySyntaxError:
    found = _PLACE.search(message)
    if not found:
        return QuerySyntaxError(f"Not a SPARQL query: {message}")
    line, column, reason = int(found[1]), int(found[2]), found[3]
    return QuerySyntaxError(f"line {line}, column {column}: {reason}", line, column)
