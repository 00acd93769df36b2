"""Focus nodes that may have findings: pySHACL needs to run on these alone.

A check that takes microseconds for a node selects them; what conforms for certain is left out, and
pySHACL, which is the reference, reports on the rest. Shapes with a construct that is not supported
keep their targets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from rdflib import SH, Graph
from rdflib.term import Node

from g60kg.stores.base import Term
from g60kg.validation.candidates.core_checks import CoreChecks
from g60kg.validation.candidates.data_index import DataIndex
from g60kg.validation.candidates.query_rows import selected_nodes
from g60kg.validation.shape_structure.constraint_queries import query_text
from g60kg.validation.shape_structure.shape_graph import as_term, is_class, targeted_shapes
from g60kg.validation.shape_structure.triple_patterns import Step, Unbounded, iri

#: Nodes by the shape that runs on them.
FocusNodes: TypeAlias = Mapping[Node, Collection[Term]]


def candidates(
    shapes: Graph,
    data: DataIndex,
    chosen: Collection[str] = (),
    focus_nodes: FocusNodes | None = None,
) -> tuple[FocusNodes, set[Node]]:
    """Return the candidates of each shape, and the shapes that must keep their targets.

    Only ``chosen`` shapes run, if some are given, on ``focus_nodes`` or else on their targets.
    """
    checks = CoreChecks(shapes, data)
    found: dict[Node, Collection[Term]] = {}
    kept = set()
    targeted = targeted_shapes(shapes) if focus_nodes is None else focus_nodes
    for shape in targeted:
        if chosen and str(shape) not in chosen:
            continue
        try:
            nodes = (
                frozenset[Term]().union(*_targets(shapes, shape, data))
                if focus_nodes is None
                else focus_nodes[shape]
            )
            conforms = checks.conforms(shape) if nodes else None
        except Unbounded:
            if focus_nodes is None:
                kept.add(shape)
            else:
                found[shape] = focus_nodes[shape]
            continue
        failing = [node for node in nodes if not (conforms and conforms(node))]
        if failing and focus_nodes is None and (shape, SH.target, None) in shapes:
            kept.add(shape)  # not every node that the store selects is a target
        else:
            found[shape] = failing
    return found, kept


def prepare(shapes: Graph) -> None:
    """Parse the queries of shapes, which takes half a second once."""
    empty = DataIndex(())
    checks = CoreChecks(shapes, empty)
    for shape in targeted_shapes(shapes):
        with suppress(Unbounded):
            list(_targets(shapes, shape, empty))
            checks.conforms(shape)


def _targets(shapes: Graph, shape: Node, data: DataIndex) -> Iterator[Collection[Term]]:
    yield {as_term(node) for node in shapes.objects(shape, SH.targetNode)}
    for kind in shapes.objects(shape, SH.targetClass):
        yield data.instances(iri(kind))
    if is_class(shapes, shape):
        yield data.instances(iri(shape))
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        yield data.step(Step(iri(predicate))).keys()
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        yield data.step(Step(iri(predicate), inverse=True)).keys()
    for target in shapes.objects(shape, SH.target):
        text = query_text(shapes, target)
        yield selected_nodes(shapes, target, text, data, this_is_given=False)
