"""Writers exclude each other, and the history keeps what was retracted."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from g60kg.errors import EngineFailure
from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import read_incoming
from g60kg.gate.retraction import removal
from g60kg.gate.transactions import retract
from g60kg.model.history import history
from g60kg.namespaces import HISTORY_GRAPH, LABEL, PREFIXES, A, entity, g60, graph_name, term
from g60kg.queries.execution import run_select
from g60kg.stores import disk
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.conftest import ROOT, long_only
from tests.graphs import new_store

GRAPH = graph_name("2400000001")


def facts_in(store: LocalStore) -> int:
    return sum(1 for _ in store.quads(None, A, g60("Fact"), GRAPH))


def test_a_second_writer_waits_and_gets_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store"
    first = new_store(path, shipped=False)
    monkeypatch.setattr(disk, "WAIT", 0.2)
    with pytest.raises(EngineFailure, match="another process"):
        LocalStore.at(path, writable=True)
    assert facts_in(LocalStore.at(path)) == 0  # a reader is not kept out
    del first
    LocalStore.at(path, writable=True)


def test_a_store_open_for_reading_cannot_be_changed(own_store: Path) -> None:
    store = LocalStore.at(own_store)
    before = len(store)
    quad = Quad(entity("x"), LABEL, Literal("x", language="en"), GRAPH)
    for removed in ((), (quad,)):
        with pytest.raises(EngineFailure, match="could not be written"):
            store.change(removed, [quad])
    assert len(store) == before


def test_what_was_taken_back_is_kept_word_for_word(own_store: Path) -> None:
    store = LocalStore.at(own_store, writable=True)
    before = set(store.quads(None, None, None, graph_name("2307119874")))
    taken = removal(store, ["2307119874"])
    retract(store, taken, "a test")
    left = set(store.quads(None, None, None, graph_name("2307119874")))
    (entry,) = history(store)
    assert set(entry.quads) == set(taken.quads) == before - left
    assert len(entry.facts) == 285
    # What is left introduces what others mention, and nothing else.
    assert all(quad.predicate in (A, LABEL) for quad in left)


def test_history_stays_out_of_answers_whatever_is_said_of_its_properties() -> None:
    store = LocalStore.shipped()
    retract(store, removal(store, ["2307119874"]), "made up")
    wide = "SELECT ?s { ?property g60:requiresEvidence true . ?s ?property ?o FILTER ISIRI(?s) }"
    before = len(run_select(store, wide))
    said = Quad(
        NamedNode(PREFIXES["prov"] + "endedAtTime"), g60("requiresEvidence"), Literal(True), GRAPH
    )
    store.extend([said])
    assert len(run_select(store, wide)) == before


def stated(store: LocalStore) -> set[Quad]:
    return {quad for quad in store.quads() if quad.graph_name != HISTORY_GRAPH}


def with_uses(*sources: str) -> LocalStore:
    """The shipped graph, and one further source that uses an entity of each of some sources.

    The shipped sources use no entity of each other: those that several name are registered.
    """
    store, other = LocalStore.shipped(), graph_name("other")
    for source in sources:
        ids = PREFIXES["id"]
        own = min(
            quad.subject.value
            for quad in store.quads(None, A, None, graph_name(source))
            if isinstance(quad.subject, NamedNode)
            and quad.subject.value.startswith(ids)
            and not quad.subject.value.startswith((f"{ids}article-", f"{ids}observation-"))
        )
        store.extend([Quad(entity("corridor"), g60("associatedWith"), NamedNode(own), other)])
    return store


@pytest.mark.long
@pytest.mark.usefixtures("shipped_graph")
def test_a_retracted_source_is_added_again() -> None:
    """Other sources go on using an entity of it, which stays in its graph."""
    store = with_uses("2107202317")
    before = stated(store)
    file = ROOT / "instances" / "articles" / "2107202317.ttl"
    taken = removal(store, ["2107202317"])
    assert taken.kept
    retract(store, taken, "a test")
    report = validate(store, [file], texts={})
    assert [one.code for one in report.findings if one.severity is Severity.VIOLATION] == []
    store.extend(read_incoming(file, store).quads)
    assert stated(store) == before


@pytest.mark.long
@pytest.mark.usefixtures("shipped_graph")
@pytest.mark.parametrize(
    "names",
    [
        ["2107202317", "51job-songjiang"],
        ["2007152190", "2101123128"],
        *long_only(["51job-songjiang", "2107202317"], ["2101123128", "2007152190"]),
    ],
)
def test_the_last_retraction_takes_what_earlier_ones_left(names: list[str]) -> None:
    store = with_uses(names[0])
    everything, at_once = stated(store), removal(store, [*names, "other"])
    for name in (*names, "other"):
        retract(store, taken := removal(store, [name]), "a test")
        assert bool(taken.kept) is (name == names[0])
    assert stated(store) == everything - set(at_once.quads)


def test_statements_with_blank_nodes_are_removed(tmp_path: Path) -> None:
    """Other programs make them, and a data block of an update cannot name them."""
    store = new_store(tmp_path / "store", shipped=False)
    nodes = [BlankNode(), BlankNode()]
    label = Literal("x", language="en")
    quads = [Quad(node, LABEL, label, GRAPH) for node in nodes]
    quads += [Quad(entity("x"), term("rdfs:seeAlso"), node, GRAPH) for node in nodes]
    kept = Quad(entity("y"), LABEL, label, GRAPH)
    store.extend([*quads, kept])
    with pytest.raises(EngineFailure, match="only some of the blank nodes"):
        store.change(quads[1:], [])
    assert set(store.quads(graph=GRAPH)) == {*quads, kept}
    store.change(quads, [])
    assert set(store.quads(graph=GRAPH)) == {kept}
