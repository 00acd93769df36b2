"""Canned queries with RDF terms bound into their text.

A file's parameters are its ``VALUES ?_name { … }`` blocks. Binding replaces the content of a block
by an RDF term, serialised by the engine; a user's text never becomes query text.

The layout that binding relies on is checked when :mod:`g60kg.queries.catalog` reads a file, and
documented in CONTRIBUTING.md, "Add a query".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from g60kg.errors import EngineFailure
from g60kg.queries.catalog import (
    END_OF_WHERE,
    FACTS_MARK,
    ORDER_BY,
    NamedQuery,
    named_query,
    parameter_blocks,
)
from g60kg.queries.row_order import Order, read_order
from g60kg.rdf.sparql_tokens import tokens
from g60kg.stores.base import Term

_STATED: Final = re.compile(r"VALUES \?stated \{([^{}]*)\}")
#: A column that is a parameter's variable under another name.
_RENAMED: Final = re.compile(r"BIND \(\?(_\w+) AS \?(\w+)\)")


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """A canned query with its parameters bound: the SPARQL texts for the rows and the evidence."""

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
        """Return the text of ``evidence`` limited to rows whose first column is one of ``anchors``.

        Only for a query with a separate part for Facts. Other rows and their Facts may be missing.
        """
        terms = tuple(anchors)
        column = self.query.columns[0]
        text = restricted(self.evidence, column, terms)
        for variable, renamed in _RENAMED.findall(text):
            if renamed == column and variable.removeprefix("_") not in self.terms:
                text = restricted(text, variable, terms)
        start = text.index(FACTS_MARK)
        # With VALUES for both, an engine that starts with the few predicates reads all their facts:
        # 12 s instead of 0.02 s for ten nodes of 14 million triples (measured).
        return text[:start] + _STATED.sub(
            lambda values: f"FILTER (?stated IN ({', '.join(values[1].split())}))", text[start:]
        )


def unordered(text: str) -> str:
    """Return a query's text up to the last line that starts with ORDER BY, if there is one."""
    return text.rpartition(ORDER_BY)[0] or text


def without_modality(text: str) -> str:
    """Return an unordered query without the part at its end that computes ``?modality``.

    The text is unchanged if it does not end with this part, which the engine plans for longer than
    the rest of a lookup.
    """
    part = _modality_part()
    return f"{text.removesuffix(part)}\n}}" if text.endswith(part) else text


@cache
def _modality_part() -> str:
    # Of a shipped query, so that there is one expression of it.
    text = unordered(named_query("facts-about").text)
    return text[text.index("\n  # The modality: ") :]


def bind(query: NamedQuery, terms: Mapping[str, Term]) -> BoundQuery:
    """Return the canned query with terms for its parameters; filters among them leave it unchanged.

    Of the parameters without a term, a required one keeps its default, and the block of an optional
    one is left out. The text of the rows lacks the part that collects Facts.

    Raises:
        UsageError: a name in ``terms`` is unknown.
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


def _projecting(text: str, variables: tuple[str, ...]) -> str:
    projected = " ".join(f"?{name}" for name in variables)
    end = None
    for token in tokens(text):
        if end is not None and (token.keyword == "WHERE" or token.text == "{"):
            return f"{text[:end]} {projected} {text[end:]}"
        if end is not None or token.keyword == "SELECT":
            end = token.end
    raise EngineFailure("A canned query has no WHERE clause.")


@dataclass(slots=True)
class _Group:
    """A group in braces that is not closed yet, and how it uses a variable."""

    start: int
    is_visible: bool  # the variable is that of the outermost query
    is_pattern: bool = True
    is_used: bool = False
    is_assigned: bool = False


def restricted(text: str, name: str, terms: Iterable[Term]) -> str:
    """Return a SELECT query with a VALUES block in each group whose patterns use a variable.

    Rows with other values of the variable may be missing or incomplete. Groups that assign the
    variable with ``AS``, and sub-selects that do not project it, are unchanged.

    >>> print(restricted("SELECT ?a { { ?a ?p 1 } UNION { ?b ?p ?a } }", "a", []))
    SELECT ?a { { VALUES ?a {  } ?a ?p 1 } UNION { VALUES ?a {  } ?b ?p ?a } }
    """
    block = f" VALUES ?{name} {{ {' '.join(map(str, terms))} }}"
    for place in sorted(_places(text, f"?{name}"), reverse=True):
        text = text[:place] + block + text[place:]
    return text


def _places(text: str, variable: str) -> Iterable[int]:
    opened: list[_Group] = []
    projected: set[str] | None = None
    parentheses = 0
    previous = values = ""
    for token in tokens(text):
        if token.text in ("(", ")"):
            parentheses += 1 if token.text == "(" else -1
        elif token.keyword == "SELECT":
            projected = set()
            if opened:
                opened[-1].is_pattern = False
        elif token.text == "{":
            outer = opened[-1].is_visible if opened else True
            hidden = bool(opened) and projected is not None and variable not in projected
            group = _Group(token.end, outer and not hidden, is_pattern=not values)
            opened.append(group)
            projected, values = None, ""
        elif token.text == "}":
            group = opened.pop()
            if group.is_pattern and group.is_visible and group.is_used and not group.is_assigned:
                yield group.start
        elif token.keyword == "VALUES":
            values = "VALUES"
        elif projected is not None:
            if not parentheses:
                projected.add(token.text)
        elif token.text == variable and opened and not values:
            if previous == "AS":
                opened[-1].is_assigned = True
            elif not parentheses:
                opened[-1].is_used = True
        previous = token.keyword or token.text
