"""What the map and the matrix show: where cities lie, and which industries are named in which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from g60kg.web.views.open_graph import overview
from g60kg.web.views.pages.page_reader import Reading, by
from g60kg.web.views.pages.view_models import Shown


@dataclass(frozen=True, slots=True)
class CityOnMap:
    """A city with its position in degrees, what lies in it, and the phases that reached it."""

    name: Shown
    province: Shown | None
    code: str
    latitude: float | None
    longitude: float | None
    zones: tuple[tuple[Shown, Shown | None], ...]
    phases: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What is named of one industry in one place."""

    enterprises: int = 0
    projects: int = 0
    facilities: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Industries by places.

    Attributes:
        places: the columns; None for what is named without a place.
        rows: an industry with a cell for each place; None where nothing is named.
        unnamed: the member cities for which the sources name nothing.
    """

    places: tuple[Shown | None, ...]
    rows: tuple[tuple[Shown, tuple[MatrixCell | None, ...]], ...]
    unnamed: tuple[Shown, ...]


#: Degrees of latitude beyond which Mercator's projection is of no use.
NORTHMOST: Final = 80.0


@overview
def cities_on_map(language: str) -> tuple[CityOnMap, ...]:
    """The member cities with their positions, zones and phases."""
    reading = Reading(language)
    zones: dict[str | None, list[tuple[Shown, Shown | None]]] = {}
    table = reading.answer("zones")
    zone, kind, city = (table.column(name) for name in ("zone", "kind", "city"))
    for place, rows in by(table.rows, city):
        named = [(cell, row.cells[kind]) for row in rows if (cell := row.cells[zone]) is not None]
        zones[place.iri if place else None] = named
    phases: dict[str | None, list[Shown]] = {}
    spans = reading.answer("phase-coverage")
    for row in spans.rows:
        phase, place = (row.cells[spans.column(name)] for name in ("phase", "place"))
        if phase is not None and place is not None:
            phases.setdefault(place.iri, []).append(phase)
    members = reading.answer("member-cities")
    found: list[CityOnMap] = []
    for row in members.rows:
        cells = dict(zip(members.columns, row.cells, strict=True))
        name = cells["city"]
        if name is not None:
            found.append(
                CityOnMap(
                    name=name,
                    province=cells["province"],
                    code=_text(cells["code"]),
                    latitude=_degrees(cells["lat"], NORTHMOST),
                    longitude=_degrees(cells["long"], 180),
                    zones=tuple(zones.get(name.iri, ())),
                    phases=tuple(phases.get(name.iri, ())),
                )
            )
    return tuple(found)


@overview
def matrix(language: str) -> Matrix:
    """The industries that are named by the places that are."""
    reading = Reading(language)
    table = reading.answer("industry-city-matrix")
    column = table.column
    counts = tuple(column(name) for name in ("enterprises", "projects", "facilities"))
    placed = {row.cells[column("city")] for row in table.rows}
    named = sorted((place for place in placed if place is not None), key=lambda place: place.text)
    places: tuple[Shown | None, ...] = (*named, *((None,) if None in placed else ()))
    rows = []
    for industry, found in by(table.rows, column("industry")):
        if industry is None:
            continue
        cells = {
            row.cells[column("city")]: MatrixCell(*(int(_text(row.cells[i]) or 0) for i in counts))
            for row in found
        }
        rows.append((industry, tuple(cells.get(place) for place in places)))
    members = reading.answer("member-cities")
    cities = [row.cells[members.column("city")] for row in members.rows]
    unnamed = tuple(city for city in cities if city is not None and city not in placed)
    return Matrix(places, tuple(rows), unnamed)


def _text(cell: Shown | None) -> str:
    return "" if cell is None else cell.text


def _degrees(cell: Shown | None, most: float) -> float | None:
    """The degrees of a position; None where they are missing, or on no map."""
    try:
        degrees = float(_text(cell))
    except ValueError:
        return None
    # False for NaN too.
    return degrees if abs(degrees) <= most else None
