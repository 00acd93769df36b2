"""Where an addition can make a conflict: subjects and properties, with what is stated of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from g60kg.model.facts import Stated, Statements
from g60kg.model.ontology_lookup import Kind, Property, Vocabulary
from g60kg.stores.base import GraphStore, Term
from g60kg.stores.overlay import Overlay
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.message_terms import Wording, written
from g60kg.validation.report.findings import Finding, Severity


@dataclass(slots=True)
class Place:
    """What an addition touches of one subject and property.

    Attributes:
        subject: the subject.
        predicate: the property; one with one value, a complete list or figures.
        values: the values that are touched.
        graphs: the graphs of the Facts that are touched, by the value that they state.
    """

    subject: NamedNode
    predicate: Property
    values: set[Term] = field(default_factory=set)
    graphs: dict[Term, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same place."""
        return self.subject.value, self.predicate.iri.value


def touched_places(after: Overlay, vocabulary: Vocabulary) -> list[Place]:
    """The places that the new quads touch, through Facts or directly; sorted."""
    found: dict[tuple[NamedNode, NamedNode], Place] = {}

    def at(subject: NamedNode, predicate: NamedNode) -> Place | None:
        of = vocabulary.properties.get(predicate.value)
        if of is None or not (of.single_valued or of.closed_list or of.kind is Kind.MEASURE):
            return None
        return found.setdefault((subject, predicate), Place(subject, of))

    new = list(after.new.quads())
    for stated in Statements(after).touched(new):
        if (place := at(stated.subject, stated.predicate)) is not None:
            place.values.add(stated.object)
            if stated.graph is not None:
                place.graphs[stated.object].add(stated.graph)
    for quad in new:
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, NamedNode) and not isinstance(object_, Triple):
            place = at(subject, quad.predicate)
            if place is not None:
                place.values.add(object_)
    return sorted(found.values(), key=lambda place: place.key)


class Side:
    """The graph without the addition, or with it: what it states at the places that are touched.

    Attributes:
        store: the graph.
        language: of messages.
        places: the places.
        wording: words for terms, from the labels and quotations of the graph.
    """

    def __init__(self, store: GraphStore, language: str, places: list[Place]) -> None:
        self.store = store
        self.language = language
        self.places = places
        self.wording = Wording(store, language)
        self._statements = Statements(store)
        self._graphs: dict[tuple[str, str], dict[Term, list[NamedNode]]] = {}

    def graphs(self, place: Place) -> dict[Term, list[NamedNode]]:
        """The values at a place, sorted, each with the graphs that state it, sorted."""
        if place.key not in self._graphs:
            found: dict[Term, set[NamedNode]] = defaultdict(set)
            for quad in self.store.quads(place.subject, place.predicate.iri, None):
                graph, value = quad.graph_name, quad.object
                if isinstance(graph, NamedNode) and not isinstance(value, Triple):
                    found[value].add(graph)
            # A Fact may have been put in without its triple.
            for value, graphs in place.graphs.items():
                found[value] |= {graph for graph in graphs if self.facts(place, value, [graph])}
            self._graphs[place.key] = {
                value: sorted(found[value], key=lambda graph: graph.value)
                for value in sorted(found, key=str)
            }
        return self._graphs[place.key]

    def facts(self, place: Place, value: Term, graphs: Iterable[NamedNode]) -> list[Stated]:
        """The Facts of some graphs that state a value at a place, graph by graph."""
        subject, predicate = place.subject, place.predicate.iri
        return [
            stated
            for graph in graphs
            for stated in self._statements.of(subject, predicate, value, graph)
        ]

    def finding(
        self,
        place: Place,
        code: CheckCode,
        severity: Severity,
        value: Term,
        message: str,
        hint: str,
    ) -> Finding:
        """A finding about a value at a place."""
        return Finding(
            severity=severity,
            code=code.name,
            message=message,
            focus=place.subject.value,
            focus_label=self.wording.label(place.subject),
            path=place.predicate.iri.value,
            value=written(value),
            file=None,
            line=None,
            column=None,
            hint=hint,
            term=str(value),
        )


def sources_of(facts: Iterable[Stated]) -> set[str]:
    """The sources of some Facts."""
    return {source for fact in facts for source in fact.sources}
