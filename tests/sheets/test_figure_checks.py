"""What `draft` says of figures and dates that validation would refuse, in the sheet's terms."""

from __future__ import annotations

import re

import pytest

from g60kg.errors import UnreadableInput
from g60kg.model.i18n.message_catalog import chinese
from g60kg.namespaces import EQUIVALENT_OF
from g60kg.sheets.cell_literals import figure_in
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import RowError, SheetProblem, SheetRow, sheet_of
from g60kg.stores.local_store import LocalStore

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
        (
            "id:huzhou,share of GDP,5,{},5,List,2023,PERCENT,,",
            "reference",
            "in a ranking; share-of-gdp is",
        ),
        (
            "id:huzhou,change of population,5,{},5,2012; year-on-year,2023,,,",
            "reference",
            'not to "2012; year-on-year"',
        ),
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
        "id:huzhou,change of the position in a ranking,-3,{},5,List,2023,,,",
        "id:huzhou,change of the position in a ranking,-3,{},5,List;2012,2023,,,",
        "id:huzhou,foundedOn,2018-11,{},5,,,,,",
    ],
)
def test_a_reference_or_a_time_that_fits_is_no_mistake(store: LocalStore, row: str) -> None:
    assert drafted(store, "List,a,Ranking,,,,,,,", row.format(QUOTE)).problems == ()


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("id:huzhou,population,5,{},5,,2023,,between,", "upper", "needs its upper number"),
        ("id:huzhou,population,5,{},5,,2023,,about,7", "comparator", 'not "about"'),
        ("id:huzhou,population,5-7,{},5,,2023,,不到,", "comparator", 'not "不到"'),
        ("id:huzhou,umbrellas,5,{},5,,2023,,between,", "upper", "needs its upper number"),
        ("id:huzhou,population,-5,{},5,,2023,,,", "object", 'not below zero, not "-5"'),
        ("id:huzhou,population,5.5,{},5,,2023,,,", "object", "a whole number"),
        ("id:huzhou,rank by GDP,1.5,{},5,,2023,,,", "object", "a whole number"),
        ("id:huzhou,rank by GDP,0,{},5,,2023,,,", "object", "begins with 1"),
        ("id:huzhou,GDP,-5 billion,{},5,,2023,CCY_CNY,,", "object", 'as "-5 billion" is'),
        ("id:huzhou,share of GDP,101,{},5,,2023,PERCENT,,", "object", "at most 100 percent"),
        ("id:huzhou,share of GDP,3,{},5,,2023,FRACTION,,", "object", "at most 100 percent"),
        ("id:huzhou,urbanization-rate,783,{},5,,2023,PERCENT,,", "object", "at most 100 percent"),
        ('id:huzhou,population,"1,000-900",{},5,,2023,,,', "object", "is not above the lower"),
        ("id:huzhou,population,5-3 million,{},5,,2023,,,", "object", "is not above the lower"),
    ],
)
def test_a_number_that_no_figure_of_the_measure_has_is_a_mistake(
    store: LocalStore, row: str, column: str, message: str
) -> None:
    problem = drafted(store, row.format(QUOTE)).problems[-1]
    assert (problem.line, problem.column) == (3, column)
    assert message in problem.message
    assert_chinese(problem)


@pytest.mark.parametrize(
    "row",
    [
        "id:huzhou,population,5,{},5,,2023,,between,7",
        "id:huzhou,population,5-7,{},5,,2023,,,",
        "id:huzhou,population,5.5万,{},5,,2023,,,",
        "id:huzhou,growth of GDP,-5,{},5,,2023,PERCENT,,",
        "id:huzhou,share of GDP,1/8,{},5,,2023,FRACTION,,",
        "id:huzhou,GDP,5.5,{},5,,2023,CCY_CNY,,",
    ],
)
def test_a_number_that_one_has_is_no_mistake(store: LocalStore, row: str) -> None:
    assert drafted(store, row.format(QUOTE)).problems == ()


def test_mistakes_of_figures_are_reported_in_one_run_with_others(store: LocalStore) -> None:
    rows = (
        f"id:huzhou,population,-5,{QUOTE},5,Zhejiang,2023,,between,",
        f"id:huzhou,locatedIn,Zhejang,{QUOTE},5,,,,,",
    )
    found = {(one.line, one.column) for one in drafted(store, *rows).problems}
    assert found == {(3, "object"), (3, "reference"), (3, "upper"), (4, "object")}


@pytest.mark.parametrize("tag", ["english", "中文", "Chinese"])
def test_the_name_of_a_language_is_no_tag(store: LocalStore, tag: str) -> None:
    with pytest.raises(UnreadableInput, match="not a language tag such as en or zh"):
        drafted(store, header=f"# language: {tag}\n")


EQUIVALENT = (
    "# url: https://example.org/news/2400000001\n"
    "subject,predicate,object,quote,start,unit,time,equivalent_of\n"
    "id:corridor,GDP,100 billion,some words,5,CCY_CNY,2020,\n"
    "id:corridor,GDP,13.8 billion,some words,5,CCY_USD,2020,3\n"
)


@pytest.mark.parametrize("text", [EQUIVALENT, EQUIVALENT.partition("\n")[2].replace("3\n", "2\n")])
def test_an_equivalent_is_the_same_row_after_header_lines_were_added(
    text: str, store: LocalStore
) -> None:
    sheet = sheet_of(text, "facts.csv").with_header(
        {"url": "https://example.org/news/2400000001", "title": "A title", "language": "en"}
    )
    made = draft(sheet, store)
    assert made.problems == ()
    assert [one.predicate for one in made.triples].count(EQUIVALENT_OF) == 1
    again = draft(sheet_of(sheet.text(), "facts.csv"), store)
    assert again.problems == ()
    assert set(map(str, again.triples)) == set(map(str, made.triples))


def test_a_range_has_no_other_upper_number() -> None:
    assert figure_in(SheetRow(2, {"object": "1,000-1,200", "upper": "1200"}), "sum").upper == 1200
    for upper in ("1100", "1300"):
        with pytest.raises(RowError, match=f'"{upper}" is not a number above 1,000-1,200'):
            figure_in(SheetRow(2, {"object": "1,000-1,200", "upper": upper}), "sum")


@pytest.mark.parametrize(
    ("lower", "upper", "number"),
    [
        ("3000000", "4 million", 4_000_000),
        ("1 million", "1.2 million", 1_200_000),
        ("3万", "4万", 40_000),
    ],
)
def test_an_upper_number_may_have_a_multiplier(lower: str, upper: str, number: int) -> None:
    assert figure_in(SheetRow(2, {"object": lower, "upper": upper}), "sum").upper == number


@pytest.mark.parametrize("upper", ["3 million", "4-5 million", "9/2", "about 4 million"])
def test_an_upper_number_is_one_number_above_the_lower_one(upper: str) -> None:
    with pytest.raises(RowError, match="is not a number above 3 million"):
        figure_in(SheetRow(2, {"object": "3 million", "upper": upper}), "sum")
