"""The delta verdict: what a change matters to is noticed, however far from it, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Triple
from rdflib import Graph

from g60kg.model import change as change_module
from g60kg.namespaces import PREFIXES, SHAPES_GRAPH, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.delta.shape_analysis import analyse
from g60kg.validation.delta.verdict import complete_findings, delta_findings
from g60kg.validation.report.findings import Status
from tests.conftest import ARTICLE, long_only
from tests.graphs import SHAPE_FILES, read_turtle
from tests.validation.delta_cases import (
    CASES,
    HOPS,
    LOOSE,
    NEVER,
    Case,
    both,
    node,
    on,
    query,
    target,
)
from tests.validation.delta_runs import (
    by_delta,
    by_full_runs,
    change_of,
    shapes_graph,
    stored,
    turtle,
    verdict_of,
)

ARTICLE_GRAPH = graph_name(ARTICLE)


@cache
def shipped() -> Graph:
    """The shipped shapes."""
    return rdflib_graph(triple for file in SHAPE_FILES for triple in read_turtle(file))


def test_triple_terms_of_the_graph_are_not_read() -> None:
    place, within = NamedNode(PREFIXES["id"] + "x"), NamedNode(PREFIXES["g60"] + "locatedIn")
    odd = Quad(place, within, Triple(place, within, place), ARTICLE_GRAPH)
    change = change_module.Change.of(
        LocalStore.holding([odd], "a test"), [Quad(place, within, place, ARTICLE_GRAPH)]
    )
    introduced = {found.code for found in delta_findings(change, shipped()).findings}
    assert "LocatedInHasNoCycle" in introduced
    after = complete_findings(change_module.visible_triples(change.after), shipped())
    assert introduced == {found.code for found in after.values()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_a_change_matters_to_is_noticed(case: Case) -> None:
    delta, full = both(case)
    assert full.introduced | full.fixed, "the change of this case matters to nothing"
    assert (delta.introduced, delta.fixed) == (full.introduced, full.fixed)
    assert delta.existing <= full.existing
    unbounded = analyse(shapes_graph(turtle(case.shapes))).unbounded
    assert bool(unbounded) == (case in LOOSE.values())


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        (query("$this :p ?value . ?x :q ?y"), "not connected"),
        (query("$this :p ?value OPTIONAL { ?x :q ?y } ?x :r $this"), "not connected"),
        (
            query("$this :p ?value { SELECT $this { $this :q ?x } }"),
            "reads are unknown: ToMultiSet",
        ),
        (query("GRAPH ?g { $this :p ?value }"), "reads are unknown: Graph"),
        (query("$this :p ?value", "LIMIT 1"), "reads are unknown: Slice"),
        (query("$this :p ?value FILTER ( :f(?value) )"), "calls <https://example.org/f>"),
        (query("$this :p ?value FILTER ( RAND() < 2 )"), "random result"),
        (query("$this :p ?x ; :q ?value", "GROUP BY ?x"), "an arbitrary one of several values"),
        (query("$this :p ?value").replace("$this :p", "?x :p").replace("T $this", "T ?x"), "$this"),
        (query("$this :p ?value . ?value nowhere:p ?x"), "is not SPARQL"),
        (target("?x :p ?y BIND ( ?x AS ?this )"), "not connected"),
        (on(":p", "sh:expression [ sh:path :q ]"), "expression are unknown"),
        (on(":p", "sh:node :S2") + ":S2 sh:node :S3 . :S3 sh:node :S2 .", "refers to itself"),
        (on("[ :p :q ]", "sh:minCount 1"), "an invalid path"),
        (on("[ sh:inversePath ( :p :q ) ]", "sh:minCount 1"), "the inverse of a path"),
        (node(f'sh:targetClass "C" ; {NEVER}'), "is not an IRI"),
    ],
)
def test_a_shape_that_cannot_be_bounded_says_why(shapes: str, reason: str) -> None:
    (unbounded,) = analyse(shapes_graph(turtle(shapes))).unbounded
    assert unbounded.code == "S"
    assert reason in unbounded.reason


def test_a_shape_that_cannot_be_bounded_is_run_in_full_and_named() -> None:
    shapes = shapes_graph(
        turtle(
            query("$this :p ?value . ?x :q ?y")
            + f":T a sh:NodeShape ; sh:targetSubjectsOf :q ; {NEVER} ."
        )
    )
    outcome = by_delta(stored(turtle(HOPS)), turtle(":x :q :y ."), (), shapes)
    assert outcome.unbounded == ("S",)
    found = by_full_runs(stored(turtle(HOPS)), turtle(":x :q :y ."), (), shapes)
    assert verdict_of(outcome).introduced == found.introduced
    assert {code for code, *_ in found.introduced} == {"S", "T"}


def test_rules_that_add_triples_make_every_shape_unbounded() -> None:
    rule = "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :p ; sh:object :x ]"
    shapes = shapes_graph(turtle(on(":p", "sh:maxCount 0") + f":R a sh:NodeShape ; {rule} ."))
    outcome = by_delta(stored(()), turtle(":a :p :b ."), (), shapes)
    assert outcome.unbounded == ("S",)
    assert [finding.status for finding in outcome.findings] == [Status.INTRODUCED]


def test_every_shipped_shape_is_bounded() -> None:
    analysis = analyse(shipped())
    assert analysis.unbounded == ()
    assert len(analysis.shapes) > 100


@pytest.mark.parametrize(
    ("added", "removed"),
    [(":a :p :b .", ""), ("", ":x :p :y ."), (":a :p :b .", ":a :p :b ."), ("", "")],
)
def test_what_is_there_or_is_not_is_no_change(added: str, removed: str) -> None:
    shapes = shapes_graph(turtle(on(":p", "sh:maxCount 0")))
    outcome = by_delta(stored(turtle(HOPS)), turtle(added), turtle(removed), shapes)
    assert (outcome.findings, outcome.focus_nodes, outcome.context_triples) == ((), 0, 0)


def test_a_large_change_is_checked_on_the_complete_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_module, "LARGE", 2)
    shapes = shapes_graph(turtle(f":S a sh:NodeShape ; sh:targetSubjectsOf :p ; {NEVER} ."))
    store = stored(turtle(":far :p :b . :near :p :b . :new :q :x ."))
    new = turtle(":near :s :c . :new :p :b .")
    outcome = by_delta(store, new, (), shapes)
    assert outcome.unbounded == ("all shapes",)
    found = {(Path(f.focus or "").name, f.status) for f in outcome.findings}
    # Existing findings about nodes that the change does not mention are left out.
    assert found == {("new", Status.INTRODUCED), ("near", Status.EXISTING)}
    removed = by_delta(store, new, turtle(":far :p :b ."), shapes)
    assert removed.unbounded == ("all shapes",)
    assert ("far", Status.FIXED) in {(Path(f.focus or "").name, f.status) for f in removed.findings}
    # A store would write such a number in another way.
    ill_typed = [*new, *turtle(':new :p "x"^^xsd:integer .')]
    assert by_delta(store, ill_typed, (), shapes).unbounded == ()
    large = stored(turtle(" ".join(f":n{number} :p :b ." for number in range(30))))
    assert by_delta(large, new, (), shapes).unbounded != ("all shapes",)


class Counted(LocalStore):
    """A store that counts the quads it is asked for."""

    asked = 0

    def quads(self, *pattern: Any) -> Iterator[Quad]:
        for quad in super().quads(*pattern):
            self.asked += 1
            yield quad


@pytest.mark.long
def test_a_larger_graph_is_looked_at_no_more() -> None:
    new = turtle("fact:new g60:hasEvidence id:record . id:record oa:hasSource id:dataset-1 .")
    asked = []
    for copies in (1, 40):
        store = Counted.shipped()
        assert isinstance(store, Counted)
        copied = [q.triple for number in range(copies) for q in renamed(store, number)]
        store.extend(Quad(t.subject, t.predicate, t.object, graph_name("copies")) for t in copied)
        store.asked = 0
        delta_findings(change_of(store, new), shipped())
        asked.append(store.asked)
    assert asked[0] == asked[1] < 1000


def renamed(store: LocalStore, number: int) -> Iterator[Quad]:
    """The article's quads, about other entities of the same classes."""
    for quad in store.quads(None, None, None, ARTICLE_GRAPH):
        subject, object_ = quad.subject, quad.object
        assert isinstance(subject, NamedNode)
        if isinstance(object_, NamedNode) and object_.value.startswith(PREFIXES["id"]):
            object_ = NamedNode(f"{object_.value}-{number}")
        yield Quad(NamedNode(f"{subject.value}-{number}"), quad.predicate, object_)


