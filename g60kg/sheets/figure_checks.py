"""Checks of the figure of a row: what its statistic refers to, its bounds and its number.

The shapes of observations make the same checks; here the messages name the columns of the sheet.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.dates import edtf_days
from g60kg.model.ontology_lookup import Measure
from g60kg.namespaces import g60, term
from g60kg.sheets.cell_literals import FigureCell
from g60kg.sheets.sheet_file import RowError, SheetRow

#: The statistics that refer to an area.
_OF_AREA: Final = tuple(map(g60, ("Share", "Rank", "Change")))
#: The statistics whose figures are not below zero, unless the measure allows it.
_AMOUNTS: Final = tuple(map(g60, ("Level", "Share", "Rank", "Ratio")))
_COUNTS: Final = tuple(map(g60, ("Level", "Rank")))
_NUM, _FRACTION = term("unit:NUM"), term("unit:FRACTION")
_CHECK: Final = "Compare it with the quotation."
_EMPTY: Final = "Empty the cell, or correct the predicate."


def check_reference(measure: Measure, base: Measure | None, *, is_ranking: bool) -> None:
    """Raise RowError for the area or the ranking of a figure whose statistic has none.

    Args:
        base: the measure that ``measure`` is computed from: a change of a rank is in a ranking.
    """
    if measure.statistic is None:
        return
    if is_ranking:
        if g60("Rank") in (measure.statistic, base and base.statistic):
            return
        message = f"Only a rank, or a change of one, is in a ranking; {measure.name} is neither."
        raise RowError("reference", message, _EMPTY)
    if measure.statistic in _OF_AREA:
        return
    message = f"Only a share, a rank or a change refers to an area; {measure.name} is none of them."
    raise RowError("reference", message, "Empty the cell; what limits a count is its category.")


def check_order(period: str | None, compared_with: str | None) -> None:
    """Raise RowError for a figure that is compared with a period after its own."""
    own, other = edtf_days(period or ""), edtf_days(compared_with or "")
    if own is not None and other is not None and other[0] > own[1]:
        message = f"The figure of {period} is compared with a later period, {compared_with}."
        raise RowError("reference", message, "Exchange the columns reference and time.")


def check_range(row: SheetRow, figure: FigureCell, comparator: NamedNode) -> None:
    """Raise RowError for a range with one number, or for two numbers that are no range."""
    is_range = comparator == g60("Between")
    if is_range and figure.upper is None:
        message = "A range needs its upper number."
        raise RowError("upper", message, "Fill it in, or correct the comparator.")
    if figure.upper is not None and row["comparator"] and not is_range:
        message = f'Two numbers are a range, which is not "{row["comparator"]}".'
        raise RowError("comparator", message, "Empty the cell, or keep one number.")


def check_number(row: SheetRow, figure: FigureCell, measure: Measure, unit: NamedNode) -> None:
    """Raise RowError for a number that the statistic of a measure cannot have."""
    numbers = [one for one in (figure.number, figure.upper) if one is not None]
    statistic, written = measure.statistic, row["object"]
    if unit == _NUM and statistic in _COUNTS:
        if any(one < 0 or one != one.to_integral_value() for one in numbers):
            message = f'{measure.name} is a whole number that is not below zero, not "{written}".'
            raise RowError("object", message, "Write it out: 57.92 million is 57920000.")
    elif statistic in _AMOUNTS and not measure.may_be_negative and figure.number < 0:
        raise RowError("object", f'{measure.name} is not below zero, as "{written}" is.', _CHECK)
    if statistic == g60("Rank") and figure.number == 0:
        raise RowError("object", "A rank begins with 1.", _CHECK)
    is_part = statistic == g60("Share") or measure.part_of_whole
    if is_part and max(numbers) > (1 if unit == _FRACTION else 100):
        message = f'{measure.name} is at most 100 percent, or 1 as a fraction, not "{written}".'
        raise RowError("object", message, "95 percent is 95 with the unit PERCENT.")
