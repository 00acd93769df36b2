"""A server, its readers and a writer under a mixed load, with processes killed at random.

``python -m tests.web.test_mixed_load 4 60`` runs it on all sources for 4 minutes with the seed 60.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import pytest
from mcp import Client

from g60kg.model.history import history
from g60kg.namespaces import A, g60, graph_name
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.gate.test_killed_add import FACTS, many_facts
from tests.graphs import new_store
from tests.mcp.clients import answer_in
from tests.web.serving import Server, serving
from tests.web.test_running import PROC, alive, below, children_of, on_linux, wait_until_gone

MINUTES = 0.5
SEED = 60
READERS: Final = 3
#: Seconds after a kill in which a request may fail.
GRACE: Final = 5.0
#: The largest size of a file on a full disk, in blocks of 512 bytes.
BLOCKS: Final = 16
COUNT: Final = (
    "SELECT (COUNT(?fact) AS ?facts) WHERE { GRAPH <%s> { ?fact a <" + g60("Fact").value + "> } }"
)
PATHS: Final = (
    "/", "/?lang=zh", "/id/tencent", "/id/songjiang.ttl", "/search?q=optics",
    "/api/queries/enterprises.json", "/api/queries/member-cities", "/queries/zones", "/health",
    "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+a+%3Fclass+%7D+LIMIT+50",
)  # fmt: skip


@dataclass
class Load:
    """What has been done to a store and its server.

    Attributes:
        present: the sources in the store.
        changes: kind and source of each change that was made, in order.
        outcomes: the number of each outcome of a request, a command or a kill.
        wrong: what must not happen.
        killed: when the last server process or worker was killed.
    """

    store: Path
    server: Server
    chance: random.Random
    end: float
    present: set[str] = field(default_factory=set)
    changes: list[tuple[str, str]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    killed: float = 0.0

    @property
    def running(self) -> bool:
        return time.monotonic() < self.end

    def failed(self, what: str, since: float) -> None:
        """Record a failed request; it is wrong unless a process was killed meanwhile."""
        if self.killed > since - GRACE:
            self.outcomes["requests failed by a kill"] += 1
        else:
            self.wrong.append(what)


def facts_in(store: Path, source: str) -> int:
    quads = LocalStore.at(store).quads(None, A, g60("Fact"), graph_name(source))
    return sum(1 for _ in quads)


def read(load: Load, chance: random.Random) -> None:
    """Request pages, data and queries until the end."""
    while load.running:
        path, started = chance.choice(PATHS), time.monotonic()
        try:
            status = httpx.get(
                load.server.url + path, timeout=60, trust_env=False, follow_redirects=True
            ).status_code
        except httpx.HTTPError as error:
            load.failed(f"{path}: {error!r}", started)
            continue
        load.outcomes["requests over HTTP"] += 1
        if status == 503:
            load.failed(f"{path}: {status}", started)
        elif status != 200:
            load.wrong.append(f"{path}: {status}")


def read_over_mcp(load: Load) -> None:
    """Call tools until the end, with a connection of its own for each call."""

    async def call() -> None:
        async with Client(f"{load.server.url}/mcp") as client:
            result = await client.call_tool("describe", {"entity": "腾讯"})
            assert answer_in(result)["data"]["id"] == "id:tencent"

    while load.running:
        started = time.monotonic()
        try:
            asyncio.run(asyncio.wait_for(call(), 60))
            load.outcomes["calls over MCP"] += 1
        except Exception as error:  # the client wraps errors of HTTP in groups
            load.failed(f"MCP: {error!r}", started)


def write(load: Load, folder: Path) -> None:
    """Add and retract sources until the end; kill some of the commands, give one no space."""
    number = 0
    while load.running:
        number += 1
        full = number == 3
        adding = full or not load.present or load.chance.random() < 0.6
        words: tuple[str | Path, ...]
        if adding:
            source = f"24{number:08d}"
            words = ("add", many_facts(folder, source), "--yes")
        else:
            source = load.chance.choice(sorted(load.present))
            words = ("retract", source, "--reason", "a test", "--yes")
        seconds = load.chance.uniform(0.05, 3) if load.chance.random() < 0.4 else 120
        under = ("sh", "-c", f'ulimit -f {BLOCKS}; exec "$@"', "sh") if full else ()
        done = g60kg("--store", load.store, *words, seconds=seconds, under=under)
        record(load, words[0], source, done.returncode, done.stderr, full=full)


def record(load: Load, kind: str, source: str, code: int, said: str, *, full: bool) -> None:
    """Compare the store with the outcome of a command."""
    before, after = (0, FACTS) if kind == "add" else (FACTS, 0)
    left = facts_in(load.store, source)
    ends = {0: "succeeded", 3: "failed", -signal.SIGALRM: "killed"}
    outcome = "without space" if full else ends.get(code, str(code))
    made = "changed" if left == after else "unchanged"
    load.outcomes[f"{kind} {outcome}, {made}"] += 1
    if full and (code != 3 or made == "changed"):
        load.wrong.append(f"{kind} without space: {code}, {left} facts, {said}")
    elif left not in (before, after) or code not in ends or (code == 0 and left != after):
        load.wrong.append(f"{kind} {source}: {code}, {left} facts, {said}")
    if left == after:
        load.changes.append(("added" if kind == "add" else "retracted", source))
        (load.present.add if kind == "add" else load.present.discard)(source)


def kill(load: Load) -> None:
    """Kill a worker or a server process now and then."""
    chance = random.Random(load.chance.random())
    while load.running:
        time.sleep(chance.uniform(8, 20))
        servers = set(filter(is_victim, children_of(load.server.process.pid)))
        workers = set(filter(is_victim, below(load.server.process.pid) - servers))
        name, among = ("server process", servers) if chance.random() < 0.25 else ("worker", workers)
        if among:
            load.killed = time.monotonic()
            with suppress(ProcessLookupError):
                os.kill(chance.choice(sorted(among)), signal.SIGKILL)
                load.outcomes[f"kills of a {name}"] += 1
            load.killed = time.monotonic()


def is_victim(process: int) -> bool:
    """Return whether a process runs this project's code, unlike the resource tracker of Python."""
    try:
        return b"resource_tracker" not in (PROC / str(process) / "cmdline").read_bytes()
    except OSError:
        return False


