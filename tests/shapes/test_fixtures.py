"""Each shape fires on its invalid fixture and no other does; on its valid one none does.

What a shape lists (classes, measures, the class of an object) is held against the ontology.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple
from pyoxigraph import Literal as Text
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from g60kg.namespaces import PREFIXES, local_name
from g60kg.rdf.rdf_files import read_rdf
from g60kg.stores.rdflib_view import graph_over, rdflib_graph, to_rdflib
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.report.findings import Finding
from tests.graphs import ONTOLOGY_FILES, SHAPE_FILES

G60 = Namespace(PREFIXES["g60"])
FIXTURES = sorted(Path(__file__).parent.glob("*/*.ttl"))
HEADING = re.compile(r"# shape:(?P<rule>\w+) — \S.*")
ENTITIES = tuple(PREFIXES[prefix] for prefix in ("fact", "id", "measure", "quote"))
#: The severities, from the worst.
SEVERITIES = ([SH.Violation], [SH.Warning], [SH.Info])


def triples_of(path: Path) -> list[Triple]:
    return [quad.triple for quad in read_rdf(path)]


@cache
def shapes() -> Graph:
    return rdflib_graph(t for path in SHAPE_FILES for t in triples_of(path))


@cache
def ontology_triples() -> tuple[Triple, ...]:
    return tuple(t for path in ONTOLOGY_FILES for t in triples_of(path))


@cache
def ontology() -> Graph:
    return rdflib_graph(ontology_triples())


@contextmanager
def on_ontology(instances: list[Triple]) -> Iterator[Graph]:
    """The ontology's graph with those instances in it for as long as the block lasts."""
    graph = ontology()
    added = [
        (to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object))
        for t in instances
        if not isinstance(t.subject, Triple) and not isinstance(t.object, Triple)
    ]
    for triple in added:
        graph.add(triple)
    try:
        yield graph
    finally:
        for triple in added:
            graph.remove(triple)


def kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def rule_of(fixture: Path) -> str:
    heading = HEADING.fullmatch(fixture.read_text("utf-8").splitlines()[0])
    assert heading, f"{fixture}: the first line names the shape and says what differs"
    return heading["rule"]


@cache
def rules() -> dict[str, URIRef]:
    """The named shapes that carry a message, by local name."""
    return {local_name(s): s for s in shapes().subjects(SH.message) if isinstance(s, URIRef)}


@cache
def home_of_rules() -> dict[str, str]:
    """The stem of the file of each named shape with a message."""
    return {
        local_name(str(subject)): path.stem
        for path in SHAPE_FILES
        for subject in rdflib_graph(triples_of(path)).subjects(SH.message)
    }


# -- The fixtures ------------------------------------------------------------


#: The one rule that compares entities of different files.
BETWEEN_FILES = "LabelIsDistinct"


def renamed(node: Any, number: int) -> Any:
    """A term of the fixture of a number, an entity with the number in its name."""
    if isinstance(node, BlankNode):
        return BlankNode(f"{node.value}x{number}")
    entity = isinstance(node, NamedNode) and node.value.startswith(ENTITIES)
    return NamedNode(f"{node.value}-{number}") if entity else node


def own_label(triple: Triple, number: int) -> Triple:
    """The triple, or a label with the number in it, unless the ontology has that label too."""
    label = triple.object
    if triple.predicate.value != str(RDFS.label) or not isinstance(label, Text):
        return triple
    if (None, RDFS.label, to_rdflib(label)) in ontology():
        return triple
    text = Text(f"{label.value} {number}", language=label.language)
    return Triple(triple.subject, triple.predicate, text)


@cache
def all_fixtures() -> tuple[tuple[int, Triple], ...]:
    """The triples of all fixtures, with IRIs of their own, and the number of the fixture."""
    return tuple(
        (number, Triple(renamed(t.subject, number), t.predicate, renamed(t.object, number)))
        for number, path in enumerate(FIXTURES)
        for t in triples_of(path)
    )


def in_store(triples: Iterable[Triple]) -> Graph:
    """The triples and the ontology in a store, as a file is validated."""
    store = Store()
    store.bulk_extend(Quad(*t) for t in (*triples, *ontology_triples()))
    return graph_over(store)


