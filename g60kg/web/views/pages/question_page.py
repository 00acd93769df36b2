"""View model of the page of a question: how it was understood, the answer, other readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from g60kg.namespaces import expand, g60
from g60kg.queries.ask.refusals import Reading
from g60kg.queries.catalog import NamedQuery, Parameter
from g60kg.web.views.open_graph import current
from g60kg.web.views.pages.figure_charts import Chart, chart_of
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.search_results import Found, search
from g60kg.web.views.pages.view_models import TableModel, TermModel


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """A reading of a question: its query, the values to link to, and their labels."""

    query: NamedQuery
    given: Mapping[str, str]
    labels: tuple[tuple[str, TermModel], ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its reading and answer; without a reading, the reason and search results.

    The note says that the answer is empty.
    """

    reading: ReadingModel | None
    alternatives: tuple[ReadingModel, ...]
    reason: str
    note: str
    table: TableModel | None
    found: Found | None
    chart: Chart | None


def question_view(
    language: str, question: str, *, limit: int, offset: int, sort: str | None
) -> QuestionView:
    """Return the answer to a question, as the page of its query shows it.

    Raises:
        UsageError: the question is too long, or there is no column to sort by.
    """
    reader = PageReader(language)
    understood = current().interpreter.understand(question, language)
    reading = None if understood.reading is None else _model(reader, understood.reading)
    table = found = chart = None
    if reading is None:
        found = search(language, question)
    else:
        table = reader.answer(
            reading.query.name,
            reading.given,
            evidence=True,
            limit=limit,
            offset=offset,
            sort=sort,
            facets=(),
        )
        chart = chart_of(reader, reading.query, reading.given, table)
    others = tuple(_model(reader, other) for other in understood.alternatives)
    return QuestionView(reading, others, understood.reason, understood.note, table, found, chart)


def _model(reader: PageReader, reading: Reading) -> ReadingModel:
    given = {name: str(value) for name, value in reading.parameters.items()}
    labels = tuple(
        (name, _label(reader, reading.query.parameter(name), value))
        for name, value in given.items()
    )
    return ReadingModel(reading.query, given, labels)


def _label(reader: PageReader, parameter: Parameter, value: str) -> TermModel:
    iri = g60(value) if parameter.enum else expand(value) if parameter.type == "iri" else None
    return TermModel(value) if iri is None else reader.term_model(iri)
