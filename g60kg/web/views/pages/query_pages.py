"""View models of canned queries, of questions, and of the SPARQL editor."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode, QueryBoolean, QueryTriples

from g60kg.errors import QuerySyntaxError, UsageError
from g60kg.export import write_triples
from g60kg.model.i18n import page_texts
from g60kg.namespaces import compact, expand, g60, local_name
from g60kg.queries.ask.refusals import Reading
from g60kg.queries.binding import bind
from g60kg.queries.catalog import (
    FROM,
    TO,
    NamedQuery,
    Parameter,
    ParameterType,
    load_catalog,
    named_query,
)
from g60kg.queries.execution import run_select
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import Term
from g60kg.web.views.open_graph import current
from g60kg.web.views.pages.figure_pages import Chart, chart_of
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.search_results import SearchPage, search
from g60kg.web.views.pages.view_models import RowModel, TableModel, TermModel
from g60kg.web.views.query_results import ROWS, kind_of

#: The most names that a field suggests.
MOST_NAMES: Final = 500
#: The most rows or triples, cells and characters of the editor's page; downloads have all of them.
MOST: Final = 200
_CELLS: Final = 20_000
_TEXT: Final = 2_000
_TURTLE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a query as a field of a form."""

    parameter: Parameter
    value: str
    choices: tuple[tuple[str, str], ...]
    example: str


@dataclass(frozen=True, slots=True)
class FacetModel:
    """The most frequent values of a column."""

    column: str
    values: tuple[tuple[TermModel, int, Mapping[str, str]], ...]
    more: int


@dataclass(frozen=True, slots=True)
class QueryView:
    """A canned query with its form and a page of its rows."""

    query: NamedQuery
    fields: tuple[Field, ...]
    text: str
    table: TableModel | None
    error: tuple[str, str | None] | None = None
    status: int = 200
    facets: tuple[FacetModel, ...] = ()
    chart: Chart | None = None

    @property
    def given(self) -> list[tuple[str, str]]:
        """The name and the value of each parameter and filter that is given."""
        return [(field.parameter.name, field.value) for field in self.fields if field.value]

    @property
    def filtered(self) -> bool:
        """Whether a filter is set."""
        return any(field.value and field.parameter in self.query.filters for field in self.fields)


def query_view(
    language: str, name: str, given: Mapping[str, str], *, limit: int, offset: int, sort: str | None
) -> QueryView:
    """Return a canned query with its form and a page of its rows.

    Raise UnknownName for an unknown query; another UsageError is the ``error`` of the result.
    """
    query = named_query(name)
    reader = PageReader(language)
    # A blank field counts as a missing parameter.
    filled = {name: value.strip() for name, value in given.items() if value.strip()}
    fields = tuple(
        Field(
            parameter,
            _given_name(reader, query, parameter, filled.get(parameter.name, "")),
            _choices(reader, parameter),
            _example(reader, query, parameter),
        )
        for parameter in (*query.parameters, *query.filters)
    )
    table: TableModel | None = None
    error: tuple[str, str | None] | None = None
    status = 200
    text = _without_header(query.text)
    try:
        if filled:
            text = _without_header(bind(query, current().resolver.terms(query, filled)).rows)
        table = reader.answer(
            name,
            filled,
            evidence=True,
            limit=limit,
            offset=offset,
            sort=sort,
            facets=_facet_columns(query, filled),
        )
    except UsageError as wrong:
        error, status = (wrong.message, wrong.hint), wrong.http_status
    chart = None if table is None else chart_of(reader, query, filled, table)
    facets = _facets(reader, query, table)
    return QueryView(query, fields, text, table, error, status, facets, chart)


def _facet_columns(query: NamedQuery, given: Mapping[str, str]) -> list[str]:
    names = {parameter.name for parameter in (*query.parameters, *query.filters)} - set(given)
    return [
        column
        for column in query.columns
        if ({FROM, TO} <= names if column == query.year else column in names)
    ]


def _facets(
    reader: PageReader, query: NamedQuery, table: TableModel | None
) -> tuple[FacetModel, ...]:
    """Return the facets that have at least two values to which a link can lead."""
    facets = []
    for facet in table.counts.facets if table and table.counts else ():
        values = [
            (reader.term_model(value), count, _given(query, facet.column, value))
            for value, count in facet.values
        ]
        if facet.column == query.year:
            values.sort(key=lambda one: one[0].text)
        shown = tuple(one for one in values if one[2])
        if len(shown) > 1:
            facets.append(FacetModel(facet.column, shown, facet.more))
    return tuple(facets)


def _given(query: NamedQuery, column: str, value: Term) -> dict[str, str]:
    """Return the parameters of a link to rows with a value in a column; empty without a link."""
    if column == query.year:
        return {FROM: value.value, TO: value.value}
    enum = query.parameter(column).enum
    if isinstance(value, NamedNode) and not enum:
        return {column: compact(value.value)}
    name = local_name(value.value)
    return {column: name} if name in enum else {}


def _given_name(reader: PageReader, query: NamedQuery, parameter: Parameter, value: str) -> str:
    """Return the name for an IRI if the field accepts it for the same entity, else the value."""
    if expand(value) is None or parameter.enum or parameter.type is not ParameterType.IRI:
        return value

    def found(text: str) -> Term:
        return reader.context.resolver.terms(query, {parameter.name: text})[parameter.name]

    try:
        name = reader.term_model(found(value)).text
        return name if found(name) == found(value) else value
    except UsageError:
        return value


