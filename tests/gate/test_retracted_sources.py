"""What other sources mention is still described when sources are retracted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from g60kg.gate.retraction import removal
from g60kg.namespaces import (
    FACT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_STATUS,
    FACT_SUBJECT,
    HAS_OBSERVATION,
    LABEL,
    OBSERVATION,
    PREFIXES,
    RESERVED_GRAPHS,
    A,
    g60,
    graph_name,
    local_name,
)
from g60kg.stores.local_store import LocalStore

OWN = tuple(PREFIXES[name] for name in ("id", "fact", "quote", "measure"))
#: A reprint goes on naming its original; `retract` reports it as RepublishesAnother.
REPUBLISHES = g60("republishes")


def undescribed(store: LocalStore, gone: set[Quad]) -> set[str]:
    """The nodes of removed statements that others mention and that are not described any more."""
    found = set()

    def left(node: NamedNode, *, mentions: bool) -> list[Quad]:
        quads = store.quads(None, None, node) if mentions else store.quads(node)
        return [q for q in quads if q not in gone and q.graph_name not in RESERVED_GRAPHS]

    nodes = {node for quad in gone for node in (quad.subject, quad.object)}
    for node in nodes:
        if not isinstance(node, NamedNode) or not node.value.startswith(OWN):
            continue
        own = left(node, mentions=False)
        mentions = [q for q in left(node, mentions=True) if q.predicate != REPUBLISHES]
        if not own and not mentions:
            continue
        types = {quad.object for quad in own if quad.predicate == A}
        named = any(
            isinstance(q.object, Literal) and q.object.language == "en"
            for q in own
            if q.predicate == LABEL
        )
        is_complete = named or not any(store.quads(node, LABEL, None))
        if OBSERVATION in types:
            is_complete = any(quad.predicate == g60("numericValue") for quad in own)
        if not types or not is_complete:
            found.add(node.value)
    return found


@pytest.mark.long
@given(st.data())
def test_nothing_is_left_without_its_description(
    all_sources: LocalStore, data: st.DataObject
) -> None:
    store = all_sources
    names = sorted(local_name(graph.value) for graph in store.source_graphs())
    two = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    for targets in (two, [*two, "reference"], [*two, "measures"]):
        assert undescribed(store, set(removal(store, targets).quads)) == set()


FIGURE = NamedNode(f"{PREFIXES['id']}observation-corridor-member-city-count-a0f0bf6f0b18")


def test_a_figure_that_a_loaded_file_borrows_keeps_its_value() -> None:
    """`load` does not check its files; `add` refuses a figure without its parts."""
    store = LocalStore.shipped()
    (source,) = {quad.graph_name for quad in store.quads(FIGURE)}
    assert isinstance(source, NamedNode)
    corridor = NamedNode(f"{PREFIXES['id']}corridor")
    parts = [quad.triple for quad in store.quads(FIGURE)]

    def left(*described: Quad) -> set[Quad]:
        borrowed = Quad(corridor, HAS_OBSERVATION, FIGURE, graph_name("loaded"))
        loaded = LocalStore.holding((*store.quads(), borrowed, *described), "a test")
        gone = removal(loaded, [local_name(source.value)]).quads
        return set(loaded.quads(FIGURE)) - set(gone)

    assert left() == set(store.quads(FIGURE))
    typed = Quad(FIGURE, A, OBSERVATION, graph_name("loaded"))
    assert left(typed) == {typed, *store.quads(FIGURE)}
    copy = {Quad(one.subject, one.predicate, one.object, graph_name("loaded")) for one in parts}
    assert left(*copy) == copy


@pytest.mark.parametrize("status", [None, g60("Past"), g60("Planned")])
def test_a_statement_goes_with_its_last_actual_fact(status: NamedNode | None) -> None:
    """A fact of the same statement that says that it was, or will be, does not support it."""
    store = LocalStore.shipped()
    fact, other = (NamedNode(f"{PREFIXES['fact']}2307119874-{end}") for end in ("a" * 12, "b" * 12))
    stated = (NamedNode(f"{PREFIXES['id']}hangzhou"), g60("locatedIn"), g60("Jinhua"))
    graph = graph_name("2307119874")
    parts = (A, FACT_SUBJECT, FACT_PREDICATE, FACT_OBJECT)
    quads = [
        Quad(node, part, value, graph)
        for node in (fact, other)
        for part, value in zip(parts, (FACT, *stated), strict=True)
    ]
    if status is not None:
        quads.append(Quad(other, FACT_STATUS, status, graph))
    direct = Quad(*stated, graph)
    loaded = LocalStore.holding((*store.quads(), *quads, direct), "a test")
    assert (direct in removal(loaded, [fact.value]).quads) == (status is not None)
    assert direct in removal(loaded, [fact.value, other.value]).quads
