"""The same answers wherever the graph lies: in memory, on disk, on engines of two makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import g60kg
from g60kg.errors import QuerySyntaxError, UnknownName, UnsupportedQuery
from g60kg.model.evidence import Quotation
from g60kg.model.statistics import graph_statistics
from g60kg.queries.answers import Answer
from g60kg.queries.catalog import load_catalog
from g60kg.queries.entity_search import TellingFacts, search_entities
from g60kg.queries.parameters import Resolver
from g60kg.stores.local_store import LocalStore
from g60kg.stores.remote.endpoint_store import RemoteStore
from g60kg.stores.remote.http_client import Connection
from tests.conftest import solutions
from tests.stores.remote.engines import Engine

QUERIES = load_catalog()
#: Every query without parameters, and with all of them as its header shows them.
RUNS: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in QUERIES] + [
    (name, {parameter.name: str(parameter.example) for parameter in query.parameters})
    for name, query in QUERIES.items()
    if query.parameters
]


@pytest.fixture(scope="module")
def in_memory() -> g60kg.KnowledgeGraph:
    return g60kg.load()


@pytest.mark.long
def test_every_canned_query_gives_the_same_rows(
    in_memory: g60kg.KnowledgeGraph, engine: Engine
) -> None:
    remote = g60kg.connect(engine.url, timeout=180)  # Virtuoso takes long on conflicts
    different = [
        (name, parameters)
        for name, parameters in RUNS
        if list(remote.query(name, **parameters).rows)
        != list(in_memory.query(name, **parameters).rows)
    ]
    assert len(RUNS) > len(QUERIES) >= 29
    assert different == []


def test_every_canned_query_gives_the_same_rows_on_disk(
    in_memory: g60kg.KnowledgeGraph, on_disk: Path
) -> None:
    opened = g60kg.open(on_disk)
    for name, parameters in RUNS:
        found = list(opened.query(name, **parameters).rows)
        assert found == list(in_memory.query(name, **parameters).rows), name


def test_the_words_behind_rows_are_the_same_and_come_in_few_requests(
    in_memory: g60kg.KnowledgeGraph, engine: Engine
) -> None:
    def evidence(kg: g60kg.KnowledgeGraph) -> list[tuple[Quotation, ...]]:
        return list(kg.query("facts-in-article", article="id:article-2307119874").evidence())

    remote = g60kg.connect(engine.url)
    wanted = evidence(in_memory)
    assert evidence(remote) == wanted
    assert sum(map(len, wanted)) > 200
    # Virtuoso gives the labels, also those of deprecated terms, in pages of 1,000 rows.
    assert _requests(remote) <= 34


def test_the_facts_beside_search_results_are_the_same(
    store: LocalStore, on_oxigraph: Engine
) -> None:
    remote = RemoteStore(Connection(on_oxigraph.url))
    facts = [TellingFacts(one, "zh") for one in (store, remote)]
    entities = [entry.iri for entry in search_entities(store, Resolver(store), "g60")]
    found, wanted = ([one.of(iri) for iri in entities] for one in reversed(facts))
    assert found == wanted
    assert {fact.is_inverse for telling in wanted for fact in telling} == {False, True}


@pytest.mark.long
def test_rows_that_the_engine_cuts_come_page_by_page(
    on_virtuoso: Engine, store: LocalStore
) -> None:
    text = "SELECT ?s ?p ?o { GRAPH <https://w3id.org/g60kg/graph/2307119874> { ?s ?p ?o } }"
    remote = g60kg.connect(on_virtuoso.url)
    found = remote.sparql(text)
    assert isinstance(found, Answer)
    rows = [row for row, _ in found.stream()]
    assert len(rows) == len(set(rows)) > 3_000
    assert set(rows) == {tuple(row) for row in solutions(store, text)}
    assert _requests(remote) > 4


@pytest.mark.long
def test_what_cannot_be_had_in_pages_is_an_error(on_virtuoso: Engine) -> None:
    remote = g60kg.connect(on_virtuoso.url)
    with pytest.raises(g60kg.G60kgError, match=r"at most 1,000 rows") as caught:
        remote.sparql("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 3000")
    assert caught.value.exit_code == 3


def test_exports_are_the_same_bytes(in_memory: g60kg.KnowledgeGraph, engine: Engine) -> None:
    remote = g60kg.connect(engine.url)
    for options in ({"with_ontology": True}, {"entity": "Tencent"}):
        assert remote.export("turtle", **options) == in_memory.export("turtle", **options)


def test_errors_are_reported_alike(in_memory: g60kg.KnowledgeGraph, on_oxigraph: Engine) -> None:
    remote = g60kg.connect(on_oxigraph.url)
    for text, kind in (
        ("SELECT * {\n  ?s g60:year }", QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", UnsupportedQuery),
        ("SELECT * FROM <http://127.0.0.1/x> { ?s ?p ?o }", UnsupportedQuery),
        ("DELETE WHERE { ?s ?p ?o }", UnsupportedQuery),
    ):
        messages = []
        for kg in (in_memory, remote):
            with pytest.raises(kind) as caught:
                kg.sparql(text)
            messages.append(str(caught.value))
        assert messages[0] == messages[1]
    hints = []
    for kg in (in_memory, remote):
        with pytest.raises(UnknownName) as unknown:
            kg.query("zones", city="Hangzou")
        hints.append(str(unknown.value))
    assert "Hangzhou" in hints[0]
    assert hints[0] == hints[1]


def test_the_graph_is_a_dataset(on_oxigraph: Engine, store: LocalStore) -> None:
    assert len(g60kg.connect(on_oxigraph.url).graph) == len(store.dataset())


def _requests(kg: g60kg.KnowledgeGraph) -> int:
    assert isinstance(kg.store, RemoteStore)
    return kg.store.connection.requests


def test_statistics_are_those_of_the_graph(engine: Engine, store: LocalStore) -> None:
    here, there = graph_statistics(store), graph_statistics(RemoteStore.at(engine.url))
    assert replace(there, store=here.store) == here