def run_on_all(graph_of: Callable[[Iterable[Triple]], Graph]) -> tuple[Finding, ...]:
    """The findings on all fixtures together, which takes a fifth of the time of one by one."""
    together = graph_of(triple for _, triple in all_fixtures())
    found = [one for one in run_shapes(together, shapes()) if one.code != BETWEEN_FILES]
    apart = graph_of(own_label(triple, number) for number, triple in all_fixtures())
    return (*found, *run_shapes(apart, shapes(), only=BETWEEN_FILES))


@cache
def findings() -> tuple[Finding, ...]:
    return run_on_all(in_store)


@cache
def codes() -> list[set[str]]:
    """The codes that fire on each fixture."""
    found: list[set[str]] = [set() for _ in FIXTURES]
    for finding in findings():
        number = re.search(r"(?:-|x)(\d+)$", finding.focus or "")
        assert number, finding
        found[int(number[1])].add(finding.code)
    return found


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_exactly_the_shape_that_is_meant_fires(fixture: Path) -> None:
    kind, _, name = fixture.stem.partition("-")
    rule = rule_of(fixture)
    assert name == kebab(rule)
    assert fixture.parent.name == home_of_rules()[rule]
    assert codes()[FIXTURES.index(fixture)] == ({rule} if kind == "invalid" else set())


@pytest.mark.long
def test_pyshacl_finds_the_same_without_the_queries_of_a_store() -> None:
    found = run_on_all(lambda triples: rdflib_graph(triples) + ontology())
    assert {(one.code, one.focus) for one in found} == {(one.code, one.focus) for one in findings()}


def test_every_rule_has_both_fixtures() -> None:
    kinds = Counter((rule_of(path), path.stem.partition("-")[0]) for path in FIXTURES)
    assert kinds == {(rule, kind): 1 for rule in rules() for kind in ("valid", "invalid")}


# -- What every rule says of itself ------------------------------------------


def test_every_rule_speaks_both_languages() -> None:
    for rule, shape in rules().items():
        languages = sorted(str(getattr(m, "language", "")) for m in shapes()[shape : SH.message])
        assert languages == ["en", "zh"], rule


def test_every_rule_says_how_bad_and_why() -> None:
    for rule, shape in rules().items():
        severities = list(shapes()[shape : SH.severity])
        assert severities in SEVERITIES, rule
        reasons = [c for c in shapes()[shape : RDFS.comment] if isinstance(c, Literal)]
        assert [reason.language for reason in reasons] == ["en"], rule


