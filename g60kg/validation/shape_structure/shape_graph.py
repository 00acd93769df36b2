"""Shapes graphs: shapes and their codes, paths, and copies with other targets."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.extras.shacl import SHACLPathError, parse_shacl_path
from rdflib.term import Node

from g60kg.namespaces import local_name
from g60kg.stores.base import Term
from g60kg.stores.rdflib_view import from_rdflib, normal
from g60kg.validation.shape_structure.constraint_queries import path_in
from g60kg.validation.shape_structure.triple_patterns import Path, Unbounded

TARGETS: Final = (
    *(SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf),
    SH.target,
)
#: Properties that describe a shape without constraining anything.
SILENT: Final = frozenset(
    (
        *(*TARGETS, SH.path, SH.message, SH.severity),
        *(SH.name, SH.description, SH.order, SH.group, SH.defaultValue),
    )
)
_KINDS: Final = (SH.NodeShape, SH.PropertyShape)
_OF_A_SHAPE: Final = (*TARGETS[:-1], SH.property, SH.node)
_TO_A_SHAPE: Final = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_TO_SHAPES: Final = (SH["and"], SH["or"], SH.xone)


def targeted_shapes(shapes: Graph) -> tuple[Node, ...]:
    """Return the shapes with targets in a stable order, named shapes first.

    Shapes that are classes are included.
    """
    known = _shapes(shapes)
    found = {shape for target in TARGETS for shape in shapes.subjects(target)}
    found |= {shape for shape in known if is_class(shapes, shape)}
    return tuple(sorted(found & known, key=lambda shape: (isinstance(shape, BNode), str(shape))))


def is_class(shapes: Graph, shape: Node) -> bool:
    """Whether a shape is also a class, whose instances are then its targets."""
    return not _kinds_of_class(shapes).isdisjoint(shapes.objects(shape, RDF.type))


def _kinds_of_class(shapes: Graph) -> set[Node]:
    # As the processor determines them: one step at most.
    return {RDFS.Class, OWL.Class, *shapes.subjects(RDFS.subClassOf, RDFS.Class)}


def _shapes(shapes: Graph) -> set[Node]:
    """Return the nodes that pySHACL takes for shapes."""
    found = {shape for kind in _KINDS for shape in shapes.subjects(RDF.type, kind)}
    found |= {shape for predicate in _OF_A_SHAPE for shape in shapes.subjects(predicate)}
    found |= {shape for predicate in _TO_A_SHAPE for shape in shapes.objects(None, predicate)}
    for several in {node for predicate in _TO_SHAPES for node in shapes.objects(None, predicate)}:
        with suppress(Unbounded):
            found |= set(members(shapes, several))
    return found


def custom_parameters(shapes: Graph) -> frozenset[Node]:
    """Return the properties that are parameters of constraint components in a shapes graph."""
    return frozenset(
        path
        for parameter in shapes.objects(None, SH.parameter)
        for path in shapes.objects(parameter, SH.path)
    )


def code_of(shapes: Graph, shape: Node) -> str:
    """Return the code of a shape's findings: the local name of :func:`owner_of` the shape."""
    return local_name(str(owner_of(shapes, shape)))


def owner_of(shapes: Graph, shape: Node) -> Node:
    """Return the shape; for a blank node, an IRI that refers to it, also through blank nodes.

    If no such IRI is found, a blank node is returned.
    """
    seen = {shape}
    while isinstance(shape, BNode):
        around = min(shapes.subjects(None, shape), key=str, default=None)
        if around is None or around in seen:
            break
        seen.add(around)
        shape = around
    return shape


def retargeted(
    shapes: Graph, focus_nodes: Mapping[Node, Collection[Node]], kept: Collection[Node] = ()
) -> Graph:
    """Return a copy of a shapes graph with ``focus_nodes`` as targets; ``kept`` shapes keep theirs.

    Other shapes are left out if not needed. If pySHACL received the focus nodes instead, it would
    ignore all other value nodes.
    """
    of_classes = _kinds_of_class(shapes)
    wanted = {*kept, *(shape for shape, nodes in focus_nodes.items() if nodes)}
    graph = Graph()
    for subject, statements in _needed(shapes, wanted).items():
        for predicate, object_ in statements:
            is_target = predicate in TARGETS or (predicate == RDF.type and object_ in of_classes)
            if subject in kept or not is_target:
                graph.add((subject, predicate, object_))
    for shape, nodes in focus_nodes.items():
        for node in nodes:
            graph.add((shape, SH.targetNode, node))
    return graph


def _needed(shapes: Graph, wanted: Collection[Node]) -> dict[Node, list[tuple[Node, Node]]]:
    statements, around, known = _by_subject(shapes)
    waiting = [*wanted, *(s for s in statements if s not in known and isinstance(s, URIRef))]
    found: dict[Node, list[tuple[Node, Node]]] = {}
    while waiting:
        node = waiting.pop()
        if node in found or node not in statements:
            continue
        found[node] = statements[node]
        waiting += [o for _, o in found[node] if o in known or isinstance(o, BNode)]
        waiting += around.get(node, ())
    return found


@lru_cache(maxsize=8)
def _by_subject(
    shapes: Graph,
) -> tuple[dict[Node, list[tuple[Node, Node]]], dict[Node, list[Node]], set[Node]]:
    statements: dict[Node, list[tuple[Node, Node]]] = {}
    around: dict[Node, list[Node]] = {}
    for subject, predicate, object_ in shapes:
        statements.setdefault(subject, []).append((predicate, object_))
        if isinstance(object_, BNode):
            around.setdefault(object_, []).append(subject)
    return statements, around, _shapes(shapes)


def as_term(node: Node) -> Term:
    """Return a shapes graph's node as a data graph's term; raise Unbounded if impossible."""
    try:
        return normal(from_rdflib(node))
    except ValueError:
        raise Unbounded("it has a value that is not an RDF term") from None


def path_of(shapes: Graph, shape: Node) -> Path | None:
    """Return a shape's property path, None for a node shape; raise Unbounded if invalid."""
    paths = list(shapes.objects(shape, SH.path))
    if len(paths) > 1:
        raise Unbounded("it has several paths")
    try:
        return path_in(parse_shacl_path(shapes, paths[0])) if paths else None
    except (TypeError, ValueError, SHACLPathError, RecursionError):
        raise Unbounded("it has an invalid path") from None


def members(shapes: Graph, node: Node) -> list[Node]:
    """Return the members of an RDF list; raise Unbounded if it is empty or cyclic."""
    try:
        found = list(shapes.items(node))
    except ValueError:
        raise Unbounded("it has a cyclic list") from None
    if not found:
        raise Unbounded("it has a list without members")
    return found