def files_and_memory(server: Server) -> dict[int, tuple[list[str], int]]:
    """Return the open files and the kilobytes of memory of each process."""
    found = {}
    for process in {server.process.pid, *below(server.process.pid)}:
        with suppress(OSError, IndexError):  # it has ended, also as a zombie
            status = (PROC / str(process) / "status").read_text()
            memory = int(status.partition("VmRSS:")[2].split()[0])
            files = [os.path.realpath(file) for file in (PROC / str(process) / "fd").iterdir()]
            found[process] = files, memory
    return found


@contextmanager
def temporary_folder(folder: Path) -> Iterator[None]:
    """Let temporary files be made in a folder, which must be empty again at the end."""
    folder.mkdir()
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("TMPDIR")
        if before is not None:
            os.environ["TMPDIR"] = before
    assert list(folder.iterdir()) == []


def run(minutes: float, seed: int, folder: Path) -> Counter[str]:
    """Run the load, and compare the store, its history and the server's answers afterwards."""
    store, sheets = folder / "store", folder / "sheets"
    sheets.mkdir()
    new_store(store)
    siblings = {entry.name for entry in folder.iterdir()} | {"log", "temporary"}
    options = ("--processes", "2", "--workers", "2", "--timeout", "30")
    with (
        temporary_folder(folder / "temporary"),
        serving(folder / "log", *options, globals_=("--store", str(store))) as server,
    ):
        chance = random.Random(seed)
        load = Load(store, server, chance, time.monotonic() + minutes * 60)
        with ThreadPoolExecutor(READERS + 3) as threads:
            jobs = [
                threads.submit(read, load, random.Random(chance.random())) for _ in range(READERS)
            ]
            jobs += [threads.submit(read_over_mcp, load), threads.submit(kill, load)]
            jobs.append(threads.submit(write, load, sheets))
            threading.Event().wait(minutes * 60 / 2)
            halfway = files_and_memory(server)
            for job in jobs:
                job.result()
        compare(load)
        grown(load, halfway, files_and_memory(server))
        processes = {server.process.pid, *below(server.process.pid)}
        assert server.stop() in (0, -signal.SIGTERM)
        wait_until_gone(processes)
        assert not alive(processes)
    assert {entry.name for entry in folder.iterdir()} == siblings
    said = (folder / "log").read_text(encoding="utf-8")
    assert "Traceback" not in said, (said.partition("Traceback")[2], load.outcomes)
    errors = [line for line in said.splitlines() if not re.search(r" [23]\d\d [\d.,]+ ms ", line)]
    assert not load.wrong, (load.wrong, errors, load.outcomes)
    return load.outcomes


def compare(load: Load) -> None:
    """Check that store, history and answers agree with what was done."""
    store = LocalStore.at(load.store, writable=True)  # also: no lock is left
    seen = [(entry.kind, len(entry.facts)) for entry in history(store)]
    assert seen == [(kind, FACTS) for kind, _ in load.changes]
    store.close()
    for source in sorted({source for _, source in load.changes}):
        expected = FACTS if source in load.present else 0
        assert facts_in(load.store, source) == expected
        query = {"query": COUNT % graph_name(source).value}
        response = httpx.get(
            f"{load.server.url}/sparql", params=query, timeout=60, trust_env=False,
            headers={"Accept": "text/csv"},
        )  # fmt: skip
        assert response.text.split() == ["facts", str(expected)], response.text


def grown(
    load: Load, before: dict[int, tuple[list[str], int]], after: dict[int, tuple[list[str], int]]
) -> None:
    """Check that no process that lived through the second half grew without bound."""
    for process in before.keys() & after.keys():
        (files, memory), (files_now, memory_now) = before[process], after[process]
        of_store = Counter(file for file in files_now if "/store/" in file)
        # The engine opens a table once for each version of the graph; changes share most tables.
        assert set(of_store.values()) <= {1}, of_store
        others = sum("/store/" not in file for file in files)
        gained = len(files_now) - of_store.total() - others
        load.outcomes["most files gained"] = max(load.outcomes["most files gained"], gained)
        load.outcomes["most MB gained"] = max(
            load.outcomes["most MB gained"], (memory_now - memory) // 1000
        )
        assert gained <= 15, files_now
        assert memory_now <= memory * 1.5 + 100_000


@on_linux
@pytest.mark.bench
def test_nothing_is_lost_under_a_mixed_load(tmp_path: Path) -> None:
    outcomes = run(MINUTES, SEED, tmp_path)
    assert outcomes["requests over HTTP"]
    assert outcomes["calls over MCP"]


if __name__ == "__main__":
    del os.environ["G60KG_DATA"]
    with tempfile.TemporaryDirectory() as name:
        for outcome, count in sorted(run(float(sys.argv[1]), int(sys.argv[2]), Path(name)).items()):
            print(f"{count:7,} {outcome}")
