"""Fact sheets: a CSV or TSV file to rows that know their line, and a sheet back to its file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from g60kg.errors import UnreadableInput
from g60kg.excerpt import excerpt
from g60kg.files import read_text

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
_MAX_CELL: Final = 1_000_000
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
    """A fact sheet as read: `#` header, columns in their order, rows, what is wrong so far."""

    file: str
    header: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    problems: tuple[SheetProblem, ...] = field(default=())
    delimiter: str = ","

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

    Cells are stripped of the blanks around them, wholly empty rows are passed over.

    Raises:
        UnreadableInput: not UTF-8, no header row, a required column missing, broken quoting.
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
    header, problems, offset = _read_header(lines, file)
    body = lines.read()
    first = body.partition("\n")[0]
    delimiter = max("\t;,", key=first.count) if file.lower().endswith((".csv", ".tsv")) else ","
    columns, rows, found = _read_rows(body, offset, delimiter, file)
    return Sheet(file, header, columns, rows, tuple(problems) + tuple(found), delimiter)


def _read_header(lines: io.StringIO, file: str) -> tuple[dict[str, str], list[SheetProblem], int]:
    header: dict[str, str] = {}
    problems: list[SheetProblem] = []
    number = 0
    while True:
        start = lines.tell()
        line = lines.readline()
        if not line.startswith("#") and line.strip():
            lines.seek(start)
            return header, problems, number
        if not line:
            raise UnreadableInput("no row of column names", file=file, line=number or 1)
        number += 1
        key, separator, value = line.lstrip("#").strip().rstrip(",;\t").partition(":")
        if not separator:
            continue
        name = key.strip().lower().replace("_", "-")
        if name in HEADER_KEYS:
            header[name] = value.strip().strip('"')
            if fault := header_fault(name, header[name]):
                raise UnreadableInput(fault, file=file, line=number)
        else:
            problems.append(
                SheetProblem(
                    file,
                    number,
                    "",
                    f'"{key.strip()}" is nothing that a sheet\'s header says.',
                    f"It may say: {', '.join(HEADER_KEYS)}.",
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
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    problems: list[SheetProblem] = []
    rows: list[SheetRow] = []
    columns: tuple[str, ...] = ()
    line = offset + 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if not columns:
                columns = _columns(stripped, file, line)
            elif any(stripped):
                if len(stripped) > len(columns) and any(stripped[len(columns) :]):
                    problems.append(
                        SheetProblem(
                            file,
                            line,
                            "",
                            f"{len(stripped)} cells under {len(columns)} columns.",
                            "A cell with a comma in it stands between double quotes.",
                        )
                    )
                rows.append(SheetRow(line, dict(zip(columns, stripped, strict=False))))
            line = offset + reader.line_num + 1
    except csv.Error as error:
        raise UnreadableInput(f"not CSV: {error}", file=file, line=line) from None
    return columns, tuple(rows), problems


def _columns(names: list[str], file: str, line: int) -> tuple[str, ...]:
    columns = tuple(name.lower().replace(" ", "_").replace("-", "_") for name in names)
    while columns and not columns[-1]:
        columns = columns[:-1]
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    twice = sorted(name for name, count in Counter(columns).items() if count > 1)
    if missing or unknown or twice:
        reasons = (
            [f"no column {name}" for name in missing]
            + [f'"{name}" is no column of a sheet' for name in unknown]
            + [f"column {name} stands twice" for name in twice]
        )
        reason = excerpt("; ".join(reasons), _LONGEST_SHOWN)
        raise UnreadableInput(reason, file=file, line=line, hint=f"Columns: {', '.join(COLUMNS)}.")
    return columns


def number_in(cell: str) -> Decimal | None:
    """The number that a cell holds, thousands separated by commas or not; None for any other text.

    None too for one of more digits than are kept whole.

    >>> number_in("57,920,000"), number_in("about 3")
    (Decimal('57920000'), None)
    """
    if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", cell, re.ASCII):
        return None
    number = Decimal(cell.replace(",", ""))
    return number if len(number.as_tuple().digits) <= _MAX_DIGITS else None


def whole_number_in(cell: str) -> int | None:
    """The whole number, zero or above, that a cell holds; None for any other text."""
    number = number_in(cell)
    if number is None or number < 0 or number != number.to_integral_value():
        return None
    return int(number)
