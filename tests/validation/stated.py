"""Statements of made-up sources, as the gate gets them, and a store that counts what is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cache
from typing import TypedDict, Unpack

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.model.change import Change
from g60kg.model.iri_minting import (
    NewEvidence,
    NewObservation,
    Statement,
)
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    FACT_STATUS,
    HAS_OBSERVATION,
    LABEL,
    ONTOLOGY_GRAPH,
    A,
    entity,
    g60,
    graph_name,
    term,
)
from g60kg.stores.base import GraphStore, QueryResult, Term
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.conflicts import check_conflicts
from g60kg.validation.report.findings import Finding
from tests.graphs import ROOT, ontology, read_turtle


def quads(source: str, triples: Iterable[Triple]) -> list[Quad]:
    """Triples as the quads of a source."""
    graph = graph_name(source)
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def published(source: str, date: str) -> Quad:
    """The date of a made-up article."""
    about = entity(f"article-{source}"), g60("publicationDate"), Literal(date)
    return Quad(*about, graph_name(source))


class FactParts(TypedDict, total=False):
    """The parts of a Fact besides its triple and evidence."""

    status: str | None
    time: str | None
    complete_list: bool


def stated(
    source: str,
    subject: str,
    predicate: str,
    object_: Term | str,
    words: str = "so it is",
    **parts: Unpack[FactParts],
) -> list[Quad]:
    """A statement of an article with its Fact and quotation; entities by their local names.

    ``status``, ``time`` and ``complete_list`` are parts of the Fact.
    """
    object_ = entity(object_) if isinstance(object_, str) else object_
    triple = Triple(entity(subject), g60(predicate), object_)
    return quads(source, _stated(source, triple, words, **parts))


def _stated(
    source: str,
    triple: Triple,
    words: str,
    status: str | None = None,
    time: str | None = None,
    *,
    complete_list: bool = False,
) -> list[Triple]:
    article = entity(f"article-{source}")
    evidence = NewEvidence(article, quote=words, start=sum(map(ord, words)))
    modality = ((FACT_STATUS, g60(status)),) if status else ()
    statement = Statement(triple, (evidence,), modality, time=time, complete_list=complete_list)
    label = Literal(f"Article {source}", language="en")
    known = [Triple(article, A, g60("Article")), Triple(article, LABEL, label)]
    if status is None or triple.predicate == HAS_OBSERVATION:
        known.append(triple)
    return [*known, *statement.triples()]


def observation(
    subject: str, measure: str, number: int | str, comparator: str = "Exactly", unit: str = "NUM"
) -> NewObservation:
    """A figure; its other parts are added with ``dataclasses.replace``."""
    return NewObservation(
        subject=entity(subject),
        measure=term(f"measure:{measure}"),
        value=str(number),
        comparator=g60(comparator),
        unit=term(f"unit:{unit}"),
    )


def measured(
    source: str,
    subject: str,
    measure: str,
    number: int | str,
    comparator: str = "Exactly",
    unit: str = "NUM",
    **parts: object,
) -> list[Quad]:
    """A figure of an article with its Fact and quotation; ``parts`` are those of the figure."""
    figure = replace(observation(subject, measure, number, comparator, unit), **parts)  # type: ignore[arg-type]
    if figure.period is None:
        figure = replace(figure, source=source)
    words = " ".join(filter(None, [comparator, str(number), unit, figure.period]))
    return figure_of(source, figure, words)


def figure_of(source: str, figure: NewObservation, words: str = "so many") -> list[Quad]:
    """A figure as the quads of a source that states it."""
    status = None if figure.status is None else figure.status.value.rpartition("/")[2]
    fact = _stated(source, Triple(figure.subject, HAS_OBSERVATION, figure.iri), words, status)
    return quads(source, [*figure.triples(), *fact])


def named(source: str, local: str, kind: str, **labels: str) -> list[Quad]:
    """An entity of a class with its labels by language."""
    node = entity(local)
    triples = [Triple(node, A, g60(kind))]
    triples += [Triple(node, LABEL, Literal(text, language=tag)) for tag, text in labels.items()]
    return quads(source, triples)


def members(
    source: str, *cities: str, time: str | None = None, complete_list: bool = True
) -> list[Quad]:
    """A list of the corridor's member cities, quoted as a whole; complete unless said otherwise."""
    words = ", ".join(cities)
    parts: FactParts = {"time": time, "complete_list": complete_list}
    return [
        quad
        for city in cities
        for quad in stated(source, "corridor", "hasMemberCity", city, words, **parts)
    ]


def bare(*added: Iterable[Quad]) -> LocalStore:
    """A store with the ontology, the measures and those quads."""
    return LocalStore.holding([*_own(), *(quad for some in added for quad in some)], "a test")


@cache
def _own() -> tuple[Quad, ...]:
    own = (Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in ontology())
    return (*own, *quads("measures", read_turtle(ROOT / "instances" / "measures.ttl")))


def conflicts(
    before: LocalStore, added: Sequence[Quad], language: str = "en"
) -> tuple[Finding, ...]:
    """What check_conflicts finds of quads that are added to a store."""
    return check_conflicts(Change.of(before, added), Vocabulary(before), language)


def codes(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """The codes and severities of findings."""
    return [(finding.code, finding.severity.value) for finding in findings]


def year(number: int | str) -> Literal:
    """A year as a date in EDTF."""
    return Literal(str(number))


class CountingStore(GraphStore):
    """A store that counts the quads that are read from it."""

    def __init__(self, store: GraphStore) -> None:
        self.read = 0
        self.location = store.location
        self._store = store

    def query(self, text: str) -> QueryResult:
        """Fails: a check has no business with queries, whose cost nobody counts here."""
        raise AssertionError(text)

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """The quads that fit a pattern, counted as they are taken; a look-up counts too."""
        self.read += 1
        for quad in self._store.quads(subject, predicate, object_, graph):
            self.read += 1
            yield quad

    def objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> Set[Term]:
        """The objects of a subject and a predicate, counted."""
        found = self._store.objects(subject, predicate)
        self.read += 1 + len(found)
        return found

    def prefetch(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Nothing: only what is read counts."""

    def graph_names(self) -> tuple[NamedNode, ...]:
        """The names of the graphs."""
        return self._store.graph_names()
