"""Running pySHACL on candidates alone gives the findings of pySHACL on every target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import Quad, Triple
from rdflib import SH, BNode, Graph, Literal, URIRef

from benchmarks.make_graph import quads
from g60kg.errors import UnsupportedQuery, UsageError
from g60kg.namespaces import g60, term
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph, store_under
from g60kg.validation import shacl_engines
from g60kg.validation.candidates import CoreChecks, candidates
from g60kg.validation.candidates.data_index import DataIndex
from g60kg.validation.candidates.query_rows import selected_nodes
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.delta.verdict import complete_findings
from g60kg.validation.report.findings import Finding, Severity
from g60kg.validation.shacl_engines import complete_graph, quiet
from g60kg.validation.shape_structure.constraint_queries import parsed, query_text
from g60kg.validation.shape_structure.shape_graph import targeted_shapes
from tests.conftest import long_only
from tests.graphs import ONTOLOGY_FILES
from tests.shapes.test_fixtures import shapes, triples_of
from tests.validation.delta_runs import shapes_graph, turtle
from tests.validation.delta_strategies import (
    FULLY,
    MADE_UP,
    Change,
    changes,
    made_up_shapes,
    shipped_shapes,
)

Run = Callable[[], tuple[Finding, ...]]


@cache
def ontology() -> list[Triple]:
    return [triple for path in ONTOLOGY_FILES for triple in triples_of(path)]


def on_every_target(run: Run) -> set[Finding]:
    """The findings if every shape is left to pySHACL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            shacl_engines, "candidates", lambda graph, *_: ({}, set(targeted_shapes(graph)))
        )
        return set(run())


def assert_agree(triples: list[Triple], shape_triples: list[Triple]) -> None:
    made = shapes_graph(shape_triples)
    for graph in (rdflib_graph(triples), complete_graph(triples)):

        def run(graph: Graph = graph) -> tuple[Finding, ...]:
            with quiet():
                return run_shapes(graph, made)

        try:
            expected = on_every_target(run)
        except UsageError:
            return  # some random shapes the engine refuses for some random graphs
        assert set(run()) == expected


@FULLY
@given(made_up_shapes(), changes(MADE_UP))
def test_for_shapes_of_every_construct(made: str, change: Change) -> None:
    assert_agree(change.graph, turtle(made))


@FULLY
@given(shipped_shapes())
def test_for_the_shipped_shapes(case: tuple[list[Triple], Change]) -> None:
    assert_agree(case[1].graph, case[0])


def test_every_shipped_shape_is_supported() -> None:
    checks = CoreChecks(shapes(), DataIndex(ontology()))
    for shape in targeted_shapes(shapes()):
        checks.conforms(shape)
    for target in shapes().objects(None, SH.target):
        text = query_text(shapes(), target)
        selected_nodes(shapes(), target, text, DataIndex(ontology()), this_is_given=False)


@pytest.mark.long
def test_a_made_up_graph_of_some_size_is_valid() -> None:
    found = [quad.triple for quad in quads(5_000)]
    shipped = [quad.triple for quad in LocalStore.shipped().quads()]
    findings = run_shapes(complete_graph([*found, *shipped]), shapes())
    # What an article leaves unsaid is listed for the curator.
    assert [finding for finding in findings if finding.severity is not Severity.INFO] == []


def damaged(size: int) -> Iterator[Quad]:
    """A made-up graph in which much is missing."""
    for number, quad in enumerate(quads(size)):
        if number % 40 or quad.predicate == g60("numericValue"):
            yield quad


@pytest.mark.long
def test_the_findings_of_a_damaged_graph_are_those_on_every_target() -> None:
    graph = complete_graph([*ontology(), *(quad.triple for quad in damaged(1_000))])

    def run() -> tuple[Finding, ...]:
        return run_shapes(graph, shapes())

    expected = on_every_target(run)
    assert len(expected) > 20
    assert set(run()) == expected


@pytest.mark.parametrize(
    ("text", "datatype", "kept"),
    [("12.5", "decimal", True), ("12.50", "decimal", False), ("twelve", "decimal", False)],
)
def test_a_store_is_used_only_if_it_keeps_every_literal(
    text: str, datatype: str, kept: bool
) -> None:
    value = OxLiteral(text, datatype=term(f"xsd:{datatype}"))
    with quiet():
        graph = complete_graph([Triple(g60("a"), g60("numericValue"), value)])
    assert (store_under(graph) is not None) is kept


@pytest.mark.parametrize(
    "number", ["NaN decimal", "INF double", *long_only("INF decimal", "1e400 decimal", "x decimal")]
)
@pytest.mark.parametrize("is_compared", [False, *long_only(True)])
def test_beside_a_literal_that_a_store_changes_only_its_nodes_are_checked(
    is_compared: bool, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = [quad.triple for quad in LocalStore.shipped().quads()]
    numbers = [triple for triple in stated if triple.predicate == g60("numericValue")]
    text, datatype = number.split()
    value = OxLiteral(text, datatype=term(f"xsd:{datatype}"))
    stated += [Triple(number.subject, number.predicate, value) for number in numbers[:2]]
    kept: list[object] = []

    def watched(*given: Any) -> Any:
        found = candidates(*given)
        kept.extend(found[1])
        return found

    with quiet():
        monkeypatch.setattr(shacl_engines, "candidates", watched)
        found = complete_findings(stated, shapes())
        assert kept == []
        about = {one.focus for one in found.values() if one.severity is Severity.VIOLATION}
        assert about == {str(number.subject).strip("<>") for number in numbers[:2]}
        if is_compared:
            expected = on_every_target(lambda: run_shapes(rdflib_graph(stated), shapes()))
            # A label of a node with two numbers has either.
            assert found.keys() == {one.key for one in expected}


@pytest.mark.parametrize(
    "asked",
    ["SERVICE <http://127.0.0.1:9/> { $this ?p ?o }", "$this ?p ?o"],
)
def test_a_shape_reaches_no_other_host(asked: str) -> None:
    bad = Graph()
    shape, constraint = URIRef("https://example.org/shape"), BNode()
    fact = g60("Fact")
    bad.add((shape, SH.targetNode, URIRef(fact.value)))
    bad.add((shape, SH.sparql, constraint))
    origin = "" if "SERVICE" in asked else "FROM <http://127.0.0.1:9/>"
    bad.add((constraint, SH.select, Literal(f"SELECT $this {origin} WHERE {{ {asked} }}")))
    with pytest.raises((UnsupportedQuery, UsageError)):
        run_shapes(complete_graph([Triple(fact, fact, fact)]), bad)


def test_a_query_is_parsed_once_in_whatever_order_its_prefixes_are_declared() -> None:
    a, b, query = (
        "PREFIX a: <http://a/>\n",
        "PREFIX b: <http://b/>\n",
        "SELECT $this { $this a:p b:q }",
    )
    assert parsed(f"{a}{b}\n\n  {query}") is parsed(f"{b}{a}{query}")
    # Of two declarations of a prefix, the last one counts.
    other = "PREFIX a: <http://other/>\n"
    read = [str(parsed(f"{text}{b}{query}").algebra) for text in (a + other, other + a)]
    assert ["http://other/" in one for one in read] == [True, False]
