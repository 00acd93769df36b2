"""Terms read from the store: properties, classes and modalities of the ontology, and measures."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg import namespaces as ns
from g60kg.errors import StoreFailure
from g60kg.model.dates import days_meet
from g60kg.model.everyday_names import MORE_WORDS, UNIT_WORDS
from g60kg.model.names import Names
from g60kg.namespaces import LABEL, A, compact, expand, g60, local_name, term
from g60kg.stores.base import GraphStore, Term, store_cached, text_of

_DEPRECATED: Final = term("owl:deprecated")
_OWN: Final = ns.PREFIXES["g60"]
_Node = TypeVar("_Node", bound=Hashable)


class ObjectKind(StrEnum):
    """The kind of the objects of a property."""

    ENTITY = "entity"
    LITERAL = "literal"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the ontology.

    Attributes:
        domain: the classes of its subjects; may be empty.
        range: the classes or the datatype of its objects; may be empty.
        used_for: the classes whose entities may have it; empty if any entity may.
        requires_evidence: whether each of its triples needs a Fact.
        single_valued: whether a subject has one value (two in one source are a violation).
        date_valued: whether its values are dates in EDTF.
    """

    iri: NamedNode
    kind: ObjectKind
    domain: frozenset[NamedNode] = frozenset()
    range: frozenset[NamedNode] = frozenset()
    used_for: frozenset[NamedNode] = frozenset()
    requires_evidence: bool = False
    single_valued: bool = False
    date_valued: bool = False

    @property
    def name(self) -> str:
        """Its local name."""
        return local_name(self.iri.value)

    @property
    def datatype(self) -> NamedNode | None:
        """The datatype of its literals; None unless it is a datatype property with a range."""
        return next(iter(self.range)) if self.kind is ObjectKind.LITERAL and self.range else None

    def excludes(self, value: Term, other: Term) -> bool:
        """Return whether a subject cannot have both values.

        Only different values of a single-valued property exclude each other. Texts in two languages
        do not, nor do dates with a common day.
        """
        if not self.single_valued or value == other or _language(value) != _language(other):
            return False
        return not (self.date_valued and days_meet(_text(value), _text(other)))


def _text(node: Term) -> str:
    return node.value if isinstance(node, Literal | NamedNode) else ""


def _language(node: Term) -> str:
    return (node.language or "") if isinstance(node, Literal) else ""


