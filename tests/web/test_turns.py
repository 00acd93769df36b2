"""Whose turn it is, and who is turned away when too many wait."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from g60kg.web.problems import Busy
from g60kg.web.turns import Turn, Turns, visitor
from tests.web import asking
from tests.web.loops import completed
from tests.web.queries import RUNAWAY
from tests.web.serving import serving

PLACES, QUEUE = 2, 3


async def asked(turns: Turns, who: str, *, is_open: bool, is_probe: bool = False) -> Turn:
    """A turn for a visitor, once it has come."""
    visitor.set(who)
    return await turns.take(5, is_open=is_open, work=0, is_probe=is_probe)


def coming(
    turns: Turns, who: str, *, is_open: bool = True, is_probe: bool = False
) -> asyncio.Task[Turn]:
    return asyncio.create_task(asked(turns, who, is_open=is_open, is_probe=is_probe))


async def crowded(turns: Turns, *kinds: bool) -> list[asyncio.Task[Turn]]:
    """What one visitor asks for until all places are taken and the queues of those kinds full."""
    running = [coming(turns, "crowd"), coming(turns, "crowd", is_open=False)]
    await asyncio.sleep(0)
    waiting = [coming(turns, "crowd", is_open=kind) for kind in kinds for _ in range(QUEUE)]
    await asyncio.sleep(0)
    assert (len(turns.running), len(turns.waiting)) == (PLACES, QUEUE * len(kinds))
    return [*running, *waiting]


async def ended(*tasks: asyncio.Task[Turn]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_one_kind_of_work_does_not_keep_the_other_out() -> None:
    async def meet() -> None:
        turns = Turns(PLACES, QUEUE)
        crowd = await crowded(turns, True)
        with pytest.raises(Busy):
            await asked(turns, "crowd", is_open=True)
        known = coming(turns, "crowd", is_open=False)
        await asyncio.sleep(0)
        assert len(turns.waiting) == QUEUE + 1
        turns.end(crowd[1].result())
        await asyncio.wait_for(known, 1)
        assert not any(one.done() for one in crowd[2:])
        await ended(*crowd)

    completed(meet())


def test_who_asks_after_the_processes_is_next_however_many_wait() -> None:
    async def meet() -> None:
        turns = Turns(PLACES, QUEUE)
        crowd = await crowded(turns, True, False)
        with pytest.raises(Busy):
            await asked(turns, "crowd", is_open=False)
        probe = coming(turns, "crowd", is_open=False, is_probe=True)
        await asyncio.sleep(0)
        turns.end(crowd[1].result())
        await asyncio.wait_for(probe, 1)
        assert not any(one.done() for one in crowd[2:])
        await ended(*crowd)

    completed(meet())


def test_the_last_of_who_has_most_waiting_makes_room() -> None:
    async def meet() -> None:
        turns = Turns(PLACES, QUEUE)
        crowd = await crowded(turns, True)
        first = coming(turns, "other")
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await asyncio.wait_for(crowd[-1], 1)
        assert [turn.visitor for turn in turns.waiting] == ["crowd", "crowd", "other"]
        # Nobody is sent away for one who would then have as many.
        with pytest.raises(Busy):
            await asked(turns, "other", is_open=True)
        with pytest.raises(Busy):
            await asked(turns, "crowd", is_open=True)
        # Who has nothing running is next.
        turns.end(crowd[0].result())
        await asyncio.wait_for(first, 1)
        await ended(*crowd)

    completed(meet())


def test_who_is_turned_away_and_leaves_at_once_leaves_nothing_behind() -> None:
    async def meet() -> None:
        turns = Turns(PLACES, QUEUE)
        crowd = await crowded(turns, True)
        other = coming(turns, "other")
        await asyncio.sleep(0)
        crowd[-1].cancel()
        await asyncio.gather(crowd[-1], return_exceptions=True)
        await ended(*crowd, other)
        assert turns.waiting == []
        assert len(turns.running) == PLACES

    completed(meet())


def test_a_crowd_of_runaways_keeps_neither_health_nor_a_first_visitor_out(tmp_path: Path) -> None:
    options = ("--workers", "2", "--queue", "6", "--timeout", "4", "--forwarded")
    with serving(tmp_path / "log", *options) as server, ThreadPoolExecutor(30) as pool:

        def get(path: str, who: str, **query: str) -> int:
            answer = asking.get(
                server.url + path, params=query, headers={"X-Forwarded-For": who}, timeout=30
            )
            return answer.status_code

        crowd = [
            pool.submit(get, "/sparql", "203.0.113.1", query=f"{RUNAWAY} # {number}")
            for number in range(30)
        ]
        time.sleep(0.4)
        assert not all(one.done() for one in crowd)
        for _ in range(5):
            began = time.monotonic()
            assert get("/health", "203.0.113.1") == 200
            assert time.monotonic() - began < 1
        assert get("/id/hangzhou.ttl", "203.0.113.1") == 200
        assert get("/sparql", "203.0.113.2", query="ASK { id:hangzhou a g60:City }") == 200
        assert {one.result() for one in crowd} == {503}
