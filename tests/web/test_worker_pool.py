"""The worker pool: shares, the queue, and ends of jobs."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
import threading
import time
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from g60kg.web import worker_pool
from g60kg.web.problem_details import Busy
from g60kg.web.response_cache import ResponseCache
from g60kg.web.server_settings import Settings
from g60kg.web.worker_pool import Kind, TimedOut, Worker, WorkerDied, WorkerPool, client
from tests.web.loops import in_loop

SETTINGS = Settings(workers=4, queue=4, memory_limit=0)


class FakeWorker:
    """Runs each job in its thread until the job, an event, is set."""

    seconds = 0.0
    prepared: str | None = None

    def __init__(self, *_given: Any, **_named: Any) -> None:
        self.killed = threading.Event()

    def wait_until_ready(self) -> None:
        pass

    def call(self, job: threading.Event, seconds: float) -> tuple[Any, int]:
        deadline = time.monotonic() + seconds
        while not job.is_set():
            if self.killed.is_set():
                self.killed.clear()
                raise WorkerDied
            if time.monotonic() > deadline:
                raise TimedOut
            time.sleep(0.002)
        return "done", 4

    def kill(self) -> None:
        self.killed.set()

    close = kill


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "Worker", FakeWorker)
    monkeypatch.setattr(worker_pool, "_cost_name", lambda *_: "a job")


class Crowd:
    """Jobs of several clients and their outcomes."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.pool = WorkerPool(settings)
        self.end = threading.Event()

    def ask(self, who: str, kind: Kind = Kind.QUERY) -> asyncio.Task[tuple[Any, int]]:
        client.set(who)
        return asyncio.create_task(self.pool.run(kind, 20, self.end))  # type: ignore[arg-type]  # the fake worker takes events

    async def settle(self) -> tuple[int, int]:
        """Return the numbers of running and waiting jobs, once all have arrived."""
        for _ in range(5):
            await asyncio.sleep(0)
        return self.pool.running, self.pool.waiting

    async def finish(self, *tasks: asyncio.Task[Any]) -> list[Any]:
        self.end.set()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        self.pool.close()
        return found


@pytest.mark.usefixtures("fake")
@in_loop
async def test_a_result_that_two_addresses_wait_for_has_the_better_place_of_both() -> None:
    crowd = Crowd()
    cache = ResponseCache(None, crowd.pool.reconsider)

    def want(who: str, key: str) -> asyncio.Task[str]:
        client.set(who)
        work = lambda: crowd.pool.run(Kind.QUERY, 20, crowd.end)  # type: ignore[arg-type]  # noqa: E731  # the fake worker takes events
        return asyncio.create_task(cache.get(key, work))

    greedy = [want("a", key) for key in ("first", "second", "third", "shared")]
    assert await crowd.settle() == (2, 2)
    shared = want("b", "shared")
    assert await crowd.settle() == (3, 1)
    again = want("a", "shared")
    assert await crowd.settle() == (3, 1)
    assert await crowd.finish(*greedy, shared, again) == ["done"] * 6


