"""The check of support: words of stages, ranks and growth, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.validation.test_support import row, sheet, warnings


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
        ("2023年松江翻了两番。", "gdp-growth", "300", []),
        ("2023年松江居全国之首。", "gdp-rank", "1", []),
        ("Songjiang was the runner-up in 2023.", "gdp-rank", "2", []),
        *((said, "gdp-growth", number, [] if number < "0" else ["EvidenceLacksNumber"])
          for said in ("2023年松江下降3.5%。", "2023年松江GDP同比减少3.5%。",
                       "In 2023 GDP of Songjiang fell 3.5 percent.",
                       "2023 saw a 3.5 percent decline of GDP of Songjiang.")
          for number in ("-3.5", "3.5")),
        *((said, "gdp-growth", "3.5", []) for said in (
            "2023年松江GDP增速回落至3.5%。", "2023年松江下降，但GDP为3.5%。",
            "2023年松江增长3.5%，较上年回落。",
            "GDP growth of Songjiang fell to 3.5 percent in 2023.",
            "Costs fell and GDP of Songjiang rose 3.5 percent in 2023.",
        )),
        *((said, "gdp-growth", "120", []) for said in (
            "2023年松江同比增长1.2倍。", "2023年松江增长了近1.2倍。", "2023年松江提高1.2倍以上。",
            "2023年松江增长到2.2倍。", "2023年松江增至2.2倍。", "2023年松江增幅高达1.2倍。",
            "GDP of Songjiang rose 1.2 times in 2023.", "GDP of Songjiang grew 2.2-fold in 2023.",
            "GDP of Songjiang increased by nearly 1.2 times in 2023.",
            "GDP of Songjiang rose to 2.2 times in 2023.",
        )),
        ("2023年松江增长了两倍多。", "gdp-growth", "200", []),
        ("GDP of Songjiang saw growth of three times in 2023.", "gdp-growth", "300", []),
        *((said, "gdp-growth", "120", ["EvidenceLacksNumber"]) for said in (
            "2023年松江增长1.3倍。", "2023年松江增长到1.2倍。", "2023年松江是1.2倍。",
            "2023年松江增长1.2亿。",
            "2023年松江增长，速度为全国的1.2倍。", "GDP of Songjiang was 1.2 times that in 2023.",
            "GDP of Songjiang grew 1.2 times faster in 2023.",
            "GDP of Songjiang rose 1.2-fold in 2023.",
        )),
        ("2023年松江增长1.2倍。", "gdp-rank", "120", ["EvidenceLacksNumber"]),
    ],
)  # fmt: skip
def test_ranks_and_growth_in_words(
    said: str, measure: str, number: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    unit = "PERCENT" if measure.endswith("growth") else ""
    fact = row("Songjiang", f"measure:{measure}", number, said, time="2023", unit=unit)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize("category", ["id:blue-rock", ""])
@pytest.mark.parametrize(
    ("said", "measure"),
    [
        ("Green Hill holds 51 percent of Blue Rock of Jiaxing.", "share held in an enterprise"),
        ("绿山公司持有嘉兴蓝石公司51%的股份。", "持股比例"),
    ],
)
def test_a_share_held_is_of_an_enterprise(
    said: str, measure: str, category: str, store: LocalStore, tmp_path: Path
) -> None:
    rows = [
        row("id:blue-rock", "locatedIn", "Jiaxing", said),
        row("id:green-hill", measure, "51", said, unit="PERCENT", category=category),
    ]
    path, texts = sheet(tmp_path, said, "en" if said.isascii() else "zh", rows)
    report = validate(store, [path], texts=texts)
    found = {one.code for one in report.findings if one.severity is not Severity.INFO}
    found -= {"EntityHasEnglishLabel"}  # the title of the Chinese source
    assert found == (set() if category else {"ShareSaysOfWhat"})
    assert "ShareHasReference" not in {one.code for one in report.findings} or not category


@pytest.mark.parametrize(
    ("measure", "kind", "noted", "subject"),
    [
        ("share-held", "Project", False, "Hefei"),
        ("share-of-sales-volume", "Enterprise", False, "Hefei"),
        ("share-of-sales-volume", "Product", False, "Hefei"),
        ("share-of-sales-volume", "ProductCategory", True, "Hefei"),
        ("share-of-sales-volume", "ProductCategory", False, "id:blue-rock"),
        ("share-of-production-volume", "ProductCategory", True, "id:blue-rock"),
        ("share-of-total", "ProductCategory", True, "id:blue-rock"),
        ("share-of-production-volume", "Enterprise", True, "Hefei"),
        ("ranking-position", "Product", True, "Hefei"),
    ],
)
def test_a_share_in_one_entity_needs_no_area(
    measure: str, kind: str, noted: bool, subject: str, store: LocalStore, tmp_path: Path
) -> None:
    said = "Hefei and Blue Rock made up 12 percent of the Lake Works in 2023."
    figure = {"unit": "NUM" if "position" in measure else "PERCENT", "time": "2023"}
    fact = row(subject, f"measure:{measure}", "12", said, category="Lake Works", **figure)
    path, texts = sheet(tmp_path, said, "en", [row("Lake Works", "a", kind, said), fact])
    found = {one.code for one in validate(store, [path], texts=texts).findings}
    assert ("ShareHasReference" in found) == noted
    assert "SheetRow" not in found


@pytest.mark.parametrize(
    ("subject", "basis", "noted"),
    [
        ("id:blue-rock", "operating revenue", False),
        ("id:blue-rock", "", True),
        ("Hefei", "operating revenue", True),
    ],
)
def test_the_basis_says_of_which_total_of_no_location_a_share_is(
    subject: str, basis: str, noted: bool, store: LocalStore, tmp_path: Path
) -> None:
    said = "Hefei and Blue Rock made 40 percent of operating revenue in Wuhu in 2023."
    more = {"unit": "PERCENT", "time": "2023", "category": "Wuhu", "basis": basis}
    path, texts = sheet(tmp_path, said, "en", [row(subject, "share-of-total", "40", said, **more)])
    found = {one.code for one in validate(store, [path], texts=texts).findings}
    assert ("ShareHasReference" in found) == noted


@pytest.mark.parametrize(
    ("said", "number", "codes"),
    [
        ("In 2023 the R&D intensity of Songjiang was 3.2 percent, against a goal of 3 percent.",
         "3.2", []),
        ("In 2023 the goal of 3.2 percent was that of Songjiang.", "3.2", ["EvidenceHedges"]),
        ("In 2023 Songjiang has 3.2 percent, with 4 percent planned.", "3.2", []),
        ("In 2023 Songjiang has 3.2 percent, with 4 percent planned.", "4", ["EvidenceHedges"]),
        ("For 2023 3.2 percent in Songjiang is planned.", "3.2", ["EvidenceHedges"]),
        ("2023年松江研发强度为3.2%，目标为3%。", "3.2", []),
        ("2023年松江研发强度目标为3.2%。", "3.2", ["EvidenceHedges"]),
        ("2023年松江研发强度达3.2%，超过3%的目标。", "3.2", []),
        ("2023年松江研发强度达3.2%，超过3%的目标。", "3", ["EvidenceHedges"]),
    ],
)  # fmt: skip
def test_a_goal_of_a_number_is_about_that_number(
    said: str, number: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", "measure:rd-intensity", number, said, time="2023", unit="PERCENT")
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "right", "wrong"),
    [
        ("In 2023 GDP of Songjiang fell by more than 5 percent.", "LessThan", "GreaterThan"),
        ("2023年松江下降超过5%。", "LessThan", "GreaterThan"),
        ("In 2023 GDP of Songjiang fell by nearly 5 percent.", "GreaterThan", "LessThan"),
        ("2023年松江下降近5%。", "GreaterThan", "LessThan"),
        ("2023年松江下降近5%。", "Approximately", "Nearly"),
    ],
)
@pytest.mark.parametrize("is_right", [True, False])
def test_the_comparator_of_a_fall_is_that_of_the_number_below_zero(
    is_right: bool, said: str, right: str, wrong: str, store: LocalStore, tmp_path: Path
) -> None:
    comparator, codes = (right, []) if is_right else (wrong, ["EvidenceHedges"])
    fact = row(
        "Songjiang",
        "measure:gdp-growth",
        "-5",
        said,
        time="2023",
        unit="PERCENT",
        comparator=comparator,
    )
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
