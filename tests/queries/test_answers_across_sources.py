"""The canned queries where sources agree, differ, or say more than the shipped ones do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import Graph
from rdflib.term import Node

from g60kg import package_data
from g60kg.model.iri_minting import (
    Evidence,
    NewObservation,
    Statement,
    fact_iri,
)
from g60kg.namespaces import HAS_OBSERVATION, LABEL, entity, g60, graph_name, term
from g60kg.queries.binding import bind
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.rdf.sparql_tokens import tokens
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph, to_rdflib
from tests.conftest import ARTICLE
from tests.queries.test_answers import EVIDENCED, Row, by_oxigraph, by_rdflib, stored_rows

OTHER = "2400000001"
THIRD = "2400000002"
CORRIDOR = entity("corridor")
CITIES = ("hangzhou", "hefei", "huzhou", "jiaxing", "jinhua", "suzhou", "wuhu", "xuancheng")
FIRST_ARTICLE, OTHER_ARTICLE, THIRD_ARTICLE = (
    entity(f"article-{source}") for source in (ARTICLE, OTHER, THIRD)
)


def quads(source: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, graph_name(source))


def source_says(source: str, *triples: Triple, **parts: object) -> list[Quad]:
    """What an article with that number adds to the graph: the triples, each with its Fact.

    ``time`` and ``complete_list`` are parts of the Facts.
    """
    evidence = Evidence(entity(f"article-{source}"), quote="so it says", start=10)
    facts = (
        part
        for triple in triples
        for part in Statement(triple, (evidence,), **parts).triples()  # type: ignore[arg-type]
    )
    return [*quads(source, triples), *quads(source, facts)]


def members(*names: str) -> tuple[Triple, ...]:
    return tuple(Triple(CORRIDOR, g60("hasMemberCity"), entity(name)) for name in names)


def listing(source: str, *names: str, time: str = "2018/..") -> list[Quad]:
    """A list of member cities that an article says is complete."""
    return source_says(source, *members(*names), time=time, complete_list=True)


def figure(measure: str, number: str, unit: str, by: str, period: str | None) -> NewObservation:
    return NewObservation(
        subject=CORRIDOR,
        measure=term(f"measure:{measure}"),
        value=number,
        comparator=g60(by),
        unit=term(f"unit:{unit}"),
        period=period,
    )


def area(number: str, by: str = "Exactly") -> NewObservation:
    """A figure of a measure that does not change with time."""
    return figure("territory-area", number, "KiloM2", by, None)


def population(number: str, period: str, by: str = "Exactly") -> NewObservation:
    return figure("population", number, "NUM", by, period)


def source_counts(source: str, figure: NewObservation) -> list[Quad]:
    """What an article adds to the graph that states a figure."""
    stated = Triple(figure.subject, HAS_OBSERVATION, figure.iri)
    return [*quads(source, figure.triples()), *source_says(source, stated)]


def with_more(added: Iterable[Quad]) -> LocalStore:
    store = LocalStore.shipped()
    store.extend(added)
    return store


def merged(store: LocalStore) -> Graph:
    """All that a store holds, in one graph of rdflib's own."""
    return rdflib_graph(quad.triple for quad in store.quads())


def answer(name: str, store: LocalStore, **given: Term) -> list[Row]:
    """The rows of a query, which both engines give.

    The query conflicts takes rdflib half a minute: see the long test of it.
    """
    text = bind(load_catalog()[name], given).rows
    rows = by_oxigraph(store, text)
    if name != "conflicts":
        assert by_rdflib(merged(store), text) == rows
    return rows


def row(*cells: Term | None) -> Row:
    return tuple(None if cell is None else to_rdflib(cell) for cell in cells)


def facts_behind(name: str, store: LocalStore, shown: Row) -> set[Node | None]:
    """The Facts that a query gives as the evidence of one row."""
    width = len(shown)
    found = by_oxigraph(store, bind(load_catalog()[name], {}).evidence)
    return {cell for cells in found if cells[:width] == shown for cell in cells[width:]}


# -- Two sources that say the same -------------------------------------------


@pytest.fixture(scope="module")
def article_twice() -> LocalStore:
    """The shipped graph with a second article that says all that the first one says."""
    (file,) = (path for path in package_data.instance_files() if path.stem == ARTICLE)
    said = "\n".join(f"{quad.triple} ." for quad in parse(path=file, format=RdfFormat.TURTLE))
    again = parse(said.replace(ARTICLE, OTHER), format=RdfFormat.N_TRIPLES)
    return with_more(quads(OTHER, (quad.triple for quad in again)))


