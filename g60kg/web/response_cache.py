"""Cache of results for one version of the graph."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from g60kg.stores.change_detection import Watch
from g60kg.web.recently_used import RecentlyUsed
from g60kg.web.worker_pool import client, clients

Result = TypeVar("Result")

#: The most cached results, and the most bytes of all of them and of one.
MOST: Final = 500
MOST_BYTES: Final = 64 * 1024**2
LARGEST: Final = 4 * 1024**2
#: The most characters of a key; results with longer ones are not cached.
LONGEST: Final = 2000


@dataclass
class ResponseCache:
    """Cache of results; removes the least recently used, and all after a change of the store."""

    store: Path | None
    #: Called when another client joins those that wait for a result.
    joined: Callable[[], None] = lambda: None
    #: The addresses of the clients that wait for each result.
    _asking: WeakKeyDictionary[asyncio.Future[Any], set[str]] = field(
        default_factory=WeakKeyDictionary
    )
    _state: str = ""

    def __post_init__(self) -> None:
        self._watch = None if self.store is None else Watch(self.store)
        self._results: RecentlyUsed[asyncio.Future[Any]] = RecentlyUsed(MOST, MOST_BYTES)

    async def get(self, key: str, work: Callable[[], Awaitable[tuple[Result, int]]]) -> Result:
        """Return the cached result of a key, or else run the work and cache its result.

        Args:
            key: everything besides the graph that the result depends on.
            work: returns the result and its size in bytes. Requests for the same key share it; a
                client that disconnects does not cancel it for the others.
        """
        if len(key) > LONGEST or not self._is_known():
            return (await work())[0]
        known = self._results.get(key)
        if known is not None:
            asking = self._asking.get(known)
            if asking is not None and client.get() not in asking and not known.done():
                asking.add(client.get())
                self.joined()
            result: Result = (await asyncio.shield(known))[0]
            return result
        asking = {client.get()}
        clients.set(asking)  # the task has a copy of this context
        working = asyncio.ensure_future(work())
        clients.set(None)
        self._asking[working] = asking
        self._results.put(key, working, 0)
        working.add_done_callback(lambda done: self._settle(key, done))
        return (await asyncio.shield(working))[0]

    def known(self, key: str) -> Any:
        """Return the cached result of a key; None without one."""
        # The version of the graph is compared only where there is a result for it.
        if key not in self._results or not self._is_known():
            return None
        known = self._results.get(key)
        return None if known is None else known.result()[0]

    def state(self) -> str | None:
        """Return the identifier of the graph's version; None if it is unknown."""
        return self._state if self._is_known() else None

    def add(self, key: str, result: object, size: int, state: str) -> None:
        """Cache a result from the version of the graph with an identifier, if it is current."""
        if len(key) > LONGEST:
            return
        # A result of the last known version needs no check: the next use of it does that.
        if state != self._state and (not self._is_known() or state != self._state):
            return
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        done.set_result((result, size))
        if self._results.get(key) is None:
            self._results.put(key, done, 0)
            self._settle(key, done)

    def _is_known(self) -> bool:
        """Whether the version of the graph is known; clears the cache after a change."""
        if self._watch is None:
            return True
        try:
            state = self._watch.state()
        except OSError:
            # Another program is replacing the store.
            state = ""
        if state != self._state:
            self._results.clear()
            self._state = state
        return bool(state)

    def _settle(self, key: str, done: asyncio.Future[Any]) -> None:
        """Cache a result, unless it is too large or an error."""
        if self._results.get(key) is not done:
            return
        if done.cancelled() or done.exception() is not None or done.result()[1] > LARGEST:
            self._results.remove(key)
        else:
            self._results.put(key, done, done.result()[1])
