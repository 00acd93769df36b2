"""Lookups run in the event loop if the graph is in memory, else in threads."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad

from g60kg.namespaces import LABEL, entity, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.worker_pool import client
from g60kg.web.workers import Workers
from tests.web.loops import completed


@open_graph.lookup
def thread_of_lookup(seconds: float, _number: int) -> str:
    time.sleep(seconds)
    return threading.current_thread().name


async def run_all(settings: Settings, addresses: str, seconds: float) -> list[tuple[str, str]]:
    """Return the address and thread of each of the lookups sent at once, in the order of ends."""
    workers = Workers(settings)
    ended: list[tuple[str, str]] = []

    async def look_up(number: int) -> None:
        client.set(addresses[number])
        thread = await workers.run(thread_of_lookup, seconds, number)
        ended.append((addresses[number], thread))

    try:
        await asyncio.gather(*map(look_up, range(len(addresses))))
    finally:
        workers.close()
    return ended


@pytest.fixture
def settings(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(open_graph, "_opened", [])
    monkeypatch.setattr(open_graph, "_watching", [])
    return Settings(store=own_store, workers=1)


def test_in_memory_they_run_in_the_event_loop_and_addresses_take_turns(settings: Settings) -> None:
    open_graph.open_for(settings, in_server=True)
    for thread in threading.enumerate():
        if thread.name == open_graph.COPYING:
            thread.join()

    async def named() -> tuple[str, list[tuple[str, str]]]:
        return threading.current_thread().name, await run_all(settings, "aaaab", 0.0)

    loop, ended = completed(named())
    assert {thread for _, thread in ended} == {loop}
    assert [address for address, _ in ended].index("b") <= 1


def test_on_disk_they_run_in_threads(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_graph, "MOST_IN_MEMORY", 0)
    open_graph.open_for(settings, in_server=True)
    ended = completed(run_all(settings, "ab", 0.2))
    assert all(thread.startswith("lookup") for _, thread in ended)
    assert len({thread for _, thread in ended}) == 2


def test_after_a_change_they_run_in_threads_until_the_graph_is_copied(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_graph.open_for(settings, in_server=True)
    for thread in threading.enumerate():
        if thread.name == open_graph.COPYING:
            thread.join()
    assert open_graph.run_in_memory(open_graph.ready) is not None
    assert settings.store is not None
    with closing(LocalStore.at(settings.store, writable=True)) as store:
        store.extend([Quad(entity("x"), LABEL, Literal("X"), graph_name("1"))])
    # The copy of the new version is never ready.
    monkeypatch.setattr(LocalStore, "in_memory", lambda self, _most: self)
    ended = completed(run_all(settings, "ab", 0.0))
    assert all(thread.startswith("lookup") for _, thread in ended)


def test_while_the_store_is_replaced_they_run_in_threads(settings: Settings) -> None:
    open_graph.open_for(replace(settings, store=None), in_server=True)
    assert open_graph.run_in_memory(open_graph.ready) == (True, "")
    assert settings.store is not None
    open_graph.open_for(settings, in_server=True)
    settings.store.rename(settings.store.with_name("away"))
    assert open_graph.run_in_memory(open_graph.ready) is None
