"""Fact sheets: a CSV or TSV file to rows that know their line, and a sheet back to its file."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from g60kg.errors import UnreadableInput
from g60kg.model.names import NO_WIDTH
from g60kg.rdf.rdf_files import read_text
from g60kg.rdf.text_excerpt import excerpt

REQUIRED: Final = ("subject", "predicate", "object", "quote")
OPTIONAL: Final = (
    "start",
    "occurrence",
    "modality",
    "time",
    "unit",
    "comparator",
    "as_of",
    "attributed_to",
    "note",
    "dataset",
    "record",
)
COLUMNS: Final = REQUIRED + OPTIONAL

#: What the `#` lines at a sheet's top may say: `# url: https://…`.
HEADER_KEYS: Final = (
    "id",
    "title",
    "url",
    "date",
    "publisher",
    "language",
    "text-sha256",
    "text-length",
)
#: Rows, columns and characters of a cell that a sheet may have.
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 10_000
#: Columns that can hold text, which is kept as it is; any other column holds a name or a number.
_TEXTS: Final = frozenset(("object", "quote", "attributed_to", "note", "record"))
#: Digits of a number in a cell: more than any figure has, and what decimals are kept in whole.
_MAX_DIGITS: Final = 28
#: Characters of a mistake that are shown: it repeats what stands in a cell.
_LONGEST_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """Something wrong in a sheet: its line in the file, the column's name, what and how to mend."""

    file: str
    line: int
    column: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        where = f"{place}, {self.column}" if self.column else place
        told = self.message + (f" {self.hint}" if self.hint else "")
        return f"{where}: {excerpt(told, _LONGEST_SHOWN)}"


