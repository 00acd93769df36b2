"""Signs of figures in the words: losses, numbers below zero, places gained; shares in words."""

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
        *((said, []) for said in (
            "2023年松江利润总额为-50亿元。", "2023年松江利润总额-50亿元。",
            "2023年松江利润－50亿元。", "2023年松江亏损总额50亿元。",
            "2023年松江亏损由60亿元收窄至50亿元。", "2023年松江出现50亿元的亏损。",
            "In 2023 Songjiang's losses amounted to 5 billion yuan.",
            "In 2023 Songjiang was 5 billion yuan in the red.",
        )),
        ("2023年松江减亏50亿元。", ["EvidenceLacksNumber"]),
        ("2023年，40亿-50亿元是松江的利润。", ["EvidenceLacksNumber"]),
        ("In 2023 profit of Songjiang - 5 billion yuan - rose.", ["EvidenceLacksNumber"]),
    ],
)  # fmt: skip
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
        *((said, ["EvidenceLacksNumber"]) for said in (
            "2023年松江利润总额为-5000万元。", "2023年松江利润总额为负5000万元。",
            "2023年松江亏损扩大至5000万元。", "2023年松江亏损收窄到5000万元。",
            "2023年松江亏损总额5000万元。", "2023年松江出现5000万元亏损。",
            "In 2023 the profit of Songjiang was -50 million yuan.",
            "In 2023 Songjiang made a 50 million yuan loss.",
            "Songjiang ended 2023 with a 50-million-yuan net loss.",
            "In 2023 the loss of Songjiang widened to 50 million yuan.",
            "In 2023 Songjiang's net loss narrowed from 60 million to 50 million yuan.",
            "In 2023 the losses of Songjiang amounted to 50 million yuan.",
            "In 2023 Songjiang's net loss came to 50 million yuan.",
            "In 2023 Songjiang was 50 million yuan in the red.",
        )),
        *((said, []) for said in (
            "2023年松江利润5000万元，亏损企业减少。", "2023年松江扭亏为盈，利润达5000万元。",
            "2023年松江扭亏5000万元。", "2023年松江由亏损转为利润5000万元。",
            "2023年松江亏损企业少，利润总额达5000万元。", "2023年松江利润4000万-5000万元。",
            "2023年松江由上年亏损转至盈利5000万元。",
            "In 2023 Songjiang turned a loss into a profit of 50 million yuan.",
            "In 2023 Songjiang earned 50 million yuan after a loss of 60 million yuan.",
            "In 2023 Songjiang went from a loss of 60 million to 50 million yuan in profit.",
            "In 2023 Songjiang turned a loss of 60 million into a 50 million yuan profit.",
            "In 2023 Songjiang offset the loss of its route and made 50 million yuan.",
            "In 2023 loss-making Songjiang came to 50 million yuan.",
            "In 2023 the profit of Songjiang - 50 million yuan - rose.",
        )),
    ],
)  # fmt: skip
def test_a_loss_is_no_profit(
    said: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    comparator = "more than" if "more than" in said else ""
    fact = row("Songjiang", "measure:profit", "50 million", said, time="2023", unit="CCY_CNY",
               comparator=comparator)  # fmt: skip
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "measure", "number", "unit"),
    [
        ("2024年松江出口同比增长-3.5%。", "exports-growth", "-3.5", "PERCENT"),
        ("2024年松江出口增速为-3.5%。", "exports-growth", "-3.5", "PERCENT"),
        ("2024年松江出口增速−3.5%。", "exports-growth", "-3.5", "PERCENT"),
        ("2024年松江出口增长率为–3.5%。", "exports-growth", "-3.5", "PERCENT"),
        ("2024年松江人口自然增长率为-1.2‰。", "natural-population-growth-rate", "-1.2", "PERMILLE"),
        ("2024年松江人口自然增长率：-1.2‰。", "natural-population-growth-rate", "-1.2", "PERMILLE"),
        ("Growth of exports of Songjiang was -3.5% in 2024.", "exports-growth", "-3.5", "PERCENT"),
        ("In 2024 exports of Songjiang grew by 10%-15%.", "exports-growth", "15", "PERCENT"),
        ("2024年松江出口增长10%-15%。", "exports-growth", "15", "PERCENT"),
        ("2024年松江出口增长10-15%。", "exports-growth", "15", "PERCENT"),
    ],
)
def test_a_minus_may_follow_a_chinese_word(
    said: str, measure: str, number: str, unit: str, store: LocalStore, tmp_path: Path
) -> None:
    language = "en" if said.isascii() else "zh"
    other = number.removeprefix("-") if number.startswith("-") else f"-{number}"
    for value, codes in ((number, []), (other, ["EvidenceLacksNumber"])):
        fact = row("Songjiang", f"measure:{measure}", value, said, time="2024", unit=unit)
        assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("In 2023 Songjiang climbed three places.", "-3"),
        ("In 2023 Songjiang moved up three places.", "-3"),
        ("In 2023 Songjiang fell three places.", "3"),
        ("In 2023 Songjiang lost three places.", "3"),
        ("In 2023 Songjiang improved by three positions.", "-3"),
        ("In 2023 Songjiang improved its rank by three.", "-3"),
        ("In 2023 Songjiang was three places higher.", "-3"),
        ("In 2023 Songjiang was ranked three positions lower.", "3"),
        ("2023年松江较上年进3位。", "-3"),
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


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("In 2023 GDP of Songjiang was a fifteenth, or almost 7 percent, of that of China.", []),
        ("In 2023 GDP and area of Songjiang were a fifteenth and a tenth of those of China.", []),
        ("In 2023 GDP of Songjiang was a sixteenth, or almost 7 percent, of that of China.",
         ["EvidenceLacksNumber"]),
    ],
)  # fmt: skip
def test_a_fraction_in_words_need_not_stand_before_of(
    said: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", "share-of-gdp", "1/15", said, time="2023", unit="FRACTION")
    fact |= {"reference": "id:china"}
    assert [one.code for one in warnings(store, tmp_path, said, "en", fact)] == codes
