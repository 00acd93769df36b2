"""The engine of the extra ``fast`` finds what pySHACL finds, and is held back in the same way."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import cache

import pytest
from pyoxigraph import Quad, Triple
from rdflib import SH, BNode, Graph, Literal, URIRef

from benchmarks.make_graph import quads
from g60kg import package_data
from g60kg.errors import UnsupportedQuery
from g60kg.namespaces import g60
from g60kg.stores.local_store import LocalStore
from g60kg.validation import shacl_engines
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.report.findings import Severity
from g60kg.validation.shacl_engines import complete_graph
from tests.shapes.test_fixtures import all_fixtures, findings, rules, shapes, triples_of

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pyshacl_turbo") is None,
    reason="the extra fast is not installed: pip install 'g60kg[fast]'",
)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any graph is large enough, and pySHACL is not there."""
    monkeypatch.setattr(shacl_engines, "LARGE", 0)
    monkeypatch.setattr("pyshacl.validate", None)


@cache
def ontology() -> list[Triple]:
    return [triple for path in package_data.ontology_files() for triple in triples_of(path)]


def test_each_shape_fires_where_it_is_to(request: pytest.FixtureRequest) -> None:
    # Of decimal numbers the store keeps another spelling.
    expected = {(one.code, one.focus, one.path) for one in findings()}
    request.getfixturevalue("fast")
    found = run_shapes(complete_graph([*ontology(), *all_fixtures()]), shapes())
    assert {one.code for one in found} == rules().keys()
    assert {(one.code, one.focus, one.path) for one in found} == expected


def test_a_made_up_graph_of_some_size_is_valid() -> None:
    found = [quad.triple for quad in quads(25_000)]
    shipped = [quad.triple for quad in LocalStore.shipped().quads()]
    reported = run_shapes(complete_graph([*found, *shipped]), shapes())
    # What an article leaves unsaid is listed for the curator.
    assert [finding for finding in reported if finding.severity is not Severity.INFO] == []


def damaged(size: int) -> Iterator[Quad]:
    """A made-up graph in which much is missing."""
    for number, quad in enumerate(quads(size)):
        if number % 40 or quad.predicate == g60("numericValue"):
            yield quad


def test_its_findings_are_those_of_pyshacl(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for large in (10**9, 0):
        monkeypatch.setattr(shacl_engines, "LARGE", large)
        graph = complete_graph([*ontology(), *(quad.triple for quad in damaged(2_000))])
        found.append(run_shapes(graph, shapes()))
    slow, quick = map(set, found)
    assert len(slow) > 20
    assert slow == quick


@pytest.mark.usefixtures("fast")
@pytest.mark.parametrize(
    "asked",
    ["SERVICE <http://127.0.0.1:9/> { $this ?p ?o }", "$this ?p ?o"],
)
def test_a_shape_reaches_no_other_host(asked: str) -> None:
    bad = Graph()
    shape, constraint = URIRef("https://example.org/shape"), BNode()
    bad.add((shape, SH.targetClass, URIRef(g60("Fact").value)))
    bad.add((shape, SH.sparql, constraint))
    origin = "" if "SERVICE" in asked else "FROM <http://127.0.0.1:9/>"
    bad.add((constraint, SH.select, Literal(f"SELECT $this {origin} WHERE {{ {asked} }}")))
    with pytest.raises(UnsupportedQuery):
        run_shapes(complete_graph([]), bad)
