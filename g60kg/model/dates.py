"""Dates in EDTF (ISO 8601-2): days, impossible days, periods, texts in English and Chinese."""

import datetime as dt
import math
import re
import unicodedata
from calendar import monthrange
from contextlib import redirect_stdout
from functools import lru_cache
from io import StringIO
from typing import Final

from g60kg.rdf.parser_thread import in_own_thread

#: The longest date, and what the library cannot read: it counts to a year with an exponent, and
#: fails at a month or a day of which one digit is unknown.
_LONGEST: Final = 64
_UNREAD: Final = re.compile(r"Y-?[0-9]+E|[0-9]{10}|-[0-9]X|-X[0-9]", re.IGNORECASE)
_DAY: Final = re.compile(r"(-?[0-9]{4,9})-([0-9]{2})-([0-9]{2})")


def has_impossible_day(text: str) -> bool:
    """Return whether a text in EDTF has a day that does not exist.

    >>> has_impossible_day("2023-02-30"), has_impossible_day("2021-01-01/2023-02-29")
    (True, True)
    >>> has_impossible_day("2024-02-29"), has_impossible_day("2023-06")
    (False, False)
    """
    days = (tuple(map(int, match.groups())) for match in _DAY.finditer(text))
    return any(
        not (1 <= month <= 12 and 1 <= day <= monthrange(2000 + year % 400, month)[1])
        for year, month, day in days
    )


