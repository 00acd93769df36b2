"""Canned queries with RDF terms bound into their text.

A file's parameters are its ``VALUES ?_name { … }`` blocks. Binding replaces the content of a block
by an RDF term, serialised by the engine; a user's text never becomes query text.

The layout that binding relies on is checked when :mod:`g60kg.queries.catalog` reads a file, and
documented in CONTRIBUTING.md, "Add a query".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from g60kg.errors import EngineFailure
from g60kg.queries.catalog import END_OF_WHERE, FACTS_MARK, ORDER_BY, NamedQuery, parameter_blocks
from g60kg.queries.row_order import Order, read_order
from g60kg.queries.values_blocks import renamed_parameters, restricted
from g60kg.rdf.sparql_tokens import Token, tokens
from g60kg.stores.base import Term

_STATED: Final = re.compile(r"VALUES \?stated \{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """A canned query with its parameters bound: each text that is run, built once.

    Attributes:
        query: the canned query.
        terms: the RDF terms of the parameters given.
        rows: the text that returns the rows, in order.
        evidence: the text that also projects the Facts of each row; the rows' text where the
            query has no evidence or its columns hold the Facts.
        order: the order of the rows; None where only the engine can sort them.
    """

    query: NamedQuery
    terms: Mapping[str, Term]
    rows: str
    evidence: str
    order: Order | None

    @property
    def collects_facts_apart(self) -> bool:
        """Whether the query has a part that only collects Facts, which the rows do not need."""
        return FACTS_MARK in self.evidence

    def evidence_of(self, anchors: Iterable[Term]) -> str:
        """Return the evidence text for the rows whose first column is one of those terms.

        Only for a query with a separate part for Facts. Other rows and their Facts may be missing.
        """
        terms = tuple(anchors)
        column = self.query.columns[0]
        text = restricted(self.evidence, column, terms)
        same = renamed_parameters(text).get(column)
        if same is not None and same.removeprefix("_") not in self.terms:
            text = restricted(text, same, terms)
        start = text.index(FACTS_MARK)
        # With VALUES for both, an engine that starts with the few predicates reads all their facts:
        # 12 s instead of 0.02 s for ten nodes of 14 million triples (measured).
        return text[:start] + _STATED.sub(_as_filter, text[start:])


def unordered(text: str) -> str:
    """Return the text of a query without its last ORDER BY clause."""
    return text.rpartition(ORDER_BY)[0] or text


def bind(query: NamedQuery, terms: Mapping[str, Term]) -> BoundQuery:
    """Return the canned query with terms for its parameters.

    The block of an optional parameter without a term is dropped: with its variable inside an
    OPTIONAL, an engine can take eight times as long (measured). The part that collects Facts is
    dropped from the text of the rows: with it a query can take ten times as long (measured).
    """
    for name in terms:
        query.parameter(name)
    text = query.text
    for block in reversed(parameter_blocks(query.text)):
        if block.name in terms:
            text = f"{text[: block.open]} {terms[block.name]} {text[block.end - 1 :]}"
        elif query.parameter(block.name).optional:
            text = text[: block.start] + text[block.end :]
    further = tuple(name for name in query.evidence if name not in query.columns)
    rows = text
    if FACTS_MARK in text:
        rows = text[: text.index(FACTS_MARK)] + text[text.rindex(END_OF_WHERE) :]
    return BoundQuery(
        query=query,
        terms=dict(terms),
        rows=rows,
        evidence=_projecting(text, further) if further else text,
        order=read_order(text.rpartition(ORDER_BY)[2], query.columns),
    )


def _as_filter(values: re.Match[str]) -> str:
    return f"FILTER (?stated IN ({', '.join(values[1].split())}))"


def _projecting(text: str, variables: tuple[str, ...]) -> str:
    projected = " ".join(f"?{name}" for name in variables)
    end = _projection_end(list(tokens(text)))
    return f"{text[:end]} {projected} {text[end:]}"


def _projection_end(listed: list[Token]) -> int:
    """Return the offset after the last projected variable of the outermost SELECT."""
    start = next(index for index, token in enumerate(listed) if token.keyword == "SELECT")
    for previous, token in zip(listed[start:], listed[start + 1 :], strict=False):
        if token.keyword == "WHERE" or token.text == "{":
            return previous.end
    raise EngineFailure("A canned query has no WHERE clause.")
