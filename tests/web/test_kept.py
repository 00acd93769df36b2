"""Answers that are kept: worked out once, forgotten when the graph changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from g60kg.stores.local import LocalStore
from g60kg.web import kept
from g60kg.web.jobs.queries import Written
from g60kg.web.kept import Kept
from tests.web.loops import completed
from tests.web.test_linked_data import places


class Work:
    """Work that counts how often it is done."""

    def __init__(self, body: bytes = b"x", error: Exception | None = None) -> None:
        self.done = 0
        self._body = body
        self._error = error

    async def __call__(self) -> Written:
        self.done += 1
        await asyncio.sleep(0)
        if self._error is not None:
            raise self._error
        return Written(self._body)


def ask(keeping: Kept, work: Work, *keys: str, together: bool = False) -> None:
    async def run() -> None:
        if together:
            await asyncio.gather(*(keeping.get(key, work) for key in keys))
            return
        for key in keys:
            try:
                await keeping.get(key, work)
            except ValueError:
                continue
            # What comes of the work is looked at in the loop's next round.
            await asyncio.sleep(0)

    completed(run())


@pytest.mark.parametrize("together", [False, True])
def test_the_same_is_worked_out_once(together: bool) -> None:
    work = Work()
    ask(Kept(None), work, "a", "a", "b", "a", together=together)
    assert work.done == 2


def test_failures_are_not_kept() -> None:
    work = Work(error=ValueError())
    ask(Kept(None), work, "a", "a", "a")
    assert work.done == 3


def test_what_is_large_or_asked_at_length_is_not_kept() -> None:
    large = Work(b"x" * (kept.LARGEST + 1))
    ask(Kept(None), large, "a", "a")
    assert large.done == 2
    long = Work()
    ask(Kept(None), long, *["a" * (kept.LONGEST + 1)] * 2)
    assert long.done == 2


def test_the_least_used_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    work = Work()
    ask(Kept(None), work, "a", "b", "a", "c", "a", "b")
    assert work.done == 4
    monkeypatch.setattr(kept, "MOST", 100)
    monkeypatch.setattr(kept, "MOST_BYTES", 25)
    ten = Work(b"x" * 10)
    ask(Kept(None), ten, "a", "b", "c", "b", "a")
    assert ten.done == 4


def test_all_is_forgotten_when_the_store_is_written(tmp_path: Path) -> None:
    path = tmp_path / "store"
    LocalStore.create(path).close()
    keeping, work = Kept(path), Work()
    ask(keeping, work, "a", "a")
    assert work.done == 1
    store = LocalStore.at(path, writable=True)
    store.change((), places("id/new"))
    store.close()
    ask(keeping, work, "a", "a")
    assert work.done == 2


def test_who_leaves_does_not_end_it_for_the_others() -> None:
    async def run() -> None:
        keeping, gate = Kept(None), asyncio.Event()

        async def slow() -> str:
            await gate.wait()
            return "done"

        first, second = (asyncio.ensure_future(keeping.get("a", slow)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        gate.set()
        assert await second == "done"

    completed(run())
