"""Rows of canned queries for people who read Chinese: headings, enumerated values, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeGuard

from pyoxigraph import Literal, NamedNode

from g60kg.namespaces import compact
from g60kg.row_formats import Evidenced
from g60kg.row_formats.evidence_rows import SHOWN_COLUMNS
from g60kg.stores.base import Term
from g60kg.web.i18n import PageTexts, page_texts
from g60kg.web.message_catalog import chinese

_HEADINGS: Final = frozenset((*SHOWN_COLUMNS, "evidence"))
_LABEL: Final = "Label"
#: Columns of names that the code or a query gives, not the graph.
_ENUMERATED: Final = frozenset(
    ("comparator", "direction", "language", "modality", "section", "status")
)


def translated_rows(
    columns: Sequence[str], rows: Iterable[Evidenced], language: str, *, mark: bool = False
) -> tuple[Sequence[str], Iterable[Evidenced]]:
    """Return columns and rows with headings and enumerated values in a language.

    Terms of other vocabularies, which have no label in the graph, become text. With ``mark``, a
    text in another language begins with its language; names of entities do not.

    >>> from pyoxigraph import NamedNode
    >>> from g60kg.namespaces import term
    >>> cells = (term("rdf:type"), None, Literal("Asserted;Goal"))
    >>> columns = ("property", "propertyLabel", "modality")
    >>> names, rows = translated_rows(columns, [(cells, ())], "zh")
    >>> names, [cell.value for cell in next(iter(rows))[0] if isinstance(cell, Literal)]
    (('属性', '属性Label', '陈述性质'), ['类别', '直接陈述；目标，尚未实现'])
    """
    texts = page_texts(language)
    labelled = {name for name in columns if f"{name}{_LABEL}" in columns}
    labels = {f"{name}{_LABEL}": f"{texts.column(name)}{_LABEL}" for name in labelled}
    headings = tuple(labels.get(name) or texts.column(name) for name in columns)
    return headings, _rows(columns, rows, labelled, texts, language if mark else "")


def _rows(
    columns: Sequence[str],
    rows: Iterable[Evidenced],
    labelled: set[str],
    texts: PageTexts,
    language: str,
) -> Iterator[Evidenced]:
    for row, quoted in rows:
        cells = dict(zip(columns, row, strict=True))
        for name, cell in zip(columns, row, strict=True):
            text = _text(name, cell, texts)
            if not text and name.removesuffix(_LABEL) == name and _is_foreign(cell, language):
                cells[name] = Literal(f"[{cell.language}] {cell.value}")
            elif text and name not in labelled:
                cells[name] = Literal(text)
            elif text and cells[f"{name}{_LABEL}"] is None:
                cells[f"{name}{_LABEL}"] = Literal(text)
        yield tuple(cells.values()), quoted


def _text(column: str, cell: Term | None, texts: PageTexts) -> str:
    """Return the text of an enumerated value or of a term without a label; else an empty one."""
    if isinstance(cell, NamedNode):
        curie = compact(cell.value)
        unit = curie.replace("unit:", "unit-name.")
        return texts.or_else(unit if unit != curie else f"term.{curie}", "")
    if isinstance(cell, Literal) and column in _ENUMERATED:
        return enumerated(cell.value, texts)
    return ""


def _is_foreign(cell: Term | None, language: str) -> TypeGuard[Literal]:
    """Return whether a cell is a text in another language than that; in none if it is empty."""
    own = (cell.language if isinstance(cell, Literal) else None) or language
    return bool(language) and own.partition("-")[0] != language


def enumerated(text: str, texts: PageTexts) -> str:
    """Return an enumerated value, or several joined with semicolons; others unchanged."""
    return "；".join(_part(part, texts) for part in text.split(";"))


def _part(text: str, texts: PageTexts) -> str:
    keys = (f"{kind}.{text.lower()}" for kind in ("modality", "value", "language"))
    return next(filter(None, (texts.or_else(key, "") for key in keys)), text)


def evidence_text(text: str, language: str) -> str:
    """Return the name of a column of evidence, a modality or a locator in a language."""
    texts = page_texts(language)
    return texts.column(text) if text in _HEADINGS else chinese(enumerated(text, texts))
