"""The register of shared entities: the class that it gives an entity, and classes that agree."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import A, graph_name

#: The named graphs of the register: shared entities and categories.
REGISTER: Final = tuple(map(graph_name, ("entities", "categories")))


def other_class(node: NamedNode, kind: NamedNode, vocabulary: Vocabulary) -> NamedNode | None:
    """Return the registered class of an entity if a class disagrees with it, else None.

    Two classes agree if they are equal or one is a superclass of the other.
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
