"""What `draft` says of figures and dates that validation would refuse, in the sheet's terms."""

from __future__ import annotations

import re

import pytest

from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import SheetProblem, sheet_of
from g60kg.stores.local_store import LocalStore
from g60kg.web.message_catalog import chinese

URL = "# url: https://example.org/news/2400000001\n"
COLUMNS = "subject,predicate,object,quote,start,reference,time,unit,comparator,upper\n"
QUOTE = "some words of the article"


def drafted(store: LocalStore, *rows: str, header: str = "") -> Draft:
    return draft(sheet_of(URL + header + COLUMNS + "\n".join(rows) + "\n", "facts.csv"), store)


def assert_chinese(problem: SheetProblem) -> None:
    for text in filter(None, (problem.message, problem.hint)):
        assert chinese(text) != text
        assert not re.search("[a-z] (is|the|of|or|and) [a-z]", chinese(text)), chinese(text)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("id:huzhou,enterprise-count,5,{},5,Zhejiang,2023,,,", "reference", "refers to an area"),
        ("id:huzhou,enterprise-count,5,{},5,2020,2023,,,", "reference", "compared with a period"),
        (
            "id:huzhou,enterprise-count,5,{},5,year-on-year,2023,,,",
            "reference",
            "enterprise-count is none of them",
        ),
        ("id:huzhou,share of GDP,5,{},5,List,2023,PERCENT,,", "reference", "is in a ranking"),
        ("id:huzhou,growth of GDP,5,{},5,2030,2023,PERCENT,,", "reference", "a later period, 2030"),
        (
            "id:huzhou,growth of GDP,5,{},5,2023-07,2023-01/2023-06,PERCENT,,",
            "reference",
            "The figure of 2023-01/2023-06",
        ),
        ("id:huzhou,foundedOn,2018-11,{},5,,2018-11,,,", "time", "foundedOn is its time"),
    ],
)
def test_a_reference_or_a_time_that_does_not_fit_is_a_mistake(
    store: LocalStore, row: str, column: str, message: str
) -> None:
    (problem,) = drafted(store, "List,a,Ranking,,,,,,,", row.format(QUOTE)).problems
    assert problem.column == column
    assert message in problem.message
    assert_chinese(problem)


@pytest.mark.parametrize(
    "row",
    [
        "id:huzhou,growth of GDP,5,{},5,2020,2023,PERCENT,,",
        "id:huzhou,growth of GDP,5,{},5,2023-01/2023-03,2023-01/2023-06,PERCENT,,",
        "id:huzhou,growth of GDP,5,{},5,2023,2023-09,PERCENT,,",
        "id:huzhou,share of GDP,5,{},5,Zhejiang,2023,PERCENT,,",
        "id:huzhou,rank by GDP,5,{},5,List,2023,,,",
        "id:huzhou,foundedOn,2018-11,{},5,,,,,",
    ],
)
def test_a_reference_or_a_time_that_fits_is_no_mistake(store: LocalStore, row: str) -> None:
    assert drafted(store, "List,a,Ranking,,,,,,,", row.format(QUOTE)).problems == ()
