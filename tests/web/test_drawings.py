"""Drawings: labels and boxes do not overlap and stay inside."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import accumulate, combinations

import pytest

from g60kg.web.svg import map_drawing, neighbour_drawing
from g60kg.web.svg.text_width import fitted, lines, width
from g60kg.web.views.pages.search_results import Neighbour
from g60kg.web.views.pages.view_models import TermModel

CITIES = {
    "Songjiang": (31.03443, 121.22326, "松江"),
    "Jiaxing": (30.7522, 120.75, "嘉兴"),
    "Hangzhou": (30.29365, 120.16142, "杭州"),
    "Jinhua": (29.10678, 119.64421, "金华"),
    "Suzhou": (31.30408, 120.59538, "苏州"),
    "Huzhou": (30.8703, 120.0933, "湖州"),
    "Xuancheng": (30.9525, 118.75528, "宣城"),
    "Wuhu": (31.35259, 118.42947, "芜湖"),
    "Hefei": (31.86389, 117.28083, "合肥"),
}


@pytest.mark.parametrize("chinese", [False, True])
def test_labels_of_the_cities_do_not_overlap(chinese: bool) -> None:
    points = [
        map_drawing.Point(own if chinese else name, latitude, longitude)
        for name, (latitude, longitude, own) in CITIES.items()
    ]
    drawn = map_drawing.draw_map(points)
    assert drawn is not None
    labels = [placed.label for placed in drawn.points]
    assert not [pair for pair in combinations(labels, 2) if pair[0].meets(pair[1])]
    for placed in drawn.points:
        others = [other for other in drawn.points if other is not placed]
        dots = [map_drawing.Box(o.x - 8, o.y - 8, o.x + 8, o.y + 8) for o in others]
        assert not any(placed.label.meets(dot) for dot in dots)
        assert placed.label.left >= 0
        assert placed.label.right <= drawn.width
        assert placed.label.top >= 0
        assert placed.label.bottom <= drawn.height


def test_north_is_up_and_east_is_right() -> None:
    drawn = map_drawing.draw_map(
        [map_drawing.Point(name, y, x) for name, (y, x, _) in CITIES.items()]
    )
    assert drawn is not None
    spot = dict(zip(CITIES, drawn.points, strict=True))
    assert spot["Hefei"].y < spot["Jinhua"].y
    assert spot["Hefei"].x < spot["Songjiang"].x
    # The scale bar: a degree of longitude at 30.9° N is 95.5 km.
    east, west = CITIES["Songjiang"][1], CITIES["Hefei"][1]
    degree = (spot["Songjiang"].x - spot["Hefei"].x) / (east - west)
    assert drawn.bar / drawn.bar_km == pytest.approx(degree / 95.5, rel=0.01)


def test_one_point_or_none_is_a_map_or_none() -> None:
    assert map_drawing.draw_map([]) is None
    alone = map_drawing.draw_map([map_drawing.Point("Hefei", 31.9, 117.3)])
    assert alone is not None
    assert alone.points[0].x == pytest.approx(map_drawing.WIDTH / 2)
    together = map_drawing.draw_map([map_drawing.Point("A", 31.9, 117.3)] * 30)
    assert together is not None
    assert len(together.points) == 30


def test_a_map_in_the_region_has_outlines_and_one_elsewhere_has_none() -> None:
    near = map_drawing.draw_map([map_drawing.Point("Hangzhou", 30.3, 120.2)])
    far = map_drawing.draw_map([map_drawing.Point("Elsewhere", -30.0, 20.0)])
    assert near is not None
    assert far is not None
    assert next(layer for layer, _ in near.outlines) == "land"
    assert far.outlines == ()


def test_outlines_name_their_source_and_licence_and_are_small() -> None:
    text = files("g60kg.web.svg").joinpath("outlines.json").read_text("utf-8")
    known = json.loads(text)
    assert len(text) < 20_000
    assert "Natural Earth" in known["source"]
    assert known["licence"] == "public domain"
    west, south, east, north = (number * 100 for number in known["region"])
    for layer in map_drawing.LAYERS:
        x, y = (
            [number for line in known[layer] for number in accumulate(line[start::2])]
            for start in (0, 1)
        )
        assert west <= min(x) < max(x) <= east
        assert south <= min(y) < max(y) <= north


@pytest.mark.parametrize(("incoming", "outgoing"), [(0, 0), (1, 0), (0, 3), (30, 2)])
def test_boxes_of_neighbours_do_not_overlap(incoming: int, outgoing: int) -> None:
    found = [
        Neighbour(number >= incoming, TermModel("located in"), TermModel(f"Entity {number} " * 9))
        for number in range(incoming + outgoing)
    ]
    name = "A long name of an entity that needs more than a line"
    drawn = neighbour_drawing.draw_neighbours(name, found)
    boxes = [
        map_drawing.Box(one.x, one.y, one.x + drawn.box, one.y + drawn.box_height)
        for one in drawn.neighbours
    ]
    left, top, wide, high = drawn.middle
    boxes.append(map_drawing.Box(left, top, left + wide, top + high))
    assert not [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]
    assert all(box.top >= 0 and box.bottom <= drawn.height for box in boxes)
    assert all(box.left >= 0 and box.right <= drawn.width for box in boxes)
    assert drawn.left_out == len(found) - len(drawn.neighbours)
    assert all(width(one.name, 15) <= drawn.box for one in drawn.neighbours)


def test_texts_are_cut_to_their_width() -> None:
    assert fitted("short", 10, 100) == "short"
    assert fitted("长三角G60科创走廊", 10, 50) == "长三角G6…"
    assert lines("长三角科创走廊", 10, 40, 2) == ("长三角科", "创走廊")
    assert len(lines("one two three four five six", 10, 40, 2)) == 2
    assert lines("", 10, 40, 2) == ("",)


def test_a_shortened_name_has_no_space_that_the_name_lacks() -> None:
    assert lines("长三角International", 10.0, 60.0, 1) == ("长三角Inte…",)
