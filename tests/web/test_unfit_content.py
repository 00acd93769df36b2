"""Stores with invalid numbers and control characters, and a damaged store."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, parse

from g60kg.errors import StoreFailure
from g60kg.namespaces import LABEL, entity, graph_name, term
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from g60kg.web.problem_details import OutOfMemory
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.pages import entity_pages
from g60kg.web.workers import Workers
from tests.cli.run import g60kg
from tests.graphs import new_store
from tests.web import asking
from tests.web.articles import population
from tests.web.loops import completed
from tests.web.serving import Server, serving

OTHER = "2400000001"
#: More digits than Python converts.
LONG = "9" * 5_000
PAGES = (
    "",
    "companies",
    "map",
    "matrix",
    "timeline",
    "id/corridor.html",
    "id/suzhou.html",
    "id/hangzhou.html",
)
#: A quotation without a position, and one whose position is no number.
UNPLACED = """
@prefix : <https://w3id.org/g60kg/quote/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
id:article-8 a g60:Article .
:one a g60:Quotation ; oa:hasSource id:article-8 ; oa:hasSelector :text .
:two a g60:Quotation ; oa:hasSource id:article-8 ; oa:hasSelector :text , :place .
:text a oa:TextQuoteSelector ; oa:exact "said there" .
:place a oa:TextPositionSelector ; oa:start 5 ; oa:end "x"^^xsd:integer .
"""


@pytest.fixture(scope="module")
def unfit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with invalid positions and figures, and a control character."""
    folder = tmp_path_factory.mktemp("unfit") / "store"
    store = new_store(folder)
    graph = graph_name(OTHER)
    positions = {"suzhou": ("NaN", "INF"), "hefei": ("INF", "-INF"), "wuhu": ("1e400", "200")}
    for city, values in positions.items():
        for name, value in zip(("g60:latitude", "g60:longitude"), values, strict=True):
            degrees = Literal(value, datatype=term("xsd:decimal"))
            before = list(store.quads(entity(city), term(name), None))
            store.change(before, [Quad(entity(city), term(name), degrees, graph)])
    for number in ("NaN", "INF", "-INF", "1e400", "sNaN", LONG):
        store.extend(population(OTHER, number))
    # Four sources state a figure, one of which has two numbers, and one no measure.
    for source in ("2400000002", "2400000003", "2400000004", "2400000005"):
        store.extend(population(source, source[-1], of=entity("hangzhou")))
    last = graph_name("2400000005")
    store.change(list(store.quads(None, term("g60:observedMeasure"), None, last)), [])
    numbers = list(store.quads(None, term("g60:numericValue"), None, graph_name("2400000004")))
    five = Literal("5", datatype=term("xsd:decimal"))
    store.extend(Quad(quad.subject, quad.predicate, five, graph) for quad in numbers)
    year = Literal(LONG, datatype=term("xsd:integer"))
    store.extend([Quad(entity("suzhou"), term("g60:startYear"), year, graph)])
    store.extend(
        Quad(entity("suzhou"), term("wgs84:alt"), Literal(LONG, datatype=term(kind)), graph)
        for kind in ("xsd:decimal", "xsd:integer")
    )
    store.extend(parse(UNPLACED, RdfFormat.TURTLE))
    for name in ("hangzhou", "corridor"):
        labels = list(store.quads(entity(name), LABEL, None))
        bad = Literal("bad\x01\x9b\ufffe\u202e <b>", language="en")
        store.change(labels, [Quad(entity(name), LABEL, bad, graph)])
    store.close()
    return folder


