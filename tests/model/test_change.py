"""Change: quads and triples that are added and removed, and the graph afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg.model import change as change_module
from g60kg.model.change import Change, Stored
from g60kg.namespaces import HISTORY_GRAPH, entity, g60, graph_name, term
from g60kg.stores.local_store import LocalStore
from tests.graphs import new_store

ONE, TWO = graph_name("one"), graph_name("two")


def quad(graph: NamedNode, number: str = "3.5") -> Quad:
    return Quad(entity("x"), g60("length"), Literal(number, datatype=term("xsd:decimal")), graph)


def store(*quads: Quad) -> LocalStore:
    return LocalStore.holding(quads, "a test")


def test_a_known_number_in_another_spelling_is_not_added() -> None:
    before = store(quad(ONE))
    change = Change.of(before, [quad(ONE, "3.50")])
    assert list(change.stated.quads()) == [quad(ONE)]
    assert list(change.added.quads()) == []
    assert change.after is before


def test_a_triple_of_another_source_is_an_added_quad_and_no_added_triple() -> None:
    change = Change.of(store(quad(ONE)), [quad(TWO)])
    assert list(change.added.quads()) == [quad(TWO)]
    assert change.added_triples == ()
    assert set(change.after.quads()) == {quad(ONE), quad(TWO)}


def test_a_triple_of_a_hidden_graph_is_an_added_triple() -> None:
    change = Change.of(store(quad(HISTORY_GRAPH)), [quad(ONE)])
    assert change.added_triples == (quad(ONE).triple,)


def test_a_triple_is_removed_with_its_last_quad() -> None:
    before = store(quad(ONE), quad(TWO), quad(HISTORY_GRAPH))
    first = Change.of(before, removed=[quad(ONE)])
    assert (first.removed, first.removed_triples) == (frozenset({quad(ONE)}), ())
    assert quad(ONE) not in set(first.after.quads())
    assert first.after.objects(entity("x"), g60("length")) == {quad(ONE).object}
    both = Change.of(before, removed=[quad(ONE), quad(TWO)])
    assert both.removed_triples == (quad(ONE).triple,)


def test_triples_of_many_graphs_are_read_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_module, "MANY", 4)
    graphs = [graph_name(f"article-{number}") for number in range(40)]
    several = [quad(graph, number) for graph in graphs for number in ("1.5", "2.5")]
    stored = Stored(store(*several, quad(HISTORY_GRAPH, "3.5")))
    found = list(stored.match(entity("x"), g60("length"), None))
    assert sorted(map(str, found)) == sorted({str(one.triple) for one in several})
    value = several[0].object
    assert not isinstance(value, Triple)
    assert list(stored.match(entity("x"), g60("length"), value)) == [several[0].triple]


def test_a_large_change_reads_a_store_on_disk_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk = new_store(tmp_path / "store", shipped=False)
    on_disk.extend([quad(ONE), quad(TWO)])
    assert Change.of(on_disk, [quad(ONE, "4.5")]).before is on_disk
    monkeypatch.setattr(change_module, "LARGE", 1)
    change = Change.of(on_disk, [quad(ONE, "4.5")])
    monkeypatch.setattr(on_disk, "quads", None)
    assert set(change.before.quads()) == {quad(ONE), quad(TWO)}
    assert set(change.after.quads()) == {quad(ONE), quad(TWO), quad(ONE, "4.5")}
    assert change.before.location == on_disk.location
    monkeypatch.undo()
    monkeypatch.setattr(change_module, "LARGE", 1)
    monkeypatch.setattr(change_module, "IN_PROPORTION", 1)
    assert Change.of(on_disk, [quad(ONE, "4.5")]).before is on_disk


def test_a_quad_that_is_removed_and_added_is_unchanged() -> None:
    change = Change.of(store(quad(ONE)), [quad(ONE)], [quad(ONE)])
    assert (len(change.added), change.removed, change.removed_triples) == (0, frozenset(), ())
