"""Reading and writing of fact sheets: CSV or TSV files as rows with line numbers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import accumulate
from pathlib import Path
from typing import Final

from g60kg.errors import UnreadableInput
from g60kg.formats import SHEET_EXTENSIONS, check_no_workbook, suffix
from g60kg.model.names import INVISIBLE, NO_WIDTH
from g60kg.rdf.rdf_files import read_text
from g60kg.rdf.text_excerpt import excerpt
from g60kg.sheets.header_values import HEADER_KEYS, header_fault

REQUIRED: Final = ("subject", "predicate", "object")
OPTIONAL: Final = (
    *("quote", "passage", "context", "locator", "start", "occurrence", "modality", "time", "unit"),
    *("comparator", "upper", "category", "of_measure", "reference", "basis", "equivalent_of"),
    *("list", "attributed_to", "note", "dataset", "record", "retrieved"),
)
COLUMNS: Final = REQUIRED + OPTIONAL
#: The columns of rows with a figure.
OF_FIGURES: Final = (
    *("unit", "comparator", "upper", "category", "of_measure", "reference", "basis"),
    "equivalent_of",
)
#: The mark in front of the predicate of a row that a curator has not confirmed.
SUGGESTED: Final = "?"

#: Maximum rows, columns and characters of a cell.
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 10_000
#: Columns with text, which is kept unchanged; all others have names or numbers.
_TEXTS: Final = frozenset(
    ("object", "quote", "passage", "context", "basis", "attributed_to", "note", "record")
)
_LINE_END: Final = re.compile("\r\n?|\n")
#: Maximum characters of an error message, which repeats the text of a cell.
_LONGEST_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """An error or a warning in a sheet."""

    file: str
    line: int
    column: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        where = f"{place}, {self.column}" if self.column else place
        text = self.message + (f" {self.hint}" if self.hint else "")
        return f"{where}: {excerpt(text, _LONGEST_SHOWN)}"


class RowError(Exception):
    """An invalid cell: its column, a message and a hint."""

    def __init__(self, column: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


class RowWarning(RowError):
    """A cell that is unusual, but not invalid."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its first line in the file (from 1), and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the stripped cell of a column; empty if the sheet has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A fact sheet as read from a file; ``comments`` are lines above the rows without a key."""

    file: str
    header: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    problems: tuple[SheetProblem, ...] = field(default=())
    delimiter: str = ","
    header_lines: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[int, str] = field(default_factory=dict)

    def with_cells(self, filled: Mapping[int, Mapping[str, str]]) -> Sheet:
        """Return the sheet with cells, by line and column, replaced; new columns are last."""
        added = {column for cells in filled.values() for column in cells} - set(self.columns)
        columns = self.columns + tuple(name for name in COLUMNS if name in added)
        rows = tuple(
            replace(row, cells={**row.cells, **filled.get(row.line, {})}) for row in self.rows
        )
        return replace(self, columns=columns, rows=rows)

    def with_header(self, values: Mapping[str, str]) -> Sheet:
        """Return the sheet with replaced header values; UnreadableInput for an invalid value."""
        for key, value in values.items():
            if fault := header_fault(key, value):
                raise UnreadableInput(fault, file=self.file)
        return replace(self, header={**self.header, **values})

    def text(self) -> str:
        """Return the sheet as the text of a file.

        Where the text has rows at other lines than the file that was read, the line numbers in the
        column ``equivalent_of`` are adapted.
        """
        out = io.StringIO()
        # Lines of the file that was read keep their order; others follow.
        places = dict(self.comments)
        after = max((0, *places, *self.header_lines.values()))
        for at, (key, value) in enumerate(self.header.items(), after + 1):
            places[self.header_lines.get(key, at)] = f"# {key}: {value}"
        for _, line in sorted(places.items()):
            out.write(f"{line}\n")
        rows = [[row[column] for column in self.columns] for row in self.rows]
        # Before Python 3.13, the writer quotes a carriage return only if it is in the terminator.
        returns = any("\r" in cell for row in rows for cell in row)
        writer = csv.writer(
            out, delimiter=self.delimiter, lineterminator="\r\n" if returns else "\n"
        )
        writer.writerow(self.columns)
        if "equivalent_of" in self.columns:
            column = self.columns.index("equivalent_of")
            sizes = (1 + sum(len(_LINE_END.findall(cell)) for cell in row) for row in rows)
            lines = accumulate(sizes, initial=len(places) + 2)
            moved = {str(row.line): str(line) for row, line in zip(self.rows, lines, strict=False)}
            for row in rows:
                row[column] = moved.get(row[column], row[column])
        writer.writerows(rows)
        return out.getvalue()


