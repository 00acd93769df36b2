"""Queries of a store with a history, which they must not match."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import Quad, Store

from g60kg.namespaces import HISTORY_GRAPH, entity
from g60kg.queries.binding import bind
from g60kg.queries.catalog import named_query
from g60kg.stores import query_dataset
from g60kg.stores.base import rows
from g60kg.stores.local_store import LocalStore
from g60kg.stores.query_dataset import sees_any_predicate

SOME = entity("hangzhou")


@pytest.fixture(autouse=True)
def _unread() -> Iterator[None]:
    """Let each query be read again."""
    query_dataset._sees_any_predicate.cache_clear()
    gc.disable()
    yield
    gc.enable()


def test_no_cycle_holds_a_result_that_another_thread_may_not_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The collector can run in any thread; the engine reports a result that is freed there."""
    store = Store()
    store.add(Quad(SOME, SOME, SOME, HISTORY_GRAPH))
    found: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    with ThreadPoolExecutor(1) as other:
        text = f"SELECT ?o {{ {SOME} g60:locatedIn ?o }}"
        count = other.submit(lambda: sum(1 for _ in rows(LocalStore(store, "made up"), text)))
        assert count.result() == 0
        gc.collect()
    assert not found, found


def test_a_query_is_not_read_again_for_other_parameters() -> None:
    query = named_query("facts-about")
    for name in ("hangzhou", "jiaxing", "kuka"):
        text = bind(query, {"entity": entity(name)}).rows
        assert entity(name).value in text
        assert not sees_any_predicate(text)
        assert not sees_any_predicate(f"ASK {{ {entity(name)} g60:locatedIn ?place }}")
    assert query_dataset._sees_any_predicate.cache_info().misses == 2


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES ?s { <https://w3id.org/g60kg/id/x> } ?s ?p ?o }",
        'SELECT * { VALUES ?s { "}" "{" } { ?x g60:year ?s } UNION { ?x ?p ?s } }',
        "SELECT * { ?x g60:year ?s VALUES (?s ?y) { (UNDEF 1) (2 UNDEF) } ?x ?p ?y }",
        "BASE <https://w3id.org/g60kg/id/x> SELECT * { ?s <../ontology/historyOf> ?o }",
        "PREFIX p: <http://www.w3.org/ns/> SELECT * { ?s p:prov\\#used ?o } VALUES ?s { 1 }",
    ],
)
def test_what_is_left_out_hides_no_predicate(text: str) -> None:
    assert sees_any_predicate(text)
