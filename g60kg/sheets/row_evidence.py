"""Evidence of a fact sheet's rows: quotations with their offsets, passages, dataset records.

A passage is in the cells `passage` or `context`. A curator writes its words or its offsets; the
committed sheet has digests instead. No message repeats the content of such a cell, since its words
must not be reproduced.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.article_text import MAX_QUOTATION, Text
from g60kg.model.iri_minting import NewEvidence
from g60kg.model.ontology_lookup import Property
from g60kg.model.passage_evidence import MIN_PASSAGE, SEPARATOR, Passage, PassageCell
from g60kg.model.text_diff import differing, nearest_passage
from g60kg.model.text_normalization import NormalizedText, normalized
from g60kg.sheets.cell_literals import integer_in, time_in
from g60kg.sheets.locators import locator_of
from g60kg.sheets.name_resolution import NameResolver
from g60kg.sheets.row_problems import RowProblems
from g60kg.sheets.sheet_file import RowError, SheetRow

#: The columns that hold passages, in the order of the locators of a row.
PASSAGE_COLUMNS: Final = ("passage", "context")
_OFFSETS: Final = re.compile(r"(\d{1,9})\s*[-–]\s*(\d{1,9})", re.ASCII)


@dataclass
class RowEvidence:
    """A reader of the evidence of rows; ``filled`` has cells to replace, by line and column."""

    source: NamedNode
    meanings: NameResolver
    problems: RowProblems
    text: Text | None
    language: str
    reproduce: bool
    filled: dict[int, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._normalized = None if self.text is None else NormalizedText(self.text.content)

    def of(self, row: SheetRow, prop: Property | None) -> tuple[NewEvidence | Passage, ...]:
        """Return the evidence of a row, and add all its errors to the problems."""
        problems, known = self.problems, len(self.problems.found)
        if row["quote"] and not self.reproduce:
            message = "The sheet's line `# reproduce: no` forbids words of the article here."
            hint = "Move them to the column passage and run `g60kg draft` with --article."
            problems.add(row, "quote", message, hint)
        passages = problems.attempt(row, self._passages, row) or ()
        if row["context"] and not (row["quote"] or row["passage"]):
            problems.add(row, "context", "The row has a context, but no quote or passage.")
        is_record = row["record"] or row["dataset"]
        stated = self._record(row) if is_record else self._quotation(row)
        evidence: tuple[NewEvidence | Passage, ...] = (*stated, *passages)
        is_needed = prop is not None and prop.requires_evidence and not evidence
        if prop is not None and is_needed and len(problems.found) == known:
            hint = "Fill in quote or passage, or dataset and record."
            problems.add(row, "quote", f"{prop.name} needs evidence.", hint)
        return evidence

    def _record(self, row: SheetRow) -> tuple[NewEvidence, ...]:
        attempt = self.problems.attempt
        if not (row["record"] and row["dataset"]):
            blank = "record" if row["dataset"] else "dataset"
            self.problems.add(row, blank, f"The {blank} is missing: both are needed.")
        elif row["passage"]:
            message = "A row has a passage or a record, not both."
            self.problems.add(row, "passage", message)
        dataset = attempt(row, self.meanings.dataset, row) if row["dataset"] else None
        retrieved = attempt(row, time_in, row, "retrieved")
        if dataset is None:
            return ()
        return (NewEvidence(dataset, row["quote"], record=row["record"], retrieved=retrieved),)

    def _quotation(self, row: SheetRow) -> tuple[NewEvidence, ...]:
        if not row["quote"] or not self.reproduce:
            return ()
        if len(row["quote"]) > MAX_QUOTATION:
            message = f"The quote has {len(row['quote'])} characters; {MAX_QUOTATION} are allowed."
            hint = "Keep the text that supports the claim."
            self.problems.add(row, "quote", message, hint)
        if row["start"] and integer_in(row["start"]) is None:
            self.problems.add(row, "start", f'"{row["start"]}" is not an offset.')
            if self.text is None:
                return ()
        start = self.problems.attempt(row, _place, row, self.text)
        if start is None:
            return ()
        if not row["start"]:
            self._fill(row, {"start": str(start)})
        return (NewEvidence(self.source, quote=row["quote"], start=start),)

    def _fill(self, row: SheetRow, cells: dict[str, str]) -> None:
        changed = {column: cell for column, cell in cells.items() if row[column] != cell}
        if changed:
            self.filled.setdefault(row.line, {}).update(changed)

    def _passages(self, row: SheetRow) -> tuple[Passage, ...]:
        found = {
            column: [self._passage(part, column) for part in _parts(row[column])]
            for column in PASSAGE_COLUMNS
        }
        cells = [cell for parts in found.values() for cell in parts]
        if not cells:
            if row["locator"]:
                raise RowError("locator", "The row has a locator, but no passage.")
            return ()
        locators = list(self._locators(row, cells))
        committed = {
            column: SEPARATOR.join(map(str, parts)) for column, parts in found.items() if parts
        }
        self._fill(row, {**committed, "locator": SEPARATOR.join(locators)})
        return tuple(
            Passage(self.source, cell.digest, cell.length, locator, cell.place)
            for cell, locator in zip(cells, locators, strict=True)
        )

    def _passage(self, part: str, column: str) -> PassageCell:
        cell = PassageCell.parsed(part)
        if cell is None and part.lower().startswith("norm-1:"):
            hint = "Its form is norm-1:<sha256>:<length>@<start>-<end>:<sha256 of the span>."
            raise RowError(column, "The digest of the passage is incomplete.", hint)
        if self._normalized is not None:
            found = _in_text(part, cell, column, self._normalized)
        elif cell is not None:
            found = cell
        else:
            message = "A passage that is given as words or offsets needs the article's text."
            hint = "Run `g60kg draft` with --article: it replaces them by a digest."
            raise RowError(column, message, hint)
        if found.length < MIN_PASSAGE:
            message = (
                f"Without white space, the length of the passage is {found.length}; "
                f"at least {MIN_PASSAGE} are needed."
            )
            raise RowError(column, message, "Choose a longer passage around it.")
        if found.place is not None and found.place.start >= found.place.end:
            raise RowError(column, "The passage ends before it starts.", "Give it again by words.")
        return found

    def _locators(self, row: SheetRow, cells: list[PassageCell]) -> Iterator[str]:
        given = [part.strip() for part in row["locator"].split(SEPARATOR)]
        if len(given) > len(cells):
            raise RowError(
                "locator", f"The row has more locators ({len(given)}) than passages ({len(cells)})."
            )
        for number, cell in enumerate(cells):
            locator, place = given[number] if number < len(given) else "", cell.place
            if not locator and self._normalized is not None and place is not None:
                content = self._normalized.content
                locator = locator_of(content, place.start, place.end, self.language)
            if not locator:
                message = f"Passage {number + 1} of the row has no locator."
                hint = "Write where readers find it, such as paragraph 4, sentence 2."
                raise RowError("locator", message, hint)
            yield locator


def are_without_offsets(rows: Iterable[SheetRow]) -> bool:
    """Return whether rows have passages, all as digests without offsets, and no quotes.

    Such a sheet records no text, and is compared with any copy.
    """
    given = list(rows)
    parts = [part for row in given for column in PASSAGE_COLUMNS for part in _parts(row[column])]
    cells = [PassageCell.parsed(part) for part in parts]
    committed = all(cell is not None and cell.place is None for cell in cells)
    return bool(cells) and committed and not any(row["quote"] for row in given)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _in_text(part: str, cell: PassageCell | None, column: str, text: NormalizedText) -> PassageCell:
    """Return the passage that ``part`` gives as words, offsets or digest, with its offsets.

    ``cell`` is the parsed digest, else None. A digest without offsets stays without. Raise RowError
    if it is not there, or is given by words that are there more than once.
    """
    if cell is None:
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
        return _only([(s.start, s.end) for s in text.occurrences(normalized(part))], column, text)
    place = cell.place
    if place is not None and PassageCell.at(text, place.start, place.end) == cell:
        return cell
    spans = list(text.places(cell.digest, cell.length))
    if place is None:
        return cell if spans else _only(spans, column, text)
    hint = f"It is at {_listed_spans(spans)}. Write these offsets instead." if spans else None
    raise RowError(column, f"The passage is not at {place.start}-{place.end} of the text.", hint)


def _only(spans: list[tuple[int, int]], column: str, text: NormalizedText) -> PassageCell:
    if not spans:
        raise RowError(column, "The passage is not in the article's text.", "Give its offsets.")
    if len(spans) > 1:
        message = f"The passage occurs {len(spans)} times in the text, at {_listed_spans(spans)}."
        raise RowError(column, message, "Write the offsets of one instead.")
    found = PassageCell.at(text, *spans[0])
    assert found is not None  # a place is a span
    return found


def _listed_spans(spans: list[tuple[int, int]]) -> str:
    shown = ", ".join(f"{start}-{end}" for start, end in spans[:5])
    return shown if len(spans) <= 5 else f"{shown} …"


def _place(row: SheetRow, text: Text | None) -> int:
    """Return the offset, in code points, of a row's quote in the text.

    Raise RowError if it is not there, or more than once without ``start`` or ``occurrence``.
    Without a text, ``start`` is required, but not checked.
    """
    given = integer_in(row["start"])
    if text is None:
        if given is None:
            raise RowError(
                "start",
                "The quote has no offset.",
                "Fill in start, or give the article's text: to `g60kg draft` with --article, or "
                "on the page in the field below.",
            )
        return given
    places = text.places(row["quote"])
    listed = ", ".join(map(str, places))
    if not places:
        near = nearest_passage(row["quote"], text.content)
        hint = None
        if near is not None:
            hint = f"Near: {differing(row['quote'], near)}. The article's text: {near}"
        raise RowError("quote", "The quote is not in the article's text.", hint)
    if given is not None:
        if given not in places:
            raise RowError("start", f"The quote is not at {given}.", f"It is at {listed}.")
        return given
    if not row["occurrence"]:
        if len(places) > 1:
            message = f"The quote occurs {len(places)} times in the text, at {listed}."
            hint = "Fill in the column occurrence (1 is the first), or quote more text."
            raise RowError("quote", message, hint)
        return places[0]
    number = integer_in(row["occurrence"])
    if number is None or not 1 <= number <= len(places):
        message = f'"{row["occurrence"]}" is not one of the occurrences: 1 to {len(places)}.'
        raise RowError("occurrence", message)
    return places[number - 1]
