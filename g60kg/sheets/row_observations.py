"""Observations of a sheet's rows: number, unit, comparator, period and qualifiers."""

from __future__ import annotations

from pyoxigraph import NamedNode

from g60kg.model.iri_minting import NewObservation, canonical
from g60kg.model.ontology_lookup import Measure
from g60kg.namespaces import g60
from g60kg.sheets.cell_literals import figure_in, time_in
from g60kg.sheets.name_resolution import Meanings
from g60kg.sheets.row_problems import RowProblems
from g60kg.sheets.sheet_file import RowError, SheetRow


class RowObservations:
    """Builds the observation of a row; keeps the IRIs by line, for the column equivalent_of."""

    def __init__(self, source: str, meanings: Meanings, problems: RowProblems) -> None:
        self.source, self.meanings, self.problems = source, meanings, problems
        self.by_line: dict[int, NamedNode] = {}

    def of(
        self,
        row: SheetRow,
        subject: NamedNode | None,
        measure: Measure,
        status: NamedNode | None,
    ) -> NewObservation | None:
        """Return the observation of a row; None after reporting all its errors."""
        known = len(self.problems.found)
        attempt = self.problems.attempt
        figure = attempt(row, figure_in, row, measure)
        comparator = attempt(row, self.meanings.comparator, row)
        unit = attempt(row, self.meanings.unit, row, measure)
        period = attempt(row, time_in, row, "time")
        categories = attempt(row, self.meanings.categories, row) or ()
        reference = attempt(row, self.meanings.reference, row, measure)
        equivalent = attempt(row, self._equivalent, row)
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

    def _equivalent(self, row: SheetRow) -> NamedNode | None:
        """Return the figure of the line that a row's figure is the equivalent of."""
        line = row["equivalent_of"]
        if not line:
            return None
        found = self.by_line.get(int(line)) if line.isdecimal() else None
        if found is None:
            message = f'"{line}" is not the line of an earlier row with a figure.'
            raise RowError("equivalent_of", message)
        return found
