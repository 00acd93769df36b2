"""The embedded store: Oxigraph, in memory or on disk. The one place that opens it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

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
from g60kg.namespaces import (
    HISTORY_GRAPH,
    ONTOLOGY_GRAPH,
    RESERVED_GRAPHS,
    SHAPES_GRAPH,
    graph_name,
)
from g60kg.stores.base import QueryResult, Term, objects_of
from g60kg.stores.disk_folder import (
    beside,
    closed_to_others,
    exchange,
    fingerprint,
    is_store,
    keep_census,
    keep_rights_of,
    kept_census,
    need_folder_of,
    no_store,
    put,
    refuse_foreign,
)
from g60kg.stores.disk_opening import opened
from g60kg.stores.integrity import (
    CURRENT,
    failed,
    manifest_of,
    mark,
    unopened,
)
from g60kg.stores.query_dataset import QueryDataset, ask, named_graphs
from g60kg.stores.store_counts import Counts, count

if TYPE_CHECKING:
    from rdflib import Dataset

    from g60kg.rdf.bounded_reader import BoundedFile

#: Quads that are read one by one sooner than a query is started.
FEW: Final = 8


class LocalStore:
    """A dataset in Oxigraph. Its default graph is the union of its named graphs."""

    def __init__(self, store: Store, location: str) -> None:
        self._store = store
        self._location = location
        self._folder: Path | None = None
        self._state: str | None = None
        self._writable = False

    @classmethod
    def shipped(cls) -> LocalStore:
        """The graph that comes with this package, loaded in memory."""
        loaded = cls(Store(), "the shipped graph")
        loaded.load_shipped()
        return loaded

    @classmethod
    def is_at(cls, path: str | Path) -> bool:
        """Whether a store lies at that path."""
        return is_store(Path(path))

    @classmethod
    def at(cls, path: str | Path, *, writable: bool = False) -> LocalStore:
        """The store on disk at that path, open for reading unless it is to be written.

        Raises:
            NoStore: nothing is there, or what is there is no store.
            EngineFailure: it is there but cannot be opened; another process may be writing it.
        """
        folder = Path(path)
        try:
            before = fingerprint(folder) if is_store(folder) else None
            found = cls(opened(folder, writable=writable), str(folder))
            found._folder, found._writable = folder, writable
            if not writable and before == fingerprint(folder):
                found._state = before
        except OSError as error:
            raise unopened(folder, error) from None
        return found

    @classmethod
    def create(cls, path: str | Path, *, shipped: bool = True) -> LocalStore:
        """A new store on disk, with the shipped graph in it unless told otherwise.

        Raises:
            NoStore: something else is at that path.
            EngineFailure: it cannot be written.
        """
        with cls.in_the_making(path) as made:
            if shipped:
                made.load_shipped()
        return cls.at(path, writable=True)

    @classmethod
    @contextmanager
    def in_the_making(cls, path: str | Path) -> Iterator[LocalStore]:
        """A new store that lies at the path when the block has ended well, and else nowhere.

        Raises:
            NoStore: something else is at that path.
            EngineFailure: it cannot be written.
        """
        folder = Path(path).resolve()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise no_store(Path(path))
        need_folder_of(folder)
        with beside(folder, "loading") as aside:
            try:
                made = cls(Store(str(aside)), str(path))
            except (OSError, RuntimeError) as error:
                raise failed(str(path), "cannot be written", error) from None
            with closing(made):
                yield made
                made.finish(aside)
            put(aside, folder)

    @classmethod
    @contextmanager
    def growing(cls, path: str | Path) -> Iterator[LocalStore]:
        """A copy of a store that takes its place when the block has ended well, and else is gone.

        The copy shares the files of the original where the file system can link them. Other
        writers are kept out meanwhile; readers see what was there when they opened it.

        Raises:
            NoStore, EngineFailure: as :meth:`at`; or another process wrote to the store meanwhile.
            UsageError: the folder holds what is not the store's, and would be lost.
        """
        folder = Path(path).resolve()
        if is_store(folder):
            refuse_foreign(folder)
        with closing(cls.at(folder, writable=True)) as original, beside(folder, "loading") as aside:
            original.copy_to(aside)
            known = (folder / CURRENT).read_bytes()
            with closing(cls(opened(aside, writable=True), str(path))) as made:
                yield made
                made.finish(aside)
            original.close()
            with closed_to_others(folder):
                if (folder / CURRENT).read_bytes() != known:
                    raise EngineFailure(f"{folder} was written meanwhile; nothing was loaded.")
                refuse_foreign(folder)
                keep_rights_of(folder, aside)
                exchange(aside, folder)

    def finish(self, folder: Path) -> None:
        """Writes all of the store in that folder to disk, marks it, and closes it."""
        try:
            self._store.flush()
            manifest = manifest_of(folder)
            self.close()
            mark(folder, manifest)
            LocalStore.at(folder).counts()
        except (OSError, RuntimeError) as error:
            raise failed(self._location, "cannot be written", error) from None

    def counts(self) -> Counts:
        """How many members each class has, and how many triples there are; kept beside the store.

        What was counted is good for as long as nothing has been written, by whatever program.
        """
        if self._folder is None or self._state is None:
            return count(self)
        kept = Counts.from_json(kept_census(self._folder, self._state))
        if kept is None:
            kept = count(self)
            keep_census(self._folder, self._state, kept.to_json())
        return kept

    def close(self) -> None:
        """Close the files, and mark a store that was open for writing; it is of no use then."""
        store = self.__dict__.pop("_store", None)
        # The engine closes the files when nothing refers to the store any more.
        lone = object()
        if sys.getrefcount(store) == sys.getrefcount(lone) and self._writable and self._folder:
            with suppress(OSError):
                manifest = manifest_of(self._folder)
                del store
                mark(self._folder, manifest)

    def copy_to(self, folder: Path) -> None:
        """Puts a store of its own, with the same content, into a new folder.

        Raises:
            EngineFailure: it cannot be written.
        """
        try:
            self._store.flush()
            self._store.backup(str(folder))
            mark(folder, manifest_of(folder))
            if self._folder is not None:
                keep_rights_of(self._folder, folder)
        except (OSError, RuntimeError) as error:
            raise failed(self._location, "cannot be copied", error) from None

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
        for file in package_data.ontology_files():
            self._load(file, ONTOLOGY_GRAPH)
        for file in package_data.shape_files():
            self._load(file, SHAPES_GRAPH)
        for file in package_data.instance_files():
            self._load(file, graph_name(file.stem))

    def _load(self, file: Path, graph: NamedNode) -> None:
        # Files of our own: parsed without the checks that files of others get.
        with self._writing():
            self._store.bulk_load(
                file.read_bytes(), format=RdfFormat.TURTLE, to_graph=graph, lenient=True
            )

    def bulk_load(
        self, reader: BoundedFile, rdf_format: RdfFormat, graph: NamedNode | None = None
    ) -> None:
        """Loads what a reader gives, by the bulk way, triples into that graph.

        Raises:
            SyntaxError: as the parser has it.
            EngineFailure: it cannot be written.
        """
        with closing(reader), self._writing():
            self._store.bulk_load(cast(IO[bytes], reader), format=rdf_format, to_graph=graph)

    def bulk_extend(self, quads: Iterable[Quad]) -> None:
        """Adds quads by the bulk way: never all of them in memory."""
        with self._writing():
            self._store.bulk_extend(quads)

    def clear(self, graph: NamedNode | DefaultGraph) -> None:
        """Empties a graph."""
        with self._writing():
            self._store.clear_graph(graph)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise failed(self._location, "could not be written", error) from None

    def query(
        self, text: str, dataset: QueryDataset | None = None, base: str | None = None
    ) -> QueryResult:
        """The result of one query; see :meth:`GraphStore.query`.

        Args:
            text: the query.
            dataset: the graphs it is run over, whatever its FROM says; None for what FROM says.
            base: what relative IRIs in it are relative to; None refuses them.
        """
        return ask(self._store, text, dataset, base)

    def query_canned(self, text: str) -> QueryResult:
        """The result of a canned query, whose text needs none of the checks of a user's."""
        return ask(self._store, text, canned=True)

    def change(self, removed: Collection[Quad], added: Collection[Quad]) -> None:
        """Takes quads out and puts others in, in one transaction: all of it or nothing.

        Raises:
            EngineFailure: it could not be written; the store is as it was.
        """
        try:
            if not removed:
                self._store.extend(added)
            else:
                emptied = "".join(
                    f" ; DROP GRAPH {graph}" for graph in self._emptied(removed, added)
                )
                self._store.update(
                    f"DELETE DATA {{ {_blocks(removed)} }} ; "
                    f"INSERT DATA {{ {_blocks(added)} }}{emptied}"
                )
            self._store.flush()
        except (OSError, RuntimeError, ValueError, SyntaxError) as error:
            raise failed(self._location, "could not be written", error) from None
        if self._folder is not None:
            mark(self._folder)

    def _emptied(self, removed: Collection[Quad], added: Collection[Quad]) -> set[NamedNode]:
        """Return the named graphs that a change leaves empty: the engine keeps their names."""
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
        """The quads that fit a pattern; None fits anything."""
        return self._store.quads_for_pattern(subject, predicate, object_, graph)

    def objects(self, subject: NamedNode, predicate: NamedNode) -> Set[Term]:
        """The objects of a subject and a predicate, each once, whatever graphs say so."""
        quads = self._store.quads_for_pattern(subject, predicate, None)
        found = objects_of(islice(quads, FEW))
        if next(quads, None) is None:
            return found
        # What thousands of sources name bears its label in each of their graphs: the engine drops
        # the copies some twenty times sooner than they are read here.
        solutions = cast(
            QuerySolutions,
            self._store.query(
                "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }",
                use_default_graph_as_union=True,
                substitutions={Variable("s"): subject, Variable("p"): predicate},
            ),
        )
        terms = (solution["o"] for solution in solutions)
        return {term for term in terms if isinstance(term, NamedNode | BlankNode | Literal)}

    def expect(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Nothing: what is asked about is at hand."""

    def dump(self, graph: NamedNode, out: IO[bytes]) -> None:
        """Writes a graph as N-Triples, in no order."""
        self._store.dump(out, RdfFormat.N_TRIPLES, from_graph=graph)

    def graph_names(self) -> tuple[NamedNode, ...]:
        """The names of the graphs, sorted."""
        return named_graphs(self._store)

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
