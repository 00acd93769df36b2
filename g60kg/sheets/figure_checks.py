"""Checks of the figure of a row: what its statistic refers to, its bounds and its number.

The shapes of observations make the same checks; here the messages name the columns of the sheet.
"""

from __future__ import annotations

from typing import Final

from g60kg.model.dates import edtf_days
from g60kg.model.ontology_lookup import Measure
from g60kg.namespaces import g60
from g60kg.sheets.sheet_file import RowError

#: The statistics that refer to an area.
_OF_AREA: Final = tuple(map(g60, ("Share", "Rank", "Change")))
_EMPTY: Final = "Empty the cell, or correct the predicate."


def check_reference(measure: Measure, *, is_ranking: bool) -> None:
    """Raise RowError for the area or the ranking of a figure whose statistic has none."""
    fitting = (g60("Rank"),) if is_ranking else _OF_AREA
    if measure.statistic is None or measure.statistic in fitting:
        return
    if is_ranking:
        message = f"Only a rank is in a ranking; {measure.name} is no rank."
        raise RowError("reference", message, _EMPTY)
    message = f"Only a share, a rank or a change refers to an area; {measure.name} is none of them."
    raise RowError("reference", message, "Empty the cell; what limits a count is its category.")


def check_order(period: str | None, compared_with: str | None) -> None:
    """Raise RowError for a figure that is compared with a period after its own."""
    own, other = edtf_days(period or ""), edtf_days(compared_with or "")
    if own is not None and other is not None and other[0] > own[1]:
        message = f"The figure of {period} is compared with a later period, {compared_with}."
        raise RowError("reference", message, "Exchange the columns reference and time.")
