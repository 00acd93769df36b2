"""Work in the server process is shared between addresses, and a rendered page is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from g60kg.web import response_cache
from g60kg.web.problem_details import Busy
from g60kg.web.response_cache import RenderedPages
from g60kg.web.worker_pool import client
from g60kg.web.workers import FairSlots


def order_of(slots: FairSlots, addresses: str, *, through: bool) -> list[str]:
    """Return the addresses of tasks in the order in which they did their work."""
    done: list[str] = []

    async def work(address: str) -> None:
        client.set(address)
        if through:
            await slots.pass_through()
            done.append(address)
            return
        async with slots.slot():
            done.append(address)
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        await asyncio.gather(*map(work, addresses))

    asyncio.run(all_of_them())
    return done


@pytest.mark.parametrize("through", [False, True])
def test_addresses_are_served_in_rotation(through: bool) -> None:
    assert order_of(FairSlots(1, 1, 9), "aaaaabcb", through=through) == list("abcabaaa")


def test_one_address_has_its_share_of_the_slots() -> None:
    running: list[str] = []
    most: list[int] = []

    async def work(slots: FairSlots, address: str) -> None:
        client.set(address)
        async with slots.slot():
            running.append(address)
            most.append(running.count("a"))
            await asyncio.sleep(0)
            running.remove(address)

    async def all_of_them() -> None:
        slots = FairSlots(4, 2, 9)
        await asyncio.gather(*(work(slots, address) for address in "aaaaaab"))

    asyncio.run(all_of_them())
    assert max(most) == 2
    assert len(most) == 7


def test_the_queue_of_an_address_is_limited() -> None:
    with pytest.raises(Busy):
        order_of(FairSlots(1, 1, 2), "aaaa", through=False)
    assert len(order_of(FairSlots(1, 1, 2), "aaabb", through=False)) == 5


def test_a_cancelled_request_takes_no_slot() -> None:
    async def cancelled(begin: Callable[[], Coroutine[Any, Any, None]], slots: FairSlots) -> None:
        async with slots.slot():
            tasks = [asyncio.ensure_future(begin()) for _ in range(2)]
            await asyncio.sleep(0)
            tasks[0].cancel()
        # The second is granted the slot now, and cancelled before it runs.
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5), slots.slot():
            pass

    slots = FairSlots(1, 1, 2)
    asyncio.run(cancelled(slots.pass_through, slots))


def test_a_page_is_rendered_once_for_equal_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MOST_PAGES", 2)
    pages = RenderedPages()
    rendered: list[str] = []

    def text(key: str, value: object) -> str:
        def render() -> str:
            rendered.append(key)
            return f"{key} {value}"

        return pages.get(key, {"value": value}, render)

    assert [text("a", 1), text("a", 1), text("a", 2), text("a", 2)] == ["a 1"] * 2 + ["a 2"] * 2
    assert rendered == ["a", "a"]
    text("b", 1), text("a", 2), text("c", 1), text("a", 2), text("b", 1)
    assert rendered == ["a", "a", "b", "c", "b"]
