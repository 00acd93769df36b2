"""Answers that end in time: every read from the server counts, of the head as of the body."""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

#: Seconds that a read is given at least: none at all would mean not to wait, not to be too late.
_LEAST = 0.001


class TimedResponse(http.client.HTTPResponse):
    """An answer whose reads end at a time; those below begin anew with each byte that comes."""

    def __init__(self, deadline: float | None, sock: socket.socket, *args: Any, **how: Any) -> None:
        super().__init__(sock, *args, **how)
        if deadline is not None:
            raw = self.fp.detach()
            self.fp = io.BufferedReader(_TimedReads(raw, sock, deadline))


class _TimedReads(io.RawIOBase):
    """Reads from a socket until a time."""

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
