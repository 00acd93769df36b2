"""Layout of the map: Mercator projection, outlines, labels with few overlaps."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

from g60kg import package_data
from g60kg.web.svg.text_width import width

WIDTH: Final = 640.0
MARGIN: Final = 58.0
#: The font size on a narrow screen, the largest one of the style sheet.
LETTERS: Final = 24.0
#: The radius of a point, and the distance of its label from its centre, outside the ring.
RADIUS: Final = 8.0
_AWAY: Final = 17.0
#: Kilometres of a degree of latitude.
_DEGREE: Final = 111.32
_LINE: Final = 1.2
#: The number of rounds in which labels are moved to better positions.
_ROUNDS: Final = 4
#: The layers of the outlines, from below.
LAYERS: Final = ("land", "lakes", "rivers", "borders")


class Point(NamedTuple):
    """A point to draw: its label, and its latitude and longitude in degrees."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the coordinates of a drawing, where y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles overlap; rectangles that only touch do not."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class PlacedPoint:
    """A point in the drawing."""

    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    label: Box


@dataclass(frozen=True, slots=True)
class Map:
    """The layout of a map."""

    width: float
    height: float
    points: tuple[PlacedPoint, ...]
    bar: float
    bar_km: int
    outlines: tuple[tuple[str, str], ...] = ()


def mercator(latitude: float) -> float:
    """Return the Mercator distance of a latitude from the equator, in degrees of longitude.

    >>> round(mercator(30.0), 2)
    31.47
    """
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def draw_map(points: Sequence[Point]) -> Map | None:
    """Return the layout of a map with the points; None without points."""
    if not points:
        return None
    west, east = _with_margin([point.longitude for point in points])
    south, north = _with_margin([mercator(point.latitude) for point in points])
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    height = (north - south) * scale + 2 * MARGIN

    def across(longitude: float) -> float:
        return MARGIN + (longitude - west) * scale

    def down(latitude: float) -> float:
        return MARGIN + (north - mercator(latitude)) * scale

    spots = [(across(point.longitude), down(point.latitude)) for point in points]
    middle = math.radians(sum(point.latitude for point in points) / len(points))
    per_km = scale / (_DEGREE * math.cos(middle))
    bar_km = max(
        (step for step in (10, 20, 50, 100, 200, 500) if step * per_km < WIDTH / 4), default=10
    )
    return Map(
        width=WIDTH,
        height=round(height, 1),
        points=_labelled([point.name for point in points], spots, height),
        bar=round(bar_km * per_km, 1),
        bar_km=bar_km,
        outlines=tuple(_outlines(across, down, height)),
    )


@cache
def _known_outlines() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(package_data.file_text("web/svg/outlines.json"))
    return found


def _outlines(
    across: Callable[[float], float], down: Callable[[float], float], height: float
) -> Iterator[tuple[str, str]]:
    known = _known_outlines()
    west, south, east, north = known["region"]
    inside = Box(across(west), down(north), across(east), down(south))
    if inside.left > 0 or inside.top > 0 or inside.right < WIDTH or inside.bottom < height:
        return
    for layer in LAYERS:
        lines = []
        for numbers in known[layer]:
            # The first point, then steps, in hundredths of a degree.
            points = zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)
            line = [(across(x / 100), down(y / 100)) for x, y in points]
            xs, ys = zip(*line, strict=True)
            if max(xs) > 0 and min(xs) < WIDTH and max(ys) > 0 and min(ys) < height:
                lines.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in line))
        if lines:
            yield layer, "".join(lines)


def _with_margin(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    # A single point needs an area around it too.
    spare = max(0.0, 1.0 - (high - low)) / 2
    return low - spare, high + spare


def _labelled(
    names: Sequence[str], spots: Sequence[tuple[float, float]], height: float
) -> tuple[PlacedPoint, ...]:
    dots = [Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in spots]
    found: dict[int, PlacedPoint] = {}
    # Labels in dense areas have the fewest free positions, so they are placed first.
    order = sorted(range(len(spots)), key=lambda index: _nearest(spots, index))
    for index in [*order] * _ROUNDS:
        tried = _candidates(names[index], *spots[index])
        others = [dot for other, dot in enumerate(dots) if other != index]
        others += [placed.label for other, placed in found.items() if other != index]
        costs = [_cost(placed.label, others, height) for placed in tried]
        found[index] = tried[costs.index(min(costs))]
    return tuple(found[index] for index in range(len(spots)))


def _nearest(spots: Sequence[tuple[float, float]], index: int) -> float:
    others = (spot for other, spot in enumerate(spots) if other != index)
    return min((math.dist(spots[index], spot) for spot in others), default=math.inf)


def _candidates(name: str, x: float, y: float) -> list[PlacedPoint]:
    wide, high, gap = width(name, LETTERS), LETTERS * _LINE, _AWAY
    middle = y + LETTERS * 0.35
    places = (
        (x + gap, middle, "start"),
        (x - gap, middle, "end"),
        (x, y - gap, "middle"),
        (x, y + gap + LETTERS * 0.75, "middle"),
        (x + gap * 0.8, y - gap * 0.8, "start"),
        (x + gap * 0.8, y + gap * 0.8 + LETTERS * 0.75, "start"),
        (x - gap * 0.8, y - gap * 0.8, "end"),
        (x - gap * 0.8, y + gap * 0.8 + LETTERS * 0.75, "end"),
    )
    found = []
    for label_x, label_y, anchor in places:
        left = label_x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = Box(left, label_y - high * 0.8, left + wide, label_y + high * 0.2)
        found.append(
            PlacedPoint(round(x, 1), round(y, 1), round(label_x, 1), round(label_y, 1), anchor, box)
        )
    return found


def _cost(label: Box, others: Sequence[Box], height: float) -> int:
    outside = label.left < 0 or label.right > WIDTH or label.top < 0 or label.bottom > height
    return 10 * outside + sum(label.meets(box) for box in others)