def test_every_rule_finds_its_own_focus_nodes() -> None:
    targets = (SH.target, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    found = {s for target in targets for s in shapes().subjects(target)}
    assert found == set(rules().values())


def test_a_named_shape_without_a_message_is_part_of_a_rule() -> None:
    kinds = (SH.NodeShape, SH.PropertyShape)
    named = {s for kind in kinds for s in shapes().subjects(RDF.type, kind)}
    silent = named - set(rules().values())
    assert silent <= set(shapes().objects(None, SH.node))


def test_files_are_named_for_classes() -> None:
    classes = {
        kebab(local_name(str(c)))
        for c in ontology().subjects(RDF.type, OWL.Class)
        if isinstance(c, URIRef)
    }
    stems = {path.stem for path in SHAPE_FILES}
    assert stems - classes <= {"entity"}


def test_queries_keep_to_what_a_pre_bound_query_may_hold() -> None:
    queries = [str(query) for query in shapes().objects(None, SH.select)]
    assert queries
    for query in queries:
        assert re.search(r"\b(MINUS|VALUES|SERVICE|NOT EXISTS|FROM|GRAPH)\b", query) is None, query
    for constraint in shapes().objects(None, SH.sparql):
        assert "$this" in str(shapes().value(constraint, SH.select))


# -- What the rules list, against the ontology -------------------------------


def targets(rule: str, target: URIRef) -> set[Node]:
    return set(shapes().objects(rules()[rule], target))


def own_classes() -> set[URIRef]:
    deprecated = set(ontology().subjects(OWL.deprecated))
    found = set(ontology().subjects(RDF.type, OWL.Class)) - deprecated
    return {c for c in found if isinstance(c, URIRef) and c in G60}


def test_every_class_of_entity_needs_labels() -> None:
    own = own_classes()
    top = {c for c in own if not own & set(ontology()[c : RDFS.subClassOf])}
    assert targets("EntityIsNamed", SH.targetClass) == top
    # Of the records of the graph itself, people name the measures only.
    assert targets("EntityHasEnglishLabel", SH.targetClass) == (top - {G60.Meta}) | {G60.Measure}


def in_the_domain(predicate: URIRef) -> dict[URIRef, URIRef]:
    """The properties that need evidence, with the class of their subjects or objects."""
    graph = ontology()
    return {
        prop: kind
        for prop in graph.subjects(G60.requiresEvidence, Literal(True))
        for kind in graph[prop:predicate]
        if isinstance(prop, URIRef) and isinstance(kind, URIRef) and kind in G60
    }


@pytest.mark.parametrize(
    ("rule", "predicate"),
    [("FactSubjectIsInDomain", RDFS.domain), ("FactObjectIsInRange", RDFS.range)],
)
@pytest.mark.parametrize("right", [True, False])
def test_subjects_and_objects_are_of_the_class_that_the_ontology_gives(
    rule: str, predicate: URIRef, right: bool
) -> None:
    wanted = in_the_domain(predicate)
    assert len(wanted) > 20
    graph = Graph() + ontology()
    facts = {}
    for number, (prop, kind) in enumerate(wanted.items()):
        fact, subject, object_ = (URIRef(f"{EX}{name}{number}") for name in ("fact", "s", "o"))
        facts[str(fact)] = prop
        graph.add((fact, RDF.type, G60.Fact))
        graph.add((fact, G60.factSubject, subject))
        graph.add((fact, G60.factPredicate, prop))
        graph.add((fact, G60.factObject, object_))
        given = kind if right else other_class(kind)
        graph.add((subject if predicate == RDFS.domain else object_, RDF.type, given))
    found = {f.focus: f for f in run_shapes(graph, shapes(), only=rule) if f.focus in facts}
    assert {facts[focus] for focus in found} == (set() if right else set(wanted))


EX = "https://example.org/"


def other_class(kind: URIRef) -> URIRef:
    """A class that neither is a kind nor has or is a subclass of it."""
    graph = ontology()
    related = {*graph.transitive_objects(kind, RDFS.subClassOf)}
    related |= {*graph.transitive_subjects(RDFS.subClassOf, kind)}
    return min(own_classes() - related)


def test_shapes_read_lists_of_properties_from_the_ontology() -> None:
    """No rule repeats the dates, ranges or single values that the ontology lists."""
    for rule, flag in (
        ("DateIsEdtf", "dateValued"),
        ("EvidencedTripleHasFact", "requiresEvidence"),
        ("SourceGivesOneValue", "singleValued"),
        ("EndedRelationIsPast", "staysTrue"),
        ("FigureOrDateIsPast", "staysTrue"),
    ):
        queries = [
            str(text)
            for node in (SH.sparql, SH.target)
            for query in shapes()[rules()[rule] : node]
            for text in shapes()[query : SH.select]
        ]
        assert queries
        assert all(re.search(rf"g60:{flag}\b", query) for query in queries), rule


@pytest.mark.parametrize(
    ("rule", "prop"),
    [
        ("LocatedInHasNoCycle", G60.locatedIn),
        ("PartOfHasNoCycle", G60.partOf),
        ("UnitOfHasNoCycle", G60.unitOf),
        ("RepublishesHasNoCycle", G60.republishes),
        ("CorridorPhasesHaveNoCycle", G60.directlyPrecedes),
    ],
)
def test_cycles_are_looked_for_along_every_narrower_property(rule: str, prop: URIRef) -> None:
    narrower = set(ontology().transitive_subjects(RDFS.subPropertyOf, prop))
    assert targets(rule, SH.targetSubjectsOf) == narrower
    (constraint,) = shapes()[rules()[rule] : SH.sparql]
    query = str(shapes().value(constraint, SH.select))
    assert set(re.findall(r"g60:(\w+)", query)) == {local_name(str(p)) for p in narrower}
