"""Axioms of an ontology by kind, and what they require of individuals.

An axiom is listed as uncovered if its kind is not supported, or if the rules would be incomplete
with it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from typing import Final, NamedTuple, TypeVar

from pyoxigraph import NamedNode, Triple

from g60kg.namespaces import A, compact, term
from g60kg.reasoning.owl_axioms import Axiom, read_axioms
from g60kg.validation.checks.consistency.literal_values import RANGES

Node = TypeVar("Node", bound=Hashable)

DIFFERENT: Final = term("owl:differentFrom")
NOTHING: Final = term("owl:Nothing")
_ANYTHING: Final = frozenset((term("owl:Thing"), term("rdfs:Literal")))
_LIST: Final = frozenset((term("rdf:first"), term("rdf:rest")))
_CHARACTERISTICS: Final = (
    "owl:FunctionalProperty",
    "owl:IrreflexiveProperty",
    "owl:AsymmetricProperty",
    "owl:TransitiveProperty",
)


class Role(NamedTuple):
    """A property, or its inverse if ``inverse`` is true."""

    property: NamedNode
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Restriction:
    """An owl:allValuesFrom restriction on the values of a property for members of a class."""

    member: NamedNode
    property: NamedNode
    filler: NamedNode
    axiom: Axiom


#: A class that an individual must be in, with the axioms that require it.
Need = tuple[NamedNode, tuple[Axiom, ...]]

#: From a class or role to those that it implies directly, or from a property to the class or the
#: datatype that it requires, with the axiom.
Steps = dict[Node, list[tuple[Node, Axiom]]]


def _steps() -> defaultdict[Node, list[tuple[Node, Axiom]]]:
    return defaultdict(list)


@dataclass(frozen=True, slots=True)
class Ontology:
    """The axioms of an ontology by kind; ``unknown`` has the kinds that are not supported."""

    object_properties: frozenset[NamedNode]
    literal_properties: frozenset[NamedNode]
    superclasses: Steps[NamedNode] = field(default_factory=_steps)
    upper_roles: Steps[Role] = field(default_factory=_steps)
    domains: Steps[NamedNode] = field(default_factory=_steps)
    ranges: Steps[NamedNode] = field(default_factory=_steps)
    disjoint: dict[frozenset[NamedNode], Axiom] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    characteristics: dict[str, dict[NamedNode, Axiom]] = field(
        default_factory=lambda: {name: {} for name in _CHARACTERISTICS}
    )
    unknown: set[str] = field(default_factory=set)

    @property
    def properties(self) -> frozenset[NamedNode]:
        """All object properties and data properties."""
        return self.object_properties | self.literal_properties

    def read(self, axiom: Axiom) -> bool:
        """Record an axiom; return False if its kind is not supported.

        A statement about an individual is not recorded; False if it uses OWL's terms, except
        owl:differentFrom, or a class expression.
        """
        triple = axiom.triple
        name, upper = triple.subject, triple.object
        says = upper if triple.predicate == A else triple.predicate
        kind = compact(says.value) if isinstance(says, NamedNode) else ""
        if not isinstance(name, NamedNode) or axiom.is_assertion:
            # Statements about individuals are read from the store.
            return axiom.is_assertion and _is_plain(triple)
        if kind in _CHARACTERISTICS:
            self.characteristics[kind][name] = axiom
            return True
        if not isinstance(upper, NamedNode):
            return kind == "rdfs:subClassOf" and self._restriction(name, axiom)
        match kind:
            case "rdfs:subClassOf":
                self.superclasses[name].append((upper, axiom))
            case "rdfs:domain":
                self.domains[name].append((upper, axiom))
            case "rdfs:range":
                self.ranges[name].append((upper, axiom))
            case "owl:disjointWith":
                self.disjoint.setdefault(frozenset((name, upper)), axiom)
            case "rdfs:subPropertyOf":
                for inverse in (False, True):
                    self.upper_roles[Role(name, inverse)].append((Role(upper, inverse), axiom))
            case "owl:inverseOf" | "owl:SymmetricProperty":
                other = upper if kind == "owl:inverseOf" else name
                for inverse in (False, True):
                    self.upper_roles[Role(name, inverse)].append((Role(other, not inverse), axiom))
                    self.upper_roles[Role(other, inverse)].append((Role(name, not inverse), axiom))
            case _:
                return False
        return True

    def _restriction(self, name: NamedNode, axiom: Axiom) -> bool:
        parts = {t.predicate: t.object for t in axiom.structure if t.subject == axiom.triple.object}
        along, filler = parts.get(term("owl:onProperty")), parts.get(term("owl:allValuesFrom"))
        if not isinstance(along, NamedNode) or not isinstance(filler, NamedNode):
            return False
        self.restrictions.append(Restriction(name, along, filler, axiom))
        return len(parts) == 3 and along in self.object_properties


def _is_plain(triple: Triple) -> bool:
    """Whether a statement gives a named class or a relation; of OWL's, only owl:differentFrom."""
    if triple.predicate == A:
        return isinstance(triple.object, NamedNode) and not _is_owl(triple.object)
    return not _is_owl(triple.predicate) or triple.predicate == DIFFERENT


def _is_owl(name: NamedNode) -> bool:
    return name.value.startswith(term("owl:").value)


