"""Statements of made-up sources, as the gate gets them, and a store that counts what is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.model.change import Change
from g60kg.model.iri_minting import (
    Evidence,
    Quantity,
    Statement,
    statement_triples,
)
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, ONTOLOGY_GRAPH, A, entity, g60, graph_name, term
from g60kg.stores.base import GraphStore, QueryResult, Term
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.conflicts import check_conflicts
from g60kg.validation.report.findings import Finding
from tests.graphs import ontology


def quads(source: str, triples: Iterable[Triple]) -> list[Quad]:
    """Triples as the quads of a source."""
    graph = graph_name(source)
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def stated(
    source: str, subject: str, predicate: str, object_: Term | str, words: str = "so it is"
) -> list[Quad]:
    """A statement of an article with its Fact and quotation; entities by their local names."""
    object_ = entity(object_) if isinstance(object_, str) else object_
    article = entity(f"article-{source}")
    triple = Triple(entity(subject), g60(predicate), object_)
    evidence = Evidence(article, quote=words, start=sum(map(ord, words)))
    statement = Statement(triple, (evidence,), g60("Asserted"))
    label = Literal(f"Article {source}", language="en")
    known = [Triple(article, A, g60("Article")), Triple(article, LABEL, label), triple]
    return quads(source, [*known, *statement_triples(statement)])


def measured(
    source: str,
    subject: str,
    measure: str,
    number: int | str,
    comparator: str = "Exactly",
    unit: str = "NUM",
    as_of: str | None = None,
) -> list[Quad]:
    """A figure of an article with its Fact and quotation."""
    notation = comparator[0].lower() + comparator[1:]
    figure = Quantity(
        subject=entity(subject),
        measure=g60(measure),
        value=str(number),
        comparator=g60(comparator),
        notation=notation,
        unit=term(f"unit:{unit}"),
        as_of=as_of,
    )
    words = " ".join(filter(None, [comparator, str(number), unit, as_of]))
    told = stated(source, subject, measure, figure.iri, words)
    return [*quads(source, figure.triples()), *told]


def named(source: str, local: str, kind: str, **labels: str) -> list[Quad]:
    """An entity of a class with its labels by language."""
    node = entity(local)
    triples = [Triple(node, A, g60(kind))]
    triples += [Triple(node, LABEL, Literal(text, language=tag)) for tag, text in labels.items()]
    return quads(source, triples)


def members(source: str, *cities: str) -> list[Quad]:
    """A list of the corridor's member cities, quoted as a whole."""
    words = ", ".join(cities)
    return [
        quad for city in cities for quad in stated(source, "corridor", "hasMemberCity", city, words)
    ]


def bare(*added: Iterable[Quad]) -> LocalStore:
    """A store with the ontology and those quads."""
    own = [Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in ontology()]
    return LocalStore.holding([*own, *(quad for some in added for quad in some)], "a test's graph")


def conflicts(
    before: LocalStore, added: Sequence[Quad], language: str = "en"
) -> tuple[Finding, ...]:
    """What check_conflicts finds of quads that are added to a store."""
    return check_conflicts(Change.of(before, added), Vocabulary(before), language)


def codes(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """The codes and severities of findings."""
    return [(finding.code, finding.severity.value) for finding in findings]


def year(number: int) -> Literal:
    """A year as the properties of years take it."""
    return Literal(str(number), datatype=term("xsd:integer"))


class CountingStore:
    """A store that counts the quads that are read from it."""

    def __init__(self, store: GraphStore) -> None:
        self.read = 0
        self._store = store

    @property
    def location(self) -> str:
        """What a person calls the store."""
        return self._store.location

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

    def objects(self, subject: NamedNode, predicate: NamedNode) -> Set[Term]:
        """The objects of a subject and a predicate, counted."""
        found = self._store.objects(subject, predicate)
        self.read += 1 + len(found)
        return found

    def expect(self, subjects: Iterable[NamedNode], *steps: Sequence[NamedNode]) -> None:
        """Nothing: only what is read counts."""

    def graph_names(self) -> tuple[NamedNode, ...]:
        """The names of the graphs."""
        return self._store.graph_names()

    def source_graphs(self) -> tuple[NamedNode, ...]:
        """The names of the sources' graphs."""
        return self._store.source_graphs()
