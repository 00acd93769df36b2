"""Classes of the objects of properties, as the shapes list them: OWL 2 RL has no unions."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode

from g60kg import namespaces as ns
from g60kg.model.ontology_lookup import rdf_list
from g60kg.namespaces import term
from g60kg.stores.base import GraphStore

_TARGET, _PATH, _OR = term("sh:targetSubjectsOf"), term("sh:path"), term("sh:or")
_CLASS, _SEVERITY, _VIOLATION = term("sh:class"), term("sh:severity"), term("sh:Violation")


def classes_of_rules(store: GraphStore) -> dict[object, frozenset[NamedNode]]:
    """Return the classes of the objects of each property that a rule lists: sh:or of classes."""

    def rule(node: NamedNode | BlankNode, part: NamedNode) -> list[object]:
        return [q.object for q in store.quads(node, part, None, ns.SHAPES_GRAPH)]

    listed: dict[object, frozenset[NamedNode]] = {}
    for quad in store.quads(None, _TARGET, None, ns.SHAPES_GRAPH):
        shape = quad.subject
        if not isinstance(shape, NamedNode) or _VIOLATION not in rule(shape, _SEVERITY):
            continue
        choices = [
            rule(choice, _CLASS)
            for head in rule(shape, _OR)
            for choice in rdf_list(head, rule)
            if isinstance(choice, BlankNode)
        ]
        if quad.object in rule(shape, _PATH) and choices and all(choices):
            found = (kind for choice in choices for kind in choice)
            listed[quad.object] = frozenset(k for k in found if isinstance(k, NamedNode))
    return listed
