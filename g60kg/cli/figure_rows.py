"""Rows of figures as text for tables: value with comparator, unit in words, readable period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.figure_text import counts_people, figure_of_row
from g60kg.namespaces import compact, local_name
from g60kg.row_formats import Evidenced
from g60kg.stores.base import Term

if TYPE_CHECKING:
    from g60kg.web.i18n import PageTexts

_NEEDED: Final = frozenset(("value", "comparator", "unit", "period", "periodStated"))
#: Columns whose content is in the text of the value or the period.
_JOINED: Final = ("comparator", "upper", "periodStated")


def readable_figures(
    columns: Sequence[str], rows: Iterable[Evidenced], language: str
) -> tuple[Sequence[str], Iterable[Evidenced]]:
    """Return columns and rows with figures as text; those of a query without figures unchanged.

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
    # Imported here: reading the texts of pages takes long.
    from g60kg.web.i18n import page_texts

    kept = tuple(name for name in columns if name not in _JOINED)
    return kept, _readable(columns, kept, rows, page_texts(language))


def _readable(
    columns: Sequence[str], kept: Sequence[str], rows: Iterable[Evidenced], texts: PageTexts
) -> Iterator[Evidenced]:
    for row, quoted in rows:
        cells = dict(zip(columns, row, strict=True))
        cells["value"] = _value(cells, texts)
        cells["period"] = _period(cells, texts)
        cells["unit"] = _unit(cells, texts)
        yield tuple(cells[name] for name in kept), quoted


def _value(cells: dict[str, Term | None], texts: PageTexts) -> Term | None:
    figure = figure_of_row(cells)
    return cells["value"] if figure is None else Literal(texts.figure_without_unit(figure))


def _period(cells: dict[str, Term | None], texts: PageTexts) -> Term | None:
    period = cells["period"]
    if period is None:
        return None
    date = texts.date(_text(period))
    stated = _text(cells["periodStated"]) == "true"
    return Literal(date if stated else texts("chart.published", date=date))


def _unit(cells: dict[str, Term | None], texts: PageTexts) -> Term | None:
    unit = cells["unit"]
    if not isinstance(unit, NamedNode):
        return unit
    if counts_people(unit, cells.values()):
        return Literal(texts("unit-name.NUM.people"))
    return Literal(texts.or_else(f"unit-name.{local_name(unit.value)}", compact(unit.value)))


def _text(cell: Term | None) -> str:
    return cell.value if isinstance(cell, Literal) else ""
