"""The command line on an endpoint: what reads may, what writes names `push`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.stores.remote.conftest import publish
from tests.stores.remote.engines import Engine, oxigraph

LOCAL = {"no_proxy": "127.0.0.1"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, store: LocalStore) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("engine") / "none"
    with oxigraph(folder, "--union-default-graph") as running:
        publish(store, running)
        yield running


@pytest.mark.parametrize(
    "command",
    [
        ("query", "run", "enterprises", "-p", "city=杭州", "--evidence", "-f", "json"),
        ("sparql", "SELECT ?c { id:corridor g60:hasMemberCity ?c } ORDER BY ?c", "-f", "csv"),
        ("sparql", "ASK { id:hangzhou a g60:PrefectureCity }", "-f", "json"),
        ("sparql", "CONSTRUCT WHERE { id:hangzhou rdfs:label ?l }"),
        ("export", "--entity", "Tencent", "-f", "ntriples"),
    ],
    ids=lambda command: " ".join(command[:3]),
)
def test_what_reads_gives_the_same(engine: Engine, command: tuple[str, ...]) -> None:
    here = g60kg(*command)
    there = g60kg(*command, env={**LOCAL, "G60KG_ENDPOINT": engine.url})
    assert (there.returncode, there.stdout, there.stderr) == (0, here.stdout, here.stderr)


@pytest.mark.long
def test_release_is_the_same(engine: Engine, tmp_path: Path) -> None:
    command = ("export", "--date", "2026-11-30", "--release")
    here = g60kg(*command, tmp_path / "here")
    there = g60kg("--endpoint", engine.url, *command, tmp_path / "there", env=LOCAL)
    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    sums = [(tmp_path / name / "SHA256SUMS").read_text() for name in ("here", "there")]
    assert sums[0] == sums[1]


def test_info_counts_what_is_there(engine: Engine) -> None:
    here = json.loads(g60kg("info", "-f", "json").stdout)
    there = json.loads(g60kg("--endpoint", engine.url, "info", "-f", "json", env=LOCAL).stdout)
    assert there.pop("store") == engine.url
    here.pop("store")
    assert there == here


def test_validate_on_top_of_an_endpoint(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "new.ttl"
    file.write_text(
        "<https://w3id.org/g60kg/id/hangzhou> a <https://w3id.org/g60kg/ontology/Citty> ."
    )
    here = g60kg("validate", file)
    there = g60kg("--endpoint", engine.url, "validate", file, env=LOCAL)
    assert here.returncode == there.returncode == 1
    assert there.stdout.replace(engine.url, "the shipped graph") == here.stdout


@pytest.mark.parametrize(
    "command",
    [("add", "x.ttl"), ("retract", "id:x", "--reason", "r"), ("load",), ("log",)],
    ids=lambda command: command[0],
)
def test_what_writes_names_push(command: tuple[str, ...]) -> None:
    done = g60kg("--endpoint", "http://127.0.0.1:9/query", *command)
    assert done.returncode == 2
    assert "push" in done.stderr


def test_a_store_and_an_endpoint_are_two_graphs(tmp_path: Path) -> None:
    both = ("--store", tmp_path, "--endpoint", "http://127.0.0.1:9/query")
    done = g60kg(*both, "query", "run", "zones")
    assert done.returncode == 2
    assert "not both" in done.stderr


def test_an_invalid_endpoint(engine: Engine) -> None:
    assert g60kg("--endpoint", "nowhere", "info").returncode == 2
    wrong = g60kg("--endpoint", engine.url + "x", "query", "run", "zones", env=LOCAL)
    assert wrong.returncode == 3
    assert "404" in wrong.stderr


def test_a_query_is_ended_at_its_limit(engine: Engine) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c != ?i) }"
    done = g60kg("--endpoint", engine.url, "sparql", text, "--timeout", "0.5", env=LOCAL)
    assert done.returncode == 3
    assert "0.5 seconds" in done.stderr
    assert done.stdout == ""
