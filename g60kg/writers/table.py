"""Rows as a table of text, with the quotations of each row beneath it.

On a terminal long cells are folded so that every line fits; elsewhere each line has its full width
and nothing is folded. Nothing is ever cut off.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final, TextIO

from rich.cells import cell_len, chop_cells

from g60kg.writers.display import Cell, ShownColumn, ShownQuotation, shown_columns
from g60kg.writers.rows import EVIDENCE_COLUMNS, Evidenced

#: Rows that the widths are worked out from. Later rows are written as they come.
LAYOUT_ROWS: Final = 1_000
#: A column that is wider than this is folded before one that is narrower is.
NARROW: Final = 8
#: The least width of a quotation.
_QUOTE: Final = 24
_GAP: Final = 2
_INSET: Final = "   "
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a table is written to: its width in cells (None: as wide as needed), and its colours."""

    width: int | None = None
    colour: bool = False

    @classmethod
    def of(cls, out: TextIO) -> Screen:
        """The screen that a stream leads to; NO_COLOR is honoured (https://no-color.org).

        What is no terminal has no width of its own, unless the variable COLUMNS gives it one.
        """
        if not out.isatty():
            asked = os.environ.get("COLUMNS", "")
            return cls(int(asked) if asked.isdecimal() and int(asked) > 0 else None)
        colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(shutil.get_terminal_size().columns, colour)

    def painted(self, line: str, style: str) -> str:
        """The line in that style."""
        return f"{style}{line}{_PLAIN}" if self.colour and line else line


def write_table(
    columns: Sequence[str],
    rows: Iterable[Evidenced],
    out: TextIO,
    *,
    evidence: bool = False,
    screen: Screen | None = None,
) -> None:
    """Writes a header, each row, and with evidence each row's quotations beneath it."""
    screen = screen or Screen.of(out)
    shown = shown_columns(columns)
    rows = iter(rows)
    first = list(islice(rows, LAYOUT_ROWS))
    layout = _Layout.of(shown, first, screen.width)
    quotes = _Quotes.of(first, screen.width) if evidence else None
    for line in layout.header():
        out.write(screen.painted(line, _BOLD) + "\n")
    if quotes:
        out.write(screen.painted(quotes.header(), _DIM) + "\n")
    for number, (row, quoted) in enumerate(chain(first, rows)):
        if number and layout.widths is None:
            out.write("\n")
        for line in layout.lines([column.cell(row) for column in shown]):
            out.write(line + "\n")
        for one in quoted if quotes else ():
            for line in quotes.lines(ShownQuotation.of(one)) if quotes else ():
                out.write(screen.painted(line, _DIM) + "\n")


def fold(text: str, width: int | None) -> list[str]:
    """The lines of a text, none wider than that many cells; broken at blanks where it can be.

    >>> fold("长三角G60科创走廊 corridor", 9)
    ['长三角G60', '科创走廊', 'corridor']
    """
    lines = text.split("\n")
    if width is None:
        return lines
    return [folded for line in lines for folded in _folded(line, width)]


def _folded(line: str, width: int) -> Iterator[str]:
    if cell_len(line) <= width:
        yield line
        return
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


def _width(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns' names, widths and sides. Where they cannot fit, each cell has its own line."""

    names: tuple[str, ...]
    widths: tuple[int, ...] | None
    right: tuple[bool, ...]
    folding: bool

    @classmethod
    def of(
        cls, shown: Sequence[ShownColumn], rows: Sequence[Evidenced], room: int | None
    ) -> _Layout:
        names = tuple(column.name for column in shown)
        cells = [[column.cell(row) for row, _ in rows] for column in shown]
        widths = tuple(
            max([cell_len(name), *(_width(cell.text) for cell in below)])
            for name, below in zip(names, cells, strict=True)
        )
        right = tuple(
            any(cell.is_number for cell in below)
            and all(cell.is_number or not cell.text for cell in below)
            for below in cells
        )
        if room is None:
            return cls(names, widths, right, folding=False)
        return cls(names, _shrunk(widths, room - 1 - _GAP * (len(names) - 1)), right, folding=True)

    def header(self) -> list[str]:
        if self.widths is None:
            return []
        return self.lines([Cell(name) for name in self.names])

    def lines(self, cells: Sequence[Cell]) -> list[str]:
        if self.widths is None:
            name_width = max(map(cell_len, self.names))
            return [
                f" {_padded(name if number == 0 else '', name_width)}  {line}".rstrip()
                for name, cell in zip(self.names, cells, strict=True)
                for number, line in enumerate(cell.text.split("\n"))
            ]
        folded = [
            fold(cell.text, width if self.folding else None)
            for cell, width in zip(cells, self.widths, strict=True)
        ]
        return [
            " " + (" " * _GAP).join(map(_padded, parts, self.widths, self.right)).rstrip()
            for parts in zip_longest(*folded, fillvalue="")
        ]


def _shrunk(widths: tuple[int, ...], room: int) -> tuple[int, ...] | None:
    """The widths with the widest ones cut down to fit; None where that would leave too little."""
    if sum(widths) <= room:
        return widths
    if sum(min(width, NARROW) for width in widths) > room:
        return None
    most = max(cut for cut in range(room + 1) if sum(min(width, cut) for width in widths) <= room)
    spare = room - sum(min(width, most) for width in widths)
    shrunk = []
    for width in widths:
        extra = 1 if width > most and spare > 0 else 0
        spare -= extra
        shrunk.append(min(width, most + extra))
    return tuple(shrunk)


@dataclass(frozen=True, slots=True)
class _Quotes:
    """The widths of the lines beneath a row."""

    widths: tuple[int, ...]
    folding: bool

    @classmethod
    def of(cls, rows: Sequence[Evidenced], room: int | None) -> _Quotes:
        shown = [
            EVIDENCE_COLUMNS,
            *(ShownQuotation.of(one) for _, quoted in rows for one in quoted),
        ]
        widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
        if room is not None:
            rest = sum(widths[1:]) + _GAP * 4 + len(_INSET)
            widths[0] = max(min(widths[0], room - rest), _QUOTE)
        return cls(tuple(widths), folding=room is not None)

    def header(self) -> str:
        return self._line(EVIDENCE_COLUMNS)

    def lines(self, one: ShownQuotation) -> list[str]:
        first, *more = fold(one.quote, self.widths[0] if self.folding else None)
        return [self._line((first, *one[1:])), *(_INSET + line for line in more)]

    def _line(self, cells: Iterable[str]) -> str:
        right = (False, False, True, True, False)
        padded = map(_padded, cells, self.widths, right)
        return (_INSET + (" " * _GAP).join(padded)).rstrip()
