"""Axioms of an ontology by kind; unknown kinds by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from pyoxigraph import NamedNode, Triple

from g60kg.namespaces import A, compact, term
from g60kg.reasoning.owl_axioms import Axiom, read_axioms

Node = TypeVar("Node", bound=Hashable)

DIFFERENT: Final = term("owl:differentFrom")
SAME: Final = term("owl:sameAs")
_LIST: Final = frozenset((term("rdf:first"), term("rdf:rest")))


class Role(NamedTuple):
    """A property, or the inverse of one."""

    property: NamedNode
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Restriction:
    """An owl:allValuesFrom restriction: for members of a class, a property has values in another.

    Attributes:
        member: the class whose members are restricted.
    """

    member: NamedNode
    property: NamedNode
    filler: NamedNode
    axiom: Axiom


#: From a class or role to those that it implies directly, with the axiom.
Steps = dict[Node, list[tuple[Node, Axiom]]]
#: Alternative classes, or one datatype, that a property requires.
Asked = dict[NamedNode, list[tuple[frozenset[NamedNode], Axiom]]]


@dataclass(frozen=True, slots=True)
class Ontology:
    """Axioms by kind; the names are those of OWL 2.

    Attributes:
        chains: for a property, the first and last role of each property chain.
        different: pairs of different individuals.
        unknown: the names of other kinds of axioms.
    """

    object_properties: frozenset[NamedNode]
    literal_properties: frozenset[NamedNode]
    superclasses: Steps[NamedNode] = field(default_factory=lambda: defaultdict(list))
    upper_roles: Steps[Role] = field(default_factory=lambda: defaultdict(list))
    disjoint: dict[frozenset[NamedNode], Axiom] = field(default_factory=dict)
    domains: Asked = field(default_factory=lambda: defaultdict(list))
    ranges: Asked = field(default_factory=lambda: defaultdict(list))
    restrictions: list[Restriction] = field(default_factory=list)
    functional: dict[NamedNode, Axiom] = field(default_factory=dict)
    irreflexive: dict[NamedNode, Axiom] = field(default_factory=dict)
    asymmetric: dict[NamedNode, Axiom] = field(default_factory=dict)
    transitive: dict[NamedNode, Axiom] = field(default_factory=dict)
    chains: dict[NamedNode, list[tuple[Role, Role]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    different: dict[frozenset[NamedNode], Axiom] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    @property
    def properties(self) -> frozenset[NamedNode]:
        """All object properties and data properties."""
        return self.object_properties | self.literal_properties


def reached(
    start: Node, steps: Mapping[Node, Sequence[tuple[Node, Axiom]]]
) -> dict[Node, tuple[Axiom, ...]]:
    """Return the nodes reachable from a start, itself included, with shortest axiom paths."""
    found: dict[Node, tuple[Axiom, ...]] = {start: ()}
    waiting = [start]
    for here in waiting:
        for there, axiom in steps.get(here, ()):
            if there not in found:
                found[there] = (*found[here], axiom)
                waiting.append(there)
    return found


def read_ontology(triples: Iterable[Triple]) -> Ontology:
    """Read the axioms of triples by kind."""
    axioms = read_axioms(triples)
    declared: dict[object, set[NamedNode]] = defaultdict(set)
    for triple in axioms.declarations:
        if isinstance(triple.subject, NamedNode):
            declared[triple.object].add(triple.subject)
    ontology = Ontology(
        frozenset(declared[term("owl:ObjectProperty")]),
        frozenset(declared[term("owl:DatatypeProperty")]),
    )
    for axiom in axioms.stated:
        if not _Reader(ontology, axiom).read():
            ontology.unknown.add(_kind(axiom))
    return ontology


def _kind(axiom: Axiom) -> str:
    """Return the name of an axiom for messages."""
    structure = {triple.predicate for triple in axiom.structure} - {*_LIST, A}
    said = axiom.triple.object if axiom.triple.predicate == A else axiom.triple.predicate
    inner = sorted(compact(name.value) for name in structure)
    outer = compact(said.value) if isinstance(said, NamedNode) else "a class expression"
    return " with ".join([outer, *inner[:1]])


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one axiom."""

    ontology: Ontology
    axiom: Axiom

    def read(self) -> bool:
        """Read the axiom; return whether it was of a known kind or a plain statement."""
        triple = self.axiom.triple
        if triple.predicate == DIFFERENT:
            return self._between(self.ontology.different)
        says = triple.object if triple.predicate == A else triple.predicate
        characteristic = _CHARACTERISTICS.get(says) if isinstance(says, NamedNode) else None
        if characteristic is not None and isinstance(triple.subject, NamedNode):
            characteristic(self.ontology)[triple.subject] = self.axiom
            return True
        known = _KINDS.get(says) if isinstance(says, NamedNode) else None
        if known is None or not isinstance(triple.subject, NamedNode):
            # Statements about individuals are read from the store.
            return self.axiom.is_assertion and _is_plain(triple)
        return known(self, triple.subject, triple.object)

    def subclass(self, name: NamedNode, upper: object) -> bool:
        if isinstance(upper, NamedNode):
            self.ontology.superclasses[name].append((upper, self.axiom))
            return True
        parts = {t.predicate: t.object for t in self.axiom.structure if t.subject == upper}
        along, filler = parts.get(term("owl:onProperty")), parts.get(term("owl:allValuesFrom"))
        if not isinstance(along, NamedNode) or not isinstance(filler, NamedNode):
            return False
        self.ontology.restrictions.append(Restriction(name, along, filler, self.axiom))
        return len(parts) == 3 and along in self.ontology.object_properties

    def disjoint(self, _: NamedNode, __: object) -> bool:
        return self._between(self.ontology.disjoint)

    def subproperty(self, name: NamedNode, upper: object) -> bool:
        if not isinstance(upper, NamedNode):
            return False
        for inverse in (False, True):
            self._step(Role(name, inverse), Role(upper, inverse))
        return True

    def inverse(self, name: NamedNode, other: object) -> bool:
        if not isinstance(other, NamedNode):
            return False
        for inverse in (False, True):
            self._step(Role(name, inverse), Role(other, not inverse))
            self._step(Role(other, inverse), Role(name, not inverse))
        return True

    def symmetric(self, name: NamedNode, _: object) -> bool:
        return self.inverse(name, name)

    def domain(self, name: NamedNode, classes: object) -> bool:
        return self._asked(self.ontology.domains, name, classes)

    def range(self, name: NamedNode, classes: object) -> bool:
        return self._asked(self.ontology.ranges, name, classes)

    def chain(self, name: NamedNode, head: object) -> bool:
        links = self.axiom.listed(head)
        roles = [Role(part) for part in links if isinstance(part, NamedNode)]
        if len(roles) != len(links) or not roles:
            return False
        self.ontology.chains[name].append((roles[0], roles[-1]))
        return True

    def _step(self, lower: Role, upper: Role) -> None:
        self.ontology.upper_roles[lower].append((upper, self.axiom))

    def _between(self, pairs: dict[frozenset[NamedNode], Axiom]) -> bool:
        one, other = self.axiom.triple.subject, self.axiom.triple.object
        if not isinstance(one, NamedNode) or not isinstance(other, NamedNode):
            return False
        pairs.setdefault(frozenset((one, other)), self.axiom)
        return True

    def _asked(self, asked: Asked, name: NamedNode, classes: object) -> bool:
        if isinstance(classes, NamedNode):
            asked[name].append((frozenset((classes,)), self.axiom))
            return True
        unions = [t for t in self.axiom.structure if t.subject == classes and t.predicate != A]
        if len(unions) != 1 or unions[0].predicate != term("owl:unionOf"):
            return False
        members = self.axiom.listed(unions[0].object)
        named = frozenset(member for member in members if isinstance(member, NamedNode))
        if len(named) == len(members) and named:
            asked[name].append((named, self.axiom))
            return True
        return False


