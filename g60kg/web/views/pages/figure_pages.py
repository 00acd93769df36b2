"""View models of the page of an observation, and of the figures on the page of a measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import EQUIVALENT_OF, FACT_OBJECT, HAS_OBSERVATION, OBSERVED_MEASURE
from g60kg.queries.catalog import named_query
from g60kg.web.views.pages.figure_charts import Chart, chart_of
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import FactModel, TermModel

#: The most figures on the page of a measure; a canned query returns all of them.
MOST_FIGURES: Final = 20
#: The most figures that are read and sorted.
MOST_SORTED: Final = 200


@dataclass(frozen=True, slots=True)
class FigureView:
    """An observation and the facts that state it.

    Attributes:
        name: the observation, with its figure.
        subject: what the figure is about.
        unit: of its number.
        comparator: how the number bounds the true value.
        categories: what limits the figure.
        reference: the area or the ranking that it refers to.
        equivalents: the same sum in other currencies, as the source gives it.
        status: goal, planned or expected; None for an actual figure.
        published: the first date of its sources, in EDTF.
        facts: the facts that state it, one for each source.
    """

    name: TermModel
    subject: TermModel | None
    unit: TermModel | None
    comparator: TermModel | None
    categories: tuple[TermModel, ...]
    reference: tuple[TermModel, ...]
    equivalents: tuple[TermModel, ...]
    status: TermModel | None
    published: str | None
    facts: tuple[FactModel, ...]


@dataclass(frozen=True, slots=True)
class FiguresOfMeasure:
    """The latest figures of a measure, and the number of all.

    Each has its subject and, without a period, the date of its source. With one subject, the chart
    shows how the figures developed.
    """

    first: tuple[tuple[TermModel | None, TermModel, str], ...]
    count: int
    chart: Chart | None = None


def figure_view(reader: PageReader, node: NamedNode) -> FigureView | None:
    """Return the view model of an observation; None if it has no number."""
    name = reader.term_model(node)
    figure = name.figure
    if figure is None:
        return None
    found = [reader.fact(fact) for fact in reader.subjects(FACT_OBJECT, node)]
    facts = tuple(fact for fact in found if fact is not None)
    dates = {quote.source.date for fact in facts for quote in fact.quotes if quote.source.date}
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
            *map(reader.term_model, reader.objects(node, EQUIVALENT_OF)),
            *name.equivalents,
        ),
        status=reader.term_model(figure.status) if figure.status else None,
        published=min(dates, default=None),
        facts=facts,
    )


def figures_of(reader: PageReader, measure: NamedNode) -> FiguresOfMeasure:
    """Return the latest figures of a measure; none for any other node."""
    figures = reader.subjects(OBSERVED_MEASURE, measure)
    shown: list[tuple[str, tuple[TermModel | None, TermModel, str]]] = []
    for node in figures[:MOST_SORTED]:
        value = reader.term_model(node)
        period = (value.figure.period or "") if value.figure else ""
        published = "" if period else _published(reader, node)
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


def _published(reader: PageReader, figure: NamedNode) -> str:
    """Return the first date of the sources of a figure; empty without one."""
    quotes = reader.quotes_of(reader.subjects(FACT_OBJECT, figure))
    return min((quote.source.date for quote in quotes if quote.source.date), default="")


def _subject(reader: PageReader, figure: NamedNode) -> TermModel | None:
    bearers = reader.subjects(HAS_OBSERVATION, figure)
    return reader.term_model(bearers[0]) if bearers else None
