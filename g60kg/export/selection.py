"""Selection of quads to export: of all sources, of one source, or about one entity."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg import namespaces as ns
from g60kg.errors import UnknownName
from g60kg.namespaces import LABEL, A, expand, local_name
from g60kg.rdf.text_excerpt import excerpt, first_of
from g60kg.stores.base import GraphStore

#: The most graphs that a message names.
_LISTED: Final = 30
_ABOUT: Final = (ns.FACT_SUBJECT, ns.FACT_OBJECT)


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a store.

    Attributes:
        graph: a source's id (``2307119874``), the CURIE or the IRI of its graph; None for all
            graphs.
        entity: the entity that all statements must be about; None for all entities.
        with_ontology: whether to include the ontology and the shapes, if ``graph`` is None.
        with_history: whether to include the history, if ``graph`` is None.
    """

    graph: str | None = None
    entity: NamedNode | None = None
    with_ontology: bool = False
    with_history: bool = False


def selected(store: GraphStore, selection: Selection) -> Iterator[Quad]:
    """Yield the quads of a part of a store; raise UnknownName for an unknown graph."""
    graphs = selected_graphs(store, selection)
    if selection.entity is not None:
        return iter(entity_statements(store, selection.entity, graphs))
    return chain.from_iterable(store.quads(None, None, None, graph) for graph in graphs)


def entity_statements(
    store: GraphStore, entity: NamedNode, graphs: Iterable[NamedNode]
) -> list[Quad]:
    """Return the statements of some graphs about an entity, with their evidence.

    They are the entity's triples, the triples whose object it is, its figures, the Facts about it
    and its figures, their evidence with selectors, and the sources of the evidence.
    """
    inside = frozenset(graphs)
    known: set[NamedNode] = set()
    found: dict[Quad, None] = {}

    def keep(quads: Iterable[Quad]) -> list[Quad]:
        own = [quad for quad in quads if quad.graph_name in inside]
        found.update(dict.fromkeys(own))
        return own

    waiting = [entity]
    while waiting:
        node = waiting.pop()
        own = keep(_once(store, node, known))
        for pointing in store.quads(None, None, node):
            if pointing.predicate not in _ABOUT:
                keep([pointing])
            elif pointing.graph_name in inside and isinstance(pointing.subject, NamedNode):
                for quad in keep(_once(store, pointing.subject, known)):
                    if quad.predicate == ns.HAS_EVIDENCE and isinstance(quad.object, NamedNode):
                        keep(evidence_and_source(store, quad.object, known))
        # A quantity belongs to the description of the entity it measures.
        waiting += [
            value
            for value in {quad.object for quad in own} - known
            if isinstance(value, NamedNode)
            and any(one.graph_name in inside for one in store.quads(value, A, ns.OBSERVATION))
        ]
    return list(found)


def selected_graphs(store: GraphStore, selection: Selection) -> list[NamedNode]:
    """Return the names of the graphs of a selection; raise UnknownName for an unknown graph."""
    names = store.graph_names()
    if selection.graph is not None:
        return [graph_named(names, selection.graph)]
    left_out = set() if selection.with_history else {ns.HISTORY_GRAPH}
    if not selection.with_ontology:
        left_out |= {ns.ONTOLOGY_GRAPH, ns.SHAPES_GRAPH}
    return [name for name in names if name not in left_out]


def graph_named(names: Sequence[NamedNode], source: str) -> NamedNode:
    """Return the graph for a source's id, or for a graph's CURIE or IRI; else raise UnknownName."""
    wanted = expand(source) or expand(f"<{ns.PREFIXES['graph']}{source}>")
    if wanted is None or wanted not in names:
        known = first_of([local_name(name.value) for name in names], _LISTED)
        raise UnknownName(f"No graph {excerpt(source)}.", hint=f"Graphs: {known}.")
    return wanted


def described_facts(store: GraphStore, facts: Iterable[NamedNode]) -> list[Quad]:
    """Return the description of each Fact as linked data has it; a quad can occur twice.

    A description has the Fact's own statements, its direct triple, its figure if there is
    one, its evidence with selectors, the sources of the evidence, and the types and
    labels of the entities that it mentions.
    """
    facts = list(facts)
    store.prefetch(facts, (ns.HAS_EVIDENCE,), (ns.HAS_SELECTOR, ns.HAS_SOURCE))
    described: set[NamedNode] = set()
    quads = [quad for fact in facts for quad in fact_and_evidence(store, fact, described)]
    return [*quads, *introductions(store, Selection(), quads)]


def fact_and_evidence(
    store: GraphStore, fact: NamedNode, described: set[NamedNode]
) -> Iterator[Quad]:
    """Yield the quads of a Fact, its direct triple, its figure, its evidence and its sources.

    A figure, evidence or source in ``described`` is left out; any other is added to it.
    """
    own = list(store.quads(fact, None, None))
    yield from own
    parts = {quad.predicate: quad.object for quad in own}
    subject, predicate = parts.get(ns.FACT_SUBJECT), parts.get(ns.FACT_PREDICATE)
    value = parts.get(ns.FACT_OBJECT)
    if (
        isinstance(subject, NamedNode)
        and isinstance(predicate, NamedNode)
        and isinstance(value, (NamedNode, BlankNode, Literal))
    ):
        yield from store.quads(subject, predicate, value)
    # The number of a figure is on a node of its own.
    if isinstance(value, NamedNode) and any(store.quads(value, A, ns.OBSERVATION)):
        yield from _once(store, value, described)
    for quad in own:
        if quad.predicate == ns.HAS_EVIDENCE and isinstance(quad.object, NamedNode):
            yield from evidence_and_source(store, quad.object, described)


def evidence_and_source(
    store: GraphStore, evidence: NamedNode, described: set[NamedNode]
) -> Iterator[Quad]:
    """Yield the quads of a piece of evidence, its selectors and its source.

    Nodes in ``described`` are not repeated; new ones are added to it.
    """
    for quad in _once(store, evidence, described):
        yield quad
        if quad.predicate in (ns.HAS_SELECTOR, ns.HAS_SOURCE) and isinstance(
            quad.object, NamedNode
        ):
            yield from _once(store, quad.object, described)


def _once(store: GraphStore, node: NamedNode, described: set[NamedNode]) -> Iterator[Quad]:
    if node not in described:
        described.add(node)
        yield from store.quads(node, None, None)


def introductions(store: GraphStore, selection: Selection, quads: Iterable[Quad]) -> list[Quad]:
    """Return types and labels of the entities that quads mention, in the graphs of a selection."""
    graphs = frozenset(selected_graphs(store, selection))
    mentioned = {
        node
        for quad in quads
        for node in (quad.subject, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(ns.PREFIXES["id"])
    }
    return [
        quad
        for node in mentioned
        for link in (A, LABEL)
        for quad in store.quads(node, link, None, None)
        if quad.graph_name in graphs
    ]
