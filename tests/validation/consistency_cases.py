"""Random small graphs over the ontology: mostly as it wants them, now and then not."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.model.change import Change
from g60kg.namespaces import (
    ONTOLOGY_GRAPH,
    PREFIXES,
    A,
    entity,
    g60,
    graph_name,
    local_name,
    term,
)
from g60kg.reasoning.owl_axioms import Axiom
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.consistency import check_consistency
from g60kg.validation.checks.consistency.axioms import Ontology, Steps, read_ontology
from g60kg.validation.report.findings import Finding
from tests.graphs import ontology

Individual = NamedNode | BlankNode
NAMED = [entity(name) for name in ("a", "b", "c", "d", "e", "f", "g", "h")]
NODES: list[Individual] = [*NAMED, BlankNode("x"), BlankNode("y")]
_BOUNDED = ("Irreflexive", "Asymmetric")
LISTED = [g60(name) for name in ("Exactly", "LessThan", "Attributed", "Goal")]
UNITS = [term("unit:NUM"), term("unit:KiloM")]
KNOTTED = [
    g60("factSubject"),
    g60("hasEvidence"),
    g60("comparator"),
    g60("unit"),
    g60("equivalentOf"),
    g60("directlyPrecedes"),
    g60("memberOf"),
    g60("integratesWith"),
    g60("hasMember"),
    g60("unitOf"),
    g60("partOf"),
    g60("locatedIn"),
    g60("inProvince"),
    *[term("oa:hasSource")] * 3,
]
LITERALS = [
    Literal("2016", datatype=term("xsd:integer")),
    Literal("2018", datatype=term("xsd:integer")),
    Literal("2018.0", datatype=term("xsd:decimal")),
    Literal("40.5", datatype=term("xsd:decimal")),
    Literal("40", datatype=term("xsd:int")),
    Literal("40", datatype=term("xsd:double")),
    Literal("2018"),
    Literal("2018", language="en"),
    Literal("2018", datatype=term("xsd:gYear")),
    Literal("https://example.org/", datatype=term("xsd:anyURI")),
    Literal("true", datatype=term("xsd:boolean")),
]


@cache
def axioms() -> Ontology:
    """The ontology's axioms by kind."""
    return read_ontology(ontology())


@cache
def _sorted(names: frozenset[NamedNode]) -> list[NamedNode]:
    return sorted(names, key=str)


def random_graph(seed: int) -> list[Triple]:
    """About a dozen statements on a few individuals, each of them with a class in mind.

    Most statements fit the classes that are in mind, which are not always stated. The others are
    any statement at all, or of the kinds that turn a relation round. Every third graph is on few
    individuals and the few properties and classes that axioms connect most. No functional relation
    has two values, which a reasoner would take for one individual.
    """
    pick = random.Random(seed)
    if seed % 3 == 0:
        return _with_single_relations(_knotted(pick))
    # A few classes a graph, so that statements meet.
    kinds = pick.sample([name for name in _classes() if _is_own(name)], 4)
    kind = {node: pick.choice(kinds) for node in NODES}
    found = [Triple(node, A, kind[node]) for node in NODES if pick.random() < 0.4]
    oddness = pick.choice((0.0, 0.4, 0.8))
    for _ in range(pick.randint(4, 14)):
        found += _odd(pick, found) if pick.random() < oddness else _fitting(pick, kind)
    return _with_single_relations(found)


def _with_single_relations(statements: Iterable[Triple]) -> list[Triple]:
    """Return the statements without further values of functional relations."""
    relations = axioms().object_properties & functional().keys()
    found: dict[object, Triple] = {}
    for triple in statements:
        is_single = triple.predicate in relations
        found.setdefault((triple.subject, triple.predicate) if is_single else triple, triple)
    return list(found.values())


@cache
def functional() -> dict[NamedNode, Axiom]:
    """The functional properties."""
    return axioms().characteristics["owl:FunctionalProperty"]


def _knotted(pick: random.Random) -> Iterable[Triple]:
    """Statements of the properties whose axioms reach furthest, on four individuals."""
    nodes: list[Individual] = [*NAMED[:3], NODES[-1]]
    for _ in range(pick.randint(3, 8)):
        name = pick.choice(KNOTTED)
        yield Triple(pick.choice(nodes), name, pick.choice([*nodes, pick.choice(LISTED)]))
    for _ in range(pick.randint(0, 3)):
        kind = g60(
            pick.choice(["Quotation", "Article", "Dataset", "PrefectureCity", "Province", "Zone"])
        )
        yield Triple(pick.choice(nodes), A, kind)
    for _ in range(pick.randint(0, 2)):
        name = g60(pick.choice(["numericValue", "startYear"]))
        yield Triple(pick.choice(nodes), name, pick.choice(LITERALS[:5]))


