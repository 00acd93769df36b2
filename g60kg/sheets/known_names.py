"""The names of the entities of other sources, read once for each state of a store."""

from __future__ import annotations

from collections.abc import Iterator, Set

from pyoxigraph import Literal, NamedNode, Quad

from g60kg import namespaces as ns
from g60kg.model.names import Names, is_name_everywhere
from g60kg.stores.base import GraphStore


def names_of_others(store: GraphStore, own: NamedNode) -> Names:
    """Return the entities of other sources."""
    names, graphs = store.remembered(names_of_others.__qualname__, lambda: _all_names(store))
    if own not in graphs:
        return names.copy()
    return Names(_name_of(quad) for quad in _naming(store) if quad.graph_name != own)


def _all_names(store: GraphStore) -> tuple[Names, Set[object]]:
    """Return the entities of all sources, and the graphs that name them."""
    quads = list(_naming(store))
    return Names(map(_name_of, quads)), {quad.graph_name for quad in quads}


def _naming(store: GraphStore) -> Iterator[Quad]:
    for quad in (quad for one in ns.NAMING for quad in store.quads(None, one, None)):
        if (
            isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
            and not quad.subject.value.startswith(ns.NOT_ENTITIES)
            and is_name_everywhere(quad)
        ):
            yield quad


def _name_of(quad: Quad) -> tuple[str, NamedNode]:
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(quad.object, Literal)
    return quad.object.value, quad.subject
