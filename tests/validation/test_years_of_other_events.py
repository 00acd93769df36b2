"""The check of support: leading dates, and years of other subjects, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from tests.validation.test_support import row, warnings

_LED = "In 2021, Songjiang had 120 firms, up from 90 in 2019"
_LED_ZH = "2021年，松江有企业120家，2019年有90家"
_TWO = "Blue Rock settled in Hefei in 2016, and Green Hill settled in Hefei in 2020"
_TWO_ZH = "蓝石2016年落户合肥，绿山2020年落户合肥"
_UNKNOWN = "Lanting Robotics settled in Hefei in 2016, and Green Hill settled in Hefei in 2020"
_UNKNOWN_ZH = "兰亭机器人2016年落户合肥，绿山2020年落户合肥"

#: Words, a number of firms or a place or a founding, the year in the words, and a wrong year.
_FIRMS = [
    (_LED, "Songjiang", "120", 2021, 2019),
    (_LED, "Songjiang", "90", 2019, 2021),
    ("By the end of 2021, Songjiang had 120 firms, compared with 90 in 2019", "Songjiang", "120",
     2021, 2019),
    ("On June 18, 2021, Songjiang had 120 firms, against 90 in 2019", "Songjiang", "120", 2021,
     2019),
    ("In 2021, Songjiang, in the southwest of Shanghai, had 120 firms, up from 90 in 2019",
     "Songjiang", "120", 2021, 2019),
    ("Songjiang had 90 firms in 2019, and in 2021, it had 120", "Songjiang", "120", 2021, 2019),
    ("In 2019, Songjiang had 90 firms; in 2021, it had 120", "Songjiang", "90", 2019, 2021),
    ("In 2021, Songjiang had 30 parks and 120 firms, up from 90 in 2019", "Songjiang", "120",
     2021, 2019),
    ("Songjiang had 120 firms in 2021, and Jiaxing had 120 firms in 2019", "Songjiang", "120",
     2021, 2019),
    ("In 2019, Jiaxing had 120 firms. In 2021, Songjiang had 120 firms", "Songjiang", "120", 2021,
     2019),
    (_LED_ZH, "Songjiang", "120", 2021, 2019),
    (_LED_ZH, "Songjiang", "90", 2019, 2021),
    ("2021年，松江有企业120家，比2019年的90家增加三分之一", "Songjiang", "120", 2021, 2019),
    ("截至2021年底，松江有企业120家，2019年为90家", "Songjiang", "120", 2021, 2019),
    ("2019年，松江有企业90家；2021年，增至120家", "Songjiang", "120", 2021, 2019),
    ("2021年，松江经济平稳增长，企业达120家，2019年为90家", "Songjiang", "120", 2021, 2019),
    ("2021年6月，松江有企业120家，2019年6月有90家", "Songjiang", "120", 2021, 2019),
    ("松江2021年有企业120家，嘉兴2019年有企业120家", "Songjiang", "120", 2021, 2019),
    ("2019年，嘉兴有企业120家。2021年，松江有企业120家", "Songjiang", "120", 2021, 2019),
]  # fmt: skip
_PLACES = [
    (_TWO, "id:green-hill", 2020, 2016),
    (_TWO, "id:blue-rock", 2016, 2020),
    (_TWO.replace(", and", "."), "id:green-hill", 2020, 2016),
    (_UNKNOWN, "id:green-hill", 2020, 2016),
    ("Lanting Robotics opened its plant in Hefei in 2016; in 2020 Green Hill settled in Hefei",
     "id:green-hill", 2020, 2016),
    ("In 2016, Lanting Robotics settled in Hefei. In 2020, Green Hill settled in Hefei",
     "id:green-hill", 2020, 2016),
    ("In 2020, Green Hill, a maker of drugs, settled in Hefei, where Blue Rock was listed in 2016",
     "id:green-hill", 2020, 2016),
    (_TWO_ZH, "id:green-hill", 2020, 2016),
    (_TWO_ZH, "id:blue-rock", 2016, 2020),
    (_UNKNOWN_ZH, "id:green-hill", 2020, 2016),
    ("2016年，兰亭机器人落户合肥。2020年，绿山落户合肥", "id:green-hill", 2020, 2016),
    ("腾讯2016年在合肥建厂；2020年绿山落户合肥", "id:green-hill", 2020, 2016),
]  # fmt: skip
_FOUNDED = [
    ("Blue Rock was founded in 2014, and Green Hill was founded in 2018", "id:green-hill", 2018,
     2014),
    ("In 2014, Green Hill was founded, and it moved to Wuhu in 2018", "id:green-hill", 2014, 2018),
    ("兰亭机器人成立于2014年，绿山成立于2018年", "id:green-hill", 2018, 2014),
    ("2014年，绿山成立，2018年迁往芜湖", "id:green-hill", 2014, 2018),
]  # fmt: skip
_STATED = [
    *((said, row(who, "number of enterprises", number, said), right, wrong)
      for said, who, number, right, wrong in _FIRMS),
    *((said, row(who, "locatedIn", "Hefei", said), right, wrong)
      for said, who, right, wrong in _PLACES),
    *((said, row(who, "foundedOn", "", said), right, wrong)
      for said, who, right, wrong in _FOUNDED),
]  # fmt: skip


def _found(
    said: str, fact: dict[str, str], year: int, store: LocalStore, folder: Path
) -> list[str]:
    """The codes of a fact of a year."""
    if fact["predicate"] == "foundedOn":
        fact = {**fact, "object": f"{year:04}"}
    else:
        fact = {**fact, "time": f"{year}/.." if fact["predicate"] == "locatedIn" else str(year)}
    language = "en" if said.isascii() else "zh"
    return [one.code for one in warnings(store, folder, said, language, fact)]


@pytest.mark.parametrize(("said", "fact", "right", "wrong"), _STATED)
def test_the_year_of_another_event_is_found(
    said: str, fact: dict[str, str], right: int, wrong: int, store: LocalStore, tmp_path: Path
) -> None:
    assert _found(said, fact, right, store, tmp_path) == []
    assert _found(said, fact, wrong, store, tmp_path) == ["EvidenceLacksYear"]


@pytest.mark.parametrize(
    ("said", "who", "predicate", "object_", "year"),
    [
        # A date at the start does not reach what is said of another time.
        ("In 2021, Songjiang had 120 firms, against 90 two years before, in 2019", "Songjiang",
         "number of enterprises", "90", 2019),
        ("Since 2019, Songjiang has attracted 120 firms, as of 2021", "Songjiang",
         "number of enterprises", "120", 2021),
        ("In 2019, the park opened, and now it has 120 firms. That was Songjiang in 2021",
         "Songjiang", "number of enterprises", "120", 2021),
        ("In 2016, Blue Rock settled in Wuhu and Green Hill in Hefei, in 2020", "id:green-hill",
         "locatedIn", "Hefei", 2020),
        ("In 2020, Green Hill, which settled in Hefei in 2016, was listed", "id:green-hill",
         "locatedIn", "Hefei", 2016),
        ("Green Hill dates from 2012. In 2016, Green Hill, founded by two engineers, was listed",
         "id:green-hill", "foundedOn", "", 2012),
        ("Work of 2012 led to Green Hill. In 2016, the city held a fair, and a fund was set up",
         "id:green-hill", "foundedOn", "", 2012),
        # Years before 1500.
        ("Green Hill was founded in 0950", "id:green-hill", "foundedOn", "", 950),
        ("Green Hill was founded in 950, renamed in 1958", "id:green-hill", "foundedOn", "", 950),
        ("绿山成立于1127年", "id:green-hill", "foundedOn", "", 1127),
        ("2019年以来，松江引进企业120家，截至2021年", "Songjiang", "number of enterprises", "120",
         2021),
        ("2021年，松江有企业120家，比两年前的90家多，那是2019年", "Songjiang",
         "number of enterprises", "90", 2019),
        ("2019年，松江园区开园，现有企业120家（2021年）", "Songjiang", "number of enterprises",
         "120", 2021),
        # A subject can have other names: the company, the group, its short name, or none.
        ("In 2020, Green Hill expanded in Hefei. The company settled in Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill opened a plant in Hefei in 2020. It came to Hefei in 2016", "id:green-hill",
         "locatedIn", "Hefei", 2016),
        ("Green Hill enlarged its plant in Hefei in 2020, and had settled in Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill expanded in Hefei in 2020. Green Group settled in Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill was listed in Hefei in 2020. Chairman Li Wei said it came to Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill expanded in Hefei in 2020. Shanghai's maker of drugs came to Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill expanded in Hefei in 2020. Shanghai firms had come to Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill expanded in Hefei in 2020. Vice Mayor Li Wei opened it in Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill expanded in Hefei in 2020. Officials had invited it to Hefei in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill expanded in Hefei in 2020. Hefei attracted the company in 2016",
         "id:green-hill", "locatedIn", "Hefei", 2016),
        ("绿山2020年在合肥扩建工厂。合肥2016年引进该公司", "id:green-hill", "locatedIn", "Hefei",
         2016),
        ("绿山2020年在合肥扩建工厂。公司2016年落户合肥", "id:green-hill", "locatedIn", "Hefei",
         2016),
        ("绿山2020年在合肥扩建工厂，2016年落户合肥", "id:green-hill", "locatedIn", "Hefei", 2016),
        ("绿山2020年在合肥扩建工厂。这家上海企业2016年落户合肥", "id:green-hill", "locatedIn",
         "Hefei", 2016),
        ("绿山2020年在合肥扩建工厂。上海企业2016年落户合肥", "id:green-hill", "locatedIn", "Hefei",
         2016),
        ("绿山2020年落户合肥。最早2016年落户合肥", "id:green-hill", "locatedIn", "Hefei", 2016),
        ("Green Hill and Blue Rock settled in Hefei in 2020 and 2016, respectively",
         "id:green-hill", "locatedIn", "Hefei", 2020),
    ],
)  # fmt: skip
def test_another_time_or_name_is_no_other_event(
    said: str,
    who: str,
    predicate: str,
    object_: str,
    year: int,
    store: LocalStore,
    tmp_path: Path,
) -> None:
    fact = row(who, predicate, object_, said)
    assert "EvidenceLacksYear" not in _found(said, fact, year, store, tmp_path)
