"""The embedded store: Oxigraph, in memory or on disk. The one place that opens it."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple

from g60kg import paths
from g60kg.errors import EngineFailure, NoStore, QuerySyntaxError, UnsupportedQuery
from g60kg.namespaces import (
    HISTORY_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RESERVED_GRAPHS,
    SHAPES_GRAPH,
    graph_name,
)
from g60kg.querytext import outline
from g60kg.stores.base import QueryResult, Term

if TYPE_CHECKING:
    from rdflib import Dataset


class _DefaultGraph(TypedDict, total=False):
    use_default_graph_as_union: bool
    default_graph: list[NamedNode | BlankNode | DefaultGraph]
    named_graphs: list[NamedNode | BlankNode]


_PLACE = re.compile(r"at (\d+):(\d+): (.*)", re.DOTALL)
#: Seconds that a writer waits for another one, and between two looks.
WAIT = 20.0
PAUSE = 0.05
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
    def is_at(cls, path: str | Path) -> bool:
        """Whether a store lies at that path."""
        return (Path(path) / _MARK).is_file()

    @classmethod
    def at(cls, path: str | Path, *, writable: bool = False) -> LocalStore:
        """The store on disk at that path, open for reading unless it is to be written.

        Raises:
            NoStore: nothing is there, or what is there is no store.
            EngineFailure: it is there but cannot be opened; another process may be writing it.
        """
        folder = Path(path)
        if not cls.is_at(folder):
            what = "is not a store" if folder.exists() else "does not exist"
            raise NoStore(
                f"{folder} {what}.", hint="Make one at a new path: g60kg --store PATH load"
            )
        deadline = time.monotonic() + WAIT
        while True:
            try:
                opened = Store(str(folder)) if writable else Store.read_only(str(folder))
            except (OSError, ValueError) as error:
                if "lock" not in str(error).lower():
                    raise EngineFailure(f"{folder} cannot be opened: {error}") from None
                if time.monotonic() > deadline:
                    raise EngineFailure(
                        f"{folder} is being written by another process.",
                        hint="Wait until it has finished, and try again.",
                    ) from None
                time.sleep(PAUSE)
            else:
                return cls(opened, str(folder))

    @classmethod
    def create(cls, path: str | Path, *, shipped: bool = True) -> LocalStore:
        """A new store on disk, with the shipped graph in it unless told otherwise.

        Raises:
            NoStore: something else is at that path.
            EngineFailure: it cannot be written.
        """
        folder = Path(path)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NoStore(f"{folder} is not a store, and not empty: a new one needs its own path.")
        try:
            created = cls(Store(str(folder)), str(folder))
            if shipped:
                created.load_shipped()
            created._store.flush()
        except OSError as error:
            raise EngineFailure(f"{folder} cannot be written: {error}") from None
        return created

    @classmethod
    def holding(cls, quads: Iterable[Quad], location: str) -> LocalStore:
        """A store in memory that holds those quads."""
        held = cls(Store(), location)
        held.extend(quads)
        return held

    def __len__(self) -> int:
        """The number of quads."""
        return len(self._store)

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
        asked = outline(text).from_graphs
        unknown = set(asked) - {graph.value for graph in self.graph_names()} if asked else ()
        for name in sorted(unknown):
            raise UnsupportedQuery(
                f"FROM names <{name}>, which is no graph of this store; nothing is fetched.",
                hint="Its graphs: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
            )
        try:
            return self._store.query(text, prefixes=dict(PREFIXES), **self._default(text, asked))
        except SyntaxError as error:
            raise _syntax_error(text, str(error)) from None
        except (OSError, ValueError, RuntimeError) as error:
            raise EngineFailure(f"The query failed: {error}") from None

    def _default(self, text: str, asked: tuple[str, ...]) -> _DefaultGraph:
        """What a query's default graph is: the union of all graphs but the history."""
        if asked:
            return {}
        if any(True for _ in self._store.quads_for_pattern(None, None, None, HISTORY_GRAPH)):
            from g60kg.stores.breadth import sees_any_predicate

            if sees_any_predicate(text):
                names = [name for name in self.graph_names() if name != HISTORY_GRAPH]
                return {"default_graph": [*names], "named_graphs": [*names]}
        return {"use_default_graph_as_union": True}

    def change(self, removed: Collection[Quad], added: Collection[Quad]) -> None:
        """Takes quads out and puts others in, in one transaction: all of it or nothing.

        Raises:
            EngineFailure: it could not be written; the store is as it was.
        """
        try:
            if not removed:
                self._store.extend(added)
            else:
                self._store.update(
                    f"DELETE DATA {{ {_blocks(removed)} }} ; INSERT DATA {{ {_blocks(added)} }}"
                )
            self._store.flush()
        except (OSError, RuntimeError, ValueError, SyntaxError) as error:
            raise EngineFailure(f"{self._location} could not be written: {error}") from None

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

    def source_graphs(self) -> tuple[NamedNode, ...]:
        """The names of the graphs that hold what sources say: not ontology, shapes, history."""
        return tuple(name for name in self.graph_names() if name not in RESERVED_GRAPHS)

    def reasoned_triples(self) -> list[Triple]:
        """Ontology and instances, each triple once: what a reasoner looks at."""
        left_out = (SHAPES_GRAPH, HISTORY_GRAPH)
        quads = (quad for quad in self._store if quad.graph_name not in left_out)
        return list({quad.triple for quad in quads})

    def extend(self, quads: Iterable[Quad]) -> None:
        """Adds quads in one transaction."""
        self._store.extend(quads)

    def dataset(self) -> Dataset:
        """The same store as an rdflib Dataset, whose default graph is the union."""
        from g60kg.stores.rdflib_view import dataset_over

        return dataset_over(self._store)


def _blocks(quads: Iterable[Quad]) -> str:
    """The quads as SPARQL Update writes them; each term as N-Triples does."""
    return " ".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)


def _syntax_error(text: str, message: str) -> QuerySyntaxError:
    found = _PLACE.search(message)
    if not found:
        return QuerySyntaxError(f"Not a SPARQL query: {message}")
    line, column, reason = int(found[1]), int(found[2]), found[3]
    rest = "".join(text.splitlines(keepends=True)[line - 1 : line])[column - 1 :].strip()
    if "Prefix not found" in reason:
        told = "a prefix that is not declared"
    elif rest:
        told = f"unexpected {rest.split()[0]!r}"
    else:
        told = "the query ends too early or the line is not finished"
    return QuerySyntaxError(f"line {line}, column {column}: {told}", line, column)
