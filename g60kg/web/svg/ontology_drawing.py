"""Layout of the main classes of the ontology, and the properties between them.

Lengths and positions are in the units of the SVG's view box; y grows downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from g60kg.web.views.pages.ontology_page import OntologyView

#: The classes by row and column; the empty name is an entity of any class, None is a gap.
_ROWS: Final = (
    ("Source", "Evidence", "Fact", "Measure"),
    ("IndustryScheme", "Concept", "", "Observation"),
    (None, "Role", "Party", "SpatialThing"),
    (None, "Document", "Post", "Event"),
)
_PLACED: Final = {
    name: (column, row)
    for row, names in enumerate(_ROWS)
    for column, name in enumerate(names)
    if name is not None
}
_BOX: Final = (165.0, 48.0)
_COLUMN_GAP: Final = 112.0
#: The gaps between rows: the second holds the properties whose range is a party.
_ROW_GAPS: Final = (72.0, 136.0, 72.0)
_MARGIN: Final = 5.0
_LINE: Final = 14.0
_APART: Final = 9.0


@dataclass(frozen=True, slots=True)
class DrawnClass:
    """A class in the drawing."""

    name: str
    x: float
    y: float
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class DrawnRelation:
    """The properties from one class to another."""

    line: str
    x: float
    lines: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class OntologyDrawing:
    """The layout of the ontology; ``box`` is the width and the height of every class."""

    width: float
    height: float
    box: tuple[float, float]
    classes: tuple[DrawnClass, ...]
    relations: tuple[DrawnRelation, ...]


def draw_ontology(view: OntologyView) -> OntologyDrawing:
    """Return the layout of the main classes and their properties.

    A property of a class without a box is drawn at its nearest superclass that has one. A property
    between boxes that are not adjacent is left out.
    """
    relations: dict[tuple[str, str], dict[str, None]] = {}
    for one in view.relations:
        relations.setdefault((_class_with_box(one.domain), _class_with_box(one.range)), {})[
            one.name
        ] = None
    labels = {one.name: [label.text for label in one.labels] for one in view.classes}
    labels[""] = [view.any_entity]
    columns, rows = len(_ROWS[0]), len(_ROWS)
    return OntologyDrawing(
        width=2 * _MARGIN + columns * _BOX[0] + (columns - 1) * _COLUMN_GAP,
        height=2 * _MARGIN + rows * _BOX[1] + sum(_ROW_GAPS),
        box=_BOX,
        classes=tuple(_class(name, labels.get(name, ())) for name in _PLACED),
        relations=tuple(
            _relation(start, end, tuple(names), both_ways=(end, start) in relations)
            for (start, end), names in relations.items()
            if _are_neighbours(start, end)
        ),
    )


def _class_with_box(classes: Sequence[str]) -> str:
    """Return the first of some class names that has a box.

    An empty list means any entity, whose box has the empty name. "-" if no class has a box.
    """
    return next((name for name in classes if name in _PLACED), "-") if classes else ""


def _corner(name: str) -> tuple[float, float]:
    column, row = _PLACED[name]
    x = _MARGIN + column * (_BOX[0] + _COLUMN_GAP)
    return x, _MARGIN + row * _BOX[1] + sum(_ROW_GAPS[:row])


def _are_neighbours(start: str, end: str) -> bool:
    if start == end or start not in _PLACED or end not in _PLACED:
        return False
    return all(abs(a - b) <= 1 for a, b in zip(_PLACED[start], _PLACED[end], strict=True))


def _class(name: str, labels: Sequence[str]) -> DrawnClass:
    x, y = _corner(name)
    first = y + _BOX[1] / 2 + 5 - (len(labels) - 1) * 9
    return DrawnClass(name, x, y, tuple((one, first + 18 * row) for row, one in enumerate(labels)))


def _relation(start: str, end: str, names: Sequence[str], *, both_ways: bool) -> DrawnRelation:
    (x1, y1), (x2, y2) = (
        (x + _BOX[0] / 2, y + _BOX[1] / 2) for x, y in (_corner(start), _corner(end))
    )
    across, down = x2 - x1, y2 - y1
    # The share of the line that is inside each box.
    inside = min(
        half / abs(way) for half, way in ((_BOX[0] / 2, across), (_BOX[1] / 2, down)) if way
    )
    length = (across**2 + down**2) ** 0.5
    # Two arrows between the same boxes are side by side; those that cross rows have their names
    # nearer their start.
    aside = _APART if both_ways else 0.0
    dx, dy = -down / length * aside, across / length * aside
    at = inside + (1 - 2 * inside) * (0.3 if both_ways and down else 0.5)
    ends = [(x1 + across * part + dx, y1 + down * part + dy) for part in (inside, 1 - inside)]
    middle = y1 + down * at + dy + 4 - (len(names) - 1) * _LINE / 2
    return DrawnRelation(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ends),
        round(x1 + across * at + dx, 1),
        tuple((name, round(middle + _LINE * row, 1)) for row, name in enumerate(names)),
    )
