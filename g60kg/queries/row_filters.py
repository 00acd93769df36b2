"""Filters of a canned query's rows by year and by source, applied after the query.

docs/decisions/filters.md gives the reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.dates import edtf_years
from g60kg.queries.catalog import FROM, SOURCE, TO, NamedQuery
from g60kg.queries.row_order import Row
from g60kg.stores.base import Term

_YEAR: Final = re.compile("[0-9]{4}(?![0-9X])")


@dataclass(frozen=True, slots=True)
class RowFilter:
    """The years and the source to which the rows of a query are limited."""

    column: int | None
    first: int | None
    last: int | None
    source: NamedNode | None

    @classmethod
    def of(cls, query: NamedQuery, terms: Mapping[str, Term]) -> RowFilter:
        """Return the filter that the terms of a query give; parameters among them are ignored."""
        given = {one.name: terms[one.name] for one in query.filters if one.name in terms}
        first, last = (_number(given.get(name)) for name in (FROM, TO))
        by_year = query.year is not None and (first is not None or last is not None)
        column = query.columns.index(query.year) if query.year and by_year else None
        source = given.get(SOURCE)
        return cls(column, first, last, source if isinstance(source, NamedNode) else None)

    def in_years(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows from the first to the last year, inclusive; without such a limit all rows.

        With a limit, rows without a year are left out.
        """
        if self.column is None:
            yield from rows
            return
        for row in rows:
            year = year_of(row[self.column])
            if (
                year is not None
                and (self.first is None or year >= self.first)
                and (self.last is None or year <= self.last)
            ):
                yield row


def year_of(cell: Term | None) -> int | None:
    """Return the year in which an EDTF date or period begins, or ends if its start is open.

    None for any other cell; a text that begins with a year counts as a date.

    >>> year_of(Literal("2021-05/2023")), year_of(Literal("../2020")), year_of(Literal("soon"))
    (2021, 2020, None)
    """
    if not isinstance(cell, Literal):
        return None
    match = _YEAR.match(cell.value)
    if match is not None:
        return int(match[0])
    years = edtf_years(cell.value)
    return None if years is None else years[1] if years[0] is None else years[0]


def _number(term: Term | None) -> int | None:
    return int(term.value) if isinstance(term, Literal) else None
