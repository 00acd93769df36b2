"""Caches of results and of rendered pages, with limits for number and size of their entries."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from g60kg.stores.change_detection import FingerprintCache
from g60kg.web.worker_pool import client, clients

Value = TypeVar("Value")


class RecentlyUsed(Generic[Value]):
    """A cache with limits for the number and the total size of its values.

    Beyond a limit, the least recently used values are removed.
    """

    def __init__(self, most: int, most_size: int) -> None:
        self._most = most
        self._most_size = most_size
        self._size = 0
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def get(self, key: Hashable) -> Value | None:
        """Return the value of a key and mark it as the most recently used; None without a value."""
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Set the value of a key, and remove the least recently used values beyond the limits."""
        self.remove(key)
        self._entries[key] = value, size
        self._size += size
        while len(self._entries) > self._most or self._size > self._most_size:
            _, (_, oldest) = self._entries.popitem(last=False)
            self._size -= oldest

    def remove(self, key: Hashable) -> None:
        """Remove the value of a key, if it has one."""
        if key in self._entries:
            _, size = self._entries.pop(key)
            self._size -= size

    def clear(self) -> None:
        """Remove all values."""
        self._entries.clear()
        self._size = 0


#: The most cached pages, and the most characters of all of them and of one.
MOST_PAGES: Final = 200
MOST_CHARACTERS: Final = 16 * 1024**2
LARGEST_PAGE: Final = 1024**2


class RenderedPages:
    """A cache of the texts of rendered pages; the least recently used are removed."""

    def __init__(self) -> None:
        self._texts: RecentlyUsed[tuple[Mapping[str, Any], str]] = RecentlyUsed(
            MOST_PAGES, MOST_CHARACTERS
        )

    def get(self, key: Hashable, values: Mapping[str, Any], render: Callable[[], str]) -> str:
        """Return a page's cached text; render it without one, or if the values have changed."""
        known = self._texts.get(key)
        # Cached views are the same objects, so that comparing them is cheap.
        if known is not None and known[0] == values:
            return known[1]
        text = render()
        if len(text) <= LARGEST_PAGE:
            self._texts.put(key, (values, text), len(text))
        else:
            self._texts.remove(key)
        return text


Result = TypeVar("Result")

#: The most cached results, and the most bytes of all of them and of one.
MOST: Final = 500
MOST_BYTES: Final = 64 * 1024**2
LARGEST: Final = 4 * 1024**2
#: The most characters of a key; results with longer ones are not cached.
LONGEST: Final = 2000


@dataclass
class ResponseCache:
    """A cache of results, which clears itself when the store has changed.

    ``store`` is None for a graph that does not change.
    """

    store: Path | None
    #: Called when another client joins those that wait for a result.
    joined: Callable[[], None] = lambda: None
    #: The addresses of the clients that wait for each result.
    _asking: WeakKeyDictionary[asyncio.Future[Any], set[str]] = field(
        default_factory=WeakKeyDictionary
    )
    _state: str = ""

    def __post_init__(self) -> None:
        self._watch = None if self.store is None else FingerprintCache(self.store)
        self._results: RecentlyUsed[asyncio.Future[Any]] = RecentlyUsed(MOST, MOST_BYTES)

    async def get(self, key: str, work: Callable[[], Awaitable[tuple[Result, int]]]) -> Result:
        """Return the cached result of a key, or else run the work and return its result.

        Args:
            key: everything besides the graph that the result depends on.
            work: returns the result and its size in bytes. Requests for the same key share it; a
                client that disconnects does not cancel it for the others.

        Errors, too long keys and too large results are not cached.
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
        """Return the result that ``add`` cached for a key; None without one."""
        # The version of the graph is compared only where there is a result for it.
        if key not in self._results or not self._is_known():
            return None
        known = self._results.get(key)
        return None if known is None else known.result()[0]

    def state(self) -> str | None:
        """Return the identifier of the graph's current version; empty if the graph cannot change.

        None while another program replaces the store.
        """
        return self._state if self._is_known() else None

    def add(self, key: str, result: object, size: int, state: str) -> None:
        """Cache a result under a new key, unless either is too large or ``state`` is outdated."""
        if len(key) > LONGEST:
            return
        # A result of the last known version needs no check: the next use of it does that.
        if state != self._state and (not self._is_known() or state != self._state):
            return
        if size <= LARGEST and key not in self._results:
            done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            done.set_result((result, size))
            self._results.put(key, done, size)

    def _is_known(self) -> bool:
        """Return whether the version of the graph is known; clear the cache if it has changed."""
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
        """Record the size of a finished result; remove it if it is too large or an error."""
        if self._results.get(key) is not done:
            return
        if done.cancelled() or done.exception() is not None or done.result()[1] > LARGEST:
            self._results.remove(key)
        else:
            self._results.put(key, done, done.result()[1])
