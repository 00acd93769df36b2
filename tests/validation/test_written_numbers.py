"""Numbers and years in digits and in words, in both languages, with their comparators."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from g60kg.validation.checks.support.cues import comparator_cue
from g60kg.validation.checks.support.written_numbers import (
    normalised,
    written_numbers,
    written_years,
)

#: The numbers of each text, all of them, as fractions.
NUMBERS = {
    # Digits with scales
    "76,200 square kilometers": "76200",
    "a population of about 57.92 million": "57920000",
    "over 100 billion yuan (US$13.8 billion)": "100000000000 13800000000",
    "a 40-kilometer section": "40",
    "a 15-billion-yuan center": "15000000000",
    "1.5 trillion": "1500000000000",
    "RMB10 billion, ¥3bn and 3.3k staff": "10000000000 3000000000 3300",
    "163.8 m": "819/5 163800000",  # metres or millions
    f"{'9' * 5_000} people and 1/{'9' * 5_000} of 5 cities": "5",
    "5792万": "57920000",
    "5.46万亿元": "5460000000000",
    "7.62万平方公里": "76200",
    "1.2千亿元，1.8亿": "120000000000 180000000",
    "1亿2000万元": "120000000",
    "５０家": "50",
    "3000多家": "3000",
    "30多万人": "300000",
    # Percent and shares
    "up 10.9 percent, not 163.4%": "109/10 817/5",
    "3.2％": "16/5",
    "百分之九十五": "95",
    "1/24 of the country": "1/24",
    "one eighth, or one-eighth": "1/8 1/8",
    "two thirds of them": "2/3",
    "half of the firms": "1/2",
    "a third of the firms, a fifth of them": "1/3 3 1/5 5",
    "a fifteenth, or almost 7 percent": "1/15 15 7",
    "a sixteenth and a twelfth respectively": "1/16 16 1/12 12",
    "the tenth, or last, of ten": "10 10",
    "the output grew fourfold": "4",
    "a pair of satellites": "2",
    "每8家高新技术企业就有1家": "1/8 8 1",
    "近百家，上千家，数百家": "100 1000",
    "one in eight": "1 1/8 8",
    "八分之一": "1/8",
    "24分之1": "1/24",
    "三分之二，四成，一半": "2/3 2/5 1/2",
    # Times
    "two and a half hours": "5/2 1",
    "in an hour and a half": "3/2 1/2",
    "3 and a half years": "3 7/2 1/2",
    "两个半小时，2个半小时": "2 5/2 2 5/2",
    "半小时可达，约半个小时": "1/2 1/2",
    "2 hours and 20 minutes, 1小时20分钟": "2 140 20 1 80 20",
    "2 hours and 20 firms": "2 20",
    # Ranges
    "1,000 to 1,200 enterprises": "1000 1200",
    "45 to 50 billion yuan": "45000000000 50000000000",
    "between 45 and 50 billion": "45000000000 50000000000",
    "5-6万平方米": "50000 60000",
    "5万至6万平方米": "50000 60000",
    "800,000 to 1.2 million": "800000 1200000",
    "between 800,000 and 1 million": "800000 1000000",
    "5000到1万": "5000 10000",
    "from 8 to 3 million": "8000000 3000000",
    "between minus 5 and minus 3 million": "5000000 3000000",
    "between US$3 and US$5 million": "3000000 5000000",
    "两三百，七八十，十七八万，三四千家": "200 300 70 80 170000 180000 3000 4000",
    # EvidenceText
    "the nine cities": "9",
    "a billion yuan, half a million people": "1000000000 1/2 500000",
    "two and a half billion; over a hundred firms": "1 2500000000 100",
    "one-24th, a 15th, 21st": "1/24 1 24 15 1/15 21",
    "forty-four thousand two hundred firms": "44200",
    "one hundred and twenty-three": "123",
    "six hundred thousand": "600000",
    "one municipality and three provinces": "1 3",
    "a dozen firms, half a dozen": "12 1/2 6",
    "1½ hours, 2 1/4 million": "1 1/2 3/2 2 1/4 2250000",
    "九城": "9",
    "三省一市": "3 1",
    "二十一家": "21",
    "两颗卫星": "2",
    "百亿元": "10000000000",
    "突破万亿元，逾万家，数万家，万科": "1000000000000 10000",
    "1.2亿千瓦时，12千克，500兆瓦，3千家": "120000000 12 500 3000",
    "G60九城市，两成": "9 1/5",
    "一亿两千万元": "120000000",
    "三万五千": "35000",
    "三点五亿，二点三": "350000000 23/10",
    "12673.8億元，超74萬輛，兩千戶": "1267380000000 740000 2000",
    # Multiples
    "doubled, tripled, quadrupled": "2 3 4",
    "doubled in 2020, two out of 2020, one in 1,500": "2 2020 2 2020 1/1010 1 1500 1/1500",
    "翻番，翻一番，翻两番": "2 1 2 2 4",
    # Ordinals
    "the third exposition, the 21st meeting": "3 21",
    "ranks second, No. 2": "2 2",
    "the thirty-fourth": "34",
    "第一，第二届，首届": "1 2 1",
    # Time: a quarter of a year and three quarters
    "in the first three quarters of 2021": "3 3/4 1 2021",
    # Unusual texts
    "zero and a half hours": "0 1/2",
    "f\u0131ve and a half m\u0130llion": "5/2 5500000",
    "half a m\u0131llion, a s\u0131xteenth of it": "1/2 500000 1/16 16",
    "百分之95。三分之…，百分之.5": "95 3 100",
    "1.2.3分之4": "6/5 40/23",
    "百分之٥": "100 5",
    # None
    "hundreds of firms in the G60 corridor, million-dollar": "",
    "长三角一体化，统一，唯一，之一，万科，百度，数千家": "",
}  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), NUMBERS.items())
def test_numbers_of_a_text(text: str, numbers: str) -> None:
    found = [number.value for number in written_numbers(normalised(text))]
    assert sorted(found) == sorted(map(Fraction, numbers.split()))


def test_thousands_of_digits_are_no_number() -> None:
    assert [number.value for number in written_numbers("9" * 5000 + " firms, 12 cities")] == [12]


@pytest.mark.parametrize(
    ("text", "number", "equal"),
    [
        ("1/24", "0.0416666666667", True),
        ("1/24", "0.0417", False),
        ("1/120", "0.008333333333", True),
        ("one eighth", "12.5", True),
        ("down 3.2 percent", "-3.2", True),
        ("57.92", "5792", False),
        ("5792万", "5792", False),
    ],
)
def test_a_figure_equals_a_written_number(text: str, number: str, equal: bool) -> None:
    found = written_numbers(normalised(text))
    assert any(one.equals(Decimal(number)) for one in found) is equal


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("In 2017, and 2,018 firms", {2017}),
        ("苏州市独角兽企业数量增加，2023年达到42家", {2023}),
        ("the Plan (2021-2025), 2021–25, 2009-10", {2021, 2025, 2009, 2010}),
        ("on 2021-03-11 and 2021-03", {2021}),
        ("2018年，二〇二一年，2000家，2000万元", {2018, 2021}),
        ("12018 and 2018.5", set()),
    ],
)
def test_years_of_a_text(text: str, years: set[int]) -> None:
    assert written_years(normalised(text)) == years


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("nearly 3,000 companies", 3000, "nearly"),
        ("about 57.92 million", 57920000, "about"),
        ("more than 840", 840, "more than"),
        ("worth over 100 billion yuan", 10**11, "more than"),
        ("exceeding a total of US$13 billion", 13 * 10**9, "more than"),
        ("no less than 20", 20, "at least"),
        ("not more than 20", 20, "at most"),
        ("up to 20", 20, "at most"),
        ("20 firms or more", 20, "at least"),
        ("fewer than 20", 20, "less than"),
        ("in excess of 20", 20, "more than"),
        ("上万人", 10000, "more than"),
        ("exactly 20", 20, None),
        ("近3000家", 3000, "nearly"),
        ("近百家", 100, "nearly"),
        ("上千家", 1000, "more than"),
        ("约5792万", 57920000, "about"),
        ("3000余家", 3000, "more than"),
        ("30多万人", 300000, "more than"),
        ("超过人民币100亿元", 10**10, "more than"),
        ("不低于20家", 20, "at least"),
        ("不超过20家", 20, "at most"),
        ("20家以上", 20, "at least"),
        ("20家左右", 20, "about"),
        ("附近20家", 20, None),
        ("最近20家", 20, None),
        ("to cover 20", 20, None),
        ("awesome 20", 20, None),
        ("20 trees and more houses", 20, None),
        ("20 trees and more.", 20, "at least"),
        ("exceeding the 20 percent target", 20, None),
        ("超过20的目标", 20, None),
    ],
)
def test_comparators_at_a_number(text: str, number: int, kind: str | None) -> None:
    (match,) = [one for one in written_numbers(text) if one.value == number]
    found = comparator_cue(text, match)
    assert (found and found[0]) == kind
