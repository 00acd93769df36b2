"""The check of support: categories and reference areas of figures, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, warnings

LACKING = ["EvidenceLacksCategory"]
LEFT_OUT = ["CategoryIsLeftOut"]


@pytest.mark.parametrize(
    ("said", "category", "codes"),
    [
        ("Songjiang has 64 makers of chips, by the integrated-circuit tally.",
         "integrated circuits", []),
        ("Songjiang has 64 makers of new kinds of material.", "new materials", []),
        ("Songjiang has 64 breweries.", "new materials", LACKING),
        ("Songjiang has 64 companies.", "new materials", LACKING),
        ("松江有64家从事集成电路研发的单位。", "integrated circuits", []),
        ("松江有64家啤酒企业。", "integrated circuits", LACKING),
    ],
)  # fmt: skip
def test_the_category_of_a_figure_is_in_the_words(
    said: str, category: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", "number of enterprises", "64", said, category=category)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("counted", "codes"),
    [
        ("cars", []),
        ("motor vehicles", []),
        ("cars and 40 train cars", []),
        ("train cars", LACKING),
        ("cable cars", LACKING),
        ("launch vehicles", LACKING),
    ],
)
def test_cars_of_trains_are_no_automobiles(
    counted: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    said = f"Songjiang made 64 {counted} in 2021."
    fact = row("Songjiang", "production-volume", "64", said, category="id:automobiles")
    made = {**fact, "time": "2021", "unit": "NUM"}
    assert [one.code for one in warnings(store, tmp_path, said, "en", made)] == codes
    produced = row("Songjiang", "produces", "id:automobiles", said)
    found = [one.code for one in warnings(store, tmp_path, said, "en", produced)]
    assert found == (["EvidenceLacksObject"] if codes else [])


@pytest.mark.parametrize(
    ("said", "area", "codes"),
    [
        ("Songjiang ranks 4th by GDP in Shanghai.", "Shanghai", []),
        ("Songjiang ranks 4th by GDP citywide.", "Shanghai", []),
        ("Songjiang ranks 4th by GDP citywide.", "China", LACKING),
        ("Songjiang ranks 4th by GDP nationwide.", "China", []),
        ("Songjiang ranks 4th by GDP in Jiaxing.", "Shanghai", LACKING),
        ("松江GDP居全市第四。", "Shanghai", []),
        ("松江GDP居全市第四。", "China", LACKING),
        ("松江GDP居全国第四。", "China", []),
        ("松江GDP居嘉兴第四。", "Shanghai", LACKING),
    ],
)
def test_the_reference_area_of_a_figure_is_in_the_words(
    said: str, area: str, codes: list[str], store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", "measure:gdp-rank", "4", said, reference=area)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


def test_a_narrower_or_wider_kind_is_no_name_of_a_category(
    all_sources: LocalStore, tmp_path: Path
) -> None:
    found = []
    for kind in ("汽车", "轿车", "车辆"):
        said = f"松江{kind}产量45万辆。"
        more = {"unit": "NUM", "category": "id:automobiles"}
        fact = row("id:songjiang", "measure:production-volume", "450000", said, **more)
        found.append([one.code for one in warnings(all_sources, tmp_path, said, "zh", fact)])
    assert found == [[], LACKING, LACKING]


def test_electric_vehicles_are_a_part_of_the_new_energy_vehicles(
    all_sources: LocalStore, tmp_path: Path
) -> None:
    found = []
    for said in ("Jinhua made 450,000 new-energy vehicles.", "Jinhua made 450,000 EVs."):
        more = {"unit": "NUM", "category": "id:new-energy-vehicles-as-products"}
        fact = row("id:jinhua", "measure:production-volume", "450000", said, **more)
        found.append([one.code for one in warnings(all_sources, tmp_path, said, "en", fact)])
    assert found == [[], LACKING]


@pytest.mark.parametrize(
    ("measure", "number", "codes", "texts"),
    [
        ("enterprise-count", "1200", LEFT_OUT, (
            "Jinhua has 1,200 high-tech enterprises.",
            "Jinhua has 1,200 newly recognized high-tech enterprises and 300 unicorns.",
            "Jinhua has 1,200 national \"little giant\" companies.",
            "Jinhua has 1,200 biomedicine firms.",
            "The number of high-tech enterprises in Jinhua has reached 1,200.",
            "金华有高新技术企业1200家",
            "金华拥有1200家国家高新技术企业，居全省第三。",
            "金华高新技术企业总数达1200家。",
            "金华有上市公司80家、专精特新“小巨人”企业1200家。",
            "金华集聚1200家生物医药企业。",
        )),
        ("enterprise-count", "1200", [], (
            "Jinhua has 1,200 enterprises, among them 300 high-tech ones.",
            "Jinhua has 1,200 enterprises, 300 of them high-tech enterprises.",
            "Jinhua has 1,200 companies in the industrial park.",
            "Jinhua has 1,200 suppliers of high-tech enterprises.",
            "In Jinhua, high-tech enterprises work with 1,200 firms.",
            "Jinhua has 1,200 enterprises; of the 1,200 high-tech enterprises are a part.",
            "金华有企业1200家，其中高新技术企业300家。",
            "金华1200家企业中有300家高新技术企业。",
            "金华高新技术企业服务1200家企业。",
            "金华的拟上市公司1200家。",
            "金华有上市公司和其他企业1200家。",
        )),
        ("zone-count", "2", LEFT_OUT, (
            "Jinhua has two bonded zones.", "金华有2个保税区。",
        )),
        ("production-volume", "450000", LEFT_OUT, (
            "Jinhua made 450,000 electric vehicles.", "金华生产45万辆新能源汽车。",
            "金华生产新能源汽车45万辆。",
        )),
        ("enterprise-count-rank", "1", [], (
            "Jinhua has the first high-tech enterprises.",
        )),
    ],
)  # fmt: skip
def test_a_category_beside_a_count_is_not_left_out(
    measure: str,
    number: str,
    codes: list[str],
    texts: tuple[str, ...],
    all_sources: LocalStore,
    tmp_path: Path,
) -> None:
    found = {}
    for said in texts:
        fact = row("id:jinhua", f"measure:{measure}", number, said, unit="NUM")
        language = "en" if said.isascii() else "zh"
        found[said] = [one.code for one in warnings(all_sources, tmp_path, said, language, fact)]
    assert found == dict.fromkeys(texts, codes)


def test_a_category_beside_a_range_is_not_left_out(all_sources: LocalStore, tmp_path: Path) -> None:
    found = {}
    for said in (
        "Jinhua has 1,000 to 1,200 high-tech enterprises.",
        "金华有1000至1200家高新技术企业。",
        "金华有高新技术企业1000至1200家。",
        "Jinhua has 1,000 to 1,200 enterprises, among them high-tech enterprises.",
    ):
        fact = row("id:jinhua", "enterprise-count", "1000-1200", said, unit="NUM")
        language = "en" if said.isascii() else "zh"
        found[said] = [one.code for one in warnings(all_sources, tmp_path, said, language, fact)]
    assert list(found.values()) == [LEFT_OUT, LEFT_OUT, LEFT_OUT, []]


def test_a_category_or_a_measure_or_a_bearer_that_says_it_is_no_category_left_out(
    all_sources: LocalStore, tmp_path: Path
) -> None:
    for subject, measure, more, said in (
        ("id:jinhua", "enterprise-count", {"category": "id:high-tech-enterprises"},
         "Jinhua has 64 high-tech enterprises."),
        ("id:biomedicine", "enterprise-count", {}, "Biomedicine: 64 biomedicine companies."),
        ("id:g60-starlink", "constellation-size", {}, "G60 Starlink plans 64 satellites."),
    ):  # fmt: skip
        fact = row(subject, f"measure:{measure}", "64", said, unit="NUM", **more)
        found = [one.code for one in warnings(all_sources, tmp_path, said, "en", fact)]
        assert "CategoryIsLeftOut" not in found
