"""The graph that jobs read, opened in the server process and in each worker process."""

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice
from traceback import clear_frames
from typing import Any, Final, TypeVar
from weakref import ref

from pyoxigraph import NamedNode

from g60kg import package_data
from g60kg.errors import EngineFailure, G60kgError, StoreFailure
from g60kg.model.article_text import Text, texts_in
from g60kg.model.evidence_lookup import Labels
from g60kg.model.names import Names
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import FACT_PREDICATE
from g60kg.queries.ask.understanding import Interpreter
from g60kg.queries.parameters import Resolver
from g60kg.stores.base import GraphStore
from g60kg.stores.change_detection import FingerprintCache, fingerprint, size_of, written_at
from g60kg.stores.integrity import check_present, query_error
from g60kg.stores.local_store import LocalStore
from g60kg.web.server_settings import Settings

Result = TypeVar("Result")
Job = TypeVar("Job", bound=Callable[..., Any])

#: The most quads from or to a node that is read in the server process.
MOST_LINKS: Final = 300
#: The most quads of a store that the server process copies into memory: some 100 MB.
MOST_IN_MEMORY: Final = 250_000
#: The most bytes of its files: 190 a quad are usual, and a store with far more is not read at all.
_MOST_BYTES: Final = 400 * MOST_IN_MEMORY
#: The name of the thread that copies.
COPYING: Final = "copy of the graph"
#: The most nodes in the cache of sizes.
_REMEMBERED: Final = 100_000

#: The most entities that are cached by the names they were found by.
_MOST_FOUND: Final = 10_000

#: Jobs that read one entity by the indexes, so that the server process runs them.
LOOKUPS: Final[set[Callable[..., Any]]] = set()


def lookup(job: Job) -> Job:
    """Register a job that the server process runs itself, because it reads only by an index.

    The job may raise NeedsProcess.
    """
    LOOKUPS.add(job)
    return job


class NeedsProcess(Exception):
    """A job would read too much for the server process; a worker process must run it."""


class _IndexedResolver(Resolver):
    """Resolves names by the store's indexes; raises NeedsProcess where it needs all names.

    The entities that were found last are cached, as the graph does not change.
    """

    @cached_property
    def _found(self) -> Callable[[str, str | None], NamedNode]:
        return lru_cache(_MOST_FOUND)(super().entity)

    def entity(self, text: str, of_class: str | None = None) -> NamedNode:
        return self._found(text, of_class)

    def all_names(self) -> Names:
        raise NeedsProcess


class _SharingResolver(Resolver):
    """Resolves names of one version of the graph, whose names it reads only once."""

    @cached_property
    def names(self) -> Names:
        return super().all_names()

    def all_names(self) -> Names:
        return self.names


