"""Goals, denials, bounds and periods in rarer wordings, and actual statements in similar ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, warnings

HEDGED, DENIED = ["EvidenceHedges"], ["EvidenceNegates"]


def codes(
    store: LocalStore, folder: Path, said: str, subject: str, name: str, value: str, **more: str
) -> list[str]:
    language = "en" if said.isascii() else "zh"
    found = warnings(store, folder, said, language, row(subject, name, value, said, **more))
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The target of Songjiang for its GDP in 2021 is 38 billion yuan.", HEDGED),
        ("The GDP of Songjiang is projected at 38 billion yuan in 2021.", HEDGED),
        ("The GDP of Songjiang should hit 38 billion yuan in 2021.", HEDGED),
        ("Songjiang hopes for a GDP of 38 billion yuan in 2021.", HEDGED),
        ("Songjiang seeks a GDP of 38 billion yuan in 2021.", HEDGED),
        ("Songjiang has earmarked 38 billion yuan of its GDP in 2021.", HEDGED),
        ("Songjiang is budgeting a GDP of 38 billion yuan for 2021.", HEDGED),
        ("2021年，松江将完成GDP380亿元。", HEDGED),
        ("松江安排2021年GDP380亿元。", HEDGED),
        ("2021年松江冲刺GDP380亿元。", HEDGED),
        ("The GDP of Songjiang was over 38 billion yuan in 2021.", HEDGED),
        ("2021年松江完成GDP380亿元。", []),
        ("2021年松江将引进的人才用于研发，GDP380亿元。", []),
        ("Songjiang turned over 38 billion yuan of GDP in 2021.", []),
        ("As planned, the GDP of Songjiang was 38 billion yuan in 2021.", []),
        ("In the will of Songjiang's traders, GDP was 38 billion yuan in 2021.", []),
    ],
)
def test_goals_and_bounds(
    said: str, expected: list[str], store: LocalStore, tmp_path: Path
) -> None:
    more = {"unit": "CCY_CNY", "time": "2021"}
    assert codes(store, tmp_path, said, "Songjiang", "GDP", "38 billion", **more) == expected


@pytest.mark.parametrize("near", ["fell just short of", "was just shy of"])
def test_short_of_a_number_is_nearly_it(near: str, store: LocalStore, tmp_path: Path) -> None:
    said = f"In 2021 the GDP of Songjiang {near} 38 billion yuan."
    more = {"unit": "CCY_CNY", "time": "2021"}
    for comparator, expected in (("nearly", []), ("more than", HEDGED)):
        more["comparator"] = comparator
        assert codes(store, tmp_path, said, "Songjiang", "GDP", "38 billion", **more) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Songjiang is excluded from the corridor.", DENIED),
        ("Songjiang is outside the corridor.", DENIED),
        ("Songjiang is hardly a member of the corridor.", DENIED),
        ("松江无缘G60科创走廊。", DENIED),
        ("G60科创走廊排除了松江。", DENIED),
        ("松江游离于G60科创走廊之外。", DENIED),
        ("松江排除了故障，加入G60科创走廊。", []),
        ("Songjiang means to join the corridor.", HEDGED),
        ("All cities except Songjiang are in the corridor.", DENIED),
        ("Everyone but Songjiang joined the corridor.", DENIED),
        ("All districts except Pudong and Songjiang joined the corridor.", DENIED),
        ("All districts of the corridor but Pudong have trams; Songjiang has two.", []),
        ("Nothing but praise came from Songjiang for the corridor.", []),
        ("All was quiet but Songjiang, a city of the corridor, celebrated.", []),
        ("除松江外，其他城市均加入G60科创走廊。", DENIED),
        ("除了松江之外各地都属于G60科创走廊。", DENIED),
        ("除松江外，G60科创走廊还有八个城市。", []),
        ("除松江外，其他城市也加入了G60科创走廊。", []),
        ("除浦东外，松江等各区均属于G60科创走廊。", []),
        ("有关松江加入G60科创走廊的报道有误。", DENIED),
        ("网传松江加入G60科创走廊，并不属实。", DENIED),
        ("松江属于G60科创走廊，谢绝参观。", []),
        ("松江属于G60科创走廊，回绝了厂商。", []),
    ],
)
def test_exclusions(said: str, expected: list[str], store: LocalStore, tmp_path: Path) -> None:
    assert codes(store, tmp_path, said, "id:corridor", "hasMemberCity", "Songjiang") == expected


@pytest.mark.parametrize(
    ("said", "number", "expected"),
    [
        ("松江GDP增长一成二。", "12", []),
        ("松江GDP增长一成二。", "10", ["EvidenceLacksNumber"]),
        ("松江GDP增长两成五。", "25", []),
        ("松江GDP增长两成三年来最好。", "20", []),
        ("松江GDP增长两成。", "20", []),
    ],
)
def test_tenths_with_hundredths(
    said: str, number: str, expected: list[str], store: LocalStore, tmp_path: Path
) -> None:
    growth = ("Songjiang", "measure:gdp-growth", number)
    assert codes(store, tmp_path, said, *growth, unit="PERCENT") == expected


@pytest.mark.parametrize(
    ("said", "has_years"),
    [
        ("“十三五”期间，松江GDP增长12%。", True),
        ("In the 13th Five-Year Plan period GDP in Songjiang grew 12 percent.", True),
        ("“十四五”期间，松江GDP增长12%。", False),
        ("松江发布“十三五”规划，GDP增长12%。", False),
    ],
)
def test_the_years_of_a_five_year_plan(
    said: str, has_years: bool, store: LocalStore, tmp_path: Path
) -> None:
    growth = ("Songjiang", "measure:gdp-growth", "12")
    found = codes(store, tmp_path, said, *growth, unit="PERCENT", time="2016/2020")
    assert found == ([] if has_years else ["EvidenceLacksYear"])


@pytest.mark.parametrize(
    ("said", "subject", "measure", "number", "is_named"),
    [
        ("合肥国家级开发区由2018年的五个增至六个。", "Hefei", "zone-count", "6", True),
        ("合肥产业园区达6个。", "Hefei", "zone-count", "6", True),
        ("苏州工业园区共有企业64家。", "Suzhou", "enterprise-count", "64", False),
    ],
)
def test_zones_that_are_counted_are_no_longer_name(
    said: str,
    subject: str,
    measure: str,
    number: str,
    is_named: bool,
    store: LocalStore,
    tmp_path: Path,
) -> None:
    found = codes(store, tmp_path, said, subject, f"measure:{measure}", number)
    assert ("EvidenceLacksSubject" in found) is not is_named


@pytest.mark.parametrize(
    "said",
    ["Songjiang is spread over 604 square kilometers.", "Songjiang stretches over 604 square km."],
)
def test_over_may_belong_to_a_verb(said: str, store: LocalStore, tmp_path: Path) -> None:
    area = ("Songjiang", "measure:territory-area", "604")
    assert codes(store, tmp_path, said, *area, unit="KiloM2") == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("松江区副区长高奕奕将在论坛上致辞。", []),
        ("松江区副区长高奕奕因故未能到场。", []),
        ("松江区副区长高奕奕表示，不会停工。", []),
        ("高奕奕将任松江区副区长。", HEDGED),
        ("松江区副区长高奕奕未再任职。", DENIED),
        ("高奕奕不是松江区副区长。", DENIED),
        ("松江区副区长由高奕奕担任的报道有误。", DENIED),
        ("Gao Yiyi will be deputy head of Songjiang District.", HEDGED),
    ],
)
def test_what_the_holder_of_a_post_will_do(
    said: str, expected: list[str], all_sources: LocalStore, tmp_path: Path
) -> None:
    post = "id:deputy-head-of-songjiang-district"
    assert codes(all_sources, tmp_path, said, "id:gao-yiyi", "holdsPost", post) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("松江区副区长高奕奕将在论坛上致辞。", []),
        ("松江区副区长高奕奕未能到场。", []),
        ("松江区副区长一职尚未设立。", DENIED),
        ("松江区将设副区长。", HEDGED),
    ],
)
def test_what_the_holder_will_do_says_nothing_of_the_post(
    said: str, expected: list[str], all_sources: LocalStore, tmp_path: Path
) -> None:
    post = ("id:deputy-head-of-songjiang-district", "postIn", "id:songjiang")
    assert codes(all_sources, tmp_path, said, *post) == expected


@pytest.mark.parametrize(
    ("said", "subject", "predicate", "object_", "time", "is_found"),
    [
        ("Work on Green Hill started in 2019; the first guest came on 6 May 2023.",
         "id:green-hill", "openedOn", "2019", "", True),
        ("绿山2019年动工，2023年5月迎来首位客人。", "id:green-hill", "openedOn", "2019", "", True),
        ("Green Hill opened in 2019; work on its annex began in 2023.",
         "id:green-hill", "openedOn", "2019", "", False),
        ("Green Hill received guests in 2019.", "id:green-hill", "openedOn", "2019", "", False),
        ("绿山2019年开园，2023年二期开工。", "id:green-hill", "openedOn", "2019", "", False),
        ("绿山2019年迎来首位客人。", "id:green-hill", "openedOn", "2019", "", False),
        ("The G60 corridor, set up in 2016, admitted Huzhou in 2018.",
         "id:corridor", "hasMemberCity", "Huzhou", "2016/..", True),
        ("G60科创走廊2016年成立，2018年吸收湖州加入。",
         "id:corridor", "hasMemberCity", "湖州", "2016/..", True),
        ("The G60 corridor, set up in 2016 by Songjiang, admitted Huzhou in 2018.",
         "id:corridor", "hasMemberCity", "Songjiang", "2016/..", False),
        ("The G60 corridor, set up in 2016, has Songjiang as a member.",
         "id:corridor", "hasMemberCity", "Songjiang", "2016/..", False),
        ("G60科创走廊2016年成立，松江为其成员。",
         "id:corridor", "hasMemberCity", "松江", "2016/..", False),
        ("G60科创走廊2016年由松江设立，2018年吸收湖州加入。",
         "id:corridor", "hasMemberCity", "松江", "2016/..", False),
    ],
)  # fmt: skip
def test_the_year_of_another_event(
    said: str,
    subject: str,
    predicate: str,
    object_: str,
    time: str,
    is_found: bool,
    store: LocalStore,
    tmp_path: Path,
) -> None:
    found = codes(store, tmp_path, said, subject, predicate, object_, time=time)
    assert ("EvidenceLacksYear" in found) is is_found


@pytest.mark.parametrize(
    ("said", "measure", "expected"),
    [
        ("Trains to Songjiang run at up to 350 kilometers per hour.", "operating-speed", []),
        ("开往松江的列车时速最高350公里。", "operating-speed", []),
        ("Trains to Songjiang run at no more than 350 km/h.", "operating-speed", HEDGED),
        ("Trains to Songjiang run at over 350 kilometers per hour.", "operating-speed", HEDGED),
        ("开往松江的列车时速最多350公里。", "operating-speed", []),
        ("开往松江的列车时速不超过350公里。", "operating-speed", HEDGED),
        ("Songjiang has up to 350 square kilometers.", "territory-area", HEDGED),
    ],
)
def test_up_to_is_the_value_of_a_maximum(
    said: str, measure: str, expected: list[str], store: LocalStore, tmp_path: Path
) -> None:
    more = {"unit": "KiloM2" if measure == "territory-area" else "KiloM-PER-HR"}
    found = codes(store, tmp_path, said, "Songjiang", f"measure:{measure}", "350", **more)
    assert found == expected
