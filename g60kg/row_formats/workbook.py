"""Writer of Excel workbooks (Office Open XML, .xlsx) with XlsxWriter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from g60kg.errors import MissingExtra, UsageError
from g60kg.rdf.atomic_output import in_temporary_folder
from g60kg.row_formats.display_text import display_columns
from g60kg.row_formats.evidence_rows import (
    EVIDENCE_COLUMNS,
    Evidenced,
    Members,
    Options,
    ReaderTexts,
    Row,
    evidence_cells,
    python_value,
    with_evidence_columns,
)
from g60kg.row_formats.sparql_results import rows_with_evidence_columns
from g60kg.stores.base import Term

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: The limits of a worksheet (support.microsoft.com, "Excel specifications and limits").
MOST_ROWS: Final = 1_048_576
_LONGEST_TEXT: Final = 32_767
#: The significant digits that a spreadsheet keeps of a number.
_DIGITS: Final = 15
_COLUMN_WIDTH: Final = 24


def write_xlsx(
    columns: Sequence[str], rows: Iterable[Evidenced], out: TextIOWrapper, options: Options
) -> None:
    """Write a workbook: a worksheet of rows, and one with ``meta`` of ``options.members``.

    Numbers are cells of numbers if a spreadsheet keeps all their digits, and booleans are
    cells of booleans. All else is text, also a text that looks like a formula. Nothing is
    written before all rows are read.

    With ``options.texts``, labels and translated values come first, and the IRIs of labelled
    entities and of units are in columns at the end.

    Raises:
        MissingExtra: XlsxWriter is not installed.
        UsageError: a worksheet cannot hold so many rows, or so long a text.
        OutputFailure: the folder for temporary files cannot be written.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise MissingExtra("XlsxWriter", "xlsx") from None
    with in_temporary_folder():
        aside = TemporaryDirectory(prefix="g60kg-xlsx-")
    with aside as folder:
        # In memory: ZipFile writes to a file again when it is collected, where no error is caught.
        finished = BytesIO()
        with in_temporary_folder():
            book = Workbook(finished, {"constant_memory": True, "tmpdir": folder})
            book.use_zip64()
            try:
                bold = book.add_format({"bold": True})
                names, lines = (
                    rows_with_evidence_columns(columns, rows, options.evidence)
                    if options.texts is None
                    else _for_readers(columns, rows, options.evidence, options.texts)
                )
                _write_rows(book.add_worksheet("rows"), bold, names, lines)
                _write_about(book.add_worksheet("about"), bold, options.members)
            finally:
                # Also after an error: the library keeps its files open.
                _close(book)
    out.buffer.write(finished.getvalue())


def _for_readers(
    columns: Sequence[str], rows: Iterable[Evidenced], evidence: bool, texts: ReaderTexts
) -> tuple[Sequence[str], Iterable[Row]]:
    """Return headings and rows for readers: labels or values, evidence with footnote, then IRIs."""
    shown = display_columns(columns)
    own = [column.name for column in shown]
    labelled = [column for column in shown if column.label is not None or column.name == "unit"]
    of_evidence = (*EVIDENCE_COLUMNS, "footnote") if evidence else ()

    def texts_of(names: Sequence[str], cells: Row) -> Iterator[Term | None]:
        for name, cell in zip(names, cells, strict=True):
            text = texts.value(name, cell, cells)
            yield Literal(text) if text else cell

    def lines() -> Iterator[Row]:
        for row, quotations in rows:
            terms = texts_of(own, [row[column.term] for column in shown])
            labels = [None if column.label is None else row[column.label] for column in shown]
            cells = [label or term for label, term in zip(labels, terms, strict=True)]
            iris = [row[column.term] for column in labelled]
            for quoted in quotations if evidence else ():
                cited = Literal(texts.footnote(quoted)) if texts.footnote else None
                yield (*cells, *texts_of(EVIDENCE_COLUMNS, evidence_cells(quoted)), cited, *iris)
            if not (evidence and quotations):
                yield (*cells, *(None for _ in of_evidence), *iris)

    names = map(texts.heading, with_evidence_columns(own, of_evidence))
    return (*names, *(f"{texts.heading(column.name)} (IRI)" for column in labelled)), lines()


def _close(book: Workbook) -> None:
    from xlsxwriter.exceptions import XlsxFileError

    try:
        book.close()
    except XlsxFileError as error:
        reason = error.args[0]
        raise (reason if isinstance(reason, OSError) else OSError(str(reason))) from None


def _write_rows(
    sheet: Worksheet, bold: Format, columns: Sequence[str], rows: Iterable[Row]
) -> None:
    sheet.set_column(0, len(columns), _COLUMN_WIDTH)
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, bold)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number == MOST_ROWS:
            raise UsageError(
                f"A worksheet holds {MOST_ROWS - 1:,} rows; the answer has more.",
                hint="Choose csv, or fewer rows with --limit.",
            )
        for at, cell in enumerate(row):
            _write_cell(sheet, number, at, cell)
    sheet.autofilter(0, 0, number, max(len(columns) - 1, 0))


def _write_about(sheet: Worksheet, bold: Format, members: Members | None) -> None:
    sheet.set_column(0, 1, _COLUMN_WIDTH)
    meta = (members() if members else {}).get("meta", {})
    for at, (name, value) in enumerate(meta.items() if isinstance(meta, dict) else ()):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        sheet.write_string(at, 0, name, bold)
        sheet.write_string(at, 1, _fitting(text))


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Term | None) -> None:
    value = python_value(cell)
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | Decimal) and _digits(value) <= _DIGITS:
        sheet.write_number(row, column, float(value))
    elif value is not None:
        sheet.write_string(row, column, _fitting(str(value)))


def _digits(number: int | Decimal) -> int:
    return len(Decimal(number).normalize().as_tuple().digits)


def _fitting(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise UsageError(
            f"A cell of a worksheet holds {_LONGEST_TEXT:,} characters; a text has {len(text):,}.",
            hint="Choose csv.",
        )
    return text
