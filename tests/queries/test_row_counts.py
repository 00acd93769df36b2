"""The total of an answer and its facets, and when they are not exact."""

from __future__ import annotations

from collections import Counter

import pytest

from g60kg.errors import UsageError
from g60kg.queries import row_counts
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named
from g60kg.queries.parameters import Resolver
from g60kg.queries.row_counts import RowCounts
from g60kg.stores.local_store import LocalStore

STORE = LocalStore.shipped()


def counts(
    name: str, facets: tuple[str, ...] = (), evidence: bool = False, **given: str
) -> RowCounts:
    query = named_query(name)
    terms = Resolver(STORE).terms(query, {key.rstrip("_"): value for key, value in given.items()})
    answer = run_named(STORE, query, terms, evidence=evidence, limit=2, offset=1, facets=facets)
    assert len(list(answer.stream())) == 2
    found = answer.counts()
    assert found is not None
    return found


@pytest.mark.parametrize("evidence", [False, True])
def test_a_page_knows_the_total_and_the_counts_of_all_rows(evidence: bool) -> None:
    query = named_query("agreements")
    rows = [row for row, _ in run_named(STORE, query, {}).stream()]
    found = counts("agreements", ("signatory", "year"), evidence)
    assert (found.total, found.exact) == (len(rows), True)
    signatory, year = found.facets
    columns = run_named(STORE, query, {}).columns
    assert dict(signatory.values) == Counter(row[columns.index("signatory")] for row in rows)
    assert [count for _, count in signatory.values] == sorted(
        (count for _, count in signatory.values), reverse=True
    )
    assert sum(count for _, count in year.values) == len(rows)


def test_counts_are_of_the_filtered_rows() -> None:
    (year,) = counts("agreements", ("year",), from_="2018", source="2307119874").facets
    assert [value.value for value, _ in year.values] == ["2018"]


def test_periods_are_counted_by_the_year_that_the_filter_compares() -> None:
    (period,) = counts("quantities", ("period",)).facets
    for value, count in period.values:
        year = value.value
        assert counts("quantities", from_=year, to=year).total == count if count > 2 else True


@pytest.mark.parametrize("most", [3, 11])
def test_only_the_first_rows_of_a_large_answer_are_counted(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_counts, "MOST_COUNTED", most)
    monkeypatch.setattr(row_counts, "MOST_VALUES", 1)
    found = counts("agreements", ("signatory",))
    assert (found.total, found.exact) == (most, False)
    assert found.facets[0].more > 0


def test_a_total_at_the_limit_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_counts, "MOST_COUNTED", counts("agreements").total)
    assert counts("agreements").exact


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(UsageError, match="no column town to count"):
        counts("agreements", ("town",))
