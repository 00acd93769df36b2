"""Evidence of a fact sheet's rows: quotations with their offsets, passages, dataset records."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from g60kg.model.article_text import MAX_QUOTATION, Text
from g60kg.model.iri_minting import Evidence
from g60kg.model.ontology_lookup import Property
from g60kg.model.passage_evidence import Passage
from g60kg.model.text_diff import differing, nearest_passage
from g60kg.sheets.cell_literals import integer_in, time_in
from g60kg.sheets.name_resolution import Meanings
from g60kg.sheets.passage_cells import PassageCells
from g60kg.sheets.row_problems import RowProblems
from g60kg.sheets.sheet_file import RowError, SheetRow


@dataclass
class RowEvidence:
    """Reads the evidence of rows.

    Attributes:
        source: the Article of the sheet.
        meanings: the names of datasets.
        problems: where errors are reported.
        text: the article's text, or None.
        language: of the sheet.
        reproduce: whether the sheet may hold words of the article.
        filled: cells by line and column, with the offsets and digests found in the text.
    """

    source: NamedNode
    meanings: Meanings
    problems: RowProblems
    text: Text | None
    language: str
    reproduce: bool
    filled: dict[int, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._passages = PassageCells(self.source, self.text, self.language)

    def of(self, row: SheetRow, prop: Property | None) -> tuple[Evidence | Passage, ...]:
        """Return the evidence of a row after reporting all its errors; a property may need some."""
        attempt, known = self.problems.attempt, len(self.problems.found)
        attempt(row, self._check_reproduced, row)
        passages = attempt(row, self._passages.read, row)
        if passages and passages.cells:
            self._fill(row, passages.cells)
        attempt(row, _check_context, row)
        is_record = row["record"] or row["dataset"]
        stated = self._record(row) if is_record else self._quotation(row)
        evidence: tuple[Evidence | Passage, ...] = (
            *stated,
            *(passages.passages if passages else ()),
        )
        if not evidence and prop is not None and len(self.problems.found) == known:
            attempt(row, _check_needed, prop)
        return evidence

    def _check_reproduced(self, row: SheetRow) -> None:
        if row["quote"] and not self.reproduce:
            raise RowError(
                "quote",
                "The sheet's line `# reproduce: no` forbids words of the article here.",
                "Move them to the column passage and run `g60kg draft` with --article.",
            )

    def _record(self, row: SheetRow) -> tuple[Evidence, ...]:
        attempt = self.problems.attempt
        attempt(row, _check_record, row)
        dataset = attempt(row, self.meanings.dataset, row) if row["dataset"] else None
        retrieved = attempt(row, time_in, row, "retrieved")
        if dataset is None:
            return ()
        return (Evidence(dataset, row["quote"], record=row["record"], retrieved=retrieved),)

    def _quotation(self, row: SheetRow) -> tuple[Evidence, ...]:
        if not row["quote"] or not self.reproduce:
            return ()
        self.problems.attempt(row, _check_length, row)
        is_readable = self.problems.attempt(row, _check_start, row)
        if self.text is None and not is_readable:
            return ()
        start = self.problems.attempt(row, _place, row, self.text)
        if start is None:
            return ()
        if not row["start"]:
            self._fill(row, {"start": str(start)})
        return (Evidence(self.source, quote=row["quote"], start=start),)

    def _fill(self, row: SheetRow, cells: dict[str, str]) -> None:
        changed = {column: cell for column, cell in cells.items() if row[column] != cell}
        if changed:
            self.filled.setdefault(row.line, {}).update(changed)


def _check_context(row: SheetRow) -> None:
    if row["context"] and not (row["quote"] or row["passage"]):
        raise RowError("context", "The row has a context, but no quote or passage.")


def _check_needed(prop: Property) -> None:
    if prop.requires_evidence:
        raise RowError(
            "quote",
            f"{prop.name} needs evidence.",
            "Fill in quote or passage, or dataset and record.",
        )


def _check_record(row: SheetRow) -> None:
    if not (row["record"] and row["dataset"]):
        blank = "record" if row["dataset"] else "dataset"
        raise RowError(blank, f"The {blank} is missing: both are needed.")
    if row["passage"]:
        raise RowError("passage", "A row has a passage or a record, not both.")


def _check_length(row: SheetRow) -> None:
    if len(row["quote"]) > MAX_QUOTATION:
        raise RowError(
            "quote",
            f"The quote has {len(row['quote'])} characters; {MAX_QUOTATION} are allowed.",
            "Keep the text that supports the claim.",
        )


def _check_start(row: SheetRow) -> bool:
    if row["start"] and integer_in(row["start"]) is None:
        raise RowError("start", f'"{row["start"]}" is not an offset.')
    return True


def _place(row: SheetRow, text: Text | None) -> int:
    """Return the offset, in code points, of a row's quote.

    With the text, the quote is searched in it, and a given ``start`` must be right. Without it,
    ``start`` is not checked.
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
    if not places:
        raise RowError("quote", "The quote is not in the article's text.", _near_miss(row, text))
    if given is None:
        return _chosen(row, places)
    if given not in places:
        raise RowError("start", f"The quote is not at {given}.", f"It is at {_listed(places)}.")
    return given


def _near_miss(row: SheetRow, text: Text) -> str | None:
    """Return the nearest passage of the text and its difference from a quote."""
    near = nearest_passage(row["quote"], text.content)
    if near is None:
        return None
    return f"Near: {differing(row['quote'], near)}. The article's text: {near}"


def _chosen(row: SheetRow, places: tuple[int, ...]) -> int:
    if not row["occurrence"]:
        if len(places) > 1:
            raise RowError(
                "quote",
                f"The quote occurs {len(places)} times in the text, at {_listed(places)}.",
                "Fill in the column occurrence (1 is the first), or quote more text.",
            )
        return places[0]
    number = integer_in(row["occurrence"])
    if number is None or not 1 <= number <= len(places):
        raise RowError(
            "occurrence",
            f'"{row["occurrence"]}" is not one of the occurrences: 1 to {len(places)}.',
        )
    return places[number - 1]


def _listed(places: tuple[int, ...]) -> str:
    return ", ".join(map(str, places))
