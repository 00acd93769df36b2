"""Signs of figures in the words: losses, numbers below zero, places gained in a ranking."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.validation.test_support import row, sheet, warnings


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("In 2023 profit of Songjiang was 5 billion yuan.", ["EvidenceLacksNumber"]),
        ("2023年松江利润50亿元。", ["EvidenceLacksNumber"]),
        ("In 2023 profit of Songjiang was -5 billion yuan.", []),
        ("In 2023 profit of Songjiang was minus RMB 5 billion.", []),
        ("In 2023 Songjiang had a loss of 5 billion yuan.", []),
        ("2023年松江亏损50亿元。", []),
    ],
)
def test_a_number_below_zero_has_its_sign_in_the_words(
    said: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", "measure:profit", "-5 billion", said, time="2023", unit="CCY_CNY")
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("2023年松江净亏损5000万元。", ["EvidenceLacksNumber"]),
        ("2023年松江亏损额达5000万元。", ["EvidenceLacksNumber"]),
        ("In 2023 Songjiang had a net loss of 50 million yuan.", ["EvidenceLacksNumber"]),
        ("Songjiang lost more than 50 million yuan in 2023.", ["EvidenceLacksNumber"]),
        ("2023年松江利润5000万元，亏损企业减少。", []),
        ("In 2023 Songjiang turned a loss into a profit of 50 million yuan.", []),
    ],
)
def test_a_loss_is_no_profit(
    said: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    comparator = "more than" if "more than" in said else ""
    fact = row("Songjiang", "measure:profit", "50 million", said, time="2023", unit="CCY_CNY",
               comparator=comparator)  # fmt: skip
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("In 2023 Songjiang climbed three places.", "-3"),
        ("In 2023 Songjiang moved up three places.", "-3"),
        ("In 2023 Songjiang fell three places.", "3"),
        ("In 2023 Songjiang lost three places.", "3"),
        ("2023年松江上升3位。", "-3"),
        ("2023年松江前移3位。", "-3"),
        ("2023年松江下降3位。", "3"),
        ("2023年松江后退3名。", "3"),
    ],
)
def test_places_gained_lower_the_position(
    said: str, number: str, store: LocalStore, tmp_path: Path
) -> None:
    language = "en" if said.isascii() else "zh"
    for value, codes in ((number, []), (str(-int(number)), ["EvidenceLacksNumber"])):
        fact = row("Songjiang", "measure:ranking-position-change", value, said, time="2023")
        assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


def test_a_change_of_position_is_that_in_its_ranking(store: LocalStore, tmp_path: Path) -> None:
    said = "Songjiang rose three places in Alpha and five places in Beta in 2023."
    rows = []
    for name, places in (("Alpha", "-3"), ("Beta", "-5")):
        rows.append(row(f"id:{name}", "a", "Ranking", said))
        rows.append(row(f"id:{name}", "label@en", name, said))
        rows.append(row("Songjiang", "measure:ranking-position-change", places, said, time="2023",
                        reference=f"id:{name}"))  # fmt: skip
    path, texts = sheet(tmp_path, said, "en", rows)
    report = validate(store, [path], texts=texts)
    found = {one.code for one in report.findings if one.severity is not Severity.INFO}
    assert found == set()
