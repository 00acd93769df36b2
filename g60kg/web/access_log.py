"""The server's log on stderr: requests, without query strings and bodies, and errors."""

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
    """Log handler that writes lines to stderr, as text or as JSON.

    A failure to write the log is ignored.
    """

    def __init__(self, *, as_json: bool) -> None:
        super().__init__(logging.WARNING)
        self._as_json = as_json

    def request(self, method: str, path: str, status: int, seconds: float, size: int) -> None:
        """Log a request without its query string, with at most 200 characters of its path."""
        shown = path.encode("unicode_escape").decode("ascii")[:_MOST]
        ms = round(seconds * 1000, 1)
        line = f"{method} {shown} {status} {ms:g} ms {size:,} bytes"
        self._write(line, method=method, path=shown, status=status, ms=ms, bytes=size, level="info")

    def log(self, level: str, message: str) -> None:
        """Log a message with its level in one line.

        Control characters and characters outside ASCII are escaped.
        """
        line = message.encode("unicode_escape").decode("ascii")
        self._write(f"{level}: {line}", level=level, message=line)

    def failure(self, error: BaseException) -> None:
        """Log an exception in one line, with the function and the line number that raised it."""
        frames = traceback.extract_tb(error.__traceback__)
        where = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
        self.log("error", f"{type(error).__name__}: {error}{where}")

    def emit(self, record: logging.LogRecord) -> None:
        """Log a record of uvicorn or asyncio in the same format.

        An exception becomes one line without its stack. Writes to closed connections and the advice
        to install a WebSocket library are not logged.
        """
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
