"""What the page of a canned query shows: its form, its rows, its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from g60kg.errors import UsageError
from g60kg.namespaces import g60
from g60kg.queries.binding import bind
from g60kg.queries.catalog import (
    NamedQuery,
    Parameter,
    ParameterType,
    load_catalog,
    named_query,
)
from g60kg.queries.parameters import WIDER
from g60kg.web.views.open_graph import current, lookup
from g60kg.web.views.pages.page_reader import Reading
from g60kg.web.views.pages.view_models import TableShown

#: The names that a field offers.
MOST: Final = 500
#: Those whose members are the ontology's, not the graph's.
_TERMS: Final = ("Class", "Property", "Measure", "Modality")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a field offers: what is sent, and what is read."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a field of a form.

    Attributes:
        name: the parameter's.
        value: what the visitor gave.
        is_number: whether it takes a number.
        closed: whether only the choices are possible.
        choices: what it offers.
        example: a value that works.
        description: what it does, in English.
        optional: whether the query means "any" without it.
    """

    name: str
    value: str
    is_number: bool
    closed: bool
    choices: tuple[Choice, ...]
    example: str
    description: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A canned query as the catalogue lists it.

    Attributes:
        name: its name.
        topic: its topic.
        told: its summary and description by language.
        parameters: their names.
    """

    name: str
    topic: str
    told: dict[str, tuple[str, str]]
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryView:
    """A canned query with its form and its answer.

    Attributes:
        entry: its name, topic, summary and description.
        fields: of its form.
        has_evidence: whether its rows rest on facts.
        text: its SPARQL with what was given in place.
        table: its rows; None where what was given is wrong.
        error: what is wrong with what was given, and how to mend it.
    """

    entry: Entry
    fields: tuple[Field, ...]
    has_evidence: bool
    text: str
    table: TableShown | None
    error: tuple[str, str | None] | None = None


@lookup
def catalogue() -> tuple[Entry, ...]:
    """Every canned query, by topic and name."""
    return tuple(map(_entry, load_catalog().values()))


def query_view(
    name: str,
    given: Mapping[str, str],
    language: str,
    *,
    evidence: bool,
    limit: int,
    offset: int,
    sort: str | None,
) -> QueryView:
    """A canned query with its form and its answer.

    Raises:
        UnknownName: there is none of that name.
    """
    query = named_query(name)
    reading = Reading(language)
    # A field left blank is a parameter not given.
    filled = {name: words.strip() for name, words in given.items() if words.strip()}
    fields = tuple(
        _field(reading, query, parameter, filled.get(parameter.name, ""))
        for parameter in query.parameters
    )
    table: TableShown | None = None
    error: tuple[str, str | None] | None = None
    text = _without_header(query.text)
    try:
        if filled:
            text = _without_header(bind(query, current().resolver.terms(query, filled)).rows)
        table = reading.answer(
            name,
            filled,
            evidence=evidence and bool(query.evidence),
            limit=limit,
            offset=offset,
            sort=sort,
        )
    except UsageError as wrong:
        error = (wrong.message, wrong.hint)
    return QueryView(_entry(query), fields, bool(query.evidence), text, table, error)


def _entry(query: NamedQuery) -> Entry:
    names = tuple(parameter.name for parameter in query.parameters)
    told = {language: query.told(language) for language in ("en", "zh")}
    return Entry(query.name, query.topic, told, names)


def _field(reading: Reading, query: NamedQuery, parameter: Parameter, value: str) -> Field:
    return Field(
        name=parameter.name,
        value=value,
        is_number=parameter.type is ParameterType.INTEGER,
        closed=bool(parameter.enum),
        choices=_choices(reading, parameter),
        example=_example(reading, query, parameter),
        description=parameter.description,
        optional=parameter.optional,
    )


def _example(reading: Reading, query: NamedQuery, parameter: Parameter) -> str:
    """The example as the page's language has it."""
    given = {parameter.name: parameter.example}
    try:
        found = reading.context.resolver.terms(query, given)[parameter.name]
    except UsageError:
        # What the shipped graph has may not be in this one.
        return parameter.example
    return reading.labels.text(found) if isinstance(found, NamedNode) else parameter.example


def _choices(reading: Reading, parameter: Parameter) -> tuple[Choice, ...]:
    if parameter.enum:
        shown = ((name, reading.labels.text(g60(name))) for name in parameter.enum)
        return tuple(Choice(name, text) for name, text in shown)
    if parameter.type is not ParameterType.IRI:
        return ()
    names = {reading.labels.text(node) for node in _members(reading, parameter.of_class)}
    return tuple(Choice(name, name) for name in sorted(names)[:MOST])


def _members(reading: Reading, of_class: str | None) -> list[NamedNode]:
    vocabulary = reading.context.vocabulary
    if of_class == "Modality":
        return reading.members(g60("Modality"))
    if of_class == "Class":
        return [NamedNode(iri) for iri in vocabulary.classes]
    if of_class in _TERMS:
        return [
            known.iri
            for known in vocabulary.properties.values()
            if known.requires_evidence and (of_class == "Property" or known.kind == "measure")
        ]
    if of_class is None:
        # Any entity: those that a fact is about.
        return reading.entities(MOST)
    return reading.members(g60(WIDER.get(of_class, of_class)))[:MOST]


@lookup
def texts() -> tuple[tuple[Entry, str], ...]:
    """Every canned query with its SPARQL as it runs without parameters."""
    queries = load_catalog().values()
    return tuple((_entry(query), _without_header(bind(query, {}).rows)) for query in queries)


def _without_header(text: str) -> str:
    """A query's text without the comments that the page tells in its own words."""
    lines = (line for line in text.splitlines() if not line.startswith("#+"))
    return re.sub(r"\n\s*\n\s*\n", "\n\n", "\n".join(lines)).strip() + "\n"
