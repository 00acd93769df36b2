"""Jobs while a writer replaces files of the store, or the folder of texts is removed."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from weakref import ref

import pytest
from pyoxigraph import Literal, Quad

from g60kg.errors import StoreFailure
from g60kg.namespaces import LABEL, entity, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.fact_check import check
from g60kg.web.views.pages.entity_pages import resource_view
from g60kg.web.views.pages.home_page import home
from tests.conftest import ROOT

LABEL_OF_X = Quad(entity("x"), LABEL, Literal("X", language="en"), graph_name("1"))
FACTS = ROOT / "examples" / "sample-facts.csv"


@pytest.fixture
def store(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(open_graph, "_opened", [])
    monkeypatch.setattr(open_graph, "_watching", [])
    open_graph.open_for(Settings(store=own_store))
    return own_store


def add_label(path: Path) -> None:
    with closing(LocalStore.at(path, writable=True)) as writer:
        writer.extend([LABEL_OF_X])


@pytest.mark.parametrize(
    "error",
    [
        StoreFailure("A file is missing."),
        # What the engine raises while quads are read, with the path of a file of the store.
        FileNotFoundError("IO error: No such file or directory: While open a file: {}/000007.sst"),
        RuntimeError("Corruption: truncated block read from {}/000007.sst offset 5, expected 9"),
    ],
)
def test_it_runs_again_on_the_new_version(store: Path, error: Exception) -> None:
    def job() -> bool:
        if LABEL_OF_X not in open_graph.current().store.quads(entity("x")):
            add_label(store)
            raise type(error)(str(error).format(store))
        return True

    assert open_graph.run_with_version(job)[0]


@pytest.mark.usefixtures("store")
def test_a_store_that_did_not_change_is_a_failure() -> None:
    calls: list[int] = []

    def job() -> None:
        calls.append(1)
        raise StoreFailure("A file is missing.")

    with pytest.raises(StoreFailure):
        open_graph.run_with_version(job)
    assert len(calls) == 1


def test_a_changed_graph_is_read_after_the_folder_of_texts_was_removed(
    store: Path, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    open_graph.open_for(Settings(store=store, articles=texts))
    texts.rmdir()
    add_label(store)
    assert open_graph.run_with_version(
        lambda: LABEL_OF_X in open_graph.current().store.quads(entity("x"))
    )[0]
    assert open_graph.run_with_version(lambda: open_graph.current().texts)[0] == {}


def read_in_server() -> LocalStore:
    """Return the graph that lookups of a server process read, after it was copied."""
    open_graph.refresh()
    for thread in threading.enumerate():
        if thread.name == open_graph.COPYING:
            thread.join()
    return open_graph.current().store


@pytest.mark.long
def test_lookups_read_a_copy_of_a_small_graph_in_memory(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk = set(open_graph.current().store.quads())
    open_at = LocalStore.at
    opened: list[ref[LocalStore]] = []

    def at(path: Path, **options: bool) -> LocalStore:
        found = open_at(path, **options)
        opened.append(ref(found))
        return found

    monkeypatch.setattr(LocalStore, "at", at)
    open_graph.open_for(Settings(store=store), in_server=True)
    copied = read_in_server()
    assert [one() for one in opened] == [None], "the files are still open"
    assert set(copied.quads()) == on_disk
    add_label(store)
    changed = read_in_server()
    assert changed is not copied
    assert set(changed.quads()) == on_disk | {LABEL_OF_X}


def test_lookups_read_a_large_graph_on_disk(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_graph, "MOST_IN_MEMORY", len(open_graph.current().store) - 1)
    open_graph.open_for(Settings(store=store), in_server=True)
    assert open_graph.current().store is read_in_server()


def test_a_graph_that_cannot_be_copied_is_read_on_disk(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: LocalStore, at_most: int) -> LocalStore:
        raise OSError(f"Corruption: {at_most}")

    monkeypatch.setattr(LocalStore, "in_memory", fail)
    open_graph.open_for(Settings(store=store), in_server=True)
    assert open_graph.current().store is read_in_server()


@pytest.mark.long
@pytest.mark.parametrize(
    "job",
    [
        partial(home, "en"),
        partial(resource_view, "en", entity("tencent").value),
        partial(check, [(FACTS.name, FACTS.read_bytes())], "en"),
    ],
)
def test_a_replaced_store_is_closed_at_once(store: Path, job: Callable[[], object]) -> None:
    with closing(LocalStore.at(store, writable=True)) as writer:
        gc.disable()
        try:
            open_graph.run_with_version(job)
            before = ref(open_graph.current().store)
            writer.change([], [LABEL_OF_X])
            open_graph.run_with_version(lambda: None)
            assert before() is None
        finally:
            gc.enable()


@pytest.mark.usefixtures("store")
def test_another_error_of_a_job_is_not_an_error_of_the_store() -> None:
    def job() -> None:
        raise RuntimeError("a mistake in a job")

    with pytest.raises(RuntimeError, match="a mistake"):
        open_graph.run_with_version(job)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("kind", [StoreFailure, open_graph.NeedsProcess])
def test_an_iteration_that_failed_ends_in_its_thread(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)

    def job() -> None:
        quads = open_graph.current().store.quads(entity("hangzhou"))
        next(iter(quads))
        raise kind("A file is damaged.")

    with ThreadPoolExecutor(1) as thread:
        error = thread.submit(open_graph.run_with_version, job).exception()
    assert isinstance(error, kind)
    del error
    gc.collect()
    assert unraisable == []
