"""The check of support: planted faults, cues with their exceptions, and the shipped graph."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, serialize

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.model.article_text import Text
from g60kg.model.change import Change
from g60kg.model.evidence_comparison import TextsAtHand
from g60kg.model.passage_evidence import PassageCell
from g60kg.model.text_normalization import NormalizedText
from g60kg.namespaces import HIDDEN_LABEL, VERBATIM, entity, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.validation.check_codes import codes_by_check
from g60kg.validation.checks.quotations import check_quotations
from g60kg.validation.checks.support import check_support
from g60kg.validation.checks.support.cues import cues, sentences
from g60kg.validation.report.findings import Finding, Severity, Status

SUPPORT = {code.name for code in codes_by_check()["support"]}
COLUMNS = [
    *("subject", "predicate", "object", "quote", "start"),
    *(
        "time",
        "unit",
        "modality",
        "attributed_to",
        "comparator",
        "category",
        "reference",
        "basis",
        "note",
    ),
]

ENGLISH = """\
Blue Rock makes new materials in Songjiang. Its neighbour Green Hill makes new energy systems. \
There are nearly 3,000 makers of new materials, and the G60 sci-tech corridor covers 5,792 square \
kilometers. In 2018 Blue Rock moved to Jiaxing; in 2021 Green Hill moved to Hefei. Green Hill \
plans to make integrated circuits. Blue Rock denied that it makes integrated circuits. \
The region covers an area of 76,200 square kilometers. 蓝石在松江生产新材料。"""

CHINESE = """\
蓝石公司在松江区生产新材料。2021年，松江区有近3000家新材料企业。绿山计划投资集成电路，但否认生产新材料。\
G60科创走廊面积7.62万平方公里，人口约5792万，覆盖九个城市。"""


def sheet(
    folder: Path, text: str, language: str, rows: Sequence[dict[str, str]]
) -> tuple[Path, dict[str, Text]]:
    """A sheet of an article with a text, and the text by its digest."""
    entities = [("Blue Rock", "蓝石"), ("Green Hill", "绿山")]
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for english, chinese in entities:
        name = "id:" + english.lower().replace(" ", "-")
        if name not in {row["subject"] for row in rows}:
            continue
        for predicate, value in (("a", "Enterprise"), ("label@en", english), ("label@zh", chinese)):
            writer.writerow({"subject": name, "predicate": predicate, "object": value})
    for row in rows:
        writer.writerow({**row, "start": str(text.index(row["quote"]))})
    content = Text(text)
    header = (
        "# url: https://example.org/news/2400000003\n# title: Sample\n# date: 2024-05-08\n"
        f"# publisher: Example News\n# language: {language}\n"
        f"# text-sha256: {content.digest}\n# text-length: {content.length}\n"
    )
    path = folder / "new.csv"
    path.write_text(header + table.getvalue(), encoding="utf-8")
    return path, {content.digest: content}


def warnings(
    store: LocalStore, folder: Path, text: str, language: str, *rows: dict[str, str]
) -> list[Finding]:
    """The warnings of the check of support on a sheet with some rows."""
    path, texts = sheet(folder, text, language, rows)
    change = Change.of(store, incoming_of(path.read_bytes(), path.name, store).quads)
    quotations, _ = check_quotations(change.after, change.stated, texts)
    assert quotations.verified == len({row["quote"] for row in rows})
    return list(check_support(change, change.added, TextsAtHand(change.after, texts)))


def row(subject: str, predicate: str, object_: str, quote: str, **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": predicate, "object": object_, "quote": quote, **more}


TRUE = [
    row("id:blue-rock", "inIndustry", "new materials", "Blue Rock makes new materials"),
    row("id:corridor", "number of enterprises", "3000",
        "nearly 3,000 makers of new materials, and the G60 sci-tech corridor",
        category="new materials", comparator="nearly"),
    row("id:corridor", "measure:territory-area", "5,792",
        "the G60 sci-tech corridor covers 5,792 square kilometers", unit="KiloM2"),
    row("id:blue-rock", "locatedIn", "Jiaxing", "In 2018 Blue Rock moved to Jiaxing",
        time="2018/.."),
    row("id:green-hill", "inIndustry", "integrated circuits",
        "Green Hill plans to make integrated circuits", modality="Goal"),
]  # fmt: skip

FAULTS = {
    "another subject": (
        "EvidenceLacksSubject",
        row("id:green-hill", "inIndustry", "new materials", "Blue Rock makes new materials"),
    ),
    "57.92 for 5,792": (
        "EvidenceLacksNumber",
        row("id:corridor", "measure:territory-area", "57.92", TRUE[2]["quote"], unit="KiloM2"),
    ),
    "nearly as greater than": (
        "EvidenceHedges",
        row("id:corridor", "number of enterprises", "3000", TRUE[1]["quote"],
            category="new materials", comparator="greaterThan"),
    ),
    "the year of another event": (
        "EvidenceLacksYear",
        row("id:blue-rock", "locatedIn", "Jiaxing", TRUE[3]["quote"], time="2021/.."),
    ),
    "a goal as a result": (
        "EvidenceHedges",
        row("id:green-hill", "inIndustry", "integrated circuits", TRUE[4]["quote"]),
    ),
    "a denial": (
        "EvidenceNegates",
        row("id:blue-rock", "inIndustry", "integrated circuits",
            "Blue Rock denied that it makes integrated circuits"),
    ),
    "the neighbouring sentence": (
        "EvidenceLacksObject",
        row("id:blue-rock", "inIndustry", "new materials",
            "Its neighbour Green Hill makes new energy systems"),
    ),
    "a Chinese span for an English one": (
        "EvidenceIsInOtherLanguage",
        row("id:blue-rock", "inIndustry", "new materials", "蓝石在松江生产新材料"),
    ),
    "a figure of the corridor given to Songjiang": (
        "EvidenceLacksSubject",
        row("Songjiang", "measure:territory-area", "76200",
            "The region covers an area of 76,200 square kilometers", unit="KiloM2"),
    ),
}  # fmt: skip


def test_true_facts_have_no_warning(store: LocalStore, tmp_path: Path) -> None:
    assert warnings(store, tmp_path, ENGLISH, "en", *TRUE) == []


def test_who_pursues_a_plan_is_actual_and_so_is_an_aim(store: LocalStore, tmp_path: Path) -> None:
    pursued = row("integrated circuits", "initiatedBy", "id:green-hill", TRUE[4]["quote"])
    aim = row("id:green-hill", "statesAim", "integrated circuits", TRUE[4]["quote"])
    assert warnings(store, tmp_path, ENGLISH, "en", TRUE[4], pursued, aim) == []


@pytest.mark.parametrize(
    ("measure", "expected"), [("total-investment", []), ("output-value", ["EvidenceHedges"])]
)
def test_a_planned_sum_is_no_result_unless_the_measure_is_of_plans(
    measure: str, expected: list[str], store: LocalStore, tmp_path: Path
) -> None:
    said = "Green Hill plans to invest 300 million yuan."
    sum_ = row("id:green-hill", f"measure:{measure}", "300 million", said, unit="CCY_CNY")
    found = warnings(store, tmp_path, said, "en", {**sum_, "time": "2024"})
    assert [finding.code for finding in found if finding.code == "EvidenceHedges"] == expected


@pytest.mark.parametrize(("code", "fault"), FAULTS.values(), ids=FAULTS)
def test_planted_faults_are_found(
    code: str, fault: dict[str, str], store: LocalStore, tmp_path: Path
) -> None:
    path, texts = sheet(tmp_path, ENGLISH, "en", [fault])
    report = validate(store, [path], texts=texts)
    found = {finding.code: finding for finding in report.findings if finding.code in SUPPORT}
    assert code in found
    assert found[code].severity is Severity.WARNING
    assert found[code].status is Status.INTRODUCED
    line = path.read_text(encoding="utf-8").count("\n")
    assert found[code].place == f"{path}:{line}:4"  # the column of the quote


def test_a_finding_names_the_measure_of_a_figure(store: LocalStore, tmp_path: Path) -> None:
    fault = FAULTS["a figure of the corridor given to Songjiang"][1]
    (found,) = warnings(store, tmp_path, ENGLISH, "en", fault)
    assert "Songjiang, the subject of “area”" in found.message


@pytest.fixture(scope="module")
def accepted(store: LocalStore, tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    """The graph with the true facts."""
    path, _ = sheet(tmp_path_factory.mktemp("accepted"), ENGLISH, "en", TRUE)
    added = incoming_of(path.read_bytes(), path.name, store).quads
    return LocalStore.holding((*store.quads(), *added), "the graph with the true facts")


@pytest.mark.parametrize("name", FAULTS)
def test_strict_refuses_a_false_fact_of_an_accepted_source(
    name: str, accepted: LocalStore, tmp_path: Path
) -> None:
    path, texts = sheet(tmp_path, ENGLISH, "en", [FAULTS[name][1]])
    assert not validate(accepted, [path], texts=texts).conforms(strict=True)


@pytest.mark.parametrize(
    "unchecked",
    [
        row("id:blue-rock", "headquarteredIn", "Jiaxing", TRUE[3]["quote"]),
        row("id:blue-rock", "locatedIn", "Hefei", TRUE[3]["quote"], modality="Derived", note="So."),
    ],
    ids=["a relation that the words do not state", "a derived fact with a note"],
)
def test_what_docs_say_that_only_a_reader_sees(
    unchecked: dict[str, str], accepted: LocalStore, tmp_path: Path
) -> None:
    path, texts = sheet(tmp_path, ENGLISH, "en", [unchecked])
    assert validate(accepted, [path], texts=texts).conforms(strict=True)


def test_facts_of_a_chinese_text(store: LocalStore, tmp_path: Path) -> None:
    found = warnings(
        store, tmp_path, CHINESE, "zh",
        row("id:blue-rock", "inIndustry", "new materials", "蓝石公司在松江区生产新材料"),
        row("id:corridor", "measure:territory-area", "76200", "G60科创走廊面积7.62万平方公里",
            unit="KiloM2"),
        row("id:corridor", "measure:population", "57920000",
            "G60科创走廊面积7.62万平方公里，人口约5792万", comparator="approximately"),
        row("id:corridor", "measure:member-city-count", "9",
            "G60科创走廊面积7.62万平方公里，人口约5792万，覆盖九个城市"),
    )  # fmt: skip
    assert found == []
    faults = warnings(
        store, tmp_path, CHINESE, "zh",
        row("Songjiang", "number of enterprises", "3000", "2021年，松江区有近3000家新材料企业",
            category="new materials"),
        row("id:green-hill", "inIndustry", "integrated circuits", "绿山计划投资集成电路"),
        row("id:green-hill", "inIndustry", "new materials",
            "绿山计划投资集成电路，但否认生产新材料", modality="Goal"),
    )  # fmt: skip
    assert [finding.code for finding in faults].count("EvidenceHedges") == 2
    assert [finding.code for finding in faults].count("EvidenceNegates") == 1


def test_a_second_quotation_or_a_reason_supplies_what_is_missing(
    store: LocalStore, tmp_path: Path
) -> None:
    neighbour = "Its neighbour Green Hill makes new energy systems"
    fact = row("id:blue-rock", "inIndustry", "new energy", neighbour)
    assert warnings(store, tmp_path, ENGLISH, "en", fact)
    named = row("id:blue-rock", "inIndustry", "new energy", "Blue Rock makes new materials")
    assert warnings(store, tmp_path, ENGLISH, "en", fact, named) == []
    reason = {"modality": "Derived", "note": "Its neighbours are in its industry."}
    explained = {**fact, **reason}
    assert warnings(store, tmp_path, ENGLISH, "en", explained) == []


@pytest.mark.parametrize(
    ("graph", "codes"),
    [("entities", []), ("2400000003", []), ("2400000004", ["EvidenceLacksSubject"])],
    ids=["in the register", "of the same source", "of another source"],
)
def test_a_hidden_label_counts_in_the_register_and_its_own_source(
    graph: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    name = Literal("the region", language="en")
    label = Quad(entity("songjiang"), HIDDEN_LABEL, name, graph_name(graph))
    named = LocalStore.holding((*store.quads(), label), "the graph with a hidden label")
    fault = FAULTS["a figure of the corridor given to Songjiang"][1]
    assert [one.code for one in warnings(named, tmp_path, ENGLISH, "en", fault)] == codes


@pytest.mark.parametrize("offsets", ["@0-{}:", "@100-142:", ""], ids=["right", "moved", "none"])
@pytest.mark.parametrize("recorded", [True, False], ids=["recorded text", "copy"])
def test_the_words_of_a_passage_are_read_wherever_its_text_has_them(
    offsets: str, recorded: bool, store: LocalStore, tmp_path: Path
) -> None:
    content, end = Text(ENGLISH, "2400000003"), len("Blue Rock makes new materials in Songjiang")
    cell = str(PassageCell.at(NormalizedText(ENGLISH), 0, end))
    place = offsets.format(end)
    moved = cell.replace(f"@0-{end}:", place) if place else cell.partition("@")[0]
    text = f"# text-sha256: {content.digest}\n# text-length: {content.length}\n"
    path = tmp_path / "new.csv"
    path.write_text(
        "# url: https://example.org/news/2400000003\n# title: Sample\n# date: 2024-05-08\n"
        "# publisher: Example News\n# language: en\n# reproduce: no\n"
        f"{text if recorded else ''}subject,predicate,object,passage,locator\n"
        "id:blue-rock,a,Enterprise,,\nid:blue-rock,label@en,Blue Rock,,\n"
        f"id:blue-rock,inIndustry,new energy,{moved},paragraph 1\n",
        encoding="utf-8",
    )
    findings = validate(store, [path], texts={content.digest: content}).findings
    assert [one.code for one in findings if one.code in SUPPORT] == ["EvidenceLacksObject"]


@pytest.mark.parametrize(
    ("verbatim", "is_reported"),
    [("a", True), ("square kilometers", True), ("5,792", False), ("covers 5,792 square", False)],
)
def test_the_verbatim_text_of_a_figure_has_its_number(
    verbatim: str, is_reported: bool, store: LocalStore, tmp_path: Path
) -> None:
    path, texts = sheet(tmp_path, ENGLISH, "en", [TRUE[2]])
    quads = [
        Quad(quad.subject, VERBATIM, Literal(verbatim), quad.graph_name)
        if quad.predicate == VERBATIM
        else quad
        for quad in incoming_of(path.read_bytes(), "new.csv", store).quads
    ]
    changed = tmp_path / "new.nq"
    serialize(quads, changed, RdfFormat.N_QUADS)
    report = validate(store, [changed], texts=texts)
    found = [(one.code, one.value) for one in report.findings if one.code in SUPPORT]
    assert found == [("EvidenceLacksNumber", verbatim)] * is_reported


# -- Cues --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Tencent plans to invest 45 billion yuan.", ["plan"]),
        ("The center is expected to open in 2026.", ["plan"]),
        ("The line will open in May 2026.", ["plan"]),
        ("The line opened in May 2026.", []),
        ("By the end of May this year, it had approved 63 centers.", []),
        ("It may open next year.", ["plan"]),
        ("The Outline of the Development Plan for the region", []),
        ("Growth was higher than expected.", []),
        ("The company has reportedly moved.", ["report"]),
        ("Tencent did not invest.", ["negation"]),
        ("It isn't a member, nor was it asked.", ["negation", "negation"]),
        ("It is not only a base but no less than 20 firms, No. 1 in the city.", []),
        ("The project was cancelled.", ["negation"]),
        ("腾讯计划投资450亿元", ["plan"]),
        ("中心将于2026年建成", ["plan"]),
        ("项目预计2026年竣工", ["plan"]),
        ("将松江打造成科创中心，将企业集聚在一起", []),
        ("将打造世界级产业集群", ["plan"]),
        ("十四五规划，行动计划，虚拟现实，模拟", []),
        ("规划面积73万平方米", ["plan"]),
        ("G60星链计划在轨卫星72颗，拟上市企业50家，人均预期寿命83岁", []),
        ("公司致力于脑机接口研发", []),
        ("按不变价格计算，固定资产投资（不含农户）不减反增；据不完全统计，未上市企业不满50家", []),
        ("A not-for-profit body has 50 members (not including Shanghai).", []),
        ("走廊不包括上海", ["negation"]),
        ("企业没有投资", ["negation"]),
        ("尚未建成，否认投资", ["negation", "negation"]),
        ("不断深化，不仅如此，不少企业，不低于20家，不锈钢，无锡，无人机，未来，非常", []),
        ("据称已迁入", ["report"]),
    ],
)
def test_hedges_and_negations_of_a_sentence(sentence: str, kinds: list[str]) -> None:
    assert [cue.kind for cue in cues(sentence)] == kinds


def test_a_cue_of_another_sentence_does_not_count() -> None:
    text = "Tencent plans a center. Blue Rock opened one. 绿山没有投资。蓝石投资了。"
    assert len(sentences(text)) == 4


# -- The shipped graph -------------------------------------------------------


def test_the_report_names_the_check(store: LocalStore, tmp_path: Path) -> None:
    path, texts = sheet(tmp_path, ENGLISH, "en", TRUE)
    names = [check.name for check in validate(store, [path], texts=texts).checks]
    assert names[names.index("quotations") + 1] == "support"


def test_messages_are_in_both_languages(store: LocalStore, tmp_path: Path) -> None:
    for language, part in (("en", "does not name Green Hill"), ("zh", "没有提到")):
        path, texts = sheet(tmp_path, ENGLISH, "en", [FAULTS["another subject"][1]])
        report = validate(store, [path], texts=texts, language=language)
        (finding,) = [one for one in report.findings if one.code in SUPPORT]
        assert part in finding.message
        assert finding.hint
