"""Writers of rows: text tables, Markdown, HTML, workbooks, and W3C's CSV, TSV, JSON and XML."""

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from io import TextIOWrapper
from itertools import count
from typing import Final, TextIO

from g60kg.errors import UsageError
from g60kg.formats import ROWS, SHEETS
from g60kg.row_formats.evidence_rows import Evidenced, Members, Options, ReaderTexts, Row

__all__ = ["FORMATS", "Evidenced", "Row", "write_answer", "write_rows"]

FORMATS: Final = tuple(each.name for each in ROWS)
SPREADSHEET_FORMATS: Final = tuple(each.name for each in SHEETS)


def check_spreadsheet_options(format_: str, *, escape_formulas: bool, bom: bool) -> None:
    """Raise UsageError if an option of CSV and TSV is set with another format."""
    if format_ in SPREADSHEET_FORMATS:
        return
    if escape_formulas:
        raise UsageError(
            f"Formulas can be escaped in CSV and TSV, not in {format_}.",
            hint="Choose csv or tsv, or leave out the escaping of formulas.",
        )
    if bom:
        raise UsageError(f"A byte order mark is for CSV and TSV, not for {format_}.")


def write_rows(
    format_: str,
    columns: Sequence[str],
    rows: Iterable[Evidenced],
    out: TextIO,
    *,
    evidence: bool = False,
    members: Members | None = None,
    caption: str | None = None,
    escape_formulas: bool = False,
    bom: bool = False,
    translate: Callable[[str], str] = str,
    texts: ReaderTexts | None = None,
) -> int:
    """Write rows, each with its quotations, and return the number of rows.

    Args:
        format_: one of FORMATS.
        columns: the names of the columns; a column ``x`` of entities may be followed by ``xLabel``.
        rows: pairs of a row, with a cell for each column, and its quotations; read once, in order.
        out: a text stream without translation of line ends; its exceptions propagate. For xlsx it
            is a TextIOWrapper.
        evidence: whether to write the quotations.
        members: a function that returns further members of the JSON object, called after the last
            row; a workbook has the member ``meta`` as a worksheet. None for no members.
        caption: the caption of the HTML table; None for no caption.
        escape_formulas: whether to put an apostrophe before text that a spreadsheet evaluates as a
            formula; only in CSV and TSV.
        bom: whether to begin with a byte order mark, for Excel; only in CSV and TSV.
        translate: returns texts of evidence in the language of the reader, for the formats table,
            md and html.
        texts: the texts of a workbook for a reader; None for a workbook with the terms as they are.
            Other formats do not use them.

    Raises:
        UsageError: the format is unknown, ``escape_formulas`` or ``bom`` is set with another
            format, or a workbook cannot hold the rows or gets no TextIOWrapper.
        MissingExtra: the library for workbooks is not installed.

    >>> import sys
    >>> from pyoxigraph import Literal
    >>> write_rows("csv", ["city"], [([Literal("Suzhou")], [])], sys.stdout)
    city
    Suzhou
    1
    """
    check_spreadsheet_options(format_, escape_formulas=escape_formulas, bom=bom)
    if bom:
        out.write("\ufeff")
    number = count()
    counted = (row for row, _ in zip(rows, number, strict=False))
    if format_ == "xlsx" and not isinstance(out, TextIOWrapper):
        raise UsageError("A workbook is not text: write it to a file.")
    if format_ not in _MODULES:
        raise UsageError(f"Unknown format {format_}.", hint=f"Formats: {', '.join(FORMATS)}.")
    module = import_module(f"g60kg.row_formats.{_MODULES[format_]}")
    options = Options(evidence, members, caption, escape_formulas, translate, texts)
    getattr(module, f"write_{format_}")(columns, counted, out, options)
    return next(number)


#: The module with the writer of each format; each ignores the options that it does not use. Loaded
#: when it is used: only tables need Rich.
_MODULES: Final = {
    **dict.fromkeys(("csv", "tsv", "json", "xml"), "sparql_results"),
    **dict.fromkeys(("md", "html"), "markdown_html"),
    "table": "table",
    "xlsx": "workbook",
}


def write_answer(format_: str, answer: bool, out: TextIO) -> None:
    """Write the boolean of an ASK query: in JSON and XML as W3C results, else as plain text.

    Raise UsageError for a workbook or an unknown format.
    """
    if format_ in ("json", "xml"):
        from g60kg.row_formats.sparql_results import json_answer, xml_answer

        out.write(json_answer(answer) if format_ == "json" else xml_answer(answer))
    elif format_ == "xlsx":
        raise UsageError("A workbook has rows, and the answer is true or false.")
    elif format_ in FORMATS:
        out.write("true\n" if answer else "false\n")
    else:
        raise UsageError(f"Unknown format {format_}.", hint=f"Formats: {', '.join(FORMATS)}.")
