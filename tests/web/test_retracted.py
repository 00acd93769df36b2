"""The IRIs of what was retracted: 410 with the time, the reason and the retraction."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp.shared.exceptions import MCPError
from pyoxigraph import NamedNode, Quad

import g60kg as package
from g60kg.errors import Retracted, UnknownName
from g60kg.model.history import HistoryEntry, history, retraction_of
from g60kg.namespaces import BASE, FACT, HAS_EVIDENCE, A, compact, graph_name, local_name, term
from g60kg.stores.local_store import LocalStore
from g60kg.web.routes.api.openapi_document import document
from tests.cli.run import g60kg
from tests.cli.test_store import HEADER, ROWS, SOURCE
from tests.mcp.clients import assistant
from tests.web import asking
from tests.web.reading_pages import page
from tests.web.serving import serving
from tests.web.test_api_described import conforms

SHORT, LONG = 'was <b>wrong</b> & "so"', "the publisher withdrew it"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class Gone:
    """A server with a store of which a fact, and then its source, were retracted.

    The paths are those of the fact, of another one of the source, and of evidence of that.
    """

    url: str
    store: Path
    sheet: Path
    fact: str
    other: str
    quote: str
    log: tuple[HistoryEntry, ...]


def retract(store: Path, target: str, reason: str) -> None:
    done = g60kg("--store", store, "retract", target, "--reason", reason, "--yes")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def gone(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gone]:
    folder = tmp_path_factory.mktemp("gone")
    store, sheet = folder / "store", folder / "facts.csv"
    shutil.copytree(loaded, store)
    sheet.write_text(HEADER + ROWS, encoding="utf-8")
    assert g60kg("--store", store, "add", sheet, "--yes").returncode == 0
    added = LocalStore.at(store)
    typed = added.quads(None, A, FACT, graph_name(SOURCE))
    fact, other = sorted(one.subject.value for one in typed if isinstance(one.subject, NamedNode))
    (quote,) = added.objects(NamedNode(other), HAS_EVIDENCE)
    assert isinstance(quote, NamedNode)
    added.close()
    retract(store, fact, SHORT)
    retract(store, SOURCE, LONG)
    read = LocalStore.at(store)
    log = tuple(history(read))
    read.close()
    fact, other, shown = (one.removeprefix(BASE) for one in (fact, other, quote.value))
    with serving(folder / "log", globals_=("--store", str(store))) as server:
        yield Gone(server.url, store, sheet, fact, other, shown, log)


def get(url: str, accept: str = "*/*") -> httpx.Response:
    return asking.get(url, headers={"Accept": accept})


def assert_gone(answer: httpx.Response, path: str, reason: str, entry: HistoryEntry) -> None:
    """Check that a response says when, why and by which retraction its resource went."""
    assert answer.status_code == 410, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-cache"
    said = answer.json()
    assert said["title"] == f"{compact(BASE + path)} was retracted at {entry.when}."
    assert said["detail"] == f"Retraction {entry.iri}, with the reason: {reason}"
    assert said["retracted"] == {"when": entry.when, "reason": reason, "change": entry.iri}
    assert entry.who not in json.dumps(said)
    conforms(said, document("")["components"]["schemas"]["Problem"])


def test_a_permalink_has_the_time_of_the_latest_change(gone: Gone) -> None:
    address = page(gone.url, "/id/kuka.html").one("code", id="permalink").text
    assert address == f"{BASE}id/kuka?version={max(entry.when for entry in gone.log)}"
    same, earlier = (
        page(gone.url, f"/id/kuka.html?version={version}").one("main")
        for version in (address.rpartition("=")[2], min(entry.when for entry in gone.log))
    )
    assert "This link was made with" not in same.text
    assert f"version {gone.log[0].when} of the graph" in earlier.text
    assert "/feed.atom" in earlier.link("Latest changes")


@pytest.mark.parametrize("suffix", ["", ".ttl", ".nt", ".jsonld", ".rdf"])
def test_a_retracted_fact_is_gone_with_the_reason(suffix: str, gone: Gone) -> None:
    answer = get(f"{gone.url}/{gone.fact}{suffix}", "text/turtle")
    assert_gone(answer, gone.fact, SHORT, gone.log[1])
    head = asking.head(f"{gone.url}/{gone.fact}{suffix}")
    assert (head.status_code, head.content) == (410, b"")


@pytest.mark.parametrize("suffix", ["", ".html"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_browsers_get_a_page_with_the_reason(suffix: str, language: str, gone: Gone) -> None:
    answer = get(f"{gone.url}/{gone.fact}{suffix}?lang={language}", BROWSER)
    assert answer.status_code == 410
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert "was &lt;b&gt;wrong&lt;/b&gt; &amp; &#34;so&#34;" in answer.text
    read = page(gone.url, f"/{gone.fact}.html", language, status=410).text
    for part in (compact(BASE + gone.fact), gone.log[1].when, gone.log[1].iri, SHORT):
        assert part in read
    assert ("已撤回" if language == "zh" else "was retracted") in read
    assert get(f"{gone.url}/{gone.fact}.html").headers["content-type"].startswith("text/html")


def test_what_a_retracted_source_alone_stated_is_gone(gone: Gone) -> None:
    for path in (gone.other, gone.quote, f"id/article-{SOURCE}", f"graph/{SOURCE}", "id/blue-rock"):
        for suffix in ("", ".ttl"):
            assert_gone(get(f"{gone.url}/{path}{suffix}"), path, LONG, gone.log[2])
    # Others state them, or nobody ever did.
    for path in ("id/hangzhou", "ontology/Fact"):
        assert get(f"{gone.url}/{path}.ttl").status_code == 200
    for path in ("id/blue", f"{gone.fact}0", "graph/history", f"id/{SOURCE}"):
        assert get(f"{gone.url}/{path}.ttl").status_code == 404


def test_the_api_says_so_too(gone: Gone) -> None:
    for path, name in (
        ("id/blue-rock", "blue-rock"), ("id/blue-rock", "id:blue-rock"),
        ("id/blue-rock", f"{BASE}id/blue-rock"), (f"id/article-{SOURCE}", f"article-{SOURCE}"),
    ):  # fmt: skip
        assert_gone(get(f"{gone.url}/api/entities/{name}"), path, LONG, gone.log[2])
    fact = get(f"{gone.url}/api/entities/{compact(BASE + gone.fact)}")
    assert_gone(fact, gone.fact, SHORT, gone.log[1])
    assert get(f"{gone.url}/api/entities/no-such-entity").status_code == 404
    responses = document("")["paths"]["/api/entities/{name}"]["get"]["responses"]
    assert "retracted" in responses["410"]["description"]


def test_citations_and_quotes_of_a_retracted_source_say_so_too(gone: Gone) -> None:
    source, client = f"id/article-{SOURCE}", assistant(LocalStore.at(gone.store))
    assert_gone(
        get(f"{gone.url}/api/cite?fact={compact(BASE + source)}"), source, LONG, gone.log[2]
    )
    assert get(f"{gone.url}/api/cite?fact=id:no-such-entity").status_code == 404
    for name in (SOURCE, f"article-{SOURCE}", compact(BASE + source), BASE + source):
        error = client.error("verify_quote", quote="Blue Rock", source=name)
        assert error["message"] == f"{compact(BASE + source)} was retracted at {gone.log[2].when}."
        assert LONG in error["hint"]
        done = g60kg("--store", gone.store, "--articles", gone.sheet.parent, "verify", name)
        assert (done.returncode, error["message"] in done.stderr) == (2, True)
    # Hangzhou is in retracted statements, and still in the graph.
    for name in ("none", "id:hangzhou"):
        error = client.error("verify_quote", quote="Blue Rock", source=name)
        assert "No fact and no source is called" in error["message"]


def test_tools_of_assistants_say_so_too(gone: Gone) -> None:
    client = assistant(LocalStore.at(gone.store))
    fact = compact(BASE + gone.fact)
    for tool, given in (
        ("describe", {"entity": fact}), ("evidence", {"fact": fact}),
        ("evidence", {"fact": local_name(gone.fact)}),
    ):  # fmt: skip
        error = client.error(tool, **given)
        assert error["message"] == f"{fact} was retracted at {gone.log[1].when}."
        assert error["hint"] == f"Retraction {gone.log[1].iri}, with the reason: {SHORT}"
    for tool in ("describe", "evidence"):
        assert LONG in client.error(tool, entity="id:blue-rock")["hint"]
        assert "retracted" not in client.error(tool, entity="id:no-such-entity")["message"]
    assert "No fact" in client.error("evidence", fact="fact:none")["message"]
    for uri in (f"g60kg://{gone.fact}", "g60kg://id/blue-rock"):
        with pytest.raises(MCPError, match="was retracted at"):
            client.resource(uri)


@pytest.mark.parametrize(
    ("query", "name", "value", "shown"),
    [
        ("facts-about", "entity", "id:blue-rock", "id:blue-rock"),
        ("facts-about", "entity", "blue-rock", "id:blue-rock"),
        ("facts-about", "entity", f"{BASE}id/blue-rock", "id:blue-rock"),
        ("timeline", "source", SOURCE, f"id:article-{SOURCE}"),
        ("zones", "city", "id:blue-rock", "id:blue-rock"),
    ],
)
def test_so_do_parameters_of_queries(
    query: str, name: str, value: str, shown: str, gone: Gone
) -> None:
    last = gone.log[2]
    message = f"{name}: {shown} was retracted at {last.when}."
    answer = get(f"{gone.url}/api/queries/{query}?{name}={value}")
    assert answer.status_code == 410
    assert answer.json()["title"] == message
    assert answer.json()["retracted"]["change"] == last.iri
    operation = document("")["paths"][f"/api/queries/{query}"]["get"]
    assert "410" in operation["responses"]
    read = get(f"{gone.url}/queries/{query}?{name}={value}&lang=zh", BROWSER)
    assert (read.status_code, read.headers["cache-control"]) == (410, "no-cache")
    assert f"已于 {last.when} 撤回" in read.text
    with pytest.raises(Retracted) as caught:
        package.open(gone.store).query(query, **{name: value})  # type: ignore[arg-type]
    assert (caught.value.message, caught.value.reason) == (message, LONG)
    done = g60kg("--store", gone.store, "query", "run", query, "-p", f"{name}={value}")
    assert (done.returncode, done.stdout) == (2, "")
    reason = f"Retraction {last.iri}, with the reason: {LONG}"
    assert done.stderr == f"error: {message}\n{reason}\n"


def test_unknown_parameters_and_entities_of_another_class_are_not_retracted(gone: Gone) -> None:
    for query, given in (
        ("facts-about", "entity=id:blue"), ("zones", "city=id:airbus"), ("zones", "city=nowhere"),
    ):  # fmt: skip
        assert get(f"{gone.url}/api/queries/{query}?{given}").status_code == 404
    kg = package.open(gone.store)
    with pytest.raises(Retracted, match="id:blue-rock was retracted at"):
        kg.entity("blue-rock")
    with pytest.raises(UnknownName, match="No entity is called"):
        kg.entity("blue")


def test_without_a_history_it_is_unknown(server: str, store: LocalStore, gone: Gone) -> None:
    assert get(f"{server}/{gone.fact}.ttl").status_code == 404
    assert retraction_of(store, NamedNode(BASE + gone.fact)) is None


def test_a_value_of_a_retracted_statement_is_not_retracted_itself(gone: Gone) -> None:
    read = LocalStore.at(gone.store)
    assert isinstance(retraction_of(read, NamedNode(BASE + gone.quote)), Retracted)
    for value in (f"{BASE}id/hangzhou", "https://example.org/news/2400000001"):
        assert retraction_of(read, NamedNode(value)) is None


def test_the_texts_of_the_history_are_read_once(
    gone: Gone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(gone.store, folder)
    read, of_texts = LocalStore.at(folder), term("prov:value")
    quads, times = read.quads, Counter[str]()

    def counting(*pattern: Any) -> Iterator[Quad]:
        times.update(["texts"] * (pattern[1:3] == (of_texts, None)))
        return quads(*pattern)

    monkeypatch.setattr(read, "quads", counting)
    for path in ("id/none", "id/blue-rock", gone.quote, f"graph/{SOURCE}", "id/hangzhou"):
        found = retraction_of(read, NamedNode(BASE + path))
        assert bool(found) == (path not in ("id/none", "id/hangzhou"))
    assert times["texts"] == 1


# The last one: it changes the store.
def test_a_fact_that_is_added_again_is_there_again(gone: Gone) -> None:
    assert g60kg("--store", gone.store, "add", gone.sheet, "--yes").returncode == 0
    for path in (gone.fact, gone.other, gone.quote, f"graph/{SOURCE}", "id/blue-rock"):
        assert get(f"{gone.url}/{path}", "text/turtle").status_code == 303
        assert get(f"{gone.url}/{path}.ttl").status_code == 200
        assert get(f"{gone.url}/{path}.html", BROWSER).status_code == 200
    assert get(f"{gone.url}/api/entities/blue-rock").status_code == 200
    retract(gone.store, compact(BASE + gone.fact), LONG)
    entry = history(LocalStore.at(gone.store))[-1]
    assert_gone(get(f"{gone.url}/{gone.fact}.ttl"), gone.fact, LONG, entry)
