"""Focus nodes that may have findings: pySHACL needs to run on these alone.

A check that takes microseconds for a node selects them; what conforms for certain is left out, and
pySHACL, which is the reference, reports on the rest. Shapes with a construct that is not supported
keep their targets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from rdflib import SH, Graph
from rdflib.term import Node

from g60kg.stores.base import Term
from g60kg.validation.candidates.core_checks import CoreChecks, as_term
from g60kg.validation.candidates.data_index import DataIndex
from g60kg.validation.candidates.query_rows import selected_nodes
from g60kg.validation.shape_structure.shape_graph import is_class, targeted_shapes
from g60kg.validation.shape_structure.triple_patterns import Step, Unbounded, iri

#: Declarations by which a shapes graph changes what shapes mean.
_EXTENSIONS: Final = (SH.parameter, SH.rule, SH.entailment)


def candidates(
    shapes: Graph, data: DataIndex, chosen: Collection[str] = ()
) -> tuple[dict[Node, list[Term]], set[Node]]:
    """Return the candidates of each supported shape, and the shapes that are not supported.

    Args:
        shapes: the shapes graph.
        data: the data graph.
        chosen: the IRIs of the shapes to run; empty for all.
    """
    targeted = [s for s in targeted_shapes(shapes) if not chosen or str(s) in chosen]
    if any((None, extension, None) in shapes for extension in _EXTENSIONS):
        return {}, set(targeted)
    checks = CoreChecks(shapes, data)
    found: dict[Node, list[Term]] = {}
    unsupported = set()
    for shape in targeted:
        try:
            nodes = frozenset[Term]().union(*_targets(shapes, shape, data))
            conforms = checks.conforms(shape)
        except Unbounded:
            unsupported.add(shape)
        else:
            failing = [node for node in nodes if not conforms(node)]
            if failing and (shape, SH.target, None) in shapes:
                unsupported.add(shape)  # not every node that the store selects is a target
            else:
                found[shape] = failing
    return found, unsupported


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
        yield selected_nodes(shapes, target, data)
