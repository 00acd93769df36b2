"""View model of the SPARQL editor: the result of the user's query."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode, QueryBoolean, QueryTriples

from g60kg.errors import QuerySyntaxError, UsageError
from g60kg.export import write_triples
from g60kg.namespaces import compact
from g60kg.queries.execution import run_select
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import Term
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import RowModel, TableModel, TermModel
from g60kg.web.views.query_results import ROWS, kind_of

#: The most rows or triples, cells and characters of the page; downloads have all of them.
MOST: Final = 200
_CELLS: Final = 20_000
_TEXT: Final = 2_000
_TURTLE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a query: ``kind`` is ``rows``, ``boolean`` or ``graph``; empty after an error.

    ``more`` says whether rows or triples are left out; lines are counted from 1.
    """

    kind: str = ""
    table: TableModel | None = None
    truth: bool = False
    turtle: str = ""
    more: bool = False
    error: str = ""
    hint: str | None = None
    line: int | None = None


def outcome(text: str, language: str) -> Outcome:
    """Return the result of a query, up to the limits of the page."""
    reader = PageReader(language)
    try:
        kind = kind_of(text)
        if kind == ROWS:
            answer = run_select(reader.store, text)
            most = max(1, min(MOST, _CELLS // max(1, len(answer.columns))))
            rows = [row for row, _ in islice(answer.stream(), most + 1)]
            shown = tuple(
                RowModel(
                    {
                        name: _cell(reader, cell)
                        for name, cell in zip(answer.columns, row, strict=True)
                    }
                )
                for row in rows[:most]
            )
            table = TableModel(answer.columns, shown, more=len(rows) > most)
            return Outcome(kind, table, more=table.more)
        result = reader.store.query(text)
    except UsageError as wrong:
        line = wrong.line if isinstance(wrong, QuerySyntaxError) else None
        return Outcome(error=wrong.message, hint=wrong.hint, line=line)
    if isinstance(result, QueryBoolean):
        return Outcome(kind, truth=bool(result))
    assert isinstance(result, QueryTriples)
    triples = list(islice(result, MOST + 1))
    out = io.BytesIO()
    write_triples(iter(triples[:MOST]), "turtle", out)
    turtle = out.getvalue().decode()
    cut = len(triples) > MOST or len(turtle) > _TURTLE
    return Outcome(kind, turtle=turtle[:_TURTLE], more=cut)


def _cell(reader: PageReader, cell: Term | None) -> TermModel | None:
    # The author of a query wants the terms themselves, not their labels.
    if cell is None:
        return None
    shown = reader.term_model(cell)
    text = compact(cell.value) if isinstance(cell, NamedNode) else shown.text
    return replace(shown, text=excerpt(text, _TEXT), figure=None)
