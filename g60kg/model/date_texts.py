"""Dates in EDTF as texts in English and Chinese."""

from __future__ import annotations

import re
from typing import Final

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DECADE: Final = re.compile(r"(\d{2})(\d)X")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def date_text(text: str, language: str) -> str:
    """Return an EDTF date or interval as text; return any other text unchanged.

    >>> date_text("2016/..", "en"), date_text("2021/2025", "zh"), date_text("2023-07-11", "en")
    ('since 2016', '2021年至2025年', '11 July 2023')
    >>> date_text("199X", "en"), date_text("199X", "zh")
    ('1990s', '20世纪90年代')
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
    if decade := _DECADE.fullmatch(text):
        century, tens = decade.groups()
        return f"{text[:3]}0s" if language == "en" else f"{int(century) + 1}世纪{tens}0年代"
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
