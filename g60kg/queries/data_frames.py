"""Data frames of rows: columns of only numbers or only booleans have such a type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal

from g60kg.errors import MissingExtra
from g60kg.namespaces import PREFIXES
from g60kg.row_formats.evidence_rows import NUMERIC, WHOLE, python_value
from g60kg.stores.base import Term

if TYPE_CHECKING:
    import pandas

_BOOLEAN: Final = frozenset((PREFIXES["xsd"] + "boolean",))
#: The types of columns of figures and of evidence.
FIGURES: Final = {"value": "float64", "upper": "float64", "periodStated": "boolean"}
OFFSETS: Final = dict.fromkeys(("start", "end", "evidenceStart", "evidenceEnd"), "Int64")


def data_frame(
    columns: Sequence[str], rows: Sequence[Sequence[Term | None]], types: Mapping[str, str]
) -> pandas.DataFrame:
    """Return rows as a pandas DataFrame; raise MissingExtra without pandas.

    A column whose cells all are whole numbers or years is ``Int64``, or ``object`` if one exceeds
    64 bits. A column of other numbers is ``float64``, a column of booleans ``boolean``. A
    column without values has its type in ``types``, else ``object``. Any other column has
    the Python value of each cell: text, or a number or boolean beside text.
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtra("pandas", "pandas") from None
    series = {}
    for index, name in enumerate(columns):
        cells = [row[index] for row in rows]
        values: list[Any] = [python_value(cell) for cell in cells]
        dtype = _dtype(cells, values, types.get(name, "object"))
        if dtype == "Int64":
            values = [None if value is None else int(value) for value in values]
        elif dtype == "float64":
            values = [float("nan") if value is None else float(value) for value in values]
        series[name] = pandas.Series(values, dtype=dtype)
    return pandas.DataFrame(series, columns=list(columns), index=range(len(rows)))


def _dtype(cells: Sequence[Term | None], values: Sequence[Any], empty: str) -> str | None:
    """Return the pandas type of a column: ``empty`` if no cell has a value, None for texts."""
    found = {
        cell.datatype.value if isinstance(cell, Literal) else ""
        for cell in cells
        if cell is not None
    }
    if not found:
        return empty
    if found <= _BOOLEAN:
        return "boolean"
    # A number that is too large for a number in JSON is text.
    if not found <= NUMERIC or any(
        isinstance(value, str) and value not in ("NaN", "INF", "-INF") for value in values
    ):
        return None
    if found <= WHOLE and all(value is None or -(2**63) <= int(value) < 2**63 for value in values):
        return "Int64"
    return "object" if found <= WHOLE else "float64"
