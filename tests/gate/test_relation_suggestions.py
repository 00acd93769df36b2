"""`draft --suggest`: memberships and locations, and measures that keep to their definitions."""

from __future__ import annotations

import pytest

from g60kg.stores.local_store import LocalStore
from tests.conftest import long_only
from tests.gate.test_row_suggestions import EMPTY, suggested

#: Entities of the sheet, with their names in both languages.
NAMED = "".join(
    f"id:{name},a,{kind},\nid:{name},label@en,{english},\nid:{name},label@zh,{chinese},\n"
    for name, kind, english, chinese in (
        ("league", "Organization", "Photonics League", "光子联盟"),
        ("lumen", "Enterprise", "Lumen Works", "流明公司"),
        ("osram", "Enterprise", "Osram", "欧司朗"),
        ("nine", "AgentGroup", "nine cities of the G60 corridor", "G60科创走廊九城市"),
    )
)
CITIES = ("jiaxing", "hangzhou", "jinhua")
EAST = ("songjiang", "jiaxing", "hangzhou")
LEAGUE = ("lumen", "osram")


def relations(store: LocalStore, text: str, rows: str = "") -> list[tuple[str, str, str]]:
    """Return the candidates that relate two entities, without the prefix of their ids."""
    return [
        (row["subject"].removeprefix("id:"), row["predicate"], row["object"].removeprefix("id:"))
        for row in suggested(store, text, EMPTY + NAMED + rows)
        if row["object"].startswith("id:")
    ]


