"""What is exported: everything, what one source says, or what is said of one entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg.errors import UnknownName
from g60kg.namespaces import (
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_SELECTOR,
    HAS_SOURCE,
    HISTORY_GRAPH,
    LABEL,
    ONTOLOGY_GRAPH,
    PREFIXES,
    QUANTITY,
    SHAPES_GRAPH,
    A,
    expand,
    local_name,
)
from g60kg.stores.base import GraphStore

_ABOUT: Final = (FACT_SUBJECT, FACT_OBJECT)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a store is meant.

    Attributes:
        graph: a source's id (``2307119874``), the CURIE or the IRI of its graph; None for all.
        entity: only what is said of this; None for everything.
        with_ontology: whether the ontology and the shapes belong to it.
        with_history: whether what was added and retracted is told too.
    """

    graph: str | None = None
    entity: NamedNode | None = None
    with_ontology: bool = False
    with_history: bool = False


def selected(store: GraphStore, selection: Selection) -> Iterator[Quad]:
    """The quads of that part of a store.

    Raises:
        UnknownName: no graph of the store goes by that name.
    """
    graphs = selected_graphs(store, selection)
    if selection.entity is not None:
        return iter(described(store, selection.entity, graphs))
    return chain.from_iterable(store.quads(None, None, None, graph) for graph in graphs)


def described(store: GraphStore, entity: NamedNode, graphs: Iterable[NamedNode]) -> list[Quad]:
    """What those graphs say of an entity, and what stands behind it.

    Its own triples and those that point to it, its quantities, the Facts about all these, their
    quotations with selectors or their records, and the articles and data sets those come from.
    """
    return _Description(store, frozenset(graphs)).of(entity)


def selected_graphs(store: GraphStore, selection: Selection) -> list[NamedNode]:
    """The graphs that are meant; raises UnknownName as :func:`selected`."""
    names = store.graph_names()
    if selection.graph is not None:
        wanted = expand(selection.graph) or _graph_of(selection.graph)
        if wanted not in names:
            known = ", ".join(local_name(name.value) for name in names)
            raise UnknownName(f"No graph {selection.graph}.", hint=f"Graphs: {known}.")
        return [wanted]
    left_out = set() if selection.with_history else {HISTORY_GRAPH}
    if not selection.with_ontology:
        left_out |= {ONTOLOGY_GRAPH, SHAPES_GRAPH}
    return [name for name in names if name not in left_out]


def _graph_of(source: str) -> NamedNode | None:
    return expand(f"<{PREFIXES['graph']}{source}>")


class _Description:
    """Collects quads, each node's once."""

    def __init__(self, store: GraphStore, graphs: frozenset[NamedNode]) -> None:
        self._store = store
        self._graphs = graphs
        self._found: dict[Quad, None] = {}
        self._told: set[NamedNode] = set()

    def of(self, entity: NamedNode) -> list[Quad]:
        waiting = [entity]
        while waiting:
            node = waiting.pop()
            self._tell(node)
            for quad in self._quads(None, None, node):
                if quad.predicate not in _ABOUT:
                    self._found[quad] = None
            for quad in chain.from_iterable(self._quads(None, link, node) for link in _ABOUT):
                if isinstance(quad.subject, NamedNode):
                    self._tell_fact(quad.subject)
            # A quantity is a part of what is said of the thing that it measures.
            waiting += [
                quad.object
                for quad in self._quads(node, None, None)
                if isinstance(quad.object, NamedNode)
                and quad.object not in self._told
                and any(self._quads(quad.object, A, QUANTITY))
            ]
        return list(self._found)

    def _tell_fact(self, fact: NamedNode) -> None:
        for evidence in self._tell(fact, HAS_EVIDENCE):
            for link in (HAS_SELECTOR, HAS_SOURCE):
                for node in self._tell(evidence, link):
                    self._tell(node)

    def _tell(self, node: NamedNode, link: NamedNode | None = None) -> list[NamedNode]:
        """Takes in a node's own triples; the IRIs that it is linked to."""
        quads = list(self._quads(node, None, None))
        if node not in self._told:
            self._told.add(node)
            self._found.update(dict.fromkeys(quads))
        return [
            quad.object
            for quad in quads
            if quad.predicate == link and isinstance(quad.object, NamedNode)
        ]

    def _quads(
        self, subject: NamedNode | None, predicate: NamedNode | None, object_: NamedNode | None
    ) -> Iterator[Quad]:
        found = self._store.quads(subject, predicate, object_, None)
        return (quad for quad in found if quad.graph_name in self._graphs)


def described_facts(store: GraphStore, facts: Iterable[NamedNode]) -> list[Quad]:
    """What there is behind some Facts, as linked data tells of one; a quad can come twice.

    Each with the triple that it vouches for, the figure where it states one, its quotations with
    selectors or its records, their sources, and the types and labels of what is named.
    """
    facts = list(facts)
    store.expect(facts, (HAS_EVIDENCE,), (HAS_SELECTOR, HAS_SOURCE))
    told: set[NamedNode] = set()
    quads = [quad for fact in facts for quad in fact_and_evidence(store, fact, told)]
    return [*quads, *introductions(store, Selection(), quads)]


def fact_and_evidence(
    store: GraphStore, fact: NamedNode, told: set[NamedNode] | None = None
) -> Iterator[Quad]:
    """A Fact, the triple that it vouches for, and what supports it.

    Args:
        store: where it lies.
        fact: its IRI.
        told: what was told of before and is not told again; what is told now is added.
    """
    told = set() if told is None else told
    own = list(store.quads(fact, None, None))
    yield from own
    parts = {quad.predicate: quad.object for quad in own}
    subject, predicate = parts.get(FACT_SUBJECT), parts.get(FACT_PREDICATE)
    value = parts.get(FACT_OBJECT)
    if (
        isinstance(subject, NamedNode)
        and isinstance(predicate, NamedNode)
        and isinstance(value, (NamedNode, BlankNode, Literal))
    ):
        yield from store.quads(subject, predicate, value)
    # The number of a figure stands at a node of its own.
    if isinstance(value, NamedNode) and any(store.quads(value, A, QUANTITY)):
        yield from _once(store, value, told)
    for quad in own:
        if quad.predicate == HAS_EVIDENCE and isinstance(quad.object, NamedNode):
            yield from evidence_and_source(store, quad.object, told)


def evidence_and_source(
    store: GraphStore, evidence: NamedNode, told: set[NamedNode] | None = None
) -> Iterator[Quad]:
    """A quotation or a record, with its selectors and its source; arguments as above."""
    told = set() if told is None else told
    for quad in _once(store, evidence, told):
        yield quad
        if quad.predicate in (HAS_SELECTOR, HAS_SOURCE) and isinstance(quad.object, NamedNode):
            yield from _once(store, quad.object, told)


def _once(store: GraphStore, node: NamedNode, told: set[NamedNode]) -> Iterator[Quad]:
    if node not in told:
        told.add(node)
        yield from store.quads(node, None, None)


def introductions(store: GraphStore, selection: Selection, quads: Iterable[Quad]) -> list[Quad]:
    """The types and labels, in the same graphs, of the entities that those quads mention."""
    graphs = frozenset(selected_graphs(store, selection))
    mentioned = {
        node
        for quad in quads
        for node in (quad.subject, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(PREFIXES["id"])
    }
    return [
        quad
        for node in mentioned
        for link in (A, LABEL)
        for quad in store.quads(node, link, None, None)
        if quad.graph_name in graphs
    ]
