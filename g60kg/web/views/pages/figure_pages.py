"""View models of the figures of observations and measures, and of the charts of figures."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.dates import edtf_days
from g60kg.model.figure_text import figure_of_row
from g60kg.model.i18n import PageTexts, page_texts
from g60kg.namespaces import local_name, term
from g60kg.queries.catalog import NamedQuery, named_query
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import (
    FactModel,
    RowModel,
    TableModel,
    TermModel,
    first_date,
)

#: The most marks and panels of a chart.
MOST_MARKS: Final = 40
MOST_PANELS: Final = 6
#: The canned queries with a chart, and whether it has a time axis.
_OVER_TIME: Final = {"trend": True, "compare": False}
_FRACTION: Final = term("unit:FRACTION")
_PERCENT: Final = term("unit:PERCENT")
_MONEY: Final = term("unit:CCY_").value
#: The columns whose values, with the unit, decide on the panel of a row.
_PANEL: Final = ("measure", "category", "reference")
#: The most figures on the page of a measure; a canned query returns all of them.
MOST_FIGURES: Final = 20
#: The most figures that are read and sorted.
MOST_SORTED: Final = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure in a chart; equal figures of several sources are one mark.

    Attributes:
        name: the subject of the figure.
        number: the number in the unit of the diagram; for a range, the lower one.
        upper: the upper number of a range; None for other figures.
        text: the figure in its own unit, in the language of the page.
        period: its period, or the date of its source; empty without both.
        day: the middle of the period or the date, as an ordinal of datetime; None if it is unknown.
        stated: whether the source states the period.
        comparator: the local name of the comparator, such as "AtLeast"; empty without one.
        actual: whether the figure is neither a goal nor planned nor expected.
        basis: how the source counts, in its own terms; empty if it does not say so.
    """

    name: str
    number: Decimal
    upper: Decimal | None
    text: str
    period: str
    day: float | None
    stated: bool
    comparator: str
    actual: bool
    basis: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """A diagram of a chart: the marks with the same measure, category, reference and unit.

    Figures for parts of a year are apart, by the number of months.
    """

    title: str
    unit: str
    is_percent: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The diagrams for the figures of a page of rows.

    ``left_out`` has the reason and the number of figures that are not drawn.
    """

    over_time: bool
    panels: tuple[Panel, ...]
    left_out: tuple[tuple[str, int], ...]
    is_part: bool

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of all panels."""
        return tuple(mark for panel in self.panels for mark in panel.marks)


def chart_of(
    reader: PageReader, query: NamedQuery, given: Mapping[str, str], table: TableModel
) -> Chart | None:
    """Return the chart for the figures in the rows of a canned query.

    None if the query has no charts, or if no panel has two figures.
    """
    over_time = _OVER_TIME.get(query.name)
    if over_time is None:
        return None
    texts = page_texts(reader.language)
    measure = "" if over_time else _measure(reader, query, given)
    left_out: Counter[str] = Counter()
    panels: dict[Panel, dict[Mark, list[str]]] = {}
    for row in table.rows:
        mark = _mark(row, texts)
        if mark is None or (over_time and mark.day is None):
            left_out["no-number" if mark is None else "no-date"] += 1
            continue
        unit = row.terms["unit"]
        is_sum = not over_time and isinstance(unit, NamedNode) and unit.value.startswith(_MONEY)
        panel = _panel(row, texts, measure, _part_of_year(_literal(row, "period"), is_sum))
        panels.setdefault(panel, {}).setdefault(mark, []).append(row.text("source"))
    drawn: list[Panel] = []
    free = MOST_MARKS
    for panel, found in sorted(panels.items(), key=lambda one: -len(one[1])):
        marks = [
            replace(mark, sources=tuple(dict.fromkeys(names))) for mark, names in found.items()
        ]
        # With a time axis the latest figures are drawn, else the first rows.
        ordered = sorted(marks, key=lambda one: one.day or 0) if over_time else marks
        count = min(len(ordered), free) if len(drawn) < MOST_PANELS else 0
        if count < 2:
            left_out["alone" if len(ordered) < 2 else "too-many"] += len(ordered)
            continue
        left_out["too-many"] += len(ordered) - count
        free -= count
        drawn.append(
            replace(panel, marks=tuple(ordered[-count:] if over_time else ordered[:count]))
        )
    if not drawn:
        return None
    return Chart(over_time, tuple(drawn), tuple((+left_out).items()), table.is_part)


def _measure(reader: PageReader, query: NamedQuery, given: Mapping[str, str]) -> str:
    # A query without a measure runs with the one of its example.
    name = given.get("measure") or query.parameter("measure").example
    found = reader.context.resolver.terms(query, {"measure": name})["measure"]
    return reader.labels.text(found) if isinstance(found, NamedNode) else name


def _mark(row: RowModel, texts: PageTexts) -> Mark | None:
    figure = figure_of_row(row.terms)
    if figure is None or figure.number is None:
        return None
    # A fraction and a percentage are shares of one scale.
    scale = 100 if figure.unit == _FRACTION else 1
    period = _literal(row, "period")
    return Mark(
        name=row.text("subject"),
        number=figure.number * scale,
        upper=None if figure.upper is None else figure.upper * scale,
        text=texts.figure(figure),
        period=texts.date(period),
        day=_middle(period),
        stated=_literal(row, "periodStated") == "true",
        comparator=local_name(figure.comparator.value) if figure.comparator else "",
        actual=_literal(row, "status") == "Actual",
        basis=row.text("basis"),
    )


