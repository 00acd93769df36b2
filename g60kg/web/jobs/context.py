"""What a worker process has open."""

from __future__ import annotations

import multiprocessing
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing.connection import wait
from pathlib import Path

from g60kg import paths
from g60kg.errors import G60kgError
from g60kg.quotes import Labels
from g60kg.resolve import Resolver
from g60kg.sources import Text, texts_in
from g60kg.stores.folder import fingerprint, written_at
from g60kg.stores.local import LocalStore
from g60kg.stores.watching import Watch
from g60kg.stores.whole import check
from g60kg.vocabulary import Vocabulary
from g60kg.web.settings import Settings


@dataclass(frozen=True)
class Context:
    """The graph, the names in it, and the article texts at hand.

    Attributes:
        settings: how the server is run.
        store: the graph, open for reading.
        state: another text after any write to the store; empty for the shipped graph.
        modified: when the graph was last written, in seconds since 1970.
        texts: article texts by digest.
    """

    settings: Settings
    store: LocalStore
    state: str = ""
    modified: float = 0.0
    texts: dict[str, Text] = field(default_factory=dict)
    _labels: dict[str, Labels] = field(default_factory=dict)

    @cached_property
    def resolver(self) -> Resolver:
        """Finds what names mean."""
        return Resolver(self.store)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names of classes and properties."""
        return Vocabulary(self.store)

    def labels(self, language: str) -> Labels:
        """The labels in a language; each is looked up once."""
        return self._labels.setdefault(language, Labels(self.store, language))


_open: list[Context] = []
_watching: list[Watch] = []


def open_for(settings: Settings) -> None:
    """Opens the graph; what a process does first."""
    _limit_memory(settings.memory_limit)
    _watching[:] = [] if settings.store is None else [Watch(settings.store)]
    _open[:] = [_opened(settings)]


def _limit_memory(most: int) -> None:
    # Not every system has limits, and not every one that has them can set this one.
    with suppress(ImportError, OSError, ValueError):
        import resource

        if most:
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def refresh() -> None:
    """Opens the graph anew where another program has written to it."""
    context = current()
    try:
        for watch in _watching:
            if watch.state() != context.state:
                _open[:] = [_opened(context.settings)]
    except (OSError, G60kgError):
        # Another program may be about to put a new one in its place: what is open stays good.
        return


def current() -> Context:
    """What this process has open."""
    (context,) = _open
    return context


def ready() -> bool:
    """Whether this process has the graph open; raises EngineFailure where its files are damaged."""
    store = current().settings.store
    if store is not None:
        check(store)
    return True


def end_with_parent() -> None:
    """Lets this process end as soon as the server has, even one that was killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _opened(settings: Settings) -> Context:
    texts = texts_in(settings.articles) if settings.articles is not None else {}
    path = settings.store
    if path is None:
        files: tuple[Path, ...] = (*paths.ontology_files(), *paths.shape_files())
        files += paths.instance_files()
        modified = max(file.stat().st_mtime for file in files)
        return Context(settings, LocalStore.shipped(), modified=modified, texts=texts)
    state, modified = fingerprint(path), written_at(path)
    return Context(settings, LocalStore.at(path), state, modified, texts)
