"""Quads of articles that the tests of pages add to the shipped graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Triple

from g60kg.model.iri_minting import NewEvidence, NewObservation, Statement
from g60kg.namespaces import HAS_OBSERVATION, entity, g60, graph_name, term

CORRIDOR = entity("corridor")


def quads(source: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    for triple in triples:
        yield Quad(triple.subject, triple.predicate, triple.object, graph_name(source))


def source_says(source: str, *triples: Triple, complete: bool = False) -> list[Quad]:
    """Return the triples, each with its Fact, as quads of an article with that number."""
    evidence = NewEvidence(entity(f"article-{source}"), quote="so it says", start=10)
    facts = (
        part
        for triple in triples
        for part in Statement(triple, (evidence,), complete_list=complete).triples()
    )
    return [*quads(source, triples), *quads(source, facts)]


def members(*names: str) -> tuple[Triple, ...]:
    return tuple(Triple(CORRIDOR, g60("hasMemberCity"), entity(name)) for name in names)


def population(
    source: str,
    number: str,
    comparator: str = "Exactly",
    period: str | None = "2023-07",
    of: NamedNode = CORRIDOR,
) -> list[Quad]:
    """Return a population, of the corridor by default, as an article states it."""
    figure = NewObservation(
        subject=of,
        measure=term("measure:population"),
        value=number,
        comparator=g60(comparator),
        unit=term("unit:NUM"),
        period=period,
        source=None if period else source,
    )
    stated = source_says(source, Triple(of, HAS_OBSERVATION, figure.iri))
    return [*quads(source, figure.triples()), *stated]
