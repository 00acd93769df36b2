"""Rows with evidence, and their form in formats with columns only: a line per quotation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import Quotation

Term = NamedNode | BlankNode | Literal
Row = Sequence[Term | None]
#: A row and its quotations; none if no evidence was requested.
Evidenced = tuple[Row, Sequence[Quotation]]

#: The columns that evidence adds to formats that have only columns.
EVIDENCE_COLUMNS: Final = (
    *("quote", "article", "start", "end", "modality", "locator", "grade"),
    *("title", "publisher", "date", "url"),
)
#: The columns of evidence in tables for people, where a locator is in the place of a quote.
SHOWN_COLUMNS: Final = ("quote", "article", "start", "end", "modality", "grade")


def with_evidence_columns(
    columns: Sequence[str],
    of_evidence: Sequence[str] = EVIDENCE_COLUMNS,
    prefix: str = "evidence",
) -> tuple[str, ...]:
    """Return the columns and those of evidence, which are renamed where a name is taken.

    >>> with_evidence_columns(["city", "start"])[2:5]
    ('quote', 'article', 'evidenceStart')
    """
    added = (f"{prefix}{name.title()}" if name in columns else name for name in of_evidence)
    return (*columns, *added)


def one_line_per_quotation(rows: Iterable[Evidenced]) -> Iterator[Row]:
    """Yield each row once per quotation, with more cells; once if it has no quotation."""
    for row, quotations in rows:
        for quoted in quotations:
            yield (*row, *evidence_cells(quoted))
        if not quotations:
            yield (*row, *(None for _ in EVIDENCE_COLUMNS))


def evidence_cells(quoted: Quotation) -> Row:
    """Return the cells of EVIDENCE_COLUMNS for a quotation."""
    return (
        _literal(quoted.quote),
        NamedNode(quoted.article) if quoted.article else None,
        None if quoted.start is None else Literal(quoted.start),
        None if quoted.end is None else Literal(quoted.end),
        *map(_literal, (quoted.modality, quoted.locator, quoted.grade)),
        *map(_literal, (quoted.title, quoted.publisher, quoted.date, quoted.url)),
    )


def _literal(text: str) -> Literal | None:
    return Literal(text) if text else None
