"""Slots for work in the server process, shared fairly between the addresses of clients."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from g60kg.web.problem_details import Busy
from g60kg.web.worker_pool import client


class FairSlots:
    """A semaphore that serves the waiting addresses in rotation.

    One address has at most ``share`` of the slots and ``most`` waiting requests.
    """

    def __init__(self, slots: int, share: int, most: int) -> None:
        self._free = slots
        self._share = share
        self._most = most
        self._running: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot during the block; raise Busy if too many requests of the address wait."""
        address = await self._acquire()
        try:
            yield
        finally:
            self._release(address)

    async def pass_through(self) -> None:
        """Wait for a slot, as above, and hold it until this task awaits something else."""
        address = await self._acquire()
        asyncio.get_running_loop().call_soon(self._release, address)

    async def _acquire(self) -> str:
        address = client.get()
        if self._free and self._running[address] < self._share:
            self._take(address)
            return address
        queue = self._waiting.setdefault(address, deque())
        if len(queue) >= self._most:
            raise Busy
        granted = asyncio.get_running_loop().create_future()
        queue.append(granted)
        try:
            await granted
        except asyncio.CancelledError:
            if not granted.cancelled():
                self._release(address)
            elif granted in queue:
                queue.remove(granted)
            raise
        return address

    def _take(self, address: str) -> None:
        self._free -= 1
        self._running[address] += 1

    def _release(self, address: str) -> None:
        self._free += 1
        self._running[address] -= 1
        if not self._running[address]:
            del self._running[address]
        for waiting, queue in tuple(self._waiting.items()):
            if not self._free:
                break
            if queue and self._running[waiting] >= self._share:
                continue
            del self._waiting[waiting]
            while queue and queue[0].done():
                queue.popleft()
            if queue:
                self._take(waiting)
                queue.popleft().set_result(None)
            if queue:
                # At the end: the other addresses are next.
                self._waiting[waiting] = queue
