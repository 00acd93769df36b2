"""Targets of shapes: which nodes are targets in a graph, and on which triples that depends.

The reads of a target are the triple patterns that decide whether a node is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import Triple
from rdflib import SH, Graph, Variable
from rdflib.term import Node

from g60kg.errors import UnsupportedQuery
from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import rdflib_graph, to_rdflib
from g60kg.validation.candidates.data_index import store_of
from g60kg.validation.candidates.query_rows import for_all_nodes, nodes_in
from g60kg.validation.delta.constraint_reads import CLASSES
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.join_plans import ALL, SOME, Plan
from g60kg.validation.delta.reads import Read, context
from g60kg.validation.shape_structure.constraint_queries import (
    monotone_ways,
    parsed,
    query_reads,
    query_text,
)
from g60kg.validation.shape_structure.shape_graph import as_term, is_class
from g60kg.validation.shape_structure.triple_patterns import (
    THIS,
    Statement,
    Step,
    Unbounded,
    fragments,
    iri,
    patterns,
)


@dataclass(frozen=True, slots=True)
class NodeTarget:
    """Target nodes that the shape lists by sh:targetNode."""

    nodes: frozenset[Term]
    reads: tuple[Read, ...] = ()

    def members(self, view: View, nodes: Collection[Term]) -> set[Term]:  # noqa: ARG002
        """Return the given nodes that are listed, whatever the graph."""
        return set(self.nodes.intersection(nodes))


@dataclass(frozen=True, slots=True)
class PatternTarget:
    """The nodes that a pattern selects: instances of a class, subjects or objects of a property."""

    plan: Plan
    reads: tuple[Read, ...] = field(compare=False)

    @classmethod
    def of(cls, statement: Statement) -> PatternTarget:
        """Return the target defined by a statement about the focus node."""
        stated = patterns((statement,))
        return cls(
            Plan.of(stated, (THIS,), (THIS,), ALL), tuple(map(Read.of, fragments((statement,), 0)))
        )

    def members(self, view: View, nodes: Collection[Term]) -> set[Term]:
        """Return the given nodes that the pattern selects in a graph."""
        return {node for (node,) in self.plan.rows(view, ((node,) for node in nodes))}


@dataclass(frozen=True, slots=True)
class QueryTarget:
    """The nodes that a SPARQL query of a shape selects."""

    text: str
    reads: tuple[Read, ...] = field(compare=False)
    in_store: str | None = field(compare=False)
    ways: tuple[Plan, ...] = field(compare=False)

    @classmethod
    def of(cls, text: str) -> QueryTarget:
        """Return the target that a query defines.

        Raises:
            Unbounded: the reads of the query are unknown.
        """
        found = {
            fragment: None
            for statements, read in query_reads(text, this_is_given=False)
            for fragment in fragments(statements, read)
        }
        ways = (Plan.of(patterns(way), (THIS,), (THIS,), SOME) for way in monotone_ways(text))
        in_store = None
        with suppress(Unbounded):
            # If no filter is rewritten, it selects what rdflib does; else that or more.
            in_store = for_all_nodes(text, this_is_given=False)
        return cls(text, tuple(map(Read.of, found)), in_store, tuple(ways))

    def members(self, view: View, nodes: Collection[Term]) -> set[Term]:
        """Return the given nodes that the query selects in a graph.

        Raises:
            UnsupportedQuery: the query follows too long a chain of statements.
        """
        found: set[Term] = set()
        if self.ways:
            matches = {
                node: next(
                    filter(None, (way.first_match(view, (node,)) for way in self.ways)), None
                )
                for node in nodes
            }
            nodes = {node for node, triples in matches.items() if triples is not None}
            found = self._selected({one for node in nodes for one in matches[node] or ()}, nodes)
        rest = [(node,) for node in nodes if node not in found]
        return found | self._selected(context(view, dict.fromkeys(self.reads, rest)), nodes)

    def _selected(self, triples: set[Triple], nodes: Collection[Term]) -> set[Term]:
        """Return the given nodes that the query selects if the graph has only ``triples``."""
        if self.in_store is not None and (store := store_of(triples)) is not None:
            nodes = nodes_in(store, self.in_store).intersection(nodes)
            if self.in_store == self.text or not nodes:
                return set(nodes)
        read = rdflib_graph(triples)
        by_term = {to_rdflib(node): node for node in nodes}
        try:
            given = {row[Variable(THIS)] for row in read.query(parsed(self.text)).bindings}
        except RecursionError:
            raise UnsupportedQuery(
                "A shape's target follows too long a chain of statements."
            ) from None
        return {by_term[node] for node in given if node in by_term}


Target: TypeAlias = NodeTarget | PatternTarget | QueryTarget


def targets(shapes: Graph, shape: Node) -> Iterator[Target]:
    """Yield the targets of a shape.

    Raises:
        Unbounded: the reads of a target are unknown.
    """
    named = frozenset(map(as_term, shapes.objects(shape, SH.targetNode)))
    if named:
        yield NodeTarget(named)
    classes = [
        *shapes.objects(shape, SH.targetClass),
        *([shape] if is_class(shapes, shape) else []),
    ]
    for kind in classes:
        yield PatternTarget.of(Statement(THIS, CLASSES, iri(kind)))
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        yield PatternTarget.of(Statement(THIS, Step(iri(predicate)), None))
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        yield PatternTarget.of(Statement(None, Step(iri(predicate)), THIS))
    for target in shapes.objects(shape, SH.target):
        yield QueryTarget.of(query_text(shapes, target))
