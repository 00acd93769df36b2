"""Layout of charts: bars with their values, and marks over time with axes.

Lengths and positions are in the units of the SVG's view box; y grows downwards.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Final

from g60kg.web.svg.map_drawing import Box
from g60kg.web.svg.text_width import fitted, width
from g60kg.web.views.pages.figure_pages import Chart, Mark, Panel

WIDTH: Final = 480.0
#: The font size on a narrow screen, the largest one of the style sheet.
LETTERS: Final = 16.0
#: The font size of bold letters of that width.
_BOLD: Final = LETTERS * 1.2
_LINE: Final = 20.0
_ROW: Final = 48.0
#: The length of a faded end, and of the arrow of a mark.
FADE: Final = 18.0
_ARROW: Final = 20.0
_RADIUS: Final = 5.0
_PLOT: Final = 230.0
_DAYS: Final = 365.2425
#: Comparators of figures whose true value is lower or higher than the number.
_LOWER: Final = ("LessThan", "AtMost", "Nearly")
_HIGHER: Final = ("GreaterThan", "AtLeast")

#: A mark with its place in the drawing.
Placed = tuple[Mark, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """The layout of a bar: solid part, range and faded end, each as left end and width."""

    mark: Mark
    name: str
    y: float
    solid: tuple[float, float]
    range: tuple[float, float] | None
    fade: tuple[float, float] | None
    text_x: float


@dataclass(frozen=True, slots=True)
class BarDrawing:
    """The layout of a bar chart."""

    height: float
    zero: float
    bars: tuple[DrawnBar, ...]
    width: float = WIDTH
    bar: float = 15.0
    from_zero: bool = True


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """The layout of a figure at a day; ``label`` is text, x and y, ``arrow`` an SVG path."""

    mark: Mark
    x: float
    y: float
    arrow: str
    label: tuple[str, float, float] | None


@dataclass(frozen=True, slots=True)
class LineDrawing:
    """The layout of figures over time; ``lines`` and ``years`` are positions with labels."""

    height: float
    left: float
    bottom: float
    lines: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, int], ...]
    threads: tuple[tuple[str, bool], ...]
    marks: tuple[DrawnMark, ...]
    from_zero: bool
    width: float = WIDTH


def draw_bars(panel: Panel) -> BarDrawing:
    """Return the layout of a bar for each mark, on a scale that contains zero."""
    marks = panel.marks
    numbers = _numbers(panel)
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    # Texts are to the right of the bars.
    available = max(WIDTH - max(width(mark.text, _BOLD) for mark in marks) - FADE - 8, 0.0)
    scale = available / (high - low or 1.0)
    zero = -low * scale
    bars = []
    for row, mark in enumerate(marks):
        end = zero + float(mark.number) * scale
        top = zero + float(mark.upper) * scale if mark.upper is not None else None
        if top is not None and top < zero:
            end, top = top, end
        solid, fade = _with_fade(mark, zero, end)
        farthest = max(zero, end, top or 0.0, sum(fade) if fade else 0.0)
        after = f"{mark.period and ' · '}{mark.period}"
        bars.append(
            DrawnBar(
                mark,
                fitted(mark.name, LETTERS, WIDTH - width(after, LETTERS)),
                round(row * _ROW + _LINE, 1),
                solid,
                None if top is None else (round(min(end, top), 1), round(abs(top - end), 1)),
                fade,
                round(max(0.0, min(farthest + 8, WIDTH - width(mark.text, _BOLD))), 1),
            )
        )
    return BarDrawing(len(marks) * _ROW + 4, round(zero, 1), tuple(bars))


def _with_fade(
    mark: Mark, zero: float, end: float
) -> tuple[tuple[float, float], tuple[float, float] | None]:
    """Return the solid part of a bar to ``end`` and its faded end, each as left end and width.

    The faded end is None for a figure that is exact, a range or below zero.
    """
    left, right = min(zero, end), max(zero, end)
    if end < zero or mark.comparator in ("Exactly", "Between"):
        return (round(left, 1), round(max(right - left, 1.0), 1)), None
    lower, higher = mark.comparator in _LOWER, mark.comparator in _HIGHER
    before = FADE if lower else 0.0 if higher else FADE / 2
    start = max(left, right - before)
    stop = right - before + FADE
    return (round(left, 1), round(start - left, 1)), (round(start, 1), round(stop - start, 1))


def draw_line(panel: Panel, write: Callable[[str], str]) -> LineDrawing:
    """Return the layout of marks over time; ``write`` formats a decimal number for the reader."""
    numbers = _numbers(panel)
    steps, from_zero = _steps(min(numbers), max(numbers))
    texts = [write(f"{step:f}") + ("%" if panel.is_percent else "") for step in steps]
    left = max(width(text, LETTERS) for text in texts) + 10
    top = LETTERS + _ARROW + 8
    bottom = top + _PLOT
    low, high = float(steps[0]), float(steps[-1])

    def down(number: float) -> float:
        return round(bottom - (number - low) / (high - low) * (bottom - top), 1)

    days = [mark.day or 0.0 for mark in panel.marks]
    first, last = min(days), max(days)
    spare = max((last - first) * 0.08, _DAYS / 2 if last - first < _DAYS else 0.0)

    def across(day: float) -> float:
        part = (day - first + spare) / (last - first + 2 * spare)
        return round(left + part * (WIDTH - left - 4), 1)

    spots = [(across(mark.day or 0.0), down(float(mark.number))) for mark in panel.marks]
    labels = _labels(panel.marks, spots, left, bottom)
    return LineDrawing(
        height=bottom + LETTERS * 2,
        left=round(left, 1),
        bottom=bottom,
        lines=tuple((down(float(step)), text) for step, text in zip(steps, texts, strict=True)),
        years=_years(first, last, spare, across),
        threads=_threads(panel.marks, spots),
        marks=tuple(
            DrawnMark(mark, x, y, _arrow(mark, x, y, down), label)
            for mark, (x, y), label in zip(panel.marks, spots, labels, strict=True)
        ),
        from_zero=from_zero,
    )


def _numbers(panel: Panel) -> list[float]:
    both = (number for mark in panel.marks for number in (mark.number, mark.upper))
    return [float(number) for number in both if number is not None]


def _steps(low: float, high: float) -> tuple[list[Decimal], bool]:
    """Return round numbers that enclose a range, and whether the first is zero or below.

    >>> _steps(10.0, 95.0)[0] == [0, 20, 40, 60, 80, 100], _steps(6.2, 7.0)[1]
    (True, False)
    """
    if low > 0 and low < high / 2:
        low = 0.0
    if high < 0 and high > low / 2:
        high = 0.0
    span = high - low or abs(high) or 1.0
    size = Decimal(10) ** math.floor(math.log10(span / 4))
    step = next(
        size * factor
        for factor in (1, 2, Decimal("2.5"), 5, 10)
        if size * factor * 4 >= Decimal(span) * Decimal("0.8")
    )
    first = math.floor(Decimal(low) / step)
    last = max(math.ceil(Decimal(high) / step), first + 1)
    return [step * number for number in range(first, last + 1)], first <= 0


def _years(
    first: float, last: float, spare: float, across: Callable[[float], float]
) -> tuple[tuple[float, int], ...]:
    days = [
        dt.date.fromordinal(max(1, min(int(day), dt.date.max.toordinal()))) for day in (first, last)
    ]
    years = [
        (across(dt.date(year, 7, 1).toordinal()), year)
        for year in range(days[0].year, days[1].year + 1)
        if first - spare <= dt.date(year, 7, 1).toordinal() <= last + spare
    ]
    each = max(1, math.ceil(len(years) * width("2000", LETTERS) * 1.5 / (WIDTH * 0.8)))
    return tuple(years[::-1][::each])


def _threads(
    marks: Sequence[Mark], spots: Sequence[tuple[float, float]]
) -> tuple[tuple[str, bool], ...]:
    """Return SVG paths between successive days of a ``basis``, and if an end is not ``actual``."""
    found = []
    ordered = sorted(zip(marks, spots, strict=True), key=lambda one: (one[0].basis, one[1][0]))
    for _, of_basis in groupby(ordered, lambda one: one[0].basis):
        days = [_leading(list(some)) for _, some in groupby(of_basis, lambda one: one[1][0])]
        for before, after in pairwise(days):
            found += [
                (f"M{x} {y}L{to_x} {to_y}", not (start.actual and end.actual))
                for start, (x, y) in before
                for end, (to_x, to_y) in after
            ]
    return tuple(found)


def _leading(day: list[Placed]) -> list[Placed]:
    """Return the exact marks of a day, to which lines lead; all marks if none is exact."""
    return [one for one in day if one[0].comparator == "Exactly"] or day


def _arrow(mark: Mark, x: float, y: float, down: Callable[[float], float]) -> str:
    if mark.upper is not None:
        end = down(float(mark.upper))
        return f"M{x} {y}V{end}M{round(x - 6, 1)} {end}h12"
    if mark.comparator in _HIGHER:
        return f"M{x} {round(y - _RADIUS, 1)}v-{_ARROW - 5}m-5 5l5 -5l5 5"
    if mark.comparator in _LOWER:
        return f"M{x} {round(y + _RADIUS, 1)}v{_ARROW - 5}m-5 -5l5 5l5 -5"
    if mark.comparator == "Exactly":
        return ""
    return f"M{round(x - 4, 1)} {round(y - 11, 1)}h8m-4 0v22m-4 0h8"


def _around(mark: Mark, x: float, y: float) -> Box:
    beside = 12 if mark.comparator == "Approximately" else 7
    above = _ARROW + 3 if mark.comparator in _HIGHER else beside
    below = _ARROW + 3 if mark.comparator in _LOWER else beside
    return Box(x - 7, y - above, x + 7, y + below)


def _labels(
    marks: Sequence[Mark], spots: Sequence[tuple[float, float]], left: float, bottom: float
) -> list[tuple[str, float, float] | None]:
    """Return the label of each mark: its text, the x position of its middle, and its baseline.

    None for a label that does not fit above or below its mark without overlap; later marks have
    priority. ``spots`` are the positions of the marks. Labels are right of ``left`` and above
    ``bottom``.
    """
    taken = [_around(mark, x, y) for mark, (x, y) in zip(marks, spots, strict=True)]
    found: list[tuple[str, float, float] | None] = [None] * len(marks)
    for index in reversed(range(len(marks))):
        text, own = marks[index].text, taken[index]
        wide = width(text, _BOLD)
        if wide > WIDTH - left:
            continue
        for baseline in (own.top - 4, own.bottom + LETTERS):
            start = min(max(spots[index][0] - wide / 2, left), WIDTH - wide)
            box = Box(start, baseline - LETTERS, start + wide, baseline + 3)
            others = [other for number, other in enumerate(taken) if number != index]
            if box.bottom < bottom and not any(box.meets(other) for other in others):
                taken.append(box)
                found[index] = (text, round(start + wide / 2, 1), round(baseline, 1))
                break
    return found


def drawings(
    chart: Chart, write: Callable[[str], str]
) -> tuple[tuple[Panel, BarDrawing | LineDrawing], ...]:
    """Return the panels of a chart with their layouts; ``write`` is as in :func:`draw_line`."""
    return tuple(
        (panel, draw_line(panel, write) if chart.over_time else draw_bars(panel))
        for panel in chart.panels
    )
