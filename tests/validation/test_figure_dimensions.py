"""The check of support: categories and reference areas of figures, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, warnings

LACKING = ["EvidenceLacksCategory"]


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


@pytest.mark.usefixtures("shipped_graph")
def test_a_narrower_or_wider_kind_is_no_name_of_a_category(tmp_path: Path) -> None:
    shipped, found = LocalStore.shipped(), []
    for kind in ("汽车", "轿车", "车辆"):
        said = f"松江{kind}产量45万辆。"
        more = {"unit": "NUM", "category": "id:automobiles"}
        fact = row("id:songjiang", "measure:production-volume", "450000", said, **more)
        found.append([one.code for one in warnings(shipped, tmp_path, said, "zh", fact)])
    assert found == [[], LACKING, LACKING]