@cache
def _classes() -> list[NamedNode]:
    """The classes that are below another."""
    return _sorted(frozenset(axioms().superclasses))


def _is_own(name: NamedNode) -> bool:
    return name.value.startswith(PREFIXES["g60"])


def _fitting(pick: random.Random, kind: dict[Individual, NamedNode]) -> Iterable[Triple]:
    """A statement that fits the classes in mind, if a few tries find one."""
    for _ in range(30):
        name = pick.choice(_sorted(axioms().properties))
        subject = pick.choice(NODES)
        if not _fits(kind[subject], name, axioms().domains):
            continue
        if name in axioms().literal_properties:
            return [Triple(subject, name, _value(pick, name))]
        object_ = _listed(pick, name) or pick.choice(NODES)
        if object_ not in kind or _fits(kind[object_], name, axioms().ranges):
            return [Triple(subject, name, object_)]
    return []


def _fits(kind: NamedNode, name: NamedNode, asked: Steps[NamedNode]) -> bool:
    above = {kind, term("owl:Thing"), *(up for up, _ in axioms().superclasses.get(kind, ()))}
    return all(needed in above for needed, _ in asked.get(name, ()))


def _value(pick: random.Random, name: NamedNode) -> Literal:
    fitting = {
        term("xsd:integer"): LITERALS[0:3],
        term("xsd:decimal"): LITERALS[0:5],
        term("xsd:anyURI"): LITERALS[9:10],
        term("rdf:PlainLiteral"): LITERALS[6:8],
    }
    datatypes = [datatype for datatype, _ in axioms().ranges.get(name, ())]
    return pick.choice(fitting.get(datatypes[0], LITERALS[6:7]) if datatypes else LITERALS)


def _listed(pick: random.Random, name: NamedNode) -> NamedNode | None:
    """A value that the ontology lists, for properties that have such values."""
    if name == g60("unit"):
        return pick.choice(UNITS)
    values = {"comparator": LISTED[:2], "voice": LISTED[2:3], "factStatus": LISTED[3:]}
    listed = values.get(local_name(name.value))
    return pick.choice(listed) if listed else None


def _odd(pick: random.Random, found: Sequence[Triple]) -> Iterable[Triple]:
    subject, object_ = pick.choice(NODES), pick.choice([*NODES, *LISTED])
    relations = _sorted(axioms().object_properties)
    known = axioms().characteristics
    bounded = _sorted(frozenset().union(*(known[f"owl:{n}Property"] for n in _BOUNDED)))
    match pick.randint(0, 6):
        case 0:
            yield Triple(subject, A, pick.choice(_classes()))
        case 1:
            yield Triple(subject, pick.choice(relations), object_)
        case 2:
            name = pick.choice(_sorted(axioms().literal_properties))
            yield Triple(subject, name, pick.choice(LITERALS))
        case 3:
            name = pick.choice(bounded)
            yield Triple(subject, name, pick.choice([subject, object_]))
        case 4:
            relations_found = [
                t for t in found if t.predicate != A and isinstance(t.object, NamedNode | BlankNode)
            ]
            for triple in relations_found[-1:]:
                assert isinstance(triple.object, NamedNode | BlankNode)
                assert not isinstance(triple.subject, Triple)
                yield Triple(triple.object, triple.predicate, triple.subject)
        case 5:
            # Of no consequence: an annotation, and a value where an individual should be.
            yield Triple(subject, g60("factObject"), object_)
            yield Triple(subject, g60("hasMemberCity"), Literal("Hangzhou"))
        case _:
            yield Triple(subject, A, pick.choice([term("owl:Thing"), g60("NoSuchClass")]))
            yield Triple(subject, term("oa:hasSource"), object_)


def quads_of(triples: Iterable[Triple]) -> list[Quad]:
    """The triples as a source's quads."""
    graph = graph_name("some-source")
    return [Quad(t.subject, t.predicate, t.object, graph) for t in triples]


def store_of(triples: Iterable[Triple]) -> LocalStore:
    """A store with the ontology and those triples of a source."""
    own = (Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in ontology())
    return LocalStore.holding([*own, *quads_of(triples)], "a test's graph")


def brought(before: LocalStore, added: Sequence[Triple]) -> tuple[Finding, ...]:
    """The contradictions that statements bring to a graph, with no more to say of the check."""
    outcome = check_consistency(Change.of(before, quads_of(added)))
    assert (outcome.ran, outcome.note) == (True, None)
    return outcome.findings
