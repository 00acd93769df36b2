"""View model of the timeline: the dated statements, by year and entity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.namespaces import FACT_OBJECT, FACT_PREDICATE, FACT_SUBJECT, g60, term
from g60kg.web.views.pages.city_of_place import chosen_place, city_of
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import FactModel, RowModel, TableModel, TermModel

#: The rows of one page.
MOST: Final = 50
#: The most rows that are read for those of a city.
_READ: Final = 1000
_START: Final = g60("startYear")
_YEAR: Final = term("xsd:integer")


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


def timeline(language: str, since: str, until: str, city: str = "", offset: int = 0) -> Timeline:
    """Return a page of the timeline; an empty year is no limit, an empty city all entities."""
    reader = PageReader(language)
    given = {name: year for name, year in (("from", since), ("to", until)) if year}
    cities = tuple(one for row in reader.answer("member-cities").rows if (one := row["city"]))
    chosen = chosen_place(city, cities)
    # The facts of the rows are read by the index of years: the query reads those of all rows.
    if chosen is None:
        table = reader.answer("timeline", given, limit=MOST, offset=offset)
    else:
        of_any = reader.answer("timeline", given, limit=_READ)
        table = _of_city(reader, of_any, chosen, {one.iri or "" for one in cities})
        page = table.rows[offset : offset + MOST]
        more = table.more or len(table.rows) > offset + MOST
        table = replace(table, rows=page, offset=offset, more=more)
    facts = _facts_of(reader, table)
    values: dict[str, _Dated] = {}
    for (year, what, subject, _), stated in facts.items():
        known = values.setdefault(subject, {}).get((year, what), ())
        found = {*known, *(fact.value for fact in stated)}
        values[subject][(year, what)] = tuple(sorted(found, key=lambda value: value.text))
    rows = []
    for row in table.rows:
        key = _key(row)
        behind = facts[key] if key is not None else ()
        rows.append(replace(row, quotes=reader.quotes_of(NamedNode(one.iri) for one in behind)))
    return Timeline(replace(table, rows=tuple(rows)), values, cities, chosen)


def _of_city(
    reader: PageReader, table: TableModel, city: TermModel, cities: set[str]
) -> TableModel:
    """Return the rows about entities that are in a city."""
    subjects = {row["subject"] for row in table.rows}
    inside = {one for one in subjects if one and city_of(reader, one.iri or "", cities) == city.iri}
    return replace(table, rows=tuple(row for row in table.rows if row["subject"] in inside))


#: The year, the property, the subject and the modality of a row.
_Key = tuple[str, TermModel, str, str]


def _key(row: RowModel) -> _Key | None:
    year, what, subject, modality = (row[name] for name in ("year", "what", "subject", "modality"))
    if year is None or what is None or subject is None or subject.iri is None or modality is None:
        return None
    return year.text, what, subject.iri, modality.text


def _facts_of(reader: PageReader, table: TableModel) -> dict[_Key, list[FactModel]]:
    """Return the facts of each row."""
    keys = map(_key, table.rows)
    found: dict[_Key, list[FactModel]] = {key: [] for key in keys if key is not None}
    subjects = {key[2] for key in found}
    for year in {key[0] for key in found}:
        for node in reader.subjects(_START, Literal(year, datatype=_YEAR)):
            # A year is a fact's own, or that of the figure that facts state.
            for one in {node, *reader.subjects(FACT_OBJECT, node)}:
                about = reader.objects(one, FACT_SUBJECT)
                if not any(isinstance(of, NamedNode) and of.value in subjects for of in about):
                    continue
                fact = reader.fact(one, quotes=False)
                if fact is None or not fact.subject.iri:
                    continue
                own = reader.objects(one, FACT_PREDICATE) if one == node else ()
                what = next(map(reader.term_model, own), fact.predicate)
                found.get((year, what, fact.subject.iri, fact.modality), []).append(fact)
    return found
