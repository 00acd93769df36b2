"""Queries of a store with a history, which they must not match."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, Quad, QuerySolutions

from g60kg.namespaces import HISTORY_GRAPH, LABEL, entity
from g60kg.queries.binding import bind
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import rows_of
from g60kg.stores import query_dataset
from g60kg.stores.local_store import LocalStore
from g60kg.stores.query_dataset import may_match_history


@pytest.fixture(autouse=True)
def _unread() -> None:
    """Let each query be read again."""
    query_dataset._may_match_history.cache_clear()


def test_a_query_is_not_read_again_for_other_parameters() -> None:
    query = named_query("facts-about")
    for name in ("hangzhou", "jiaxing", "kuka"):
        text = bind(query, {"entity": entity(name)}).rows
        assert entity(name).value in text
        assert not may_match_history(text)
        assert not may_match_history(f"ASK {{ {entity(name)} g60:locatedIn ?place }}")
    assert query_dataset._may_match_history.cache_info().misses == 2


def test_the_text_of_a_canned_query_is_read_once_for_all_parameters() -> None:
    of_history = Quad(entity("a"), LABEL, Literal("of the history"), HISTORY_GRAPH)
    store = LocalStore.holding([*LocalStore.shipped().quads(), of_history], "test")
    query_dataset._template_may_match.cache_clear()
    query = named_query("facts-about")
    for name in ("hangzhou", "jiaxing", "kuka"):
        assert any(rows_of(store, bind(query, {"entity": entity(name)})))
    assert query_dataset._template_may_match.cache_info()[:2] == (2, 1)
    found = store.query_canned('SELECT ?s { ?s ?p ?o FILTER (STR(?o) = "of the history") }')
    assert isinstance(found, QuerySolutions)
    assert not list(found)


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
    assert may_match_history(text)
