"""OWL axioms and assertions of a graph, each with the triples that form it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from g60kg.model.ontology_lookup import rdf_list
from g60kg.namespaces import PREFIXES, A, term

_LANGUAGE: Final = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))


def _terms(names: str) -> frozenset[NamedNode]:
    return frozenset(map(term, names.split()))


# OWL's own annotation properties.
_ANNOTATING: Final = _terms(
    "rdfs:comment rdfs:isDefinedBy rdfs:label rdfs:seeAlso owl:backwardCompatibleWith "
    "owl:deprecated owl:imports owl:incompatibleWith owl:priorVersion owl:versionIRI "
    "owl:versionInfo"
)
_PROPERTY_KINDS: Final = _terms("owl:ObjectProperty owl:DatatypeProperty")
_DECLARED_KINDS: Final = _PROPERTY_KINDS | _terms(
    "owl:AnnotationProperty owl:Class owl:NamedIndividual rdfs:Datatype"
)
# OWL's own terms for assertions about individuals.
_OF_INDIVIDUALS: Final = _terms("owl:sameAs owl:differentFrom owl:NegativePropertyAssertion")
_ONTOLOGY: Final = term("owl:Ontology")

# An axiom on a list, and the property that states the same of two members.
_PAIRWISE: Final = {
    term("owl:AllDisjointClasses"): term("owl:disjointWith"),
    term("owl:AllDisjointProperties"): term("owl:propertyDisjointWith"),
    term("owl:AllDifferent"): term("owl:differentFrom"),
}
_MEMBERS: Final = frozenset({term("owl:members"), term("owl:distinctMembers")})


@dataclass(frozen=True, slots=True)
class Axiom:
    """One axiom or assertion of an ontology; ``structure`` has the triples of its blank nodes."""

    triple: Triple
    structure: tuple[Triple, ...] = ()

    @property
    def triples(self) -> tuple[Triple, ...]:
        """All triples of the axiom, first the one that states it."""
        return (self.triple, *self.structure)

    @property
    def is_assertion(self) -> bool:
        """Whether the axiom is about individuals rather than classes and properties."""
        says = self.triple.object if self.triple.predicate == A else self.triple.predicate
        if not isinstance(says, NamedNode) or says in _OF_INDIVIDUALS:
            return True
        return not says.value.startswith(_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Axioms:
    """The OWL content of a graph.

    Attributes:
        declarations: the triples that declare the kind of a term.
        stated: every other axiom and assertion. An axiom about all pairs of a list
            (``owl:AllDisjointClasses``, ``owl:AllDifferent``) is replaced by an axiom for each
            pair.
    """

    declarations: tuple[Triple, ...]
    stated: tuple[Axiom, ...]


def logical_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples that matter to reasoning: all but annotations and ontology headers.

    A property that the graph does not declare as an object or datatype property is an annotation
    property. Triples with a triple term are left out too.
    """
    given = list(dict.fromkeys(triples))
    kinds: dict[object, set[object]] = defaultdict(set)
    for triple in given:
        if triple.predicate == A and triple.object in _DECLARED_KINDS:
            kinds[triple.subject].add(triple.object)
    annotation_property = term("owl:AnnotationProperty")
    annotation_properties = {name for name, of in kinds.items() if annotation_property in of}

    def is_logical(triple: Triple) -> bool:
        if triple.predicate in _ANNOTATING or isinstance(triple.object, Triple):
            return False
        if triple.predicate.value.startswith(_LANGUAGE):
            declares = triple.predicate == A
            return triple.object != _ONTOLOGY and (
                declares or triple.subject not in annotation_properties
            )
        return not kinds[triple.predicate].isdisjoint(_PROPERTY_KINDS)

    return [triple for triple in given if is_logical(triple)]


def read_axioms(triples: Iterable[Triple]) -> Axioms:
    """Return the declarations, axioms and assertions of a graph.

    Cycles of anonymous individuals are left out.
    """
    logical = logical_triples(triples)
    described: dict[object, list[Triple]] = defaultdict(list)
    for triple in logical:
        if isinstance(triple.subject, BlankNode):
            described[triple.subject].append(triple)
    referred = {triple.object for triple in logical if isinstance(triple.object, BlankNode)}

    declarations: list[Triple] = []
    stated: list[Axiom] = []
    for triple in logical:
        if isinstance(triple.subject, BlankNode):
            continue
        if triple.predicate == A and triple.object in _DECLARED_KINDS:
            declarations.append(triple)
        else:
            stated.append(Axiom(triple, _structure(triple.object, described)))
    for node in [node for node in described if node not in referred]:
        stated += _of_anonymous(described[node], described)
    return Axioms(tuple(declarations), tuple(stated))


def _structure(start: object, described: dict[object, list[Triple]]) -> tuple[Triple, ...]:
    found: dict[Triple, None] = {}
    waiting, seen = [start], {start}
    while waiting:
        for triple in described.get(waiting.pop(), ()):
            found[triple] = None
            if triple.object not in seen:
                seen.add(triple.object)
                waiting.append(triple.object)
    return tuple(found)


def _of_anonymous(own: list[Triple], described: dict[object, list[Triple]]) -> Iterator[Axiom]:
    """Yield the axioms of a blank node that no triple refers to."""
    types = [triple for triple in own if triple.predicate == A]
    for kind, pair in _PAIRWISE.items():
        if any(triple.object == kind for triple in types):
            for triple in own:
                if triple.predicate in _MEMBERS:
                    yield from _pairs(triple.object, pair, described)
            return
    axiom_types = [t for t in types if str(t.object).startswith(f"<{PREFIXES['owl']}")]
    if axiom_types:
        stating = axiom_types[0]
        rest = _structure(stating.subject, described)
        yield Axiom(stating, tuple(triple for triple in rest if triple != stating))
        return
    for triple in own:
        yield Axiom(triple, _structure(triple.object, described))


def _pairs(head: object, pair: NamedNode, described: dict[object, list[Triple]]) -> Iterator[Axiom]:
    members = rdf_list(
        head, lambda node, part: [t.object for t in described.get(node, ()) if t.predicate == part]
    )
    known = [one for one in members if isinstance(one, NamedNode | BlankNode | Literal)]
    for one, other in combinations(known, 2):
        if not isinstance(one, Literal):
            structure = dict.fromkeys(_structure(one, described) + _structure(other, described))
            yield Axiom(Triple(one, pair, other), tuple(structure))
