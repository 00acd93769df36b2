"""Rows of canned queries for people: figures as text, and for Chinese readers translated rows.

Translated rows have Chinese headings and Chinese names of enumerated values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeGuard

from pyoxigraph import Literal, NamedNode

from g60kg.model.figure_text import counts_people, figure_of_row
from g60kg.namespaces import compact, local_name
from g60kg.row_formats.evidence_rows import SHOWN_COLUMNS, Evidenced, ReaderTexts, Row
from g60kg.stores.base import Term

# Imported where they are used: reading the texts of pages takes long.
if TYPE_CHECKING:
    from g60kg.model.evidence import Quotation
    from g60kg.model.i18n import PageTexts

_LABEL: Final = "Label"


def rows_for_people(
    columns: Sequence[str],
    rows: Iterable[Evidenced],
    language: str,
    *,
    figures: bool = True,
    mark: bool = True,
) -> tuple[Sequence[str], Iterable[Evidenced], Callable[[str], str]]:
    """Return columns, rows and the translation of evidence for readers of a language.

    With ``figures``, figures are text. For ``zh``, headings and enumerated values are in Chinese,
    and so is a term of another vocabulary that has no label in the graph. With ``mark``, a text in
    another language gets its tag in front, except in a column of labels. For any other language,
    nothing else is translated.

    >>> from pyoxigraph import NamedNode
    >>> from g60kg.namespaces import term
    >>> cells = (term("rdf:type"), None, Literal("Asserted;Goal"))
    >>> columns = ("property", "propertyLabel", "modality")
    >>> names, rows, _ = rows_for_people(columns, [(cells, ())], "zh")
    >>> names, [cell.value for cell in next(iter(rows))[0] if isinstance(cell, Literal)]
    (('属性', '属性Label', '陈述性质'), ['类型', '直接陈述；目标，尚未实现'])
    """
    if figures:
        columns, rows = readable_figures(columns, rows, language)
    if language != "zh":
        return columns, rows, str
    from g60kg.model.i18n import page_texts

    texts = page_texts(language)
    labelled = {name for name in columns if f"{name}{_LABEL}" in columns}
    labels = {f"{name}{_LABEL}": f"{texts.column(name)}{_LABEL}" for name in labelled}
    headings = tuple(labels.get(name) or texts.column(name) for name in columns)
    translated = _rows(columns, rows, labelled, texts, language if mark else "")
    return headings, translated, partial(evidence_term, language=language)


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
            text = _text(name, cell, texts=texts)
            if not text and name.removesuffix(_LABEL) == name and _is_foreign(cell, language):
                cells[name] = Literal(f"[{cell.language}] {cell.value}")
            elif text and name not in labelled:
                cells[name] = Literal(text)
            elif text and cells[f"{name}{_LABEL}"] is None:
                cells[f"{name}{_LABEL}"] = Literal(text)
        yield tuple(cells.values()), quoted


def reader_texts(language: str, footnote: Callable[[Quotation], str] | None = None) -> ReaderTexts:
    """Return the texts of tables for readers in a language; ``footnote`` writes their sources."""
    from g60kg.model.i18n import page_texts

    texts = page_texts(language)
    return ReaderTexts(texts.column, partial(_text, texts=texts), footnote)


def _text(column: str, cell: Term | None, row: Row = (), *, texts: PageTexts) -> str:
    """Return the text of an enumerated value or of a term without a label; else an empty text.

    In the row of a population, the unit of a number is people.
    """
    if isinstance(cell, NamedNode):
        if column == "unit":
            name = "NUM.people" if counts_people(cell, row) else local_name(cell.value)
            return texts.or_else(f"unit-name.{name}", compact(cell.value))
        curie = compact(cell.value)
        unit = curie.replace("unit:", "unit-name.")
        return texts.or_else(unit if unit != curie else f"term.{curie}", "")
    if not isinstance(cell, Literal):
        return ""
    text = texts.value(column, cell.value)
    return "" if text == cell.value else text


def _is_foreign(cell: Term | None, language: str) -> TypeGuard[Literal]:
    own = (cell.language if isinstance(cell, Literal) else None) or language
    return bool(language) and own.partition("-")[0] != language


def evidence_term(text: str, language: str) -> str:
    """Return a heading, locator or modality of evidence in Chinese; ``language`` is ``zh``."""
    from g60kg.model.i18n import page_texts
    from g60kg.model.i18n.message_catalog import chinese

    texts = page_texts(language)
    if text in (*SHOWN_COLUMNS, "evidence"):
        return texts.column(text)
    return chinese(texts.value("modality", texts.value("locator", text)))


_NEEDED: Final = frozenset(("value", "comparator", "unit", "period", "periodStated"))
#: Columns whose content is in the text of the value or the period.
_JOINED: Final = ("comparator", "upper", "periodStated")


def readable_figures(
    columns: Sequence[str], rows: Iterable[Evidenced], language: str
) -> tuple[Sequence[str], Iterable[Evidenced]]:
    """Return columns and rows in which figures are text.

    The value includes the comparator and an upper value, and the period says whether the source
    states it. The columns of these parts are left out. The result of a query without figures is
    unchanged.

    >>> from pyoxigraph import Literal, NamedNode
    >>> decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    >>> cells = (Literal("3000", datatype=decimal), Literal("nearly"), NamedNode(
    ...     "http://qudt.org/vocab/unit/NUM"), Literal("2023-07-11"), Literal("false"))
    >>> names, rows = readable_figures(
    ...     ("value", "comparator", "unit", "period", "periodStated"), [(cells, ())], "en")
    >>> names, [cell.value for cell in next(iter(rows))[0]]
    (('value', 'unit', 'period'), ['nearly 3,000', 'number', 'as published 11 July 2023'])
    """
    if not set(columns) >= _NEEDED:
        return columns, rows
    from g60kg.model.i18n import page_texts

    kept = tuple(name for name in columns if name not in _JOINED)
    return kept, _readable(columns, kept, rows, page_texts(language))


def _readable(
    columns: Sequence[str], kept: Sequence[str], rows: Iterable[Evidenced], texts: PageTexts
) -> Iterator[Evidenced]:
    for row, quoted in rows:
        cells = dict(zip(columns, row, strict=True))
        figure, unit, period = figure_of_row(cells), cells["unit"], cells["period"]
        if figure is not None:
            cells["value"] = Literal(texts.figure_without_unit(figure))
        if text := _text("unit", unit, row, texts=texts):
            cells["unit"] = Literal(text)
        if period is not None:
            date = texts.date(period.value if isinstance(period, Literal) else "")
            stated = cells["periodStated"]
            is_stated = isinstance(stated, Literal) and stated.value == "true"
            cells["period"] = Literal(date if is_stated else texts("chart.published", date=date))
        yield tuple(cells[name] for name in kept), quoted