@pytest.mark.usefixtures("fake")
@in_loop
async def test_one_address_takes_half_of_the_processes_and_others_the_rest() -> None:
    crowd = Crowd()
    greedy = [crowd.ask("a") for _ in range(4)]
    assert await crowd.settle() == (2, 2)
    other = [crowd.ask("b"), crowd.ask("c")]
    assert await crowd.settle() == (4, 2)
    assert await crowd.finish(*greedy, *other) == [("done", 4)] * 6
    assert (crowd.pool.running, crowd.pool.waiting) == (0, 0)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_downloads_take_half_of_the_processes() -> None:
    crowd = Crowd()
    downloads = [crowd.ask(who, Kind.LONG) for who in "abcd"]
    assert await crowd.settle() == (2, 2)
    queries = [crowd.ask(who) for who in "ef"]
    assert await crowd.settle() == (4, 2)
    await crowd.finish(*downloads, *queries)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_jobs_that_wait_are_no_longer_short_once_one_of_them_took_long() -> None:
    crowd = Crowd(replace(SETTINGS, queue=8))
    crowd.end.set()
    await crowd.ask("a", Kind.CANNED)
    crowd.end.clear()
    jobs = [crowd.ask("a", Kind.CANNED) for _ in range(6)]
    assert await crowd.settle() == (3, 3)
    worker = crowd.pool._for_short
    worker.seconds = 2 * worker_pool.SHORT
    worker.kill()
    await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    assert await crowd.settle() == (2, 3)
    assert worker in crowd.pool._idle
    await crowd.finish(*jobs)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_jobs_of_unknown_cost_leave_the_process_for_short_jobs_free() -> None:
    crowd = Crowd()
    jobs = [crowd.ask("a", Kind.CANNED) for _ in range(3)]
    assert await crowd.settle() == (2, 1)
    assert crowd.pool._for_short in crowd.pool._idle
    await crowd.finish(*jobs)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_a_short_job_has_a_process_of_its_own_even_for_an_address_with_long_ones() -> None:
    crowd = Crowd()
    long = [crowd.ask("a") for _ in range(4)]
    assert await crowd.settle() == (2, 2)
    page = crowd.ask("a", Kind.CANNED)
    assert await crowd.settle() == (3, 2)
    # Further ones wait for it within the share of the address; those of others do not wait.
    pages = [crowd.ask("a", Kind.CANNED), crowd.ask("b", Kind.CANNED)]
    assert await crowd.settle() == (4, 3)
    await crowd.finish(*long, page, *pages)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_a_canned_query_that_was_slow_is_no_short_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowd = Crowd(Settings(workers=2, queue=8, memory_limit=0))
    monkeypatch.setattr(FakeWorker, "seconds", 1.5 * worker_pool.SHORT)
    crowd.end.set()
    await crowd.ask("a", Kind.CANNED)
    monkeypatch.setattr(FakeWorker, "seconds", 0.0)
    crowd.end.clear()
    slow = [crowd.ask("a", Kind.CANNED) for _ in range(2)]
    assert await crowd.settle() == (1, 1)
    crowd.end.set()
    await asyncio.gather(*slow)
    # After runs that were not slow, it is a short job again.
    crowd.end.clear()
    again = [crowd.ask("a", Kind.CANNED) for _ in range(2)]
    assert await crowd.settle() == (2, 0)
    await crowd.finish(*again)


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("dear", "arrivals", "order"),
    [
        (20 * worker_pool.SHORT, ("dear", "dear", "cheap"), ["dear", "cheap", "dear"]),
        # After some time a job is overtaken by no cheaper ones.
        (1.5 * worker_pool.SHORT, ("first", "dear", "late"), ["first", "dear", "late"]),
    ],
)
@in_loop
async def test_of_the_waiting_jobs_of_an_address_the_cheapest_is_next_for_a_while(
    dear: float, arrivals: tuple[str, ...], order: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = Crowd(Settings(workers=1, queue=8, memory_limit=0))
    cheap = 1.1 * worker_pool.SHORT
    crowd.pool._costs.update(cheap=cheap, dear=dear, first=cheap, late=cheap)
    clock = time.monotonic
    ended: list[str] = []
    tasks = []
    for name in arrivals:
        later = worker_pool.PATIENCE * worker_pool.SHORT if name == "late" else 0.0
        monkeypatch.setattr(time, "monotonic", lambda later=later: clock() + later)
        monkeypatch.setattr(worker_pool, "_cost_name", lambda *_, name=name: name)
        tasks.append(crowd.ask("a", Kind.CANNED))
        tasks[-1].add_done_callback(lambda _, name=name: ended.append(name))  # type: ignore[misc]  # a lambda has no types
        await crowd.settle()
    await crowd.finish(*tasks)
    assert ended == order


@pytest.mark.usefixtures("fake")
@in_loop
async def test_the_client_with_fewer_running_jobs_is_next() -> None:
    crowd = Crowd(Settings(workers=4, queue=8, memory_limit=0))
    first = [crowd.ask(who) for who in "aabb"]
    waiting = [crowd.ask(who) for who in "abc"]
    order: list[str] = []
    for who, task in zip("abc", waiting, strict=True):
        task.add_done_callback(lambda _, who=who: order.append(who))  # type: ignore[misc]  # a lambda has no types
    await crowd.settle()
    first[0].cancel()
    while crowd.pool.waiting > 2:
        await asyncio.sleep(0.005)
    assert [entry.client for entry in crowd.pool._waiting] == ["a", "b"]
    await crowd.finish(*first, *waiting)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_the_queue_is_bounded_and_one_address_fills_half_of_it() -> None:
    crowd = Crowd()
    greedy = [crowd.ask("a") for _ in range(9)]
    assert await crowd.settle() == (2, 2)
    others = [crowd.ask(who) for who in "bcdefg"]
    assert await crowd.settle() == (4, 4)
    found = await crowd.finish(*greedy, *others)
    assert sum(isinstance(one, Busy) for one in found[:9]) == 5
    assert sum(isinstance(one, Busy) for one in found[9:]) == 2


@pytest.mark.usefixtures("fake")
@in_loop
async def test_jobs_of_one_address_run_in_the_order_in_which_they_came() -> None:
    crowd = Crowd(Settings(workers=1, queue=8, memory_limit=0))
    order: list[int] = []
    tasks = [crowd.ask("a") for _ in range(4)]
    for number, task in enumerate(tasks):
        task.add_done_callback(lambda _, number=number: order.append(number))  # type: ignore[misc]  # a lambda has no types
    await crowd.finish(*tasks)
    assert order == [0, 1, 2, 3]


@pytest.mark.usefixtures("fake")
@in_loop
async def test_a_client_that_leaves_ends_its_job_and_frees_its_place() -> None:
    crowd = Crowd()
    running, waiting = crowd.ask("a"), [crowd.ask("a") for _ in range(3)]
    assert await crowd.settle() == (2, 2)
    running.cancel()
    waiting[-1].cancel()
    await asyncio.gather(running, waiting[-1], return_exceptions=True)
    while crowd.pool.waiting:
        await asyncio.sleep(0.005)
    assert crowd.pool.running == 2
    await crowd.finish(*waiting)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_time_spent_in_the_queue_counts() -> None:
    crowd = Crowd(Settings(workers=1, queue=8, memory_limit=0))
    first = crowd.ask("a")
    await crowd.settle()
    with pytest.raises(Busy):
        await crowd.pool.run(Kind.QUERY, 0.05, crowd.end)  # type: ignore[arg-type]  # the fake worker takes events
    await crowd.finish(first)


@pytest.mark.usefixtures("fake")
@in_loop
async def test_a_process_is_prepared_once_for_a_graph_and_then_runs_jobs() -> None:
    crowd = Crowd(Settings(workers=1, queue=8, memory_limit=0))
    ended: Any = threading.Event()
    preparing = asyncio.create_task(crowd.pool.prepare(ended, "one"))
    # The first process is for short jobs; a job runs in the other meanwhile.
    first = crowd.ask("a")
    await crowd.settle()
    assert crowd.pool.running == 1
    crowd.end.set()
    assert (await first)[0] == "done"
    ended.set()
    await preparing
    await asyncio.wait_for(crowd.pool.prepare(threading.Event(), "one"), 5)  # type: ignore[arg-type]  # the fake worker takes events
    again: Any = threading.Event()
    preparing = asyncio.create_task(crowd.pool.prepare(again, "two"))
    await crowd.settle()
    assert not preparing.done()
    again.set()
    await preparing
    crowd.pool.close()


@pytest.mark.usefixtures("fake")
@in_loop
async def test_a_job_waits_for_the_only_process_while_that_is_prepared() -> None:
    crowd = Crowd(Settings(workers=1, queue=8, memory_limit=0))
    short, other = crowd.pool._all
    short.prepared = "one"
    ended: Any = threading.Event()
    preparing = asyncio.create_task(crowd.pool.prepare(ended, "one"))
    await crowd.settle()
    asked = [crowd.ask("a"), crowd.ask("b")]
    await crowd.settle()
    ended.set()
    await preparing
    for one in asked:
        await crowd.finish(one)
    assert other.prepared == "one"


@in_loop
async def test_a_process_that_is_ended_is_replaced() -> None:
    pool = WorkerPool(Settings(workers=1, memory_limit=0))
    try:
        with pytest.raises(TimedOut):
            await pool.run(Kind.QUERY, 0.3, partial(time.sleep, 60))
        assert (await pool.run(Kind.QUERY, 60, partial(abs, -1)))[0] == 1
        with pytest.raises(ZeroDivisionError):
            await pool.run(Kind.QUERY, 60, partial(divmod, 1, 0))
        with pytest.raises(WorkerDied):
            await pool.run(Kind.QUERY, 60, partial(exit))
        assert (await pool.run(Kind.QUERY, 60, partial(abs, -2)))[0] == 2
    finally:
        pool.close()


def _write_for_ever() -> None:
    with tempfile.TemporaryDirectory():
        time.sleep(60)


@pytest.mark.long
def test_nothing_stays_of_a_process_that_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    worker = Worker(SETTINGS, multiprocessing.get_context("spawn"))
    (folder,) = tmp_path.iterdir()
    worker.wait_until_ready()
    with pytest.raises(TimedOut):
        worker.call(_write_for_ever, 2)
    (other,) = tmp_path.iterdir()
    assert other != folder
    worker.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("failures", [2, 5])
def test_a_process_is_started_again_if_what_starts_processes_has_ended(failures: int) -> None:
    process = Mock()
    process.start.side_effect = [EOFError("unexpected EOF")] * failures + [None]
    method = Mock(Pipe=multiprocessing.Pipe, Process=lambda **_: process)
    with nullcontext() if failures == 2 else pytest.raises(WorkerDied, match="cannot be started"):
        Worker(SETTINGS, method)
    assert process.start.call_count == min(failures + 1, 5)


def test_a_process_that_starts_is_waited_for_within_the_limit_and_kept() -> None:
    process = Mock(**{"is_alive.return_value": True})
    held: list[int] = []

    def begun(**given: Any) -> Mock:
        held.append(os.dup(given["args"][0].fileno()))
        return process

    worker = Worker(SETTINGS, Mock(Pipe=multiprocessing.Pipe, Process=begun))
    with pytest.raises(TimedOut):
        worker.call(print, 0.05)
    process.kill.assert_not_called()
    os.close(*held)
