"""The check of support: words of stages, ranks, growth and of an end, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, warnings


@pytest.mark.parametrize(
    ("said", "stage", "codes"),
    [
        ("Blue Rock is being built.", "under construction", []),
        ("Construction of Blue Rock continues.", "under construction", []),
        ("Blue Rock has been put into use.", "in operation", []),
        ("Blue Rock opened to traffic.", "in operation", []),
        ("Work on Blue Rock was shut down.", "discontinued", []),
        ("Blue Rock was cancelled.", "discontinued", []),
        ("Blue Rock is being built.", "completed", ["EvidenceLacksObject"]),
        ("Blue Rock was not closed.", "discontinued", ["EvidenceNegates"]),
        ("蓝石已停工。", "discontinued", []),
        ("蓝石被取消。", "discontinued", []),
        ("蓝石正式投产。", "in operation", []),
        ("蓝石已动工。", "in operation", ["EvidenceLacksObject"]),
    ],
)
def test_words_of_a_stage(
    said: str, stage: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("id:blue-rock", "stage", stage, said)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "measure", "number", "codes"),
    [
        ("Songjiang topped the list in 2023.", "gdp-rank", "1", []),
        ("Songjiang ranked top among districts in 2023.", "gdp-rank", "1", []),
        ("Songjiang leads the districts in 2023.", "gdp-rank", "1", []),
        ("Songjiang was the fastest in 2023.", "gdp-rank", "1", []),
        ("Songjiang was the second-largest in 2023.", "gdp-rank", "1", ["EvidenceLacksNumber"]),
        ("Songjiang was among the largest in 2023.", "gdp-rank", "1", ["EvidenceLacksNumber"]),
        ("Songjiang topped 300 billion in 2023.", "gdp-rank", "1", ["EvidenceLacksNumber"]),
        ("2023年松江领先。", "gdp-rank", "1", []),
        ("2023年松江规模最大。", "gdp-rank", "1", []),
        ("2023年松江是最大的区之一。", "gdp-rank", "1", ["EvidenceLacksNumber"]),
        ("GDP of Songjiang doubled in 2023.", "gdp-growth", "100", []),
        ("GDP of Songjiang tripled in 2023.", "gdp-growth", "200", []),
        ("GDP of Songjiang halved in 2023.", "gdp-growth", "-50", []),
        ("2023年松江翻番。", "gdp-growth", "100", []),
        ("GDP of Songjiang doubled in 2023.", "gdp-growth", "200", ["EvidenceLacksNumber"]),
    ],
)
def test_ranks_and_growth_in_words(
    said: str, measure: str, number: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    unit = "PERCENT" if measure.endswith("growth") else ""
    fact = row("Songjiang", f"measure:{measure}", number, said, time="2023", unit=unit)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("time", "codes"), [("../2024-05", []), ("2024-05/..", ["EvidenceNegates"])]
)
@pytest.mark.parametrize(
    "said", ["Since May 2024 Blue Rock is no longer in Jiaxing.", "2024年5月起，蓝石不再在嘉兴。"]
)
def test_what_ended_is_no_longer_so(
    said: str, time: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("id:blue-rock", "locatedIn", "Jiaxing", said, time=time)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes
