"""Statements that cannot be true, in fact sheets: ratios, levels of divisions, dates, oneself."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, sheet

SAID = "Songjiang and Shanghai, Hangzhou and Zhejiang, Blue Rock and Green Hill"
#: The codes of rules for what cannot be true.
CODES = {
    "AmountIsPositive", "CountIsWhole", "DatesAreInOrder", "DivisionIsInOneProvince",
    "DivisionIsWithinHigher", "FigureOrDateIsPast", "FiguresContradict", "GrowthSaysSinceWhen",
    "Inconsistent", "LocatedInHasNoCycle", "LocationOfOthersIsInOnePlace", "PartOfIsOneKind",
    "ReferenceAreaIsWider", "SheetRow", "ShareIsAtMostWhole", "UnitOfHasNoCycle",
}  # fmt: skip


def codes(store: LocalStore, folder: Path, *rows: dict[str, str]) -> set[str]:
    path, texts = sheet(folder, SAID, "en", rows)
    return {one.code for one in validate(store, [path], texts=texts).findings} & CODES


@pytest.mark.parametrize(
    ("measure", "number", "unit", "code"),
    [
        ("urbanization-rate", "783", "PERCENT", "SheetRow"),
        ("urbanization-rate", "78.3", "PERCENT", None),
        ("forest-coverage", "1.2", "FRACTION", "SheetRow"),
        ("forest-coverage", "-5", "PERCENT", "SheetRow"),
        ("rd-intensity", "120", "PERCENT", None),
        ("gdp-per-capita", "-152000", "CCY_CNY", "SheetRow"),
        ("profit", "-5", "CCY_CNY", None),
        ("natural-population-growth-rate", "-1.2", "PERMILLE", None),
        ("gdp-growth", "-3", "PERCENT", None),
        ("contribution-to-gdp-growth", "120", "PERCENT", None),
        ("purchasing-managers-index", "50.2", "NUM", None),
    ],
)
def test_numbers_of_a_measure(
    measure: str, number: str, unit: str, code: str | None, store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", f"measure:{measure}", number, SAID, unit=unit, time="2023")
    assert codes(store, tmp_path, fact) == ({code} if code else set())


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        ("participant-count", "NUM"),
        ("share-of-awards", "PERCENT"),
        ("unemployment-rate", "PERCENT"),
        *(
            pytest.param(measure, unit, marks=pytest.mark.long)
            for measure, unit in (
                ("agreement-count", "NUM"),
                ("award-count", "NUM"),
                ("new-project-count", "NUM"),
                ("sewage-treatment-rate", "PERCENT"),
                ("share-of-total", "PERCENT"),
            )
        ),
    ],
)
def test_nine_months_contradict_no_year(
    measure: str, unit: str, store: LocalStore, tmp_path: Path
) -> None:
    subject = "Blue Rock" if measure == "participant-count" else "Songjiang"
    rows = [row("Blue Rock", "a", "Event", SAID)]
    rows += [
        row(subject, f"measure:{measure}", number, SAID, unit=unit, time=time, reference=area)
        for number, time in (("8", "2023-01/2023-09"), ("12", "2023"))
        for area in ["Shanghai" if measure.startswith("share") else ""]
    ]
    for period, found in (("2023", set()), ("2023-01/2023-09", {"FiguresContradict"})):
        assert codes(store, tmp_path, *rows[:-1], {**rows[-1], "time": period}) == found


@pytest.mark.parametrize("measure", ["gdp-growth", "fiscal-revenue-mean-annual-growth"])
def test_a_growth_says_since_when(measure: str, store: LocalStore, tmp_path: Path) -> None:
    fact = row("Songjiang", f"measure:{measure}", "5", SAID, unit="PERCENT")
    assert codes(store, tmp_path, fact) == {"GrowthSaysSinceWhen"}
    assert codes(store, tmp_path, {**fact, "time": "2015/2020"}) == set()


@pytest.mark.parametrize(
    ("subject", "predicate", "place", "code"),
    [
        ("Hangzhou", "locatedIn", "Songjiang", "DivisionIsWithinHigher"),
        ("Hangzhou", "locatedIn", "Jiaxing", "DivisionIsWithinHigher"),
        ("China", "locatedIn", "Hangzhou", "DivisionIsWithinHigher"),
        ("Shanghai", "inProvince", "Zhejiang", "DivisionIsWithinHigher"),
        ("Hangzhou", "locatedIn", "Jiangsu", "DivisionIsInOneProvince"),
        ("Songjiang", "locatedIn", "Jiaxing", "DivisionIsInOneProvince"),
        ("Hangzhou", "locatedIn", "Zhejiang", None),
        ("Hangzhou", "locatedIn", "China", None),
        ("Hangzhou", "locatedIn", "Yangtze River Delta", None),
    ],
)
def test_divisions_have_levels(
    subject: str,
    predicate: str,
    place: str,
    code: str | None,
    store: LocalStore,
    tmp_path: Path,
) -> None:
    found = codes(store, tmp_path, row(subject, predicate, place, SAID))
    assert (code in found) if code else not found


@pytest.mark.parametrize(
    ("predicate", "place", "other", "warned"),
    [
        ("locatedIn", "Hangzhou", "Jiaxing", True),
        ("headquarteredIn", "Songjiang", "Jiaxing", True),
        ("locatedIn", "Songjiang", "Shanghai", False),
        ("locatedIn", "Hangzhou", "Yangtze River Delta", False),
    ],
)
def test_who_is_located_in_a_university_is_in_one_city(
    predicate: str, place: str, other: str, warned: bool, store: LocalStore, tmp_path: Path
) -> None:
    rows = [
        *(row("Lake College", "a", kind, SAID) for kind in ("University", "Facility")),
        row("Lake College", "locatedIn", other, SAID),
        row("Lake College", predicate, place, SAID),
        row("Lake Works", "a", "ResearchInstitute", SAID),
    ]
    assert codes(store, tmp_path, *rows) == set()
    inside = row("Lake Works", "locatedIn", "Lake College", SAID)
    found = codes(store, tmp_path, *rows, inside)
    assert found == ({"LocationOfOthersIsInOnePlace"} if warned else set())


@pytest.mark.parametrize(
    ("subject", "measure", "area", "warned"),
    [
        ("Shanghai", "share-of-gdp", "Songjiang", True),
        ("Hangzhou", "gdp-rank", "Songjiang", True),
        ("Hangzhou", "gdp-rank", "Jiaxing", True),
        ("Hangzhou", "gdp-rank", "Jiangsu", True),
        ("Hangzhou", "gdp-rank", "Zhejiang", False),
        ("Hangzhou", "gdp-rank", "China", False),
        ("Hangzhou", "gdp-rank", "Yangtze River Delta", False),
        ("Zhejiang", "gdp-rank", "China", False),
        ("Hangzhou", "gdp-growth-change", "Jiaxing", False),
    ],
)
def test_reference_areas_contain_their_divisions(
    subject: str,
    measure: str,
    area: str,
    warned: bool,
    store: LocalStore,
    tmp_path: Path,
) -> None:
    unit = {"gdp-rank": "NUM", "share-of-gdp": "PERCENT"}.get(measure, "g60:PercentagePoint")
    fact = row(subject, f"measure:{measure}", "3", SAID, unit=unit, reference=area, time="2023")
    found = codes(store, tmp_path, fact)
    assert found == ({"ReferenceAreaIsWider"} if warned else set())


@pytest.mark.parametrize(
    ("part", "whole", "warned"),
    [
        ("Project", "Programme", False),
        ("Document", "Programme", False),
        ("Facility", "Programme", False),
        ("IndustryCluster", "Programme", False),
        ("Product", "Programme", False),
        ("Service", "Programme", False),
        ("GovernmentBody", "AgentGroup", False),
        ("Programme", "Programme", False),
        ("Programme", "Project", True),
        ("GovernmentBody", "Programme", True),
        ("Region", "Programme", True),
        ("Project", "AgentGroup", True),
    ],
)
def test_a_group_or_a_programme_has_parts_of_other_kinds(
    part: str, whole: str, warned: bool, store: LocalStore, tmp_path: Path
) -> None:
    kinds = [row("Lake Works", "a", part, SAID), row("Lake Talks", "a", whole, SAID)]
    found = codes(store, tmp_path, *kinds, row("Lake Works", "partOf", "Lake Talks", SAID))
    assert found == ({"PartOfIsOneKind"} if warned else set())


def test_a_place_in_a_series_stays_true(store: LocalStore, tmp_path: Path) -> None:
    third = row("Lake Talks", "ordinal", "3", SAID, modality="Past")
    found = codes(store, tmp_path, row("Lake Talks", "a", "Meeting", SAID), third)
    assert found == {"FigureOrDateIsPast"}


@pytest.mark.parametrize("predicate", ["memberOf", "foundedBy", "investor", "commissionedBy"])
def test_nobody_is_related_to_itself(predicate: str, store: LocalStore, tmp_path: Path) -> None:
    fact = row("id:blue-rock", predicate, "id:blue-rock", SAID)
    assert codes(store, tmp_path, fact) == {"Inconsistent"}


@pytest.mark.parametrize(
    ("first", "start", "later", "end", "warned"),
    [
        ("constructionStartedOn", "2020", "openedOn", "2018", True),
        ("constructionStartedOn", "2020-03", "completedOn", "2020", False),
        ("constructionStartedOn", "2018/2019", "openedOn", "2020-01-05", False),
        ("startedOn", "2020-03", "completedOn", "2020-02", True),
        ("startedOn", "2020-03", "openedOn", "2019", False),
        ("issuedOn", "2020-01-15", "effectiveFrom", "2020-01-01/..", False),
    ],
)
def test_dates_are_in_order(
    first: str, start: str, later: str, end: str, warned: bool, store: LocalStore, tmp_path: Path
) -> None:
    rows = [row("Songjiang", name, date, SAID) for name, date in ((first, start), (later, end))]
    assert ("DatesAreInOrder" in codes(store, tmp_path, *rows)) == warned
