"""A time limit that really ends the work."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from g60kg.errors import QueryTimeout
from g60kg.files import drop_unfinished


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Ends the process when the block has not ended after so many seconds.

    The engine runs in native code and cannot be interrupted, so the process goes: with the exit
    code of a timeout, a message, and no half-written file. No limit where seconds is 0.
    """
    if seconds <= 0:
        yield
        return
    watchdog = threading.Timer(seconds, _end, args=(seconds,))
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _end(seconds: float) -> None:
    drop_unfinished()
    print(
        f"error: stopped after {seconds:g} seconds; what was printed is not the whole answer.\n"
        "Ask for less, or allow more with --timeout.",
        file=sys.stderr,
        flush=True,
    )
    os._exit(QueryTimeout.exit_code)
