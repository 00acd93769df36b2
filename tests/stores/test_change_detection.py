"""A watch over a store says what a look at all of its files would say."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from g60kg.stores import change_detection
from g60kg.stores.change_detection import FingerprintCache, fingerprint, written_at


def quads(number: int) -> list[Quad]:
    node = NamedNode(f"urn:n{number}")
    return [Quad(node, NamedNode("urn:p"), Literal(str(each)), node) for each in range(5)]


def settled(folder: Path) -> None:
    """The folder as if it had been written a while ago."""
    before = time.time_ns() - 10**9
    os.utime(folder, ns=(before, before))


def state_of(folder: Path, watch: FingerprintCache) -> str:
    """What the watch says, held to what all files say, once the engine has tidied up behind it."""
    for _ in range(100):
        before, state, after = fingerprint(folder), watch.state(), fingerprint(folder)
        if before == after:
            assert state == before
            return state
        time.sleep(0.01)
    raise AssertionError("the engine never comes to rest")


def test_every_write_is_seen_at_once(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    watch = FingerprintCache(tmp_path)
    states = {watch.state()}
    for number in range(12):
        settled(tmp_path)
        watch.state()
        if number % 3 == 0:
            store.bulk_extend(quads(number))
        else:
            store.extend(quads(number))
        store.flush()
        states.add(state_of(tmp_path, watch))
    assert len(states) == 13


def test_a_folder_put_in_its_place_is_seen(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made = Store(str(tmp_path / name))
        made.extend(quads(1))
        made.flush()
        del made
        settled(tmp_path / name)
    watch = FingerprintCache(tmp_path / "one")
    watch.state()
    (tmp_path / "one").rename(tmp_path / "gone")
    with pytest.raises(OSError, match="one"):
        watch.state()
    (tmp_path / "two").rename(tmp_path / "one")
    assert watch.state() == fingerprint(tmp_path / "one")


def test_a_quiet_store_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(tmp_path))
    store.extend(quads(1))
    settled(tmp_path)
    watch = FingerprintCache(tmp_path)
    before = watch.state()
    reads: list[Path] = []

    def read(folder: Path) -> str:
        reads.append(folder)
        return "read"

    monkeypatch.setattr(change_detection, "fingerprint", read)
    assert [watch.state() for _ in range(3)] == [before] * 3
    assert reads == []
    store.extend(quads(2))
    assert watch.state() == "read"


def test_a_file_that_goes_while_it_is_looked_at_is_passed_over(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.extend(quads(1))
    store.flush()
    before = fingerprint(tmp_path)
    # A name whose file is gone, as a look in the middle of a writer's work finds it.
    (tmp_path / "999999.sst").symlink_to(tmp_path / "gone")
    assert fingerprint(tmp_path) == before
    assert written_at(tmp_path) > 0
