"""Where an addition can make a conflict: subjects and properties, with what is stated of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from g60kg.stores.base import GraphStore, Term
from g60kg.stores.overlay import Overlay
from g60kg.validation.codes import CheckCode
from g60kg.validation.report import Finding, Severity
from g60kg.validation.statements import Stated, Statements
from g60kg.validation.wording import Wording, written
from g60kg.vocabulary import Kind, Property, Vocabulary


@dataclass(slots=True)
class Place:
    """What an addition touches of one subject and property.

    Attributes:
        subject: the subject.
        property: the property; one with one value, a complete list or figures.
        values: the values that are touched.
        sources: the sources that state them.
    """

    subject: NamedNode
    property: Property
    values: set[Term] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same place."""
        return self.subject.value, self.property.iri.value


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
            place.sources |= stated.sources
    for quad in new:
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, NamedNode) and not isinstance(object_, Triple):
            if (place := at(subject, quad.predicate)) is not None:
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
        self._stated: dict[tuple[str, str], dict[Term, list[Stated]]] = {}

    def stated(self, place: Place) -> dict[Term, list[Stated]]:
        """The values that sources state there, each with its Facts; sorted."""
        if place.key not in self._stated:
            predicate = place.property.iri
            objects = {q.object for q in self.store.quads(place.subject, predicate, None)}
            values = {node for node in objects if not isinstance(node, Triple)} | place.values
            found = (
                (value, self._statements.of(place.subject, predicate, value))
                for value in sorted(values, key=str)
            )
            self._stated[place.key] = {value: facts for value, facts in found if facts}
        return self._stated[place.key]

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
        label = self.wording.labels.of(place.subject)
        return Finding(
            severity=severity,
            code=code.name,
            message=message,
            focus=place.subject.value,
            focus_label=label.value if label else None,
            path=place.property.iri.value,
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
