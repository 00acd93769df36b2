"""An entity in the middle, what points to it on the left, what it points to on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from g60kg.web.svg.text_width import fitted, lines
from g60kg.web.views.pages.search_results import Neighbour

WIDTH: Final = 948.0
#: The neighbours drawn on a side; the list beside the drawing has them all.
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
class Drawn:
    """A neighbour in the drawing: its box, its words, and the line to the middle."""

    neighbour: Neighbour
    x: float
    y: float
    name: str
    predicate: str
    line: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An entity among its neighbours.

    Attributes:
        width: of the drawing.
        height: of the drawing.
        box: width of a neighbour's box.
        box_height: its height.
        middle: the box of the entity: left, top, width, height.
        name: the entity's label, line by line, each with its base line.
        neighbours: those drawn.
        left_out: how many are not.
    """

    width: float
    height: float
    box: float
    box_height: float
    middle: tuple[float, float, float, float]
    name: tuple[tuple[str, float], ...]
    neighbours: tuple[Drawn, ...]
    left_out: int


def picture(name: str, neighbours: Sequence[Neighbour]) -> Picture:
    """The drawing of an entity among its neighbours."""
    incoming = [one for one in neighbours if not one.out]
    outgoing = [one for one in neighbours if one.out]
    rows = max(1, min(MOST, max(len(incoming), len(outgoing))))
    height = rows * _STEP + 20
    told = lines(name, _LETTERS + 1, _MIDDLE - 24, _LINES)
    tall = len(told) * _LINE + 28
    height = max(height, tall + 20)
    centre = height / 2
    left = (WIDTH - _MIDDLE) / 2
    first = centre - (len(told) - 1) * _LINE / 2 + 5
    drawn = [
        *_side(incoming[:MOST], 4.0, left, centre),
        *_side(outgoing[:MOST], WIDTH - _ROOM - 4, left + _MIDDLE, centre),
    ]
    return Picture(
        width=WIDTH,
        height=round(height, 1),
        box=_ROOM,
        box_height=_BOX,
        middle=(left, round(centre - tall / 2, 1), _MIDDLE, tall),
        name=tuple((line, round(first + _LINE * row, 1)) for row, line in enumerate(told)),
        neighbours=tuple(drawn),
        left_out=len(neighbours) - len(drawn),
    )


def _side(neighbours: Sequence[Neighbour], x: float, edge: float, centre: float) -> list[Drawn]:
    top = centre - len(neighbours) * _STEP / 2 + (_STEP - _BOX) / 2
    drawn = []
    apart = min(_APART, (_LINE * 2) / len(neighbours)) if neighbours else 0.0
    for row, neighbour in enumerate(neighbours):
        # Each line has an end of its own, so that arrows do not hide one another.
        end = centre + (row - (len(neighbours) - 1) / 2) * apart
        y = top + row * _STEP
        start = x + _ROOM if x < edge else x
        bend = (start + edge) / 2
        at = y + _BOX / 2
        ends = [(start, at), (bend, at), (bend, end), (edge, end)]
        # The arrow goes from what the statement is about to what it says.
        points = [f"{a:.1f} {b:.1f}" for a, b in (ends if x < edge else reversed(ends))]
        drawn.append(
            Drawn(
                neighbour,
                round(x, 1),
                round(y, 1),
                fitted(neighbour.other.text, _LETTERS, _ROOM - 24),
                fitted(neighbour.predicate.text, _SMALL, _ROOM - 24),
                f"M{points[0]} C{points[1]} {points[2]} {points[3]}",
            )
        )
    return drawn
