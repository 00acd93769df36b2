"""Connections: how many there may be, and how long a client may take."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

#: Connections that one address may have, and all addresses together.
MOST_OF_ONE: Final = 128
MOST: Final = 512
#: Seconds for the head of a request to come, and for a client to take a piece of an answer.
HEAD_SECONDS: Final = 15.0
STALL_SECONDS: Final = 30.0

_open: Counter[str] = Counter()


class BoundedConnection(H11Protocol):
    """A connection that is closed when its client keeps it without using it."""

    _address = ""
    _timer: asyncio.TimerHandle | None = None
    _seen: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes a connection, unless its address has too many."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        _open[self._address] += 1
        forwarding = self.config.proxy_headers
        if not forwarding and _open[self._address] > MOST_OF_ONE:
            transport.abort()
            return
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Takes bytes; the time for a head ends with it."""
        super().data_received(data)
        if self.cycle is not self._seen:
            # The head of another request is complete.
            self._seen = self.cycle
            self._stop_waiting()
        elif self.cycle is None or self.cycle.response_complete:
            self._wait(HEAD_SECONDS, anew=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        self._stop_waiting()
        _open[self._address] -= 1
        if _open[self._address] <= 0:
            del _open[self._address]
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Waits for a client that does not take what it asked for, but not forever."""
        super().pause_writing()
        self._stop_waiting()
        self._watch_taking(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Goes on: the client takes it."""
        self._stop_waiting()
        super().resume_writing()

    def _watch_taking(self, left: int) -> None:
        """Ends the connection when of an answer as much is left as some time before."""

        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if now < left:
                self._watch_taking(now)
            else:
                self._too_slow()

        self._timer = self.loop.call_later(STALL_SECONDS, look)

    def _wait(self, seconds: float, *, anew: bool = True) -> None:
        if self._timer is not None:
            if not anew:
                return
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        self.transport.abort()