@pytest.mark.parametrize("language", ["zh", *long_only("en")])
def test_findings_read_as_those_of_a_full_run(language: str) -> None:
    shipped_quads = LocalStore.shipped().quads()
    store = LocalStore.holding(
        (q for q in shipped_quads if q.graph_name != ARTICLE_GRAPH), "a part"
    )
    new = turtle(
        """id:corridor g60:hasMemberCity id:hangzou .
        fact:new a g60:Fact ; g60:factSubject id:corridor ; g60:factPredicate g60:hasMemberCity ;
            g60:factObject id:suzou ."""
    )
    outcome = delta_findings(change_of(store, new), shipped(), language)
    visible = [q.triple for q in store.quads() if q.graph_name != SHAPES_GRAPH]
    # The graph has findings of its own.
    before = run_shapes(rdflib_graph(visible), shipped(), language=language)
    after = run_shapes(rdflib_graph([*visible, *new]), shipped(), language=language)
    full = set(after) - set(before)
    assert set(outcome.findings) == full
    assert {f.code for f in full if f.hint} == {"FactObjectIsInRange"}
    assert "FactHasDirectTriple" in {f.code for f in full if f.focus_label}


def test_facts_of_a_hub_with_other_properties_are_not_read() -> None:
    second = "?second :of ?path ; :on ?hub ; :is ?value"
    body = f"?path :single true . $this :of ?path ; :on ?hub . {second}"
    shapes = shapes_graph(turtle(query(body)))
    many = "".join(f":f{number} :of :many ; :on :hub ; :is {number} . " for number in range(50))
    store = stored(turtle(f":one :single true . :b :of :one ; :on :hub ; :is 7 . {many}"))
    outcome = by_delta(store, turtle(":a :of :one ; :on :hub ."), (), shapes)
    assert [finding.value for finding in outcome.findings] == ["7"]
    assert outcome.context_triples < 20


