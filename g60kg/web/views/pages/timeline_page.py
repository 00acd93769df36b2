"""View model of the timeline: the dated statements, by year and entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import FACT_SUBJECT, g60
from g60kg.web.views.pages.page_reader import PageReader, group_by
from g60kg.web.views.pages.view_models import QuoteModel, TermModel

#: The most rows of the page; the canned query returns all of them.
MOST: Final = 200
#: The most facts of one entity that are read for their values.
_FACTS: Final = 2000


@dataclass(frozen=True, slots=True)
class Event:
    """A property of an entity in a year, with its values and quotations."""

    predicate: TermModel
    values: tuple[TermModel, ...]
    modality: TermModel | None
    quotes: tuple[QuoteModel, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year with the events of each entity."""

    year: TermModel
    entities: tuple[tuple[TermModel, tuple[Event, ...]], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The years in order, and whether rows are left out."""

    years: tuple[Year, ...]
    more: bool


def timeline(since: str, until: str, language: str) -> Timeline:
    """Return the timeline; an empty year is no limit."""
    reader = PageReader(language)
    given = {name: year for name, year in (("from", since), ("to", until)) if year}
    table = reader.answer("timeline", given, evidence=True, limit=MOST)
    what, whose, how = (table.column(name) for name in ("what", "subject", "modality"))
    dated: dict[str, _Dated] = {}
    years: list[Year] = []
    for year, rows in group_by(table.rows, table.column("year")):
        entities: list[tuple[TermModel, tuple[Event, ...]]] = []
        for subject, events_of in group_by(rows, whose):
            if year is None or subject is None or subject.iri is None:
                continue
            if subject.iri not in dated:
                dated[subject.iri] = _values(reader, NamedNode(subject.iri))
            events = [
                Event(
                    predicate,
                    dated[subject.iri].get((year.text, predicate), ()),
                    row.cells[how],
                    row.quotes,
                )
                for row in events_of
                if (predicate := row.cells[what]) is not None
            ]
            entities.append((subject, tuple(events)))
        if year is not None:
            years.append(Year(year, tuple(entities)))
    return Timeline(tuple(years), table.more)


#: The values of an entity by year and property.
_Dated = dict[tuple[str, TermModel], tuple[TermModel, ...]]


def _values(reader: PageReader, subject: NamedNode) -> _Dated:
    found: _Dated = {}
    for node in reader.subjects(FACT_SUBJECT, subject)[:_FACTS]:
        year = reader.text(node, g60("startYear"))
        fact = reader.fact(node, quotes=False) if year is not None else None
        if fact is None or year is None:
            continue
        known = found.get((year, fact.predicate), ())
        values = {*known, fact.value}
        found[(year, fact.predicate)] = tuple(sorted(values, key=lambda value: value.text))
    return found
