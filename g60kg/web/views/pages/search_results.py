"""View models of the search page, of suggestions for unknown names, and of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import UsageError
from g60kg.namespaces import compact
from g60kg.web.views.open_graph import lookup
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import RowModel, TermModel, grouped

#: The most names of one page.
MOST: Final = 300


#: Entities, each with its rows: a row for each of its names that contain the text.
Hits = list[tuple[TermModel | None, list[RowModel]]]


@dataclass(frozen=True, slots=True)
class Found:
    """The results of a search, by class; the nearest names if there are none."""

    groups: tuple[tuple[TermModel, Hits], ...]
    nearest: tuple[TermModel, ...]
    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A relation of an entity with another: its direction and property."""

    out: bool
    predicate: TermModel
    other: TermModel


def search(language: str, text: str) -> Found:
    """Return the entities with a text in a name, by class."""
    reader = PageReader(language)
    table = reader.answer("search", {"text": text}, limit=MOST)
    groups = [
        (kind, grouped(rows, "entity"))
        for kind, rows in grouped(table.rows, "class")
        if kind is not None
    ]
    groups.sort(key=lambda group: (-len(group[1]), group[0].text))
    count = sum(len(hits) for _, hits in groups)
    near = () if count else _nearest(reader, text)
    return Found(tuple(groups), near, count, table.more)


def nearest(language: str, text: str) -> tuple[TermModel, ...]:
    """Return the entities whose names are nearest to a text."""
    return _nearest(PageReader(language), text)


@lookup
def neighbourhood(language: str, name: str) -> tuple[TermModel, tuple[Neighbour, ...]]:
    """Return an entity, given by a label, a CURIE or an IRI, and its neighbours.

    Raises:
        UnknownName, AmbiguousName: no entity has the name, or several have it.
    """
    reader = PageReader(language)
    node = reader.context.resolver.entity(name)
    reader.context.need_process_unless_small(node)
    table = reader.answer("neighbours", {"entity": compact(node.value)}, limit=MOST)
    found = [
        Neighbour(way.text == "out", predicate, other)
        for row in table.rows
        if (way := row["direction"]) and (predicate := row["property"]) and (other := row["other"])
    ]
    found.sort(key=lambda one: (one.predicate.text, one.other.text))
    return reader.term_model(node), tuple(found)


def _nearest(reader: PageReader, text: str) -> tuple[TermModel, ...]:
    try:
        return (reader.term_model(reader.context.resolver.entity(text)),)
    except UsageError:
        found: tuple[NamedNode, ...] = reader.context.resolver.nearest(text)
        return tuple(reader.term_model(node) for node in found)