def test_facts_of_a_place_that_many_sources_name_are_not_read() -> None:
    new = turtle(
        """fact:new a g60:Fact ; g60:factSubject id:songjiang ; g60:factPredicate g60:describedAs ;
            g60:factObject "new"@en ; g60:hasEvidence quote:new .
        id:songjiang g60:describedAs "new"@en .
        quote:new a g60:Quotation ; oa:hasSource id:article-new ."""
    )
    asked = []
    for sources in (1_000, 3_000):
        store = Counted.shipped()
        assert isinstance(store, Counted)
        store.extend(quad for number in range(sources) for quad in of_source(number))
        store.asked = 0
        delta_findings(change_of(store, new), shipped())
        asked.append(store.asked)
    assert asked[1] < asked[0] + 100


def of_source(number: int) -> Iterator[Quad]:
    """A fact of a source about Songjiang, with the place's type and label."""
    text = f"""id:songjiang a g60:City ; rdfs:label "Songjiang"@en ; g60:describedAs "{number}"@en .
        fact:f{number} a g60:Fact ; g60:factSubject id:songjiang ;
            g60:factPredicate g60:describedAs ; g60:factObject "{number}"@en ;
            g60:hasEvidence quote:q{number} .
        quote:q{number} oa:hasSource id:article-{number} ."""
    for one in turtle(text):
        yield Quad(one.subject, one.predicate, one.object, graph_name(f"article-{number}"))
