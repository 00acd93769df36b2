"""No canned query is much slower than another form of it, with and without its parameters.

``query_plans/NAME.fastest.rq`` is a hand-written form that is faster than the query on a hundred
thousand triples: the same columns, parameters and rows, without evidence and order. A query for
which no faster form is known has no such file. Two derived forms are compared as well: with the
blocks of parameters that are not given, and with terms in place of their variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pytest

from g60kg.queries import binding
from g60kg.queries.binding import bind
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.queries.parameters import Resolver
from g60kg.rdf.sparql_tokens import outline, tokens
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from tests.conftest import ROOT
from tests.queries.large_graph import Cost, LargeGraph, NeverEnds

FORMS = ROOT / "tests" / "query_plans"
FASTEST = "the fastest form"
CONSTANTS = "with constants"
#: How many times the fastest form a query may take: processor time is steady enough for so few.
TIMES = 3
#: Seconds that are no matter.
FLOOR = 0.0005
#: How often it must be seen to be slow, one after the other.
TRIES = 6

QUERIES = load_catalog()
FASTER = [QUERIES[path.name.removesuffix(".fastest.rq")] for path in sorted(FORMS.iterdir())]
CASES = [
    pytest.param(query, given, id=f"{query.name}-{'-'.join(given) or 'unbound'}")
    for query in QUERIES.values()
    if query.parameters or query in FASTER
    for given in (
        (),
        *((parameter.name,) for parameter in query.parameters),
        *([tuple(p.name for p in query.parameters)] if len(query.parameters) > 1 else []),
    )
]


@pytest.fixture(scope="module")
def large() -> Iterator[LargeGraph]:
    graph = LargeGraph()
    yield graph
    graph.close()


@cache
def resolver() -> Resolver:
    return Resolver(LocalStore.shipped())


def fastest(query: NamedQuery) -> NamedQuery:
    """The query in its fastest known form."""
    text = (FORMS / f"{query.name}.fastest.rq").read_text(encoding="utf-8")
    return replace(query, text=text)


def unordered(query: NamedQuery, text: str) -> str:
    """The text without its ORDER BY where rows are sorted outside the engine."""
    return text if bind(query, {}).order is None else binding.unordered(text)


def with_all_blocks(query: NamedQuery, terms: Mapping[str, Term]) -> str:
    """The text with all its blocks: UNDEF where a parameter is not given."""
    required = tuple(replace(parameter, optional=False) for parameter in query.parameters)
    return bind(replace(query, parameters=required), terms).rows


def constants(query: NamedQuery, terms: Mapping[str, Term]) -> str:
    """The text with each given term in the place of its variable."""
    open_ = tuple(replace(parameter, optional=True) for parameter in query.parameters)
    text = bind(replace(query, parameters=open_), {}).rows
    parts, at = [], 0
    for token in tokens(text):
        if token.kind == "variable" and token.text.startswith("?_") and token.text[2:] in terms:
            parts += [text[at : token.start], str(terms[token.text[2:]])]
            at = token.end
    joined = "".join([*parts, text[at:]])
    for term in terms.values():
        joined = joined.replace(f"!BOUND({term})", "false")
    return joined


def forms(query: NamedQuery, terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    """The forms of the query by name, but for that in which it runs."""
    if query in FASTER:
        yield FASTEST, bind(fastest(query), terms).rows
    if query.parameters:
        yield "with its blocks", with_all_blocks(query, terms)
    if terms:
        yield CONSTANTS, constants(query, terms)


def cost(large: LargeGraph, text: str) -> Cost:
    found = large.cost(text)
    assert found is not None, text
    return found


@pytest.mark.bench
@pytest.mark.parametrize(("query", "given"), CASES)
def test_no_other_form_is_much_faster(
    query: NamedQuery, given: tuple[str, ...], large: LargeGraph
) -> None:
    terms = resolver().terms(query, {name: query.parameter(name).example for name in given})
    text = unordered(query, bind(query, terms).rows)
    here = cost(large, text)
    for name, form in forms(query, terms):
        form = unordered(query, form)
        try:
            there = large.cost(form)
        except NeverEnds:
            assert name != FASTEST
            continue
        if there is None or there.answer != here.answer:
            # A parameter that is projected or bound cannot become a constant.
            assert name == CONSTANTS, f"{name} gives other rows:\n{form}"
            continue
        if not here.rows and len(given) > 1:
            continue  # the examples need not go together, and an engine can see that at once
        for _ in range(TRIES):
            if here.seconds <= max(TIMES * there.seconds, there.seconds + FLOOR):
                break
            here = min(here, cost(large, text), key=lambda one: one.seconds)
            there = min(there, cost(large, form), key=lambda one: one.seconds)
        else:
            pytest.fail(
                f"{name} takes {there.seconds * 1000:.1f} ms, the query as it runs "
                f"{here.seconds * 1000:.1f} ms:\n{form}"
            )


def unformatted(text: str) -> list[str]:
    """The tokens of a text without its order."""
    return [token.text for token in tokens(text.partition("\nORDER BY ")[0])]


@pytest.mark.parametrize("query", FASTER, ids=[query.name for query in FASTER])
def test_the_fastest_form_is_not_the_query_itself(query: NamedQuery) -> None:
    assert unformatted(bind(fastest(query), {}).rows) != unformatted(bind(query, {}).rows)


@pytest.mark.parametrize("query", FASTER, ids=[query.name for query in FASTER])
def test_the_fastest_form_has_the_parameters_of_the_query(query: NamedQuery) -> None:
    def marked(text: str) -> list[str]:
        return [name for name in outline(text).variables if name.startswith("_")]

    assert marked(fastest(query).text) == marked(query.text)
    given = resolver().terms(query, {p.name: p.example for p in query.parameters})
    unbound = marked(constants(fastest(query), given))
    assert unbound == []
