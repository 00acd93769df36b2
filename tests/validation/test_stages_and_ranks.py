"""The check of support: words of stages, ranks, growth and ends, in both languages."""

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
