"""Literals and figures from cells of a sheet: text with language, number, range, date."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal

from g60kg.model.dates import edtf_years, quarter_or_half
from g60kg.model.iri_minting import canonical
from g60kg.model.names import CHINESE
from g60kg.model.ontology_lookup import Property
from g60kg.namespaces import term
from g60kg.sheets.header_values import is_language
from g60kg.sheets.sheet_file import RowError, SheetRow

_INTEGER: Final = term("xsd:integer")
# OWL 2 DL has rdf:PlainLiteral instead of rdf:langString.
_TEXTS: Final = frozenset((term("rdf:langString"), term("rdf:PlainLiteral")))


def literal_of(text: str, prop: Property, tag: str | None, language: str) -> Literal:
    """Return the literal of a text in the column ``object``.

    ``tag`` is the text's language; None to detect it, in a sheet in ``language``.

    Raises:
        RowError: the text is not a date, a decimal or an integer, as the property needs. Other
            datatypes are not checked here.
    """
    if prop.date_valued and edtf_years(text) is None:
        raise RowError("object", f'"{text}" is not a date in EDTF.', date_hint(text))
    datatype = prop.datatype
    if datatype is None or datatype in _TEXTS:
        return Literal(text, language=(tag or language_of(text, language)).lower())
    if datatype not in (_INTEGER, term("xsd:decimal")):
        return Literal(text, datatype=datatype)
    number = number_in(text)
    if number is None:
        hint = "Write it in digits, such as 57920000, 57,920,000 or 3.2."
        raise RowError("object", f'{prop.name} takes a number, not "{text}".', hint)
    if datatype == _INTEGER and number != number.to_integral_value():
        raise RowError("object", f'{prop.name} takes an integer, not "{text}".')
    return Literal(canonical(number), datatype=datatype)


def figure_in(row: SheetRow, measure: str) -> FigureCell:
    """Return the figure in the columns ``object`` and ``upper``; errors name the ``measure``.

    Raises:
        RowError: a cell has no figure, or the upper number is not above the lower one.
    """
    figure = read_figure(row["object"])
    if figure is None and _range(row["object"]):
        message = f'The upper number of "{row["object"]}" is not above the lower one.'
        raise RowError("object", message, "Write the smaller number first, or correct them.")
    if figure is None:
        hint = "Write 57920000, 57.92 million, 5792万, 1,000-1,200 or 1/24."
        message = f'{measure} takes a number, not "{row["object"]}".'
        raise RowError("object", message, hint)
    if row["upper"]:
        end = read_figure(row["upper"])
        upper = None if end is None or end.upper or end.fraction else end.number
        if upper is None or upper <= figure.number or figure.upper not in (None, upper):
            message = f'"{row["upper"]}" is not a number above {row["object"]}.'
            raise RowError("upper", message, "Write the larger number of the range, or clear it.")
        return replace(figure, upper=upper)
    return figure


def language_tag(tag: str) -> str:
    """Return a language tag unchanged; raise RowError if it is invalid."""
    if not is_language(tag):
        raise RowError("predicate", f'"{tag}" is not a language tag.', "Such as en or zh-Hans.")
    return tag


def language_of(text: str, language: str) -> str:
    """Return the language of a text by its script: zh, en or the language of the sheet.

    It is Chinese if it has as many Chinese characters as Latin words, or more. Any other text of
    several words is English in a Chinese sheet.

    >>> language_of("松江 G60", "en"), language_of("The year is the article's.", "zh")
    ('zh', 'en')
    >>> language_of("Said with the word 当前.", "zh"), language_of("Rokid", "zh")
    ('en', 'zh')
    """
    chinese, latin = (len(re.findall(pattern, text)) for pattern in (CHINESE, _LATIN_WORD))
    if chinese and chinese >= latin:
        return "zh"
    in_chinese = language.lower().startswith("zh")
    return "en" if in_chinese and (chinese or latin > 1) else language


_LATIN_WORD: Final = re.compile(r"[^\W\d_㐀-䶿一-鿿豈-﫿]+")


def date_hint(written: str) -> str:
    """Return a hint that says how to write a text that is not a date in EDTF.

    >>> date_hint("2023/7/11"), date_hint("2023年7月")
    ('Write 2023-07-11.', 'Write 2023-07.')
    >>> date_hint("2023-02-30"), date_hint("2022/2021")[:30]
    ('There is no such month or day.', 'A period starts before it ends')
    >>> date_hint("2022年上半年")
    'Write 2022-01/2022-06.'
    """
    if _INTERVAL.fullmatch(written):
        return "A period starts before it ends, and its days exist: 2021/2025, 2016/.."
    if _DAY.fullmatch(written):
        return "There is no such month or day."
    if interval := quarter_or_half(written):
        return f"Write {interval}."
    parts = _YEAR_FIRST.fullmatch(unicodedata.normalize("NFKC", written).replace(" ", ""))
    proposed = "-".join(part.zfill(2) for part in parts.groups() if part) if parts else ""
    if parts and edtf_years(proposed) is not None:
        return f"Write {proposed}."
    return "Write the year first: 2016, 2023-06, 2023-06-30; a period as 2021/2025 or 2016/.."


_DAY: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?", re.ASCII)
_INTERVAL: Final = re.compile(rf"(?:\d{{4}}|{_DAY.pattern})/(?:\d{{4}}|{_DAY.pattern})", re.ASCII)
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|(\d{4})年", re.ASCII
)


def time_in(row: SheetRow, column: str) -> str | None:
    """Return the EDTF date of a cell, None for a blank cell; raise RowError for another text."""
    if row[column] and edtf_years(row[column]) is None:
        raise RowError(column, f'"{row[column]}" is not a date in EDTF.', date_hint(row[column]))
    return row[column] or None


#: Maximum digits of a number in a cell: more than any figure has, and exact as a decimal.
_MAX_DIGITS: Final = 28


def number_in(cell: str) -> Decimal | None:
    """Return the number in a cell, with or without thousands separators; also in full-width digits.

    None for any other text, and for a number of more than 28 digits.

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
    """A figure in a cell."""

    number: Decimal
    upper: Decimal | None = None
    fraction: str | None = None


def read_figure(cell: str) -> FigureCell | None:
    """Return the figure in a cell: digits, also with a multiplier, a range or a fraction.

    None for any other text, and for a range whose upper number is not above the lower one.

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
    if ends := _range(cell):
        return FigureCell(*ends) if ends[0] < ends[1] else None
    amount = _amount(cell)
    return FigureCell(amount[0] * amount[1]) if amount else None


def _range(cell: str) -> tuple[Decimal, Decimal] | None:
    """Return both numbers of a range, in the order of the text; None for other texts."""
    match = _RANGE.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    low, high = (_amount(match[1]), _amount(match[2])) if match else (None, None)
    if low is None or high is None:
        return None
    # "3-4 million" is in millions, "800,000-1 million" is not.
    scale = high[1] if low[1] == 1 and low[0] < 10 * high[0] else low[1]
    return low[0] * scale, high[0] * high[1]


#: The largest number of decimals of a fraction's value.
_FRACTION_DIGITS: Final = Decimal("1e-12")
_FRACTION: Final = re.compile(r"([1-9]\d{0,5})\s*/\s*([1-9]\d{0,5})", re.ASCII)
_RANGE: Final = re.compile(r"(\d.*?)\s*(?:-|–|—|~|to|至|到)\s*(\d.*)")
_MULTIPLIERS: Final = {
    **{"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    **{"千": 10**3, "万": 10**4, "亿": 10**8, "万亿": 10**12},
}


def _amount(cell: str) -> tuple[Decimal, int] | None:
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
