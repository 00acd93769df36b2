"""The query conflicts: which statements of two sources contradict each other."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg.model.dates import days_meet
from g60kg.model.iri_minting import NewObservation, fact_iri
from g60kg.namespaces import entity, g60, graph_name
from g60kg.queries.binding import bind
from g60kg.queries.catalog import load_catalog
from tests.conftest import ARTICLE, sampled
from tests.queries.added_sources import (
    CITIES,
    CORRIDOR,
    FIRST_ARTICLE,
    OTHER,
    OTHER_ARTICLE,
    THIRD,
    THIRD_ARTICLE,
    answer,
    area,
    listing,
    members,
    merged,
    population,
    row,
    source_counts,
    source_says,
    with_more,
)
from tests.queries.test_answers import EVIDENCED, Row, by_oxigraph, by_rdflib
from tests.validation.stated import bare, measured, published, stated
from tests.validation.test_figures import CONTRADICT, PAIRS, stating


def test_lists_that_differ_are_in_conflict_value_by_value() -> None:
    store = with_more(listing(OTHER, *CITIES, "shanghai"))
    songjiang, shanghai = entity("songjiang"), entity("shanghai")
    assert answer("conflicts", store) == [
        pair(CORRIDOR, g60("hasMemberCity"), shanghai, OTHER_ARTICLE, songjiang, FIRST_ARTICLE)
    ]
    (found,) = by_oxigraph(store, bind(load_catalog()["conflicts"], {}).evidence)
    (first,), (second,) = members("shanghai"), members("songjiang")
    assert found[-2:] == row(fact_iri(OTHER, first), fact_iri(ARTICLE, second))
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
        pair(
            CORRIDOR, g60("hasMemberCity"), entity("songjiang"), FIRST_ARTICLE, None, OTHER_ARTICLE
        )
    ]


def test_a_longer_list_is_reported_from_its_own_side() -> None:
    store = with_more(listing(OTHER, *CITIES, "songjiang", "shanghai"))
    shanghai = entity("shanghai")
    assert answer("conflicts", store) == [
        pair(CORRIDOR, g60("hasMemberCity"), shanghai, OTHER_ARTICLE, None, FIRST_ARTICLE)
    ]


def test_lists_that_are_not_complete_are_no_conflict() -> None:
    named = source_says(OTHER, *members(*CITIES, "shanghai"), time="2018/..")
    assert answer("conflicts", with_more(named)) == []
    earlier = listing(OTHER, "songjiang", "jiaxing", "hangzhou", time="2017")
    assert answer("conflicts", with_more(earlier)) == []


def test_a_list_with_an_unmarked_value_is_not_complete() -> None:
    partly = [
        *listing(OTHER, *CITIES, "shanghai"),
        *source_says(OTHER, *members("ningbo"), time="2018/.."),
    ]
    assert answer("conflicts", with_more(partly)) == []


@pytest.mark.parametrize(
    ("time", "same"),
    [("2018/..", True), ("2019", True), ("../2018-01", True), ("2017-12-31", False)],
)
def test_complete_lists_of_one_time_are_compared(time: str, same: bool) -> None:
    store = with_more(listing(OTHER, *CITIES, "shanghai", time=time))
    assert len(answer("conflicts", store)) == same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2018", "2018-11"),
        ("2018-11", "2018-12"),
        ("2016/2018", "2017"),
        ("../2017", "2018"),
        ("2018-06/..", "2018-05-31"),
        *(
            pytest.param(*dates, marks=pytest.mark.long)
            for dates in (
                ("2018-02", "2018-02-28"),
                ("2016/2018-03", "2018-04"),
                ("../2017", "2017-12-31"),
                ("2018-06/..", "2019"),
            )
        ),
    ],
)
def test_dates_are_in_conflict_if_they_do_not_meet(one: str, other: str) -> None:
    store = bare(*(stated(date, "x", "foundedOn", Literal(date)) for date in (one, other)))
    assert bool(answer("conflicts", store)) != days_meet(one, other)


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
    """The row of two figures, the figure with the lesser IRI first."""
    one, two = sorted(sides, key=lambda side: side[0].iri.value)
    return pair(CORRIDOR, one[0].measure, one[0].iri, one[1], two[0].iri, two[1])


def pair(
    subject: NamedNode,
    disputed: NamedNode,
    value: NamedNode | Literal,
    article: NamedNode,
    other_value: NamedNode | Literal | None,
    other_article: NamedNode,
    sources: int = 1,
    other_subject: NamedNode | None = None,
) -> Row:
    """The row of two values, the first of which a number of sources state.

    Of the articles only the first one has a date.
    """
    articles = article, other_article
    dates = [Literal("2023-07-11") if one == FIRST_ARTICLE else None for one in articles]
    last = *dates, Literal(sources), Literal(1), other_subject
    return row(subject, disputed, value, article, other_value, other_article, *last)


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


def test_a_plan_contradicts_no_actual_value_and_is_no_side_of_a_conflict() -> None:
    built, planned = Literal("2016"), Literal("2018")
    one = stated("1", "x", "foundedOn", built)
    goal = stated("2", "x", "foundedOn", planned, status="Planned")
    assert answer("conflicts", bare(one, goal)) == []
    other = stated("3", "x", "foundedOn", planned)
    sides = (entity("article-1"), entity("article-3"))
    assert answer("conflicts", bare(one, goal, other)) == [
        pair(entity("x"), g60("foundedOn"), built, sides[0], planned, sides[1])
    ]


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
    assert {name: len(rows) for name, rows in of_each.items()} == {
        "corridor": 2,
        "hangzhou": 1,
        "wuhu": 0,
    }
    assert [found for rows in of_each.values() for found in rows] == whole


def test_a_value_that_several_sources_state_is_one_row_with_their_number() -> None:
    again = listing(THIRD, *CITIES, "shanghai")
    store = with_more([*listing(OTHER, *CITIES, "shanghai"), *again])
    songjiang, shanghai = entity("songjiang"), entity("shanghai")
    named = min(OTHER_ARTICLE, THIRD_ARTICLE, key=lambda article: article.value)
    assert answer("conflicts", store) == [
        pair(CORRIDOR, g60("hasMemberCity"), shanghai, named, songjiang, FIRST_ARTICLE, sources=2)
    ]


@pytest.mark.parametrize("name", sampled(PAIRS))
def test_the_query_finds_the_figures_that_the_check_finds(name: str) -> None:
    measure, one, other, expected = PAIRS[name]
    store = bare(stating("one", measure, one), stating("two", measure, other))
    text = bind(load_catalog()["conflicts"], {"entity": entity("x")}).rows
    assert bool(by_oxigraph(store, text)) == (expected == CONTRADICT)


def maybe_one(one: str, other: str) -> list[Quad]:
    """A curator's note in another source that two entities may be one."""
    return stated("9", one, "possiblySameAs", entity(other))


