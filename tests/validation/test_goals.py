"""Wordings of goals, and similar words of what is so: cues of a fact's figure and of relations."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.support.cues import cues
from g60kg.validation.checks.support.property_verbs import verb_cues
from g60kg.validation.checks.support.written_numbers import normalised, written_numbers
from tests.validation.test_reworded_faults import HEDGED, codes


def is_goal(said: str) -> bool:
    """Return whether a sentence gives its number, 900, as a goal."""
    text = normalised(said)
    own = [one for one in written_numbers(text) if one.equals(Decimal(900))]
    assert own
    return any(cue.is_about(text, own) for cue in cues(text) if cue.kind == "plan")


@pytest.mark.parametrize(
    "said",
    [
        "The park is on course to have 900 firms.",
        "The park, on track to reach 900 firms this year, opens.",
        "Songjiang is set to have 900 firms.",
        "The park, set to attract 900 firms, is in Songjiang.",
        "Songjiang aims for 900 firms.",
        "Songjiang is targeting a total of 900 firms.",
        "Songjiang targets 900 firms.",
        "Songjiang is looking to attract 900 firms.",
        "Songjiang is striving for 900 firms and working towards more.",
        "Songjiang is poised to have 900 firms.",
        "The plant is going to have 900 workers.",
        "The plant is about to hire 900 workers.",
        "The number is anticipated to reach 900.",
        "It has the ambition to attract 900 firms.",
        "The target for 2025 is 900 firms.",
        "The goal is 900 firms by 2025.",
        "It has a target of 900 firms.",
        "A plant with 900 workers, to be opened in 2026, is in Songjiang.",
        "The park has a planned area of 900 hectares.",
        "The planned population in 2035 is 900.",
        "到2025年，有望达到900家。",
        "到2025年，力争900家。",
        "松江力求达到900家。",
        "松江剑指900家，锚定更多。",
        "松江目标900家。",
        "松江目标：900家。",
        "松江定下900家的目标。",
        "松江努力实现900家。",
        "松江提出到2025年达到900家。",
        "松江向900家目标迈进。",
        "松江规划人口900人。",
        "松江规划引进900家企业。",
        "园区规划总面积900公顷，已建成300公顷。",
    ],
)
def test_a_goal(said: str) -> None:
    assert is_goal(said)


@pytest.mark.parametrize(
    "said",
    [
        "The train on track 9 has 900 seats.",
        "The park, on course to become a hub, has 900 firms.",
        "The park has 900 firms and looks to the future.",
        "The data set to date has 900 rows, set to music.",
        "The line is going to Hefei with 900 seats.",
        "It was the first of 900 plants to be opened.",
        "Its targets 900 times met, it grows.",
        "It hit its target of 900 firms.",
        "It has met the annual goal of 900 firms.",
        "It met the 900 firm target.",
        "In a planned economy it had 900 firms.",
        "The well-planned park has 900 firms.",
        "完成了900家的目标。",
        "900家的目标如期完成。",
        "完成年度目标900家。",
        "计划单列市宁波有900家企业。",
        "规划馆有展品900件。",
        "星火计划投资900元。",
        "完成计划900家。",
        "力争上游的企业有900家。",
        "希望小学有900所。",
        "新希望集团有员工900人。",
        "拟南芥品种有900种。",
        "园区规划面积300公顷、已入驻企业900家。",
        "With a planned area of 300 hectares and 900 firms it is large.",
    ],
)
def test_no_goal(said: str) -> None:
    assert not is_goal(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("规划面积900公顷的松江属于G60科创走廊。", []),
        ("松江规划人口90万的新城属于G60科创走廊。", []),
        ("G60科创走廊在松江规划用地900公顷。", []),
        ("松江规划建设G60科创走廊。", HEDGED),
        ("Songjiang, a planned area of 900 hectares of the corridor.", []),
        ("The corridor has a planned site area of 900 hectares in Songjiang.", []),
        ("Songjiang is a planned part of the corridor.", HEDGED),
        ("It met its target of 900 firms in Songjiang, which is in the corridor.", []),
    ],
)
def test_a_planned_measure_does_not_make_a_relation_a_plan(
    said: str, expected: list[str], store: LocalStore, tmp_path: Path
) -> None:
    assert codes(store, tmp_path, said, "Songjiang", "partOf", "id:corridor") == expected


@pytest.mark.parametrize(
    ("said", "subject", "predicate", "object_"),
    [
        ("嘉兴将签署松江宣言。", "id:songjiang-declaration", "signatory", "Jiaxing"),
        ("嘉兴计划加入G60科创走廊。", "id:corridor", "hasMemberCity", "Jiaxing"),
        ("嘉兴准备组建绿山。", "id:green-hill", "foundedBy", "Jiaxing"),
        ("嘉兴将共同运营绿山。", "id:green-hill", "operatedBy", "Jiaxing"),
        ("嘉兴有意运营绿山。", "id:green-hill", "operatedBy", "Jiaxing"),
        ("蓝石将生产集成电路。", "id:blue-rock", "inIndustry", "integrated circuits"),
        ("蓝石将聚焦集成电路。", "id:blue-rock", "focusesOn", "integrated circuits"),
        ("嘉兴计划出台松江宣言。", "id:songjiang-declaration", "issuedBy", "Jiaxing"),
    ],
)
def test_a_plan_before_the_verb_of_a_relation(
    said: str, subject: str, predicate: str, object_: str, store: LocalStore, tmp_path: Path
) -> None:
    assert codes(store, tmp_path, said, subject, predicate, object_) == HEDGED
    for plan in ("将共同", "将", "计划", "准备", "有意", "愿意"):
        said = said.replace(plan, "")
    assert codes(store, tmp_path, said, subject, predicate, object_) == []


@pytest.mark.parametrize(
    ("said", "predicate", "is_plan"),
    [
        ("上海将参加博览会。", "participant", True),
        ("上海小将参加博览会。", "participant", False),
        ("蓝石将生产基地迁往合肥。", "inIndustry", False),
        ("蓝石将参会人员分组。", "participant", False),
        ("蓝石将参展。", "organizer", False),
        ("松江计划发布办法。", "issuedBy", True),
        ("松江的三年行动计划发布。", "issuedBy", False),
        ("松江按计划发布办法。", "issuedBy", False),
        ("火炬计划聚焦新材料。", "focusesOn", False),
        ("蓝石准备签署协议。", "signatory", True),
        ("蓝石经过多年准备签署协议。", "signatory", False),
        ("蓝石有充分准备，签署协议。", "signatory", False),
        ("蓝石打算加入联盟。", "memberOf", True),
        ("蓝石精心打算，加入联盟。", "memberOf", False),
        ("蓝石愿意加入联盟。", "memberOf", True),
        ("蓝石自愿加入联盟。", "memberOf", False),
        ("志愿服务松江。", "serves", False),
        ("蓝石有意加入联盟。", "memberOf", True),
        ("蓝石很有意思，加入联盟。", "memberOf", False),
        ("蓝石推迟签署协议，尚待批准。", "signatory", True),
        ("蓝石推迟发货，签署协议。", "signatory", False),
        ("蓝石承诺签署协议。", "signatory", True),
        ("蓝石兑现承诺，签署协议。", "signatory", False),
        ("蓝石获邀签署协议。", "signatory", True),
        ("蓝石获邀出席论坛。", "participant", False),
    ],
)
def test_hedges_of_a_verb(said: str, predicate: str, is_plan: bool) -> None:
    assert any(verb_cues(predicate, normalised(said))) is is_plan


@pytest.mark.parametrize(
    ("said", "goal", "earlier"),
    [
        ("{0} plans to raise its R&D intensity to 4.5 percent by 2027, from 4.1 percent in 2023.",
         "2027", "2023"),
        ("The R&D intensity of {0} will rise from 4.1 percent in 2023 to 4.5 percent by 2027.",
         "2027", "2023"),
        ("{0} aims for an R&D intensity of 4.5 percent in 2027, compared with 4.1 percent in 2023.",
         "2027", "2023"),
        ("{0} expects an R&D intensity of 4.5 percent (2023: 4.1 percent) in 2027.",
         "2027", "2023"),
        ("Against 2023's 4.1 percent, {0} aims for an R&D intensity of 4.5 percent by 2027.",
         "2027", "2023"),
        ("{0} plans to raise its R&D intensity from 4.1 percent to 4.5 percent.", "", ""),
        ("{0} plans to raise its R&D intensity to 4.5 percent from 4.1 percent.", "", ""),
        ("{0}研发投入强度将由2023年的4.1%提高到2027年的4.5%。", "2027", "2023"),
        ("力争{0}研发投入强度2027年达到4.5%，比2023年的4.1%提高0.4个百分点。", "2027", "2023"),
        ("到2027年，{0}研发投入强度力争达到4.5%（2023年为4.1%）。", "2027", "2023"),
        ("到2027年，{0}研发投入强度力争达到4.5%，2023年为4.1%。", "2027", "2023"),
        ("{0}研发投入强度有望从4.1%（2023年）增至4.5%。", "", "2023"),
        ("{0}研发投入强度将从4.1%提高到4.5%。", "", ""),
    ],
)  # fmt: skip
def test_a_plan_is_not_about_the_figure_that_it_starts_from(
    said: str, goal: str, earlier: str, store: LocalStore, tmp_path: Path
) -> None:
    text = said.format("Songjiang" if said.isascii() else "松江")
    for value, year, expected in (("4.5", goal, HEDGED), ("4.1", earlier, [])):
        more = {"unit": "PERCENT", "time": year}
        assert codes(store, tmp_path, text, "Songjiang", "R&D intensity", value, **more) == expected


@pytest.mark.parametrize(
    "said",
    [
        "Songjiang plans to have 900 firms in 2025 and 1,000 in 2030.",
        "Songjiang plans to have from 900 to 1,000 firms by 2025.",
        "Songjiang expects to attract firms from 900 parks by 2025.",
        "Songjiang aims for 1,000 firms by 2025, compared with a target of 900 in 2020.",
        "Songjiang hopes to have 1,000 firms by 2025 against 900 planned for 2020.",
        "松江力争2025年企业达1000家，2022年预计为900家。",
        "松江力争2025年企业达1000家，2022年目标是900家。",
        "松江预计由900家企业组成联盟。",
    ],
)
def test_an_earlier_goal_is_a_goal(said: str) -> None:
    assert is_goal(said)