def quarter_or_half(text: str) -> str | None:
    """Return the EDTF interval of a quarter or a half-year; None for any other text.

    The seasons 33 to 36, 40 and 41 of EDTF level 2 are quarters and half-years.

    >>> [quarter_or_half(text) for text in ("2021-Q3", "2021-35", "2021年第三季度", "2021-H1")]
    ['2021-07/2021-09', '2021-07/2021-09', '2021-07/2021-09', '2021-01/2021-06']
    >>> quarter_or_half("first half of 2021"), quarter_or_half("2021-03")
    ('2021-01/2021-06', None)
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace(" ", "")
    for year, part in ((plain[:4], plain[4:]), (plain[-4:], plain[:-4])):
        months = _MONTHS.get(part.removeprefix("年").removesuffix("of"))
        if months is not None and re.fullmatch("[0-9]{4}", year):
            return f"{year}-{months[0]:02}/{year}-{months[1]:02}"
    return None


#: The first and the last month of parts of a year, as EDTF and people write them.
_MONTHS: Final = {
    name: months
    for months, names in (
        ((1, 3), "-33 q1 -q1 1季度 第1季度 一季度 第一季度 firstquarter"),
        ((4, 6), "-34 q2 -q2 2季度 第2季度 二季度 第二季度 secondquarter"),
        ((7, 9), "-35 q3 -q3 3季度 第3季度 三季度 第三季度 thirdquarter"),
        ((10, 12), "-36 q4 -q4 4季度 第4季度 四季度 第四季度 fourthquarter"),
        ((1, 6), "-40 h1 -h1 上半年 firsthalf"),
        ((7, 12), "-41 h2 -h2 下半年 secondhalf"),
    )
    for name in names.split()
}


@lru_cache(maxsize=1024)
def edtf_days(date: str) -> tuple[float, float] | None:
    """Return the first and last day of an EDTF date as ordinals; None if it is unreadable.

    Unreadable are invalid dates, such as an interval that ends before it starts, and some
    valid ones, such as Y17E7 and 2021-1X. An open or unknown end is infinite.

    >>> edtf_days("2023-07-11"), edtf_days("2016/..")
    ((738712.0, 738712.0), (735964.0, inf))
    """
    if len(date) > _LONGEST or _UNREAD.search(date) or has_impossible_day(date):
        return None
    # The grammar takes 0.02 seconds for a date; nearly all are of these two forms.
    since, slash, until = date.partition("/")
    start, end = _parts(since, 1, 1), _parts(until if slash else since, 12, 31)
    if start and end:
        first, last = _day(start, -math.inf), _day(end, math.inf)
        return (first, last) if first <= last else None
    return in_own_thread(lambda: _days_by_grammar(date))


def _days_by_grammar(date: str) -> tuple[float, float] | None:
    # Imported here: few dates need the grammar.
    from edtf import EDTFObject, parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException
    from pyparsing import ParserElement

    # edtf switches on a cache for every grammar of the process, which makes rdflib's parser of
    # SPARQL four times slower.
    ParserElement.disable_memoization()
    try:
        with redirect_stdout(StringIO()):  # edtf prints the dates that it fails at
            parsed = parse_edtf(date)
        assert isinstance(parsed, EDTFObject)
        # edtf puts an unknown end ten years from the known one.
        first = -math.inf if date.startswith("/") else _day(parsed.lower_strict(), -math.inf)
        last = math.inf if date.endswith("/") else _day(parsed.upper_strict(), math.inf)
    except (EDTFParseException, ArithmeticError, AttributeError, TypeError, ValueError):
        return None  # edtf fails in these ways for some dates of level 2
    return (first, last) if first <= last else None


@lru_cache(maxsize=1024)
def edtf_years(date: str) -> tuple[int | None, int | None] | None:
    """Return the first and last year of an EDTF date, None for an open end; None if it is invalid.

    >>> edtf_years("2021/2025"), edtf_years("2016/.."), edtf_years("June 2023")
    ((2021, 2025), (2016, None), None)
    >>> edtf_years("/2021-03-11"), edtf_years("2023-02-26/")
    ((None, 2021), (2023, None))
    """
    days = edtf_days(date)
    if days is None:
        return None
    first, last = (None if math.isinf(day) else _year_of(int(day)) for day in days)
    return first, last


def days_meet(one: str, other: str) -> bool:
    """Return whether two EDTF dates have a day in common; true if one is invalid.

    >>> days_meet("2018", "2018-11"), days_meet("2018-06", "2018-11")
    (True, False)
    """
    first, second = edtf_days(one), edtf_days(other)
    if first is None or second is None:
        return True
    return first[0] <= second[1] and second[0] <= first[1]


def closed_days(time: str | None) -> tuple[float, float] | None:
    """Return the first and last day of an EDTF interval with both ends; None for any other time.

    >>> closed_days("2023-07-11/2023-07-12"), closed_days("2023-07-11"), closed_days("2016/..")
    ((738712.0, 738713.0), None, None)
    """
    ends = (time or "").split("/")
    if len(ends) != 2 or ends[0] in _OPEN or ends[1] in _OPEN:
        return None  # the grammar would take 0.01 seconds
    days = edtf_days("/".join(ends))
    return days if days and all(map(math.isfinite, days)) else None


_OPEN: Final = ("", "..")


def are_separate_terms(one: str | None, other: str | None) -> bool:
    """Return whether two times are separate terms: intervals with both ends and no common day.

    >>> are_separate_terms("2010/2013", "2018/2021"), are_separate_terms("2010/2013", "2018/..")
    (True, False)
    """
    first, second = closed_days(one), closed_days(other)
    return bool(first and second) and not days_meet(str(one), str(other))


def periods_agree(one: str, other: str) -> bool:
    """Return whether periods are equal, or have more than half of the longer one in common.

    A month counts as 31 days. False for different periods of which one is neither a year, month or
    day nor an interval of these.

    >>> periods_agree("2021", "2021-01/2021-09"), periods_agree("2021", "2021-01/2021-03")
    (True, False)
    >>> periods_agree("2018/..", "2019/.."), periods_agree("2018/..", "2021")
    (True, False)
    """
    if one == other:
        return True
    first, second = _even_days(one), _even_days(other)
    if first is None or second is None:
        return False
    common = min(first[1], second[1]) - max(first[0], second[0]) + 1
    return common * 2 > max(last - start + 1 for start, last in (first, second))


def periods_equal(one: str, other: str) -> bool:
    """Return whether periods are equal texts, or have the same first and last day in 31-day months.

    >>> periods_equal("2021", "2021-01/2021-12"), periods_equal("2016/2020", "2017/2020")
    (True, False)
    """
    days = _even_days(one)
    return one == other or (days is not None and days == _even_days(other))


def _even_days(period: str) -> tuple[int, int] | None:
    """Return the first and last day of a period in a calendar whose months all have 31 days.

    None for a period that is neither a year, month or day nor an interval of these.
    """
    since, slash, until = period.partition("/")
    first = 0 if slash and since in ("", "..") else _even_day(since, 1, 1)
    end = until if slash else since
    last = _FOREVER if slash and end in ("", "..") else _even_day(end, 12, 31)
    return None if first is None or last is None else (first, last)


def _even_day(date: str, month: int, day: int) -> int | None:
    parts = _parts(date, month, day)
    return parts and (parts[0] * 12 + parts[1]) * 31 + parts[2]


def _parts(date: str, month: int, day: int) -> tuple[int, int, int] | None:
    """Return year, month and day of a date that is a year, month or day; None for another text."""
    match = _PLAIN.fullmatch(date)
    return match and (int(match[1]), int(match[2] or month), int(match[3] or day))


#: A date that the query ``conflicts`` can compare, and a day after every such date.
_PLAIN: Final = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?[~?%]?")
_FOREVER: Final = 9_999_999


def _day(moment: object, otherwise: float) -> float:
    if not isinstance(moment, tuple):
        return otherwise
    year, month, day = moment[:3]
    # The proleptic calendar repeats every 400 years; `date` has no year before 1.
    cycles, within = divmod(year - 1, 400)
    first = dt.date(within + 1, month, min(day, monthrange(within + 1, month)[1]))
    return float(first.toordinal() + cycles * _CYCLE)


def _year_of(day: int) -> int:
    cycles, within = divmod(day - 1, _CYCLE)
    return dt.date.fromordinal(within + 1).year + cycles * 400


#: Days in 400 years of the Gregorian calendar.
_CYCLE: Final = 146_097


MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DECADE: Final = re.compile(r"(\d{2})(\d)X")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def date_text(text: str, language: str) -> str:
    """Return an EDTF decade, year, month, day or interval with a start as text; else unchanged.

    >>> date_text("2016/..", "en"), date_text("2021/2025", "zh"), date_text("2023-07-11", "en")
    ('since 2016', '2021年至2025年', '11 July 2023')
    >>> date_text("199X", "en"), date_text("199X", "zh")
    ('1990s', '20世纪90年代')
    >>> date_text("2024-08~", "en"), date_text("2024-08~", "zh"), date_text("2019?", "en")
    ('about August 2024', '2024年8月前后', '2019 (uncertain)')
    """
    start, slash, end = text.partition("/")
    first = _day_text(start, language)
    if first is None:
        return text
    if not slash:
        return first
    if end in ("", ".."):
        return f"since {first}" if language == "en" else f"{first}以来"
    last = _day_text(end, language)
    if last is None:
        return text
    return f"{first} to {last}" if language == "en" else f"{first}至{last}"


#: How EDTF marks what is approximate, uncertain, or both, and its texts.
QUALIFIED: Final = {
    "~": ("about {}", "{}前后"),
    "?": ("{} (uncertain)", "{}（不确定）"),
    "%": ("about {} (uncertain)", "{}前后（不确定）"),
}


def _day_text(text: str, language: str) -> str | None:
    if text[-1:] in QUALIFIED:
        day = _day_text(text[:-1], language)
        return day and QUALIFIED[text[-1]][language == "zh"].format(day)
    if decade := _DECADE.fullmatch(text):
        century, tens = decade.groups()
        return f"{text[:3]}0s" if language == "en" else f"{int(century) + 1}世纪{tens}0年代"
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    if month and not 1 <= int(month) <= len(MONTH_NAMES):
        return None
    if language == "zh":
        parts = (f"{year}年", month and f"{int(month)}月", day and f"{int(day)}日")
        return "".join(part for part in parts if part)
    named = month and MONTH_NAMES[int(month) - 1]
    return " ".join(part for part in (day and str(int(day)), named, year) if part)