def sheet_template() -> str:
    """Return the text of an empty sheet: the header lines to fill in, and every column."""
    wanted = ("id", "url", "title", "date", "publisher", "language")
    header = {**dict.fromkeys(wanted, ""), "reproduce": "yes"}
    return Sheet("", header, COLUMNS, ()).text().replace(": \n", ":\n")


def is_sheet(path: str | Path) -> bool:
    """Return whether a file has the extension of a sheet.

    >>> is_sheet("facts.CSV"), is_sheet("facts.csv.gz"), is_sheet("facts.ttl")
    (True, True, False)
    """
    return suffix(path) in SHEET_EXTENSIONS


def read_sheet(path: str | Path) -> Sheet:
    """Read the sheet of a CSV or TSV file in UTF-8.

    Cells are stripped; empty rows and empty columns at the end are skipped. Cells in
    columns of names or numbers are changed as by :func:`name_in`. Unknown or repeated
    header keys, and invalid rows and cells, are in ``problems`` of the sheet. Raise
    UsageError for a workbook, UnreadableInput for an invalid header value, a cell that is
    too long, or another file that cannot be read as a sheet.
    """
    check_no_workbook(path)
    return sheet_of(read_text(path), str(path))


def sheet_of(text: str, file: str) -> Sheet:
    """Return the sheet in a text; raise UnreadableInput if it is not one.

    The delimiter is the tab, semicolon or comma that the row of column names has most often; for a
    ``file`` other than CSV and TSV, the comma.
    """
    if not text.strip():
        raise UnreadableInput("empty: a sheet needs a row of column names", file=file)
    lines = io.StringIO(text, newline="")
    comments: dict[int, str] = {}
    header, header_lines, problems, offset = _read_header(lines, file, comments)
    body = lines.read()
    first = re.split("[\r\n]", body, maxsplit=1)[0]
    delimiter = max("\t;,", key=first.count) if is_sheet(file) else ","
    columns, rows, found = _read_rows(body, offset, delimiter, file)
    if columns[1:2] and "predicate" not in columns:
        columns, rows = REQUIRED, tuple(_long_rows(columns, rows))
    problems += found
    return Sheet(file, header, columns, rows, tuple(problems), delimiter, header_lines, comments)


#: A `#` line that a spreadsheet wrote as a quoted cell; the first line of Excel.
_QUOTED: Final = re.compile(r'"(#(?:[^"]|"")*)"[,;\t]*\s*')
_SEPARATOR: Final = re.compile(r"sep=[,;\t]\s*", re.IGNORECASE)


def _read_header(
    lines: io.StringIO, file: str, comments: dict[int, str]
) -> tuple[dict[str, str], dict[str, int], list[SheetProblem], int]:
    header: dict[str, str] = {}
    header_lines: dict[str, int] = {}
    problems: list[SheetProblem] = []
    number = 0
    while True:
        start = lines.tell()
        line = lines.readline()
        if quoted := _QUOTED.fullmatch(line):
            line = quoted[1].replace('""', '"')
        if not line.startswith("#") and line.strip() and not _SEPARATOR.fullmatch(line):
            lines.seek(start)
            return header, header_lines, problems, number
        if not line:
            raise UnreadableInput("no row of column names", file=file, line=number or 1)
        number += 1
        key, separator, value = line.lstrip("#").strip().rstrip(",;\t").partition(":")
        if not separator:
            comments[number] = line.rstrip("\r\n")
            continue
        name = key.strip().lower().replace("_", "-")
        value = value.strip()
        if value.count('"') == 2 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if name in HEADER_KEYS and (fault := header_fault(name, value)):
            raise UnreadableInput(fault, file=file, line=number)
        if name in header:
            message = f"The header has {name} twice; the first is on line {header_lines[name]}."
            problems.append(SheetProblem(file, number, "", message, "Delete one of the lines."))
        elif name in HEADER_KEYS:
            header[name], header_lines[name] = value, number
        else:
            message = f'"{key.strip()}" is not a header key of a sheet.'
            hint = f"The keys are: {', '.join(HEADER_KEYS)}."
            problems.append(SheetProblem(file, number, "", message, hint))


def _read_rows(
    body: str, offset: int, delimiter: str, file: str
) -> tuple[tuple[str, ...], tuple[SheetRow, ...], list[SheetProblem]]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    problems: list[SheetProblem] = []
    rows: list[SheetRow] = []
    columns: tuple[str, ...] = ()
    line = offset + 1
    try:
        for cells in reader:
            while cells and not cells[-1].strip():
                cells.pop()
            if not columns:
                columns = _columns(cells, file, line)
            elif cells:
                if len(rows) == MAX_ROWS:
                    hint = "Split the sheet."
                    raise UnreadableInput(
                        f"more than {MAX_ROWS:,} rows", file=file, line=line, hint=hint
                    )
                row, found = _row(columns, cells, file, line)
                rows.append(row)
                problems += found
            line = offset + reader.line_num + 1
    except csv.Error as error:
        reason = next((text for part, text in _FAULTS.items() if part in str(error)), str(error))
        raise UnreadableInput(f"not CSV: {reason}", file=file, line=line, hint=_QUOTING) from None
    return columns, tuple(rows), problems


