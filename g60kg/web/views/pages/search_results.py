"""View models of the search page, of suggestions for unknown names, and of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import UsageError
from g60kg.namespaces import compact
from g60kg.web.views.open_graph import lookup
from g60kg.web.views.pages.page_reader import PageReader, group_by
from g60kg.web.views.pages.view_models import TermModel

#: The most names of one page.
MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity, and its names that contain the text."""

    name: TermModel
    matched: tuple[TermModel, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The results of a search, by class; the nearest names if there are none."""

    groups: tuple[tuple[TermModel, tuple[Hit, ...]], ...]
    nearest: tuple[TermModel, ...]
    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A relation of an entity with another: its direction and property."""

    out: bool
    predicate: TermModel
    other: TermModel


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An entity and its neighbours."""

    name: TermModel
    neighbours: tuple[Neighbour, ...]


def search(text: str, language: str) -> Found:
    """Return the entities with a text in a name, by class."""
    reader = PageReader(language)
    table = reader.answer("search", {"text": text}, limit=MOST)
    groups: list[tuple[TermModel, tuple[Hit, ...]]] = []
    for kind, rows in group_by(table.rows, table.column("class")):
        hits = [
            Hit(name, tuple(cell for row in found if (cell := row.cells[table.column("matched")])))
            for name, found in group_by(rows, table.column("entity"))
            if name is not None
        ]
        if kind is not None:
            groups.append((kind, tuple(hits)))
    groups.sort(key=lambda group: (-len(group[1]), group[0].text))
    count = sum(len(hits) for _, hits in groups)
    near = () if count else _nearest(reader, text)
    return Found(tuple(groups), near, count, table.more)


def nearest(text: str, language: str) -> tuple[TermModel, ...]:
    """Return the entities whose names are nearest to a text."""
    return _nearest(PageReader(language), text)


@lookup
def neighbourhood(name: str, language: str) -> Neighbourhood:
    """Return the neighbours of an entity, given by a label, a CURIE or an IRI.

    Raises:
        UnknownName, AmbiguousName: no entity has the name, or several have it.
    """
    reader = PageReader(language)
    node = reader.context.resolver.entity(name)
    reader.context.need_process_unless_small(node)
    table = reader.answer("neighbours", {"entity": compact(node.value)}, limit=MOST)
    direction, prop, other = (table.column(name) for name in ("direction", "property", "other"))
    found = []
    for row in table.rows:
        way, what, whom = row.cells[direction], row.cells[prop], row.cells[other]
        if way is not None and what is not None and whom is not None:
            found.append(Neighbour(way.text == "out", what, whom))
    found.sort(key=lambda one: (one.predicate.text, one.other.text))
    return Neighbourhood(reader.term_model(node), tuple(found))


def _nearest(reader: PageReader, text: str) -> tuple[TermModel, ...]:
    try:
        return (reader.term_model(reader.context.resolver.entity(text)),)
    except UsageError:
        found: tuple[NamedNode, ...] = reader.context.resolver.nearest(text)
        return tuple(reader.term_model(node) for node in found)
