"""Rows of canned queries are filtered by year and by source."""

from __future__ import annotations

import pytest

from g60kg.errors import UsageError
from g60kg.namespaces import entity
from g60kg.queries.catalog import NamedQuery, load_catalog, named_query
from g60kg.queries.execution import facts_behind, run_named
from g60kg.queries.parameters import Resolver
from g60kg.queries.row_filters import year_of
from g60kg.queries.row_order import Row
from g60kg.stores.local_store import LocalStore
from tests.conftest import ARTICLE, sampled


def rows(store: LocalStore, name: str, evidence: bool = False, **given: str) -> list[Row]:
    query = named_query(name)
    given = {key.rstrip("_"): value for key, value in given.items()}
    answer = run_named(store, query, Resolver(store).terms(query, given), evidence=evidence)
    return [row for row, _ in answer.stream()]


def of(query: NamedQuery) -> list[str]:
    return [parameter.name for parameter in query.filters]


BY_YEAR = [query for query in load_catalog().values() if "from" in of(query)]
BY_SOURCE = [query for query in load_catalog().values() if "source" in of(query)]


@pytest.mark.parametrize("query", BY_YEAR, ids=[query.name for query in BY_YEAR])
@pytest.mark.parametrize("evidence", [False, True])
def test_only_rows_of_the_years_are_kept(
    store: LocalStore, query: NamedQuery, evidence: bool
) -> None:
    evidence = evidence and bool(query.evidence)
    everything = rows(store, query.name, evidence)
    column = run_named(store, query, {}).columns.index(query.year or "")
    expected = [row for row in everything if year_of(row[column]) in range(2016, 2024)]
    assert rows(store, query.name, evidence, from_="2016", to="2023") == expected


@pytest.mark.parametrize("query", sampled(BY_SOURCE), ids=[query.name for query in BY_SOURCE])
def test_only_rows_with_a_fact_of_the_source_are_kept(store: LocalStore, query: NamedQuery) -> None:
    source = entity(f"article-{ARTICLE}")
    answer = run_named(store, query, {}, evidence=True)
    expected = [
        row for row, quoted in answer.stream() if source.value in {one.article for one in quoted}
    ]
    for evidence in (False, True):
        assert rows(store, query.name, evidence, source=ARTICLE) == expected
    # Pages of the rows are pages of the filtered rows.
    page = run_named(store, query, {"source": source}, evidence=True, limit=3, offset=1)
    assert [row for row, _ in page.stream()] == expected[1:4]


def test_a_row_of_two_sources_keeps_all_its_evidence(store: LocalStore) -> None:
    query = named_query("member-cities")
    plain = dict(run_named(store, query, {}, evidence=True).stream())
    terms = Resolver(store).terms(query, {"source": ARTICLE})
    for row, quoted in run_named(store, query, terms, evidence=True).stream():
        assert quoted == plain[row]


def test_the_facts_of_filtered_rows_are_theirs(store: LocalStore) -> None:
    query = named_query("agreements")
    filtered = facts_behind(store, query, Resolver(store).terms(query, {"from": "2019"}))
    assert filtered.rows == len(rows(store, "agreements", from_="2019"))
    assert len(filtered.facts) < len(facts_behind(store, query, {}).facts)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("enterprises", {"from": "2019"}, "no filter by year: its rows have no date"),
        ("industries", {"source": ARTICLE}, "its counts are over all sources"),
        ("sources", {"source": ARTICLE}, "they are not statements"),
        ("agreements", {"source": "nosuch"}, 'No source is called "nosuch"'),
        ("agreements", {"from": "recently"}, "is not a year"),
        ("agreements", {"from": "２０１８"}, "is not a year"),
        ("agreements", {"from": "2020", "to": "1990"}, "from 2020 is after to 1990"),
        ("timeline", {"from": "2020", "to": "1990"}, "from 2020 is after to 1990"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(
    store: LocalStore, name: str, given: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        run_named(store, named_query(name), Resolver(store).terms(named_query(name), given))


def test_a_parameter_takes_the_place_of_the_filter_of_its_name() -> None:
    assert "from" not in of(named_query("timeline"))
    assert "source" not in of(named_query("source-claims"))


@pytest.mark.parametrize("name", [ARTICLE, f"article-{ARTICLE}", f"id:article-{ARTICLE}"])
def test_a_source_is_named_by_its_id(store: LocalStore, name: str) -> None:
    terms = Resolver(store).terms(named_query("agreements"), {"source": name})
    assert terms == {"source": entity(f"article-{ARTICLE}")}
    with pytest.raises(UsageError):
        Resolver(store).terms(named_query("agreements"), {"source": "hangzhou"})


@pytest.mark.parametrize("text", ["2021-Q3", "2021-06", "first half of 2021"])
@pytest.mark.parametrize("name", ["timeline", "quantities"])
def test_a_part_of_a_year_is_no_year(store: LocalStore, name: str, text: str) -> None:
    with pytest.raises(UsageError, match=f'^from: "{text}" is not a year') as caught:
        Resolver(store).terms(named_query(name), {"from": text})
    assert "2021-Q3" in (caught.value.hint or "")


def test_quarters_and_half_years_are_periods(all_sources: LocalStore) -> None:
    for period, written in {
        "2023-01/2023-03": ("2023-Q1", "2023-33", "Q1 2023", "2023年第一季度"),
        "2022-01/2022-06": ("2022-H1", "2022-40", "first half of 2022", "2022年上半年"),
    }.items():
        expected = rows(all_sources, "compare", measure="GDP", period=period)
        assert expected
        for text in written:
            assert rows(all_sources, "compare", measure="GDP", period=text) == expected
