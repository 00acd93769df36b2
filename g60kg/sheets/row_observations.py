"""Observations of a sheet's rows: number, unit, comparator, period and qualifiers.

The shapes of observations check the same; the messages of this module name the columns of the
sheet.
"""

from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.dates import edtf_days
from g60kg.model.everyday_names import unit_named
from g60kg.model.iri_minting import NewObservation, canonical
from g60kg.model.names import folded
from g60kg.model.ontology_lookup import Measure, Vocabulary
from g60kg.namespaces import expand, g60, local_name, term
from g60kg.sheets.cell_literals import FigureCell, figure_in, time_in
from g60kg.sheets.name_resolution import NameResolver
from g60kg.sheets.row_problems import RowProblems
from g60kg.sheets.sheet_file import RowError, SheetRow

_NUM, _FRACTION = term("unit:NUM"), term("unit:FRACTION")
#: The statistics whose figures are not below zero, unless the measure allows it.
_AMOUNTS: Final = tuple(map(g60, ("Level", "Share", "Rank", "Ratio")))
_COUNTS: Final = tuple(map(g60, ("Level", "Rank")))
_CHECK: Final = "Compare it with the quotation."
#: The names of a count, from the words of what is counted.
_COUNTED: Final = ("{}", "number of {}", "number of new {}", "{}数", "{}数量", "新增{}数")


class RowObservations:
    """A builder of the observations of rows."""

    def __init__(self, source: str, meanings: NameResolver, problems: RowProblems) -> None:
        self.source, self.meanings, self.problems = source, meanings, problems
        self.by_line: dict[int, NewObservation] = {}

    def of(
        self, row: SheetRow, subject: NamedNode | None, measure: Measure, status: NamedNode | None
    ) -> NewObservation | None:
        """Return the observation of a row, or None; add all errors of the row to ``self.problems``.

        None if there are errors, or without a subject.
        """
        known = len(self.problems.found)
        attempt = self.problems.attempt
        figure = attempt(row, figure_in, row, measure.name)
        comparator = attempt(row, self.meanings.comparator, row)
        is_fraction = figure is not None and figure.fraction is not None
        unit = attempt(row, _unit, row, measure, self.meanings.vocabulary, is_fraction)
        if figure is not None and comparator is not None:
            attempt(row, _check_range, row, figure, comparator)
        if figure is not None and unit is not None:
            attempt(row, _check_number, row, figure, measure, unit)
        period = attempt(row, time_in, row, "time")
        categories = attempt(row, self.meanings.categories, row) or ()
        reference = attempt(row, self.meanings.reference, row, measure)
        equivalent = attempt(row, self._equivalent, row, subject, measure)
        attempt(row, _check_order, period, (reference or (None,))[-1])
        if (
            len(self.problems.found) > known
            or subject is None
            or figure is None
            or comparator is None
            or unit is None
            or reference is None
        ):
            return None
        area, ranking, compared_with = reference
        between = figure.upper is not None and not row["comparator"]
        return NewObservation(
            subject=subject,
            measure=measure.iri,
            value=canonical(figure.number),
            comparator=g60("Between") if between else comparator,
            unit=unit,
            categories=categories,
            upper=None if figure.upper is None else canonical(figure.upper),
            fraction=figure.fraction,
            period=period,
            area=area,
            ranking=ranking,
            compared_with=compared_with,
            basis=row["basis"] or None,
            equivalent_of=equivalent,
            status=status,
            source=self.source if period is None and not measure.timeless else None,
        )

    def check(self, row: SheetRow) -> None:
        """Add the errors of a row with a figure and an unknown predicate.

        They are those that do not depend on a measure: of number, range, comparator and categories.
        """
        attempt = self.problems.attempt
        figure = attempt(row, figure_in, row, row["predicate"]) if row["object"] else None
        comparator = attempt(row, self.meanings.comparator, row)
        if figure is not None and comparator is not None:
            attempt(row, _check_range, row, figure, comparator)
        attempt(row, self.meanings.categories, row)

    def _equivalent(
        self, row: SheetRow, subject: NamedNode | None, measure: Measure
    ) -> NamedNode | None:
        """Return the figure of the earlier row with the line in ``equivalent_of``; None if blank.

        Raise RowError if it is missing, or of another subject or measure.
        """
        line = row["equivalent_of"]
        if not line:
            return None
        found = self.by_line.get(int(line)) if line.isdecimal() and len(line) < 10 else None
        if found is None:
            message = f'"{line}" is not the line of an earlier row with a figure.'
            raise RowError("equivalent_of", message)
        if subject and (found.subject, found.measure) != (subject, measure.iri):
            message = f"Line {line} has a figure of another subject or measure."
            raise RowError("equivalent_of", message)
        return found.iri


def _unit(row: SheetRow, measure: Measure, vocabulary: Vocabulary, is_fraction: bool) -> NamedNode:
    """Return the unit of a row's figure; for a blank cell, the only unit of the measure.

    For a fraction, a blank cell is the unit of fractions if the measure has it. The unit of a
    count may be the word for what is counted, such as firms, or its category.
    """
    allowed = ", ".join(local_name(unit.value) for unit in measure.units)
    if not row["unit"]:
        if is_fraction and _FRACTION in measure.units:
            return _FRACTION
        if len(measure.units) == 1:
            return measure.units[0]
        raise RowError("unit", f"{measure.name} needs a unit.", f"One of: {allowed}.")
    names, word = vocabulary.unit_names, row["unit"]
    counts = (vocabulary.measure_names.meanings(form.format(word)) for form in _COUNTED)
    counted = map(folded, row["category"].split(";"))
    if any(measure.iri in one for one in counts) or folded(word) in counted:
        word = "NUM"
    meant = (*names.meanings(word), *names.meanings(unit_named(word) or ""), expand(word))
    unit = meant[0]
    if unit is None or unit not in measure.units:
        message = f"{measure.name} is not measured in {row['unit']}."
        raise RowError("unit", message, f"One of: {allowed}.")
    return unit


def _check_order(period: str | None, compared_with: str | None) -> None:
    own, other = edtf_days(period or ""), edtf_days(compared_with or "")
    if own is not None and other is not None and other[0] > own[1]:
        message = f"The figure of {period} is compared with a later period, {compared_with}."
        raise RowError("reference", message, "Exchange the columns reference and time.")


def _check_range(row: SheetRow, figure: FigureCell, comparator: NamedNode) -> None:
    """Raise RowError for the comparator Between with one number, or another one with two.

    With two numbers, a blank cell is valid.
    """
    is_range = comparator == g60("Between")
    if is_range and figure.upper is None:
        message = "A range needs its upper number."
        raise RowError("upper", message, "Fill it in, or correct the comparator.")
    if figure.upper is not None and row["comparator"] and not is_range:
        message = f'Two numbers are a range, which is not "{row["comparator"]}".'
        raise RowError("comparator", message, "Empty the cell, or keep one number.")


def _check_number(row: SheetRow, figure: FigureCell, measure: Measure, unit: NamedNode) -> None:
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
