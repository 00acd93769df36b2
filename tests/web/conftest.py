"""A server with the shipped graph, started once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.web import asking
from tests.web.serving import Server, serving, with_texts

#: Time limit of the shared server in seconds, for a busy machine too.
TIME_LIMIT = 60


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bypass proxies for loopback."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture(scope="session", autouse=True)
def _connections() -> Iterator[None]:
    """Close all connections at the end."""
    yield
    asking.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The shared server: its URL, process and log."""
    log = tmp_path_factory.mktemp("web") / "server.log"
    with serving(log, "--timeout", str(TIME_LIMIT), globals_=with_texts()) as started:
        yield started


@pytest.fixture(scope="session")
def server(running: Server) -> str:
    """The base URL of the shared server, such as ``http://127.0.0.1:40123``."""
    return running.url


@pytest.fixture(scope="session")
def api(server: str) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with httpx.Client(base_url=server, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def complete_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server with all shipped sources; a single one has no figures over time."""
    log = tmp_path_factory.mktemp("web") / "complete-server.log"
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("G60KG_DATA")
            started = stack.enter_context(serving(log, "--workers", "1"))
        yield started.url