# Queries about sources have a row for each.
SAME_ROWS = [
    query
    for query in load_catalog().values()
    if query.topic != "evidence" and "source" not in query.columns
]


@pytest.mark.parametrize("query", SAME_ROWS, ids=[query.name for query in SAME_ROWS])
def test_a_second_source_adds_evidence_and_no_row(
    query: NamedQuery, article_twice: LocalStore
) -> None:
    about_itself = to_rdflib(OTHER_ARTICLE)  # such as its date
    rows = [cells for cells in by_oxigraph(article_twice, query.text) if about_itself not in cells]
    assert rows == stored_rows(query, "")
    once = by_oxigraph(LocalStore.shipped(), bind(query, {}).evidence) if query.evidence else []
    if once:
        twice = by_oxigraph(article_twice, bind(query, {}).evidence)
        assert len(once) < len(twice) <= 2 * len(once)


def order_keys(text: str) -> list[str]:
    """The expressions of the last ORDER BY, without their direction."""
    clause = text[text.rindex("ORDER BY") + len("ORDER BY") :]
    keys, start, depth = [], 0, 0
    for token in tokens(clause):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and (token.kind == "variable" or token.text == ")"):
            keys.append(clause[start : token.end].strip().removeprefix("DESC"))
            start = token.end
    return keys


@pytest.mark.parametrize("query", load_catalog().values(), ids=list(load_catalog()))
def test_no_two_rows_tie_in_the_order(query: NamedQuery, article_twice: LocalStore) -> None:
    keys = order_keys(query.text)
    ordered_by = {t.text[1:] for key in keys for t in tokens(key) if t.kind == "variable"}
    assert ordered_by <= set(query.columns)
    projected = " ".join(f"({key} AS ?_key{index})" for index, key in enumerate(keys))
    text = query.text.replace("\nWHERE {", f" {projected}\nWHERE {{", 1)
    places = [cells[len(query.columns) :] for cells in by_oxigraph(article_twice, text)]
    assert len(set(places)) == len(places) == len(by_oxigraph(article_twice, query.text))


def test_what_two_sources_state_is_corroborated() -> None:
    shared = area("76200")
    store = with_more(source_counts(OTHER, shared))
    before = stored_rows(load_catalog()["corroboration"], "")
    added = row(CORRIDOR, shared.measure, shared.iri, Literal(2))
    assert set(answer("corroboration", store)) == {*before, added}
    with_facts = bind(load_catalog()["corroboration"], {}).evidence
    facts = {found[-1] for found in by_oxigraph(store, with_facts) if found[:4] == added}
    triple = Triple(CORRIDOR, HAS_OBSERVATION, shared.iri)
    assert facts == {*row(fact_iri(ARTICLE, triple), fact_iri(OTHER, triple))}


# -- Two sources that differ -------------------------------------------------


def test_sources_that_agree_are_in_no_conflict(article_twice: LocalStore) -> None:
    assert by_oxigraph(article_twice, load_catalog()["conflicts"].text) == []


def test_lists_that_differ_are_in_conflict_value_by_value() -> None:
    store = with_more(listing(OTHER, *CITIES, "shanghai"))
    songjiang, shanghai = entity("songjiang"), entity("shanghai")
    assert answer("conflicts", store) == [
        row(CORRIDOR, g60("hasMemberCity"), songjiang, FIRST_ARTICLE, shanghai, OTHER_ARTICLE)
    ]
    (found,) = by_oxigraph(store, bind(load_catalog()["conflicts"], {}).evidence)
    (first,), (second,) = members("songjiang"), members("shanghai")
    assert found[-2:] == row(fact_iri(ARTICLE, first), fact_iri(OTHER, second))
    facts = {fact for (fact,) in by_oxigraph(store, EVIDENCED)}
    assert set(found[-2:]) <= facts


@pytest.mark.long
def test_rdflib_finds_the_same_conflicts() -> None:
    store = with_more(
        [
            *listing(OTHER, *CITIES, "shanghai"),
            *source_counts(OTHER, area("60000")),
            *source_counts(OTHER, population("56000000", "2020")),
            *source_counts(THIRD, population("58000000", "2020")),
        ]
    )
    rows = answer("conflicts", store)
    assert len(rows) == 3
    assert by_rdflib(merged(store), load_catalog()["conflicts"].text) == rows


def test_a_list_that_is_shorter_has_nothing_to_set_against() -> None:
    store = with_more(listing(OTHER, *CITIES))
    assert answer("conflicts", store) == [
        row(
            CORRIDOR,
            g60("hasMemberCity"),
            entity("songjiang"),
            FIRST_ARTICLE,
            None,
            OTHER_ARTICLE,
        )
    ]


