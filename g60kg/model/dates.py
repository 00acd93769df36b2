"""Dates in EDTF (ISO 8601-2), and impossible days."""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache
from typing import Final

_DAY: Final = re.compile(r"(-?[0-9]{4,9})-([0-9]{2})-([0-9]{2})")


def has_impossible_day(text: str) -> bool:
    """Return whether a date has an impossible day.

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


@lru_cache(maxsize=1024)
def edtf_years(date: str) -> tuple[int | None, int | None] | None:
    """Return the first and last year of an EDTF date, None for an open end; None if it is invalid.

    >>> edtf_years("2021/2025"), edtf_years("2016/.."), edtf_years("June 2023")
    ((2021, 2025), (2016, None), None)
    """
    # Imported here: only drafting a dated fact needs the grammar.
    from edtf import EDTFObject, parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    if has_impossible_day(date):
        return None
    try:
        parsed = parse_edtf(date)
    except EDTFParseException:
        return None
    assert isinstance(parsed, EDTFObject)
    first, last = (_year(end) for end in (parsed.lower_strict(), parsed.upper_strict()))
    if first is not None and last is not None and first > last:
        return None
    return first, last


def _year(moment: object) -> int | None:
    return int(moment[0]) if isinstance(moment, tuple) else None
