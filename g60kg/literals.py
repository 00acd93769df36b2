"""What a sheet's cell says as a literal: text in its language, number, date."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from g60kg.minting import canonical, edtf_years
from g60kg.namespaces import term
from g60kg.sheets import RowError, SheetRow, number_in
from g60kg.terms import is_chinese
from g60kg.vocabulary import Property

_INTEGER: Final = term("xsd:integer")
_DECIMAL: Final = term("xsd:decimal")
# OWL 2 DL has no rdf:langString; its rdf:PlainLiteral is the type of texts with a language.
_TEXTS: Final = frozenset((term("rdf:langString"), term("rdf:PlainLiteral")))


def literal_of(text: str, prop: Property, tag: str | None, language: str) -> Literal:
    """The literal that a cell under ``object`` says.

    Args:
        text: the cell.
        prop: the row's property, whose range decides the datatype.
        tag: the language that the predicate names, as in ``slogan@zh``.
        language: the sheet's language.

    Raises:
        RowError: no number where one is due.
    """
    datatype = prop.datatype
    if datatype is None or datatype in _TEXTS:
        return Literal(text, language=(tag or language_of(text, language)).lower())
    if datatype not in (_INTEGER, _DECIMAL):
        return Literal(text, datatype=datatype)
    number = number_in(text)
    if number is None:
        raise RowError("object", f'{prop.name} takes a number, not "{text}".')
    if datatype == _INTEGER and number != number.to_integral_value():
        raise RowError("object", f'{prop.name} takes a whole number, not "{text}".')
    return Literal(canonical(number), datatype=datatype)


def language_of(text: str, language: str) -> str:
    """The language of a text: Chinese by its characters, else the sheet's."""
    return "zh" if is_chinese(text) else language


def time_in(row: SheetRow, column: str) -> str | None:
    """The EDTF date in a cell; None where it is blank.

    Raises:
        RowError: a date of another form.
    """
    if row[column] and edtf_years(row[column]) is None:
        raise RowError(
            column,
            f'"{row[column]}" is not a date in EDTF.',
            "Such as 2016, 2023-06, 2016/.. or 2021/2025.",
        )
    return row[column] or None
