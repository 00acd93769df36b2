"""What the tests of the delta verdict share: a case, the verdict on it, and the full run's."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import Graph

from g60kg.model.change import Change
from g60kg.namespaces import HIDDEN_GRAPHS, PREFIXES, SHAPES_GRAPH, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.delta.shape_analysis import analyse
from g60kg.validation.delta.verdict import DeltaOutcome, delta_findings
from g60kg.validation.report.findings import Finding, Status

#: Made-up terms, so that a case reads like a drawing: ex:a ex:p ex:b.
EX = "https://example.org/"
HEADER = f"@prefix : <{EX}> .\n" + "".join(f"@prefix {p}: <{i}> .\n" for p, i in PREFIXES.items())

Key: TypeAlias = tuple[str, str | None, str | None, str | None]


def turtle(text: str) -> list[Triple]:
    """The triples of a piece of Turtle; its blank nodes keep their labels."""
    return [quad.triple for quad in parse(HEADER + text, format=RdfFormat.TURTLE, lenient=True)]


def shapes_graph(triples: Iterable[Triple]) -> Graph:
    return rdflib_graph(triples)


def stored(triples: Iterable[Triple], hidden: Iterable[Triple] = ()) -> LocalStore:
    """A store that holds each triple in one graph or the other, some in a graph not looked at."""
    graphs = [graph_name("one"), graph_name("two")]
    quads = [_quad(t, graphs[index % 2]) for index, t in enumerate(triples)]
    return LocalStore.holding([*quads, *(_quad(t, SHAPES_GRAPH) for t in hidden)], "a test")


def _quad(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The keys of findings by what became of them."""

    introduced: frozenset[Key]
    existing: frozenset[Key]
    fixed: frozenset[Key]


def key(finding: Finding) -> Key:
    return finding.code, finding.focus, finding.path, finding.term


def by_full_runs(
    store: LocalStore, added: Collection[Triple], removed: Collection[Triple], shapes: Graph
) -> Verdict:
    """What running the shapes on the whole graph, before and after, comes to."""
    visible = LocalStore.holding((q for q in store.quads() if q.graph_name != SHAPES_GRAPH), "")
    before = {quad.triple for quad in visible.quads()}
    gone = {quad.triple for quad in stored(removed).quads()}
    new = {quad.triple for quad in stored(added).quads()}
    found = [
        {key(finding) for finding in run_shapes(rdflib_graph(triples), shapes)}
        for triples in (before, (before - gone) | new)
    ]
    return Verdict(
        introduced=frozenset(found[1] - found[0]),
        existing=frozenset(found[0] & found[1]),
        fixed=frozenset(found[0] - found[1]),
    )


def verdict_of(outcome: DeltaOutcome) -> Verdict:
    """The same of what the delta verdict found."""
    keys = {
        status: frozenset(key(f) for f in outcome.findings if f.status is status)
        for status in Status
    }
    return Verdict(keys[Status.INTRODUCED], keys[Status.EXISTING], keys[Status.FIXED])


def by_delta(
    store: LocalStore, added: Collection[Triple], removed: Collection[Triple], shapes: Graph
) -> DeltaOutcome:
    analyse.cache_clear()  # the test can make a mistake in it
    return delta_findings(change_of(store, added, removed), shapes)


def change_of(
    store: LocalStore, added: Collection[Triple], removed: Collection[Triple] = ()
) -> Change:
    """The change that removes triples from every visible graph of a store, then adds others."""
    gone = [
        quad
        for one in stored(removed).quads()
        for quad in store.quads(one.subject, one.predicate, one.object)  # type: ignore[arg-type]  # no triple terms here
        if quad.graph_name not in HIDDEN_GRAPHS
    ]
    return Change.of(store, [_quad(triple, graph_name("change")) for triple in added], gone)