@pytest.fixture(scope="module")
def server(unfit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("log") / "log"
    with serving(log, "--workers", "2", globals_=("--store", str(unfit))) as started:
        yield started.url


@pytest.mark.parametrize(
    "path", [*PAGES, "id/article-8.html", "quote/two.html", "api/entities/suzhou"]
)
def test_invalid_numbers_break_no_page(path: str, server: str) -> None:
    assert asking.get(f"{server}/{path}").status_code == 200


@pytest.mark.parametrize("most", [1, 10_000])
def test_figures_with_two_numbers_break_no_page_of_many_or_few_facts(
    unfit: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(entity_pages, "MOST", most)
    open_graph.open_for(Settings(store=unfit))
    for name in ("hangzhou", "corridor"):
        assert entity_pages.resource_view("en", entity(name).value) is not None


@pytest.mark.parametrize(
    "path", [*PAGES, "articles", "graph", "queries/search", "queries/documents", "queries/zones"]
)
def test_pages_hold_no_character_that_html_cannot_hold(path: str, server: str) -> None:
    answer = asking.get(f"{server}/{path}", params={"q": "a\x01"}, headers={"Accept": "text/html"})
    text = answer.content.decode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ufffe]", text)


@pytest.mark.parametrize("sort", ["", "value", "-value"])
def test_invalid_numbers_break_no_query(sort: str, server: str) -> None:
    for name in load_catalog():
        if sort and name != "quantities":
            continue
        answer = asking.get(f"{server}/queries/{name}", params={"sort": sort})
        assert answer.status_code == 200, name
    answer = asking.get(f"{server}/api/queries/quantities", params={"sort": sort} if sort else {})
    assert "NaN" in answer.text
    # JSON has no such number.
    json.loads(answer.text, parse_constant=pytest.fail)


def test_values_of_properties_that_json_cannot_hold_are_texts(server: str) -> None:
    asked = '{"ids": ["suzhou", "hefei", "wuhu"], "properties": [{"id": "latitude"}]}'
    answer = asking.post(f"{server}/reconcile", data={"extend": asked})
    found = json.loads(answer.text, parse_constant=pytest.fail)["rows"]
    texts = {"suzhou": "NaN", "hefei": "INF", "wuhu": "1e400"}
    assert found == {city: {"latitude": [{"str": text}]} for city, text in texts.items()}


def test_invalid_numbers_are_sorted_on_the_command_line(unfit: Path) -> None:
    done = g60kg("--store", unfit, "query", "run", "quantities", "--sort", "value", "-f", "json")
    assert (done.returncode, done.stderr) == (0, "")


def test_invalid_numbers_are_reported_by_a_validation_of_the_store(unfit: Path) -> None:
    done = g60kg("--store", unfit, "validate", "-f", "json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)["results"]
    values = {one["value"] for one in found if one["severity"] == "violation"}
    assert {"NaN", "INF", "-INF", "1e400", "sNaN"} <= values


#: What RDF/XML cannot hold of the store, and what to do.
UNFIT = 'RDF/XML cannot hold the control character U+0001 in id:corridor rdfs:label "bad'
OTHER_FORMATS = "Use another format: turtle, ntriples or jsonld."


@pytest.mark.parametrize(
    "path",
    [
        "/download/g60kg.rdf",
        "/download/g60kg.rdf.gz",
        "/id/corridor.rdf",
        "/sparql?query=DESCRIBE+id:corridor&format=rdfxml",
    ],
)
def test_content_that_a_format_cannot_hold_is_406_and_names_the_statement(
    path: str, server: str
) -> None:
    answer = asking.get(server + path)
    assert answer.status_code == 406
    assert answer.json()["title"].startswith(UNFIT)
    assert answer.json()["detail"] == OTHER_FORMATS
    other = path.replace(".rdf", ".ttl").replace("rdfxml", "turtle")
    assert asking.get(server + other).status_code == 200


@pytest.mark.parametrize("name", ["out.rdf", "out.rdf.gz"])
def test_the_command_line_says_the_same_and_leaves_no_file(
    name: str, unfit: Path, tmp_path: Path
) -> None:
    done = g60kg("--store", unfit, "export", "-o", tmp_path / name)
    assert done.returncode == 2
    assert UNFIT in done.stderr
    assert OTHER_FORMATS in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert g60kg("--store", unfit, "export", "-f", "turtle").returncode == 0


@pytest.mark.long
def test_a_damaged_store_is_not_healthy(own_store: Path, tmp_path: Path) -> None:
    with serving(
        tmp_path / "log", "--workers", "2", globals_=("--store", str(own_store))
    ) as server:
        assert health(server) == (200, "ok")
        for table in own_store.glob("*.sst"):
            with table.open("r+b") as file:
                file.truncate(table.stat().st_size // 2)
        assert health(server) == (503, "damaged")
        for path in ("", "companies", "id/hangzhou.ttl", "download/g60kg.nq", "sparql?query=ASK{}"):
            assert str(tmp_path) not in asking.get(f"{server.url}/{path}").text


def _alter(folder: Path, first: int, last: int) -> None:
    """Overwrite a part of each block of 4 kB of a store's tables."""
    for table in folder.glob("*.sst"):
        content = bytearray(table.read_bytes())
        for start in range(first, len(content) - last, 4096):
            content[start : start + 64] = b"\xde\xad\xbe\xef" * 16
        table.write_bytes(content)


def test_a_store_with_altered_bytes_is_not_healthy_once_an_answer_failed(
    own_store: Path, tmp_path: Path
) -> None:
    with serving(tmp_path / "log", "--no-warm-up", globals_=("--store", str(own_store))) as server:
        assert health(server) == (200, "ok")
        _alter(own_store, 0, 64)
        # Lookups may be right still: they read a copy in memory.
        for path in ("queries/member-cities", "api/queries/member-cities", "download/g60kg.nt"):
            answer = asking.get(f"{server.url}/{path}")
            assert answer.status_code == 503
            assert "The server cannot read its store." in answer.text
        assert health(server) == (503, "damaged")


def test_a_store_that_pages_cannot_be_prepared_from_is_not_healthy(
    own_store: Path, tmp_path: Path
) -> None:
    _alter(own_store, 8192, 400_000)
    options = ("--warm-up", "--workers", "1", "--memory", "800")
    store = ("--store", str(own_store))
    with serving(tmp_path / "log", *options, globals_=store, is_new=True) as server:
        for _ in range(600):
            if health(server) == (503, "damaged"):
                break
            time.sleep(0.1)
        else:
            pytest.fail((tmp_path / "log").read_text(encoding="utf-8"))


@pytest.mark.parametrize("is_damaged", [False, True])
def test_the_store_is_checked_when_a_process_died(is_damaged: bool, own_store: Path) -> None:
    """The engine's joins repeat the error of a block until the memory is exhausted."""
    if is_damaged:
        _alter(own_store, 8192, 400_000)  # the tables' indexes, at their ends, can be read
    workers = Workers(Settings(own_store, workers=2))

    async def die() -> None:
        for _ in range(2):
            with pytest.raises(StoreFailure if is_damaged else OutOfMemory):
                await workers.run_uncached(None, os.abort)
        assert workers.store_has_failed == is_damaged

    try:
        completed(die())
    finally:
        workers.close()


@pytest.mark.long
def test_a_store_that_has_failed_is_damaged_until_it_was_read(
    monkeypatch: pytest.MonkeyPatch, own_store: Path
) -> None:
    monkeypatch.setattr("g60kg.web.workers._LATELY", 0.0)
    folder = own_store
    intact = {table: table.read_bytes() for table in folder.glob("*.sst")}
    _alter(folder, 8192, 400_000)
    workers = Workers(Settings(folder, workers=2))

    async def read_again() -> bool:
        workers.read_store_again()
        for _ in range(100):
            if not workers.store_has_failed:
                break
            await asyncio.sleep(0.1)
        return workers.store_has_failed

    try:
        workers.note_store_failure()
        assert completed(read_again())
        for table, content in intact.items():
            table.write_bytes(content)
        assert not completed(read_again())
    finally:
        workers.close()


@pytest.mark.long
def test_pages_and_health_follow_a_folder_that_is_moved_away_and_back(
    own_store: Path, tmp_path: Path
) -> None:
    folder, away = own_store, tmp_path / "away"
    options = ("--no-warm-up", "--workers", "1")
    with serving(tmp_path / "log", *options, globals_=("--store", str(folder))) as server:
        folder.rename(away)
        # Their citations name the time of the last write.
        for path in ("id/hangzhou.html", "queries/zones"):
            answer = asking.get(f"{server.url}/{path}")
            assert answer.status_code == 503
            assert "The server cannot read its store." in answer.text
            assert "internal error" not in answer.text.casefold()
        assert health(server) == (503, "damaged")
        away.rename(folder)
        assert health(server) == (200, "ok")
        assert asking.get(f"{server.url}/id/hangzhou.html").status_code == 200


@pytest.mark.long
def test_a_store_that_was_emptied_is_not_healthy(own_store: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "log", globals_=("--store", str(own_store))) as server:
        assert health(server) == (200, "ok")
        kept = (own_store / "CURRENT").read_bytes()
        (own_store / "CURRENT").write_bytes(b"")
        assert health(server) == (503, "damaged")
        (own_store / "CURRENT").write_bytes(kept)
        assert health(server) == (200, "ok")
        for file in own_store.iterdir():
            file.unlink()
        assert health(server) == (503, "damaged")


#: A server whose files have at most 40 kB, as on a full disk.
_SMALL_FILES = """
import resource
from g60kg.cli.app import main
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
    main()
"""


@pytest.mark.parametrize("name", ["g60kg.nq", "g60kg.nq.gz", "g60kg.ttl", "g60kg.rdf.gz"])
def test_a_full_temporary_folder_is_503_and_its_path_is_only_logged(
    name: str, small_disk: Server
) -> None:
    answer = asking.get(f"{small_disk.url}/download/{name}")
    assert answer.status_code == 503
    assert answer.json()["title"] == "The server cannot write a temporary file."
    assert "TMPDIR" not in answer.text
    assert small_disk.logged("error: /.*/g60kg-.*: File too large")


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("small")
    script = folder / "small_files.py"
    script.write_text(_SMALL_FILES, encoding="utf-8")
    with serving(folder / "log", script=script) as started:
        yield started


@pytest.mark.long
def test_pages_of_a_store_without_the_ontology_show_what_there_is(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with LocalStore.creating(folder) as store:
        store.extend([Quad(entity("a"), LABEL, Literal("A", language="en"), graph_name(OTHER))])
    with serving(tmp_path / "log", "--workers", "1", globals_=("--store", str(folder))) as server:
        for path in ("", "companies", "map", "matrix", "timeline", "graph", "id/a.html"):
            answer = asking.get(f"{server.url}/{path}", headers={"Accept": "text/html"})
            assert answer.status_code == 200, path


def health(server: Server) -> tuple[int, str]:
    answer = asking.get(f"{server.url}/health")
    return answer.status_code, answer.json()["status"]
