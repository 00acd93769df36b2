"""Names within longer names of others support no fact; other forms of a name do."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.support.named_entities import Name, Span, names_others
from tests.validation.test_support import row, warnings


@pytest.mark.parametrize(
    ("said", "subject", "is_named"),
    [
        ("The Songjiang Declaration has 64 companies.", "Songjiang", False),
        ("Hangzhou Bay has 64 companies.", "Hangzhou", False),
        ("Suzhou Industrial Park has 64 companies.", "Suzhou", False),
        ("Lingang Songjiang Science and Technology City has 64 companies.", "Songjiang", False),
        ("Huzhou Railway Station has 64 companies.", "Huzhou", False),
        ("The Shanghai Stock Exchange has 64 companies.", "Shanghai", False),
        ("Jinhua Road has 64 companies.", "Jinhua", False),
        ("The Hangzhou Asian Games has 64 companies.", "Hangzhou", False),
        ("The Shanghai Composite Index has 64 companies.", "Shanghai", False),
        ("The Suzhou Creek area has 64 companies.", "Suzhou", False),
        ("杭州亚运会有64家企业。", "Hangzhou", False),
        ("苏州河有64家企业。", "Suzhou", False),
        ("杭州为亚运新增64家企业。", "Hangzhou", True),
        ("The Hangzhou government has 64 companies.", "Hangzhou", True),
        ("Hangzhou-based companies number 64.", "Hangzhou", True),
        ("Songjiang District has 64 companies.", "Songjiang", True),
        ("The city of Hangzhou, off Hangzhou Bay, has 64 companies.", "Hangzhou", True),
        ("Hangzhou and Suzhou Industrial Park each have 64 companies.", "Hangzhou", True),
        ("上海银行业有64家企业。", "Shanghai", True),
        ("金华站上新台阶，有64家企业。", "Jinhua", True),
        ("上海大学64所，企业64家。", "Shanghai", True),
        ("杭州高新技术企业64家。", "Hangzhou", True),
        ("合肥高速增长，有64家企业。", "Hefei", True),
        ("Suzhou City and Suzhou Industrial Park each have 64 companies.", "Suzhou", True),
        ("松江宣言有64家企业。", "Songjiang", False),
        ("杭州湾有64家企业。", "Hangzhou", False),
        ("苏州工业园区有64家企业。", "Suzhou", False),
        ("临港松江科技城有64家企业。", "Songjiang", False),
        ("上海证券交易所有64家企业。", "Shanghai", False),
        ("湖州火车站有64家企业。", "Huzhou", False),
        ("广深科技创新走廊有64家企业。", "id:corridor", False),
        ("成渝科创走廊有64家企业。", "id:corridor", False),
        ("整条科创走廊有64家企业。", "id:corridor", True),
        ("杭州市有64家企业。", "Hangzhou", True),
        ("杭州建设科技城，有64家企业。", "Hangzhou", True),
        ("上海松江区有64家企业。", "Shanghai", True),
        ("苏州路演有64家企业。", "Suzhou", True),
        ("OmniVision's local subsidiary has 64 companies.", "OmniVision", False),
        ("豪威的子公司有64家企业。", "OmniVision", False),
        ("OmniVision has a subsidiary and 64 companies.", "OmniVision", True),
        ("The suburbs of Hefei have 64 companies.", "Hefei", False),
        ("Downtown Hefei has 64 companies.", "Hefei", False),
        ("Hefei's urban area has 64 companies.", "Hefei", False),
        ("Hefei has 64 companies in the suburbs.", "Hefei", True),
        ("Hefei, with the suburbs of Hefei, has 64 companies.", "Hefei", True),
        ("合肥市区有64家企业。", "Hefei", False),
        ("合肥市主城区有64家企业。", "Hefei", False),
        ("合肥近郊有64家企业。", "Hefei", False),
        ("合肥市有64家企业，市区不详。", "Hefei", True),
    ],
)  # fmt: skip
def test_a_subject_is_named_apart_from_longer_names_of_others(
    said: str, subject: str, is_named: bool, store: LocalStore, tmp_path: Path
) -> None:
    counted = "high-tech enterprises" if "高新技术企业" in said else ""
    fact = row(subject, "number of enterprises", "64", said, category=counted)
    language = "en" if said.isascii() else "zh"
    found = [one.code for one in warnings(store, tmp_path, said, language, fact)]
    assert found == ["EvidenceLacksSubject"] * (not is_named)


@pytest.mark.parametrize(
    ("said", "object_", "is_named"),
    [
        ("Blue Rock has a plant in the Hangzhou Bay New Area of Ningbo.", "Hangzhou", False),
        ("Blue Rock is on Jinhua Road in Shanghai.", "Jinhua", False),
        ("Blue Rock is in Suzhou Industrial Park.", "Suzhou", True),
        ("Blue Rock is a Hangzhou company on Hangzhou Bay.", "Hangzhou", True),
        ("蓝石位于杭州湾新区。", "Hangzhou", False),
        ("蓝石位于苏州工业园区。", "Suzhou", True),
        ("蓝石位于松江经开区。", "id:songjiang-etdz", True),
        ("蓝石位于沪苏湖高铁沿线。", "id:shanghai-suzhou-huzhou-high-speed-railway", True),
    ],
)
def test_an_object_is_hidden_by_names_of_what_is_elsewhere(
    said: str, object_: str, is_named: bool, store: LocalStore, tmp_path: Path
) -> None:
    fact = row("id:blue-rock", "locatedIn", object_, said)
    language = "en" if said.isascii() else "zh"
    found = [one.code for one in warnings(store, tmp_path, said, language, fact)]
    assert found == ["EvidenceLacksObject"] * (not is_named)


def test_the_name_of_the_other_end_names_an_entity(store: LocalStore, tmp_path: Path) -> None:
    said = "Hangzhou Bay Bank opened an office."
    bank = [
        row("id:bay-bank", "a", "FinancialInstitution", said),
        row("id:bay-bank", "label@en", "Hangzhou Bay Bank", said),
        row("id:bay-bank", "locatedIn", "Hangzhou", said),
    ]
    assert warnings(store, tmp_path, said, "en", *bank) == []


def test_a_registered_longer_name_is_that_of_another(store: LocalStore, tmp_path: Path) -> None:
    said = "Blue Rock's Green Cloud has 64 companies."
    cloud = [
        row("id:green-cloud", "a", "Facility", said),
        row("id:green-cloud", "label@en", "Blue Rock Green Cloud", said),
        row("id:blue-rock", "number of employees", "64", said),
    ]
    found = [one.code for one in warnings(store, tmp_path, said, "en", *cloud)]
    assert found == ["EvidenceLacksSubject"]


@pytest.mark.parametrize(
    ("text", "name", "is_other"),
    [
        ("The nine cities of the Pearl River Delta have 64 firms.", "nine cities", True),
        ("The nine cities of the corridor have 64 firms.", "nine cities", False),
        ("The nine cities have 64 firms.", "nine cities", False),
        ("The nine cities in Shandong have 64 firms.", "nine cities", True),
        ("The nine cities in Shanghai, Zhejiang and Anhui have 64.", "nine cities", False),
        ("珠三角九市有64家企业。", "九市", True),
        ("长三角G60科创走廊九城市有64家企业。", "九城市", False),
        ("九市有64家企业。", "九市", False),
    ],
)
def test_nine_cities_are_those_of_the_region_that_the_text_names(
    text: str, name: str, is_other: bool
) -> None:
    assert names_others(text, Name.of(name)) is is_other


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("The corridor had 2,000 firms in 2023.", []),
        ("In 2023 the science and technology innovation corridor had 2,000 firms.", []),
        ("In 2023 the Cloud Corridor had 2,000 firms.", ["EvidenceLacksSubject"]),
        (
            "The Chengxi Science and Technology Innovation Corridor had 2,000 firms in 2023.",
            ["EvidenceLacksSubject"],
        ),
        ("2023年，走廊有2000家企业。", []),
        ("2023年，城西科创大走廊有2000家企业。", ["EvidenceLacksSubject"]),
    ],
)
def test_another_corridor_is_not_this_one(
    said: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("id:corridor", "number of enterprises", "2000", said, time="2023")
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "industry", "codes"),
    [
        ("Blue Rock is a maker of robots.", "robot industry", []),
        ("Blue Rock is good at service.", "service industry", ["EvidenceLacksObject"]),
        ("蓝石生产光伏产品。", "photovoltaic industry", []),
    ],
)
def test_the_last_word_of_an_industry_can_be_left_out(
    said: str, industry: str, codes: list[str], all_sources: LocalStore, tmp_path: Path
) -> None:
    fact = row("id:blue-rock", "inIndustry", industry, said)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(all_sources, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("label", "words", "named"),
    [
        ("Songjiang", "95 percent of Songjiang's industry", True),
        ("Songjiang District", "a firm in Songjiang", True),
        ("Songjiang", "a firm in Hangzhou", False),
        ("Strategic cooperation agreement of 2017", "In 2017 they signed a strategic cooperation "
         "agreement", True),
        ("integrated circuits", "The integrated circuit industry", True),
        ("Hangzhou", "the Shanghai-Jiaxing-Hangzhou corridor", True),
        ("Fosun Pharma", "Fosun is a company", False),
        ("Blue Rock Co., Ltd.", "Blue Rock makes chips", True),
        ("松江区", "松江有69家企业", True),
        ("杭州市", "总部在杭州的企业", True),
        ("蓝石科技有限公司", "蓝石科技的总部", True),
        ("2017年战略合作协议", "2017年三地签署战略合作协议", True),
        ("松江", "嘉兴有69家企业", False),
        ("CSG", "赛摩与CSG合作", True),
        ("光子联盟副秘书长", "光子联盟成立，赵文彬任联盟副秘书长", True),
        ("光子联盟秘书长", "光子联盟成立，赵文彬任联盟副秘书长", False),
        ("光子联盟副秘书长", "光子联盟成立", False),
    ],
)  # fmt: skip
def test_names_in_words(label: str, words: str, named: bool) -> None:
    assert Name.of(label).is_in(Span.of(words)) is named


@pytest.mark.parametrize(
    ("said", "function", "codes"),
    [
        ("Songjiang is a cradle of ideas.", "cradle of ideas", []),
        ("松江是点子摇篮。", "点子摇篮", []),
        ("Hefei is a cradle of ideas.", "cradle of ideas", ["EvidenceLacksSubject"] * 2),
        ("Songjiang makes robots.", "", ["EvidenceLacksObject"]),
    ],
)
def test_a_role_is_named_by_its_function_and_by_who_has_it(
    said: str, function: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    role = "id:role-songjiang-innovation-source"
    facts = [row("Songjiang", "hasRole", role, said)]
    if function:
        facts.append(row(role, "roleFunction", function, said))
    found = warnings(store, tmp_path, said, "en" if said.isascii() else "zh", *facts)
    assert [one.code for one in found] == codes


def test_a_category_says_that_the_figure_is_of_a_part(store: LocalStore, tmp_path: Path) -> None:
    said = "合肥市区有64家高新技术企业。"
    fact = row("Hefei", "number of enterprises", "64", said, category="high-tech enterprises")
    found = {one.code for one in warnings(store, tmp_path, said, "zh", fact)}
    assert "EvidenceLacksSubject" not in found


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Blue Rock is located in Hangzhou.", "zh"),
        ("蓝石位于杭州。", "en"),
    ],
)
def test_names_in_both_languages_count(
    said: str, language: str, store: LocalStore, tmp_path: Path
) -> None:
    right = row("id:blue-rock", "locatedIn", "Hangzhou", said)
    wrong = row("id:blue-rock", "locatedIn", "Jinhua", said)
    found = [
        {one.code for one in warnings(store, tmp_path, said, language, one)}
        for one in (right, wrong)
    ]
    note = {"EvidenceIsInOtherLanguage"}
    assert found == [note, note | {"EvidenceLacksObject"}]
    own = "zh" if language == "en" else "en"
    assert warnings(store, tmp_path, said, own, right) == []
