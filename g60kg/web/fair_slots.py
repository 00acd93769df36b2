"""Slots for work in the server process, shared fairly between the addresses of clients."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from g60kg.web.problem_details import Busy
from g60kg.web.worker_pool import client


class FairSlots:
    """Slots in the order of requests, in which one address has at most ``share`` requests.

    Its other requests, at most ``most``, wait for each other before they join that order.
    """

    def __init__(self, slots: int, share: int, most: int) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._share = share
        self._most = most
        self._own: dict[str, asyncio.Semaphore] = {}
        self._requests: Counter[str] = Counter()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot during the block; raise Busy if too many requests of the address wait."""
        address = client.get()
        if self._requests[address] >= self._share + self._most:
            raise Busy
        own = self._own.setdefault(address, asyncio.Semaphore(self._share))
        self._requests[address] += 1
        try:
            async with own, self._slots:
                yield
        finally:
            self._requests[address] -= 1
            if not self._requests[address]:
                del self._requests[address], self._own[address]

    async def pass_through(self) -> None:
        """Wait for a slot, as above, and hold it while the other tasks run once."""
        async with self.slot():
            await asyncio.sleep(0)
