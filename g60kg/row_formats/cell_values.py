"""Python values of cells, and the datatypes of numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from g60kg.namespaces import PREFIXES
from g60kg.row_formats.evidence_rows import Term

_XSD: Final = PREFIXES["xsd"]
#: The datatypes of whole numbers and years, and of all numbers.
WHOLE: Final = frozenset(_XSD + name for name in ("integer", "int", "long", "gYear"))
NUMERIC: Final = WHOLE | {_XSD + name for name in ("decimal", "double", "float")}
#: The maximum digits of a number before the point; larger ones are returned as text.
_MOST_DIGITS: Final = 300


def plain(cell: Term | None) -> str | int | Decimal | bool | None:
    """Return the Python value of a term: finite numbers as int or Decimal, all else as text.

    >>> from pyoxigraph import Literal
    >>> plain(Literal("57920000", datatype=NamedNode(_XSD + "decimal")))
    Decimal('57920000')
    """
    if cell is None or isinstance(cell, (NamedNode, BlankNode)):
        return None if cell is None else cell.value
    datatype = cell.datatype.value
    if datatype == _XSD + "boolean":
        return cell.value in ("true", "1")
    if datatype in NUMERIC:
        try:
            number = Decimal(cell.value)
        except InvalidOperation:
            return cell.value
        # JSON cannot represent NaN and infinity, and NaN has no order.
        if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
            return cell.value
        return int(number) if datatype == _XSD + "integer" else number
    return cell.value
