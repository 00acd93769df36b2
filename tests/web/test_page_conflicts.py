"""The page of an entity marks the values that the query ``conflicts`` has, without running it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg.namespaces import (
    COMPLETE_LIST,
    FACT_STATUS,
    FACT_SUBJECT,
    LABEL,
    POSSIBLY_SAME,
    A,
    entity,
    g60,
    graph_name,
)
from g60kg.stores.local_store import LocalStore
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.pages import entity_pages
from g60kg.web.views.pages.page_reader import PageReader
from tests.web.articles import source_says

FIRST, REPRINT, SECOND = "2400000001", "2400000002", "2400000003"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    open_graph._opened.clear()


def marks(node: NamedNode, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], list[str]]:
    """Return the conflicting values on the page of an entity, which no query finds."""
    with monkeypatch.context() as patched:
        patched.delattr(PageReader, "conflicting_values")
        view = entity_pages.resource_view("en", node.value)
    assert isinstance(view, entity_pages.EntityView)
    return {
        (group.predicate.text, one.value.iri or one.value.text): [
            rival.iri or rival.text for rival in one.conflicting
        ]
        for group in view.groups
        for one in group.statements
        if one.conflicting
    }


def answer(node: NamedNode) -> dict[tuple[str, str], list[str]]:
    """Return the same values, as the query gives them."""
    return {
        (prop.text, value.iri or value.text): [rival.iri or rival.text for rival in rivals]
        for (_, prop, value), (rivals, _) in PageReader("en").conflicting_values(node).items()
        if prop is not None and value is not None
    }


def _needs_query(node: NamedNode) -> bool:
    """Whether an entity has complete lists, or may be the same as another one."""
    store = open_graph.current().store
    facts = store.subjects(FACT_SUBJECT, node)
    listed = any(any(store.quads(fact, COMPLETE_LIST)) for fact in facts)
    alike = any(store.quads(node, POSSIBLY_SAME)) or any(store.quads(None, POSSIBLY_SAME, node))
    return listed or alike


@pytest.mark.usefixtures("shipped_graph")
def test_the_marks_of_shipped_entities_are_those_of_the_query(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_graph.open_for(Settings(memory_limit=0))
    rows = PageReader("en").answer("conflicts").rows
    about = {row["subject"].iri for row in rows if row["subject"]}
    nodes = map(NamedNode, filter(None, about))
    compared = [node for node in nodes if not _needs_query(node)]
    assert len(compared) > 1
    for node in compared:
        assert marks(node, monkeypatch) == answer(node) != {}


@pytest.mark.parametrize(
    ("source", "value", "status", "differs"),
    [
        (SECOND, "2016", None, True),
        (SECOND, "2014-05", None, False),
        (REPRINT, "2016", None, False),
        (FIRST, "2016", None, False),
        (SECOND, "2016", "Planned", False),
    ],
)
def test_a_value_has_to_be_an_actual_one_of_another_source(
    own_store: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    value: str,
    status: str | None,
    *,
    differs: bool,
) -> None:
    node, started = entity("new-programme"), g60("startedOn")
    second = source_says(source, Triple(node, started, Literal(value)))
    if status:
        (fact,) = (quad.subject for quad in second if quad.predicate == FACT_SUBJECT)
        second.append(Quad(fact, FACT_STATUS, g60(status), graph_name(source)))
    article, original = entity(f"article-{REPRINT}"), entity(f"article-{FIRST}")
    store = LocalStore.at(own_store, writable=True)
    store.extend(
        [
            Quad(node, A, g60("Programme"), graph_name(FIRST)),
            Quad(node, LABEL, Literal("New programme", language="en"), graph_name(FIRST)),
            *source_says(FIRST, Triple(node, started, Literal("2014"))),
            *second,
            Quad(article, g60("republishes"), original, graph_name(REPRINT)),
        ]
    )
    store.close()
    open_graph.open_for(Settings(store=own_store, memory_limit=0))
    found = marks(node, monkeypatch)
    assert found == answer(node)
    assert bool(found) == differs
