"""View models of the map of cities and the matrix of industries and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import TermModel, grouped


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
    """Industries by places; a place of None is for entities without one.

    ``unnamed`` are the member cities without any entity.
    """

    places: tuple[TermModel | None, ...]
    rows: tuple[tuple[TermModel, tuple[MatrixCell | None, ...]], ...]
    unnamed: tuple[TermModel, ...]


#: Degrees of latitude beyond which Mercator's projection distorts too much.
NORTHMOST: Final = 80.0


def cities_on_map(language: str) -> tuple[CityOnMap, ...]:
    """Return the member cities with their positions, zones and phases."""
    reader = PageReader(language)
    zones: dict[str | None, list[tuple[TermModel, TermModel | None]]] = {}
    for city, rows in grouped(reader.answer("zones").rows, "city"):
        named = [(zone, row["kind"]) for row in rows if (zone := row["zone"]) is not None]
        zones[city.iri if city else None] = named
    phases: dict[str | None, list[TermModel]] = {}
    for row in reader.answer("phase-coverage").rows:
        phase, place = row["phase"], row["place"]
        if phase is not None and place is not None:
            phases.setdefault(place.iri, []).append(phase)
    found: list[CityOnMap] = []
    for row in reader.answer("member-cities").rows:
        name = row["city"]
        if name is not None:
            found.append(
                CityOnMap(
                    name=name,
                    province=row["province"],
                    code=_text(row["code"]),
                    latitude=_degrees(row["lat"], NORTHMOST),
                    longitude=_degrees(row["long"], 180),
                    zones=tuple(zones.get(name.iri, ())),
                    phases=tuple(phases.get(name.iri, ())),
                )
            )
    return tuple(found)


def matrix(language: str) -> Matrix:
    """Return the counts of each industry in each place."""
    reader = PageReader(language)
    table = reader.answer("industry-city-matrix")
    placed = {row["city"] for row in table.rows}
    named = sorted((place for place in placed if place is not None), key=lambda place: place.text)
    places: tuple[TermModel | None, ...] = (*named, *((None,) if None in placed else ()))
    rows = []
    for industry, found in grouped(table.rows, "industry"):
        if industry is None:
            continue
        cells = {
            row["city"]: MatrixCell(
                *(int(_text(row[name]) or 0) for name in ("enterprises", "projects", "facilities"))
            )
            for row in found
        }
        rows.append((industry, tuple(cells.get(place) for place in places)))
    cities = [row["city"] for row in reader.answer("member-cities").rows]
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
