"""The answer to a query: rows, their quotations, and whether the rows are complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pyoxigraph import BlankNode, NamedNode

from g60kg.errors import MissingExtra, UsageError
from g60kg.model.evidence import Quotation
from g60kg.namespaces import PREFIXES
from g60kg.package_data import __version__
from g60kg.queries.row_counts import RowCounts
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import Term

if TYPE_CHECKING:
    import pandas
    from rdflib.term import Node

Row = tuple[Term | None, ...]
Beside = TypeVar("Beside")

_XSD: Final = PREFIXES["xsd"]
_NUMERIC: Final = frozenset(
    _XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "gYear")
)


class Answer:
    """The answer to one SELECT query.

    :meth:`stream` yields the rows once, as the engine returns them; all other methods collect them.

    Attributes:
        query: the canned query's name, or None for a user's query.
        parameters: the parameters it ran with, as terms.
        columns: the names of the columns; a column ``x`` of entities is followed by ``xLabel``.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[tuple[Row, tuple[Quotation, ...]]],
        *,
        query: str | None = None,
        parameters: Mapping[str, Term] | None = None,
        limit: int | None = None,
        offset: int = 0,
        evidence: Callable[[], Mapping[Row, tuple[Quotation, ...]]] | None = None,
        counts: Callable[[], RowCounts] | None = None,
    ) -> None:
        self.query = query
        self.parameters = dict(parameters or {})
        self.columns = tuple(columns)
        self._source = iter(rows)
        self._limit = limit
        self._offset = offset
        self._evidence = evidence
        self._counts = counts
        self._cut = False
        self._ended = False

    def stream(self) -> Iterator[tuple[Row, tuple[Quotation, ...]]]:
        """Yield each row with its quotations, if requested; can be called once."""
        for number, pair in enumerate(self._source):
            if number < self._offset:
                continue
            if self._limit is not None and number >= self._offset + self._limit:
                self._cut = True
                break
            yield pair
        self._ended = True

    @property
    def cut(self) -> bool:
        """Whether a limit cut rows off; valid after the rows were read."""
        return self._cut

    @property
    def complete(self) -> bool:
        """Whether no rows were cut off by a limit or skipped by an offset; reads the rows."""
        if not self._ended:
            _ = self._pairs
        return not self._cut and self._offset == 0

    def counts(self) -> RowCounts | None:
        """Return the total of rows and the facets; None if they were not requested.

        Valid after the rows were read.
        """
        return None if self._counts is None else self._counts()

    def meta(self, complete: bool) -> dict[str, Any]:
        """Return the member ``meta`` of the JSON results."""
        parameters = {name: str(cell) for name, cell in self.parameters.items()}
        return {
            "query": self.query,
            "parameters": parameters,
            "complete": complete,
            "versions": {"g60kg": __version__},
        }

    @cached_property
    def _pairs(self) -> list[tuple[Row, tuple[Quotation, ...]]]:
        return list(self.stream())

    @property
    def rows(self) -> list[dict[str, Node | None]]:
        """The rows as rdflib terms by column; None where a column has no value."""
        from g60kg.stores.rdflib_view import to_rdflib

        return [
            {
                name: None if cell is None else to_rdflib(cell)
                for name, cell in zip(self.columns, row, strict=True)
            }
            for row, _ in self._pairs
        ]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self._pairs)

    def __iter__(self) -> Iterator[dict[str, Node | None]]:
        """Iterate over :attr:`rows`."""
        return iter(self.rows)

    def evidence(self) -> list[tuple[Quotation, ...]]:
        """Return, for each row in order, the quotations and records that support it."""
        if self._evidence is None:
            return [quoted for _, quoted in self._pairs]
        behind = self._evidence()
        return [behind.get(row, ()) for row, _ in self._pairs]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as Python values: IRIs and texts as str, numbers as int or Decimal."""
        return [
            {name: plain(cell) for name, cell in zip(self.columns, row, strict=True)}
            for row, _ in self._pairs
        ]

    def to_csv(self, *, evidence: bool = False) -> str:
        """Return the rows as SPARQL 1.1 CSV; evidence adds a line per quotation and its columns."""
        from g60kg.row_formats import write_rows

        out = StringIO()
        quotations = self.evidence() if evidence else [()] * len(self._pairs)
        pairs = [(row, found) for (row, _), found in zip(self._pairs, quotations, strict=True)]
        write_rows("csv", self.columns, pairs, out, evidence=evidence)
        return out.getvalue()

    def to_dataframe(self) -> pandas.DataFrame:
        """Return the rows as a pandas DataFrame."""
        try:
            import pandas
        except ImportError:
            raise MissingExtra("pandas", "pandas") from None
        return pandas.DataFrame(self.to_dicts(), columns=list(self.columns))

    def __repr__(self) -> str:
        """Return the query's name and the columns; does not read the rows."""
        return f"<Answer to {self.query or 'a query'}: {', '.join(self.columns)}>"


#: The maximum digits of a number before the point; larger ones are returned as text.
_MOST_DIGITS: Final = 300


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
    if datatype in _NUMERIC:
        try:
            number = Decimal(cell.value)
        except InvalidOperation:
            return cell.value
        # JSON cannot represent NaN and infinity, and NaN has no order.
        if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
            return cell.value
        return int(number) if datatype == _XSD + "integer" else number
    return cell.value


def sorted_rows(
    columns: Sequence[str], rows: Iterable[tuple[Row, Beside]], by: str
) -> list[tuple[Row, Beside]]:
    """Return the rows, each with its companion, sorted by a column; ``-column`` is descending.

    Numbers come before texts.
    """
    name = by.removeprefix("-")
    if name not in columns:
        raise UsageError(
            f"No column {excerpt(name)} to sort by.", hint=f"Columns: {', '.join(columns)}."
        )
    # A column of entities is sorted by its labels.
    index = columns.index(f"{name}Label" if f"{name}Label" in columns else name)
    return sorted(rows, key=lambda pair: _sort_key(pair[0][index]), reverse=by.startswith("-"))


def _sort_key(cell: Term | None) -> tuple[int, Decimal, str]:
    value = plain(cell)
    if isinstance(value, (int, Decimal)):
        return (0, Decimal(value), "")
    return (2, Decimal(0), "") if value is None else (1, Decimal(0), value.casefold())