def _example(reader: PageReader, query: NamedQuery, parameter: Parameter) -> str:
    if parameter in query.filters:
        return parameter.example
    if parameter.enum:
        return reader.labels.text(g60(parameter.example))
    given = {parameter.name: parameter.example}
    try:
        found = reader.context.resolver.terms(query, given)[parameter.name]
    except UsageError:
        # Examples are from the shipped graph and may be missing in this one.
        return parameter.example
    return reader.labels.text(found) if isinstance(found, NamedNode) else parameter.example


def _choices(reader: PageReader, parameter: Parameter) -> tuple[tuple[str, str], ...]:
    if parameter.enum:
        # Asserted is no term any more, but a plain statement in answers.
        plain = {"Asserted": page_texts(reader.language)("modality.asserted")}
        return tuple(
            (name, plain.get(name) or reader.labels.text(g60(name))) for name in parameter.enum
        )
    if parameter.type is not ParameterType.IRI:
        return ()
    names = {reader.labels.text(node) for node in _members(reader, parameter.of_class)}
    return tuple((name, name) for name in sorted(names)[:MOST_NAMES])


def _members(reader: PageReader, of_class: str | None) -> list[NamedNode]:
    vocabulary = reader.context.vocabulary
    if of_class == "Measure":
        return [measure.iri for measure in vocabulary.measures.values()]
    if of_class == "Class":
        return [NamedNode(iri) for iri in vocabulary.classes]
    if of_class in ("Property", "Modality"):
        return [known.iri for known in vocabulary.properties.values() if known.requires_evidence]
    if of_class is None:  # any entity: the subjects of facts
        return reader.entities(MOST_NAMES)
    members = [one for name in of_class.split(" or ") for one in reader.members(g60(name))]
    return members[:MOST_NAMES]


@cache
def examples() -> tuple[tuple[NamedQuery, str], ...]:
    """Return all canned queries, each with its SPARQL text for no given parameter."""
    queries = load_catalog().values()
    return tuple((query, _without_header(bind(query, {}).rows)) for query in queries)


def _without_header(text: str) -> str:
    lines = (line for line in text.splitlines() if not line.startswith("#+"))
    return re.sub(r"\n\s*\n\s*\n", "\n\n", "\n".join(lines)).strip() + "\n"


@dataclass(frozen=True, slots=True)
class InterpretationModel:
    """An interpretation of a question."""

    query: NamedQuery
    given: Mapping[str, str]
    labels: tuple[tuple[str, TermModel], ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its answer."""

    reading: InterpretationModel | None
    alternatives: tuple[InterpretationModel, ...]
    reason: str
    note: str
    table: TableModel | None
    found: SearchPage | None
    chart: Chart | None


def question_view(
    language: str, question: str, *, limit: int, offset: int, sort: str | None
) -> QuestionView:
    """Return the answer to a question; if it is not understood, the entities with its words.

    Raise UsageError for an empty or too long question.
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


def _model(reader: PageReader, reading: Reading) -> InterpretationModel:
    given = {name: str(value) for name, value in reading.parameters.items()}
    labels = tuple(
        (name, _label(reader, reading.query.parameter(name), value))
        for name, value in given.items()
    )
    return InterpretationModel(reading.query, given, labels)


def _label(reader: PageReader, parameter: Parameter, value: str) -> TermModel:
    iri = g60(value) if parameter.enum else expand(value) if parameter.type == "iri" else None
    return TermModel(value) if iri is None else reader.term_model(iri)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a SPARQL query in the editor."""

    kind: str = ""
    table: TableModel | None = None
    truth: bool = False
    turtle: str = ""
    more: bool = False
    error: str = ""
    hint: str | None = None
    line: int | None = None


def outcome(text: str, language: str) -> Outcome:
    """Return the result of a SPARQL query, up to the limits of the page.

    An invalid query, or a graph that Turtle cannot hold, does not raise an error, but is the
    ``error`` of the result.
    """
    reader = PageReader(language)
    try:
        kind = kind_of(text)
        if kind == ROWS:
            answer = run_select(reader.store, text)
            most = max(1, min(MOST, _CELLS // max(1, len(answer.columns))))
            rows = [row for row, _ in islice(answer.stream(), most + 1)]
            shown = tuple(
                RowModel(
                    {
                        name: _cell(reader, cell)
                        for name, cell in zip(answer.columns, row, strict=True)
                    }
                )
                for row in rows[:most]
            )
            table = TableModel(answer.columns, shown, more=len(rows) > most)
            return Outcome(kind, table, more=table.more)
        result = reader.store.query(text)
        if isinstance(result, QueryBoolean):
            return Outcome(kind, truth=bool(result))
        assert isinstance(result, QueryTriples)
        triples = list(islice(result, MOST + 1))
        out = io.BytesIO()
        write_triples(iter(triples[:MOST]), "turtle", out)
    except UsageError as wrong:
        line = wrong.line if isinstance(wrong, QuerySyntaxError) else None
        return Outcome(error=wrong.message, hint=wrong.hint, line=line)
    turtle = out.getvalue().decode()
    cut = len(triples) > MOST or len(turtle) > _TURTLE
    return Outcome(kind, turtle=turtle[:_TURTLE], more=cut)


def _cell(reader: PageReader, cell: Term | None) -> TermModel | None:
    # The author of a query wants the terms themselves, not their labels.
    if cell is None:
        return None
    shown = reader.term_model(cell)
    text = compact(cell.value) if isinstance(cell, NamedNode) else shown.text
    return replace(shown, text=excerpt(text, _TEXT), figure=None)