@pytest.mark.parametrize(
    ("text", "group", "cities"),
    [
        ("The member cities of the G60 corridor are Huzhou and Wuhu.", "", ("huzhou", "wuhu")),
        ("Jiaxing joined the G60 corridor in 2018.", "", ("jiaxing",)),
        ("Jinhua, a city in Zhejiang, is a member of the G60 corridor.", "", ("jinhua",)),
        ("The G60 corridor comprises nine cities: Jiaxing, Hangzhou, Jinhua.", "", CITIES),
        ("The G60 corridor links nine cities, including Jiaxing, Hangzhou, Jinhua.", "", CITIES),
        ("The nine cities of the G60 corridor are Jiaxing, Hangzhou and Jinhua.", "", CITIES),
        (
            "The G60 corridor has nine cities, including Songjiang District of Shanghai and the"
            " cities of Jiaxing and Hangzhou.",
            "",
            EAST,
        ),
        (
            "The G60 corridor consists of Songjiang, Zhejiang Province's Jiaxing, Foo and Wuhu.",
            "",
            ("songjiang", "jiaxing", "wuhu"),
        ),
        ("Member cities include Jiaxing, Hangzhou and Jinhua.", "?", CITIES),
        ("G60科创走廊的成员城市包括上海松江、嘉兴、杭州。", "", EAST),
        ("2018年，嘉兴、杭州、金华等市先后加入G60科创走廊。", "", CITIES),
        ("嘉兴是G60科创走廊成员城市。", "", ("jiaxing",)),
        ("嘉兴成为G60科创走廊成员城市之一。", "", ("jiaxing",)),
        ("Jiaxing and Jinhua, both in Zhejiang, joined the G60 corridor.", "", CITIES[::2]),
        ("Jiaxing became the ninth city to join the G60 corridor.", "", ("jiaxing",)),
        ("Cities of the G60 corridor, such as Jiaxing and Jinhua, grow.", "", CITIES[::2]),
        ("作为G60科创走廊成员城市，嘉兴发展迅速。", "", ("jiaxing",)),
        ("G60科创走廊由嘉兴、杭州、金华三城市组成。", "", CITIES),
        ("由嘉兴、杭州、金华共建的G60科创走廊发展迅速。", "", CITIES),
        ("G60科创走廊包括嘉兴、杭州、金华等九城市。", "", CITIES),
        ("G60科创走廊九城市（上海松江、嘉兴、杭州）共同发展。", "", EAST),
        ("G60科创走廊九城市包括嘉兴、杭州、金华。", "", CITIES),
        ("Jiaxing and Hangzhou signed an agreement on the G60 corridor.", "", ()),
        ("The line to the G60 corridor has stations, including Jiaxing and Jinhua.", "", ()),
        ("A company set up an office in Songjiang, joining the G60 corridor.", "", ()),
        ("嘉兴与杭州就G60科创走廊签署协议。", "", ()),
    ],
)
def test_each_member_city_gets_a_row(
    store: LocalStore, text: str, group: str, cities: tuple[str, ...]
) -> None:
    subject = "" if group == "?" else "corridor"
    found = [each for each in relations(store, text) if each[1] != "?locatedIn"]
    assert found == [(subject, "?hasMemberCity", city) for city in cities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The members of the Photonics League are Lumen Works and Osram.",
            [("league", "?hasMember", each) for each in LEAGUE],
        ),
        (
            "Lumen Works and Osram have joined the Photonics League.",
            [(each, "?memberOf", "league") for each in LEAGUE],
        ),
        ("Blue Rock is a member of the Photonics League.", [("", "?memberOf", "league")]),
        (
            "Lumen Works, a member of the Photonics League, makes lamps.",
            [("lumen", "?memberOf", "league")],
        ),
        ("Members of the Photonics League visited Lumen Works.", []),
        ("Lumen Works joined hands with the Photonics League.", []),
        (
            "光子联盟成员单位包括流明公司和欧司朗。",
            [("league", "?hasMember", each) for each in LEAGUE],
        ),
        ("流明公司加入光子联盟。", [("lumen", "?memberOf", "league")]),
        ("蓝岩公司是光子联盟成员单位。", [("", "?memberOf", "league")]),
        ("Blue Rock is located in Hangzhou.", [("", "?locatedIn", "hangzhou")]),
        (
            "Lumen Works, a maker of lamps, is located in Hangzhou.",
            [("lumen", "?locatedIn", "hangzhou")],
        ),
        ("蓝岩公司位于杭州。", [("", "?locatedIn", "hangzhou")]),
        ("Blue Rock opened a shop in Hangzhou.", []),
    ],
)
def test_members_of_organizations_and_locations(
    store: LocalStore, text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert relations(store, text) == expected


def test_a_stated_membership_is_not_suggested(store: LocalStore) -> None:
    text = "Lumen Works and Osram have joined the Photonics League."
    row = f"Photonics League,hasMember,Osram,{text}\n"
    assert relations(store, text, row) == [("lumen", "?memberOf", "league")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two satellites in orbit serve Songjiang.", ""),
        ("松江两颗卫星在轨运行。", ""),
        ("The plan of Songjiang is for two planned satellites.", "?measure:constellation-size"),
        ("R&D spending in Songjiang was 3.2 percent of GDP.", "not growth"),
        ("Songjiang's GDP rose 5.2 percent.", "?measure:gdp-growth"),
        ("松江地区生产总值同比增长5.2%。", "?measure:gdp-growth"),
        ("松江地区生产总值居全市第3位。", "?measure:gdp-rank"),
        ("Six ministries issued the Songjiang Building Scheme.", "not buildings"),
    ],
)
def test_a_measure_keeps_to_its_definition(store: LocalStore, text: str, expected: str) -> None:
    (row,) = suggested(store, text)
    if expected.startswith("?"):
        assert row["predicate"] == expected
    else:
        refused = ("constellation-size", "gdp-growth", "building-count")
        assert row["predicate"].removeprefix("?measure:") not in refused


def test_towns_references_and_ranges(store: LocalStore) -> None:
    assert suggested(store, "松江八云镇有企业。") == []
    (row,) = suggested(store, "松江占上海的八分之一。")
    assert (row["subject"], row["object"]) == ("id:songjiang", "1/8")
    (row,) = suggested(store, "Songjiang expects between 1,000 and 1,200 enterprises.")
    assert (row["object"], row["upper"]) == ("1,000", "1,200")


@pytest.mark.parametrize(
    "text", ["成员城市{}和嘉兴", "嘉兴{}。", "Members {} Jiaxing", "Jiaxing {} it", "在嘉兴等{}"]
)
@pytest.mark.parametrize(
    "filler", ["7", *long_only("九", "等九个城市", "of the cities "), "a, the "]
)
def test_repeated_words_of_a_list_do_not_stop_the_search(
    store: LocalStore, text: str, filler: str
) -> None:
    sentence = text.format(filler * (600 // len(filler)) + "?!")
    assert relations(store, sentence) == []
