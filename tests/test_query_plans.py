"""No canned query is much slower than its fastest known form, with and without its parameters.

The forms are: the text as ``query run`` runs it, without the blocks of parameters that are not
given and without the part that gathers facts; the file with both; the blocks kept; the terms put in
as constants in their variables' place.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pytest
from pyoxigraph import QuerySolutions, Store

from benchmarks.make_graph import quads
from g60kg.catalog import NamedQuery, bind, load_catalog
from g60kg.errors import QuerySyntaxError
from g60kg.querytext import tokens
from g60kg.resolve import Resolver
from g60kg.stores.base import Term
from g60kg.stores.local import LocalStore

SIZE = 100_000
#: How many times the fastest form a query may take.
TIMES = 5
#: Seconds that tell of the machine and not of the plan.
FLOOR = 0.01
ROUNDS = 3
#: How often it must be seen to be slow, one after the other.
TRIES = 3

QUERIES = list(load_catalog().values())
CASES = [
    pytest.param(query, given, id=f"{query.name}-{'-'.join(given) or 'unbound'}")
    for query in QUERIES
    for given in (
        (),
        *((parameter.name,) for parameter in query.parameters),
        *([tuple(p.name for p in query.parameters)] if len(query.parameters) > 1 else []),
    )
]


@pytest.fixture(scope="module")
def large() -> LocalStore:
    store = Store()
    store.bulk_extend(LocalStore.shipped().quads())
    store.bulk_extend(quads(SIZE))
    return LocalStore(store, f"{SIZE} triples")


@cache
def resolver() -> Resolver:
    return Resolver(LocalStore.shipped())


def blocks_kept(query: NamedQuery, terms: Mapping[str, Term]) -> str:
    """The text with all its blocks: UNDEF where a parameter is not given."""
    required = tuple(replace(parameter, optional=False) for parameter in query.parameters)
    return bind(replace(query, parameters=required), terms)


def constants(query: NamedQuery, terms: Mapping[str, Term]) -> str:
    """The text with each given term in the place of its variable."""
    open_ = tuple(replace(parameter, optional=True) for parameter in query.parameters)
    text = bind(replace(query, parameters=open_), {})
    parts, at = [], 0
    for token in tokens(text):
        if token.kind == "variable" and token.text[1:].removeprefix("_") in terms:
            if not token.text.startswith("?_"):
                continue
            parts += [text[at : token.start], str(terms[token.text[2:]])]
            at = token.end
    joined = "".join([*parts, text[at:]])
    for term in terms.values():
        joined = joined.replace(f"!BOUND({term})", "false")
    return joined


def forms(query: NamedQuery, terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    """The forms of the query by name, but for that in which it runs."""
    yield "with its blocks", blocks_kept(query, terms)
    if terms:
        yield "with constants", constants(query, terms)
    else:
        yield "as the file has it", query.text
        start, facts, _ = query.text.partition("\n  # The facts behind a row")
        if facts:
            yield "without its facts", start + query.text[query.text.rindex("\n}\nORDER BY") :]


def rows(store: LocalStore, text: str) -> list[tuple[str, ...]]:
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    return [tuple(map(str, solution)) for solution in found]


def seconds(store: LocalStore, text: str) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        rows(store, text)
        taken.append(time.perf_counter() - start)
        if taken[-1] > 1:
            break
    return statistics.median(taken)


@pytest.mark.parametrize(("query", "given"), CASES)
def test_no_other_form_is_much_faster(
    query: NamedQuery, given: tuple[str, ...], large: LocalStore
) -> None:
    terms = resolver().terms(query, {name: query.parameter(name).example for name in given})
    text = bind(query, terms)
    whole = rows(large, text)
    if not whole and len(given) > 1:
        return  # the examples need not go together, and an engine can see that at once
    for name, form in forms(query, terms):
        try:
            if set(rows(large, form)) != set(whole):
                # A parameter that is projected or bound cannot become a constant.
                assert name == "with constants", name
                continue
        except QuerySyntaxError:
            assert name == "with constants", name
            continue
        for _ in range(TRIES):
            here, there = seconds(large, text), seconds(large, form)
            if here <= TIMES * there or here - there <= FLOOR:
                break
        else:
            pytest.fail(f"{name} it takes {there:.3f} s, as it runs {here:.3f} s:\n{form}")
