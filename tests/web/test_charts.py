"""Charts of figures: what is drawn, how it is marked, and what is left out."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from itertools import combinations, pairwise

import pytest
from pyoxigraph import Literal, NamedNode

from g60kg.model.i18n import page_texts
from g60kg.namespaces import term
from g60kg.queries.catalog import named_query
from g60kg.web.server_settings import Settings
from g60kg.web.svg import chart_drawing
from g60kg.web.svg.chart_drawing import WIDTH, BarDrawing, LineDrawing
from g60kg.web.svg.map_drawing import Box
from g60kg.web.svg.text_width import width
from g60kg.web.views import open_graph
from g60kg.web.views.pages import figure_pages
from g60kg.web.views.pages.figure_pages import MOST_MARKS, Chart, chart_of, figures_of
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import RowModel, TableModel, TermModel
from tests.web.asking import get
from tests.web.reading_pages import page

NUMBER = ("number", term("unit:NUM"))
PERCENT = ("percent", term("unit:PERCENT"))
FRACTION = ("fraction", term("unit:FRACTION"))


@pytest.fixture(scope="module")
def reader() -> PageReader:
    open_graph.open_for(Settings())
    return PageReader("en")


def row(
    value: str,
    period: str | None = "2022",
    unit: tuple[str, NamedNode] = NUMBER,
    **more: str,
) -> RowModel:
    """A row of `trend` or `compare`."""
    texts: Mapping[str, str | None] = {
        "subject": "Songjiang",
        "measure": "number of zones",
        "value": value,
        "period": period,
        "periodStated": "true",
        "comparator": "exactly",
        "status": "Actual",
        "source": "A report",
        **more,
    }
    names = ("category", "reference", "upper", "basis")
    cells = {name: None if text is None else TermModel(text) for name, text in texts.items()}
    linked = TermModel(unit[0], unit[1].value)
    literals = {name: None if text is None else Literal(text) for name, text in texts.items()}
    return RowModel(
        {**dict.fromkeys(names), **cells, "unit": linked}, terms={**literals, "unit": unit[1]}
    )


def chart(reader: PageReader, *rows: RowModel, name: str = "trend", more: bool = False) -> Chart:
    found = chart_of(reader, named_query(name), {}, TableModel((), rows, more=more))
    assert found is not None
    return found


def line(reader: PageReader, *rows: RowModel) -> LineDrawing:
    ((_, drawn),) = chart_drawing.drawings(chart(reader, *rows), page_texts("en").number)
    assert isinstance(drawn, LineDrawing)
    return drawn


def bars(reader: PageReader, *rows: RowModel) -> BarDrawing:
    found = chart(reader, *rows, name="compare")
    ((_, drawn),) = chart_drawing.drawings(found, page_texts("en").number)
    assert isinstance(drawn, BarDrawing)
    return drawn


# -- What is drawn ------------------------------------------------------------


def test_fewer_than_two_figures_of_a_kind_have_no_chart(reader: PageReader) -> None:
    query = named_query("trend")
    for rows in ((), (row("9"),), (row("9"), row("5", unit=PERCENT)), (row("9"), row("?"))):
        assert chart_of(reader, query, {}, TableModel((), rows)) is None
    assert chart_of(reader, named_query("zones"), {}, TableModel((), (row("1"), row("2")))) is None


def test_each_unit_and_kind_has_its_own_panel(reader: PageReader) -> None:
    found = chart(
        reader,
        *(row(value) for value in ("1", "2", "3")),
        *(row(value, category="listed companies") for value in ("4", "5")),
        *(row(value, unit=PERCENT) for value in ("6", "7")),
        row("8", reference="China"),
    )
    assert [(panel.title, panel.unit, len(panel.marks)) for panel in found.panels] == [
        ("number of zones", "", 3),
        ("number of zones (listed companies)", "", 2),
        ("number of zones", "percent", 2),
    ]
    assert found.left_out == (("alone", 1),)


def test_a_part_of_a_year_is_no_step_from_a_year(reader: PageReader) -> None:
    halves = [
        row(value, period) for value, period in (("4", "2022-01/2022-06"), ("5", "2023-01/2023-06"))
    ]
    years = [row(value, period) for value, period in (("8", "2021"), ("9", "2022"), ("10", "2023"))]
    found = chart(reader, *years, *halves, row("2", "2024-01/2024-03"))
    assert [[mark.number for mark in panel.marks] for panel in found.panels] == [[8, 9, 10], [4, 5]]
    assert [panel.title for panel in found.panels] == [
        "number of zones",
        "number of zones (periods of 6 months)",
    ]
    assert found.left_out == (("alone", 1),)


YUAN = ("yuan", term("unit:CCY_CNY"))


def test_bars_of_sums_have_periods_of_one_length(reader: PageReader) -> None:
    periods = ("2022", "2021", "2022-01/2022-06", "2023-01/2023-06", "2022-06", "2023-06")
    rows = [row("9", period, YUAN) for period in periods]
    panels = chart(reader, *rows, name="compare").panels
    lengths = [panel.title.partition("periods of ")[2] for panel in panels]
    assert lengths == ["", "6 months)", "1 month)"]
    assert [len(panel.marks) for panel in panels] == [2, 2, 2]
    # A count of a month is a state at that time, as is one of a year.
    (panel,) = chart(reader, row("9", "2022"), row("8", "2022-06"), name="compare").panels
    assert len(panel.marks) == 2


def test_half_years_of_the_gdp_have_their_own_bars(complete_server: str) -> None:
    root = page(complete_server, "/queries/compare?measure=gdp")
    for panel in root.all("div", class_="panel"):
        parts = [one.text for one in panel.all("tspan") if " to June " in one.text]
        assert not parts or "(periods of 6 months)" in panel.one("p", class_="what").text
    assert "GDP (periods of 6 months), yuan" in root.text


def test_a_fraction_and_a_percentage_share_a_scale(reader: PageReader) -> None:
    found = chart(
        reader,
        row("0.066666666667", unit=FRACTION),
        row("7", unit=PERCENT, comparator="nearly"),
    )
    (panel,) = found.panels
    assert [mark.text for mark in panel.marks] == ["1/15", "nearly 7%"]
    assert [float(mark.number) for mark in panel.marks] == pytest.approx([6.67, 7], abs=0.01)


def test_equal_figures_of_two_sources_are_one_mark(reader: PageReader) -> None:
    found = chart(reader, row("9"), row("9", source="Another"), row("8"))
    assert [mark.sources for mark in found.marks] == [("A report", "Another"), ("A report",)]


def test_what_is_not_drawn_is_counted(reader: PageReader) -> None:
    many = [row(str(number + 1), str(1950 + number)) for number in range(MOST_MARKS + 5)]
    found = chart(reader, *many, row("9", None), row("much"), more=True)
    assert len(found.marks) == MOST_MARKS
    assert found.marks[-1].text == str(MOST_MARKS + 5)
    assert dict(found.left_out) == {"too-many": 5, "no-date": 1, "no-number": 1}
    assert found.is_part
    # Bars need no date.
    assert len(chart(reader, row("9", None), row("8"), name="compare").marks) == 2


# -- The time axis ------------------------------------------------------------


def test_marks_are_placed_by_time_and_value(reader: PageReader) -> None:
    drawn = line(reader, row("10", "2018"), row("20", "2020-06"), row("40", "2023-07-11"))
    assert [one.x for one in drawn.marks] == sorted(one.x for one in drawn.marks)
    assert [one.y for one in drawn.marks] == sorted((one.y for one in drawn.marks), reverse=True)
    assert drawn.from_zero
    zero, top = drawn.lines[0], drawn.lines[-1]
    assert (zero[1], top[1]) == ("0", "40")
    assert drawn.marks[0].y == pytest.approx(zero[0] - (zero[0] - top[0]) / 4)
    assert drawn.marks[2].y == top[0]
    assert [year for _, year in drawn.years] == [2023, 2022, 2021, 2020, 2019, 2018]


def test_an_axis_from_another_number_than_zero_is_reported(reader: PageReader) -> None:
    assert not line(reader, row("1000", "2018"), row("1100", "2019")).from_zero
    drawn = line(reader, row("-4", "2018"), row("6", "2019"))
    assert "0" in [text for _, text in drawn.lines]


def test_conflicting_figures_are_both_drawn(reader: PageReader) -> None:
    drawn = line(reader, row("10", "2018"), row("20", "2019"), row("24", "2019"))
    assert drawn.marks[1].x == drawn.marks[2].x
    assert drawn.marks[1].y != drawn.marks[2].y
    assert len(drawn.threads) == 2


def test_lines_lead_to_exact_figures_of_one_basis(reader: PageReader) -> None:
    rows = (row("10", "2018"), row("20", "2019"), row("24", "2019", comparator="nearly"))
    assert len(line(reader, *rows).threads) == 1
    assert not line(reader, row("1", "2018"), row("2", "2019", basis="without Shanghai")).threads
    goal = line(reader, row("1", "2018"), row("2", "2019", status="Goal")).threads
    assert [to_goal for _, to_goal in goal] == [True]


def test_comparators_and_ranges_are_marked(reader: PageReader) -> None:
    drawn = line(
        reader,
        row("10", "2018"),
        row("20", "2019", comparator="greaterThan"),
        row("20", "2020", comparator="lessThan"),
        row("20", "2021", comparator="between", upper="30"),
    )
    exact, more, less, between = (one.arrow for one in drawn.marks)
    assert exact == ""
    assert "v-" in more
    assert "v15" in less
    top = next(at for at, text in drawn.lines if text == "30")
    assert f"V{top}" in between


@pytest.mark.parametrize("count", [2, 12, MOST_MARKS])
def test_labels_in_a_line_chart_do_not_overlap(count: int, reader: PageReader) -> None:
    rows = [
        row(str(1000 + number * 7 % 50), str(1980 + number), comparator="approximately")
        for number in range(count)
    ]
    drawn = line(reader, *rows)
    labels = [one.label for one in drawn.marks if one.label]
    boxes = [
        Box(x - width(text, 16) / 2, y - 16, x + width(text, 16) / 2, y) for text, x, y in labels
    ]
    assert labels
    assert not [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]
    assert all(box.left >= 0 and box.right <= WIDTH and box.top >= 0 for box in boxes)
    years = sorted(at for at, _ in drawn.years)
    assert all(after - before > width("2000", 16) for before, after in pairwise(years))


def test_values_in_a_line_chart_are_never_shortened_and_inside(reader: PageReader) -> None:
    drawn = line(
        reader,
        row("594582000000", "2010", YUAN),
        row("1999999000000", "2023", YUAN, comparator="greaterThan"),
        row("2000000000000", "2024", YUAN, comparator="greaterThan"),
    )
    label = drawn.marks[-1].label
    assert label
    text, x, y = label
    assert text == "more than 2,000 billion yuan"
    assert drawn.left <= x - width(text, 16) / 2 <= x + width(text, 16) / 2 <= WIDTH
    assert y - 16 >= 0
    # A value that has no room at all is in the table alone.
    long = line(reader, *(row(f"{n}1234567.123456789012345678", str(n)) for n in (2010, 2023)))
    assert not [one.label for one in long.marks if one.label and "…" in one.label[0]]


# -- Bars ---------------------------------------------------------------------


def test_bars_are_proportional_and_begin_at_zero(reader: PageReader) -> None:
    drawn = bars(reader, row("40"), row("10"), row("-20"))
    (long, short, negative) = (one.solid for one in drawn.bars)
    assert long[0] == short[0] == drawn.zero
    assert long[1] == pytest.approx(4 * short[1], abs=0.3)
    assert sum(negative) == pytest.approx(drawn.zero, abs=0.2)
    assert negative[1] == pytest.approx(2 * short[1], abs=0.3)


def test_a_range_below_zero_is_inside_the_drawing(reader: PageReader) -> None:
    drawn = bars(reader, row("-10", comparator="between", upper="-4"), row("-2"))
    between = drawn.bars[0]
    assert between.range is not None
    assert between.range[0] == pytest.approx(0, abs=0.2)
    assert sum(between.range) == pytest.approx(between.solid[0], abs=0.2)
    assert sum(between.solid) == pytest.approx(drawn.zero, abs=0.2)


def test_inexact_bars_fade_and_ranges_have_an_upper_end(reader: PageReader) -> None:
    drawn = bars(
        reader,
        row("40"),
        row("40", "2021", comparator="nearly"),
        row("40", "2021", comparator="greaterThan"),
        row("20", comparator="between", upper="40"),
    )
    exact, nearly, more, between = drawn.bars
    end = exact.solid[0] + exact.solid[1]
    assert exact.fade is None
    assert nearly.fade is not None
    assert sum(nearly.fade) == pytest.approx(end, abs=0.2)
    assert more.fade is not None
    assert more.fade[0] == pytest.approx(end, abs=0.2)
    assert between.range is not None
    assert sum(between.range) == pytest.approx(end, abs=0.2)


def test_long_names_and_values_stay_inside(reader: PageReader) -> None:
    name = "Yangtze River Delta G60 Science and Technology Innovation Corridor"
    value = "123456789012.123456789012"
    drawn = bars(
        reader,
        row(value, "2021-01/2021-09", subject=name, comparator="greaterThan"),
        row("1", "2022-01/2022-09", subject="长三角G60科创走廊" * 9),
    )
    for one in drawn.bars:
        assert one.name.endswith("…")
        assert "…" not in one.mark.text
        assert one.text_x + width(one.mark.text, 16) <= WIDTH
        assert width(f"{one.name} · {one.mark.period}", 16) <= WIDTH


# -- The pages ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/queries/trend?subject=Songjiang&measure=number+of+enterprises", "line"),
        ("/queries/compare?measure=number+of+enterprises", "bars"),
        ("/ask?q=How+did+the+number+of+enterprises+of+Songjiang+develop%3F", "line"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chart_is_above_its_table(
    path: str, name: str, language: str, complete_server: str
) -> None:
    root = page(complete_server, path, language)
    figure = root.one("figure", class_="charts")
    text = page_texts(language)
    drawn = figure.all("svg")
    for svg in drawn:
        assert svg.attributes["role"] == "img"
        assert svg.attributes["aria-label"]
        assert text("chart.description", n="", low="", high="")[-8:] in svg.one("desc").text
        assert bool(svg.all("circle")) == (name == "line")
    assert root.all("table")
    answer = get(complete_server + figure.link(text("chart.download")))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"].startswith("attachment")
    parsed = ET.fromstring(answer.text)  # from this project's own server
    assert len(parsed.findall("{*}svg")) == len(drawn)
    assert "var(" not in answer.text


def test_a_table_has_fractions_as_the_source_states_them(complete_server: str) -> None:
    root = page(complete_server, "/queries/trend?subject=G60+corridor&measure=share+of+GDP")
    assert "1/15" in root.one("tbody").text
    assert "0.0666" not in root.text
    assert len(root.one("figure", class_="charts").all("circle")) == 8


def test_an_answer_without_a_chart_has_no_file(server: str) -> None:
    assert not page(server, "/queries/zones").all("figure", class_="charts")
    assert get(f"{server}/queries/zones.svg").status_code == 404
    assert get(f"{server}/queries/compare.svg?measure=nothing").status_code == 404
    assert get(f"{server}/queries/no-query.svg").status_code == 404


def test_the_latest_figures_are_shown_of_however_many(
    reader: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = term("measure:enterprise-count")
    found = figures_of(reader, measure)
    dated = [value for _, value, published in found.first if not published]
    assert len(dated) > 1
    monkeypatch.setattr(figure_pages, "MOST_SORTED", len(dated))
    assert [value for _, value, _ in figures_of(reader, measure).first] == dated