def test_values_of_two_entities_that_may_be_one_are_a_possible_conflict() -> None:
    x, y = entity("x"), entity("y")
    dates = [
        *stated("1", "x", "foundedOn", Literal("2016")),
        *stated("2", "y", "foundedOn", Literal("2014")),
    ]
    assert answer("conflicts", bare(dates)) == []
    store = bare(dates, maybe_one("y", "x"))
    sides = (Literal("2016"), entity("article-1"), Literal("2014"), entity("article-2"))
    found = pair(x, g60("foundedOn"), *sides, other_subject=y)
    assert answer("conflicts", store) == [found]
    assert answer("conflicts", store, entity=x) == [found]
    turned = pair(y, g60("foundedOn"), *sides[2:], *sides[:2], other_subject=x)
    assert answer("conflicts", store, entity=y) == [turned]
    (facts,) = by_oxigraph(store, bind(load_catalog()["conflicts"], {}).evidence)
    triples = (Triple(x, g60("foundedOn"), sides[0]), Triple(y, g60("foundedOn"), sides[2]))
    assert facts[-2:] == row(fact_iri("1", triples[0]), fact_iri("2", triples[1]))


def test_figures_of_two_entities_that_may_be_one_are_a_possible_conflict() -> None:
    def total(source: str, subject: str, number: str) -> list[Quad]:
        return measured(source, subject, "total-investment", number, unit="CCY_CNY")

    one, equal = total("1", "x", "45"), total("2", "y", "45")
    assert answer("conflicts", bare(one, equal, maybe_one("x", "y"))) == []
    dates = [published("1", "2020-06-05"), published("2", "2021")]
    rows = answer("conflicts", bare(one, total("2", "y", "15"), maybe_one("x", "y"), dates))
    assert [(cells[0], cells[-1]) for cells in rows] == [row(entity("x"), entity("y"))]


@pytest.mark.parametrize(
    ("date", "other", "rows"),
    [("2023-12-30", "2024-08", 1), ("2020", "2024-12-25", 0), ("2020", None, 0)],
)
def test_plans_of_sources_years_apart_are_no_conflict(
    date: str, other: str | None, rows: int
) -> None:
    plans = [
        *measured("1", "x", "station-count", "6", status=g60("Planned")),
        *measured("2", "x", "station-count", "8", status=g60("Planned")),
    ]
    dates = [published("1", date), *([published("2", other)] if other else [])]
    assert len(answer("conflicts", bare(plans, dates))) == rows


def test_the_first_source_of_a_value_is_shown() -> None:
    values = {"1": "2016", "2": "2016", "3": "2014"}
    stating = [
        q for name, at in values.items() for q in stated(name, "x", "foundedOn", Literal(at))
    ]
    (shown,) = answer(
        "conflicts", bare(stating, [published("2", "2021-05"), published("3", "2022")])
    )
    assert set(row(entity("article-2"), entity("article-3"))) < set(shown)


def test_one_source_with_values_of_both_entities_is_in_no_conflict() -> None:
    dates = [
        *stated("1", "x", "foundedOn", Literal("2016")),
        *stated("1", "y", "foundedOn", Literal("2014")),
    ]
    assert answer("conflicts", bare(dates, maybe_one("x", "y"))) == []


def reprint(source: str, original: str) -> Quad:
    about = entity(f"article-{source}"), g60("republishes"), entity(f"article-{original}")
    return Quad(*about, graph_name(source))


def test_a_reprint_is_no_second_source_of_a_conflict() -> None:
    dates = [
        *stated("1", "x", "foundedOn", Literal("2016")),
        *stated("2", "x", "foundedOn", Literal("2016")),
        *stated("3", "x", "foundedOn", Literal("2014")),
    ]
    (shown,) = answer("conflicts", bare(dates, [reprint("2", "1")]))
    assert shown[-3:-1] == row(Literal(1), Literal(1))
    (shown,) = answer("conflicts", bare(dates))
    assert sorted(map(str, shown[-3:-1])) == ["1", "2"]
    assert answer("conflicts", bare(dates, [reprint("2", "1"), reprint("3", "1")])) == []
