"""A store holds all of a change or nothing of it, whenever its writer is killed.

``python -m tests.gate.test_killed_add 100 1000 60`` kills `add` 100 times, and 1,000 processes that
only write, with the seed 60.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pyoxigraph import Quad

from g60kg.model.history import history
from g60kg.namespaces import HISTORY_GRAPH
from g60kg.stores.local_store import LocalStore
from tests.cli.fork_server import LIMIT
from tests.cli.run import g60kg
from tests.graphs import new_store

KILLS = 40
KILLED_WRITES = 100
SEED = 60
FACTS = 60
#: The outcome of a process that ended before its kill, which is no kill.
ENDED = "ended before the kill"


def many_facts(folder: Path, source: str = "2400000001") -> Path:
    """Return a new file of the facts of a source, which `add` accepts."""
    sheet, text, facts = (folder / name for name in ("facts.csv", "article.txt", "facts.ttl"))
    names = [f"Example Optics {source} {number}" for number in range(FACTS)]
    quotes = [f"{name} has moved to Huzhou" for name in names]
    text.write_text(". ".join(quotes), encoding="utf-8")
    lines = [
        f"# url: https://example.org/news/{source}",
        "# title: Lens makers",
        "# date: 2024-05-06",
    ]
    lines += ["# publisher: Example News", "# language: en", "subject,predicate,object,quote"]
    for name, quote in zip(names, quotes, strict=True):
        lines += [f"{name},a,Enterprise,", f"{name},locatedIn,Huzhou,{quote}"]
    sheet.write_text("\n".join(lines), encoding="utf-8")
    done = g60kg("draft", sheet, "--article", text, "-o", facts)
    assert done.returncode == 0, done.stderr
    return facts


def content(path: Path) -> tuple[set[Quad], int]:
    """Return the quads of a store without its history, and the number of changes in the history."""
    store = LocalStore.at(path)
    quads = {quad for quad in store.quads() if quad.graph_name != HISTORY_GRAPH}
    return quads, len(history(store))


def kill_adds(kills: int, seed: int, folder: Path) -> Counter[str]:
    """Kill `add` at moments spread over its duration; count what each of them left."""
    empty, store = folder / "empty", folder / "store"
    new_store(empty)
    command = ("--store", store, "add", many_facts(folder), "--yes")
    before = content(empty)
    shutil.copytree(empty, store)
    started = time.monotonic()
    done = g60kg(*command)
    duration = time.monotonic() - started
    assert done.returncode == 0, done.stderr
    after = content(store)
    assert len(after[0]) > len(before[0])
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    while (number := outcomes.total()) - outcomes[ENDED] < kills:
        shutil.rmtree(store)
        shutil.copytree(empty, store)
        # Some moments are later than the end, because `add` does not always take as long.
        moment = chance.uniform(0.001, 1.2 * duration)
        done = g60kg(*command, seconds=moment)
        assert done.returncode in (0, -signal.SIGALRM), done.stderr
        left = content(store)
        assert left in (before, after), f"run {number} of seed {seed} after {moment:.4f} s"
        if done.returncode == 0:
            outcomes[ENDED] += 1
        else:
            outcomes[
                "killed after the commit" if left == after else "killed before the commit"
            ] += 1
        assert left == after or done.returncode
        done = g60kg(*command)
        assert done.returncode == 0, done.stderr
        assert content(store)[0] == after[0]
    return outcomes


def write(store: Path, removed: Collection[Quad], added: Collection[Quad], moment: float) -> None:
    """Change a store, in a process that is killed after that many seconds."""
    opened = LocalStore.at(store, writable=True)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, moment)
    opened.change(removed, added)
    opened.close()


def written(*arguments: object) -> int:
    """Run `write` in a process of its own; return its exit code."""
    # A fork of a process that has opened a store lacks the threads of the engine.
    writer = multiprocessing.get_context("forkserver").Process(target=write, args=arguments)
    writer.start()
    writer.join(LIMIT)
    assert writer.exitcode is not None
    return writer.exitcode


def kill_writes(kills: int, seed: int, folder: Path) -> Counter[str]:
    """Kill writers that add and remove the same quads in turn; count what each of them left."""
    store = folder / "store"
    new_store(store).close()
    before = content(store)[0]
    done = g60kg("--store", store, "add", many_facts(folder), "--yes")
    assert done.returncode == 0, done.stderr
    after = content(store)[0]
    started = time.monotonic()
    assert written(store, after - before, (), LIMIT) == 0
    duration = time.monotonic() - started
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    present, fresh = before, after
    while (number := outcomes.total()) - outcomes[ENDED] < kills:
        # The change takes a small part of the time of its process.
        moment = 0.0001 + duration * chance.random() ** 4
        status = written(store, present - fresh, fresh - present, moment)
        assert status in (0, -signal.SIGALRM)
        left = content(store)[0]
        assert left in (present, fresh), f"run {number} of seed {seed} after {moment:.4f} s"
        assert left == fresh or status
        committed = "after" if left == fresh else "before"
        outcomes[f"killed {committed} the commit" if status else ENDED] += 1
        if left == fresh:
            present, fresh = fresh, present
    return outcomes


@pytest.mark.long
def test_a_killed_add_leaves_all_or_nothing(tmp_path: Path) -> None:
    outcomes = kill_adds(KILLS, SEED, tmp_path)
    assert outcomes["killed before the commit"]


@pytest.mark.long
def test_a_killed_write_leaves_all_or_nothing(tmp_path: Path) -> None:
    outcomes = kill_writes(KILLED_WRITES, SEED, tmp_path)
    assert outcomes["killed before the commit"]
    assert outcomes["killed after the commit"]


if __name__ == "__main__":
    adds, writes, chosen_seed = map(int, sys.argv[1:])
    for run, kill_count in ((kill_adds, adds), (kill_writes, writes)):
        with TemporaryDirectory() as name:
            for outcome, count in run(kill_count, chosen_seed, Path(name)).items():
                print(f"{count:5} {outcome}")
