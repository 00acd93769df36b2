"""is_near: misspellings are near, names of two entities are not."""

from __future__ import annotations

import pytest

from g60kg.validation.checks.duplicates.name_similarity import is_near, keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fosun Pharma", "Fosun Pharmaceutical"),
        ("Fosun Pharma", "Fosun Pharma Co., Ltd"),
        ("Quectel Communication", "Quectel Comunication"),
        ("Quectel Communication", "Quectel Communications"),
        ("Songjiang Declaration", "Songjaing Declaration"),
        ("Haier Zhigu", "Haier Zhi-Gu"),
        ("Songjiang hub", "The Hub of Songjiang"),
        ("Huawei", "HuaWei Group"),
        ("Hangzhou", "Hangzhou City"),
        ("Economic and Technological Zone", "Economic & Technological Zone"),
        ("Kraków office", "Krakow Office"),
        ("杭州", "杭州市"),
        ("复星医药", "复星医药股份有限公司"),
    ],
)
def test_slips_are_near(one: str, other: str) -> None:
    assert is_near(one, other)
    assert is_near(other, one)
    # Or nobody would come upon the other.
    assert keys(one) & keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("G60 corridor version 1.0", "G60 corridor version 2.0"),
        ("G60科创走廊1.0版", "G60科创走廊2.0版"),
        ("Eastern area of the zone", "Western area of the zone"),
        ("Northeastern area", "Northwestern area"),
        ("松江经济技术开发区东区", "松江经济技术开发区西区"),
        ("Agreement of 2017", "Agreement of 2018"),
        ("First joint meeting", "Second joint meeting"),
        ("Phase I of the park", "Phase II of the park"),
        ("Zone A", "Zone B"),
        ("Suzhou", "Huzhou"),
        ("Hangzhou", "Changzhou"),
        ("Wuhu", "Wuxi"),
        ("Shanghai", "Shanghai Hub"),
        ("new materials", "new energy"),
        ("浙江", "江苏"),
        ("市", "区"),
        ("!", "?"),
    ],
)
def test_names_of_two_entities_are_not_near(one: str, other: str) -> None:
    assert not is_near(one, other)
    assert not is_near(other, one)
