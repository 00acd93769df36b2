"""Formats of numbers and dates in English and Chinese."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

#: The scale words of each language and their values, the largest first.
_SCALES: Final = {
    "en": ((Decimal(10) ** 9, " billion"), (Decimal(10) ** 6, " million")),
    "zh": ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
}
_DECIMALS: Final = 2
#: Numbers with more digits before the decimal point than this are not formatted.
_DIGITS: Final = 24
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def number(text: str, language: str) -> str:
    """Return a number with a scale word where that is shorter, else with grouped digits.

    >>> number("57920000", "en"), number("57920000", "zh"), number("3000", "zh")
    ('57.92 million', '5,792万', '3,000')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or value.adjusted() > _DIGITS:
        return text
    for scale, word in _SCALES[language]:
        scaled = value / scale
        if abs(scaled) >= 1 and scaled == round(scaled, _DECIMALS):
            return f"{_plain(scaled)}{word}"
    return _plain(value)


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def date(text: str, language: str) -> str:
    """Return an EDTF date or interval as text; return any other text unchanged.

    >>> date("2016/..", "en"), date("2021/2025", "zh"), date("2023-07-11", "en")
    ('since 2016', '2021年至2025年', '11 July 2023')
    """
    start, slash, end = text.partition("/")
    first = _day(start, language)
    if first is None:
        return text
    if not slash:
        return first
    if end in ("", ".."):
        return f"since {first}" if language == "en" else f"{first}以来"
    last = _day(end, language)
    if last is None:
        return text
    return f"{first} to {last}" if language == "en" else f"{first}至{last}"


def _day(text: str, language: str) -> str | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    if month and not 1 <= int(month) <= len(_MONTHS):
        return None
    if language == "zh":
        parts = (f"{year}年", month and f"{int(month)}月", day and f"{int(day)}日")
        return "".join(part for part in parts if part)
    named = month and _MONTHS[int(month) - 1]
    return " ".join(part for part in (day and str(int(day)), named, year) if part)
