"""Catalog of the canned queries: `.rq` files read once into frozen objects.

The header of a file is YAML in its ``#+`` lines, and its parameters are the ``VALUES ?_name { … }``
blocks of the query. CONTRIBUTING.md, "Add a query", documents header and layout.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from typing import Any, Final, NamedTuple

from yaml12 import parse_yaml

from g60kg import package_data
from g60kg.errors import EngineFailure, UnknownName, UsageError
from g60kg.model.names import LANGUAGES, Names
from g60kg.namespaces import term
from g60kg.rdf.sparql_tokens import tokens
from g60kg.rdf.text_excerpt import excerpt

_HEADER: Final = "#+"
#: From this comment to the end of the WHERE clause, a query only collects the Facts of its rows.
FACTS_MARK: Final = "\n  # The facts behind a row"
END_OF_WHERE: Final = "\n}\nORDER BY "
ORDER_BY: Final = "\nORDER BY "
#: The filters of rows that :mod:`g60kg.queries.row_filters` applies, not the query itself.
FROM, TO, SOURCE = "from", "to", "source"
FILTERS: Final = (FROM, TO, SOURCE)


class ParameterType(StrEnum):
    """The kinds of RDF terms that parameters take."""

    IRI = "iri"
    STRING = "string"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a canned query.

    Attributes:
        name: its name; ``?_name`` in the query.
        type: the kind of RDF term that it takes.
        of_class: the ontology class whose members it takes, or several joined by " or "; None for
            any.
        enum: the local names it is limited to; empty for no limit.
        example: a value as a user writes it.
        description: what it means, in English.
        optional: whether it has no default term; leaving it out then means "any" unless
            the description says otherwise.
    """

    name: str
    type: ParameterType
    of_class: str | None
    enum: tuple[str, ...]
    example: str
    description: str
    optional: bool


@dataclass(frozen=True)
class NamedQuery:
    """A canned query.

    Attributes:
        name: its name, which is also the file's name without ``.rq``.
        topic: the folder of the file.
        summary: the question it answers, one line.
        description: what a row is.
        in_chinese: summary and description in Chinese.
        questions: sample questions in both languages, with ``{city}`` as the value of a parameter.
        parameters: in the order of the header.
        columns: the variables it projects, in order.
        labels: the columns of IRIs that are followed by a column of labels in an answer.
        evidence: the variables that hold the Facts behind a row; empty if rows are not statements.
        year: the column whose year the filters ``from`` and ``to`` compare; None for no filter.
        counts: the columns that count over all sources; with one, rows have no filter by source.
        text: the content of the file, plain SPARQL 1.1.
    """

    name: str
    topic: str
    summary: str
    description: str
    in_chinese: tuple[str, str]
    questions: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    evidence: tuple[str, ...]
    year: str | None
    counts: tuple[str, ...]
    text: str

    @cached_property
    def filters(self) -> tuple[Parameter, ...]:
        """The filters by year and source that the rows take, as parameters.

        Filters by year need a column with a year. The filter by source needs rows that are
        statements and do not count over all sources. A parameter of the same name replaces a
        filter.
        """
        found = []
        if self.year:
            for name, year, way in ((FROM, "2016", "later"), (TO, "2023", "earlier")):
                text = f"only rows of this year or {way}, by the start of {self.year}"
                found.append(Parameter(name, ParameterType.INTEGER, None, (), year, text, True))
        if self.evidence and not self.counts:
            text = "only rows with a fact of this source, by id or name"
            kind = ParameterType.IRI
            found.append(Parameter(SOURCE, kind, "Source", (), "2307119874", text, True))
        own = {parameter.name for parameter in self.parameters}
        return tuple(parameter for parameter in found if parameter.name not in own)

    @cached_property
    def default_for(self) -> tuple[set[str], ...]:
        """For each sample question that consists of parameters only, the set of their names."""
        found = [(re.findall(r"{(\w+)}", one), re.sub(r"{\w+}", "", one)) for one in self.questions]
        return tuple(set(names) for names, rest in found if not rest.strip())

    def shows_evidence(self, wanted: bool) -> bool:
        """Return whether rows come with quotations: if wanted, and if the rows are statements."""
        return wanted and bool(self.evidence)

    def texts(self, language: str) -> tuple[str, str]:
        """Return summary and description in a language: ``zh``, else English."""
        return self.in_chinese if language == "zh" else (self.summary, self.description)

    def parameter(self, name: str) -> Parameter:
        """Return the parameter or the filter of that name; raise UsageError without one."""
        listed = (*self.parameters, *self.filters)
        for parameter in listed:
            if parameter.name == name:
                return parameter
        known = ", ".join(parameter.name for parameter in listed)
        if name in (FROM, TO):
            missing = "filter by year: its rows have no date"
        elif name == SOURCE:
            reason = "its counts are over all sources" if self.counts else "they are not statements"
            missing = f"filter of its rows by source: {reason}"
        else:
            missing = f"parameter {excerpt(name)}"
        raise UsageError(
            f"Query {self.name} has no {missing}.",
            hint=f"It has: {known}." if known else "It has none.",
        )


