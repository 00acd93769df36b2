"""A store has another fingerprint after each change, also if names and sizes of files are equal."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from g60kg.stores.change_detection import FingerprintCache, fingerprint, written_at
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg

NODE = NamedNode("https://w3id.org/g60kg/id/one")


def quad(number: int) -> Quad:
    return Quad(NODE, NamedNode("https://w3id.org/g60kg/p"), Literal(str(number)), NODE)


def test_each_add_and_retract_changes_the_fingerprint(own_store: Path) -> None:
    assert_each_change_is_noticed([0, 1, 0, 0], own_store)


@pytest.mark.long
@settings(max_examples=15)
@given(steps=st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_any_adds_and_retractions_change_the_fingerprint(
    steps: list[int], loaded: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = shutil.copytree(loaded, tmp_path_factory.mktemp("changes") / "store")
    assert_each_change_is_noticed(steps, folder)
    shutil.rmtree(folder)


def assert_each_change_is_noticed(steps: list[int], folder: Path) -> None:
    """Add or retract the quad of each number, of which the store has none before."""
    watch, held = FingerprintCache(folder), set[int]()
    seen = {watch.state(), fingerprint(folder)}
    assert len(seen) == 1
    for number in steps:
        store = LocalStore.at(folder, writable=True)
        if number in held:
            store.change([quad(number)], ())
        else:
            store.change((), [quad(number)])
        held ^= {number}
        store.close()
        assert watch.state() not in seen
        assert watch.state() == fingerprint(folder)
        seen.add(watch.state())


def test_a_store_made_again_with_as_many_bytes_has_another_fingerprint(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    sizes, found = [], []
    for number in (1, 2):
        shutil.rmtree(folder, ignore_errors=True)
        store = Store(str(folder))
        store.extend([quad(number)])
        del store
        sizes.append({one.name: one.stat().st_size for one in folder.glob("[0-9M]*")})
        found.append(fingerprint(folder))
    assert sizes[0] == sizes[1]
    assert found[0] != found[1]


def test_a_command_that_changes_nothing_leaves_the_fingerprint(
    own_store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "refused.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    watch = FingerprintCache(own_store)
    before, written = watch.state(), written_at(own_store)
    for arguments, code in (
        (["backup", str(tmp_path / "copy")], 0),
        (["add", str(file), "--yes"], 1),
        (["retract", "id:nothing", "--reason", "x", "--yes"], 2),
    ):
        done = g60kg("--store", own_store, *arguments)
        assert done.returncode == code, done.stderr
        assert (watch.state(), written_at(own_store)) == (before, written), arguments


def test_a_log_counts_until_its_content_is_in_a_table(tmp_path: Path) -> None:
    table, log, empty = (tmp_path / name for name in ("1.sst", "2.log", "3.log"))
    table.write_bytes(b"table")
    before = fingerprint(tmp_path)
    log.write_bytes(b"log")
    empty.touch()
    os.utime(log, ns=(0, table.stat().st_mtime_ns))
    assert fingerprint(tmp_path) != before
    # The engine removes such a log at the next opening for writing.
    os.utime(log, ns=(0, table.stat().st_mtime_ns - 1))
    assert fingerprint(tmp_path) == before
