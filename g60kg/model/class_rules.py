"""Classes by rule: those that the register gives entities, and those of objects by the shapes."""

from typing import Final

from pyoxigraph import BlankNode, NamedNode

from g60kg import namespaces as ns
from g60kg.model.ontology_lookup import Vocabulary, rdf_list
from g60kg.namespaces import A, graph_name, term
from g60kg.stores.base import GraphStore

#: The named graphs of the register: shared entities and categories.
REGISTER: Final = tuple(map(graph_name, ("entities", "categories")))
_TARGET, _PATH, _OR = term("sh:targetSubjectsOf"), term("sh:path"), term("sh:or")
_CLASS, _SEVERITY, _VIOLATION = term("sh:class"), term("sh:severity"), term("sh:Violation")


def other_class(node: NamedNode, kind: NamedNode, vocabulary: Vocabulary) -> NamedNode | None:
    """Return an entity's class in the shared graphs if ``kind`` disagrees with it, else None.

    The graphs are entities and categories. Two classes agree if they are equal or one is a
    superclass of the other. None also if the ontology does not have ``kind``.
    """
    above = vocabulary.superclasses
    if kind.value not in above:
        return None  # an unknown class
    registered = [
        quad.object
        for graph in REGISTER
        for quad in vocabulary.store.quads(node, A, None, graph)
        if isinstance(quad.object, NamedNode)
    ]
    agreeing = (
        one.value in above[kind.value] or kind.value in above.get(one.value, ())
        for one in registered
    )
    return registered[0] if registered and not any(agreeing) else None


def classes_of_rules(store: GraphStore) -> dict[object, frozenset[NamedNode]]:
    """Return, by property, the classes of its objects that a shape lists: sh:or of classes."""

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
