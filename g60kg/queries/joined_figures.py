"""Rows of figures for people: one row for each figure, with its categories in one cell.

The queries of figures have a row for each category of a figure, as joins in SPARQL do, and the
figure in their last column.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.queries.row_order import Row
from g60kg.stores.base import Term

CATEGORY: Final = "category"
_JOINED: Final = (CATEGORY, f"{CATEGORY}Label")


def has_figures(columns: Sequence[str]) -> bool:
    """Return whether these are the columns of a query of figures.

    The last one is ``figure``, and one is ``category``. ``columns`` must be a tuple.
    """
    return columns[-1:] == ("figure",) and CATEGORY in columns


def joined_rows(columns: Sequence[str], rows: Iterable[Row]) -> dict[Row, list[Row]]:
    """Return the rows without their last column, those of a figure joined over its categories.

    Rows that are equal after that are one. The value is the list of the rows that were joined. The
    cell of several categories is a literal with their IRIs, and the cell of their labels a literal
    with all labels.

    >>> node, other, food, towns = map(NamedNode, ("urn:one", "urn:two", "urn:food", "urn:towns"))
    >>> rows = [(food, node), (food, other), (towns, node)]
    >>> [[str(cell) for cell in row] for row in joined_rows(("category", "figure"), rows)]
    [['"urn:food urn:towns"'], ['<urn:food>']]
    """
    joins = [index for index, name in enumerate(columns) if name in _JOINED]
    groups: dict[Row, list[Row]] = {}
    for row in rows:
        key = list(row)
        for index in joins:
            key[index] = None
        groups.setdefault(tuple(key), []).append(row)
    found: dict[Row, list[Row]] = {}
    for group in groups.values():
        cells = list(group[0])
        for index in joins:
            cells[index] = _joined([row[index] for row in group])
        found.setdefault(tuple(cells[:-1]), []).extend(group)
    return found


def _joined(cells: Sequence[Term | None]) -> Term | None:
    if len(cells) == 1:
        return cells[0]
    if all(isinstance(cell, NamedNode) for cell in cells):
        return Literal(" ".join(cell.value for cell in cells if isinstance(cell, NamedNode)))
    return joined_label(cell for cell in cells if isinstance(cell, Literal))


def joined_label(labels: Iterable[Literal]) -> Literal:
    """Return the labels of several categories as one text without a language.

    It has Chinese semicolons if all labels are Chinese.

    >>> joined_label([Literal("食品", language="zh"), Literal("城镇居民", language="zh")]).value
    '食品；城镇居民'
    """
    found = list(labels)
    chinese = all(label.language == "zh" for label in found)
    return Literal(("；" if chinese else "; ").join(label.value for label in found))


def categories_of(column: str, cell: Term | None) -> tuple[NamedNode, ...]:
    """Return the categories in a cell of :func:`joined_rows` that has several; otherwise empty.

    >>> categories_of("category", Literal("urn:food urn:towns"))[1]
    <NamedNode value=urn:towns>
    """
    if column != CATEGORY or not isinstance(cell, Literal):
        return ()
    try:
        return tuple(map(NamedNode, cell.value.split()))
    except ValueError:  # A figure has a text as its category.
        return ()