class RowError(Exception):
    """A cell that cannot be used: its column, what is wrong, how to mend it."""

    def __init__(self, column: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the line of the file on which it starts (from 1), and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of a column, without blanks around it; empty where the sheet has none."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A fact sheet as read: `#` header, columns in their order, rows, what is wrong so far.

    ``header_lines`` has the line of each header key that the file gives.
    """

    file: str
    header: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    problems: tuple[SheetProblem, ...] = field(default=())
    delimiter: str = ","
    header_lines: Mapping[str, int] = field(default_factory=dict)

    def with_cells(self, filled: Mapping[int, Mapping[str, str]]) -> Sheet:
        """The same sheet with those cells, by line and column, put in; new columns at the end."""
        added = {column for cells in filled.values() for column in cells} - set(self.columns)
        columns = self.columns + tuple(name for name in COLUMNS if name in added)
        rows = tuple(
            replace(row, cells={**row.cells, **filled.get(row.line, {})}) for row in self.rows
        )
        return replace(self, columns=columns, rows=rows)

    def with_header(self, values: Mapping[str, str]) -> Sheet:
        """The same sheet with those header values put in.

        Raises:
            UnreadableInput: a value that IRIs or literals cannot be made of.
        """
        for key, value in values.items():
            if fault := header_fault(key, value):
                raise UnreadableInput(fault, file=self.file)
        return replace(self, header={**self.header, **values})

    def text(self) -> str:
        """The sheet as a file's text."""
        out = io.StringIO()
        for key, value in self.header.items():
            out.write(f"# {key}: {value}\n")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([row[column] for column in self.columns] for row in self.rows)
        return out.getvalue()


def is_sheet(path: str | Path) -> bool:
    """Whether a file's extension says that it is a sheet.

    >>> is_sheet("facts.CSV"), is_sheet("facts.ttl")
    (True, False)
    """
    return Path(path).suffix.lower() in (".csv", ".tsv")


def read_sheet(path: str | Path) -> Sheet:
    """The sheet in a CSV or TSV file (UTF-8, with or without a byte order mark).

    Cells are stripped of the blanks around them, empty rows and empty columns at the end are
    passed over. In columns that hold no text, cells are names as :func:`name_in` gives them.

    Raises:
        UnreadableInput: not UTF-8, no header row, a required column missing, broken quoting, or
            more rows, columns or characters in a cell than a sheet may have.
    """
    return sheet_of(read_text(path), str(path))


def sheet_of(text: str, file: str) -> Sheet:
    """The sheet in a text; ``file`` is its name, whose extension tells CSV or TSV from others.

    Raises:
        UnreadableInput: as :func:`read_sheet`.
    """
    if not text.strip():
        raise UnreadableInput("empty: a sheet begins with its row of column names", file=file)
    lines = io.StringIO(text, newline="")
    header, header_lines, problems, offset = _read_header(lines, file)
    body = lines.read()
    first = re.split("[\r\n]", body, maxsplit=1)[0]
    delimiter = max("\t;,", key=first.count) if file.lower().endswith((".csv", ".tsv")) else ","
    columns, rows, found = _read_rows(body, offset, delimiter, file)
    return Sheet(
        file, header, columns, rows, tuple(problems) + tuple(found), delimiter, header_lines
    )


#: A `#` line that a spreadsheet wrote as a cell between quotation marks; Excel's own first line.
_QUOTED: Final = re.compile(r'"(#(?:[^"]|"")*)"[,;\t]*\s*')
_SEPARATOR: Final = re.compile(r"sep=[,;\t]\s*", re.IGNORECASE)


def _read_header(
    lines: io.StringIO, file: str
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
            continue
        name = key.strip().lower().replace("_", "-")
        if name in HEADER_KEYS:
            header[name] = value.strip().strip('"')
            header_lines[name] = number
            if fault := header_fault(name, header[name]):
                raise UnreadableInput(fault, file=file, line=number)
        else:
            problems.append(
                SheetProblem(
                    file,
                    number,
                    "",
                    f'"{key.strip()}" is no key of a sheet\'s header.',
                    f"The keys are: {', '.join(HEADER_KEYS)}.",
                )
            )


def header_fault(key: str, value: str) -> str | None:
    """What is wrong with a value of a sheet's header that IRIs or literals are made of.

    >>> header_fault("id", "../history")
    '"../history" is no id: letters, digits, hyphens, and dots between them'
    >>> header_fault("language", "zh")
    """
    if not value:
        return None
    shown = excerpt(value, 60)
    if key == "id" and not re.fullmatch(r"\w(?:[\w.-]{0,98}\w)?", value):
        return f'"{shown}" is no id: letters, digits, hyphens, and dots between them'
    if key == "language" and not is_language(value):
        return f'"{shown}" is no language tag, such as en or zh'
    if key == "text-length" and not re.fullmatch("[0-9]{1,9}", value):
        return f'"{shown}" is no length of a text'
    return None


def is_language(tag: str) -> bool:
    """Whether a text is a language tag (BCP 47).

    >>> is_language("zh-Hans"), is_language("Chinese, simplified")
    (True, False)
    """
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True


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
        reason = next((told for part, told in _FAULTS.items() if part in str(error)), str(error))
        raise UnreadableInput(f"not CSV: {reason}", file=file, line=line, hint=_QUOTING) from None
    return columns, tuple(rows), problems


#: What the reader of CSV says of quotation marks, by a part of its message.
_FAULTS: Final = {
    "unexpected end of data": "a cell begins with a quotation mark and none closes it",
    "expected after": "a quotation mark closes a cell, and more of the cell follows",
    "field larger": "a cell has more than 100,000 characters",
}
_QUOTING: Final = (
    "A quotation mark inside a cell is written twice, and the cell between two more: "
    '"said ""yes""".'
)


def _row(
    columns: tuple[str, ...], cells: list[str], file: str, line: int
) -> tuple[SheetRow, list[SheetProblem]]:
    """A row of the file, and what is wrong with its cells whatever they say.

    Raises:
        UnreadableInput: a cell of more than ``MAX_CELL`` characters.
    """
    problems: list[SheetProblem] = []
    if len(cells) == 1 and cells[0].startswith("#"):
        message = "A line that begins with # is for the header."
        hint = "Move it above the row of column names, or delete it."
        problems.append(SheetProblem(file, line, columns[0], message, hint))
    if len(cells) > len(columns):
        message = f"{len(cells)} cells under {len(columns)} columns."
        hint = "Put a cell with a comma in it between double quotes."
        problems.append(SheetProblem(file, line, "", message, hint))
    named: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if len(cell) > MAX_CELL:
            reason = f"the {column} has {len(cell):,} characters; {MAX_CELL:,} are allowed"
            raise UnreadableInput(reason, file=file, line=line, hint=_QUOTING)
        try:
            named[column] = cell.strip() if column in _TEXTS else name_in(cell, column)
        except RowError as error:
            problems.append(SheetProblem(file, line, column, error.message, error.hint))
    return SheetRow(line, named), problems


def _columns(names: list[str], file: str, line: int) -> tuple[str, ...]:
    if len(names) > MAX_COLUMNS:
        reason = f"{len(names):,} columns; a sheet has at most {len(COLUMNS)}"
        raise UnreadableInput(reason, file=file, line=line, hint=f"Columns: {', '.join(COLUMNS)}.")
    columns = tuple(re.sub("[ -]", "_", " ".join(name.lower().split())) for name in names)
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    twice = sorted(name for name, count in Counter(columns).items() if name and count > 1)
    if not missing and not unknown and not twice:
        return columns
    hint = f"Columns: {', '.join(COLUMNS)}."
    if len(missing) == len(REQUIRED):
        reason = f"no column {', '.join(REQUIRED)}; this is not the row of column names"
        if len(columns) == 1:
            hint = f"Cells are separated by commas, semicolons or tabs. {hint}"
    else:
        reason = "; ".join(
            [f"no column {name}" for name in missing]
            + [_unknown(name, columns) for name in dict.fromkeys(unknown)]
            + [f"column {name} is there twice" for name in twice]
        )
    raise UnreadableInput(excerpt(reason, _LONGEST_SHOWN), file=file, line=line, hint=hint)


def _unknown(name: str, columns: tuple[str, ...]) -> str:
    if not name:
        return f"column {columns.index(name) + 1} has no name"
    near = get_close_matches(name[:_LONGEST_SHOWN], COLUMNS, n=1)
    return f'"{name}" is no column of a sheet' + (f" (did you mean {near[0]}?)" if near else "")


def name_in(cell: str, column: str) -> str:
    """The name that a cell holds: any white space is one blank, what has no width is deleted.

    Raises:
        RowError: a control character, or one that changes the direction of writing.
    """
    name = " ".join(cell.translate(NO_WIDTH).split())
    if acting := [mark for mark in name if unicodedata.category(mark) in ("Cc", "Cf")]:
        message = f"There is an invisible character, U+{ord(acting[0]):04X}."
        raise RowError(column, message, "Delete it.")
    return name


def number_in(cell: str) -> Decimal | None:
    """The number that a cell holds, of any width, thousands separated by commas, blanks or not.

    None for any other text, and for a number of more digits than are kept whole.

    >>> number_in("57,920,000"), number_in("57 920"), number_in("５７９"), number_in("about 3")
    (Decimal('57920000'), Decimal('57920'), Decimal('579'), None)
    """
    cell = unicodedata.normalize("NFKC", cell)
    if not re.fullmatch(r"[+-]?(\d{1,3}((,\d{3})+|( \d{3})+)|\d+)(\.\d+)?", cell, re.ASCII):
        return None
    number = Decimal(re.sub("[, ]", "", cell))
    return number if len(number.as_tuple().digits) <= _MAX_DIGITS else None


def whole_number_in(cell: str) -> int | None:
    """The whole number, zero or above, that a cell holds; None for any other text."""
    number = number_in(cell)
    if number is None or number < 0 or number != number.to_integral_value():
        return None
    return int(number)
