"""Pages of figures, facts and evidence whose statements are missing, doubled or of another kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg.namespaces import (
    FACT_OBJECT,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_OBSERVATION,
    entity,
    graph_name,
    term,
)
from g60kg.stores.local_store import LocalStore
from tests.web import asking
from tests.web.serving import patched, serving

ENTITIES: Final = ("corridor", "songjiang", "hangzhou")
PAGES: Final = ("", "map", "timeline", "queries/quantities", "queries/conflicts", "queries/compare")
#: Values that no property of a figure allows.
ODD: Final = (
    Literal("x"),
    Literal("x", language="en"),
    Literal("9" * 5_000, datatype=term("xsd:decimal")),
    Literal("NaN", datatype=term("xsd:decimal")),
    Literal("2023-02-31", datatype=term("xsd:date")),
    BlankNode("odd"),
    entity("odd"),
    term("g60:Exactly"),
)


def broken(store: LocalStore, chance: random.Random) -> list[NamedNode]:
    """Break a random part of what is known of some entities; return the nodes.

    These are figures, the facts that state them, and their evidence.
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
    kind = chance.choice((figures, figures, facts, evidence, figures | facts | evidence))
    found = sorted(kind, key=lambda one: one.value)
    chosen = chance.sample(found, len(found) // chance.choice((2, 4, 20)))
    graph = graph_name("2400000001")
    removed: list[Quad] = []
    added: list[Quad] = []
    for figure in chosen:
        stated = sorted(store.quads(figure), key=str)
        for quad in chance.sample(stated, min(len(stated), chance.randint(1, 3))):
            other = chance.choice([*store.quads(None, quad.predicate, None)]).object
            value = chance.choice((None, other, chance.choice(ODD)))
            if value is None or chance.random() < 0.5:
                removed.append(quad)
            if value is not None:
                added.append(Quad(figure, quad.predicate, value, graph))
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
    paths += [node.value.removeprefix("https://w3id.org/g60kg/") + ".html" for node in some]
    options = ("--no-warm-up", "--workers", "2")
    store_option = ("--store", str(own_store))
    with serving(tmp_path / "log", *options, globals_=store_option, script=script) as server:
        failed = {
            path: answer.status_code
            for path in paths
            for lang in ("en", "zh")
            if (answer := asking.get(f"{server.url}/{path}", params={"lang": lang})).status_code
            != 200
        }
    assert not failed, (tmp_path / "log").read_text(encoding="utf-8")