#: Messages for errors of the CSV reader, by a part of its own message.
_FAULTS: Final = {
    "unexpected end of data": "the quotation mark at the start of a cell is not closed",
    "expected after": "text follows the closing quotation mark of a cell",
    "field larger": "a cell has more than 100,000 characters",
}
_QUOTING: Final = (
    'Double a quotation mark inside a cell, and put the cell in quotation marks: "said ""yes""".'
)


def _row(
    columns: tuple[str, ...], cells: list[str], file: str, line: int
) -> tuple[SheetRow, list[SheetProblem]]:
    problems: list[SheetProblem] = []
    if len(cells) == 1 and cells[0].startswith("#"):
        message = "A line that begins with # belongs to the header."
        hint = "Move it above the row of column names, or delete it."
        problems.append(SheetProblem(file, line, columns[0], message, hint))
    if len(cells) > len(columns):
        message = f"{len(cells)} cells under {len(columns)} columns."
        hint = "Put a cell with a comma in double quotes."
        problems.append(SheetProblem(file, line, "", message, hint))
    named: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if len(cell) > MAX_CELL:
            reason = f"the {column} has {len(cell):,} characters; {MAX_CELL:,} are allowed"
            raise UnreadableInput(reason, file=file, line=line, hint=_QUOTING)
        try:
            name = column in COLUMNS and column not in _TEXTS
            named[column] = name_in(cell, column) if name else cell.strip()
        except RowError as error:
            problems.append(SheetProblem(file, line, column, error.message, error.hint))
    return SheetRow(line, named), problems


def _long_rows(columns: tuple[str, ...], rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """Yield the rows of a reference table as rows of a sheet, one for each value.

    A reference table has an entity in each row and a predicate in each further column; a cell has
    values separated by semicolons, except in a column of definitions.
    """
    for row in rows:
        for predicate in columns[1:]:
            values = [row[predicate]] if "definition" in predicate else row[predicate].split(";")
            for value in values:
                if value.strip():
                    cells = (row["subject"], predicate, value.strip())
                    yield SheetRow(row.line, dict(zip(REQUIRED, cells, strict=True)))


def _columns(names: list[str], file: str, line: int) -> tuple[str, ...]:
    if len(names) > MAX_COLUMNS:
        reason = f"{len(names):,} columns; a sheet has at most {len(COLUMNS)}"
        raise UnreadableInput(reason, file=file, line=line, hint=f"Columns: {', '.join(COLUMNS)}.")
    columns = tuple(re.sub("[ -]", "_", " ".join(name.lower().split())) for name in names)
    if columns[:2] == ("subject", "a"):
        return ("subject", *(name.strip() for name in names[1:]))
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    twice = sorted(name for name, count in Counter(columns).items() if name and count > 1)
    if not missing and not unknown and not twice:
        return columns
    hint = f"Columns: {', '.join(COLUMNS)}."
    if len(missing) == len(REQUIRED):
        reason = f"no column {', '.join(REQUIRED)} in the row of column names"
        if len(columns) == 1:
            hint = f"Cells are separated by commas, semicolons or tabs. {hint}"
    else:
        reason = "; ".join(
            [f"no column {name}" for name in missing]
            + [_unknown(name, columns) for name in dict.fromkeys(unknown)]
            + [f"the column {name} is given twice" for name in twice]
        )
    raise UnreadableInput(excerpt(reason, _LONGEST_SHOWN), file=file, line=line, hint=hint)


def _unknown(name: str, columns: tuple[str, ...]) -> str:
    if not name:
        return f"column {columns.index(name) + 1} has no name"
    near = get_close_matches(name[:_LONGEST_SHOWN], COLUMNS, n=1)
    return f'"{name}" is not a column of a sheet' + (f" (did you mean {near[0]}?)" if near else "")


def name_in(cell: str, column: str) -> str:
    """Return the name in a cell, with white space collapsed and zero-width characters deleted.

    Raise RowError for a tab, a line break or an invisible character.
    """
    name = cell.translate(NO_WIDTH).strip()
    if len(name.splitlines()) > 1 or "\t" in name:
        raise RowError(column, "The name has a tab or a line break.", "Write a space instead.")
    name = " ".join(name.split())
    acting = [mark for mark in name if unicodedata.category(mark) in ("Cc", "Cf")]
    if acting := acting or INVISIBLE.findall(name):
        message = f"The cell has an invisible character, U+{ord(acting[0]):04X}."
        raise RowError(column, message, "Delete it.")
    return name
