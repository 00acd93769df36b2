"""The canned queries where a fact is missing, or a source says more than the shipped ones do."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, Quad, Triple

from g60kg.model.iri_minting import fact_iri
from g60kg.namespaces import LABEL, SHAPES_GRAPH, entity, g60, graph_name, term
from g60kg.queries.binding import bind
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import to_rdflib
from tests.conftest import ARTICLE
from tests.queries.added_sources import (
    CORRIDOR,
    OTHER,
    answer,
    facts_behind,
    members,
    row,
    source_says,
    with_more,
)
from tests.queries.test_answers import Row, by_oxigraph, stored_rows

pytestmark = pytest.mark.usefixtures("engine")

# -- Facts that are missing --------------------------------------------------


def test_a_triple_that_lost_its_fact_is_found() -> None:
    (lost,) = members("hangzhou")
    shipped = LocalStore.shipped()
    kept = (quad for quad in shipped.quads() if quad.subject != fact_iri(ARTICLE, lost))
    store = LocalStore.holding(kept, "the graph without a fact")
    expected = row(CORRIDOR, g60("hasMemberCity"), entity("hangzhou"))
    assert answer("unsupported-triples", store) == [expected]


def test_a_name_needs_no_fact() -> None:
    named = Quad(entity("kuka"), LABEL, Literal("Kuka Robotics", language="fr"), graph_name(OTHER))
    assert answer("unsupported-triples", with_more([named])) == []


# -- What the shipped sources do not say -------------------------------------


def test_a_region_that_spans_cities_is_no_phase() -> None:
    spanned = Triple(CORRIDOR, g60("spans"), entity("wuhu"))
    phases = {
        phase for phase, _ in answer("phase-coverage", with_more(source_says(OTHER, spanned)))
    }
    assert len(phases) == 3
    assert not phases & {*row(CORRIDOR)}


def test_a_title_is_an_achievement_of_any_entity() -> None:
    title, kind = entity("excellent-demonstration-base"), entity("development-zone")
    park = Triple(entity("songjiang-etdz"), g60("classifiedAs"), title)
    firm = Triple(entity("kuka"), g60("classifiedAs"), title)
    store = with_more(source_says(OTHER, park, firm, Triple(park.subject, park.predicate, kind)))
    assert answer("achievements", store, entity=entity("songjiang-etdz")) == [
        row(entity("songjiang-etdz"), title, Literal("Asserted"))
    ]
    holders = answer("achievements", store, award=title)
    assert {cells[0] for cells in holders} >= {*row(entity("songjiang-etdz"), entity("kuka"))}
    assert {cells[1] for cells in holders} == {*row(title)}
    found = answer("achievements", store, entity=entity("kuka"))
    assert row(entity("kuka"), title, Literal("Asserted")) in found
    assert len(found) == 1 + len(
        answer("achievements", LocalStore.shipped(), entity=entity("kuka"))
    )


def test_a_place_inside_the_city_asked_for_counts() -> None:
    omnivision = Triple(entity("omnivision"), g60("locatedIn"), entity("songjiang"))
    store = with_more(source_says(OTHER, omnivision))
    circuits = entity("integrated-circuits")
    expected = [row(entity("omnivision"), circuits, entity("songjiang"))]
    assert answer("enterprises", store, city=entity("songjiang")) == expected
    assert answer("enterprises", store, city=entity("shanghai")) == expected
    assert answer("enterprises", store, city=entity("zhejiang")) == []
    one, none = Literal(1), Literal(0)
    matrix = answer("industry-city-matrix", store)
    elsewhere, inside = (cells for cells in matrix if cells[0] == to_rdflib(circuits))
    assert elsewhere == row(circuits, None, one, none, none)
    assert inside == row(circuits, entity("songjiang"), one, none, none)
    makes, quectel = (
        fact_iri(ARTICLE, Triple(entity(name), g60("inIndustry"), circuits))
        for name in ("omnivision", "quectel-communication")
    )
    assert facts_behind("industry-city-matrix", store, elsewhere) == {*row(quectel)}
    lies = fact_iri(OTHER, omnivision)
    assert facts_behind("industry-city-matrix", store, inside) == {*row(makes, lies)}


def test_a_second_kind_of_a_zone_is_a_second_row() -> None:
    zone, kind = entity("songjiang-etdz-west"), entity("development-zone")
    store = with_more(source_says(OTHER, Triple(zone, g60("classifiedAs"), kind)))
    before = stored_rows(load_catalog()["zones"], "")
    added = row(zone, kind, entity("songjiang"))
    assert {*answer("zones", store)} == {*before, added}
    assert added not in before
    assert added in answer("zones", store, kind=kind)


def test_the_timeline_shows_the_stage_that_an_entity_was_in() -> None:
    plant, other = entity("kuka"), entity("quectel-communication")
    stages = ((plant, g60("Discontinued")), (other, g60("InOperation")))
    triples = [Triple(one, g60("stage"), stage) for one, stage in stages]
    store = with_more(source_says(OTHER, *triples, time="2022"))
    found = answer("timeline", store, **{"from": Literal(2022), "to": Literal(2022)})
    for (one, stage), triple in zip(stages, triples, strict=True):
        expected = row(Literal(2022), stage, one, Literal("Asserted"))
        assert expected in found
        assert facts_behind("timeline", store, expected) == {*row(fact_iri(OTHER, triple))}
    assert not {*row(g60("stage"))} & {cells[1] for cells in found}


def test_search_finds_words_of_names_in_both_languages_any_order_and_case() -> None:
    # Each further name takes rdflib as long as these.
    named = {entity(name) for name in ("fosun-pharma", "corridor-phase-3", "hangzhou", "kuka")}
    kinds = {SHAPES_GRAPH, graph_name("measures"), graph_name("reference")}
    shipped = list(LocalStore.shipped().quads())
    store = LocalStore.holding((q for q in shipped if q.graph_name not in kinds), "the article")
    declared = term("rdfs:isDefinedBy")
    few = LocalStore.holding(
        (q for q in shipped if q.subject in named or q.predicate == declared), "a few entities"
    )
    for text in ("FOSUN", "pharm fosun", "复星", "星医"):
        found, by_name = search(store, text), answer("search", few, text=Literal(text))
        assert {cells[0] for cells in found} == {*row(entity("fosun-pharma"))}, text
        assert by_name
        assert found[: len(by_name)] == by_name
    assert search(store, "jointly built")[0][0] == row(entity("corridor-phase-3"))[0]


def search(store: LocalStore, text: str) -> list[Row]:
    return by_oxigraph(store, bind(load_catalog()["search"], {"text": Literal(text)}).rows)


def test_a_row_has_the_facts_of_its_own_values_only() -> None:
    province = Triple(entity("hangzhou"), g60("inProvince"), entity("jiangsu"))
    store = with_more(source_says(OTHER, province))
    (code,) = row(Literal("330100"))
    one, other = (cells for cells in answer("member-cities", store) if cells[2] == code)
    assert [one[1], other[1]] == [*row(entity("jiangsu"), entity("zhejiang"))]
    (fact,) = row(fact_iri(OTHER, province))
    assert fact in facts_behind("member-cities", store, one)
    assert fact not in facts_behind("member-cities", store, other)
