"""Facts of the JSON API: property, value, modality, time, figure and quotations."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.model.evidence import Quotation
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.modality import modality_of
from g60kg.model.observations import read_observation
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    ATTRIBUTED_TO,
    COMMENT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    LABEL,
    TIME,
    VERBATIM,
    A,
    compact,
    local_name,
)
from g60kg.stores.base import GraphStore, Term


@dataclass(frozen=True, slots=True)
class Named:
    """A resource: its IRI, its CURIE and its label in the requested language."""

    iri: str
    curie: str
    label: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with all that identifies it.

    Attributes:
        value: the number.
        comparator: ``exactly``, ``nearly`` …
        unit: the QUDT unit.
        measure: the measure.
        upper: the upper number of a range.
        fraction: the fraction as the source states it.
        period: the reference period, in EDTF.
        categories: what limits the figure.
        reference: the area or the ranking that it refers to.
        comparedWith: the period of comparison of a growth.
        basis: what the source says of the way of counting.
        status: ``Goal``, ``Planned`` or ``Expected``; None for an actual figure.
    """

    value: int | float
    comparator: str
    unit: Named | None
    measure: Named | None
    upper: int | float | None
    fraction: str | None
    period: str | None
    categories: tuple[Named, ...]
    reference: Named | None
    comparedWith: str | None  # noqa: N815  # the name in JSON
    basis: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """The object of a fact: exactly one of entity, figure and text.

    Attributes:
        entity: an entity.
        figure: a figure.
        text: a literal's text.
        language: of the text.
        datatype: of any other literal, as a CURIE.
    """

    entity: Named | None = None
    figure: Figure | None = None
    text: str | None = None
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: one source's statement.

    Attributes:
        iri: of the fact.
        subject: of the triple.
        property: of the triple.
        value: the object of the triple.
        modality: ``Asserted``, ``Attributed;Expected`` …
        time: in EDTF.
        attributed_to: the speaker.
        verbatim: the source's wording of a figure.
        note: the curator's note.
        quotations: the quotations or records that support it.
    """

    iri: str
    subject: Named | None
    property: Named | None
    value: Value
    modality: str
    time: str | None
    attributed_to: str | None
    verbatim: str | None
    note: str | None
    quotations: tuple[Quotation, ...]


class Descriptions:
    """Describes resources of a store, with labels in one language."""

    def __init__(self, store: GraphStore, labels: Labels) -> None:
        self._store = store
        self._labels = labels
        self._quotes = EvidenceReader(store, self._labels)
        self._vocabulary = Vocabulary(store)

    def named(self, iri: NamedNode) -> Named:
        """Return a resource with its CURIE and label."""
        return Named(iri.value, compact(iri.value), self._labels.text(iri))

    def labels(self, iri: NamedNode) -> dict[str, str]:
        """Return the label in each language; the alphabetically first of several."""
        found: dict[str, str] = {}
        for quad in self._store.quads(iri, LABEL, None):
            if isinstance(quad.object, Literal):
                language = quad.object.language or "und"
                found[language] = min(quad.object.value, found.get(language, quad.object.value))
        return dict(sorted(found.items()))

    def types(self, iri: NamedNode) -> list[Named]:
        """Return the stated classes, sorted by IRI."""
        kinds = {quad.object.value for quad in self._store.quads(iri, A, None)
                 if isinstance(quad.object, NamedNode)}  # fmt: skip
        return [self.named(NamedNode(kind)) for kind in sorted(kinds)]

    def facts(self, subject: NamedNode) -> list[NamedNode]:
        """Return the facts about a resource, sorted by property."""
        return self._sorted_facts(FACT_SUBJECT, subject)

    def facts_naming(self, value: NamedNode) -> list[NamedNode]:
        """Return the facts with a resource as value, sorted by property."""
        return self._sorted_facts(FACT_OBJECT, value)

    def _sorted_facts(self, predicate: NamedNode, node: NamedNode) -> list[NamedNode]:
        facts = {
            quad.subject.value: quad.subject
            for quad in self._store.quads(None, predicate, node)
            if isinstance(quad.subject, NamedNode)
        }
        return sorted(
            facts.values(), key=lambda fact: (self._iri_of(fact, FACT_PREDICATE), fact.value)
        )

    def fact(self, fact: NamedNode) -> Fact:
        """Return a fact with its quotations."""
        return Fact(
            iri=fact.value,
            subject=self._named_or_none(self._object(fact, FACT_SUBJECT)),
            property=self._named_or_none(self._object(fact, FACT_PREDICATE)),
            value=self._value(self._object(fact, FACT_OBJECT)),
            modality=modality_of(self._store, fact),
            time=self._text(fact, TIME),
            attributed_to=self._text(fact, ATTRIBUTED_TO),
            verbatim=self._text(fact, VERBATIM),
            note=self._text(fact, COMMENT),
            quotations=self._quotes.behind([fact]),
        )

    def _value(self, value: Term | None) -> Value:
        if isinstance(value, NamedNode):
            figure = self._figure(value)
            return Value(figure=figure) if figure else Value(entity=self.named(value))
        if isinstance(value, Literal):
            datatype = compact(value.datatype.value)
            is_text = datatype in ("xsd:string", "rdf:langString")
            return Value(
                text=value.value,
                language=value.language,
                datatype=None if is_text else datatype,
            )
        return Value(text="" if value is None else str(value))

    def _figure(self, node: NamedNode) -> Figure | None:
        read = read_observation(self._store, node)
        if read is None or read.number is None:
            return None
        return Figure(
            value=_number(read.number),
            comparator=self._vocabulary.notation(read.comparator) if read.comparator else "exactly",
            unit=self._named_or_none(read.unit),
            measure=self._named_or_none(read.measure),
            upper=None if read.upper is None else _number(read.upper),
            fraction=read.fraction,
            period=read.period,
            categories=tuple(self.named(one) for one in sorted(read.categories, key=str)),
            reference=self._named_or_none(read.area or read.ranking),
            comparedWith=read.compared_with,
            basis=read.basis,
            status=local_name(read.status.value) if read.status else None,
        )

    def _named_or_none(self, node: Term | None) -> Named | None:
        return self.named(node) if isinstance(node, NamedNode) else None

    def _object(self, subject: NamedNode, predicate: NamedNode) -> Term | None:
        """Return the alphabetically first object, so that results are stable."""
        found = [
            quad.object
            for quad in self._store.quads(subject, predicate, None)
            if isinstance(quad.object, (NamedNode, BlankNode, Literal))
        ]
        return min(found, key=str, default=None)

    def _iri_of(self, subject: NamedNode, predicate: NamedNode) -> str:
        found = self._object(subject, predicate)
        return found.value if isinstance(found, NamedNode) else ""

    def _text(self, subject: NamedNode, predicate: NamedNode) -> str | None:
        found = self._object(subject, predicate)
        if isinstance(found, NamedNode):
            return self._labels.text(found)
        return found.value if isinstance(found, Literal) else None


def _number(number: int | Decimal) -> int | float:
    """Return a JSON number: an integer where the value is one."""
    return int(number) if number == int(number) else float(number)