_FLAGS: Final = ("timeless", "prospective", "flow", "partOfWhole", "mayBeNegative")
#: What names a term or a measure in sheets; the other names are words that pages and sources use.
_NAMED_BY: Final = (LABEL, term("skos:altLabel"), term("skos:hiddenLabel"))


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of figures: a row of the reference data.

    Attributes:
        statistic: how it is computed, such as g60:Share; None if the row does not say.
        base: the measure that it is computed from.
        units: the units that it allows, of QUDT or of the namespace g60.
        timeless: whether its figures are usually given without a period.
        prospective: whether it is about what is to be, so that a goal is one of its figures.
        flow: whether its figures are about the whole of a period, such as sums.
        part_of_whole: whether its figures are at most 100 percent although it is not a g60:Share.
        may_be_negative: whether its figures can be below zero, other than as a growth or a change.
    """

    iri: NamedNode
    statistic: NamedNode | None = None
    base: NamedNode | None = None
    units: tuple[NamedNode, ...] = ()
    timeless: bool = False
    prospective: bool = False
    flow: bool = False
    part_of_whole: bool = False
    may_be_negative: bool = False

    @property
    def name(self) -> str:
        """Its local name."""
        return local_name(self.iri.value)

    @property
    def integral(self) -> bool:
        """Whether its figures of the unit NUM are whole numbers: a ratio need not be."""
        return self.statistic != g60("Ratio")


def reachable(start: Iterable[_Node], steps: Mapping[_Node, Set[_Node]]) -> set[_Node]:
    """Return the start nodes and all nodes that steps reach from them."""
    reached = set(start)
    waiting = list(reached)
    while waiting:
        new = steps.get(waiting.pop(), frozenset()) - reached
        reached |= new
        waiting += new
    return reached


def rdf_list(
    head: object, objects: Callable[[BlankNode, NamedNode], Sequence[object]]
) -> list[object]:
    """Return the members of an RDF list; empty if ``head`` is not a blank node."""
    members: list[object] = []
    seen: set[object] = set()
    while isinstance(head, BlankNode) and head not in seen:
        seen.add(head)
        members += objects(head, term("rdf:first"))
        head = next(iter(objects(head, term("rdf:rest"))), None)
    return members


@dataclass(frozen=True)
class Vocabulary:
    """The classes, properties and individuals of the ontology in a store, and its measures."""

    store: GraphStore = field(repr=False)

    @store_cached
    def properties(self) -> dict[str, Property]:
        """Every declared property, also of other namespaces, that is not deprecated, by IRI."""
        found: dict[str, Property] = {}
        for kind, name in zip(ObjectKind, ("Object", "Datatype", "Annotation"), strict=True):
            for iri in self._subjects(A, term(f"owl:{name}Property")):
                found[iri.value] = Property(
                    iri=iri,
                    kind=kind,
                    domain=frozenset(self._objects(iri, term("rdfs:domain"), ns.ONTOLOGY_GRAPH)),
                    range=frozenset(self._objects(iri, term("rdfs:range"), ns.ONTOLOGY_GRAPH)),
                    used_for=frozenset(self._objects(iri, g60("usedFor"), ns.ONTOLOGY_GRAPH)),
                    requires_evidence=self._flag(iri, g60("requiresEvidence")),
                    single_valued=self._flag(iri, g60("singleValued")),
                    date_valued=self._flag(iri, g60("dateValued")),
                )
        return {name: prop for name, prop in found.items() if not self._flag(prop.iri, _DEPRECATED)}

    def declared(self, iri: NamedNode) -> Property:
        """Return a property; StoreFailure if the ontology lacks or deprecates it."""
        if iri.value not in self.properties:
            raise StoreFailure(
                f"The ontology in the graph does not declare g60:{local_name(iri.value)}.",
                hint="Load the shipped graph, or the files of ontology/, into the store.",
            )
        return self.properties[iri.value]

    @store_cached
    def inverses(self) -> dict[str, NamedNode]:
        """The stored property, by the IRI of a property that is only its inverse."""
        return {one.value: other for one, other in self._pairs(term("owl:inverseOf"))}

    def successors(self, iri: NamedNode) -> list[NamedNode]:
        """Return the terms that replace a deprecated term, sorted; empty for any other."""
        return self._objects(iri, term("dcterms:isReplacedBy"), ns.ONTOLOGY_GRAPH)

    def replacement(self, name: str, language: str = "en") -> str | None:
        """Return what replaces a deprecated term or skos:exactMatch: a note or CURIEs, or None."""
        iri = expand(name) or expand(f"g60:{name}")
        if iri is None or not self._flag(iri, _DEPRECATED):
            # 0.1 had a SKOS property for links of entities, which is not ours to deprecate.
            return "schema:sameAs" if iri == term("skos:exactMatch") else None
        notes = {
            quad.object.language: quad.object.value
            for quad in self._ontology(iri, term("skos:changeNote"), None)
            if isinstance(quad.object, Literal)
        }
        new = ", ".join(compact(one.value) for one in self.successors(iri))
        return notes.get(language, notes.get("en", new or None))

    @store_cached
    def measures(self) -> dict[str, Measure]:
        """The measures of the reference data, by IRI."""
        found = self.store.subjects(A, g60("Measure"))
        self.store.prefetch(found)
        return {
            node.value: Measure(
                node,
                next(iter(self._objects(node, g60("statistic"))), None),
                next(iter(self._objects(node, g60("ofMeasure"))), None),
                tuple(self._objects(node, g60("measureUnit"))),
                *(_any_true(self.store.quads(node, g60(flag), None)) for flag in _FLAGS),
            )
            for node in found
        }

    @store_cached
    def classes(self) -> frozenset[str]:
        """The IRIs of the ontology's classes, without deprecated ones."""
        classes = self._own_subjects(A, term("owl:Class"))
        return frozenset(iri.value for iri in classes if not self._flag(iri, _DEPRECATED))

    @store_cached
    def individuals(self) -> frozenset[str]:
        """The IRIs of the ontology's individuals, such as modalities, comparators and stages."""
        return frozenset(iri.value for iri in self._own_subjects(A, term("owl:NamedIndividual")))

    @store_cached
    def superclasses(self) -> dict[str, frozenset[str]]:
        """For each class, its own IRI and the IRIs of all its superclasses."""
        direct: dict[str, set[str]] = {name: set() for name in self.classes}
        for lower, upper in self._pairs(term("rdfs:subClassOf")):
            direct.setdefault(lower.value, set()).add(upper.value)
        return {name: frozenset(reachable([name], direct)) for name in direct}

    def with_superclasses(self, kinds: Iterable[Term]) -> frozenset[str]:
        """Return the IRIs of the ontology's classes among terms, and of all their superclasses."""
        return frozenset(
            name
            for kind in kinds
            if isinstance(kind, NamedNode)
            for name in self.superclasses.get(kind.value, ())
        )

    @store_cached
    def transitive_properties(self) -> frozenset[str]:
        """The IRIs of the transitive properties and their subproperties."""
        below: dict[str, set[str]] = defaultdict(set)
        for lower, upper in self._pairs(term("rdfs:subPropertyOf")):
            below[upper.value].add(lower.value)
        found = self._subjects(A, term("owl:TransitiveProperty"))
        return frozenset(reachable([name.value for name in found], below))

    def subclasses(self, kind: NamedNode) -> frozenset[str]:
        """Return the IRIs of a class and of all its subclasses."""
        return frozenset(
            name for name, above in self.superclasses.items() if kind.value in above
        ) | {kind.value}

    @store_cached
    def _disjoint(self) -> frozenset[tuple[str, str]]:
        """The pairs, in both orders, of disjoint classes and of individuals stated different."""
        groups: list[list[object]] = [[*pair] for pair in self._pairs(term("owl:disjointWith"))]
        for quad in self._ontology(None, term("owl:members"), None):
            groups.append(
                rdf_list(quad.object, lambda n, p: [q.object for q in self._ontology(n, p, None)])
            )
        return frozenset(
            (one.value, other.value)
            for group in groups
            for one in group
            for other in group
            if isinstance(one, NamedNode) and isinstance(other, NamedNode) and one != other
        )

    def disjoint_with(self, kind: str) -> frozenset[str]:
        """Return the IRIs of the classes that an axiom declares disjoint with a class."""
        return frozenset(other for one, other in self._disjoint if one == kind)

    @store_cached
    def property_names(self) -> Names:
        """The properties of the namespace g60 by local name, label and other names."""
        return self._names(iri for iri in self.properties if iri.startswith(_OWN))

    @store_cached
    def class_names(self) -> Names:
        """The classes by local name, label and other names."""
        return self._names(self.classes)

    @store_cached
    def modality_names(self) -> Names:
        """The values of the four properties of modality by local name, label and other names."""
        return self._names(self.modality_properties)

    @store_cached
    def modality_properties(self) -> dict[str, NamedNode]:
        """The property of each value of modality, by the value's IRI, in the order of MODALITY."""
        return {
            iri.value: prop
            for prop in ns.MODALITY
            for kind in self.declared(prop).range
            for iri in self._own_subjects(A, kind)
        }

    @store_cached
    def measure_names(self) -> Names:
        """The measures by local name, label and other names."""
        return self._names(self.measures)

    @store_cached
    def predicate_names(self) -> Names:
        """The g60 properties and the measures by the names that a sheet's predicate can have."""
        own = [iri for iri in self.properties if iri.startswith(_OWN)]
        return self._names([*own, *self.measures])

    @store_cached
    def individual_names(self) -> Names:
        """The individuals of the ontology by local name, label and other names."""
        return self._names(self.individuals)

    @store_cached
    def statistic_names(self) -> Names:
        """The statistics by local name, label and other names."""
        return self._names(iri.value for iri in self._own_subjects(A, g60("Statistic")))

    @store_cached
    def comparator_names(self) -> Names:
        """The comparators by local name, label, other names and notation."""
        iris = [iri.value for iri in self._own_subjects(A, g60("Comparator"))]
        names = self._names(iris)
        for iri in iris:
            names.add(self.notation(NamedNode(iri)), NamedNode(iri))
        return names

    @store_cached
    def unit_names(self) -> Names:
        """The units that measures allow, by local name and everyday name, such as ``percent``."""
        units = {
            local_name(unit.value): unit for one in self.measures.values() for unit in one.units
        }
        words = [(word, name) for one in UNIT_WORDS.values() for name, word in one.items()]
        named = [*zip(units, units, strict=True), *words, *MORE_WORDS.items()]
        return Names((word, units[name]) for word, name in named if name in units)

    def notation(self, comparator: NamedNode) -> str:
        """Return the notation of a comparator, such as ``lessThan``, else its local name."""
        notation = text_of(self.store, comparator, term("skos:notation"))
        return notation or local_name(comparator.value)

    def _names(self, iris: Iterable[str]) -> Names:
        names = Names()
        nodes = [NamedNode(iri) for iri in iris]
        self.store.prefetch(nodes)
        for node in nodes:
            iri = node.value
            names.add(local_name(iri), node)
            for predicate in _NAMED_BY:
                for quad in self.store.quads(node, predicate, None):
                    if isinstance(quad.object, Literal):
                        names.add(quad.object.value, node)
        return names

    def _ontology(
        self, subject: NamedNode | BlankNode | None, predicate: NamedNode, object_: Term | None
    ) -> Iterator[Quad]:
        return self.store.quads(subject, predicate, object_, ns.ONTOLOGY_GRAPH)

    def _pairs(self, predicate: NamedNode) -> Iterator[tuple[NamedNode, NamedNode]]:
        for quad in self._ontology(None, predicate, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                yield quad.subject, quad.object

    def _subjects(self, predicate: NamedNode, object_: Term) -> list[NamedNode]:
        return self.store.subjects(predicate, object_, ns.ONTOLOGY_GRAPH)

    def _own_subjects(self, predicate: NamedNode, object_: Term) -> list[NamedNode]:
        return [n for n in self._subjects(predicate, object_) if n.value.startswith(_OWN)]

    def _flag(self, iri: NamedNode, flag: NamedNode) -> bool:
        return _any_true(self._ontology(iri, flag, None))

    def _objects(self, node: NamedNode, predicate: NamedNode, *graph: NamedNode) -> list[NamedNode]:
        found = (quad.object for quad in self.store.quads(node, predicate, None, *graph))
        return sorted((node for node in found if isinstance(node, NamedNode)), key=str)


def _any_true(quads: Iterable[Quad]) -> bool:
    return any(isinstance(quad.object, Literal) and quad.object.value == "true" for quad in quads)
