"""Units beside a number, and figures whose unit the words do not give."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.support.written_numbers import normalised, written_numbers
from g60kg.validation.checks.support.written_units import written_units
from tests.validation.test_support import row, warnings


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("178.2 billion yuan", "CCY_CNY"),
        ("a 15-billion-yuan center", "CCY_CNY"),
        ("$25 billion", "CCY_USD"),
        ("US$25 billion", "CCY_USD"),
        ("HK$25 billion", "CCY_HKD"),
        ("¥25 billion", "CCY_CNY CCY_JPY"),
        ("RMB 25 billion", "CCY_CNY"),
        ("25亿美元", "CCY_USD"),
        ("25亿多元", "CCY_CNY"),
        ("12 hectares", "HA"),
        ("12 GWh and 12 GW", "GigaW-HR GigaW"),
        ("12 kilowatt-hours; 12亿千瓦时", "KiloW-HR KiloW-HR"),
        ("12公顷", "HA"),
        ("a 12-kilometer road", "KiloM"),
        ("12 square kilometers", "KiloM2"),
        ("3 percentage points", "PercentagePoint"),
        ("3%，3个百分点", "PERCENT PercentagePoint"),
        ("12 firms; 12家", ""),
        ("In 2018年", ""),
        ("1.5EFLOPS的智算", "ExaFLOPS"),
        ("1,500 PFLOPS; 5000P算力", "PetaFLOPS PetaFLOPS"),
    ],
)
def test_units_of_a_number(text: str, units: str) -> None:
    text = normalised(text)
    found = [one for number in written_numbers(text) for one in written_units(text, number)]
    assert [unit for unit, _ in found] == units.split()


@pytest.mark.parametrize(
    ("said", "measure", "number", "unit", "is_other"),
    [
        ("In 2023 Songjiang had a GDP of 178 billion yuan.", "gdp", "178 billion", "CCY_USD", True),
        (
            "In 2023 Songjiang had a GDP of 178 billion yuan.",
            "gdp",
            "178 billion",
            "CCY_CNY",
            False,
        ),
        ("In 2023 Songjiang had a GDP of $25 billion.", "gdp", "25 billion", "CCY_CNY", True),
        ("In 2023 Songjiang had a GDP of ($25 billion).", "gdp", "25 billion", "CCY_USD", False),
        ("2023年松江GDP为178亿元。", "gdp", "17800000000", "CCY_USD", True),
        ("2023年松江GDP为178亿元。", "gdp", "17800000000", "CCY_CNY", False),
        ("2023年松江GDP为178亿美元。", "gdp", "17800000000", "CCY_CNY", True),
        ("In 2023 Songjiang covers 12 hectares.", "territory-area", "12", "KiloM2", True),
        ("In 2023 Songjiang covers 12 square miles.", "territory-area", "12", "KiloM2", True),
        ("In 2023 Songjiang covers 12.", "territory-area", "12", "KiloM2", False),
        ("2023年松江面积12公顷。", "territory-area", "12", "KiloM2", True),
        ("2023年松江面积12平方千米。", "territory-area", "12", "KiloM2", False),
    ],
)
def test_the_unit_of_a_figure_is_that_of_the_words(
    said: str,
    measure: str,
    number: str,
    unit: str,
    is_other: bool,
    store: LocalStore,
    tmp_path: Path,
) -> None:
    fact = row("Songjiang", f"measure:{measure}", number, said, time="2023", unit=unit)
    language = "en" if said.isascii() else "zh"
    found = warnings(store, tmp_path, said, language, fact)
    assert [one.code for one in found] == ["EvidenceLacksNumber"] * is_other
    assert all(one.value and one.value in said for one in found)


@pytest.mark.parametrize(
    ("said", "measure", "number", "is_other"),
    [
        ("松江高新技术企业增长12%。", "enterprise-count", "12", True),
        ("High-tech enterprises of Songjiang rose 12 percent.", "enterprise-count", "12", True),
        ("Songjiang ranks 12th by number of enterprises.", "enterprise-count", "12", True),
        ("松江企业数排名全市第12。", "enterprise-count", "12", True),
        ("Songjiang has a line 12 kilometers long.", "station-count", "12", True),
        ("Songjiang has projects with an investment of 12 million yuan.", "project-count",
         "12 million", True),
        ("松江项目总投资3000万元。", "project-count", "30000000", True),
        ("Songjiang has had projects since 2021.", "project-count", "2021", True),
        ("2021年起，松江实施项目。", "project-count", "2021", True),
        ("Songjiang covers 10,942 square kilometers and has a population.", "population", "10942",
         True),
        ("The number of enterprises of Songjiang grew three times.", "enterprise-count", "3", True),
        ("Songjiang has 2021 projects.", "project-count", "2021", False),
        ("The 12th enterprise has come to Songjiang.", "enterprise-count", "12", False),
        ("Songjiang rose 12 percent, to 12 enterprises.", "enterprise-count", "12", False),
        ("Songjiang ranks 12th by GDP.", "gdp-rank", "12", False),
        ("松江GDP居全市第12位。", "gdp-rank", "12", False),
        ("松江有企业12家、人口12万人。", "enterprise-count", "12", False),
        ("Songjiang has held the event three times.", "event-count", "3", False),
    ],
)  # fmt: skip
def test_a_count_has_no_unit_and_is_no_year_and_no_rank(
    said: str, measure: str, number: str, is_other: bool, store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", f"measure:{measure}", number, said)
    language = "en" if said.isascii() else "zh"
    codes = [one.code for one in warnings(store, tmp_path, said, language, fact)]
    assert ("EvidenceLacksNumber" in codes) is is_other


def test_multiples_are_no_percent(store: LocalStore, tmp_path: Path) -> None:
    said = "The GDP of Songjiang grew three times."
    for number, expected in (("3", ["EvidenceLacksNumber"]), ("300", [])):
        fact = row("Songjiang", "measure:gdp-growth", number, said, unit="PERCENT")
        assert [one.code for one in warnings(store, tmp_path, said, "en", fact)] == expected
