"""Statements and figures of made-up articles beside the shipped graph, and answers to queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from pyoxigraph import Quad, Triple
from rdflib import Graph
from rdflib.term import Node

from g60kg.model.iri_minting import (
    NewEvidence,
    NewObservation,
    Statement,
)
from g60kg.namespaces import HAS_OBSERVATION, entity, g60, graph_name, term
from g60kg.queries.binding import bind
from g60kg.queries.catalog import load_catalog
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph, to_rdflib
from tests.conftest import ARTICLE
from tests.queries.test_answers import Row, by_oxigraph, by_rdflib

OTHER = "2400000001"
THIRD = "2400000002"
CORRIDOR = entity("corridor")
CITIES = ("hangzhou", "hefei", "huzhou", "jiaxing", "jinhua", "suzhou", "wuhu", "xuancheng")
FIRST_ARTICLE, OTHER_ARTICLE, THIRD_ARTICLE = (
    entity(f"article-{source}") for source in (ARTICLE, OTHER, THIRD)
)


def quads(source: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, graph_name(source))


def source_says(source: str, *triples: Triple, **parts: object) -> list[Quad]:
    """What an article with that number adds to the graph: the triples, each with its Fact.

    ``time`` and ``complete_list`` are parts of the Facts.
    """
    evidence = NewEvidence(entity(f"article-{source}"), quote="so it says", start=10)
    facts = (
        part
        for triple in triples
        for part in Statement(triple, (evidence,), **parts).triples()  # type: ignore[arg-type]
    )
    return [*quads(source, triples), *quads(source, facts)]


def members(*names: str) -> tuple[Triple, ...]:
    return tuple(Triple(CORRIDOR, g60("hasMemberCity"), entity(name)) for name in names)


def listing(source: str, *names: str, time: str = "2018/..") -> list[Quad]:
    """A list of member cities that an article says is complete."""
    return source_says(source, *members(*names), time=time, complete_list=True)


def figure(measure: str, number: str, unit: str, by: str, period: str | None) -> NewObservation:
    return NewObservation(
        subject=CORRIDOR,
        measure=term(f"measure:{measure}"),
        value=number,
        comparator=g60(by),
        unit=term(f"unit:{unit}"),
        period=period,
    )


def area(number: str, by: str = "Exactly") -> NewObservation:
    """A figure of a measure that does not change with time."""
    return figure("territory-area", number, "KiloM2", by, None)


def population(number: str, period: str, by: str = "Exactly") -> NewObservation:
    return figure("population", number, "NUM", by, period)


def source_counts(source: str, figure: NewObservation) -> list[Quad]:
    """What an article adds to the graph that states a figure."""
    stated = Triple(figure.subject, HAS_OBSERVATION, figure.iri)
    return [*quads(source, figure.triples()), *source_says(source, stated)]


@cache
def _shipped() -> tuple[Quad, ...]:
    return tuple(LocalStore.shipped().quads())


def with_more(added: Iterable[Quad]) -> LocalStore:
    return LocalStore.holding([*_shipped(), *added], "the graph and more")


@lru_cache(maxsize=1)
def merged(store: LocalStore) -> Graph:
    """All that a store holds, in one graph of rdflib's own: no store changes after a question."""
    return rdflib_graph(quad.triple for quad in store.quads())


#: Whether `answer` compares with rdflib; the fixture `engine` sets it.
IS_RDFLIB_ASKED = True


def answer(name: str, store: LocalStore, **given: Term) -> list[Row]:
    """The rows of a query, which both engines give if rdflib is asked.

    The query conflicts is slow in rdflib: see the long test of it.
    """
    text = bind(load_catalog()[name], given).rows
    rows = by_oxigraph(store, text)
    if IS_RDFLIB_ASKED and name != "conflicts":
        assert by_rdflib(merged(store), text) == rows
    return rows


def row(*cells: Term | None) -> Row:
    return tuple(None if cell is None else to_rdflib(cell) for cell in cells)


def facts_behind(name: str, store: LocalStore, shown: Row) -> set[Node | None]:
    """The Facts that a query gives as the evidence of one row."""
    width = len(shown)
    found = by_oxigraph(store, bind(load_catalog()[name], {}).evidence)
    return {cell for cells in found if cells[:width] == shown for cell in cells[width:]}
