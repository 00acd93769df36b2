"""The canned queries: `.rq` files read once into frozen objects, and terms bound into their text.

A file's parameters are its ``VALUES ?_name { … }`` blocks. Binding puts an RDF term, serialised by
the engine's own code, where the block's content was; a user's text never becomes query text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from g60kg import paths
from g60kg.errors import EngineFailure, UnknownName, UsageError
from g60kg.namespaces import term
from g60kg.querytext import Token, tokens
from g60kg.stores.base import Term
from g60kg.terms import Names

_MARK: Final = "#+"
#: What stands from this comment on, to the end of the WHERE clause, gathers facts and does no more.
_FACTS: Final = "\n  # The facts behind a row"
_STATED: Final = re.compile(r"VALUES \?stated \{([^{}]*)\}")
_END_OF_WHERE: Final = "\n}\nORDER BY"


class ParameterType(StrEnum):
    """What kind of RDF term a parameter takes."""

    IRI = "iri"
    STRING = "string"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a canned query.

    Attributes:
        name: its name; ``?_name`` in the query.
        type: the kind of term it takes.
        of_class: the ontology class whose members it takes; None for any.
        enum: the local names it is limited to; empty for no limit.
        example: a value that works.
        description: what it does.
        optional: whether the query means "any" without it; else it has a default term.
    """

    name: str
    type: ParameterType
    of_class: str | None
    enum: tuple[str, ...]
    example: str
    description: str
    optional: bool


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A canned query.

    Attributes:
        name: its name, also the file's.
        topic: the folder it lies in.
        summary: the question it answers, one line.
        description: what a row is.
        in_chinese: summary and description in Chinese.
        parameters: in the order of the header.
        columns: the variables it projects, in order.
        labels: those columns beside which the label of their IRIs is shown.
        evidence: the variables that hold the Facts behind a row.
        text: the file, plain SPARQL 1.1.
    """

    name: str
    topic: str
    summary: str
    description: str
    in_chinese: tuple[str, str]
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    evidence: tuple[str, ...]
    text: str

    def told(self, language: str) -> tuple[str, str]:
        """Its summary and description in a language: ``zh``, else English."""
        return self.in_chinese if language == "zh" else (self.summary, self.description)

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name.

        Raises:
            UsageError: there is none; the message names those there are.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(parameter.name for parameter in self.parameters)
        raise UsageError(
            f"Query {self.name} has no parameter {name}.",
            hint=f"It has: {known}." if known else "It has none.",
        )


@cache
def load_catalog() -> Mapping[str, NamedQuery]:
    """Every canned query by name, in the order of topics and names."""
    return {path.stem: read_query(path) for path in paths.query_files()}


@cache
def named_query(name: str) -> NamedQuery:
    """The canned query of that name.

    >>> named_query("member-cities").topic
    'cities'

    Raises:
        UnknownName: there is none; the nearest names are offered.
    """
    for path in paths.query_files():
        if path.stem == name:
            return read_query(path)
    names = Names((path.stem, term(f"g60:{path.stem}")) for path in paths.query_files())
    raise UnknownName(f'No query is called "{name}".', hint=names.hint(name))


def read_query(path: Path) -> NamedQuery:
    """The canned query in a file.

    Raises:
        EngineFailure: its header is not what a header is; these files are the project's own.
    """
    import yaml

    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith(_MARK)]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        header = yaml.load("\n".join(line[3:] for line in lines), Loader=loader)
        optional = _optional_parameters(text)
        return NamedQuery(
            name=path.stem,
            topic=path.parent.name,
            summary=header["summary"].strip(),
            description=header["description"].strip(),
            in_chinese=(header["zh"]["summary"].strip(), header["zh"]["description"].strip()),
            parameters=tuple(
                _parameter(name, entry, optional[name])
                for name, entry in (header.get("parameters") or {}).items()
            ),
            columns=tuple(header["columns"]),
            labels=tuple(header.get("labels") or ()),
            evidence=tuple(header["evidence"]),
            text=text,
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise EngineFailure(f"{path.name}: its header is not in order: {error!r}") from None


def _parameter(name: str, entry: Mapping[str, Any], optional: bool) -> Parameter:
    return Parameter(
        name=name,
        type=ParameterType(entry["type"]),
        of_class=entry.get("class"),
        enum=tuple(entry.get("enum") or ()),
        example=str(entry["example"]),
        description=entry["description"].strip(),
        optional=optional,
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """A ``VALUES ?_name { … }`` block: where it starts and ends, and what its braces enclose."""

    name: str
    start: int
    open: int
    end: int


@lru_cache(maxsize=128)
def _blocks(text: str) -> tuple[_Block, ...]:
    listed = list(tokens(text))
    found: list[_Block] = []
    for index, token in enumerate(listed[:-2]):
        variable, brace = listed[index + 1], listed[index + 2]
        if token.keyword == "VALUES" and variable.text.startswith("?_") and brace.text == "{":
            close = next(later for later in listed[index + 3 :] if later.text == "}")
            found.append(_Block(variable.text[2:], token.start, brace.end, close.end))
    return tuple(found)


def _optional_parameters(text: str) -> dict[str, bool]:
    return {
        block.name: text[block.open : block.end - 1].strip().upper() == "UNDEF"
        for block in _blocks(text)
    }


def gathers_facts_apart(query: NamedQuery) -> bool:
    """Whether a part of the query does nothing but gather the facts behind the rows."""
    return _FACTS in query.text


def bind(
    query: NamedQuery,
    terms: Mapping[str, Term],
    *,
    evidence: bool = False,
    rows_of: Iterable[Term] | None = None,
) -> str:
    """The query's text with terms in the place of its parameters.

    The block of an optional parameter that is not given is dropped: an engine that meets its
    variable again inside an OPTIONAL can take eight times as long (measured). So is the part that
    gathers the facts behind the rows where these are not asked for: with it a query can take ten
    times as long (measured).

    Args:
        query: the canned query.
        terms: an RDF term for each parameter given.
        evidence: whether the variables that hold the Facts are projected too.
        rows_of: terms of the first column; where the facts are gathered apart, only those behind
            rows that begin with one of them are. The rows stay all.
    """
    for name in terms:
        query.parameter(name)
    text = query.text
    for block in reversed(_blocks(query.text)):
        if block.name in terms:
            text = f"{text[: block.open]} {terms[block.name]} {text[block.end - 1 :]}"
        elif query.parameter(block.name).optional:
            text = text[: block.start] + text[block.end :]
    if not evidence and _FACTS in text:
        text = text[: text.index(_FACTS)] + text[text.rindex(_END_OF_WHERE) :]
    elif rows_of is not None and _FACTS in text:
        text = _of_rows(text, query.columns[0], rows_of)
    further = tuple(name for name in query.evidence if name not in query.columns)
    return _projecting(text, further) if evidence and further else text


def _of_rows(text: str, column: str, terms: Iterable[Term]) -> str:
    """The text, the facts behind a row gathered only for rows that begin with those terms."""
    start = text.index(_FACTS)
    found = text.find("WHERE {", start)
    if found < 0:
        return text
    # The part selects the first column, by which its facts are joined with the rows.
    place = found + len("WHERE {")
    listed = " ".join(map(str, terms))
    # Beside few nodes an engine that begins with the few predicates reads all their facts: 12 s
    # against 0.02 s for ten nodes of 14 million triples (measured). As a filter, not.
    facts = _STATED.sub(_as_filter, text[place:])
    return f"{text[:place]} VALUES ?{column} {{ {listed} }}{facts}"


def _as_filter(values: re.Match[str]) -> str:
    return f"FILTER (?stated IN ({', '.join(values[1].split())}))"


def _projecting(text: str, variables: tuple[str, ...]) -> str:
    projected = " ".join(f"?{name}" for name in variables)
    end = _projection_end(list(tokens(text)))
    return f"{text[:end]} {projected} {text[end:]}"


def _projection_end(listed: list[Token]) -> int:
    """The offset after the last projected variable of the outermost SELECT."""
    start = next(index for index, token in enumerate(listed) if token.keyword == "SELECT")
    for previous, token in zip(listed[start:], listed[start + 1 :], strict=False):
        if token.keyword == "WHERE" or token.text == "{":
            return previous.end
    raise EngineFailure("A canned query has no WHERE clause.")
