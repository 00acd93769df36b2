"""Layout of the graph of neighbours: incoming relations on the left, outgoing on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from g60kg.web.svg.text_width import fitted, lines
from g60kg.web.views.pages.search_results import Neighbour

WIDTH: Final = 948.0
#: The most neighbours on a side; the lists below the drawing have all of them.
MOST: Final = 12
_ROOM: Final = 300.0
_MIDDLE: Final = 220.0
_STEP: Final = 60.0
_BOX: Final = 48.0
_LETTERS: Final = 15.0
_SMALL: Final = 12.5
_LINES: Final = 4
_LINE: Final = 20.0
_APART: Final = 10.0


@dataclass(frozen=True, slots=True)
class DrawnNeighbour:
    """A neighbour in the drawing: its box, its texts, and the line to the centre."""

    neighbour: Neighbour
    x: float
    y: float
    name: str
    predicate: str
    line: str


@dataclass(frozen=True, slots=True)
class NeighbourDrawing:
    """The layout of an entity and its neighbours.

    Attributes:
        middle: the box of the entity: left, top, width, height.
        name: the lines of the entity's label, each with its baseline.
        left_out: the number of neighbours that are not drawn.
    """

    width: float
    height: float
    box: float
    box_height: float
    middle: tuple[float, float, float, float]
    name: tuple[tuple[str, float], ...]
    neighbours: tuple[DrawnNeighbour, ...]
    left_out: int


def draw_neighbours(name: str, neighbours: Sequence[Neighbour]) -> NeighbourDrawing:
    """Return the layout of an entity and its neighbours."""
    incoming = [one for one in neighbours if not one.out]
    outgoing = [one for one in neighbours if one.out]
    rows = max(1, min(MOST, max(len(incoming), len(outgoing))))
    height = rows * _STEP + 20
    name_lines = lines(name, _LETTERS + 1, _MIDDLE - 24, _LINES)
    tall = len(name_lines) * _LINE + 28
    height = max(height, tall + 20)
    centre = height / 2
    left = (WIDTH - _MIDDLE) / 2
    first = centre - (len(name_lines) - 1) * _LINE / 2 + 5
    drawn = [
        *_side(incoming[:MOST], 4.0, left, centre),
        *_side(outgoing[:MOST], WIDTH - _ROOM - 4, left + _MIDDLE, centre),
    ]
    return NeighbourDrawing(
        width=WIDTH,
        height=round(height, 1),
        box=_ROOM,
        box_height=_BOX,
        middle=(left, round(centre - tall / 2, 1), _MIDDLE, tall),
        name=tuple((line, round(first + _LINE * row, 1)) for row, line in enumerate(name_lines)),
        neighbours=tuple(drawn),
        left_out=len(neighbours) - len(drawn),
    )


def _side(
    neighbours: Sequence[Neighbour], x: float, edge: float, centre: float
) -> list[DrawnNeighbour]:
    top = centre - len(neighbours) * _STEP / 2 + (_STEP - _BOX) / 2
    drawn = []
    apart = min(_APART, (_LINE * 2) / len(neighbours)) if neighbours else 0.0
    for row, neighbour in enumerate(neighbours):
        # The arrows end at different points, so that they do not overlap.
        end = centre + (row - (len(neighbours) - 1) / 2) * apart
        y = top + row * _STEP
        start = x + _ROOM if x < edge else x
        bend = (start + edge) / 2
        at = y + _BOX / 2
        corners = [(start, at), (bend, at), (bend, end), (edge, end)]
        # Arrows point from the subject of a statement to its object.
        points = [f"{a:.1f} {b:.1f}" for a, b in (corners if x < edge else reversed(corners))]
        drawn.append(
            DrawnNeighbour(
                neighbour,
                round(x, 1),
                round(y, 1),
                fitted(neighbour.other.text, _LETTERS, _ROOM - 24),
                fitted(neighbour.predicate.text, _SMALL, _ROOM - 24),
                f"M{points[0]} C{points[1]} {points[2]} {points[3]}",
            )
        )
    return drawn
