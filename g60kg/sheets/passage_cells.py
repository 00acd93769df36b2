"""Passages in the cells `passage` and `context` of a fact sheet.

A cell is given as words or offsets of the text and committed as digests. No message repeats the
content of a cell: its words may not be reproduced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.article_text import Text
from g60kg.model.passage_evidence import MIN_PASSAGE, SEPARATOR, Passage, PassageCell
from g60kg.model.text_normalization import NormalizedText, normalized
from g60kg.sheets.locators import locator_of
from g60kg.sheets.sheet_file import RowError, SheetRow

#: The columns that hold passages, in the order of the locators of a row.
PASSAGE_COLUMNS: Final = ("passage", "context")
_OFFSETS: Final = re.compile(r"(\d{1,9})\s*[-–]\s*(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class RowPassages:
    """The passages of a row, and its cells in their committed form."""

    passages: tuple[Passage, ...]
    cells: dict[str, str]


class PassageCells:
    """Reads the passages of a sheet's rows.

    Args:
        source: the Article.
        text: its text, or None.
        language: of the locators that are filled in.
    """

    def __init__(self, source: NamedNode, text: Text | None, language: str) -> None:
        self._source = source
        self._text = None if text is None else NormalizedText(text.content)
        self._language = language

    def read(self, row: SheetRow) -> RowPassages:
        """Return the passages of a row.

        Raises:
            RowError: a passage is not in the text, or there is no text to find it in; a passage
                without a locator.
        """
        found = {
            column: [self._passage(part, column) for part in _parts(row[column])]
            for column in PASSAGE_COLUMNS
        }
        cells = [cell for column in PASSAGE_COLUMNS for cell in found[column]]
        if not cells:
            if row["locator"]:
                raise RowError("locator", "The row has a locator, but no passage.")
            return RowPassages((), {})
        locators = list(self._locators(row, cells))
        passages = tuple(
            Passage(self._source, cell.digest, cell.length, locator, cell.place)
            for cell, locator in zip(cells, locators, strict=True)
        )
        filled = {
            column: SEPARATOR.join(map(str, parts)) for column, parts in found.items() if parts
        }
        return RowPassages(passages, {**filled, "locator": SEPARATOR.join(locators)})

    def _passage(self, part: str, column: str) -> PassageCell:
        cell = PassageCell.parsed(part)
        if cell is None and part.lower().startswith("norm-1:"):
            raise RowError(
                column,
                "The digest of the passage is incomplete.",
                "Its form is norm-1:<sha256>:<length>@<start>-<end>:<sha256 of the span>.",
            )
        if self._text is not None:
            found = self._found(part, cell, column, self._text)
        elif cell is not None:
            found = cell
        else:
            raise RowError(
                column,
                "A passage that is given as words or offsets needs the article's text.",
                "Run `g60kg draft` with --article: it replaces them by a digest.",
            )
        if found.length < MIN_PASSAGE:
            raise RowError(
                column,
                f"Without white space, the length of the passage is {found.length}; "
                f"at least {MIN_PASSAGE} are needed.",
                "Choose a longer passage around it.",
            )
        if found.place is not None and found.place.start >= found.place.end:
            raise RowError(column, "The passage ends before it starts.", "Give it again by words.")
        return found

    def _found(
        self, part: str, cell: PassageCell | None, column: str, text: NormalizedText
    ) -> PassageCell:
        """Return a passage as it is in the text."""
        if cell is not None:
            return _compared(cell, column, text)
        if offsets := _OFFSETS.fullmatch(part):
            found = PassageCell.at(text, int(offsets[1]), int(offsets[2]))
            if found is None:
                raise RowError(
                    column,
                    f"{offsets[1]}-{offsets[2]} is not a span of the article's text.",
                    f"It has {len(text.content)} characters; a span has letters or digits and "
                    "cuts no combining sequence.",
                )
            return found
        spans = [(span.start, span.end) for span in text.occurrences(normalized(part))]
        return _only(spans, column, text)

    def _locators(self, row: SheetRow, cells: list[PassageCell]) -> Iterator[str]:
        given = [part.strip() for part in row["locator"].split(SEPARATOR)]
        if len(given) > len(cells):
            raise RowError(
                "locator", f"The row has more locators ({len(given)}) than passages ({len(cells)})."
            )
        for number, cell in enumerate(cells):
            locator = given[number] if number < len(given) else ""
            if not locator and self._text is not None and cell.place is not None:
                place = cell.place
                content = self._text.content
                locator = locator_of(content, place.start, place.end, self._language)
            if not locator:
                raise RowError(
                    "locator",
                    f"Passage {number + 1} of the row has no locator.",
                    "Write where readers find it, such as paragraph 4, sentence 2.",
                )
            yield locator


def are_without_offsets(rows: Iterable[SheetRow]) -> bool:
    """Return whether the evidence of rows is committed passages without offsets alone.

    Such a sheet was made from another copy, or a part, of the text: it records no text, and is
    compared with any copy.
    """
    given = list(rows)
    parts = [part for row in given for column in PASSAGE_COLUMNS for part in _parts(row[column])]
    cells = [PassageCell.parsed(part) for part in parts]
    committed = all(cell is not None and cell.place is None for cell in cells)
    return bool(cells) and committed and not any(row["quote"] for row in given)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _compared(cell: PassageCell, column: str, text: NormalizedText) -> PassageCell:
    """Return a committed passage that is in the text; without offsets it stays without."""
    place = cell.place
    if place is not None and PassageCell.at(text, place.start, place.end) == cell:
        return cell
    spans = list(text.places(cell.digest, cell.length))
    if place is None:
        return cell if spans else _only(spans, column, text)
    hint = f"It is at {_listed(spans)}. Write these offsets instead." if spans else None
    raise RowError(column, f"The passage is not at {place.start}-{place.end} of the text.", hint)


def _only(spans: list[tuple[int, int]], column: str, text: NormalizedText) -> PassageCell:
    if not spans:
        raise RowError(column, "The passage is not in the article's text.", "Give its offsets.")
    if len(spans) > 1:
        raise RowError(
            column,
            f"The passage occurs {len(spans)} times in the text, at {_listed(spans)}.",
            "Write the offsets of one instead.",
        )
    found = PassageCell.at(text, *spans[0])
    assert found is not None  # a place is a span
    return found


def _listed(spans: list[tuple[int, int]]) -> str:
    shown = ", ".join(f"{start}-{end}" for start, end in spans[:5])
    return shown if len(spans) <= 5 else f"{shown} …"
