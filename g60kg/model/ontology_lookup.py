"""Terms of the ontology, read from the store: properties, classes, modalities, units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg.model.names import Names
from g60kg.namespaces import LABEL, ONTOLOGY_GRAPH, PREFIXES, A, g60, local_name, term
from g60kg.stores.base import GraphStore, Term

_SUBCLASS: Final = term("rdfs:subClassOf")
_SUBPROPERTY: Final = term("rdfs:subPropertyOf")
_OWN: Final = PREFIXES["g60"]
_Node = TypeVar("_Node", bound=Hashable)


class Kind(StrEnum):
    """The kind of the objects of a property."""

    ENTITY = "entity"
    MEASURE = "measure"
    LITERAL = "literal"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the ontology.

    Attributes:
        domain: the classes of its subjects; may be empty.
        range: the classes or the datatype of its objects; may be empty.
        requires_evidence: whether each of its triples needs a Fact.
        single_valued: whether a subject has one value (two in one source are a violation).
        closed_list: whether a source that lists values lists all of them.
    """

    iri: NamedNode
    kind: Kind
    domain: frozenset[NamedNode] = frozenset()
    range: frozenset[NamedNode] = frozenset()
    units: tuple[NamedNode, ...] = ()
    requires_evidence: bool = False
    single_valued: bool = False
    closed_list: bool = False

    @property
    def name(self) -> str:
        """Its local name."""
        return local_name(self.iri.value)

    @property
    def datatype(self) -> NamedNode | None:
        """The datatype of its literals, if the ontology gives exactly one."""
        return next(iter(self.range)) if self.kind is Kind.LITERAL and self.range else None


def reachable(start: Iterable[_Node], steps: Mapping[_Node, Set[_Node]]) -> set[_Node]:
    """Return the nodes that steps reach from a start, itself included."""
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
    """Return the members of an RDF list; the function returns the objects of a node."""
    members: list[object] = []
    seen: set[object] = set()
    while isinstance(head, BlankNode) and head not in seen:
        seen.add(head)
        members += objects(head, term("rdf:first"))
        head = next(iter(objects(head, term("rdf:rest"))), None)
    return members


