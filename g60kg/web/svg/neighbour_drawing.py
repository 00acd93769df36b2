"""Layout of the graph of neighbours: incoming relations on the left, outgoing on the right.

Lengths and positions are in the units of the SVG's view box; y grows downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
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
    """A neighbour in the drawing."""

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
        box: the width of a neighbour's box; ``box_height`` is its height.
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
    """Return the layout of an entity with at most MOST incoming and MOST outgoing neighbours."""
    incoming, outgoing = _first(neighbours, False), _first(neighbours, True)
    name_lines = lines(name, _LETTERS + 1, _MIDDLE - 24, _LINES)
    tall = len(name_lines) * _LINE + 28
    height = max(max(1, len(incoming), len(outgoing)) * _STEP, tall) + 20
    centre = height / 2
    left = (WIDTH - _MIDDLE) / 2
    drawn = [
        *_side(incoming, 4.0, left, centre),
        *_side(outgoing, WIDTH - _ROOM - 4, left + _MIDDLE, centre),
    ]
    middle = (left, round(centre - tall / 2, 1), _MIDDLE, tall)
    left_out = len(neighbours) - len(drawn)
    first = centre - (len(name_lines) - 1) * _LINE / 2 + 5
    named = tuple((line, round(first + _LINE * row, 1)) for row, line in enumerate(name_lines))
    return NeighbourDrawing(
        WIDTH, round(height, 1), _ROOM, _BOX, middle, named, tuple(drawn), left_out
    )


def _first(neighbours: Sequence[Neighbour], out: bool) -> list[Neighbour]:
    """Choose at most MOST neighbours of a direction, by property in turn; keep their order."""
    of_property: dict[str, list[Neighbour]] = {}
    for one in neighbours:
        if one.out == out:
            of_property.setdefault(one.predicate.text, []).append(one)
    in_turn = chain.from_iterable(zip_longest(*of_property.values()))
    chosen = {*islice(filter(None, in_turn), MOST)}
    return [one for one in neighbours if one in chosen]


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
        line = f"M{points[0]} C{points[1]} {points[2]} {points[3]}"
        name = fitted(neighbour.other.text, _LETTERS, _ROOM - 24)
        predicate = fitted(neighbour.predicate.text, _SMALL, _ROOM - 24)
        drawn.append(DrawnNeighbour(neighbour, x, round(y, 1), name, predicate, line))
    return drawn
