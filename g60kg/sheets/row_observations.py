"""Observations of a sheet's rows: number, unit, comparator, period and qualifiers."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.iri_minting import NewObservation, canonical
from g60kg.model.names import folded
from g60kg.model.ontology_lookup import Measure, Vocabulary
from g60kg.model.unit_names import unit_of
from g60kg.namespaces import expand, g60, local_name, term
from g60kg.sheets.cell_literals import figure_in, time_in
from g60kg.sheets.figure_checks import check_number, check_order, check_range
from g60kg.sheets.name_resolution import Meanings
from g60kg.sheets.row_problems import RowProblems
from g60kg.sheets.sheet_file import RowError, SheetRow

_FRACTION: Final = term("unit:FRACTION")
#: The names of a count, from the words of what is counted.
_COUNTED: Final = ("{}", "number of {}", "number of new {}", "{}数", "{}数量", "新增{}数")


class RowObservations:
    """Builds the observation of a row; keeps them by line, for the column equivalent_of."""

    def __init__(self, source: str, meanings: Meanings, problems: RowProblems) -> None:
        self.source, self.meanings, self.problems = source, meanings, problems
        self.by_line: dict[int, NewObservation] = {}

    def of(
        self, row: SheetRow, subject: NamedNode | None, measure: Measure, status: NamedNode | None
    ) -> NewObservation | None:
        """Return the observation of a row; None after reporting all its errors."""
        known = len(self.problems.found)
        attempt = self.problems.attempt
        figure = attempt(row, figure_in, row, measure.name)
        comparator = attempt(row, self.meanings.comparator, row)
        is_fraction = figure is not None and figure.fraction is not None
        unit = attempt(row, _unit, row, measure, self.meanings.vocabulary, is_fraction)
        if figure is not None and comparator is not None:
            attempt(row, check_range, row, figure, comparator)
        if figure is not None and unit is not None:
            attempt(row, check_number, row, figure, measure, unit)
        period = attempt(row, time_in, row, "time")
        categories = attempt(row, self.meanings.categories, row) or ()
        reference = attempt(row, self.meanings.reference, row, measure)
        equivalent = attempt(row, self._equivalent, row, subject, measure)
        attempt(row, check_order, period, (reference or (None,))[-1])
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
        """Report the errors of a figure whose predicate is unknown: those that any measure has."""
        attempt = self.problems.attempt
        figure = attempt(row, figure_in, row, row["predicate"]) if row["object"] else None
        comparator = attempt(row, self.meanings.comparator, row)
        if figure is not None and comparator is not None:
            attempt(row, check_range, row, figure, comparator)
        attempt(row, self.meanings.categories, row)

    def _equivalent(
        self, row: SheetRow, subject: NamedNode | None, measure: Measure
    ) -> NamedNode | None:
        """Return the figure of the line that a row's figure is the equivalent of."""
        line = row["equivalent_of"]
        if not line:
            return None
        found = self.by_line.get(int(line)) if line.isdecimal() else None
        if found is None:
            message = f'"{line}" is not the line of an earlier row with a figure.'
            raise RowError("equivalent_of", message)
        if subject and (found.subject, found.measure) != (subject, measure.iri):
            message = f"Line {line} has a figure of another subject or measure."
            raise RowError("equivalent_of", message)
        return found.iri


def _unit(row: SheetRow, measure: Measure, vocabulary: Vocabulary, is_fraction: bool) -> NamedNode:
    """Return the unit of a row's figure; the default is the only unit that is possible.

    The unit of a count may be the words of what is counted, such as firms, or its category.
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
    meant = (*names.meanings(word), *names.meanings(unit_of(word) or ""), expand(word))
    unit = meant[0]
    if unit is None or unit not in measure.units:
        message = f"{measure.name} is not measured in {row['unit']}."
        raise RowError("unit", message, f"One of: {allowed}.")
    return unit
