"""Bulk load of files into a store on disk: fast, all files or none, without validation.

The engine's bulk loader streams each file. A new store, or a copy of the existing one, is written
in a folder beside the path and moved to it when all files are loaded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from g60kg.errors import UnreadableInput
from g60kg.formats import rdf_format_of
from g60kg.namespaces import PREFIXES, A, graph_name, slug
from g60kg.rdf.bounded_reader import BoundedFile
from g60kg.rdf.input_limits import EXPANSION, MAX_TERMS
from g60kg.rdf.rdf_files import LONGEST_REASON, read_rdf
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.disk import is_store, recover
from g60kg.stores.local_store import LocalStore
from g60kg.stores.shipped_graph import shipped_quads

#: Called with a file and the number of bytes read from it so far.
Progress = Callable[[Path, int], None]

_DATASETS: Final = (RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.JSON_LD)


def load_files(
    path: Path, files: Sequence[Path], *, empty: bool = False, progress: Progress | None = None
) -> int | None:
    """Load RDF files into the store at a path, all or none; return the number of new quads.

    A new store gets the shipped graph first, and its quads count, unless ``empty``. Without files,
    an existing store is only opened and closed, and None is returned. ``progress`` gets each file
    and the bytes read.

    Raises:
        UnreadableInput, UsageError: a file cannot be read; the store is unchanged.
        NoStore: the path exists, and is neither a store nor an empty folder.
        EngineFailure: the store cannot be opened or written.
    """
    for file in files:
        rdf_format_of(file)
    recover(path.absolute())
    if not is_store(path):
        with LocalStore.creating(path) as store:
            if not empty:
                # One bulk load: on disk, each writes and syncs files of its own.
                store.bulk_extend(shipped_quads())
            for file in files:
                _load(store, file, progress)
            return len(store)
    if not files:
        LocalStore.at(path).close()  # reports what prevents its opening
        return None
    with LocalStore.extending(path) as store:
        before = len(store)
        for file in files:
            _load(store, file, progress)
        return len(store) - before


def _load(store: LocalStore, file: Path, progress: Progress | None) -> None:
    rdf_format = rdf_format_of(file)
    default_graph = DefaultGraph()
    try:
        if rdf_format not in _DATASETS:
            graph = _graph_of_file(file)
            store.bulk_load(_reader(file, progress), rdf_format, graph)
        elif rdf_format == RdfFormat.JSON_LD or any(store.quads(graph=default_graph)):
            # The expansion of prefixes in JSON-LD is limited here, not by the engine. Or another
            # program put quads into the default graph: do not mix this file's with them.
            graph = _graph_of_file(file)
            store.bulk_extend(placed(_parsed(file, progress), graph))
        else:
            store.bulk_load(_reader(file, progress), rdf_format)
            if any(store.quads(graph=default_graph)):
                store.bulk_extend(placed(store.quads(graph=default_graph), _graph_of_file(file)))
                store.clear(default_graph)
    except SyntaxError as error:
        raise _refused(file, error) from None
    except MemoryError:
        raise UnreadableInput("a literal too long for the parser", file=str(file)) from None


def _reader(file: Path, progress: Progress | None) -> BoundedFile:
    report = None if progress is None else lambda size: progress(file, size)
    return BoundedFile(file, rdf_format_of(file), report)


def _parsed(file: Path, progress: Progress | None = None) -> Iterator[Quad]:
    expanded = 0
    with closing(_reader(file, progress)) as reader:
        for quad in parse(
            cast(IO[bytes], reader), format=rdf_format_of(file), rename_blank_nodes=True
        ):
            expanded += len(str(quad))
            if expanded > (most := MAX_TERMS + EXPANSION * reader.length):
                reason = f"larger than {most:,} characters with prefixes expanded"
                raise UnreadableInput(reason, file=str(file))
            yield quad


def _graph_of_file(file: Path) -> NamedNode:
    return graph_of(_parsed(file), file)


def _refused(file: Path, error: SyntaxError) -> UnreadableInput:
    try:
        read_rdf(file)
    except UnreadableInput as unreadable:
        # For a file too large for the other commands, use the parser's message.
        if not unreadable.reason.startswith("larger than"):
            return unreadable
    _, _, rest = str(error.msg).partition(": ")
    reason = excerpt(rest or str(error.msg), LONGEST_REASON)
    return UnreadableInput(reason, file=str(file), line=error.lineno, column=error.offset)


def placed(quads: Iterable[Quad], graph: NamedNode) -> Iterator[Quad]:
    """Yield the quads; those of the default graph are moved to a graph."""
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            yield quad
        else:
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def graph_of(quads: Iterable[Quad], file: Path) -> NamedNode:
    """Return the graph named after the only source in a file of triples, else after the file.

    The IRI of a fact names its source. The sources of facts that get a class in the file count. If
    there are no such facts, the sources of all facts count; if there are no facts, the articles
    that get a class count. If that is not exactly one source, the graph has the slug of the file
    name, or ``loaded`` if the slug is empty.
    """
    facts, article = PREFIXES["fact"], PREFIXES["id"] + "article-"
    own: set[str] = set()
    sources: set[str] = set()
    articles: set[str] = set()
    for quad in quads:
        name = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
        if name.startswith(facts):
            source = name.removeprefix(facts).rpartition("-")[0]
            sources.add(source)
            if quad.predicate == A:
                own.add(source)
            if len(own) > 1:
                break
        elif name.startswith(article) and quad.predicate == A and len(articles) < 2:
            articles.add(name.removeprefix(article))
    sources = own or sources or articles
    if len(sources) == 1 and (source := sources.pop()):
        return graph_name(source)
    return graph_name(slug(file.name.removesuffix(".gz").rpartition(".")[0]) or "loaded")
