"""The objects of a subject and a predicate are each given once, by whatever store is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from g60kg.namespaces import LABEL, entity, graph_name
from g60kg.stores.base import Term
from g60kg.stores.local_store import FEW, LocalStore
from g60kg.stores.overlay import Overlay
from tests.graphs import new_store

HUB, SELDOM, UNNAMED = entity("hub"), entity("seldom"), entity("unnamed")
#: An IRI that no query's text could hold as it is; only a lenient parser lets it through.
(_odd,) = parse(
    "<https://example.org/a b{}> <urn:p> <urn:o> .", format=RdfFormat.N_TRIPLES, lenient=True
)
ODD = _odd.subject
assert isinstance(ODD, NamedNode)
NAMES: set[Term] = {
    Literal("hub", language="en"),
    Literal("枢纽", language="zh"),
    BlankNode("b"),
    ODD,
}


def quads() -> list[Quad]:
    """Each name of a hub in more graphs than are read one by one; one name of something else."""
    found = [
        Quad(subject, LABEL, name, graph_name(f"source-{number}"))
        for number in range(FEW + 1)
        for subject in (HUB, ODD)
        for name in NAMES
    ]
    return [*found, Quad(SELDOM, LABEL, Literal("seldom"), graph_name("source-1"))]


@pytest.mark.parametrize("subject", [HUB, ODD])
def test_a_hub_s_objects_come_once(subject: NamedNode) -> None:
    assert LocalStore.holding(quads(), "a test").objects(subject, LABEL) == NAMES


@pytest.mark.parametrize("copies", range(1, FEW + 3))
def test_as_many_are_found_whatever_their_number(copies: int) -> None:
    names = {Literal(str(number)) for number in range(copies)}
    made = [Quad(HUB, LABEL, name, graph_name("one")) for name in names]
    assert LocalStore.holding(made, "a test").objects(HUB, LABEL) == names


def test_what_is_said_seldom_or_never(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", shipped=False)
    store.extend(quads())
    assert store.objects(SELDOM, LABEL) == {Literal("seldom")}
    assert store.objects(UNNAMED, LABEL) == set()
    assert store.objects(HUB, LABEL) == NAMES


def test_what_is_laid_over_a_store_counts_as_well() -> None:
    more = Quad(HUB, LABEL, Literal("moyeu", language="fr"), graph_name("new"))
    over = Overlay(
        LocalStore.holding(quads(), "a test"), LocalStore.holding([more, quads()[0]], "added")
    )
    assert over.objects(HUB, LABEL) == {*NAMES, more.object}
    assert over.objects(SELDOM, LABEL) == {Literal("seldom")}
