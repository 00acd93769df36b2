"""Axioms of an ontology by kind, and those of which a check of a few individuals is incomplete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from pyoxigraph import BlankNode, NamedNode, Triple

from g60kg.namespaces import A, compact, term
from g60kg.reason.axioms import Axiom, listed, read_axioms
from g60kg.validation.consistency.literals import RANGES

Node = TypeVar("Node", bound=Hashable)

DIFFERENT: Final = term("owl:differentFrom")
DISJOINT: Final = term("owl:disjointWith")
_ANYTHING: Final = frozenset((term("owl:Thing"), term("rdfs:Literal")))
_NAMED: Final = frozenset(
    term(name)
    for name in (
        "rdfs:subClassOf",
        "rdfs:subPropertyOf",
        "rdfs:domain",
        "rdfs:range",
        "owl:inverseOf",
        "owl:disjointWith",
        "owl:differentFrom",
    )
)
_CHARACTERISTICS: Final = frozenset(
    term(f"owl:{name}Property")
    for name in ("Functional", "Irreflexive", "Asymmetric", "Symmetric", "Transitive")
)


class Role(NamedTuple):
    """A property, or the inverse of one."""

    property: NamedNode
    inverse: bool = False

    @property
    def turned(self) -> Role:
        """The other direction."""
        return Role(self.property, not self.inverse)


class Restriction(NamedTuple):
    """Of the members of a class, a property leads only to members of another."""

    member: NamedNode
    property: NamedNode
    filler: NamedNode


def kind_of(axiom: Axiom) -> object:
    """Return the term by which an axiom says what it says: its predicate, or its class."""
    return axiom.triple.object if axiom.triple.predicate == A else axiom.triple.predicate


class Schema:
    """The axioms of an ontology.

    Attributes:
        axioms: its axioms; statements about its own individuals are not among them.
        object_properties: the declared object properties.
        literal_properties: the declared datatype properties.
        uncovered: the axioms, in terms of OWL, by which a check of a few individuals may miss a
            contradiction.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        read = read_axioms(triples)
        declared: dict[object, set[NamedNode]] = defaultdict(set)
        for triple in read.declarations:
            if isinstance(triple.subject, NamedNode):
                declared[triple.object].add(triple.subject)
        self.object_properties = frozenset(declared[term("owl:ObjectProperty")])
        self.literal_properties = frozenset(declared[term("owl:DatatypeProperty")])
        self._by_kind: dict[object, list[Axiom]] = defaultdict(list)
        unknown = set()
        for axiom in read.stated:
            if axiom.is_assertion and kind_of(axiom) != DIFFERENT:
                if not is_plain(axiom.triple):
                    unknown.add(_name(axiom))
            else:
                self._by_kind[kind_of(axiom)].append(axiom)
                if not self._is_known(axiom):
                    unknown.add(_name(axiom))
        self.axioms = tuple(axiom for some in self._by_kind.values() for axiom in some)
        self._lower: dict[NamedNode, tuple[Role, ...]] = {}
        self.uncovered = tuple(sorted({*unknown, *_beyond(self)}))

    def of_kind(self, name: str) -> frozenset[NamedNode]:
        """Return the properties with a characteristic, such as ``owl:FunctionalProperty``."""
        subjects = (axiom.triple.subject for axiom in self._by_kind[term(name)])
        return frozenset(one for one in subjects if isinstance(one, NamedNode))

    @cached_property
    def restrictions(self) -> tuple[Restriction, ...]:
        """The restrictions on the members of a class."""
        found = (_restriction(axiom) for axiom in self._by_kind[term("rdfs:subClassOf")])
        return tuple(one for one in found if one is not None)

    @cached_property
    def chains(self) -> tuple[tuple[NamedNode, Role, Role], ...]:
        """The properties that chains make, each with the first and the last link of a chain."""
        found = []
        for axiom in self._by_kind[term("owl:propertyChainAxiom")]:
            links = [part for part in _members(axiom) if isinstance(part, NamedNode)]
            if isinstance(axiom.triple.subject, NamedNode) and links:
                found.append((axiom.triple.subject, Role(links[0]), Role(links[-1])))
        return tuple(found)

    def upper(self, name: NamedNode) -> frozenset[Role]:
        """Return what a statement with a property implies between the same two nodes."""
        return _reached(Role(name), self._implied_roles)

    def above(self, name: NamedNode) -> frozenset[NamedNode]:
        """Return a class and its superclasses."""
        return _reached(name, self._superclasses)

    def needs(self, end: Role) -> list[frozenset[NamedNode]]:
        """Return the classes of which a subject of a property must be in one, for each axiom.

        Of an inverse role: an object.
        """
        return [
            classes
            for role in self.upper(end.property)
            for name in ("rdfs:domain" if role.inverse == end.inverse else "rdfs:range",)
            for axiom in self._by_kind[term(name)]
            if axiom.triple.subject == role.property
            for classes in (classes_of(axiom),)
            if classes and classes.isdisjoint(_ANYTHING)
        ]

    def lower(self, name: NamedNode) -> tuple[Role, ...]:
        """Return the roles of which each statement implies one with a property."""
        if name not in self._lower:
            self._lower[name] = tuple(
                Role(lower, role.inverse)
                for lower in sorted(self.object_properties | self.literal_properties, key=str)
                for role in self.upper(lower)
                if role.property == name
            )
        return self._lower[name]

    @cached_property
    def _superclasses(self) -> dict[NamedNode, list[NamedNode]]:
        steps: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for axiom in self._by_kind[term("rdfs:subClassOf")]:
            lower, upper = axiom.triple.subject, axiom.triple.object
            if isinstance(lower, NamedNode) and isinstance(upper, NamedNode):
                steps[lower].append(upper)
        return steps

    @cached_property
    def _implied_roles(self) -> dict[Role, list[Role]]:
        steps: dict[Role, list[Role]] = defaultdict(list)
        for kind, turns in (
            ("rdfs:subPropertyOf", False),
            ("owl:inverseOf", True),
            ("owl:SymmetricProperty", True),
        ):
            for axiom in self._by_kind[term(kind)]:
                one, other = axiom.triple.subject, axiom.triple.object
                if axiom.triple.predicate == A:
                    other = one
                if isinstance(one, NamedNode) and isinstance(other, NamedNode):
                    for inverse in (False, True):
                        steps[Role(one, inverse)].append(Role(other, inverse != turns))
                        if turns:
                            steps[Role(other, inverse)].append(Role(one, not inverse))
        return steps

    def _is_known(self, axiom: Axiom) -> bool:
        kind, triple = kind_of(axiom), axiom.triple
        if not isinstance(triple.subject, NamedNode):
            return False
        if kind in _CHARACTERISTICS or isinstance(triple.object, NamedNode):
            return kind in _CHARACTERISTICS or kind in _NAMED
        if kind in (term("rdfs:domain"), term("rdfs:range")):
            return bool(classes_of(axiom))
        if kind == term("owl:propertyChainAxiom"):
            return all(isinstance(part, NamedNode) for part in _members(axiom))
        restriction = _restriction(axiom)
        return restriction is not None and restriction.property in self.object_properties


