"""Evidence of a fact sheet's rows: quotations with their offsets, passages, dataset records."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from g60kg.model.article_text import MAX_QUOTATION, Text
from g60kg.model.iri_minting import Evidence, EvidenceNode
from g60kg.model.ontology_lookup import Property
from g60kg.model.text_diff import differing, nearest_passage
from g60kg.sheets.cell_literals import integer_in, time_in
from g60kg.sheets.name_resolution import Meanings
from g60kg.sheets.passage_cells import PassageCells
from g60kg.sheets.sheet_file import RowError, SheetRow


@dataclass
class RowEvidence:
    """Reads the evidence of rows.

    Attributes:
        source: the Article of the sheet.
        meanings: the names of datasets.
        text: the article's text, or None.
        language: of the sheet.
        reproduce: whether the sheet may hold words of the article.
        filled: cells by line and column, with the offsets and digests found in the text.
    """

    source: NamedNode
    meanings: Meanings
    text: Text | None
    language: str
    reproduce: bool
    filled: dict[int, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._passages = PassageCells(self.source, self.text, self.language)

    def of(self, row: SheetRow, prop: Property | None) -> tuple[EvidenceNode, ...]:
        """Return the evidence of a row; a property may need some.

        Raises:
            RowError: evidence is missing, incomplete, too long, or not in the text.
        """
        if row["quote"] and not self.reproduce:
            raise RowError(
                "quote",
                "The sheet's line `# reproduce: no` forbids words of the article here.",
                "Move them to the column passage and run `g60kg draft` with --article.",
            )
        passages = self._passages.read(row)
        if row["context"] and not (row["quote"] or row["passage"]):
            raise RowError("context", "The row has a context, but no quote or passage.")
        if passages.cells:
            self._fill(row, passages.cells)
        stated = self._stated(row)
        evidence: tuple[EvidenceNode, ...] = (*stated, *passages.passages)
        if not evidence and prop is not None and prop.requires_evidence:
            raise RowError(
                "quote",
                f"{prop.name} needs evidence.",
                "Fill in quote or passage, or dataset and record.",
            )
        return evidence

    def _stated(self, row: SheetRow) -> tuple[Evidence, ...]:
        """Return the record or the quotation of a row."""
        if row["record"] or row["dataset"]:
            if not (row["record"] and row["dataset"]):
                blank = "record" if row["dataset"] else "dataset"
                raise RowError(blank, f"The {blank} is missing: both are needed.")
            if row["passage"]:
                raise RowError("passage", "A row has a passage or a record, not both.")
            dataset, retrieved = self.meanings.dataset(row), time_in(row, "retrieved")
            return (Evidence(dataset, row["quote"], record=row["record"], retrieved=retrieved),)
        if not row["quote"]:
            return ()
        if len(row["quote"]) > MAX_QUOTATION:
            raise RowError(
                "quote",
                f"The quote has {len(row['quote'])} characters; {MAX_QUOTATION} are allowed.",
                "Keep the text that supports the claim.",
            )
        start = place_quote(row, self.text)
        if not row["start"]:
            self._fill(row, {"start": str(start)})
        return (Evidence(self.source, quote=row["quote"], start=start),)

    def _fill(self, row: SheetRow, cells: dict[str, str]) -> None:
        changed = {column: cell for column, cell in cells.items() if row[column] != cell}
        if changed:
            self.filled.setdefault(row.line, {}).update(changed)


def place_quote(row: SheetRow, text: Text | None) -> int:
    """Return the offset, in code points, of a row's quote.

    With the text, the quote is searched in it, and a given ``start`` must be right. Without it,
    ``start`` is not checked.
    """
    given = integer_in(row["start"])
    if row["start"] and given is None:
        raise RowError("start", f'"{row["start"]}" is not an offset.')
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
