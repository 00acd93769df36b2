"""The cache of results: each computed once, all dropped when the graph changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from g60kg.stores.change_detection import fingerprint
from g60kg.stores.local_store import LocalStore
from g60kg.web import response_cache
from g60kg.web.response_cache import ResponseCache
from tests.web.loops import completed, in_loop
from tests.web.test_linked_data import places


class Work:
    """Work that counts its calls."""

    def __init__(self, body: bytes = b"x", error: Exception | None = None) -> None:
        self.done = 0
        self._body = body
        self._error = error

    async def __call__(self) -> tuple[bytes, int]:
        self.done += 1
        await asyncio.sleep(0)
        if self._error is not None:
            raise self._error
        return self._body, len(self._body)


def ask(keeping: ResponseCache, work: Work, *keys: str, together: bool = False) -> None:
    async def run() -> None:
        if together:
            await asyncio.gather(*(keeping.get(key, work) for key in keys))
            return
        for key in keys:
            try:
                await keeping.get(key, work)
            except ValueError:
                continue
            # The result is cached in the loop's next iteration.
            await asyncio.sleep(0)

    completed(run())


@pytest.mark.parametrize("together", [False, True])
def test_equal_requests_share_one_computation(together: bool) -> None:
    work = Work()
    ask(ResponseCache(None), work, "a", "a", "b", "a", together=together)
    assert work.done == 2


def test_errors_are_not_cached() -> None:
    work = Work(error=ValueError())
    ask(ResponseCache(None), work, "a", "a", "a")
    assert work.done == 3


def test_large_results_and_long_keys_are_not_cached() -> None:
    large = Work(b"x" * (response_cache.LARGEST + 1))
    ask(ResponseCache(None), large, "a", "a")
    assert large.done == 2
    long = Work()
    ask(ResponseCache(None), long, *["a" * (response_cache.LONGEST + 1)] * 2)
    assert long.done == 2


def test_the_least_recently_used_are_dropped_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MOST", 2)
    work = Work()
    ask(ResponseCache(None), work, "a", "b", "a", "c", "a", "b")
    assert work.done == 4
    monkeypatch.setattr(response_cache, "MOST", 100)
    monkeypatch.setattr(response_cache, "MOST_BYTES", 25)
    ten = Work(b"x" * 10)
    ask(ResponseCache(None), ten, "a", "b", "c", "b", "a")
    assert ten.done == 4


def test_a_write_to_the_store_drops_all(own_store: Path) -> None:
    path = own_store
    keeping, work = ResponseCache(path), Work()
    ask(keeping, work, "a", "a")
    assert work.done == 1
    store = LocalStore.at(path, writable=True)
    store.change((), places("id/new"))
    store.close()
    ask(keeping, work, "a", "a")
    assert work.done == 2


@in_loop
async def test_a_client_that_leaves_does_not_end_it_for_others() -> None:
    keeping, gate = ResponseCache(None), asyncio.Event()

    async def slow() -> tuple[str, int]:
        await gate.wait()
        return "done", 4

    first, second = (asyncio.ensure_future(keeping.get("a", slow)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await second == "done"


def test_a_lookup_is_cached_for_the_version_of_the_graph_that_it_read(own_store: Path) -> None:
    path = own_store

    async def run() -> None:
        keeping, before = ResponseCache(path), fingerprint(path)
        keeping.add("other", "from another version", 20, "0")
        keeping.add("a", "old", 3, before)
        assert keeping.known("other") is None
        assert keeping.known("a") == "old"
        store = LocalStore.at(path, writable=True)
        store.change((), places("id/new"))
        store.close()
        assert keeping.known("a") is None
        # A lookup that began before the change ends after it.
        keeping.add("a", "old", 3, before)
        assert keeping.known("a") is None
        keeping.add("a", "new", 3, fingerprint(path))
        assert keeping.known("a") == "new"

    completed(run())