@dataclass(frozen=True)
class Vocabulary:
    """The classes, properties and listed individuals of the ontology in a store."""

    store: GraphStore = field(repr=False)

    @cached_property
    def properties(self) -> dict[str, Property]:
        """Every property that the ontology declares, including foreign ones, by IRI."""
        measures = {g60("measure").value} | {
            quad.subject.value
            for quad in self._ontology(None, _SUBPROPERTY, g60("measure"))
            if isinstance(quad.subject, NamedNode)
        }
        found: dict[str, Property] = {}
        for kind, owl_type in (
            (Kind.ENTITY, "owl:ObjectProperty"),
            (Kind.LITERAL, "owl:DatatypeProperty"),
            (Kind.ANNOTATION, "owl:AnnotationProperty"),
        ):
            for iri in self._subjects(A, term(owl_type)):
                found[iri.value] = Property(
                    iri=iri,
                    kind=Kind.MEASURE if iri.value in measures else kind,
                    domain=frozenset(self._classes_of(iri, term("rdfs:domain"))),
                    range=frozenset(self._classes_of(iri, term("rdfs:range"))),
                    units=tuple(self._named_objects(iri, g60("allowedUnit"))),
                    requires_evidence=self._flag(iri, "requiresEvidence"),
                    single_valued=self._flag(iri, "singleValued"),
                    closed_list=self._flag(iri, "closedList"),
                )
        return found

    @cached_property
    def classes(self) -> frozenset[str]:
        """The IRIs of the ontology's classes."""
        return frozenset(iri.value for iri in self._own_subjects(A, term("owl:Class")))

    @cached_property
    def individuals(self) -> frozenset[str]:
        """The IRIs of the ontology's individuals: modalities, comparators, their schemes."""
        kinds = (g60("Modality"), g60("Comparator"), term("skos:ConceptScheme"))
        return frozenset(iri.value for kind in kinds for iri in self._own_subjects(A, kind))

    @cached_property
    def superclasses(self) -> dict[str, frozenset[str]]:
        """For each class, itself and all its superclasses."""
        direct: dict[str, set[str]] = {name: set() for name in self.classes}
        for quad in self._ontology(None, _SUBCLASS, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                direct.setdefault(quad.subject.value, set()).add(quad.object.value)
        return {name: frozenset(reachable([name], direct)) for name in direct}

    @cached_property
    def transitive_properties(self) -> frozenset[str]:
        """The IRIs of the transitive properties and their subproperties."""
        below: dict[str, set[str]] = defaultdict(set)
        for quad in self._ontology(None, _SUBPROPERTY, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                below[quad.object.value].add(quad.subject.value)
        found = self._subjects(A, term("owl:TransitiveProperty"))
        return frozenset(reachable([name.value for name in found], below))

    def subclasses(self, kind: NamedNode) -> frozenset[str]:
        """Return a class and all its subclasses."""
        return frozenset(
            name for name, above in self.superclasses.items() if kind.value in above
        ) | {kind.value}

    @cached_property
    def _disjoint(self) -> frozenset[tuple[str, str]]:
        """The pairs of classes, in either order, that the ontology declares disjoint."""
        groups = [
            [quad.subject, quad.object]
            for quad in self._ontology(None, term("owl:disjointWith"), None)
        ]
        for quad in self._ontology(None, term("owl:members"), None):
            groups.append(list(self._listed(quad.object)))
        return frozenset(
            (one.value, other.value)
            for group in groups
            for one in group
            for other in group
            if isinstance(one, NamedNode) and isinstance(other, NamedNode) and one != other
        )

    def excludes(self, kind: str, other: str) -> bool:
        """Whether two classes are disjoint."""
        above = self.superclasses
        return any(
            (one, two) in self._disjoint
            for one in above.get(kind, frozenset())
            for two in above.get(other, frozenset())
        )

    @cached_property
    def property_names(self) -> Names:
        """The properties by label and local name."""
        return self._names(iri for iri in self.properties if iri.startswith(_OWN))

    @cached_property
    def class_names(self) -> Names:
        """The classes by label and local name."""
        return self._names(self.classes)

    @cached_property
    def modality_names(self) -> Names:
        """The modalities by label and local name."""
        return self._names(iri.value for iri in self._own_subjects(A, g60("Modality")))

    @cached_property
    def comparator_names(self) -> Names:
        """The comparators by label, local name and notation."""
        iris = [iri.value for iri in self._own_subjects(A, g60("Comparator"))]
        names = self._names(iris)
        for iri in iris:
            names.add(self.notation(NamedNode(iri)), NamedNode(iri))
        return names

    @cached_property
    def unit_names(self) -> Names:
        """The units that measures allow, by local name."""
        units = {unit.value: unit for prop in self.properties.values() for unit in prop.units}
        return Names((local_name(iri), unit) for iri, unit in units.items())

    def notation(self, comparator: NamedNode) -> str:
        """Return the name of a comparator in IRIs and columns: ``lessThan``."""
        for quad in self.store.quads(comparator, term("skos:notation"), None):
            if isinstance(quad.object, Literal):
                return quad.object.value
        return local_name(comparator.value)

    def _names(self, iris: Iterable[str]) -> Names:
        names = Names()
        nodes = [NamedNode(iri) for iri in iris]
        self.store.expect(nodes)
        for node in nodes:
            iri = node.value
            names.add(local_name(iri), node)
            for quad in self.store.quads(node, LABEL, None):
                if isinstance(quad.object, Literal):
                    names.add(quad.object.value, node)
        return names

    def _ontology(
        self,
        subject: NamedNode | BlankNode | None,
        predicate: NamedNode,
        object_: Term | None,
    ) -> Iterator[Quad]:
        return self.store.quads(subject, predicate, object_, ONTOLOGY_GRAPH)

    def _subjects(self, predicate: NamedNode, object_: Term) -> list[NamedNode]:
        subjects = (quad.subject for quad in self._ontology(None, predicate, object_))
        return sorted((node for node in subjects if isinstance(node, NamedNode)), key=str)

    def _own_subjects(self, predicate: NamedNode, object_: Term) -> list[NamedNode]:
        found = self._subjects(predicate, object_)
        return [node for node in found if node.value.startswith(_OWN)]

    def _named_objects(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        objects = (quad.object for quad in self._ontology(subject, predicate, None))
        return sorted((node for node in objects if isinstance(node, NamedNode)), key=str)

    def _flag(self, iri: NamedNode, flag: str) -> bool:
        return any(
            isinstance(quad.object, Literal) and quad.object.value == "true"
            for quad in self._ontology(iri, g60(flag), None)
        )

    def _classes_of(self, iri: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        """Return the named classes of a domain or range, including the members of unions."""
        found = self._named_objects(iri, predicate)
        for quad in self._ontology(iri, predicate, None):
            if isinstance(quad.object, BlankNode):
                for union in self._ontology(quad.object, term("owl:unionOf"), None):
                    found += self._listed(union.object)
        return found

    def _listed(self, head: object) -> list[NamedNode]:
        members = rdf_list(
            head, lambda node, part: [q.object for q in self._ontology(node, part, None)]
        )
        return [member for member in members if isinstance(member, NamedNode)]
