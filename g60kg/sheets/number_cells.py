"""Numbers in cells of a sheet: figures with multipliers, ranges and fractions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

#: Maximum digits of a number in a cell: more than any figure has, and exact as a decimal.
_MAX_DIGITS: Final = 28


def number_in(cell: str) -> Decimal | None:
    """Return the number in a cell, of any width, with or without thousands separators.

    None for any other text, and for a number with too many digits.

    >>> number_in("57,920,000"), number_in("57 920"), number_in("５７９"), number_in("about 3")
    (Decimal('57920000'), Decimal('57920'), Decimal('579'), None)
    """
    cell = unicodedata.normalize("NFKC", cell)
    if not re.fullmatch(r"[+-]?(\d{1,3}((,\d{3})+|( \d{3})+)|\d+)(\.\d+)?", cell, re.ASCII):
        return None
    number = Decimal(re.sub("[, ]", "", cell))
    return number if len(number.as_tuple().digits) <= _MAX_DIGITS else None


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure in a cell: its number or range, and its fraction if it is written as one."""

    number: Decimal
    upper: Decimal | None = None
    fraction: str | None = None


def read_figure(cell: str) -> FigureCell | None:
    """Return the figure in a cell: digits with a multiplier, a range or a fraction.

    None for any other text.

    >>> read_figure("5.46 trillion").number, read_figure("5792万").number
    (Decimal('5460000000000.00'), Decimal('57920000'))
    >>> read_figure("1,000-1,200")
    FigureCell(number=Decimal('1000'), upper=Decimal('1200'), fraction=None)
    >>> read_figure("1/24").fraction, read_figure("about 3")
    ('1/24', None)
    """
    cell = unicodedata.normalize("NFKC", cell).strip()
    if match := _FRACTION.fullmatch(cell):
        ratio = Decimal(match[1]) / Decimal(match[2])
        return FigureCell(ratio.quantize(_FRACTION_DIGITS), fraction=f"{match[1]}/{match[2]}")
    if match := _RANGE.fullmatch(cell):
        low, high = _amount(match[1]), _amount(match[2])
        if low is None or high is None:
            return None
        scale = high[1] if low[1] == 1 else low[1]
        if low[0] * scale < high[0] * high[1]:
            return FigureCell(low[0] * scale, high[0] * high[1])
        return None
    amount = _amount(cell)
    return FigureCell(amount[0] * amount[1]) if amount else None


#: The largest number of decimals of a fraction's value.
_FRACTION_DIGITS: Final = Decimal("1e-12")
_FRACTION: Final = re.compile(r"([1-9]\d{0,5})\s*/\s*([1-9]\d{0,5})", re.ASCII)
_RANGE: Final = re.compile(r"(\d.*?)\s*(?:-|–|—|~|to|至|到)\s*(\d.*)")
_MULTIPLIERS: Final = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "千": 10**3,
    "万": 10**4,
    "亿": 10**8,
    "万亿": 10**12,
}


def _amount(cell: str) -> tuple[Decimal, int] | None:
    """Return a number and its multiplier."""
    match = re.fullmatch(r"(.*?\d)\s*([^\d\s]*)", cell)
    if not match or match[2].lower() not in {"", *_MULTIPLIERS}:
        return None
    number = number_in(match[1])
    return None if number is None else (number, _MULTIPLIERS.get(match[2].lower(), 1))


def integer_in(cell: str) -> int | None:
    """Return the non-negative integer in a cell; None for any other text."""
    number = number_in(cell)
    if number is None or number < 0 or number != number.to_integral_value():
        return None
    return int(number)
