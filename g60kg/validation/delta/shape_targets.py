"""The targets of a shape: what in the graph makes a node one, and which nodes are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import SH, Graph, Variable
from rdflib.term import Node

from g60kg.errors import UnsupportedQuery
from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import from_rdflib, normal, rdflib_graph, to_rdflib
from g60kg.validation.delta.constraint_queries import parsed, query_reads, target_text
from g60kg.validation.delta.constraint_reads import CLASSES
from g60kg.validation.delta.graph_overlay import View
from g60kg.validation.delta.join_plans import Plan
from g60kg.validation.delta.property_paths import Step
from g60kg.validation.delta.reads import Read, Unbounded, context, iri
from g60kg.validation.delta.shape_graph import is_class
from g60kg.validation.delta.triple_patterns import (
    THIS,
    Statement,
    fragments,
    patterns,
)


@dataclass(frozen=True, slots=True)
class NodeTarget:
    """Nodes named one by one."""

    nodes: frozenset[Term]
    reads: tuple[Read, ...] = ()

    def members(self, view: View, nodes: Collection[Term]) -> set[Term]:  # noqa: ARG002
        """Which of the nodes are targets: whatever the graph says."""
        return set(self.nodes.intersection(nodes))


@dataclass(frozen=True, slots=True)
class PatternTarget:
    """Nodes that a pattern holds of: a class's instances, a property's subjects or objects."""

    plan: Plan
    reads: tuple[Read, ...]

    @classmethod
    def of(cls, statement: Statement) -> PatternTarget:
        """The target that a statement about the focus node makes."""
        stated = patterns((statement,))
        variables = {variable for pattern in stated for variable in pattern.variables}
        return cls(
            Plan.of(stated, (THIS,), variables, (THIS,)),
            tuple(map(Read.of, fragments((statement,), 0))),
        )

    def members(self, view: View, nodes: Collection[Term]) -> set[Term]:
        """Which of the nodes are targets in a view."""
        return {node for (node,) in self.plan.rows(view, ((node,) for node in nodes))}


@dataclass(frozen=True, slots=True)
class QueryTarget:
    """Nodes that a query gives."""

    text: str
    reads: tuple[Read, ...]

    @classmethod
    def of(cls, text: str) -> QueryTarget:
        """The target that a query makes."""
        found = {
            fragment: None
            for read in query_reads(text, this_is_given=False)
            for fragment in fragments(read.statements, read.read)
        }
        return cls(text, tuple(map(Read.of, found)))

    def members(self, view: View, nodes: Collection[Term]) -> set[Term]:
        """Which of the nodes are targets in a view: the query is run on what it reads of them."""
        rows = [(node,) for node in nodes]
        read = rdflib_graph(context(view, dict.fromkeys(self.reads, rows)))
        by_term = {to_rdflib(node): node for node in nodes}
        try:
            given = {row[Variable(THIS)] for row in read.query(parsed(self.text)).bindings}
        except RecursionError:
            raise UnsupportedQuery(
                "A shape's target cannot follow so many statements in a row."
            ) from None
        return {by_term[node] for node in given if node in by_term}


Target: TypeAlias = NodeTarget | PatternTarget | QueryTarget


def targets(shapes: Graph, shape: Node) -> Iterator[Target]:
    """The targets of a shape.

    Raises:
        Unbounded: it has a target of which it cannot be told what makes a node one.
    """
    named = frozenset(map(_term, shapes.objects(shape, SH.targetNode)))
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
        yield QueryTarget.of(target_text(shapes, target))


def _term(node: Node) -> Term:
    try:
        return normal(from_rdflib(node))
    except ValueError:
        raise Unbounded("it has a target that is no term") from None
