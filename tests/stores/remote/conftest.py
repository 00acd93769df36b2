"""Engines with the shipped graph in them, started once for all tests that read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from g60kg.namespaces import HISTORY_GRAPH
from g60kg.stores.local_store import LocalStore
from g60kg.stores.remote.endpoint_store import RemoteStore
from g60kg.stores.remote.graph_publishing import Publisher
from g60kg.stores.remote.http_client import Connection
from g60kg.stores.remote.request_settings import Credentials
from tests.graphs import new_store
from tests.stores.remote.engines import NO_VIRTUOSO, VIRTUOSO, Engine, oxigraph, virtuoso


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials but those of a test, and no proxy on the way to loopback."""
    for name in ("G60KG_USER", "G60KG_PASSWORD", "G60KG_TOKEN", "G60KG_ENDPOINT", "G60KG_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def credentials_of(engine: Engine) -> Credentials:
    """Who may change the engine."""
    user, password = (engine.credentials.get(f"G60KG_{name}") for name in ("USER", "PASSWORD"))
    return Credentials(user, password)


def connection_to(engine: Engine) -> Connection:
    """A connection that may change the engine."""
    return Connection(engine.url, credentials_of(engine))


def publish(source: LocalStore, engine: Engine) -> None:
    """Publishes a store as `push` does."""
    graphs = [name for name in source.graph_names() if name != HISTORY_GRAPH]
    publisher = Publisher(source, RemoteStore(connection_to(engine)))
    assert [done.graph for done in publisher.publish(graphs)] == graphs


@pytest.fixture(scope="session")
def on_oxigraph(tmp_path_factory: pytest.TempPathFactory, store: LocalStore) -> Iterator[Engine]:
    """`oxigraph serve`, in memory, with the shipped graph; nothing else is to change it."""
    folder = tmp_path_factory.mktemp("oxigraph") / "none"
    with oxigraph(folder, "--union-default-graph") as engine:
        publish(store, engine)
        yield engine


@pytest.fixture(scope="session")
def on_virtuoso(tmp_path_factory: pytest.TempPathFactory, store: LocalStore) -> Iterator[Engine]:
    """Virtuoso with the shipped graph; it cuts results at 1,000 rows."""
    if VIRTUOSO is None:
        pytest.skip(NO_VIRTUOSO)
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as engine:
        publish(store, engine)
        yield engine


@pytest.fixture(params=["oxigraph", pytest.param("virtuoso", marks=pytest.mark.long)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    found = request.getfixturevalue(f"on_{request.param}")
    assert isinstance(found, Engine)
    return found


@pytest.fixture(scope="session")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk with the shipped graph."""
    path = tmp_path_factory.mktemp("disk") / "store"
    new_store(path)
    return path
