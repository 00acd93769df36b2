"""Connections: how many there may be, how large a head is, and how long a client may take."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, Final

import h11
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

from g60kg.web.problems import problem

#: Connections that one address may have, and all addresses together.
MOST_OF_ONE: Final = 128
MOST: Final = 512
#: Bytes of the head of a request: its first line and all its headers.
MOST_HEAD: Final = 65_536
#: Seconds for the head of a request to come, and for a client to take a piece of an answer.
HEAD_SECONDS: Final = 15.0
STALL_SECONDS: Final = 30.0
#: Seconds for a client to read why it is refused.
PARTING_SECONDS: Final = 2.0

_open: Counter[str] = Counter()

TOO_LARGE: Final = problem(
    431,
    f"The head of the request is larger than {MOST_HEAD:,} bytes.",
    "Send fewer or shorter headers; a long query can be POSTed.",
)
NO_HTTP: Final = problem(400, "This is no request of HTTP/1.1.", "Send one (RFC 9112).")
NOT_ASCII: Final = problem(
    400,
    "The URL has characters outside ASCII.",
    "Percent-encode them in UTF-8: %E6%9D%BE%E6%B1%9F for 松江. "
    "With curl: -G --data-urlencode 'city=松江'.",
)


class _Reader(h11.Connection):
    """Reads requests whose heads are no larger than they may be.

    The library refuses a head only while the end of it is not there: one that comes at once could
    be larger.

    Attributes:
        refused: the status for what was no request; 0 where all is well.
    """

    def __init__(self) -> None:
        super().__init__(h11.SERVER, MOST_HEAD)
        self.refused = 0
        self.first_line = b""
        self._came = self._done = 0

    def receive_data(self, data: bytes) -> None:
        """Takes bytes."""
        self._came += len(data)
        self.first_line = data.partition(b"\n")[0]
        super().receive_data(data)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """What comes next; raises RemoteProtocolError for what is none of HTTP, or too large."""
        try:
            event = super().next_event()
            if isinstance(event, h11.Request | h11.EndOfMessage):
                done = self._came - len(self.trailing_data[0])
                size, self._done = done - self._done, done
                if isinstance(event, h11.Request) and size > MOST_HEAD:
                    raise h11.RemoteProtocolError("The head is too large.", error_status_hint=431)
        except h11.RemoteProtocolError as error:
            self.refused = error.error_status_hint
            raise
        return event


class BoundedConnection(H11Protocol):
    """A connection that is closed when its client keeps it without using it."""

    _address = ""
    _timer: asyncio.TimerHandle | None = None
    _seen: Any = None
    _most_of_one = MOST_OF_ONE

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._reader = self.conn = _Reader()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes a connection, unless its address has too many."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        _open[self._address] += 1
        if _open[self._address] > self._most_of_one:
            transport.abort()
            return
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Takes bytes; the time for a head ends with it."""
        if self._reader.refused:
            return
        super().data_received(data)
        if self.cycle is not self._seen:
            # The head of another request is complete.
            self._seen = self.cycle
            self._stop_waiting()
        elif self.cycle is None or self.cycle.response_complete:
            self._wait(HEAD_SECONDS, anew=False)

    def send_400_response(self, _msg: str) -> None:
        """Says what is wrong with a request that is not looked at, and ends the connection."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            # An answer is under way; nothing can be said in the middle of it.
            self.transport.abort()
            return
        refusal = NO_HTTP if self._reader.first_line.isascii() else NOT_ASCII
        if self._reader.refused == 431:
            refusal = TOO_LARGE
        answer = h11.Response(
            status_code=refusal.status_code, headers=[*refusal.raw_headers, CLOSE_HEADER]
        )
        for event in (answer, h11.Data(data=bytes(refusal.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            # It was the body: whoever works at the answer need not go on.
            cycle.disconnected = True
            cycle.message_event.set()
        # What still comes is taken and left alone: to close at once would take the answer back.
        self.transport.write_eof()
        self._stop_waiting()
        self._wait(PARTING_SECONDS)

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


class ProxyConnection(BoundedConnection):
    """A connection of a proxy's, which has those of all its visitors."""

    _most_of_one = MOST
