"""Cues of plans, denials and what was so, in the sentences of both languages."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.support.cues import cues, sentences
from g60kg.validation.checks.support.name_cues import past_cue
from g60kg.validation.checks.support.named_entities import Name
from g60kg.validation.checks.support.written_numbers import written_numbers
from g60kg.validation.checks.support.written_units import direction
from tests.validation.test_support import row, warnings


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("腾讯计划向基金投资15亿元。", {"plan"}),
        ("项目计划2026年建成投产。", {"plan"}),
        ("公司计划今年出资30亿元。", {"plan"}),
        ("公司将向合肥投资38亿元。", {"plan"}),
        ("公司将进一步投资。", {"plan"}),
        ("公司准备落户金华。", {"plan"}),
        ("公司考虑在湖州设立分公司。", {"plan"}),
        ("公司意向投资34亿元。", {"plan"}),
        ("公司承诺投资35亿元。", {"plan"}),
        ("到2025年要实现5000家。", {"plan"}),
        ("确保高新技术企业5200家。", {"plan"}),
        ("达产后，年产值32亿元。", {"plan"}),
        ("年产值可达33亿元。", {"plan"}),
        ("公司系谣传落户。", {"report"}),
        ("列车最高时速可达350公里。", set()),
        ("建成后，已引进企业50家。", set()),
        ("《三年行动计划》实施。", set()),
        ("建成后的大桥全长3公里，确保了供水，主要实现了增长。", set()),
        ("Investors' calls for a fund were met.", set()),
        ("It is due for completion in 2026.", {"plan"}),
        ("公司将其作为总部。", set()),
        ("It is planning a 1.1 billion yuan investment.", {"plan"}),
        ("It has agreed to invest 1.3 billion yuan.", {"plan"}),
        ("It has committed 1.4 billion yuan.", {"plan"}),
        ("It eyes 1.6 billion yuan of investment.", {"plan"}),
        ("It will make 5 when in full operation.", {"plan"}),
        ("The project should reach 1.8 billion.", {"plan"}),
        ("Songjiang wants 9,000 firms.", {"plan"}),
        ("Songjiang forecasts 9,100 firms.", {"plan"}),
        ("The blueprint calls for 9,200 firms.", {"plan"}),
        ("It has yet to settle in Hefei.", {"negation"}),
        ("It ruled out a move to Huzhou.", {"negation"}),
        ("It dropped plans for an office.", {"negation"}),
        ("It was delisted in 2020.", {"negation"}),
        ("2020年退市。", {"negation"}),
        ("项目的实施将有力促进新能源产业。", set()),
        ("In the eyes of many, it serves firms that want to grow.", set()),
        ("It is the highest yet to date.", set()),
        ("It prepares to open a branch.", {"plan"}),
        ("It is in negotiations over a site.", {"plan"}),
        ("It has set its sights on 40 firms and envisages 50.", {"plan"}),
        ("It can produce 40 tonnes once it is finished.", {"plan"}),
        ("It can reach 350 kilometers an hour.", set()),
        ("In 2019 it opened what would later be a park.", set()),
        ("公司筹划落户，正与园区商谈。", {"plan"}),
        ("公司参加投资洽谈会。", set()),
        ("公司瞄准产值40亿元，计划孵化企业40家。", {"plan"}),
        ("公司产值好于预期，增速不及预期。", set()),
        ("公司不及对手。", {"negation"}),
        ("Few of the 40 firms export; none is listed.", {"negation"}),
        ("A few of them are second to none.", set()),
        ("It skipped the fair, and rumours of a visit were wrong.", {"negation"}),
        ("It did not open until 2021, without including the annex.", set()),
        ("公司缺席，相关传言不实。", {"negation"}),
        ("公司不但没有缩减，而且不遗余力，毫不逊色。", set()),
        ("It means to move its office to Hefei.", {"plan"}),
        ("It has the means to move; a cheap means to build helps.", set()),
        ("This means to many that it grew.", set()),
        ("公司打算把总部迁往合肥。", {"plan"}),
        ("公司精打细算，打好算盘，打算盘的人多。", set()),
        ("大学正筹备加入联盟。", {"plan"}),
        ("经过筹备，大学加入联盟，筹备工作结束。", set()),
        ("It wished to join, and promised to sign.", {"plan"}),
        ("It sent its best wishes to the founders and kept its promise to them.", set()),
        ("Firms that wish to export use the port, which promises growth.", set()),
        ("It is ready to sign, keen to join and willing to invest.", {"plan"}),
        ("The hall is ready to use, and the staff are keen on it.", set()),
        ("It agreed to host the fair, has applied to join it and looks to open there.", {"plan"}),
        ("The same rules applied to Hefei, which looks to the sea; all agreed to it.", set()),
        ("The method is applied to make chips.", set()),
        ("It is due to join in May.", {"plan"}),
        ("The rise was due to investment and due to support from banks.", set()),
        ("It has been invited to sign the pact.", {"plan"}),
        ("It has been invited to fairs, and has been asked for advice.", set()),
        ("It declined to sign and was unable to join.", {"negation"}),
        ("GDP declined to 5 billion, and to a low; it declined to below 4.", set()),
        (
            "It decided against joining, opted out of signing and turned down the offer.",
            {"negation"},
        ),
        ("It decided on a site, stopped short of it and turned down into the valley.", set()),
        ("Reports of it are incorrect, and the date was mistaken.", {"negation"}),
        ("It was mistaken for a shop; incorrect entries are rare.", set()),
        ("公司婉拒签署，谢绝加入，回绝邀请。", {"negation"}),
        ("公司婉言相告，感谢各方，回复邀请。", set()),
        ("有关报道有误，消息失实。", {"negation"}),
        ("数据无误，即使有误差也很小，失而复得。", set()),
        ("如有误请指正，若有误请联系。", set()),
        ("该消息系误传。", {"negation"}),
        ("公司澄清并未加入。", {"negation"}),
        ("湖水澄清，公司从澄清湖取水。", set()),
        ("公司反对加入联盟。", {"negation"}),
        ("线路按计划于2023年开通，依照计划在芜湖设站。", set()),
        ("线路按既定计划于2023年开通。", set()),
        ("线路计划于2023年开通。", {"plan"}),
        ("公司反对浪费，没收反对票的人少。", set()),
    ],
)
def test_a_plan_or_a_denial_has_a_cue(said: str, kinds: set[str]) -> None:
    assert {cue.kind for cue in cues(said)} == kinds


@pytest.mark.parametrize(
    ("said", "name", "was_so"),
    [
        ("He resigned as chairman of Blue Rock.", "chairman of Blue Rock", True),
        ("He stepped down as chairman of Blue Rock.", "chairman of Blue Rock", True),
        ("He was replaced as chairman of Blue Rock.", "chairman of Blue Rock", True),
        ("He, ex-chairman of Blue Rock, spoke.", "chairman of Blue Rock", True),
        ("He served as chairman of Blue Rock until 2023.", "chairman of Blue Rock", True),
        ("He left the post of chairman of Blue Rock.", "chairman of Blue Rock", True),
        ("He served as chairman of Blue Rock.", "chairman of Blue Rock", False),
        ("He, previously chairman of Blue Rock, spoke.", "chairman of Blue Rock", True),
        ("Blue Rock served firms until it moved.", "Blue Rock", False),
        ("李辞去蓝石公司总经理一职。", "蓝石公司总经理", True),
        ("决定免去李的金华市市长职务。", "金华市市长", True),
        ("李离任金华市市长。", "金华市市长", True),
        ("蓝石公司原董事长郑出席。", "蓝石公司董事长", True),
        ("蓝石公司原董事长郑出席。", "蓝石公司", False),
        ("蓝石公司董事长郑介绍原料。", "蓝石公司董事长", False),
        ("Green Hill left the Blue Rock Association.", "Blue Rock Association", True),
        ("The train left Blue Rock.", "Blue Rock", False),
        ("绿山退出蓝石协会。", "蓝石协会", True),
        ("The former mill now houses Blue Rock.", "Blue Rock", False),
        ("The former mill hosts Blue Rock.", "Blue Rock", False),
        ("The former seat of Blue Rock is empty.", "Blue Rock", True),
        ("The former office holds Green Hill; a former part of Blue Rock left.", "Blue Rock", True),
    ],
)
def test_who_left_a_post_held_it(said: str, name: str, was_so: bool) -> None:
    assert (past_cue(said, [Name.of(name)]) is not None) is was_so


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("It fell 5 percent.", -1),
        ("同比下降5%", -1),
        ("It rose 5 percent.", 1),
        ("It fell to 5 percent.", 0),
        ("It climbed 5 places.", 0),
        ("上升5位", 0),
        ("降幅收窄5%", 0),
        ("降幅为3.1%", -1),
        ("降为3.1%", 0),
        ("跌幅1.9%", -1),
        ("涨幅达到8%", 1),
    ],
)
def test_direction_of_a_change(said: str, sign: int) -> None:
    (number,) = written_numbers(said)
    assert direction(said, number) == sign


@pytest.mark.parametrize(
    ("said", "number", "is_plan"),
    [
        ("研发投入强度达3.2%，超过3%的目标。", 3, True),
        ("研发投入强度达3.2%，超过3%的目标。", Decimal("3.2"), False),
        ("It reached 3.2 percent, exceeding the 3 percent target.", 3, True),
        ("It reached 3.2 percent, exceeding the 3 percent target.", Decimal("3.2"), False),
        ("It reached 3 percent, the 3 percent target.", 3, False),
        ("It has 730 m, with 850 m planned, and is expected to house 1,000 firms.", 730, False),
        ("It has 730 m, with 850 m planned, and is expected to house 1,000 firms.", 850, True),
        ("It has 730 m, with 850 m planned, and is expected to house 1,000 firms.", 1000, True),
        ("园区面积730米，并将培育企业900家。", 730, False),
        ("园区面积730米，并将培育企业900家。", 900, True),
        ("It plans to have, by 2030, 900 firms.", 900, True),
        ("计划从2000家增至3000家", 2000, False),
        ("计划从2000家增至3000家", 3000, True),
    ],
)
def test_a_plan_is_about_its_own_number(said: str, number: Decimal | int, is_plan: bool) -> None:
    own = {one for one in written_numbers(said) if one.equals(Decimal(number))}
    assert any(cue.is_about(said, own) for cue in cues(said) if cue.kind == "plan") is is_plan


def test_a_goal_with_a_number_is_not_about_a_fact_without_numbers() -> None:
    (cue,) = cues("Jiaxing passed the 3 percent target.")
    assert not cue.is_about("Jiaxing passed the 3 percent target.", ())


def test_a_semicolon_ends_a_sentence() -> None:
    text = "Section one opened in 2021; section two will open in 2026."
    first, second = sentences(text)
    assert not cues(first)
    assert [cue.words for cue in cues(second)] == ["will"]


AT_MOST, HEDGED, DENIED = "at most", ["EvidenceHedges"], ["EvidenceNegates"]


@pytest.mark.parametrize(
    ("said", "number", "comparator", "codes"),
    [
        ("The growth of GDP in Songjiang did not exceed 3.1 percent.", "3.1", AT_MOST, []),
        ("The growth of GDP in Songjiang didn't exceed 3.1 percent.", "3.1", AT_MOST, []),
        ("The growth of GDP in Songjiang did not exceed 3.1 percent.", "3.1", "", HEDGED),
        ("GDP in Songjiang had a growth not exceeding 3.1 percent.", "3.1", AT_MOST, []),
        ("GDP growth in Songjiang did not fall below 3.1 percent.", "3.1", "at least", []),
        ("GDP growth in Songjiang did not reach 3.1 percent.", "3.1", "", DENIED),
        ("松江GDP增速未超过3.1%。", "3.1", AT_MOST, []),
        ("松江GDP增速没有超过3.1%。", "3.1", AT_MOST, []),
        ("松江GDP增速不超3.1%。", "3.1", AT_MOST, []),
        ("松江增速（GDP超过3.1%）。", "3.1", AT_MOST, HEDGED),
        ("松江GDP增速未达到3.1%。", "3.1", "", DENIED),
        ("松江GDP零增长。", "0", "", []),
        ("松江GDP与上年持平。", "0", "", []),
        ("GDP in Songjiang was flat.", "0", "", []),
        ("松江GDP增长5%。", "0", "", ["EvidenceLacksNumber"]),
        ("松江GDP增长2%，增速不及预期。", "2", "", []),
        ("松江GDP预期增长2%。", "2", "", HEDGED),
    ],
)
def test_limits_and_comparisons_with_expectations_deny_and_plan_nothing(
    said: str, number: str, comparator: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    more = {"unit": "PERCENT", "comparator": comparator}
    fact = row("Songjiang", "measure:gdp-growth", number, said, **more)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


def test_what_a_plan_mentions_is_actual(store: LocalStore, tmp_path: Path) -> None:
    said = "The Songjiang Declaration aims to be issued by Hangzhou and mentions Hangzhou."
    names, subject = ("mentions", "issuedBy"), "id:songjiang-declaration"
    facts = [row(subject, name, "Hangzhou", said) for name in names]
    found = [[one.code for one in warnings(store, tmp_path, said, "en", fact)] for fact in facts]
    assert found == [[], HEDGED]
