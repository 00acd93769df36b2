"""The server's log on stderr: requests, without query strings and bodies, and errors."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Final

from g60kg.rdf.atomic_output import discard

#: The most characters of a path in the log.
_MOST: Final = 200
#: What is not logged: a write to a connection that its client has closed (the line of the request
#: says 499), and advice to install a library for an upgrade that a client asked for.
_UNLOGGED: Final = ("socket.send() raised exception.", "No supported WebSocket library detected.")


class Log(logging.Handler):
    """Writes lines to stderr, as text or as JSON.

    Query strings and bodies are left out, because they may be private.
    """

    def __init__(self, *, as_json: bool) -> None:
        super().__init__(logging.WARNING)
        self._as_json = as_json

    def request(self, method: str, path: str, status: int, seconds: float, size: int) -> None:
        """Log a request, without its query; status 499 if the client disconnected."""
        shown = path.encode("unicode_escape").decode("ascii")[:_MOST]
        ms = round(seconds * 1000, 1)
        line = f"{method} {shown} {status} {ms:g} ms {size:,} bytes"
        self._write(line, method=method, path=shown, status=status, ms=ms, bytes=size, level="info")

    def log(self, level: str, message: str) -> None:
        """Log a message; an error does not end the server."""
        line = message.encode("unicode_escape").decode("ascii")
        self._write(f"{level}: {line}", level=level, message=line)

    def failure(self, error: BaseException) -> None:
        """Log an unexpected exception in one line, with its place in the code."""
        frames = traceback.extract_tb(error.__traceback__)
        where = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
        self.log("error", f"{type(error).__name__}: {error}{where}")

    def emit(self, record: logging.LogRecord) -> None:
        """Log a record of the HTTP library in the same format."""
        if record.name in ("asyncio", "uvicorn.error") and record.msg.startswith(_UNLOGGED):
            return
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self.failure(error)
        else:
            message = record.getMessage()
            if message.startswith("Traceback"):
                # Keep the exception, which is not indented, and drop the stack.
                lines = [line for line in message.splitlines()[1:] if not line.startswith(" ")]
                message = " ".join(lines)
            self.log(record.levelname.lower(), message)

    def _write(self, text: str, **members: str | float | int) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"time": now, **members}) if self._as_json else f"{now} {text}"
        # A log that cannot be written does not end the server.
        try:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except OSError:
            discard(sys.stderr)
