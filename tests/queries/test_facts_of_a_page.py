"""The Facts of a page are read for its rows only, and are the same as among all rows."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions

from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.queries.binding import bind, restricted
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.queries.execution import _Run, rows_of
from g60kg.stores.local_store import LocalStore

APART = [
    pytest.param(query, id=query.name)
    for query in load_catalog().values()
    if bind(query, {}).collects_facts_apart and all(one.optional for one in query.parameters)
]


@pytest.fixture(scope="module")
def store() -> LocalStore:
    return LocalStore.shipped()


@pytest.mark.parametrize("query", APART)
def test_only_rows_of_the_page_are_read_with_their_facts(
    store: LocalStore, query: NamedQuery
) -> None:
    anchors = list(dict.fromkeys(row[0] for row in rows_of(store, bind(query, {}))))[:2]
    wanted = [one for one in anchors if one is not None]
    found = store.query_canned(bind(query, {}).evidence_of(wanted))
    assert isinstance(found, QuerySolutions)
    assert {row[query.columns[0]] for row in found} == set(wanted)


@pytest.mark.parametrize("query", APART)
def test_the_facts_of_a_page_are_those_of_its_rows_among_all(
    store: LocalStore, query: NamedQuery
) -> None:
    def facts(page: slice | None) -> list[tuple[object, set[str]]]:
        labels = Labels(store, "en")
        run = _Run(store, bind(query, {}), labels)
        pairs = run.with_facts(EvidenceReader(store, labels), page)
        return [(row, set(of_row)) for row, of_row in pairs]

    everything = facts(None)
    for start in range(0, len(everything), max(7, len(everything) // 5)):
        page = slice(start, start + 7)
        assert facts(page)[page] == everything[page]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?a { ?a ?p ?o }", "SELECT ?a {V ?a ?p ?o }"),
        (
            "SELECT ?a { { SELECT ?b { ?a ?p ?b } } OPTIONAL { ?a ?p ?o } }",
            "SELECT ?a { { SELECT ?b { ?a ?p ?b } } OPTIONAL {V ?a ?p ?o } }",
        ),
        (
            "SELECT ?a { { SELECT (COUNT(?a) AS ?n) { ?a ?p ?b { ?a ?q ?c } } } ?x ?y ?n }",
            "SELECT ?a { { SELECT (COUNT(?a) AS ?n) { ?a ?p ?b { ?a ?q ?c } } } ?x ?y ?n }",
        ),
        (
            "SELECT ?a { { SELECT ?a (COUNT(?x) AS ?n) { ?a ?p ?x } GROUP BY ?a } } ORDER BY ?a",
            "SELECT ?a { { SELECT ?a (COUNT(?x) AS ?n) {V ?a ?p ?x } GROUP BY ?a } } ORDER BY ?a",
        ),
        (
            "SELECT ?a { ?b ?p ?o BIND (?b AS ?a) MINUS { ?a ?q ?r } FILTER (?a != ?o) }",
            "SELECT ?a { ?b ?p ?o BIND (?b AS ?a) MINUS {V ?a ?q ?r } FILTER (?a != ?o) }",
        ),
        ("SELECT ?a { VALUES ?a { 1 } FILTER (?a > 0) }",) * 2,
    ],
)
def test_each_group_that_uses_the_variable_gets_the_values(text: str, expected: str) -> None:
    assert restricted(text, "a", []) == expected.replace("V ", " VALUES ?a {  } ", 1)
