"""Counts of an answer's rows: all rows, and the rows with each value of a column (a facet)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from g60kg.errors import UsageError
from g60kg.queries.catalog import NamedQuery
from g60kg.queries.joined_figures import categories_of
from g60kg.queries.row_filters import year_of
from g60kg.queries.row_order import Row
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import Term

#: The most rows that are counted.
MOST_COUNTED: Final = 20_000
#: The most values of a facet.
MOST_VALUES: Final = 20
#: The column whose cells can have several values: ``Attributed;Goal``.
MODALITY: Final = "modality"


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a column, each with its number of rows.

    ``more`` is the number of other values.
    """

    column: str
    values: tuple[tuple[Term, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class RowCounts:
    """The counts of the rows of an answer, over all its pages; a minimum if not ``exact``."""

    total: int
    exact: bool
    facets: tuple[Facet, ...] = ()


class RowCounter:
    """Counts the rows of an answer while they are read, and the remaining ones at the end.

    The column that the filters by year compare is counted by year. A cell with several modalities
    or categories counts once for each. Cells without a value are not counted.
    """

    def __init__(self, query: NamedQuery, columns: Sequence[str]) -> None:
        for name in columns:
            if name not in query.columns:
                raise UsageError(
                    f"Query {query.name} has no column {excerpt(name)} to count.",
                    hint=f"Columns: {', '.join(query.columns)}.",
                )
        self._year = query.year
        self._found: dict[str, Counter[Term]] = {name: Counter() for name in columns}
        self._indexes = {name: query.columns.index(name) for name in columns}
        self._rows: Iterator[Row] = iter(())
        self._total = 0
        self._ended = False

    def counting(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Return an iterator over the rows that counts each row as it is read."""
        self._rows = self._counted(rows)
        return self._rows

    def _counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._total += 1
            if self._total <= MOST_COUNTED:
                for name, index in self._indexes.items():
                    self._found[name].update(self._values(name, row[index]))
            yield row
        self._ended = True

    def _values(self, name: str, cell: Term | None) -> Iterable[Term]:
        if name == self._year:
            year = year_of(cell)
            return () if year is None else (Literal(year),)
        if name == MODALITY and isinstance(cell, Literal):
            return map(Literal, cell.value.split(";"))
        return categories_of(name, cell) or (() if cell is None else (cell,))

    def counts(self) -> RowCounts:
        """Return the counts, after reading remaining rows until MOST_COUNTED are exceeded."""
        while not self._ended and self._total <= MOST_COUNTED:
            next(self._rows, None)
        exact = self._ended and self._total <= MOST_COUNTED
        total = min(self._total, MOST_COUNTED)
        return RowCounts(total, exact, tuple(map(self._facet, self._found)))

    def _facet(self, name: str) -> Facet:
        found = sorted(self._found[name].items(), key=lambda one: (-one[1], str(one[0])))
        return Facet(name, tuple(found[:MOST_VALUES]), max(0, len(found) - MOST_VALUES))
