"""Each shape fires on its invalid fixture and no other does; on its valid one none does.

What a shape lists (classes, measures, the class of an object) is held against the ontology.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Triple
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from g60kg import package_data
from g60kg.namespaces import PREFIXES, local_name
from g60kg.rdf.rdf_files import read_rdf
from g60kg.stores.rdflib_view import rdflib_graph, to_rdflib
from g60kg.validation.checks.shapes import run_shapes

G60 = Namespace(PREFIXES["g60"])
FIXTURES = sorted(Path(__file__).parent.glob("*/*.ttl"))
HEADING = re.compile(r"# shape:(?P<rule>\w+) — \S.*")
#: Not named by people: what a source says and on what grounds, and the lists of the ontology.
UNNAMED = {G60.Fact, G60.Evidence, G60.Quantity}
LISTED = {G60.Modality, G60.Comparator, G60.Verdict}


def triples_of(path: Path) -> list[Triple]:
    return [quad.triple for quad in read_rdf(path)]


@cache
def shapes() -> Graph:
    return rdflib_graph(t for path in package_data.shape_files() for t in triples_of(path))


@cache
def ontology() -> Graph:
    return rdflib_graph(t for path in package_data.ontology_files() for t in triples_of(path))


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
        for path in package_data.shape_files()
        for subject in rdflib_graph(triples_of(path)).subjects(SH.message)
    }


# -- The fixtures ------------------------------------------------------------


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_exactly_the_shape_that_is_meant_fires(fixture: Path) -> None:
    kind, _, name = fixture.stem.partition("-")
    rule = rule_of(fixture)
    assert name == kebab(rule)
    assert fixture.parent.name == home_of_rules()[rule]
    with on_ontology(triples_of(fixture)) as graph:
        findings = run_shapes(graph, shapes())
    expected = {rule} if kind == "invalid" else set()
    assert {finding.code for finding in findings} == expected


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
        assert severities in ([SH.Violation], [SH.Warning]), rule
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
    stems = {path.stem for path in package_data.shape_files()}
    assert stems - classes <= {"entity"}


def test_queries_keep_to_what_a_pre_bound_query_may_hold() -> None:
    queries = [str(query) for query in shapes().objects(None, SH.select)]
    assert queries
    for query in queries:
        assert re.search(r"\b(MINUS|VALUES|SERVICE|NOT EXISTS|FROM|GRAPH)\b", query) is None, query
    for constraint in shapes().objects(None, SH.sparql):
        assert "$this" in str(shapes().value(constraint, SH.select))


# -- What the rules list, against the ontology -------------------------------


def members(head: Node) -> set[Node]:
    return set(ontology().items(head))


def classes_of(node: Node) -> set[Node]:
    """The class itself, or the classes of a union."""
    union = ontology().value(node, OWL.unionOf)
    return {node} if union is None else members(union)


def measures(*units: str) -> set[Node]:
    """The measures, or those that allow one of these units."""
    found = set(ontology().subjects(RDFS.subPropertyOf, G60.measure))
    allowed = {URIRef(PREFIXES["unit"] + unit) for unit in units}
    return {m for m in found if not units or allowed & set(ontology()[m : G60.allowedUnit])}


def targets(rule: str, target: URIRef) -> set[Node]:
    return set(shapes().objects(rules()[rule], target))


def test_every_class_of_entity_needs_labels() -> None:
    own = {
        c for c in ontology().subjects(RDF.type, OWL.Class) if isinstance(c, URIRef) and c in G60
    }
    top = {c for c in own if not own & set(ontology()[c : RDFS.subClassOf])}
    labelled = top - UNNAMED - LISTED
    assert targets("EntityHasEnglishLabel", SH.targetClass) == labelled
    assert targets("EntityIsNamed", SH.targetClass) == labelled | UNNAMED


def test_every_measure_has_a_rule_for_its_number() -> None:
    counts = measures("NUM")
    assert targets("CountIsWhole", SH.targetObjectsOf) == counts
    assert targets("CountIsNotNegative", SH.targetObjectsOf) == counts - {G60.population}
    assert targets("MoneyIsPositive", SH.targetObjectsOf) == measures("CCY_CNY", "CCY_USD")
    assert targets("ShareIsPercentage", SH.targetObjectsOf) == measures("PERCENT")
    numbers = {
        measure
        for rule in rules().values()
        if shapes().value(rule, SH.path) == G60.numericValue
        for measure in shapes()[rule : SH.targetObjectsOf]
    }
    assert numbers == measures()


def object_classes() -> dict[Node, set[Node]]:
    """For each property, the classes that a rule lets its objects be of."""
    found: dict[Node, set[Node]] = {}
    for rule in rules().values():
        classes = set(shapes()[rule : SH["class"]])
        for alternatives in shapes()[rule : SH["or"]]:
            classes |= {
                c for part in shapes().items(alternatives) for c in shapes()[part : SH["class"]]
            }
        path = shapes().value(rule, SH.path)
        if not classes or path is None:
            continue
        either = shapes().value(path, SH.alternativePath) if isinstance(path, BNode) else None
        for prop in [path] if either is None else shapes().items(either):
            found[prop] = classes
    return found


def test_objects_are_of_the_class_that_the_ontology_gives_the_property() -> None:
    graph = ontology()
    inferred = set(graph.subjects(OWL.inverseOf))
    stated = {
        prop
        for prop in graph.subjects(G60.requiresEvidence, Literal(True))
        if (prop, RDF.type, OWL.ObjectProperty) in graph
    }
    stated -= inferred | measures() | {G60.measure}
    ranges = {prop: {c for r in graph[prop : RDFS.range] for c in classes_of(r)} for prop in stated}
    ruled = object_classes()
    assert {prop: ruled.get(prop) for prop in stated} == ranges


@pytest.mark.parametrize(
    ("rule", "prop"),
    [
        ("LocatedInHasNoCycle", G60.locatedIn),
        ("PartOfHasNoCycle", G60.partOf),
        ("CorridorPhasesHaveNoCycle", G60.precedes),
    ],
)
def test_cycles_are_looked_for_along_every_narrower_property(rule: str, prop: URIRef) -> None:
    narrower = set(ontology().transitive_subjects(RDFS.subPropertyOf, prop))
    assert targets(rule, SH.targetSubjectsOf) == narrower
    (constraint,) = shapes()[rules()[rule] : SH.sparql]
    query = str(shapes().value(constraint, SH.select))
    assert set(re.findall(r"g60:(\w+)", query)) == {local_name(str(p)) for p in narrower}
