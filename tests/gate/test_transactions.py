"""A store holds all of an addition or nothing of it, whenever its writer is killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from g60kg.errors import EngineFailure
from g60kg.gate.retraction import removal
from g60kg.gate.transactions import retract
from g60kg.model.history import history
from g60kg.namespaces import LABEL, PREFIXES, A, entity, g60, graph_name
from g60kg.queries.execution import run_select
from g60kg.stores import disk
from g60kg.stores.local_store import LocalStore
from tests.conftest import ROOT

KILLS = 50
FACTS = 200
GRAPH = graph_name("2400000001")


def many_facts(path: Path, round_: int) -> Path:
    """A file of facts, other ones each round; whether they are true is not the matter here."""
    lines = []
    for number in range(FACTS):
        name = f"2400000001-{round_:04x}{number:08x}"
        lines.append(
            f"fact:{name} a g60:Fact ; g60:factSubject id:x{round_} ;"
            f' g60:factPredicate g60:describedAs ; g60:factObject "{number}" .'
        )
    prefixes = "".join(
        f"@prefix {name}: <https://w3id.org/g60kg/{folder}/> .\n"
        for name, folder in (("fact", "fact"), ("g60", "ontology"), ("id", "id"))
    )
    path.write_text(prefixes + "\n".join(lines), encoding="utf-8")
    return path


def facts_in(store: LocalStore) -> int:
    return sum(1 for _ in store.quads(None, A, g60("Fact"), GRAPH))


WRITER = """
import sys
from pathlib import Path
from g60kg.gate.transactions import add, addition
from g60kg.gate.fact_validation import Validation
from g60kg.stores.local_store import LocalStore
print("ready", flush=True)
store = LocalStore.at(sys.argv[1], writable=True)
read = Validation(store, [Path(sys.argv[2])])
add(store, addition(read.change, read.incoming))
print("done", flush=True)
"""


def start_writer(path: Path, file: Path) -> subprocess.Popen[str]:
    """A process that is about to add a file to a store."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    return writer


@pytest.mark.long
def test_a_killed_writer_leaves_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store"
    LocalStore.create(path, shipped=False)
    file = many_facts(tmp_path / "facts.ttl", 0)
    chance = random.Random(60)
    longest = whole = nothing = 0.0
    rounds = 0
    while rounds < KILLS:
        many_facts(file, rounds)
        before = facts_in(LocalStore.at(path))
        entries = len(history(LocalStore.at(path)))
        started = time.monotonic()
        with start_writer(path, file) as writer:
            if rounds == 0:  # how long a whole run takes
                writer.wait(timeout=60)
                longest = time.monotonic() - started
            else:
                time.sleep(chance.uniform(0, longest))
                writer.kill()
        rounds += 1
        store = LocalStore.at(path)
        gained = facts_in(store) - before
        assert gained in (0, FACTS)
        # The history is part of the same transaction.
        assert len(history(store)) - entries == (1 if gained else 0)
        whole += gained > 0
        nothing += gained == 0
    assert whole
    assert nothing, "no kill came early enough to show anything"


def test_a_second_writer_waits_and_gets_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store"
    first = LocalStore.create(path, shipped=False)
    monkeypatch.setattr(disk, "WAIT", 0.2)
    with pytest.raises(EngineFailure, match="another process"):
        LocalStore.at(path, writable=True)
    assert facts_in(LocalStore.at(path)) == 0  # a reader is not kept out
    del first
    LocalStore.at(path, writable=True)


def test_a_store_open_for_reading_cannot_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "store"
    before = len(LocalStore.create(path))
    store = LocalStore.at(path)
    quad = Quad(entity("x"), LABEL, Literal("x", language="en"), GRAPH)
    for removed in ((), (quad,)):
        with pytest.raises(EngineFailure, match="could not be written"):
            store.change(removed, [quad])
    assert len(store) == before


def test_what_was_taken_back_is_kept_word_for_word(tmp_path: Path) -> None:
    store = LocalStore.create(tmp_path / "store")
    before = set(store.quads(None, None, None, graph_name("2307119874")))
    taken = removal(store, ["2307119874"])
    retract(store, taken, "a test")
    left = set(store.quads(None, None, None, graph_name("2307119874")))
    (entry,) = history(store)
    assert set(entry.quads) == set(taken.quads) == before - left
    assert len(entry.facts) == 283
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
