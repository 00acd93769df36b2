"""What the search page shows, the names nearest to one that is none, and a neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import UsageError
from g60kg.namespaces import compact
from g60kg.web.views.open_graph import lookup
from g60kg.web.views.pages.page_reader import Reading, by
from g60kg.web.views.pages.view_models import Shown

#: The names that one page lists.
MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that bears a name with the text in it, and those names."""

    name: Shown
    matched: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by class; the nearest names where it found nothing."""

    groups: tuple[tuple[Shown, tuple[Hit, ...]], ...]
    nearest: tuple[Shown, ...]
    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A relation of an entity with another: whether it goes out or comes in, and by what."""

    out: bool
    predicate: Shown
    other: Shown


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An entity and its neighbours."""

    name: Shown
    neighbours: tuple[Neighbour, ...]


def search(text: str, language: str) -> Found:
    """What bears a name with a text in it, by class."""
    reading = Reading(language)
    table = reading.answer("search", {"text": text}, limit=MOST)
    groups: list[tuple[Shown, tuple[Hit, ...]]] = []
    for kind, rows in by(table.rows, table.column("class")):
        hits = [
            Hit(name, tuple(cell for row in found if (cell := row.cells[table.column("matched")])))
            for name, found in by(rows, table.column("entity"))
            if name is not None
        ]
        if kind is not None:
            groups.append((kind, tuple(hits)))
    groups.sort(key=lambda group: (-len(group[1]), group[0].text))
    count = sum(len(hits) for _, hits in groups)
    near = () if count else _nearest(reading, text)
    return Found(tuple(groups), near, count, table.more)


def nearest(text: str, language: str) -> tuple[Shown, ...]:
    """The entities whose names are nearest to a text."""
    return _nearest(Reading(language), text)


@lookup
def neighbourhood(words: str, language: str) -> Neighbourhood:
    """The neighbours of an entity that is named by a label, a CURIE or an IRI.

    Raises:
        UnknownName, AmbiguousName: the words mean nothing, or too much.
    """
    reading = Reading(language)
    node = reading.context.resolver.entity(words)
    reading.context.need_process_unless_small(node)
    table = reading.answer("neighbours", {"entity": compact(node.value)}, limit=MOST)
    direction, prop, other = (table.column(name) for name in ("direction", "property", "other"))
    found = []
    for row in table.rows:
        way, what, whom = row.cells[direction], row.cells[prop], row.cells[other]
        if way is not None and what is not None and whom is not None:
            found.append(Neighbour(way.text == "out", what, whom))
    found.sort(key=lambda one: (one.predicate.text, one.other.text))
    return Neighbourhood(reading.shown(node), tuple(found))


def _nearest(reading: Reading, text: str) -> tuple[Shown, ...]:
    try:
        return (reading.shown(reading.context.resolver.entity(text)),)
    except UsageError:
        found: tuple[NamedNode, ...] = reading.context.resolver.nearest(text)
        return tuple(reading.shown(node) for node in found)