def is_plain(triple: Triple) -> bool:
    """Return whether a triple states a class or a relation of an individual, by their names."""
    if triple.predicate == A:
        return isinstance(triple.object, NamedNode) and not _is_owl(triple.object)
    return not _is_owl(triple.predicate) or triple.predicate == term("owl:sameAs")


def classes_of(axiom: Axiom) -> frozenset[NamedNode]:
    """Return the named classes of an axiom's object: itself, or the members of a union."""
    object_ = axiom.triple.object
    if isinstance(object_, NamedNode):
        return frozenset((object_,))
    parts = [t for t in axiom.structure if t.subject == object_ and t.predicate != A]
    if [part.predicate for part in parts] != [term("owl:unionOf")]:
        return frozenset()
    members = listed(parts[0].object, axiom.structure)
    named = frozenset(member for member in members if isinstance(member, NamedNode))
    return named if len(named) == len(members) else frozenset()


def _restriction(axiom: Axiom) -> Restriction | None:
    own = [t for t in axiom.structure if t.subject == axiom.triple.object]
    parts = {t.predicate: t.object for t in own}
    along, filler = (parts.get(term(f"owl:{name}")) for name in ("onProperty", "allValuesFrom"))
    member = axiom.triple.subject
    if (
        len(parts) == 3
        and isinstance(member, NamedNode)
        and isinstance(along, NamedNode)
        and isinstance(filler, NamedNode)
    ):
        return Restriction(member, along, filler)
    return None


def _members(axiom: Axiom) -> list[object]:
    return list(listed(axiom.triple.object, axiom.structure))


def _is_owl(name: NamedNode) -> bool:
    return name.value.startswith(term("owl:").value)


def _name(axiom: Axiom) -> str:
    """Return what an axiom is called in a message."""
    structure = {t.predicate for t in axiom.structure}
    structure -= {term("rdf:first"), term("rdf:rest"), A}
    said = kind_of(axiom)
    inner = sorted(compact(name.value) for name in structure)
    outer = compact(said.value) if isinstance(said, NamedNode) else "a class expression"
    return " with ".join([outer, *inner[:1]])


def _reached(start: Node, steps: dict[Node, list[Node]]) -> frozenset[Node]:
    found, waiting = {start}, [start]
    for here in waiting:
        new = [there for there in steps.get(here, ()) if there not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def _beyond(schema: Schema) -> Iterator[str]:
    """Yield what known kinds of axioms say of individuals that are not near what is added."""
    restricted = {one.member for one in schema.restrictions}

    def is_restricted(name: NamedNode) -> bool:
        return not restricted.isdisjoint(schema.above(name))

    composed = schema.of_kind("owl:TransitiveProperty") | {name for name, *_ in schema.chains}
    beyond_pairs = {role.property for name in composed for role in schema.upper(name)}
    functional = schema.of_kind("owl:FunctionalProperty")
    bounded = ("owl:IrreflexiveProperty", "owl:AsymmetricProperty")
    for name in functional.union(*map(schema.of_kind, bounded)) & beyond_pairs:
        yield f"{compact(name.value)}, which chains or transitivity extend"
    for one in schema.restrictions:
        if one.property in beyond_pairs or is_restricted(one.filler):
            yield f"owl:allValuesFrom of {compact(one.member.value)}"
    for name in schema.object_properties | schema.literal_properties:
        for classes in (*schema.needs(Role(name)), *schema.needs(Role(name, True))):
            if len(classes) > 1 and any(map(is_restricted, classes)):
                yield f"the union that {compact(name.value)} asks for"
    for name in schema.literal_properties:
        datatypes = [one for classes in schema.needs(Role(name, True)) for one in classes]
        yield from (compact(one.value) for one in datatypes if one not in RANGES)
        if name in functional and not datatypes:
            yield f"{compact(name.value)}, functional and without a range"
    # What a chain makes of two individuals must ask no more of them than its ends do already.
    for name, first, last in schema.chains:
        for made, given in ((Role(name), first), (Role(name, True), last.turned)):
            known = schema.needs(given)
            for need in schema.needs(made):
                if not any(all(need & schema.above(c) for c in classes) for classes in known):
                    yield f"the property chain of {compact(name.value)}"
