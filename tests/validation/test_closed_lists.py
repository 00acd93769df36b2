"""Lists that are said to be complete: where two of them differ, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Quad

from g60kg.namespaces import PREFIXES
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Status
from tests.validation.stated import (
    bare,
    codes,
    conflicts,
    members,
    named,
    stated,
)

CITIES = [
    quad
    for name in ("songjiang", "shanghai", "hangzhou", "wuhu")
    for quad in named("names", name, "AdministrativeDivision", en=name.capitalize())
]
CORRIDOR = named("names", "corridor", "Corridor", en="the corridor")


def listing(*added: Sequence[Quad]) -> LocalStore:
    return bare(CITIES, CORRIDOR, *added)


def test_value_of_one_list_stands_against_that_of_the_other() -> None:
    before = listing(members("one", "songjiang", "hangzhou"))
    (finding,) = conflicts(before, members("two", "shanghai", "hangzhou"))
    assert codes([finding]) == [("ListDiffers", "warning")]
    assert finding.value == PREFIXES["id"] + "shanghai"
    assert finding.message == (
        "“member city” of the corridor: Shanghai is only on one list "
        "(Article two: “shanghai, hangzhou”). "
        "Another source lists Songjiang instead (Article one: “songjiang, hangzhou”)."
    )


def test_longer_list_names_each_value_that_it_alone_has() -> None:
    before = listing(members("one", "hangzhou"))
    findings = conflicts(before, members("two", "shanghai", "hangzhou", "wuhu"))
    assert [finding.value for finding in findings] == [
        PREFIXES["id"] + "shanghai",
        PREFIXES["id"] + "wuhu",
    ]
    assert findings[0].message == (
        "“member city” of the corridor: Shanghai is only on one list "
        "(Article two: “shanghai, hangzhou, wuhu”). "
        "Another source leaves it out (Article one: “hangzhou”)."
    )


def test_shorter_list_names_each_value_that_it_leaves_out() -> None:
    before = listing(members("one", "shanghai", "hangzhou"))
    (finding,) = conflicts(before, members("two", "hangzhou"))
    assert finding.value == PREFIXES["id"] + "shanghai"
    assert finding.message == (
        "“member city” of the corridor: this list leaves out Shanghai (Article two: “hangzhou”), "
        "which another source has (Article one: “shanghai, hangzhou”)."
    )


def test_same_list_is_no_conflict_and_nor_is_a_list_alone() -> None:
    assert (
        conflicts(listing(members("one", "wuhu", "hangzhou")), members("two", "hangzhou", "wuhu"))
        == ()
    )
    assert conflicts(listing(), members("two", "hangzhou", "wuhu")) == ()


def test_sources_that_list_the_same_are_compared_with_once() -> None:
    before = listing(*(members(f"s{n}", "songjiang") for n in range(4)), members("t", "wuhu"))
    findings = conflicts(before, members("two", "shanghai"))
    assert len(findings) == 2
    assert ["Songjiang" in finding.message for finding in findings] == [True, False]
    assert ["Wuhu" in finding.message for finding in findings] == [False, True]


def test_two_new_lists_are_compared_once() -> None:
    added = [*members("two", "shanghai"), *members("three", "songjiang")]
    assert codes(conflicts(listing(), added)) == [("ListDiffers", "warning")]


def test_list_that_becomes_the_same_ends_the_conflict() -> None:
    before = listing(members("one", "wuhu", "hangzhou"), members("two", "hangzhou"))
    (finding,) = conflicts(before, members("two", "wuhu"))
    assert (finding.code, finding.status) == ("ListDiffers", Status.FIXED)


def test_list_in_chinese() -> None:
    before = listing(members("one", "songjiang"))
    (finding,) = conflicts(before, members("two", "shanghai"), "zh")
    assert finding.message == (
        "the corridor的“成员城市”：Shanghai只见于其中一份名单（Article two：“shanghai”）。"
        "另一来源所列的是Songjiang（Article one：“songjiang”）。"
    )


def test_message_says_where_one_value_lies_in_the_other() -> None:
    before = listing(
        stated("reference", "songjiang", "inProvince", "shanghai"),
        members("one", "songjiang", "hangzhou"),
    )
    (finding,) = conflicts(before, members("two", "shanghai", "hangzhou"))
    assert finding.message.endswith(" Songjiang is in Shanghai.")
    (finding,) = conflicts(before, members("two", "shanghai", "hangzhou"), "zh")
    assert finding.message.endswith("Songjiang位于Shanghai。")


def test_list_that_is_not_complete_conflicts_with_nothing() -> None:
    before = listing(members("one", "songjiang", "hangzhou"))
    assert conflicts(before, members("two", "shanghai", complete_list=False)) == ()


def test_lists_of_two_times_are_no_conflict() -> None:
    before = listing(members("one", "songjiang", time="2016"))
    assert conflicts(before, members("two", "wuhu", time="2018/..")) == ()
    assert codes(conflicts(before, members("two", "wuhu", time="2015/2017"))) == [
        ("ListDiffers", "warning")
    ]
