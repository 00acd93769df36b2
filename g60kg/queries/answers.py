"""The answer to a query: rows, their quotations, and whether the rows are complete."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from io import StringIO
from itertools import islice
from operator import index
from typing import TYPE_CHECKING, Any, TypeVar, overload

from g60kg.errors import UsageError
from g60kg.model.evidence import Quotation
from g60kg.package_data import __version__
from g60kg.queries.argument_types import checked_types
from g60kg.queries.joined_figures import has_figures, joined_rows
from g60kg.queries.row_order import Row
from g60kg.rdf.text_excerpt import excerpt, plural
from g60kg.row_formats.evidence_rows import python_value
from g60kg.stores.base import Term

if TYPE_CHECKING:
    import pandas
    from rdflib.term import Node

    from g60kg.queries.answer_preview import Preview
    from g60kg.queries.row_counts import RowCounts

#: A row with its quotations.
Pair = tuple[Row, tuple[Quotation, ...]]
Beside = TypeVar("Beside")


@dataclass(slots=True)
class _End:
    """How far a page of rows was read.

    Attributes:
        read: the number of rows read.
        is_reached: whether all rows of the page were read.
        is_cut: whether the limit cut further rows off.
    """

    read: int = 0
    is_reached: bool = False
    is_cut: bool = False


def _page(rows: Iterable[Pair], limit: int | None, offset: int, end: _End) -> Iterator[Pair]:
    """Yield at most ``limit`` rows after the first ``offset`` ones; without a limit all of them.

    How far it was read is recorded in ``end``. The generator does not refer to the answer: in a
    cycle of references, another thread could free a result of the engine.
    """
    for number, pair in enumerate(rows):
        if number < offset:
            continue
        if limit is not None and number >= offset + limit:
            end.is_cut = True
            break
        end.read += 1
        yield pair
    end.is_reached = True


class Answer:
    """The answer to one SELECT query: a sequence of rows that are read as they are wanted.

    Rows that were read are kept, so an answer can be read again; ``len`` reads all of them.
    :meth:`stream` does not keep rows: reading them again raises UsageError. An answer prints as a
    table of its first rows.

    Attributes:
        query: the canned query's name, or None for a user's query.
        parameters: the parameters it ran with, as terms.
        columns: the names of the columns; of a canned query, a column ``x`` of entities is
            followed by ``xLabel``.
        understood: how a question was understood, with ``alternatives``: the member ``meta`` of
            JSON results. None for an answer to no question.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[Pair],
        *,
        query: str | None = None,
        parameters: Mapping[str, Term] | None = None,
        limit: int | None = None,
        offset: int = 0,
        evidence: Callable[[], Mapping[Row, tuple[Quotation, ...]]] | None = None,
        counts: Callable[[], RowCounts] | None = None,
        shows_evidence: bool = False,
        understood: Mapping[str, Any] | None = None,
        language: str = "en",
    ) -> None:
        self.query = query
        self.parameters = dict(parameters or {})
        self.columns = tuple(columns)
        self.understood = understood
        self._end = _End()
        self._source = _page(rows, limit, offset, self._end)
        self._offset = offset
        self._evidence = evidence
        self._shows_evidence = shows_evidence
        self._language = language
        self._counts = counts
        self._sliced: Answer | None = None
        self._kept: list[Pair] = []
        self._streamed = False

    def stream(self) -> Iterator[Pair]:
        """Yield each row with its quotations, which are empty unless evidence was requested.

        Rows that this method reads from the engine are not kept.

        Raises:
            UsageError: an earlier call of this method read rows.
        """
        self._check_streamed()
        yield from tuple(self._kept)
        if not self._end.is_reached:
            self._streamed = True
            yield from self._source

    def _check_streamed(self) -> None:
        if self._streamed:
            raise UsageError(
                "The rows were read by stream() and are not kept.", hint="Run the query again."
            )

    def _read(self, count: int | None = None) -> list[Pair]:
        """Return the rows kept, after reading on until there are ``count``; None reads all rows."""
        self._check_streamed()
        self._kept.extend(
            islice(self._source, None if count is None else max(0, count - len(self._kept)))
        )
        if not self._end.is_reached and (count is None or len(self._kept) < count):
            raise UsageError("Reading the rows was interrupted.", hint="Run the query again.")
        return self._kept

    def _pairs(self) -> Iterator[Pair]:
        number = 0
        while number < len(self._read(number + 1)):
            yield self._kept[number]
            number += 1

    @property
    def cut(self) -> bool:
        """Whether a limit cut rows off; valid after the rows were read."""
        return self._end.is_cut

    @property
    def complete(self) -> bool:
        """Whether no rows are missing (limit, offset, slice, interruption); reads the rows."""
        if self._sliced is not None:
            # The rows of a streamed answer are not kept.
            return self._sliced.complete and len(self) == self._sliced._end.read
        if self._streamed:
            deque(self._source, maxlen=0)
        else:
            self._kept.extend(self._source)
        return self._end.is_reached and not self._end.is_cut and self._offset == 0

    def counts(self) -> RowCounts | None:
        """Return the total of rows and the facets; None if they were not requested.

        Valid after the rows were read.
        """
        return None if self._counts is None else self._counts()

    def meta(self, complete: bool) -> dict[str, Any]:
        """Return the member ``meta`` of the JSON results, with ``complete`` as given.

        For a question, it has how the question was understood, otherwise query, parameters and
        version.
        """
        if self.understood is not None:
            return {**self.understood, "complete": complete}
        return {
            "query": self.query,
            "parameters": {name: str(cell) for name, cell in self.parameters.items()},
            "complete": complete,
            "versions": {"g60kg": __version__},
        }

    def _row(self, pair: Pair) -> dict[str, Node | None]:
        from g60kg.stores.rdflib_view import to_rdflib

        return {
            name: None if cell is None else to_rdflib(cell)
            for name, cell in zip(self.columns, pair[0], strict=True)
        }

    @property
    def rows(self) -> list[dict[str, Node | None]]:
        """The rows as rdflib terms by column; None where a column has no value. Reads all rows."""
        return [self._row(pair) for pair in self._read()]

    def __len__(self) -> int:
        """The number of rows; reads them all."""
        return len(self._read())

    def __bool__(self) -> bool:
        """Whether there is a row; reads one."""
        return bool(self._read(1))

    def __iter__(self) -> Iterator[dict[str, Node | None]]:
        """Iterate over the rows as in :attr:`rows`, reading them as they are wanted."""
        return map(self._row, self._pairs())

    @overload
    def __getitem__(self, position: int) -> dict[str, Node | None]: ...

    @overload
    def __getitem__(self, position: slice) -> Answer: ...

    def __getitem__(self, position: int | slice) -> dict[str, Node | None] | Answer:
        """Return a row as in :attr:`rows` or an answer of a slice; IndexError for a missing row."""
        if isinstance(position, slice):
            return self._slice(position)
        at = index(position)
        pairs = self._read(None if at < 0 else at + 1)
        try:
            return self._row(pairs[at])
        except IndexError:
            raise IndexError(
                f"No row {at}: the answer has {len(pairs)} row{plural(len(pairs))}."
            ) from None

    def _slice(self, rows: slice) -> Answer:
        part = Answer(
            self.columns,
            self._read(_reach(rows))[rows],
            query=self.query,
            parameters=self.parameters,
            evidence=None if self._evidence is None else lambda: self._evidence_by_row,
            shows_evidence=self._shows_evidence,
            understood=self.understood,
            language=self._language,
        )
        part._sliced = self
        return part

    def evidence(self) -> list[tuple[Quotation, ...]]:
        """Return, for each row in order, the quotations, passages and records that support it.

        The tuple is empty for a row without evidence. Reads all rows, and evidence that was not
        requested.
        """
        return [quoted for _, quoted in self._evidenced(self._read())]

    @cached_property
    def _evidence_by_row(self) -> Mapping[Row, tuple[Quotation, ...]]:
        return {} if self._evidence is None else self._evidence()

    def _evidenced(self, pairs: Sequence[Pair], evidence: bool = True) -> list[Pair]:
        if self._evidence is None and evidence:
            return list(pairs)
        return [(row, self._evidence_by_row.get(row, ()) if evidence else ()) for row, _ in pairs]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as Python values by column; None where a column has no value.

        Booleans are bool, finite numbers and years int or Decimal, all others str.
        """
        return [
            {name: python_value(cell) for name, cell in zip(self.columns, row, strict=True)}
            for row, _ in self._read()
        ]

    @checked_types
    def to_csv(self, *, evidence: bool = False) -> str:
        """Return the rows as SPARQL 1.1 CSV.

        With ``evidence``, a row has a line for each of its quotations, or one line without any.
        Further columns have the evidence.
        """
        return self._written("csv", evidence)

    @checked_types
    def to_json(self, *, evidence: bool = False) -> str:
        """Return the rows as SPARQL 1.1 JSON results with ``meta``, as the command line does.

        With ``evidence``, each row has its quotations.
        """
        return self._written("json", evidence)

    def _written(self, format_: str, evidence: bool) -> str:
        from g60kg.row_formats import write_rows

        out = StringIO()
        pairs = self._evidenced(self._read(), evidence)
        meta = {"meta": self.meta(self.complete)}
        write_rows(format_, self.columns, pairs, out, evidence=evidence, members=lambda: meta)
        return out.getvalue()

    @checked_types
    def to_dataframe(self, *, evidence: bool = False) -> pandas.DataFrame:
        """Return the rows as a pandas DataFrame.

        With ``evidence``, a row has a line for each of its quotations, or one line without any, and
        further columns. A column of whole numbers or years is ``Int64``, a column of other numbers
        ``float64``. The columns of figures and of offsets have their type even if no row has a
        value. Dates and periods are text in EDTF: ``2018``, ``2018-05``, ``2016/2020``.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from g60kg.queries.data_frames import FIGURES, OFFSETS, data_frame
        from g60kg.row_formats.sparql_results import rows_with_evidence_columns

        pairs = self._evidenced(self._read(), evidence)
        columns, rows = rows_with_evidence_columns(self.columns, pairs, evidence)
        types = FIGURES if has_figures(self.columns) else {}
        return data_frame(columns, list(rows), types | (OFFSETS if evidence else {}))

    def __repr__(self) -> str:
        """Return a table of the first rows, for which at most 1,001 rows are read.

        After :meth:`stream`, return the query and the columns only.
        """
        if self._streamed:
            return f"<Answer to {self.query or 'a query'}: {', '.join(self.columns)}>"
        return self._preview().text()

    def _repr_html_(self) -> str | None:
        return None if self._streamed else self._preview().html()

    def _preview(self) -> Preview:
        from g60kg.queries.answer_preview import COUNTED, SHOWN, Preview

        # One row more shows whether there are others.
        pairs = self._read(COUNTED + 1)
        if figures := self.query is not None and has_figures(self.columns):
            shown, count = self._figures(pairs, SHOWN)
        else:
            shown = self._evidenced(pairs[:SHOWN], self._shows_evidence)
            count = len(shown)
        return Preview(
            columns=self.columns[:-1] if figures else self.columns,
            pairs=shown,
            shown=count,
            evidence=self._shows_evidence,
            read=len(pairs),
            counted=self._end.is_reached,
            offset=self._offset,
            cut=self._end.is_cut,
            query=self.query,
            parameters=self.parameters,
            understood=self.understood,
            language=self._language,
        )

    def _figures(self, pairs: Sequence[Pair], most: int) -> tuple[list[Pair], int]:
        joined = islice(joined_rows(self.columns, (row for row, _ in pairs)).items(), most)
        quoted = dict(pairs)
        shown: list[Pair] = []
        count = 0
        for row, group in joined:
            behind = self._evidenced([(one, quoted[one]) for one in group], self._shows_evidence)
            shown.append((row, tuple(dict.fromkeys(each for _, of in behind for each in of))))
            count += len(group)
        return shown, count


def _reach(rows: slice) -> int | None:
    forward = (rows.step or 1) > 0 and (rows.start or 0) >= 0
    return rows.stop if forward and rows.stop is not None and rows.stop >= 0 else None


def sorted_rows(
    columns: Sequence[str], rows: Iterable[tuple[Row, Beside]], by: str
) -> list[tuple[Row, Beside]]:
    """Return the rows, each with its second element, sorted by a column; ``-column`` is descending.

    Numbers come before texts, and cells without a value last; descending order is the reverse. A
    column with labels is sorted by its labels, and texts without regard to case.

    Raises:
        UsageError: there is no such column.
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
    value = python_value(cell)
    if isinstance(value, (int, Decimal)):
        return (0, Decimal(value), "")
    return (2, Decimal(0), "") if value is None else (1, Decimal(0), value.casefold())
