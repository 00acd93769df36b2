"""Python values of cells, and the datatypes of numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from g60kg.model.observations import decimal_of
from g60kg.namespaces import PREFIXES
from g60kg.row_formats.evidence_rows import Term

_XSD: Final = PREFIXES["xsd"]
#: The datatypes of whole numbers and years, and of all numbers.
WHOLE: Final = frozenset(_XSD + name for name in ("integer", "int", "long", "gYear"))
NUMERIC: Final = WHOLE | {_XSD + name for name in ("decimal", "double", "float")}


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
        number = decimal_of(cell)
        if number is None:
            return cell.value
        return int(number) if datatype == _XSD + "integer" else number
    return cell.value
