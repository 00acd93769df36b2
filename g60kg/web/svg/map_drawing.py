"""Points on a map in Mercator's projection, with a graticule, and labels that keep clear."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from g60kg.web.svg.text_width import width

WIDTH: Final = 640.0
MARGIN: Final = 58.0
#: As large as on a narrow screen, where the style sheet makes them so; elsewhere they are smaller.
LETTERS: Final = 24.0
#: Of a point, and how far from its middle its label stands: a ring has room between.
RADIUS: Final = 8.0
_AWAY: Final = 17.0
#: Kilometres of a degree of latitude.
_DEGREE: Final = 111.32
_LINE: Final = 1.2
#: How often each label may find a better place, once the others have theirs.
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A place to be drawn.

    Attributes:
        name: its label.
        latitude: in degrees north.
        longitude: in degrees east.
    """

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether they have a place in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A point in the drawing, with the base line of its label and how that is anchored."""

    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    label: Box


@dataclass(frozen=True, slots=True)
class Meridian:
    """A line of the graticule: its degree, and where it lies."""

    degree: int
    at: float


@dataclass(frozen=True, slots=True)
class Map:
    """A drawn map.

    Attributes:
        width: of the drawing.
        height: of the drawing.
        meridians: from west to east.
        parallels: from north to south.
        points: in the order given.
        bar: the length of the scale's bar.
        bar_km: what it stands for.
    """

    width: float
    height: float
    meridians: tuple[Meridian, ...]
    parallels: tuple[Meridian, ...]
    points: tuple[Placed, ...]
    bar: float
    bar_km: int


def mercator(latitude: float) -> float:
    """How far from the equator a latitude lies, in degrees of longitude.

    >>> round(mercator(30.0), 2)
    31.47
    """
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def drawn(points: Sequence[Point]) -> Map | None:
    """The map that has those points; None where there is none."""
    if not points:
        return None
    west, east = _around([point.longitude for point in points])
    south, north = _around([mercator(point.latitude) for point in points])
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    height = (north - south) * scale + 2 * MARGIN

    def across(longitude: float) -> float:
        return MARGIN + (longitude - west) * scale

    def down(latitude: float) -> float:
        return MARGIN + (north - mercator(latitude)) * scale

    spots = [(across(point.longitude), down(point.latitude)) for point in points]
    degrees = range(math.floor(west) - 2, math.ceil(east) + 3)
    latitudes = range(math.floor(south) - 4, math.ceil(north) + 3)
    middle = math.radians(sum(point.latitude for point in points) / len(points))
    per_km = scale / (_DEGREE * math.cos(middle))
    bar_km = max(
        (step for step in (10, 20, 50, 100, 200, 500) if step * per_km < WIDTH / 4), default=10
    )
    return Map(
        width=WIDTH,
        height=round(height, 1),
        meridians=_lines([(degree, across(degree)) for degree in degrees], WIDTH),
        parallels=_lines(
            [(degree, down(degree)) for degree in latitudes if -80 < degree < 80], height
        ),
        points=_labelled([point.name for point in points], spots, height),
        bar=round(bar_km * per_km, 1),
        bar_km=bar_km,
    )


def _around(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    # A single point still needs some land around it.
    spare = max(0.0, 1.0 - (high - low)) / 2
    return low - spare, high + spare


def _lines(degrees: Sequence[tuple[int, float]], end: float) -> tuple[Meridian, ...]:
    return tuple(Meridian(degree, round(at, 1)) for degree, at in degrees if 0 < at < end)


def _labelled(
    names: Sequence[str], spots: Sequence[tuple[float, float]], height: float
) -> tuple[Placed, ...]:
    dots = [Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in spots]
    found: dict[int, Placed] = {}
    # Those with the nearest neighbours have the least choice, so they choose first.
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


def _candidates(name: str, x: float, y: float) -> list[Placed]:
    room, high, gap = width(name, LETTERS), LETTERS * _LINE, _AWAY
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
        left = label_x - {"start": 0.0, "middle": room / 2, "end": room}[anchor]
        box = Box(left, label_y - high * 0.8, left + room, label_y + high * 0.2)
        found.append(
            Placed(round(x, 1), round(y, 1), round(label_x, 1), round(label_y, 1), anchor, box)
        )
    return found


def _cost(label: Box, others: Sequence[Box], height: float) -> int:
    outside = label.left < 0 or label.right > WIDTH or label.top < 0 or label.bottom > height
    return 10 * outside + sum(label.meets(box) for box in others)
