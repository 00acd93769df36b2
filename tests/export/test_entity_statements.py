"""What is exported of one entity, and what a reasoner adds."""

from __future__ import annotations

import io

import pytest
from pyoxigraph import (
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from g60kg.export import Selection, entity_statements, export
from g60kg.namespaces import g60, graph_name, term
from g60kg.stores.local_store import LocalStore
from tests.export.test_export_sheets import CITY, CLUSTER, CORRIDOR, SOURCE, a_small_graph


@pytest.fixture(scope="module", name="two_articles")
def _two_articles(store: LocalStore) -> LocalStore:
    return LocalStore.holding([*store.quads(), *a_small_graph()], "two articles")


def test_what_is_said_of_an_entity(two_articles: LocalStore) -> None:
    graph = graph_name("1234567")
    found = {quad.triple for quad in entity_statements(two_articles, CLUSTER, [graph])}
    everything = a_small_graph()
    about_the_city = [CITY, CORRIDOR]
    others = {
        quad.triple
        for quad in everything
        if quad.subject in about_the_city or quad.object in about_the_city
    }
    assert not found & others
    subjects = {triple.subject for triple in found}
    quantities = {q.subject for q in everything if q.triple.object == g60("Quantity")}
    assert {CLUSTER, SOURCE} | quantities <= subjects
    facts = {t.subject for t in found if t.object == g60("Fact")}
    assert len(facts) == 2
    quotations = {t.subject for t in found if t.object == g60("Quotation")}
    selectors = {t.object for t in found if t.predicate == term("oa:hasSelector")}
    assert len(quotations) == 3
    assert len(selectors) == 6
    assert selectors <= subjects


def test_an_entity_that_others_point_to_and_its_records(two_articles: LocalStore) -> None:
    found = {quad.triple for quad in entity_statements(two_articles, CITY, [graph_name("1234567")])}
    assert Triple(CORRIDOR, g60("hasMemberCity"), CITY) in found
    assert any(triple.object == g60("DatasetRecord") for triple in found)
    assert not any(triple.subject == CLUSTER for triple in found)


def test_inferred_triples_stand_apart(two_articles: LocalStore) -> None:
    out = io.BytesIO()
    inferred = [Triple(CITY, g60("memberCityOf"), CORRIDOR)]
    export(two_articles, "nquads", out, Selection(graph="1234567"), inferred)
    quads = set(parse(out.getvalue(), format=RdfFormat.N_QUADS))
    expected = Quad(CITY, g60("memberCityOf"), CORRIDOR, graph_name("inferred"))
    assert quads == {*a_small_graph(), expected}
