"""Rows on their way to a format, and the lines that their quotations add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import Quotation

Term = NamedNode | BlankNode | Literal
Row = Sequence[Term | None]
#: A row and what stands behind it; nothing where no evidence was asked for.
Evidenced = tuple[Row, Sequence[Quotation]]

#: The columns that evidence adds to formats that have only columns.
EVIDENCE_COLUMNS: Final = ("quote", "article", "start", "end", "modality")


def with_evidence_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns and those of evidence; of two with one name, the added one says what it is.

    >>> with_evidence_columns(["city", "start"])[-4:]
    ('article', 'evidenceStart', 'end', 'modality')
    """
    added = (f"evidence{name.title()}" if name in columns else name for name in EVIDENCE_COLUMNS)
    return (*columns, *added)


def line_a_quotation(rows: Iterable[Evidenced]) -> Iterator[Row]:
    """Each row once for each of its quotations, these in five more cells; alone if it has none."""
    for row, quotations in rows:
        for quoted in quotations:
            yield (*row, *_cells(quoted))
        if not quotations:
            yield (*row, None, None, None, None, None)


def _cells(quoted: Quotation) -> Row:
    return (
        Literal(quoted.quote),
        NamedNode(quoted.article) if quoted.article else None,
        None if quoted.start is None else Literal(quoted.start),
        None if quoted.end is None else Literal(quoted.end),
        Literal(quoted.modality) if quoted.modality else None,
    )
