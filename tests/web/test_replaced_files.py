"""Jobs while a writer replaces files of the store, or the folder of texts is removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad

from g60kg.errors import StoreFailure
from g60kg.namespaces import LABEL, entity, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(open_graph, "_opened", [])
    monkeypatch.setattr(open_graph, "_watching", [])
    path = tmp_path / "store"
    LocalStore.create(path).close()
    open_graph.open_for(Settings(store=path))
    return path


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
    label = Quad(entity("x"), LABEL, Literal("X", language="en"), graph_name("1"))

    def job() -> bool:
        if label not in open_graph.current().store.quads(entity("x")):
            writer = LocalStore.at(store, writable=True)
            writer.extend([label])
            writer.close()
            raise type(error)(str(error).format(store))
        return True

    assert open_graph.run(job)


@pytest.mark.usefixtures("store")
def test_a_store_that_did_not_change_is_a_failure() -> None:
    calls: list[int] = []

    def job() -> None:
        calls.append(1)
        raise StoreFailure("A file is missing.")

    with pytest.raises(StoreFailure):
        open_graph.run(job)
    assert len(calls) == 1


def test_a_changed_graph_is_read_after_the_folder_of_texts_was_removed(
    store: Path, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    open_graph.open_for(Settings(store=store, articles=texts))
    texts.rmdir()
    label = Quad(entity("x"), LABEL, Literal("X", language="en"), graph_name("1"))
    writer = LocalStore.at(store, writable=True)
    writer.extend([label])
    writer.close()
    assert open_graph.run(lambda: label in open_graph.current().store.quads(entity("x")))
    assert open_graph.run(lambda: open_graph.current().texts) == {}


@pytest.mark.usefixtures("store")
def test_another_error_of_a_job_is_not_an_error_of_the_store() -> None:
    def job() -> None:
        raise RuntimeError("a mistake in a job")

    with pytest.raises(RuntimeError, match="a mistake"):
        open_graph.run(job)
