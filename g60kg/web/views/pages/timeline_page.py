"""View model of the timeline: the dated statements, by year and entity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import FACT_OBJECT, FACT_SUBJECT, g60, local_name
from g60kg.web.views.pages.city_of_place import city_of
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import TableModel, TermModel

#: The most rows of the page; the canned query returns all of them.
MOST: Final = 200
#: The most rows that are read for those of a city.
_READ: Final = 1000
#: The most facts of one entity that are read for their values.
_FACTS: Final = 2000
_START: Final = g60("startYear")


#: The values of an entity by year and property.
_Dated = dict[tuple[str, TermModel], tuple[TermModel, ...]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The dated statements, and their values by entity, year and property.

    ``cities`` are those to choose from, ``city`` the one chosen.
    """

    table: TableModel
    values: dict[str, _Dated]
    cities: tuple[TermModel, ...] = ()
    city: TermModel | None = None


def timeline(language: str, since: str, until: str, city: str = "") -> Timeline:
    """Return the timeline; an empty year is no limit, an empty city all entities."""
    reader = PageReader(language)
    given = {name: year for name, year in (("from", since), ("to", until)) if year}
    cities = tuple(one for row in reader.answer("member-cities").rows if (one := row["city"]))
    chosen = next((one for one in cities if local_name(one.iri or "") == city), None)
    limit = MOST if chosen is None else _READ
    table = reader.answer("timeline", given, evidence=True, limit=limit)
    if chosen is not None:
        known = {one.iri or "" for one in cities}
        of_city = {
            subject
            for subject in {row["subject"] for row in table.rows}
            if subject is not None and city_of(reader, subject.iri or "", known) == chosen.iri
        }
        rows = tuple(row for row in table.rows if row["subject"] in of_city)
        table = replace(table, rows=rows[:MOST], more=table.more or len(rows) > MOST)
    subjects = {row["subject"] for row in table.rows}
    iris = {subject.iri for subject in subjects if subject is not None and subject.iri}
    values = {iri: _values(reader, NamedNode(iri)) for iri in iris}
    return Timeline(table, values, cities, chosen)


def _values(reader: PageReader, subject: NamedNode) -> _Dated:
    found: _Dated = {}
    for node in reader.subjects(FACT_SUBJECT, subject)[:_FACTS]:
        # The period of a figure is the figure's.
        dated = (node, *reader.objects(node, FACT_OBJECT))
        years = (reader.text(one, _START) for one in dated if isinstance(one, NamedNode))
        year = next((year for year in years if year is not None), None)
        fact = reader.fact(node, quotes=False) if year is not None else None
        if fact is None or year is None:
            continue
        known = found.get((year, fact.predicate), ())
        values = {*known, fact.value}
        found[(year, fact.predicate)] = tuple(sorted(values, key=lambda value: value.text))
    return found