@cache
def load_catalog() -> Mapping[str, NamedQuery]:
    """Return every canned query by name, in the order of topics and names."""
    return {name: read_query(name, *found) for name, found in package_data.query_texts().items()}


@cache
def named_query(name: str) -> NamedQuery:
    """Return the canned query of that name; raise UnknownName without one.

    >>> named_query("member-cities").topic
    'cities'
    """
    found = package_data.query_text(name)
    if found is not None:
        return read_query(name, *found)
    names = Names((known, term(f"g60:{known}")) for known in package_data.query_texts())
    raise UnknownName(f'No query is called "{excerpt(name)}".', hint=names.hint(name))


def read_query(name: str, topic: str, text: str) -> NamedQuery:
    """Return the canned query in a text, whose SPARQL is not parsed.

    The topic is the folder of its file. Raise EngineFailure if the header or the
    layout is not valid.
    """
    lines = [line for line in text.splitlines() if line.startswith(_HEADER)]
    try:
        header: Any = parse_yaml("\n".join(line[3:] for line in lines))
        optional = {
            block.name: text[block.open : block.end - 1].strip().upper() == "UNDEF"
            for block in parameter_blocks(text)
        }
        declared = header.get("parameters") or {}
        query = NamedQuery(
            name=name,
            topic=topic,
            summary=header["summary"].strip(),
            description=header["description"].strip(),
            in_chinese=(header["zh"]["summary"].strip(), header["zh"]["description"].strip()),
            questions=tuple(
                line.strip() for one in LANGUAGES for line in header["questions"][one].splitlines()
            ),
            parameters=tuple(
                Parameter(
                    name=name,
                    type=ParameterType(entry["type"]),
                    of_class=entry.get("class"),
                    enum=tuple(entry.get("enum") or ()),
                    example=str(entry["example"]),
                    description=entry["description"].strip(),
                    optional=optional.get(name, True),
                )
                for name, entry in declared.items()
            ),
            columns=tuple(header["columns"]),
            labels=tuple(header.get("labels") or ()),
            evidence=tuple(header["evidence"]),
            year=header.get("year"),
            counts=tuple(header.get("counts") or ()),
            text=text,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise EngineFailure(f"{name}.rq: its header is not valid: {error!r}") from None
    _check_layout(query, set(declared))
    return query


class ParameterBlock(NamedTuple):
    """A ``VALUES ?_name { … }`` block of a query; offsets are in characters of its text.

    ``open`` is after the opening brace, ``end`` after the closing one.
    """

    name: str
    start: int
    open: int
    end: int


@lru_cache(maxsize=128)
def parameter_blocks(text: str) -> tuple[ParameterBlock, ...]:
    """Return the parameter blocks of a query's text; an unclosed block ends with the text."""
    # The blocks are at the top and most of a query is below them, so only that part is read.
    first, last = text.find("VALUES ?_"), text.rfind("VALUES ?_")
    if first < 0:
        return ()
    last = text.find("}", last) + 1 or len(text)
    listed = list(tokens(text[first:last]))
    found: list[ParameterBlock] = []
    for index, token in enumerate(listed[:-2]):
        variable, brace = listed[index + 1], listed[index + 2]
        if token.keyword == "VALUES" and variable.text.startswith("?_") and brace.text == "{":
            closing = (first + later.end for later in listed[index + 3 :] if later.text == "}")
            end = next(closing, len(text))
            start, opened = first + token.start, first + brace.end
            found.append(ParameterBlock(variable.text[2:], start, opened, end))
    return tuple(found)


def _check_layout(query: NamedQuery, declared: set[str]) -> None:
    """Raise EngineFailure if a file lacks the layout that :mod:`g60kg.queries.binding` needs."""
    first = query.columns[0]
    start = query.text.find(FACTS_MARK)
    facts = query.text[start:] if start >= 0 else ""
    joined = facts.partition("WHERE {")[0]
    blocks = {block.name for block in parameter_blocks(query.text)}
    wrong = None
    if declared != blocks:
        names = ", ".join(sorted(declared ^ blocks))
        wrong = f"the header's parameters and the VALUES ?_name blocks differ: {names}"
    elif not {query.year or first, *query.counts} <= {*query.columns}:
        wrong = "the columns of `year` and `counts` are not among the columns"
    elif ORDER_BY not in query.text:
        wrong = 'no line starts with "ORDER BY "'
    elif facts and f"?{first}" not in joined:
        wrong = f'after "{FACTS_MARK.strip()}" nothing joins ?{first}, the first column'
    elif facts and END_OF_WHERE not in facts:
        wrong = 'the WHERE clause does not end with "}" on the line before "ORDER BY "'
    if wrong:
        raise EngineFailure(f"{query.name}.rq: {wrong}.", hint="See CONTRIBUTING.md, Add a query.")
