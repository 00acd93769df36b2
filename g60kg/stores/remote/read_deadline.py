"""HTTP replies with a deadline that covers every read, of headers and body."""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

#: Minimum seconds of a read: 0 would make the socket non-blocking instead of timing out.
_LEAST = 0.001


class TimedResponse(http.client.HTTPResponse):
    """A reply whose reads end at a deadline; the timeout of a socket restarts with each byte."""

    def __init__(self, deadline: float | None, sock: socket.socket, *args: Any, **how: Any) -> None:
        super().__init__(sock, *args, **how)
        if deadline is not None:
            raw = self.fp.detach()
            self.fp = io.BufferedReader(_TimedReads(raw, sock, deadline))


class _TimedReads(io.RawIOBase):
    """Read from a socket until a deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(max(left, _LEAST))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()
