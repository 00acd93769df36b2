"""View models of the map of cities, and of the matrix of industries and places."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import UnknownName
from g60kg.namespaces import g60
from g60kg.rdf.text_excerpt import excerpt
from g60kg.web.views.open_graph import current, lookup
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import TermModel, grouped

#: Degrees of latitude beyond which Mercator's projection distorts too much.
NORTHMOST: Final = 80.0
_COUNTED: Final = ("enterprises", "projects", "facilities")
#: The properties that place an entity, and the most steps and places on the way to a city.
_WITHIN: Final = (g60("locatedIn"), g60("headquarteredIn"), g60("takesPlaceIn"))
_STEPS: Final = 4
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class CityOnMap:
    """A member city of the corridor, with its position, zones and phases."""

    name: TermModel
    province: TermModel | None
    code: str
    latitude: float | None
    longitude: float | None
    zones: tuple[tuple[TermModel, tuple[TermModel, ...]], ...]
    phases: tuple[TermModel, ...]


@dataclass(frozen=True, slots=True)
class MatrixCount:
    """The numbers of entities of one industry in one place.

    ``within`` is the place if it is part of the column's city; otherwise None.
    """

    place: TermModel | None
    within: TermModel | None = None
    enterprises: int = 0
    projects: int = 0
    facilities: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """The numbers of entities by industry and place.

    ``unnamed`` has the member cities of the corridor without any entity. ``within`` has the places
    inside a city, whose entities are in the column of the city.
    """

    places: tuple[TermModel | None, ...]
    rows: tuple[tuple[TermModel, tuple[tuple[MatrixCount, ...], ...]], ...]
    unnamed: tuple[TermModel, ...]
    within: tuple[TermModel, ...] = ()


def cities_on_map(language: str) -> tuple[CityOnMap, ...]:
    """Return the member cities with their positions, zones and phases."""
    reader = PageReader(language)
    zones: dict[str | None, list[tuple[TermModel, tuple[TermModel, ...]]]] = {}
    for city, rows in grouped(reader.answer("zones").rows, "city"):
        # A zone with several kinds has a row for each.
        zones[city.iri if city else None] = [
            (zone, tuple(kind for row in found if (kind := row["kind"])))
            for zone, found in grouped(rows, "zone")
            if zone is not None
        ]
    known = {node.value for node in reader.members(g60("CorridorPhase"))}
    phases: dict[str | None, list[TermModel]] = {}
    for row in reader.answer("phase-coverage").rows:
        phase, place = row["phase"], row["place"]
        # A source may state of the corridor itself, which is no phase, that it spans a city.
        if phase is not None and place is not None and phase.iri in known:
            phases.setdefault(place.iri, []).append(phase)
    return tuple(
        CityOnMap(
            name=name,
            province=row["province"],
            code=row.text("code"),
            latitude=_degrees(row.text("lat"), NORTHMOST),
            longitude=_degrees(row.text("long"), 180),
            zones=tuple(zones.get(name.iri, ())),
            phases=tuple(phases.get(name.iri, ())),
        )
        for row in reader.answer("member-cities").rows
        if (name := row["city"]) is not None
    )


def matrix(language: str) -> Matrix:
    """Return the number of enterprises, projects and facilities of each industry in each place."""
    reader = PageReader(language)
    table = reader.answer("industry-city-matrix")
    members = [city for row in reader.answer("member-cities").rows if (city := row["city"])]
    by_iri = {city.iri or "": city for city in members}
    placed = {row["city"] for row in table.rows}
    columns = {
        place: by_iri.get(city_of(reader, place.iri or "", by_iri) or "", place)
        for place in placed
        if place is not None
    }
    named = set(columns.values())
    others = sorted(named - set(members), key=lambda place: place.text)
    places = (*(city for city in members if city in named), *others)
    rows = []
    for industry, found in grouped(table.rows, "industry"):
        if industry is None:
            continue
        cells: dict[TermModel | None, list[MatrixCount]] = {}
        for row in found:
            place = row["city"]
            column = columns[place] if place is not None else None
            counts = (int(row.text(name) or 0) for name in _COUNTED)
            count = MatrixCount(place, None if place == column else place, *counts)
            cells.setdefault(column, []).append(count)
        for counted in cells.values():
            counted.sort(key=lambda one: one.within.text if one.within else "")
        rows.append((industry, cells))
    shown: tuple[TermModel | None, ...] = (*places, *((None,) if None in placed else ()))
    return Matrix(
        places=shown,
        rows=tuple(
            (industry, tuple(tuple(cells.get(place, ())) for place in shown))
            for industry, cells in rows
        ),
        unnamed=tuple(city for city in members if city not in named),
        within=tuple(sorted((p for p in columns if columns[p] != p), key=lambda p: p.text)),
    )


def _degrees(text: str, most: float) -> float | None:
    try:
        degrees = float(text)
    except ValueError:
        return None
    # The comparison is false for NaN.
    return degrees if abs(degrees) <= most else None


@lookup
def iri_of_place(_language: str, asked: str) -> str:
    """Return the IRI of the place with a name, CURIE or IRI; empty if no place has it.

    Raise AmbiguousName if several have it.
    """
    if asked.strip():
        with suppress(UnknownName):
            return current().resolver.entity(asked.strip(), "SpatialThing").value
    return ""


def chosen_place(asked: str, iri: str, places: Iterable[TermModel | None]) -> TermModel | None:
    """Return the place with an IRI among some places; None if ``asked`` is blank.

    Raise UnknownName if no place has the IRI.
    """
    if not asked.strip():
        return None
    known = {place.iri: place for place in places if place is not None and place.iri}
    if iri not in known:
        names = ", ".join(place.text for place in known.values())
        raise UnknownName(
            f"There are no entries for the city {excerpt(asked)}.", hint=f"There are for: {names}."
        )
    return known[iri]


def city_of(reader: PageReader, iri: str, cities: Collection[str]) -> str | None:
    """Return the IRI of the nearest of some cities: the place itself, or one that it is located in.

    None if at most three steps lead to none of them.
    """
    reached = [iri]
    for _ in range(_STEPS):
        found = next((one for one in reached if one in cities), None)
        if found is not None:
            return found
        reached = [
            place.value
            for one in reached[:_MOST]
            for predicate in _WITHIN
            for place in reader.objects(NamedNode(one), predicate)
        ]
    return None
