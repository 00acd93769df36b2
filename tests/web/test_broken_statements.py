"""Pages of figures, facts and evidence whose statements are missing, doubled or of another kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg.namespaces import (
    BASE,
    FACT_OBJECT,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_OBSERVATION,
    HISTORY_GRAPH,
    entity,
    graph_name,
    term,
)
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.conftest import ARTICLE
from tests.web import asking
from tests.web.serving import patched, serving

ENTITIES: Final = ("corridor", "songjiang", "hangzhou")
PAGES: Final = (
    *("", "companies", "projects", "map", "timeline", "matrix", "graph", "articles", "ontology/"),
    *("search?q=g60", "ask?q=What+is+known+of+Kuka", "feed.atom", "sitemap.xml"),
    *("api/entities/songjiang", "id/songjiang.ttl", "api/search?q=g60", ".well-known/void"),
    *(f"queries/{name}" for name in load_catalog()),
)
#: Values that no property of a figure allows.
ODD: Final = (
    Literal("x"),
    Literal("x", language="en"),
    Literal("9" * 5_000, datatype=term("xsd:decimal")),
    Literal("NaN", datatype=term("xsd:decimal")),
    Literal("2023-02-31", datatype=term("xsd:date")),
    BlankNode("odd"),
    entity("odd"),
    NamedNode("urn:odd"),
    term("g60:Exactly"),
)


def broken(store: LocalStore, chance: random.Random) -> list[NamedNode]:
    """Break a random part of a store; return the nodes.

    These are figures of some entities, the facts that state them, their evidence, or any nodes.
    """
    figures = {one for name in ENTITIES for one in _objects(store, entity(name), HAS_OBSERVATION)}
    facts = {
        quad.subject
        for one in (*figures, *map(entity, ENTITIES))
        for part in (FACT_OBJECT, FACT_SUBJECT)
        for quad in store.quads(None, part, one)
        if isinstance(quad.subject, NamedNode)
    }
    evidence = {one for fact in facts for one in _objects(store, fact, HAS_EVIDENCE)}
    anything = {
        quad.subject
        for quad in store.quads()
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.graph_name, NamedNode)
        and quad.graph_name != HISTORY_GRAPH
    }
    kind = chance.choice((figures, facts, evidence, anything, anything))
    found = sorted(kind, key=lambda one: one.value)
    chosen = chance.sample(found, len(found) // chance.choice((2, 20, 100)))
    graph = graph_name("2400000001")
    removed: list[Quad] = []
    added: list[Quad] = []
    for node in chosen:
        # A change removes all statements with blank nodes of a graph, or none.
        quads = (
            one
            for one in store.quads(node)
            if isinstance(one.graph_name, NamedNode) and not isinstance(one.object, BlankNode)
        )
        stated = sorted(quads, key=str)
        for quad in chance.sample(stated, min(len(stated), chance.randint(1, 3))):
            other = chance.choice([*store.quads(None, quad.predicate, None)]).object
            value = chance.choice((None, other, chance.choice(ODD)))
            if value is None or chance.random() < 0.5:
                removed.append(quad)
            if value is not None:
                added.append(Quad(node, quad.predicate, value, graph))
    store.change(removed, added)
    return chosen


def _objects(store: LocalStore, of: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    for quad in store.quads(of, predicate, None):
        if isinstance(quad.object, NamedNode):
            yield quad.object


@pytest.mark.parametrize(
    "seed", [60, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(61, 71))]
)
def test_broken_statements_break_no_page(seed: int, own_store: Path, tmp_path: Path) -> None:
    chance = random.Random(seed)
    store = LocalStore.at(own_store, writable=True)
    nodes = broken(store, chance)
    store.close()
    some = chance.sample(nodes, min(10, len(nodes)))
    # Entities with more facts than that have another page.
    most = chance.choice((1, 10_000))
    script = patched(
        tmp_path, "from g60kg.web.views.pages import entity_pages", f"entity_pages.MOST = {most}"
    )
    paths = [f"id/{name}.html" for name in ENTITIES] + list(PAGES)
    paths += [
        node.value.removeprefix(BASE) + ".html" for node in some if node.value.startswith(BASE)
    ]
    options = ("--no-warm-up", "--workers", "2")
    store_option = ("--store", str(own_store))
    with serving(tmp_path / "log", *options, globals_=store_option, script=script) as server:
        urls = [
            f"{server.url}/{path}{'&' if '?' in path else '?'}lang={chance.choice(('en', 'zh'))}"
            for path in paths
        ]
        failed = [url for url in urls if asking.get(url).status_code >= 500]
    assert not failed, (tmp_path / "log").read_text(encoding="utf-8")


def test_a_broken_history_breaks_no_feed_and_no_command(own_store: Path, tmp_path: Path) -> None:
    options = ("--store", own_store)
    done = g60kg(*options, "retract", ARTICLE, "--reason", "x", "--yes")
    assert done.returncode == 0, done.stderr
    store = LocalStore.at(own_store, writable=True)
    (kept,) = store.quads(None, term("prov:value"), None, HISTORY_GRAPH)
    assert isinstance(kept.subject, NamedNode)
    (change,) = store.quads(None, term("prov:generated"), kept.subject, HISTORY_GRAPH)
    store.change([kept], [
        Quad(kept.subject, kept.predicate, Literal("no statements"), HISTORY_GRAPH),
        Quad(change.subject, term("prov:invalidated"), NamedNode("urn:odd"), HISTORY_GRAPH),
    ])  # fmt: skip
    store.close()
    assert g60kg(*options, "log").returncode == 0
    done = g60kg(*options, "retract", ARTICLE, "--reason", "x", "--yes")
    assert (done.returncode, done.stderr.partition(" is called")[0]) == (
        2,
        "error: No fact and no source",
    )
    with serving(tmp_path / "log", "--no-warm-up", globals_=("--store", str(own_store))) as server:
        assert asking.get(f"{server.url}/feed.atom").status_code == 200