def _panel(row: RowModel, texts: PageTexts, measure: str, months: int) -> Panel:
    is_percent = row.terms["unit"] in (_FRACTION, _PERCENT)
    cells = [row.cells.get(name) for name in _PANEL]
    names = [
        cell.text if cell.iri else texts.or_else(f"value.{cell.text}", texts.date(cell.text))
        for cell in cells
        if cell is not None
    ]
    first, *limits = [measure, *names] if measure else names
    if months:
        limits.append(texts.counted("chart.months", months))
    return Panel(
        title=texts("chart.limited", what=first, limits=texts("list.comma").join(limits))
        if limits
        else first,
        unit=texts("unit-name.PERCENT") if is_percent else _unit(row["unit"], texts),
        is_percent=is_percent,
        marks=(),
    )


def _unit(unit: TermModel | None, texts: PageTexts) -> str:
    """Return the name of a unit; empty without a unit and for a plain number."""
    return "" if unit is None or unit.text == texts("unit-name.NUM") else unit.text


def _literal(row: RowModel, column: str) -> str:
    found = row.terms.get(column)
    return found.value if isinstance(found, Literal) else ""


def _part_of_year(period: str, is_sum: bool) -> int:
    """Return the months of a period of 2 to 11 months, or 1 if ``is_sum``; 0 for other periods."""
    days = edtf_days(period) if period else None
    months = round((days[1] - days[0]) / 30.44) if days and all(map(math.isfinite, days)) else 0
    return months if (0 if is_sum else 1) < months < 12 else 0


def _middle(period: str) -> float | None:
    """Return the middle of the known ends of an EDTF period as an ordinal; None without any."""
    days = [day for day in edtf_days(period) or () if math.isfinite(day)] if period else []
    return sum(days) / len(days) if days else None


@dataclass(frozen=True, slots=True)
class FigureView:
    """The page of an observation, with the Facts that state it.

    Attributes:
        subject: the entity that the figure is about; None if it is unknown.
        reference: the area and the ranking that the figure refers to.
        equivalents: the same sum in other currencies, as the source gives it.
        status: goal, planned or expected; None for an actual figure.
        published: the first date of its sources, in EDTF; empty without a date.
    """

    template: ClassVar = "figure.html"
    name: TermModel
    subject: TermModel | None
    unit: TermModel | None
    comparator: TermModel | None
    categories: tuple[TermModel, ...]
    reference: tuple[TermModel, ...]
    equivalents: tuple[TermModel, ...]
    status: TermModel | None
    published: str
    facts: tuple[FactModel, ...]


@dataclass(frozen=True, slots=True)
class FiguresOfMeasure:
    """The latest figures of a measure; ``count`` is the number of all.

    ``first`` has up to MOST_FIGURES, latest first: subject, figure, and the first date of its
    sources, which is empty if the figure has a period.
    """

    first: tuple[tuple[TermModel | None, TermModel, str], ...]
    count: int
    chart: Chart | None = None


def figure_view(reader: PageReader, node: NamedNode) -> FigureView | None:
    """Return the view model of an observation; None unless it has exactly one number."""
    name = reader.term_model(node)
    figure = name.figure
    if figure is None:
        return None
    facts = tuple(reader.facts(reader.subjects(ns.FACT_OBJECT, node)))
    categories = sorted(figure.categories, key=str)
    reference = [one for one in (figure.area, figure.ranking) if one is not None]
    return FigureView(
        name=name,
        subject=_subject(reader, node),
        unit=reader.term_model(figure.unit) if figure.unit else None,
        comparator=reader.term_model(figure.comparator) if figure.comparator else None,
        categories=tuple(map(reader.term_model, categories)),
        reference=tuple(map(reader.term_model, reference)),
        equivalents=(
            *map(reader.term_model, reader.objects(node, ns.EQUIVALENT_OF)),
            *name.equivalents,
        ),
        status=reader.term_model(figure.status) if figure.status else None,
        published=first_date(quote for fact in facts for quote in fact.quotes),
        facts=facts,
    )


def figures_of(reader: PageReader, measure: NamedNode) -> FiguresOfMeasure:
    """Return the latest MOST_FIGURES figures of a measure; none for any other node.

    Of more than MOST_SORTED figures, those without a period count as the oldest.
    """

    def period_of(figure: NamedNode) -> str:
        return max(map(str, reader.objects(figure, ns.REFERENCE_PERIOD)), default="")

    figures = reader.subjects(ns.OBSERVED_MEASURE, measure)
    if len(figures) > MOST_SORTED:
        figures = sorted(figures, key=period_of, reverse=True)
    shown: list[tuple[str, tuple[TermModel | None, TermModel, str]]] = []
    for node in figures[:MOST_SORTED]:
        value = reader.term_model(node)
        period = (value.figure.period or "") if value.figure else ""
        stating = () if period else reader.subjects(ns.FACT_OBJECT, node)
        published = first_date(reader.quotes_of(stating))
        shown.append((period or published, (_subject(reader, node), value, published)))
    shown.sort(key=lambda one: one[0], reverse=True)
    subjects = {subject for _, (subject, _, _) in shown}
    chart = None
    if len(figures) == len(shown) > 1 == len(subjects) and (subject := subjects.pop()):
        # A query is no look-up of one entity.
        reader.context.need_process()
        given = {"subject": subject.iri or "", "measure": measure.value}
        chart = chart_of(reader, named_query("trend"), given, reader.answer("trend", given))
    return FiguresOfMeasure(tuple(one for _, one in shown[:MOST_FIGURES]), len(figures), chart)


def _subject(reader: PageReader, figure: NamedNode) -> TermModel | None:
    bearers = reader.subjects(ns.HAS_OBSERVATION, figure)
    return reader.term_model(bearers[0]) if bearers else None
