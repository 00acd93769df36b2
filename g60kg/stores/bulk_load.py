"""The bulk way into a store on disk: fast, all files or none, nothing validated.

A file goes from the disk through the engine's bulk loader, and is never held as a whole. A new
store is made beside its path, a store that is there is grown as a copy beside it; either takes its
place when all files are in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from g60kg.errors import UnreadableInput
from g60kg.formats import rdf_format_of
from g60kg.namespaces import PREFIXES, graph_name, slug
from g60kg.rdf.bounded_reader import BoundedFile
from g60kg.rdf.rdf_files import read_rdf
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.disk_folder import recover
from g60kg.stores.local_store import LocalStore

#: Told of a file, and of the bytes that were taken from it so far.
Progress = Callable[[Path, int], None]

_DATASETS: Final = (RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.JSON_LD)
#: Characters of what the parser says: it repeats what it cannot read, however long.
_LONGEST_REASON: Final = 300


def load_files(
    path: Path,
    files: Sequence[Path],
    *,
    empty: bool = False,
    progress: Progress | None = None,
) -> int:
    """Loads RDF files into the store at a path, all of them or none; the quads that were added.

    A new store gets the shipped graph first, unless ``empty``.

    Args:
        path: the store's folder.
        files: RDF in any format, ``.gz`` too.
        empty: whether a new store does without the shipped graph.
        progress: called as a file is read.

    Raises:
        UnreadableInput, UsageError: a file that cannot be read; the store is as it was.
        NoStore: something that is no store is at the path.
        EngineFailure: the store cannot be opened or written.
    """
    for file in files:
        rdf_format_of(file)
    recover(path.absolute())
    if not LocalStore.is_at(path):
        with LocalStore.in_the_making(path) as store:
            if not empty:
                store.load_shipped()
            for file in files:
                _load(store, file, progress)
            return len(store)
    if not files:
        LocalStore.at(path).close()  # which tells what is in the way
        return 0
    with LocalStore.growing(path) as store:
        before = len(store)
        for file in files:
            _load(store, file, progress)
        return len(store) - before


def _load(store: LocalStore, file: Path, progress: Progress | None) -> None:
    rdf_format = rdf_format_of(file)
    of_no_graph = DefaultGraph()
    try:
        if rdf_format not in _DATASETS:
            graph = _graph_of_file(file)
            store.bulk_load(_reader(file, progress), rdf_format, graph)
        elif any(store.quads(graph=of_no_graph)):
            # Some program put quads into no graph; those of this file must not be mixed with them.
            graph = _graph_of_file(file)
            store.bulk_extend(_placed(_parsed(file, progress), graph))
        else:
            store.bulk_load(_reader(file, progress), rdf_format)
            if any(store.quads(graph=of_no_graph)):
                store.bulk_extend(_placed(store.quads(graph=of_no_graph), _graph_of_file(file)))
                store.clear(of_no_graph)
    except SyntaxError as error:
        raise _refused(file, error) from None
    except MemoryError:
        raise UnreadableInput("a literal too long for the parser", file=str(file)) from None


def _reader(file: Path, progress: Progress | None) -> BoundedFile:
    tell = None if progress is None else lambda taken: progress(file, taken)
    return BoundedFile(file, rdf_format_of(file), tell)


def _parsed(file: Path, progress: Progress | None = None) -> Iterator[Quad]:
    with closing(_reader(file, progress)) as reader:
        yield from parse(
            cast(IO[bytes], reader), format=rdf_format_of(file), rename_blank_nodes=True
        )


def _graph_of_file(file: Path) -> NamedNode:
    """What :func:`graph_of` says, from a first pass that ends as soon as two sources speak."""
    return graph_of(_parsed(file), file)


def _refused(file: Path, error: SyntaxError) -> UnreadableInput:
    """What is wrong with a file, in the words that every other command has for it."""
    try:
        read_rdf(file)
    except UnreadableInput as told:
        # A file too large for the other commands is told of by what the parser said.
        if not told.reason.startswith("larger than"):
            return told
    _, _, rest = str(error.msg).partition(": ")
    reason = excerpt(rest or str(error.msg), _LONGEST_REASON)
    return UnreadableInput(reason, file=str(file), line=error.lineno, column=error.offset)


def in_graphs(
    quads: Sequence[Quad], file: Path, home: Callable[[NamedNode], NamedNode] = lambda graph: graph
) -> list[Quad]:
    """The quads, those of no named graph put in the graph of the source they speak for.

    Args:
        quads: what the file states.
        file: the file.
        home: gives the graph that holds a source, by the graph of the source's name.
    """
    return list(_placed(quads, home(graph_of(quads, file))))


def _placed(quads: Iterable[Quad], graph: NamedNode) -> Iterator[Quad]:
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            yield quad
        else:
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def graph_of(quads: Iterable[Quad], file: Path) -> NamedNode:
    """The named graph for a file of triples: that of its Facts' source, else of the file's name."""
    facts = PREFIXES["fact"]
    sources: set[str] = set()
    for quad in quads:
        subject = quad.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(facts):
            sources.add(subject.value.removeprefix(facts).rpartition("-")[0])
            if len(sources) > 1:
                break
    if len(sources) == 1 and (source := sources.pop()):
        return graph_name(source)
    return graph_name(slug(file.name.removesuffix(".gz").rpartition(".")[0]) or "loaded")
