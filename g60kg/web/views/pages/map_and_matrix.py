"""View models of the map of cities and the matrix of industries and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from g60kg.web.views.open_graph import overview
from g60kg.web.views.pages.page_reader import PageReader, group_by
from g60kg.web.views.pages.view_models import TermModel


@dataclass(frozen=True, slots=True)
class CityOnMap:
    """A city with its position in degrees, its zones, and the corridor phases that include it."""

    name: TermModel
    province: TermModel | None
    code: str
    latitude: float | None
    longitude: float | None
    zones: tuple[tuple[TermModel, TermModel | None], ...]
    phases: tuple[TermModel, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The counts of one industry in one place."""

    enterprises: int = 0
    projects: int = 0
    facilities: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Industries by places.

    Attributes:
        places: the columns; None for entities without a place.
        rows: an industry with a cell for each place; None for an empty cell.
        unnamed: the member cities without any entity.
    """

    places: tuple[TermModel | None, ...]
    rows: tuple[tuple[TermModel, tuple[MatrixCell | None, ...]], ...]
    unnamed: tuple[TermModel, ...]


#: Degrees of latitude beyond which Mercator's projection distorts too much.
NORTHMOST: Final = 80.0


@overview
def cities_on_map(language: str) -> tuple[CityOnMap, ...]:
    """Return the member cities with their positions, zones and phases."""
    reader = PageReader(language)
    zones: dict[str | None, list[tuple[TermModel, TermModel | None]]] = {}
    table = reader.answer("zones")
    zone, kind, city = (table.column(name) for name in ("zone", "kind", "city"))
    for place, rows in group_by(table.rows, city):
        named = [(cell, row.cells[kind]) for row in rows if (cell := row.cells[zone]) is not None]
        zones[place.iri if place else None] = named
    phases: dict[str | None, list[TermModel]] = {}
    spans = reader.answer("phase-coverage")
    for row in spans.rows:
        phase, place = (row.cells[spans.column(name)] for name in ("phase", "place"))
        if phase is not None and place is not None:
            phases.setdefault(place.iri, []).append(phase)
    members = reader.answer("member-cities")
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
    """Return the counts of each industry in each place."""
    reader = PageReader(language)
    table = reader.answer("industry-city-matrix")
    column = table.column
    counts = tuple(column(name) for name in ("enterprises", "projects", "facilities"))
    placed = {row.cells[column("city")] for row in table.rows}
    named = sorted((place for place in placed if place is not None), key=lambda place: place.text)
    places: tuple[TermModel | None, ...] = (*named, *((None,) if None in placed else ()))
    rows = []
    for industry, found in group_by(table.rows, column("industry")):
        if industry is None:
            continue
        cells = {
            row.cells[column("city")]: MatrixCell(*(int(_text(row.cells[i]) or 0) for i in counts))
            for row in found
        }
        rows.append((industry, tuple(cells.get(place) for place in places)))
    members = reader.answer("member-cities")
    cities = [row.cells[members.column("city")] for row in members.rows]
    unnamed = tuple(city for city in cities if city is not None and city not in placed)
    return Matrix(places, tuple(rows), unnamed)


def _text(cell: TermModel | None) -> str:
    return "" if cell is None else cell.text


def _degrees(cell: TermModel | None, most: float) -> float | None:
    """Return the degrees of a coordinate; None if it is missing or out of range."""
    try:
        degrees = float(_text(cell))
    except ValueError:
        return None
    # The comparison is false for NaN.
    return degrees if abs(degrees) <= most else None