@dataclass(frozen=True)
class Context:
    """An open version of the graph, with its names and the available article texts.

    Attributes:
        state: the identifier of the store's version; empty for the shipped graph.
        modified: when the graph was last written, in seconds since 1970.
        in_server: whether jobs run in the server process.
    """

    settings: Settings
    store: LocalStore
    state: str = ""
    modified: float = 0.0
    in_server: bool = False
    _labels: dict[str, Labels] = field(default_factory=dict)

    @cached_property
    def resolver(self) -> Resolver:
        """The resolver of entity names.

        In the server process, it raises NeedsProcess where it needs all names.
        """
        return (_IndexedResolver if self.in_server else _SharingResolver)(self.store)

    @cached_property
    def interpreter(self) -> Interpreter:
        """The interpreter of questions; raises NeedsProcess in the server process."""
        self.need_process()
        return Interpreter(self.store)

    @cached_property
    def texts(self) -> dict[str, Text]:
        """The article texts by the SHA-256 digest of their content; empty without a folder."""
        folder = self.settings.articles
        # The command has reported unreadable texts, once for all processes.
        return texts_in(folder, lambda _: None) if folder and folder.is_dir() else {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The classes, properties and measures of the graph, with their names."""
        return Vocabulary(self.store)

    def labels(self, language: str) -> Labels:
        """Return the labels in a language, shared by all jobs on this version of the graph."""
        if language not in self._labels:
            self._labels[language] = Labels(self.store, language)
        return self._labels[language]

    def need_process(self) -> None:
        """Raise NeedsProcess in the server process; do nothing in a worker process."""
        if self.in_server:
            raise NeedsProcess

    def need_process_unless_small(self, *nodes: NamedNode) -> None:
        """Raise NeedsProcess in the server process if a node has more than MOST_LINKS quads.

        Its quads as subject and as object are counted separately.
        """
        if self.in_server and not all(map(self._is_small, nodes)):
            raise NeedsProcess

    @cached_property
    def _is_small(self) -> Callable[[NamedNode], bool]:
        store = self.store

        @lru_cache(_REMEMBERED)
        def is_small(node: NamedNode) -> bool:
            both = store.quads(node), store.quads(None, None, node)
            return all(next(islice(quads, MOST_LINKS, None), None) is None for quads in both)

        return is_small


_opened: list[Context] = []
_watching: list[FingerprintCache] = []
_opening: Final = threading.Lock()
_of_job: Final = threading.local()


def open_for(settings: Settings, *, in_server: bool = False) -> None:
    """Open the graph at the start of a process."""
    _watching[:] = [] if settings.store is None else [FingerprintCache(settings.store)]
    with _opening:
        _opened[:] = [_open(settings, in_server)]


def refresh() -> None:
    """Open the graph again if another program has written to the store.

    If that fails, the open version stays in use.
    """
    with _opening:
        try:
            for watch in _watching:
                if watch.state() != _opened[0].state:
                    before = ref(_opened[0].store)
                    _opened[:] = [_open(_opened[0].settings, _opened[0].in_server)]
                    if before() is not None:  # Readers of pages and checks leave cycles of objects.
                        gc.collect()
        except (OSError, G60kgError):
            # Another program may be replacing the store; the open one stays valid.
            return


def run_in_memory(job: Callable[[], Result]) -> tuple[Result, str] | None:
    """Run a job over the copy in memory; return its result and the identifier of the version.

    None if there is no copy, or if the store has changed since.
    """
    context = _opened[0]
    try:
        unchanged = all(watch.state() == context.state for watch in _watching)
    except OSError:  # another program is replacing the store
        return None
    if not (unchanged and context.store.is_in_memory):
        return None
    _of_job.context = context
    try:
        return job(), context.state
    finally:
        del _of_job.context


def run_with_version(job: Callable[[], Result]) -> tuple[Result, str]:
    """Run a job on the current version of the graph; return its result and the version identifier.

    If the store cannot be read and has changed meanwhile, the job runs once more.
    """
    refresh()
    _of_job.context = context = _opened[0]
    try:
        return job(), context.state
    except Exception as error:
        # An iteration of the engine, which the frames hold, may end in this thread only.
        clear_frames(error.__traceback__)
        if not isinstance(error, (EngineFailure, OSError, RuntimeError)):
            raise
        # The engine's own errors while quads are read; those of queries are converted.
        failure = error if isinstance(error, EngineFailure) else query_error(error)
        if failure is not error and not isinstance(failure, StoreFailure):
            raise
        refresh()
        if _opened[0] is context:
            raise failure from None
        _of_job.context = context = _opened[0]
        return job(), context.state
    finally:
        del _of_job.context


def with_version(job: Callable[[], Result]) -> tuple[Result, str]:
    """Run a job on the open version of the graph; return its result and the version identifier."""
    return job(), current().state


def current() -> Context:
    """Return the open graph of the job that runs in this thread; without a job, the latest one."""
    context: Context = getattr(_of_job, "context", None) or _opened[0]
    return context


def facts_with(store: GraphStore, part: NamedNode, node: NamedNode) -> list[NamedNode]:
    """Return the Facts with a node as ``part``, their subject or value, sorted by property IRI."""

    def order(fact: NamedNode) -> str:
        return min(map(str, store.objects(fact, FACT_PREDICATE)), default="")

    return sorted(store.subjects(part, node), key=order)


def read_names() -> None:
    """Read the vocabulary, all names and the vocabulary of questions, which later jobs share."""
    context = current()
    _ = context.vocabulary.properties, context.vocabulary.measures
    _ = context.resolver.names, context.resolver.texts, context.interpreter.lexicon.vocabulary


def read_quads() -> None:
    """Read all quads; raise StoreFailure if some are damaged."""
    current().store.read_all()


@lookup
def ready() -> bool:
    """Return True; raise EngineFailure if the store's files are missing or incomplete."""
    store = current().settings.store
    if store is not None:
        check_present(store)
    return True


def _open(settings: Settings, in_server: bool) -> Context:
    path = settings.store
    if path is None:
        return Context(settings, LocalStore.shipped(), "", package_data.written_at(), in_server)
    state, modified = fingerprint(path), written_at(path)
    context = Context(settings, LocalStore.at(path), state, modified, in_server)
    if in_server and size_of(path) <= _MOST_BYTES:
        threading.Thread(target=_read_into_memory, args=[context], name=COPYING).start()
    return context


def _read_into_memory(context: Context) -> None:
    """Replace the store of an open graph by a copy in memory, if the graph is small."""
    try:
        store = context.store.in_memory(MOST_IN_MEMORY)
    except (EngineFailure, OSError, RuntimeError):
        return  # The files are damaged, which requests for them report, or have been replaced.
    if store is not context.store:
        with _opening:
            if _opened == [context]:
                _opened[:] = [replace(context, store=store, _labels={})]
        gc.collect()  # Cycles of objects keep the files open.