def reached(
    start: Node, steps: Mapping[Node, Sequence[tuple[Node, Axiom]]]
) -> dict[Node, tuple[Axiom, ...]]:
    """Return the nodes that can be reached from ``start``, each with the axioms of a shortest path.

    ``start`` is included, with no axioms.
    """
    found: dict[Node, tuple[Axiom, ...]] = {start: ()}
    waiting = [start]
    for here in waiting:
        for there, axiom in steps.get(here, ()):
            if there not in found:
                found[there] = (*found[here], axiom)
                waiting.append(there)
    return found


def read_ontology(triples: Iterable[Triple]) -> Ontology:
    """Return the axioms that triples state, by kind."""
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
        if not ontology.read(axiom):
            ontology.unknown.add(_kind(axiom))
    return ontology


def _kind(axiom: Axiom) -> str:
    structure = {triple.predicate for triple in axiom.structure} - {*_LIST, A}
    said = axiom.triple.object if axiom.triple.predicate == A else axiom.triple.predicate
    inner = sorted(compact(name.value) for name in structure)
    outer = compact(said.value) if isinstance(said, NamedNode) else "a class expression"
    return " with ".join([outer, *inner[:1]])


class Rules:
    """The requirements of an ontology on individuals."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.ontology = read_ontology(triples)
        known = self.ontology.characteristics
        self.functional = known["owl:FunctionalProperty"]
        self.asymmetric = known["owl:AsymmetricProperty"]
        self.never_to_itself = self.asymmetric | known["owl:IrreflexiveProperty"]
        #: Returns a class and its superclasses, each with the axioms of the path.
        self.above = cache(lambda name: reached(name, self.ontology.superclasses))
        #: Returns the roles that a property implies for the same pair, with the axioms.
        #: Transitivity, which leads to other pairs, is left out.
        self.upper = cache(lambda name: reached(Role(name), self.ontology.upper_roles))
        self.lower = cache(self._lower)
        self.needs = cache(self._needs)
        self.clash = cache(self._clash)
        #: Returns the restrictions on the members of some classes.
        self.restricting = cache(self._restricting)
        self.uncovered = sorted({*self.ontology.unknown, *self._beyond()})

    def _lower(self, name: NamedNode) -> list[tuple[Role, tuple[Axiom, ...]]]:
        return [
            (Role(lower, role.inverse), why)
            for lower in sorted(self.ontology.properties, key=str)
            for role, why in self.upper(lower).items()
            if role.property == name
        ]

    def _needs(self, end: Role) -> tuple[Need, ...]:
        found: dict[NamedNode, tuple[Axiom, ...]] = {}
        for role, why in self.upper(end.property).items():
            at_subject = role.inverse == end.inverse
            asked = self.ontology.domains if at_subject else self.ontology.ranges
            for name, axiom in asked.get(role.property, ()):
                if name not in _ANYTHING:
                    found.setdefault(name, (*why, axiom))
        return tuple(found.items())

    @cached_property
    def requiring_properties(self) -> tuple[NamedNode, ...]:
        """The properties that have a domain or a range, also by a property that they imply."""
        names = sorted(self.ontology.properties, key=str)
        return tuple(n for n in names if self.needs(Role(n)) or self.needs(Role(n, True)))

    @cached_property
    def bounded_relations(self) -> frozenset[NamedNode]:
        """The properties that imply an irreflexive or an asymmetric property, including these."""
        return frozenset(
            lower.property for name in self.never_to_itself for lower, _ in self.lower(name)
        )

    def datatypes(self, name: NamedNode) -> list[tuple[NamedNode, tuple[Axiom, ...]]]:
        """Return the ranges of a datatype property, inherited ones too, each with its axioms."""
        return [
            (datatype, (*why, axiom))
            for role, why in self.upper(name).items()
            for datatype, axiom in self.ontology.ranges.get(role.property, ())
            if datatype not in _ANYTHING
        ]

    def _clash(self, one: NamedNode, other: NamedNode) -> tuple[Axiom, ...] | None:
        """Return axioms that exclude a common member of two classes, or None."""
        mine, theirs = (self.above(name) for name in sorted((one, other), key=str))
        if NOTHING in mine:
            return mine[NOTHING]
        for upper, another in product(mine, theirs):
            disjoint = self.ontology.disjoint.get(frozenset((upper, another)))
            if disjoint is not None:
                return (*mine[upper], *theirs[another], disjoint)
        return None

    def _restricting(self, names: frozenset[NamedNode]) -> tuple[Restriction, ...]:
        above = {upper for name in names for upper in self.above(name)}
        return tuple(one for one in self.ontology.restrictions if one.member in above)

    def _beyond(self) -> Iterator[str]:
        """Yield, as texts, axioms of supported kinds whose violations the rules may not find."""
        ontology = self.ontology
        composed = ontology.characteristics["owl:TransitiveProperty"]
        beyond_pairs = {role.property for name in composed for role in self.upper(name)}
        for name in beyond_pairs & {*self.functional, *self.never_to_itself}:
            yield f"{compact(name.value)}, which transitivity extends"
        restricted = {restriction.member for restriction in ontology.restrictions}
        for restriction in ontology.restrictions:
            is_restricted = not restricted.isdisjoint(self.above(restriction.filler))
            if restriction.property in beyond_pairs or is_restricted:
                yield f"owl:allValuesFrom of {compact(restriction.member.value)}"
        for name in ontology.literal_properties:
            datatypes = [datatype for datatype, _ in self.datatypes(name)]
            yield from (compact(d.value) for d in datatypes if d not in RANGES)
            if name in self.functional and not datatypes:
                yield f"{compact(name.value)}, functional and without a range"
