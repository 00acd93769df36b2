"""Connection limits: number, size of request heads, slow clients, bytes of unsent responses.

The protocol extends that of the HTTP library, which limits only the time between two requests.
The middleware reports the start and the end of each request to its connection.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from math import inf
from time import monotonic
from typing import Any, Final, cast
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Message, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from g60kg.web.problem_details import Problem
from g60kg.web.server_settings import Settings
from g60kg.web.worker_pool import client

#: The most connections of one address, and of all addresses.
MOST_OF_ONE: Final = 128
MOST: Final = 512
#: The most bytes of the head of a request: its first line and all headers.
MOST_HEAD: Final = 65_536
#: The most bytes received while a request is answered: its body and pipelined requests.
MOST_MEANWHILE: Final = 4 * 1024**2
#: The most bytes of unsent responses to one address, and to all addresses.
MOST_WAITING_OF_ONE: Final = 96 * 1024**2
MOST_WAITING: Final = 256 * 1024**2
#: Seconds before a slow client can be disconnected in favour of others.
PATIENT_SECONDS: Final = 1.0
#: The bytes passed to a connection at once.
PIECE: Final = 65_536
#: Time limits in seconds for receiving the head of a request, and for a client that stops reading.
HEAD_SECONDS: Final = 15.0
STALL_SECONDS: Final = 30.0
#: Seconds that a client has to read why it is refused.
PARTING_SECONDS: Final = 2.0

TOO_LARGE: Final = Problem(
    431,
    f"The head of the request is larger than {MOST_HEAD:,} bytes.",
    "Send fewer or shorter headers, or POST a long query.",
    {"Connection": "close"},
)
NOT_ASCII: Final = Problem(
    400,
    "The URL has characters outside ASCII.",
    "Percent-encode them in UTF-8: %E6%9D%BE%E6%B1%9F for 松江. "
    "With curl, a parameter: -G --data-urlencode 'city=松江'.",
    {"Connection": "close"},
)
TOO_MUCH_WAITING: Final = Problem(
    503,
    "Too many bytes of earlier responses to this address are unread.",
    "Read them first, or request less.",
    {"Retry-After": "5"},
)

_open: Counter[str] = Counter()


class JoiningTransport:
    """A transport that passes on the head of a response together with what is written next.

    The HTTP library writes heads apart from bodies. Sending both in one system call makes lookups
    4 % faster (measured). A head alone is passed on once the event loop has run the other tasks.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write bytes; the head of a response is held back."""
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/"):
            self._head = data
            asyncio.get_running_loop().call_soon(self.flush)
            return
        self._transport.write(data)

    def flush(self) -> None:
        """Write the head that is held back, if there is one."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """Close the connection after all bytes were sent."""
        self.flush()
        self._transport.close()

    def write_eof(self) -> None:
        """Close the sending half of the connection after all bytes were sent."""
        self.flush()
        self._transport.write_eof()


class LimitedConnection(HttpToolsProtocol):
    """A connection that is closed if its client sends or reads too slowly."""

    most_of_one = MOST_OF_ONE

    def __init__(self, *, app_state: dict[str, Any], **given: Any) -> None:
        super().__init__(app_state={**app_state, "connection": self}, **given)
        self._timer: asyncio.TimerHandle | None = None
        self._address = ""
        self._received = 0
        # A pipelined request can start before the previous one has been logged.
        self._busy = 0
        self._refused = False
        #: Why the current request is refused although its head is passed on.
        self.refusal: Response | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection, or abort it if its address has too many connections."""
        super().connection_made(cast(asyncio.Transport, JoiningTransport(transport)))
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        _open[self._address] += 1
        if _open[self._address] > self.most_of_one:
            self.abort()
        else:
            self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Parse bytes; refuse those beyond the limit of a head, or of a body during a request."""
        if self._refused:
            return
        if self._received > (MOST_MEANWHILE if self._busy else MOST_HEAD):
            self.refuse(TOO_LARGE)
            return
        if not self._busy and not self._received:
            first, end, rest = data.partition(b"\n")
            if not first.isascii():
                # The parser would refuse it without saying why.
                self.refusal = NOT_ASCII
                data = quote(first, bytes(range(128))).encode() + end + rest
        self._received += len(data)
        if not self._busy and self._timer is None:
            self._wait(HEAD_SECONDS)
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Refuse a request that is not HTTP."""
        refusal = Problem(400, msg, headers={"Connection": "close"})
        is_pending = not getattr(self.cycle, "response_complete", True)  # None at the start
        self.refuse(refusal, at_once=is_pending)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the number of its address."""
        self._stop_waiting()
        _open[self._address] -= 1
        if _open[self._address] <= 0:
            del _open[self._address]
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Start the time limit STALL_SECONDS for a client that does not read its response."""
        super().pause_writing()
        self._stop_waiting()
        self._wait(STALL_SECONDS)

    def resume_writing(self) -> None:
        """Stop the time limit of :meth:`pause_writing`."""
        self._stop_waiting()
        if not self._busy:
            self._wait(HEAD_SECONDS)
        super().resume_writing()

    def request_began(self) -> None:
        """Record that the head of a request is complete."""
        self._busy += 1
        self._received = 0
        self._stop_waiting()

    def request_ended(self) -> None:
        """Record that the response to a request is complete."""
        self._busy -= 1
        if not self._busy:
            self._received = 0
            if self._timer is None:
                self._wait(HEAD_SECONDS)

    def abort(self) -> None:
        """Close the connection at once, without sending the buffered bytes."""
        self.transport.abort()

    def refuse(self, refusal: Response, *, at_once: bool = False) -> None:
        """Send a response and close the connection after PARTING_SECONDS; at once with ``at_once``.

        While a request is answered, it is closed at once without the response.
        """
        self._refused = True
        if self._busy:
            # A response is being sent, so no other can be inserted.
            self.transport.abort()
            return
        lines = [
            f"HTTP/1.1 {refusal.status_code} {HTTPStatus(refusal.status_code).phrase}".encode()
        ]
        lines += [name + b": " + value for name, value in refusal.raw_headers]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(refusal.body)]))
        if at_once:
            self.transport.close()
            return
        # Closing at once would reset the connection and lose the response, as input is pending.
        self.transport.write_eof()
        self._stop_waiting()
        self._wait(PARTING_SECONDS)

    def _wait(self, seconds: float) -> None:
        if self.transport.is_closing():
            return
        self._timer = asyncio.get_running_loop().call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def connection_class(settings: Settings) -> type[LimitedConnection]:
    """Return the connection class with the limits of one server process.

    If proxies are trusted, one address may have as many connections as all addresses.
    """

    class Connection(LimitedConnection):
        most_of_one = most_of(MOST if settings.trust_forwarded else MOST_OF_ONE, settings)

    return Connection