def _is_plain(triple: Triple) -> bool:
    """Whether it is a class or relation of an individual with named terms."""
    if triple.predicate == A:
        return isinstance(triple.object, NamedNode) and not _is_owl(triple.object)
    return not _is_owl(triple.predicate) or triple.predicate == SAME


def _is_owl(name: NamedNode) -> bool:
    return name.value.startswith(term("owl:").value)


_KINDS: Final[dict[NamedNode, Callable[[_Reader, NamedNode, object], bool]]] = {
    term("rdfs:subClassOf"): _Reader.subclass,
    term("owl:disjointWith"): _Reader.disjoint,
    term("rdfs:subPropertyOf"): _Reader.subproperty,
    term("owl:inverseOf"): _Reader.inverse,
    term("rdfs:domain"): _Reader.domain,
    term("rdfs:range"): _Reader.range,
    term("owl:propertyChainAxiom"): _Reader.chain,
    term("owl:SymmetricProperty"): _Reader.symmetric,
}
_CHARACTERISTICS: Final[dict[NamedNode, Callable[[Ontology], dict[NamedNode, Axiom]]]] = {
    term("owl:FunctionalProperty"): lambda ontology: ontology.functional,
    term("owl:IrreflexiveProperty"): lambda ontology: ontology.irreflexive,
    term("owl:AsymmetricProperty"): lambda ontology: ontology.asymmetric,
    term("owl:TransitiveProperty"): lambda ontology: ontology.transitive,
}
