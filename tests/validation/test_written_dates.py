"""The check of support: months and days, and years of other events, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.support.written_dates import missing_date
from g60kg.validation.checks.support.written_numbers import normalised
from tests.validation.test_support import row, warnings


@pytest.mark.parametrize(
    ("text", "date", "missing"),
    [
        ("on Nov. 3, 2022", "2022-11-03", None),
        ("on 3rd November", "2022-11-03", None),
        ("from November 3 to 5", "2022-11-03/2022-11-05", None),
        ("from November 3-5", "2022-11-03/2022-11-06", "2022-11-06"),
        ("on November 3", "2022-11-13", "2022-11-13"),
        ("on November 3 and in May", "2022-05-03", "2022-05-03"),
        ("in April 2021 and May 2022", "2022-04", "2022-04"),
        ("It may open in April.", "2022-05", "2022-05"),
        ("2022-11-03", "2022-11-03", None),
        ("建于2022.11.03", "2022-11-03", None),
        ("on 11/3", "2022-11-03", None),
        ("at the end of 2022", "2022-12-31", None),
        ("by the end of September", "2022-09-30", None),
        ("by late September", "2022-09-30", "2022-09-30"),
        ("in the fourth quarter", "2022-10/2022-12", None),
        ("in Q2", "2022-01/2022-03", "2022-03"),
        ("in the first eight months", "2022-01/2022-08", None),
        ("in the first three quarters", "2022-01/2022-09", None),
        ("in the first half", "2022-01/2022-07", "2022-07"),
        ("up to August", "2022-01/2022-08", None),
        ("in autumn", "2022-23", None),
        ("in autumn", "2022-21", "2022-21"),
        ("2022年11月3日", "2022-11-03", None),
        ("11月3日至5日", "2022-11-03/2022-11-05", None),
        ("二〇二二年十一月二十三日", "2022-11-23", None),
        ("11月13日", "2022-11-03", "2022-11-03"),
        ("2021年4月签约，2022年5月开工", "2022-04", "2022-04"),
        ("2022年1—8月", "2022-01/2022-08", None),
        ("前8个月", "2022-01/2022-08", None),
        ("前三季度", "2022-01/2022-09", None),
        ("前三季度", "2022-07/2022-09", "2022-07"),
        ("三季度", "2022-07/2022-09", None),
        ("2022年末", "2022-12-31", None),
        ("截至9月底", "2022-09-30", None),
        ("2022年", "2022-09", "2022-09"),
        ("on May 5", "2022-30-05", "2022-30-05"),
        ("in spring", "2022-21-05", "2022-21-05"),
        ("13月5日", "2022-13-05", None),
    ],
)
def test_months_and_days_of_a_text(text: str, date: str, missing: str | None) -> None:
    assert missing_date(date, normalised(text)) == missing


@pytest.mark.parametrize(
    ("said", "predicate", "object_", "more", "codes"),
    [
        ("Set up in 2012, Blue Rock released its plan in 2016.", "foundedOn", "2012", {}, []),
        ("Set up in 2012, Blue Rock released its plan in 2016.", "foundedOn", "2016", {},
         ["EvidenceLacksYear"]),
        ("Blue Rock was set up in 2012 and began to export in 2016.", "foundedOn", "2016", {},
         ["EvidenceLacksYear"]),
        ("Blue Rock came to Wuhu in 2012, before it came to Hefei in 2016.", "locatedIn", "Wuhu",
         {"time": "2016/.."}, ["EvidenceLacksYear"]),
        ("Blue Rock came to Wuhu in 2012, before it came to Hefei in 2016.", "locatedIn", "Wuhu",
         {"time": "2012/.."}, []),
        ("蓝石2012年组建，2016年开始出口。", "foundedOn", "2012", {}, []),
        ("蓝石2012年组建，2016年开始出口。", "foundedOn", "2016", {}, ["EvidenceLacksYear"]),
        ("Blue Rock had 31 workers in 2012, compared with 27 in 2011.",
         "number of employees", "31", {"time": "2011"}, ["EvidenceLacksYear"]),
        ("Blue Rock had 31 workers in 2012, compared with 27 in 2011.",
         "number of employees", "27", {"time": "2011"}, []),
        ("In 2012 Blue Rock had 31 workers, 4 up from 2011.",
         "number of employees", "31", {"time": "2012"}, []),
        ("The staff of Blue Rock grew from 27 in 2011 to 31 in 2012.",
         "number of employees", "27", {"time": "2011"}, []),
        ("The staff of Blue Rock grew from 27 in 2011 to 31 in 2012.",
         "number of employees", "27", {"time": "2012"}, ["EvidenceLacksYear"]),
        ("Blue Rock employed 27 and 31 people in 2011 and 2012, respectively.",
         "number of employees", "31", {"time": "2012"}, []),
        ("截至2012年底，2009年成立的蓝石有职工31人。", "number of employees", "31",
         {"time": "2012"}, []),
        ("蓝石2012年有职工31人，比2011年多4人。", "number of employees", "31",
         {"time": "2011"}, ["EvidenceLacksYear"]),
        ("Blue Rock was set up in March 2012.", "foundedOn", "2012-03", {}, []),
        ("Blue Rock was set up in March 2012.", "foundedOn", "2012-04", {}, ["EvidenceLacksDate"]),
        ("Blue Rock was set up in 2012.", "foundedOn", "2012-03", {}, ["EvidenceLacksDate"]),
        ("《蓝石条例》2012年起施行，2009年的《蓝石办法》同时废止。", "stage", "discontinued",
         {"time": "2012/.."}, []),
        ("蓝石于2012年3月8日组建。", "foundedOn", "2012-03-08", {}, []),
        ("蓝石于2012年3月8日组建。", "foundedOn", "2012-03-18", {}, ["EvidenceLacksDate"]),
        ("Blue Rock was set up in 2012.", "foundedOn", "2012-03",
         {"modality": "Derived", "note": "The article is of March."}, []),
    ],
)  # fmt: skip
def test_a_date_is_that_of_its_own_event(
    said: str,
    predicate: str,
    object_: str,
    more: dict[str, str],
    codes: list[str],
    store: LocalStore,
    tmp_path: Path,
) -> None:
    fact = row("id:blue-rock", predicate, object_, said, **more)
    language = "en" if said.isascii() else "zh"
    assert [one.code for one in warnings(store, tmp_path, said, language, fact)] == codes


@pytest.mark.parametrize(
    ("said", "measure", "is_part"),
    [
        ("In the first half of 2023 the GDP of Songjiang was 300 billion yuan.", "gdp", True),
        ("In the third quarter of 2023 the GDP of Songjiang was 300 billion yuan.", "gdp", True),
        ("In the first nine months of 2023 Songjiang had a GDP of 300 billion yuan.", "gdp", True),
        ("2023年上半年，松江GDP为3000亿元。", "gdp", True),
        ("2023年1-9月，松江GDP为3000亿元。", "gdp", True),
        ("2023年前三季度，松江GDP为3000亿元。", "gdp", True),
        ("In 2023 the GDP of Songjiang was 300 billion yuan.", "gdp", False),
        ("The GDP of Songjiang was 300 billion yuan in 2023, after 140 billion yuan in the first "
         "half.", "gdp", False),
        ("After 9 in the first half, the GDP of Songjiang was 300 billion yuan in the full year of "
         "2023.", "gdp", False),
        ("In the first half of 2023 Songjiang had deposits of 300 billion yuan.",
         "deposit-balance", False),
        ("2023年，松江GDP为3000亿元，上半年为1400亿元。", "gdp", False),
        ("2023年全年松江GDP为3000亿元。", "gdp", False),
        *((said, "gdp", True) for said in (
            "2023年第三季度松江GDP为3000亿元。", "2023年度第一季度，松江GDP为3000亿元。",
            "2023年1月至5月，松江GDP为3000亿元。", "2023年的上半年，松江GDP为3000亿元。",
            "From January to May 2023, the GDP of Songjiang was 300 billion yuan.",
            "The GDP of Songjiang was 300 billion yuan in January-May 2023.",
            "The GDP of Songjiang was 300 billion yuan in the three months to June 2023.",
            "From March through August 2023, the GDP of Songjiang was 300 billion yuan.",
            "Between January and May 2023, the GDP of Songjiang was 300 billion yuan.",
            "The GDP of Songjiang in the April-June quarter of 2023 was 300 billion yuan.",
            "The GDP of Songjiang was 300 billion yuan in Jan.-Aug. 2023.",
            "The GDP of Songjiang was 300 billion yuan from January 2023 to May 2023.",
            "In June 2023, the GDP of Songjiang was 300 billion yuan.",
            "In Sept. 2023 the GDP of Songjiang was 300 billion yuan.",
            "2023年7月至9月，松江GDP为3000亿元。", "2023年4—6月，松江GDP为3000亿元。",
            "松江GDP在2023年4月至10月为3000亿元。", "2023年1月—2023年5月，松江GDP为3000亿元。",
            "2023年头两个月，松江GDP为3000亿元。", "2023年前两个月，松江GDP为3000亿元。",
            "2023年三月至五月，松江GDP为3000亿元。", "2023年3月，松江GDP为3000亿元。",
            "2023年3月份松江GDP为3000亿元。",
        )),
        *((said, "gdp", False) for said in (
            "From January to December 2023, the GDP of Songjiang was 300 billion yuan.",
            "From January 2023 to December 2023, the GDP of Songjiang was 300 billion yuan.",
            "The GDP of Songjiang was 300 billion yuan in Jan.-Dec. 2023.",
            "Between January and December 2023, the GDP of Songjiang was 300 billion yuan.",
            "2023年1月至12月，松江GDP为3000亿元。", "2023年一月至十二月，松江GDP为3000亿元。",
            "2023年1月—2023年12月，松江GDP为3000亿元。", "2023年12月底，松江全年GDP达3000亿元。",
            "Data released in March 2023 show a GDP of Songjiang of 300 billion yuan.",
            "In March 2023, Songjiang reported a GDP of 300 billion yuan.",
            "In 2023, after a weak March to May, the GDP of Songjiang was 300 billion yuan.",
            "Despite rain from March to May 2023, the GDP of Songjiang was 300 billion yuan in "
            "2023.",
            "Songjiang, whose port opened in May 2023, had a GDP of 300 billion yuan that year.",
            "Songjiang, which held fairs from March to May 2023, had a GDP of 300 billion yuan "
            "that year.",
            "2023年3月发布的公报显示，松江GDP为3000亿元。",
            "2023年3月，公报显示松江GDP为3000亿元。",
            "2023年松江GDP为3000亿元，3月至5月回升。",
        )),
    ],
)  # fmt: skip
def test_a_part_of_a_year_is_not_the_year(
    said: str, measure: str, is_part: bool, store: LocalStore, tmp_path: Path
) -> None:
    number = "300 billion" if said.isascii() else "300000000000"
    fact = row("Songjiang", f"measure:{measure}", number, said, time="2023", unit="CCY_CNY")
    language = "en" if said.isascii() else "zh"
    found = [one.code for one in warnings(store, tmp_path, said, language, fact)]
    assert found == ["EvidenceLacksDate"] * is_part


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("2023年上半年，松江GDP为1204亿元。", "1204亿"),
        ("2023年上半年，松江GDP为2023亿元。", "2023亿"),
        ("In the first half of 2023 Songjiang had a GDP of 1980 million yuan.", "1980 million"),
    ],
)
def test_a_number_that_looks_like_a_year_is_no_year(
    said: str, number: str, store: LocalStore, tmp_path: Path
) -> None:
    fact = row("Songjiang", "measure:gdp", number, said, time="2023", unit="CCY_CNY")
    language = "en" if said.isascii() else "zh"
    found = [one.code for one in warnings(store, tmp_path, said, language, fact)]
    assert found == ["EvidenceLacksDate"]


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("Sample Act took effect on 1 March 2024, and Sample Law of 2019 was repealed at the same "
         "time.", "2024-03-01/.."),
        ("Sample Law was shut in 2019.", "2019/.."),
    ],
)  # fmt: skip
def test_the_year_of_a_document_is_in_its_name(
    said: str, time: str, store: LocalStore, tmp_path: Path
) -> None:
    rows = [row("Sample Law", "a", "PolicyDocument", said)]
    rows.append(row("Sample Law", "stage", "discontinued", said, time=time))
    assert warnings(store, tmp_path, said, "en", *rows) == []