def test_a_longer_list_is_reported_from_its_own_side() -> None:
    store = with_more(listing(OTHER, *CITIES, "songjiang", "shanghai"))
    shanghai = entity("shanghai")
    assert answer("conflicts", store) == [
        row(CORRIDOR, g60("hasMemberCity"), shanghai, OTHER_ARTICLE, None, FIRST_ARTICLE)
    ]


def test_lists_that_are_not_complete_are_no_conflict() -> None:
    named = source_says(OTHER, *members(*CITIES, "shanghai"), time="2018/..")
    assert answer("conflicts", with_more(named)) == []
    earlier = listing(OTHER, "songjiang", "jiaxing", "hangzhou", time="2017")
    assert answer("conflicts", with_more(earlier)) == []


def test_two_figures_of_a_measure_without_time_are_in_conflict() -> None:
    other = area("60000")
    assert answer("conflicts", with_more(source_counts(OTHER, other))) == [
        in_order((area("76200"), FIRST_ARTICLE), (other, OTHER_ARTICLE))
    ]


def test_two_figures_of_one_period_are_in_conflict() -> None:
    one, two = population("56000000", "2020"), population("58000000", "2020")
    store = with_more([*source_counts(OTHER, one), *source_counts(THIRD, two)])
    assert answer("conflicts", store) == [in_order((one, OTHER_ARTICLE), (two, THIRD_ARTICLE))]


def in_order(*sides: tuple[NewObservation, NamedNode]) -> Row:
    """The row of two figures, the article with the lesser IRI first."""
    one, two = sorted(sides, key=lambda side: side[1].value)
    return row(CORRIDOR, one[0].measure, one[0].iri, one[1], two[0].iri, two[1])


@pytest.mark.parametrize(
    "added",
    [
        pytest.param(source_counts(OTHER, area("76000", "Approximately")), id="bounds"),
        pytest.param(
            [
                *source_counts(OTHER, population("56000000", "2020")),
                *source_counts(THIRD, population("58000000", "2022")),
            ],
            id="periods",
        ),
        pytest.param(
            source_says(
                OTHER,
                Triple(
                    entity("role-songjiang-innovation-source"),
                    g60("roleFunction"),
                    Literal("创新策源地", language="zh"),
                ),
            ),
            id="languages",
        ),
        pytest.param(
            source_says(
                OTHER, Triple(CORRIDOR, g60("describedAs"), Literal("wide", language="en"))
            ),
            id="properties-of-many-values",
        ),
    ],
)
def test_what_can_stand_side_by_side_is_no_conflict(added: list[Quad]) -> None:
    assert answer("conflicts", with_more(added)) == []


def test_two_values_within_one_source_are_no_conflict() -> None:
    assert answer("conflicts", with_more(source_counts(ARTICLE, area("60000")))) == []


def test_the_conflicts_of_an_entity_are_a_part_of_all_conflicts() -> None:
    province = Triple(entity("hangzhou"), g60("inProvince"), entity("jiangsu"))
    store = with_more(
        [
            *listing(OTHER, *CITIES, "shanghai"),
            *source_says(OTHER, province),
            *source_counts(OTHER, area("60000")),
        ]
    )
    whole = answer("conflicts", store)
    of_each = {
        name: answer("conflicts", store, entity=entity(name))
        for name in ("corridor", "hangzhou", "wuhu")
    }
    # Two sources state the province already, and each differs from the third.
    assert {name: len(rows) for name, rows in of_each.items()} == {
        "corridor": 2,
        "hangzhou": 2,
        "wuhu": 0,
    }
    assert [found for rows in of_each.values() for found in rows] == whole


def test_a_row_has_the_facts_of_its_own_values_only() -> None:
    province = Triple(entity("hangzhou"), g60("inProvince"), entity("jiangsu"))
    store = with_more(source_says(OTHER, province))
    (code,) = row(Literal("330100"))
    one, other = (cells for cells in answer("member-cities", store) if cells[2] == code)
    assert [one[1], other[1]] == [*row(entity("jiangsu"), entity("zhejiang"))]
    (told,) = row(fact_iri(OTHER, province))
    assert told in facts_behind("member-cities", store, one)
    assert told not in facts_behind("member-cities", store, other)


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


def test_search_finds_parts_of_names_in_both_languages_and_any_case() -> None:
    store = LocalStore.shipped()
    for text in ("FOSUN", "osun ph", "复星", "星医"):
        found = {cells[0] for cells in answer("search", store, text=Literal(text))}
        assert found == {*row(entity("fosun-pharma"))}, text
    slogans = answer("search", store, text=Literal("jointly built"))
    assert [cells[0] for cells in slogans] == [*row(entity("corridor-phase-3"))]
