"""Pages that the server prepares in the background, after the start and after changes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad
from starlette.applications import Starlette

from g60kg.errors import StoreFailure
from g60kg.namespaces import LABEL, A, entity, g60, graph_name
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from g60kg.web import warm_up
from g60kg.web.access_log import Log
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.warm_up import WarmUp
from tests.cli.run import g60kg
from tests.web import asking
from tests.web.loops import completed
from tests.web.reading_pages import page
from tests.web.serving import Server, serving

#: Seconds until all pages are prepared; far more than it takes.
LONGEST = 240.0
_DONE = re.compile(rb"info: \d+ of \d+ pages prepared")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A server that has prepared its pages, and its store."""

    server: Server
    store: Path

    def jobs(self) -> int:
        """Return the number of jobs that worker processes ran for requests."""
        metrics = asking.get(f"{self.server.url}/metrics").text
        (count,) = re.findall(r'^g60kg_work_total\{outcome="done"\} (\d+)', metrics, re.M)
        return int(count)

    def rounds(self) -> int:
        """Return how often all pages were prepared."""
        return len(_DONE.findall(self.server.log.read_bytes()))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("warm-up")
    store, log = folder / "store", folder / "server.log"
    assert g60kg("--store", str(store), "load").returncode == 0
    options = ("--warm-up", "--metrics", "--workers", "1")
    with serving(log, *options, globals_=("--store", str(store))) as started:
        found = Prepared(started, store)
        until(lambda: found.rounds() == 1)
        yield found


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_prepared_pages_need_no_process(prepared: Prepared, language: str) -> None:
    before = prepared.jobs()
    queries = [f"/queries/{name}" for name in load_catalog()]
    pages = ("/", "/companies", "/projects", "/timeline", "/map", "/matrix", "/ontology.html")
    for path in (*pages, "/id/corridor.html", "/id/hangzhou.html", *queries):
        page(prepared.server.url, path, language)
    home = page(prepared.server.url, "/", language)
    questions = [url for url in home.links() if "/ask?q=" in url]
    assert len(questions) >= 4
    for url in questions:
        page(prepared.server.url, url, language)
    assert prepared.jobs() == before


@pytest.mark.long
def test_health_and_log_say_how_many_pages_are_prepared(prepared: Prepared) -> None:
    health = asking.get(f"{prepared.server.url}/health").json()
    assert health["prepared"] == health["pages"] > 2 * len(load_catalog())
    assert b"is not prepared" not in prepared.server.log.read_bytes()


@pytest.mark.long
def test_pages_are_prepared_again_after_a_change(prepared: Prepared) -> None:
    rounds = prepared.rounds()
    company, industry = entity("a-new-company"), entity("a-new-industry")
    graph = graph_name("9999999999")
    store = LocalStore.at(prepared.store, writable=True)
    store.change(
        (),
        [
            Quad(company, A, g60("Enterprise"), graph),
            Quad(company, g60("inIndustry"), industry, graph),
            Quad(company, g60("headquarteredIn"), entity("hangzhou"), graph),
            Quad(industry, LABEL, Literal("a new industry", language="en"), graph),
        ],
    )
    store.close()
    until(lambda: prepared.rounds() == rounds + 1)
    before = prepared.jobs()
    assert "a new industry" in page(prepared.server.url, "/").text
    # The matrix of a city is read from that of all cities.
    for city in ("hangzhou", "杭州"):
        root = page(prepared.server.url, f"/matrix?city={city}")
        assert root.one("option", selected="").attributes["value"] == "hangzhou"
        assert "a new industry" in root.one("tbody").text
    assert prepared.jobs() == before


@pytest.mark.parametrize("cities", [("/id/hangzhou.html",), StoreFailure("A file is missing.")])
def test_a_page_that_fails_is_reported_and_does_not_stop_the_others(
    cities: tuple[str, ...] | StoreFailure,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class NoProcess:
        def __init__(self, *_given: object, **_named: object) -> None:
            pass

        def close(self) -> None:
            pass

    class Stopped(Exception):
        pass

    class NoWorkers:
        pool: NoWorkers
        reads = 0

        def graph_state(self) -> str:
            return "a version"

        async def run(self, job: object) -> tuple[str, ...]:
            assert self.reads, "names are read first: a question can be the first request"
            if isinstance(cities, StoreFailure) and job is not open_graph.read_quads:
                raise cities
            return cities if isinstance(cities, tuple) else ()

        async def prepare(self, job: object, _state: str) -> None:
            assert job is open_graph.read_names
            self.reads += 1
            if self.reads > 1:
                raise Stopped

    workers = NoWorkers()
    workers.pool = workers
    monkeypatch.setattr(warm_up, "Worker", NoProcess)
    # An application without routes.
    preparing = WarmUp(Settings(), Starlette(), ["/"], workers, Log(as_json=False))  # type: ignore[arg-type]  # no processes
    with pytest.raises(Stopped):
        completed(preparing.run())
    lines = capsys.readouterr().err.splitlines()
    assert f"0 of {preparing.total} pages prepared" in lines[0]
    assert lines[1].endswith("warning: / is not prepared: Not Found")
    assert len(lines) > len(load_catalog())


def test_without_the_option_no_page_is_prepared(tmp_path: Path) -> None:
    with serving(tmp_path / "log", "--no-warm-up", "--workers", "1") as server:
        health = asking.get(f"{server.url}/health").json()
    assert (health["prepared"], health["pages"]) == (0, 0)
