"""What the timeline shows: year by year, of which things what was stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import FACT_SUBJECT, g60
from g60kg.web.views.pages.page_reader import Reading, by
from g60kg.web.views.pages.view_models import QuoteShown, Shown

#: Rows that the page lists; a query has them all.
MOST: Final = 200
#: Facts of one thing that are looked at for their values.
_FACTS: Final = 2000


@dataclass(frozen=True, slots=True)
class Event:
    """A property of a thing in a year, with its values and the words behind them."""

    predicate: Shown
    values: tuple[Shown, ...]
    modality: Shown | None
    quotes: tuple[QuoteShown, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year, and what was stated for it of each thing."""

    year: Shown
    things: tuple[tuple[Shown, tuple[Event, ...]], ...]


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The years in their order, and whether more follow than are shown."""

    years: tuple[Year, ...]
    more: bool


def chronicle(since: str, until: str, language: str) -> Chronicle:
    """The timeline, from a year and to a year where these are not empty."""
    reading = Reading(language)
    given = {name: year for name, year in (("from", since), ("to", until)) if year}
    table = reading.answer("timeline", given, evidence=True, limit=MOST)
    what, whose, how = (table.column(name) for name in ("what", "subject", "modality"))
    dated: dict[str, _Dated] = {}
    years: list[Year] = []
    for year, rows in by(table.rows, table.column("year")):
        things: list[tuple[Shown, tuple[Event, ...]]] = []
        for subject, told in by(rows, whose):
            if year is None or subject is None or subject.iri is None:
                continue
            if subject.iri not in dated:
                dated[subject.iri] = _values(reading, NamedNode(subject.iri))
            events = [
                Event(
                    predicate,
                    dated[subject.iri].get((year.text, predicate), ()),
                    row.cells[how],
                    row.quotes,
                )
                for row in told
                if (predicate := row.cells[what]) is not None
            ]
            things.append((subject, tuple(events)))
        if year is not None:
            years.append(Year(year, tuple(things)))
    return Chronicle(tuple(years), table.more)


#: The values of a thing by year and property.
_Dated = dict[tuple[str, Shown], tuple[Shown, ...]]


def _values(reading: Reading, subject: NamedNode) -> _Dated:
    found: _Dated = {}
    for node in reading.pointing(FACT_SUBJECT, subject)[:_FACTS]:
        year = reading.text(node, g60("startYear"))
        fact = reading.fact(node, quotes=False) if year is not None else None
        if fact is None or year is None:
            continue
        known = found.get((year, fact.predicate), ())
        values = {*known, fact.value}
        found[(year, fact.predicate)] = tuple(sorted(values, key=lambda value: value.text))
    return found
