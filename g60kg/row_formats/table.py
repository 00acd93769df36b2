"""Writer of rows as a text table, with the quotations of each row beneath it.

On a terminal, long cells are folded so that every line fits; if there are too many
columns, each cell has a line of its own, not folded. Elsewhere each line has its full
width, unless the variable COLUMNS sets one. No cell is truncated. The first LAYOUT_ROWS
rows determine the widths; later rows are written one by one. Rich's Table needs all rows
first, takes 2 ms a row (this module 0.1 ms), and adds 0.15 s to the start of a command.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final, TextIO

from g60kg.model.evidence import Quotation
from g60kg.row_formats.display_text import Cell, display_columns, display_quotation
from g60kg.row_formats.evidence_rows import SHOWN_COLUMNS, Evidenced, Options

#: Rows that determine the widths. Later rows are written as they come.
LAYOUT_ROWS: Final = 1_000
#: Columns are folded to less than this width only if all wider ones are.
NARROW: Final = 8
_GAP: Final = 2
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Screen:
    """An output of tables; ``width`` is in terminal cells, None without a limit."""

    width: int | None = None
    colour: bool = False

    @classmethod
    def of(cls, out: TextIO) -> Screen:
        """Return the screen of a stream; NO_COLOR is honoured.

        A stream that is not a terminal has no colours, and no width unless the variable COLUMNS
        sets one.
        """
        if not out.isatty():
            asked = os.environ.get("COLUMNS", "")
            return cls(int(asked) if asked.isdecimal() and int(asked) > 0 else None)
        colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(shutil.get_terminal_size().columns, colour)

    def painted(self, line: str, style: str) -> str:
        """Return the line in a style, an ANSI escape; unchanged if empty or without colours."""
        return f"{style}{line}{_PLAIN}" if self.colour and line else line


def write_table(
    columns: Sequence[str],
    rows: Iterable[Evidenced],
    out: TextIO,
    options: Options,
    screen: Screen | None = None,
) -> None:
    """Write a header and the rows; with evidence, each row's quotations beneath it.

    If ``screen`` is None, it is that of ``out``.
    """
    screen, translate = screen or Screen.of(out), options.translate
    shown = display_columns(columns)
    rows = iter(rows)
    first = list(islice(rows, LAYOUT_ROWS))
    names = [column.name for column in shown]
    grid = _Grid.of(names, ([c.cell(row) for c in shown] for row, _ in first), screen.width, " ")
    quotations = (_quotation(one, translate) for _, quoted in first for one in quoted)
    beneath = _Grid.of(list(map(translate, SHOWN_COLUMNS)), quotations, screen.width, " " * 3)

    def write(lines: Iterable[str], style: str = "") -> None:
        out.writelines(screen.painted(line, style) + "\n" for line in lines)

    write(grid.header(), _BOLD)
    write(beneath.header() if options.evidence else (), _DIM)
    for number, (row, quoted) in enumerate(chain(first, rows)):
        if number and grid.widths is None:
            write([""])
        write(grid.lines([column.cell(row) for column in shown]))
        for one in quoted if options.evidence else ():
            write(beneath.lines(_quotation(one, translate)), _DIM)


def _quotation(quoted: Quotation, translate: Callable[[str], str]) -> list[Cell]:
    return [
        Cell(text, is_number=name in ("start", "end") and text != "")
        for name, text in zip(SHOWN_COLUMNS, display_quotation(quoted, translate), strict=True)
    ]


def cell_len(text: str) -> int:
    """Return the width of a text in terminal cells; a Chinese character has two."""
    if text.isascii():  # importing Rich takes 14 ms
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fold(line: str, width: int) -> Iterator[str]:
    """Yield the parts of a line, each at most ``width`` terminal cells wide.

    It is broken at spaces where that is possible.

    >>> list(fold("长三角G60科创走廊 corridor", 9))
    ['长三角G60', '科创走廊', 'corridor']
    """
    if cell_len(line) <= width:
        yield line
        return
    from rich.cells import chop_cells

    current = ""
    for word in line.split(" "):
        joined = f"{current} {word}" if current else word
        if cell_len(joined) <= width:
            current = joined
            continue
        if current:
            yield current
        *full, current = chop_cells(word, width) or [""]
        yield from full
    yield current


def _padded(text: str, width: int, right: bool = False) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks


@dataclass(frozen=True, slots=True)
class _Grid:
    """The layout of columns; if they do not fit the screen, each cell has its own line.

    Attributes:
        widths: the width of each column in terminal cells; None if the columns do not fit.
        right: for each column, whether it has numbers and is aligned to the right.
        folds: whether cells are folded to the widths.
        inset: the spaces at the start of each line.
    """

    names: Sequence[str]
    widths: list[int] | None
    right: tuple[bool, ...]
    folds: bool
    inset: str

    @classmethod
    def of(
        cls, names: Sequence[str], rows: Iterable[Sequence[Cell]], room: int | None, inset: str
    ) -> _Grid:
        columns = list(zip(map(Cell, names), *rows, strict=True))
        widths = [
            max(cell_len(line) for cell in cells for line in cell.text.split("\n"))
            for cells in columns
        ]
        right = tuple(
            any(cell.is_number for cell in cells)
            and all(cell.is_number or not cell.text for cell in cells)
            for _, *cells in columns
        )
        if room is None:
            return cls(names, widths, right, False, inset)
        room -= len(inset) + _GAP * (len(names) - 1)
        return cls(names, _shrunk(widths, room), right, True, inset)

    def header(self) -> list[str]:
        return self.lines([Cell(name) for name in self.names]) if self.widths else []

    def lines(self, cells: Sequence[Cell]) -> list[str]:
        texts = [cell.text.split("\n") for cell in cells]
        if self.widths is None:
            name_width = max(map(cell_len, self.names))
            parts: Iterable[Sequence[str]] = (
                (_padded("" if number else name, name_width), line)
                for name, lines in zip(self.names, texts, strict=True)
                for number, line in enumerate(lines)
            )
        else:
            if self.folds:
                texts = [
                    [part for line in lines for part in fold(line, width)]
                    for lines, width in zip(texts, self.widths, strict=True)
                ]
            parts = (
                list(map(_padded, line, self.widths, self.right))
                for line in zip_longest(*texts, fillvalue="")
            )
        return [(self.inset + (" " * _GAP).join(part)).rstrip() for part in parts]


def _shrunk(widths: Sequence[int], room: int) -> list[int] | None:
    """Return the widths, the widest ones reduced so that their sum is at most ``room``.

    None if columns would have to be narrower than both NARROW and their content.
    """
    if sum(min(width, NARROW) for width in widths) > room:
        return None
    shrunk = [min(width, room) for width in widths]
    while sum(shrunk) > room:
        shrunk[max(range(len(shrunk)), key=lambda column: (shrunk[column], column))] -= 1
    return shrunk
