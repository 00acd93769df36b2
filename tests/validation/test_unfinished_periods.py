"""Figures of a period that ends after the date of their source, 8 May 2024."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, sheet


@pytest.mark.parametrize(
    ("measure", "time", "modality", "is_found"),
    [
        ("GDP", "2024", "", True),
        ("GDP", "2024", "Expected", False),
        ("GDP", "2023", "", False),
        ("GDP", "2024-01/2024-03", "", False),
        ("GDP", "2024-01/2024-05", "", False),
        ("GDP", "2024-01/2024-06", "", True),
        ("GDP", "2024-21", "", False),
        ("investment", "2021/2027", "", True),
        ("total-investment", "2021/2027", "", False),
        ("enterprise-count", "2024", "", False),
        ("gdp-rank", "2024", "", False),
        ("ranking-position-change", "2024", "", False),
        ("gdp-growth", "2024", "", True),
    ],
)
def test_a_sum_of_a_period_that_goes_on_is_not_actual(
    measure: str, time: str, modality: str, is_found: bool, store: LocalStore, tmp_path: Path
) -> None:
    said = "The figure of Huzhou is 9."
    unit = {"GDP": "CCY_CNY", "gdp-growth": "PERCENT"}.get(measure, "")
    unit = "CCY_CNY" if "investment" in measure else unit
    fact = row("Huzhou", measure, "9", said, time=time, unit=unit, modality=modality)
    path, texts = sheet(tmp_path, said, "en", [fact])
    found = validate(store, [path], texts=texts).findings
    paths = [one.path for one in found if one.code == "FutureIsActual"]
    assert paths == ["https://w3id.org/g60kg/ontology/referencePeriod"] * is_found
