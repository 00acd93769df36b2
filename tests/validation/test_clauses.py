"""The check of support: plans and denials of another clause than what the fact states."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, warnings


@pytest.mark.parametrize(
    ("said", "predicate", "object_", "codes"),
    [
        # Another clause
        ("Blue Rock, located in Jiaxing, does not export.", "locatedIn", "Jiaxing", []),
        ("Blue Rock is in Jiaxing and has no branch in Wuhu.", "locatedIn", "Jiaxing", []),
        ("Blue Rock is in Jiaxing and will move to Wuhu.", "locatedIn", "Jiaxing", []),
        ("Not a large firm, Blue Rock was founded in 2015.", "foundedOn", "2015", []),
        ("The plant, which will employ 40, brought Blue Rock to Wuhu.", "locatedIn", "Wuhu", []),
        ("蓝石成立于2015年，并不上市。", "foundedOn", "2015", []),
        ("蓝石预计产值5亿元，已于2015年成立。", "foundedOn", "2015", []),
        ("蓝石不设分支机构，总部位于嘉兴。", "headquarteredIn", "嘉兴", []),
        ("蓝石位于嘉兴，预计明年上市。", "locatedIn", "嘉兴", []),
        ("Blue Rock is based not in Hefei but in Jiaxing.", "headquarteredIn", "Jiaxing", []),
        ("Blue Rock, which was to be in Wuhu, is in Jiaxing.", "locatedIn", "Jiaxing", []),
        ("蓝石正与芜湖洽谈，目前仍在嘉兴。", "locatedIn", "嘉兴", []),
        ("Blue Rock is in Jiaxing and due to open in 2027.", "locatedIn", "Jiaxing", []),
        ("Blue Rock is under construction and due to open in 2027.", "stage",
         "under construction", []),
        ("Blue Rock is in Jiaxing and scheduled to move.", "locatedIn", "Jiaxing", []),
        ("Blue Rock is due to open and settle in Wuhu.", "locatedIn", "Wuhu", ["EvidenceHedges"]),
        # The clause of the fact, or one that the words reach
        ("Blue Rock, a maker of chips, is not in Jiaxing.", "locatedIn", "Jiaxing",
         ["EvidenceNegates"]),
        ("Blue Rock is in Jiaxing and is not in Wuhu.", "locatedIn", "Wuhu", ["EvidenceNegates"]),
        ("Blue Rock has not settled in Hefei, Wuhu or Jinhua.", "locatedIn", "Wuhu",
         ["EvidenceNegates"]),
        ("Blue Rock plans to grow, and to settle in Wuhu.", "locatedIn", "Wuhu",
         ["EvidenceHedges"]),
        ("Blue Rock will move, its owner said, to Wuhu.", "locatedIn", "Wuhu", ["EvidenceHedges"]),
        ("Blue Rock settles in Wuhu, as expected.", "locatedIn", "Wuhu", ["EvidenceHedges"]),
        ("Blue Rock settled in Wuhu, a rumour that its owner denied.", "locatedIn", "Wuhu",
         ["EvidenceNegates"]),
        ("蓝石计划投资5亿元，在芜湖设厂。", "locatedIn", "芜湖", ["EvidenceHedges"]),
        ("蓝石位于嘉兴，没有迁往芜湖。", "locatedIn", "芜湖", ["EvidenceNegates"]),
        ("蓝石将落户芜湖，产值达5亿元。", "locatedIn", "芜湖", ["EvidenceHedges"]),
        ("蓝石迁往芜湖，公司予以否认。", "locatedIn", "芜湖", ["EvidenceNegates"]),
    ],
)  # fmt: skip
def test_a_plan_or_a_denial_is_about_its_own_clause(
    said: str, predicate: str, object_: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    language = "en" if said.isascii() else "zh"
    found = warnings(store, tmp_path, said, language, row("id:blue-rock", predicate, object_, said))
    assert [one.code for one in found] == codes


@pytest.mark.parametrize("predicate", ["effectiveFrom", "coveredPeriod"])
def test_a_period_ahead_is_no_result(predicate: str, store: LocalStore, tmp_path: Path) -> None:
    said = "Blue Rock is in force from 2022 and will remain so until 2027."
    period = row("id:blue-rock", predicate, "2022/2027", said)
    assert warnings(store, tmp_path, said, "en", period) == []