def most_of(most: int, settings: Settings) -> int:
    """Return the share of a limit for one of the server's processes; at least 1."""
    return max(1, most // settings.processes)


class UnsentBytesLimit:
    """Limits the bytes of responses that slow clients have not read.

    A large body is sent in pieces, so that a connection buffers only one or two of them; the rest
    is counted as waiting. If too many bytes wait for one address, its next large response must be
    refused. If too many wait for all addresses, the slowest client is disconnected.
    """

    def __init__(self, settings: Settings) -> None:
        self._most_of_one = most_of(MOST_WAITING_OF_ONE, settings)
        self._most = most_of(MOST_WAITING, settings)
        self._waiting: set[_UnsentResponse] = set()

    def are_exceeded_by(self, size: int) -> bool:
        """Return whether a response to the client must be refused, by the bytes of its body.

        For the limit of all addresses, slow clients are disconnected first.
        """
        if size <= PIECE:
            return False
        address = client.get()
        of_one = sum(one.left for one in self._waiting if one.address == address)
        # An address with nothing waiting has its answer, whatever its size.
        if of_one > 0 and of_one + size > self._most_of_one:
            return True
        while self._waiting and self._total() + size > self._most:
            slowest = min(self._waiting, key=_UnsentResponse.rate)
            if not slowest.end():
                return True
            self._waiting.remove(slowest)
        return False

    def _total(self) -> int:
        return sum(one.left for one in self._waiting)

    async def send(self, message: Message, send: Send, connection: Any) -> None:
        """Send a part of a body in pieces; ``connection`` can be aborted meanwhile, unless None."""
        body = message.get("body", b"")
        if len(body) <= PIECE:
            await send(message)
            return
        waiting = _UnsentResponse(client.get(), len(body), connection)
        self._waiting.add(waiting)
        try:
            for at in range(0, len(body), PIECE):
                piece = body[at : at + PIECE]
                more = message.get("more_body", False) or at + PIECE < len(body)
                await send({"type": "http.response.body", "body": piece, "more_body": more})
                waiting.sent += len(piece)
        finally:
            self._waiting.discard(waiting)


@dataclass(slots=True, eq=False)
class _UnsentResponse:
    address: str
    size: int
    connection: LimitedConnection | None
    sent: int = 0
    began: float = field(default_factory=monotonic)

    @property
    def left(self) -> int:
        """The bytes that are not yet passed to the connection."""
        return self.size - self.sent

    def rate(self) -> float:
        """Return the bytes sent per second; infinity in the first PATIENT_SECONDS."""
        seconds = monotonic() - self.began
        return self.sent / seconds if seconds > PATIENT_SECONDS else inf

    def end(self) -> bool:
        """Abort the connection; return False if it is unknown, or if the response is too new."""
        if self.connection is None or self.rate() == inf:
            return False
        self.connection.abort()
        return True
