"""The embedded store: Oxigraph, in memory or on disk."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from contextlib import closing, contextmanager, suppress
from itertools import islice
from os.path import realpath
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    Variable,
)

from g60kg import package_data
from g60kg.errors import EngineFailure
from g60kg.namespaces import HIDDEN_GRAPHS
from g60kg.stores.base import Counts, Found, GraphStore, QueryResult, Term, count, objects_of, rows
from g60kg.stores.change_detection import cached_counts, fingerprint
from g60kg.stores.disk import (
    check_new_path,
    copy_store_permissions,
    exchange,
    exclusive_lock,
    is_store,
    move_into_place,
    no_store_error,
    open_store,
    refuse_foreign,
    temporary_store,
)
from g60kg.stores.integrity import (
    CURRENT,
    LOCK,
    access_error,
    engine_error,
    manifest_of,
    read_error,
    write_integrity_file,
)
from g60kg.stores.query_dataset import QueryDataset, blocks, named_graphs, run_query
from g60kg.stores.shipped_graph import shipped_quads, shipped_turtle

if TYPE_CHECKING:
    from rdflib import Dataset

    from g60kg.rdf.bounded_reader import BoundedFile

#: Up to this many quads, reading them one by one is faster than a query.
FEW: Final = 8


class LocalStore(GraphStore):
    """A dataset in Oxigraph, in memory or on disk. Its default graph is the union of all graphs."""

    def __init__(self, store: Store, location: str) -> None:
        self._store = store
        self.location = location
        self._folder: Path | None = None
        self._state: str | None = None
        self._writable = self._is_shared = False
        #: What was read since the last change through this object.
        self._tables: dict[str, Any] = {}

    @classmethod
    def shipped(cls) -> LocalStore:
        """Return the graph of this package, loaded in memory."""
        loaded = cls(Store(), "the shipped graph")
        if package_data.own_instance_files():
            # In memory, a bulk load reserves 200 MB of addresses, which a server limits.
            loaded._store.extend(shipped_quads())
            return loaded
        # File by file takes three quarters of the time of a bulk load of quads (measured).
        for turtle, graph in shipped_turtle():
            loaded._store.load(turtle, format=RdfFormat.TURTLE, to_graph=graph, lenient=True)
        return loaded

    @classmethod
    def at(cls, path: str | Path, *, writable: bool = False) -> LocalStore:
        """Open the store at a path, read-only unless ``writable``; NoStore if the path has none."""
        folder = Path(path)
        try:
            before = fingerprint(folder) if is_store(folder) else None
            found = cls(open_store(folder, writable=writable), str(folder))
            found._folder, found._writable = folder, writable
            if not writable and before == fingerprint(folder):
                found._state = before
        except OSError as error:
            raise access_error(folder, error) from None
        return found

    @classmethod
    @contextmanager
    def creating(cls, path: str | Path) -> Iterator[LocalStore]:
        """Yield a new store, moved to ``path`` if the block succeeds, and else removed.

        Raise NoStore or StoreFailure unless ``path`` is unused or an empty folder.
        """
        folder = Path(realpath(path))
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise no_store_error(Path(path))
        check_new_path(folder)
        with temporary_store(folder, "loading") as aside:
            try:
                made = cls(Store(str(aside)), str(path))
            except (OSError, RuntimeError) as error:
                raise engine_error(str(path), "cannot be written", error) from None
            with closing(made):
                yield made
                made.finish(aside)
            move_into_place(aside, folder)

    @classmethod
    @contextmanager
    def extending(cls, path: str | Path) -> Iterator[LocalStore]:
        """Yield a copy of a store; replace the store by it if the block succeeds, else remove it.

        Other writers are locked out meanwhile; a reader sees the content of the time at which it
        opened the store. Raise UsageError if the folder has other files.
        """
        folder = Path(realpath(path))
        if is_store(folder):
            refuse_foreign(folder)
        with (
            closing(cls.at(folder, writable=True)) as original,
            temporary_store(folder, "loading") as aside,
        ):
            original.copy_to(aside)
            known = (folder / CURRENT).read_bytes()
            with closing(cls(open_store(aside, writable=True), str(path))) as made:
                yield made
                made.finish(aside)
            original.close()
            with exclusive_lock(folder):
                if (folder / CURRENT).read_bytes() != known:
                    raise EngineFailure(f"{folder} was written meanwhile; nothing was loaded.")
                refuse_foreign(folder)
                copy_store_permissions(folder, aside)
                exchange(aside, folder)

    def finish(self, folder: Path) -> None:
        """Write this store to disk, with its file ``g60kg.json``, and close it."""
        try:
            self._store.flush()
            manifest = manifest_of(folder)
            self.close()
            write_integrity_file(folder, manifest)
            LocalStore.at(folder).counts()
        except (OSError, RuntimeError) as error:
            raise engine_error(self.location, "cannot be written", error) from None

    def counts(self) -> Counts:
        """Return the numbers of class members, triples and graphs of the store."""
        if self._folder is None or self._state is None:
            return count(self)
        return cached_counts(self._folder, self._state, lambda: count(self))

    def close(self) -> None:
        """Close the files; the store cannot be used afterwards."""
        store = self.__dict__.pop("_store", None)
        # The engine closes the files when nothing refers to the store: an iterator in a cycle does.
        if self._writable:
            gc.collect()
        lone = object()
        if sys.getrefcount(store) == sys.getrefcount(lone) and self._writable and self._folder:
            with suppress(OSError):
                manifest = manifest_of(self._folder)
                del store
                write_integrity_file(self._folder, manifest)

    def copy_to(self, folder: Path) -> None:
        """Write a copy of the store, with its permissions, to a new folder."""
        try:
            self._store.flush()
            self._store.backup(str(folder))
            (folder / LOCK).touch()  # the engine creates it only when it opens for writing
            write_integrity_file(folder, manifest_of(folder))
            if self._folder is not None:
                copy_store_permissions(self._folder, folder)
        except (OSError, RuntimeError) as error:
            raise engine_error(self.location, "cannot be copied", error) from None

    @classmethod
    def holding(cls, quads: Iterable[Quad], location: str) -> LocalStore:
        """Return a new store in memory with the quads; ``location`` is its name in messages."""
        held = cls(Store(), location)
        held.extend(quads)
        return held

    @property
    def is_in_memory(self) -> bool:
        """Whether the store is in memory, or is being created or extended on disk."""
        return self._folder is None

    def in_memory(self, at_most: int) -> LocalStore:
        """Return a copy in memory; this store itself if in memory or above ``at_most`` quads."""
        if self._folder is None or len(self) > at_most:
            return self
        return self.holding(self.quads(), self.location)

    def __len__(self) -> int:
        return len(self._store)

    def bulk_load(
        self, reader: BoundedFile, rdf_format: RdfFormat, graph: NamedNode | None = None
    ) -> None:
        """Bulk-load the content of a reader, into ``graph`` if given, and close the reader."""
        with closing(reader), self._writing():
            self._store.bulk_load(cast(IO[bytes], reader), format=rdf_format, to_graph=graph)

    def bulk_extend(self, quads: Iterable[Quad]) -> None:
        """Add quads with the bulk loader, without holding all of them in memory."""
        with self._writing():
            self._store.bulk_extend(quads)

    def clear(self, graph: NamedNode | DefaultGraph) -> None:
        """Remove all quads of a graph; its name remains in the store."""
        with self._writing():
            self._store.clear_graph(graph)

    def cached(self, name: str, read: Callable[[], Found]) -> Found:
        """Return the result of ``read``, cached by ``name`` until this object changes the store."""
        if name not in (tables := self._tables) or self._is_shared:
            tables[name] = read()
        return cast(Found, tables[name])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise engine_error(self.location, "could not be written", error) from None
        finally:
            # What another thread reads meanwhile goes into the old tables.
            self._tables = {}

    def query(self, text: str, dataset: QueryDataset | None = None) -> QueryResult:
        """Return the result of one query; see :meth:`GraphStore.query`."""
        return run_query(self._store, text, dataset)

    def query_canned(self, text: str, template: str | None = None) -> QueryResult:
        """Return the result of a canned query; its unbound ``template`` decides on the history."""
        return run_query(self._store, text, template=template or text)

    def change(self, removed: Collection[Quad], added: Collection[Quad]) -> None:
        """Remove and add quads in one transaction: all or nothing.

        Raises:
            EngineFailure: it could not be written; the store is unchanged.
        """
        try:
            if not removed:
                self._store.extend(added)
            else:
                drops = (f" ; DROP GRAPH {graph}" for graph in self._emptied(removed, added))
                blank = set(filter(has_blank_node, removed))
                deleted = blocks([quad for quad in removed if quad not in blank])
                self._store.update(
                    f"DELETE DATA {{ {deleted} }} ; {self._without(blank)}"
                    f"INSERT DATA {{ {blocks(added)} }}{''.join(drops)}"
                )
            self._store.flush()
        except (OSError, RuntimeError, ValueError, SyntaxError) as error:
            raise engine_error(self.location, "could not be written", error) from None
        self._tables = {}
        if self._folder is not None:
            write_integrity_file(self._folder)

    def _without(self, blank: set[Quad]) -> str:
        """Return SPARQL updates that remove quads with blank nodes.

        Raise ValueError if other quads of their graphs have blank nodes, too.
        """
        found = []
        for graph in sorted({quad.graph_name for quad in blank}, key=str):
            assert not isinstance(graph, BlankNode)
            if any(has_blank_node(one) and one not in blank for one in self.quads(graph=graph)):
                raise ValueError(f"only some of the blank nodes in {graph} would be removed")
            each = "?s ?p ?o" if graph == DefaultGraph() else f"GRAPH {graph} {{ ?s ?p ?o }}"
            found.append(
                f"DELETE {{ {each} }} WHERE {{ {each} FILTER (isBlank(?s) || isBlank(?o)) }} ; "
            )
        return "".join(found)

    def _emptied(self, removed: Collection[Quad], added: Collection[Quad]) -> set[NamedNode]:
        """Return the named graphs that a change leaves empty, whose names the engine would keep."""
        gone = set(removed)
        graphs = {q.graph_name for q in gone if isinstance(q.graph_name, NamedNode)}
        return {
            graph
            for graph in graphs - {quad.graph_name for quad in added}
            if all(quad in gone for quad in self.quads(graph=graph))
        }

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern; None matches anything."""
        return self._store.quads_for_pattern(subject, predicate, object_, graph)

    def scan(self) -> None:
        """Read two indexes in the engine; raise StoreFailure if a table is damaged.

        It is faster than :meth:`read_all`, but does not read the texts of terms. A query that
        counts does not replace it: on a damaged table it repeats the error without end.
        """
        try:
            used = [row[0] for row in self._select("SELECT DISTINCT ?p { GRAPH ?g { ?s ?p ?o } }")]
            for predicate in used:
                list(self._select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s {predicate} ?o }} }}"))
        except (OSError, RuntimeError) as error:
            raise read_error(error) from None

    def _select(self, text: str, **options: Any) -> QuerySolutions:
        return cast(QuerySolutions, self._store.query(text, **options))

    def read_all(self) -> None:
        """Read each quad, in two orders; raise StoreFailure if a table is damaged."""
        try:
            for predicate in {quad.predicate for quad in self.quads()}:
                for _ in self.quads(None, predicate):
                    pass
        except (OSError, RuntimeError) as error:
            raise read_error(error) from None

    def objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> Set[Term]:
        """Return the distinct objects that a subject has for a predicate, in all graphs."""
        quads = self._store.quads_for_pattern(subject, predicate, None)
        found = objects_of(islice(quads, FEW))
        if next(quads, None) is None:
            return found
        # An entity of thousands of sources has its label in each of their graphs: the engine
        # removes the duplicates some twenty times faster than reading them here.
        solutions = self._select(
            "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }",
            use_default_graph_as_union=True,
            substitutions={Variable("s"): subject, Variable("p"): predicate},
        )
        terms = (solution["o"] for solution in solutions)
        return {term for term in terms if isinstance(term, NamedNode | BlankNode | Literal)}

    def dump(self, graph: NamedNode, out: IO[bytes]) -> None:
        """Write a graph as N-Triples, in no order."""
        self._store.dump(out, RdfFormat.N_TRIPLES, from_graph=graph)

    def graph_names(self) -> tuple[NamedNode, ...]:
        """Return the names of the graphs, sorted."""
        return named_graphs(self._store)

    def reasoned_triples(self) -> list[Triple]:
        """Return the triples for a reasoner, each once: all graphs but shapes and history."""
        return list({q.triple for q in self._store if q.graph_name not in HIDDEN_GRAPHS})

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add quads in one transaction."""
        self._store.extend(quads)
        self._tables = {}

    def dataset(self) -> Dataset:
        """Return an rdflib Dataset over this store, not a copy; its default graph is the union."""
        from g60kg.stores.rdflib_view import dataset_over

        # A program may write to it, which this object does not see.
        self._is_shared = True
        return dataset_over(self._store)


def stated_pairs(
    store: GraphStore, predicate: NamedNode
) -> Iterator[tuple[NamedNode | BlankNode | Triple, Term]]:
    """Yield each distinct pair of subject and object of a predicate, over all graphs."""
    if isinstance(store, LocalStore):
        # The engine removes duplicates some ten times faster than reading them here.
        for subject, value in rows(store, f"SELECT DISTINCT ?s ?o {{ ?s {predicate} ?o }}"):
            yield cast(NamedNode, subject), cast(Term, value)
    else:
        quads = store.quads(None, predicate, None)
        yield from dict.fromkeys((quad.subject, cast(Term, quad.object)) for quad in quads)


def has_blank_node(quad: Quad) -> bool:
    """Return whether subject or object of a quad is a blank node."""
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
