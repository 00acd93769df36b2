"""A time limit that really ends the work."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, TypeVar

import typer

from g60kg.cli.output_streams import say
from g60kg.errors import QueryTimeout

#: The longest time limit in seconds, eleven days: what the system's timers take is not much more.
LONGEST: Final = 1_000_000


def seconds_option(help_: str, least: float = 0) -> Any:
    """The option of a time limit."""
    return typer.Option(min=least, max=LONGEST, metavar="SECONDS", help=help_)


Timeout = Annotated[float, seconds_option("The time limit; 0 for none.")]

Row = TypeVar("Row")

#: Seconds past the limit that are left for ending an output in good order.
GRACE: Final = 0.5


class TimeLimit:
    """How long a query may take; rows that come later are left out, and that is told.

    Attributes:
        seconds: the limit; 0 for none.
        passed: whether rows were left out.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._deadline = time.monotonic() + seconds

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that come before the limit."""
        for row in rows:
            if self.seconds > 0 and time.monotonic() > self._deadline:
                self.passed = True
                return
            yield row

    def check(self) -> None:
        """Does nothing when no row was left out.

        Raises:
            QueryTimeout: some were.
        """
        if self.passed:
            message, hint = _told(self.seconds)
            raise QueryTimeout(message, hint=hint)


@contextmanager
def time_limit(seconds: float) -> Iterator[TimeLimit]:
    """Ends the block when it has not ended after so many seconds.

    Where rows come one by one, the output ends in good order: see :meth:`TimeLimit.rows`. Where
    nothing comes, the engine runs in native code and cannot be interrupted, so the process goes:
    with the exit code of a timeout, a message, and no half-written file. No limit where seconds
    is 0.
    """
    limit = TimeLimit(seconds)
    if seconds <= 0:
        yield limit
        return
    watchdog = threading.Timer(seconds + GRACE, _end, args=(seconds,))
    watchdog.daemon = True
    watchdog.start()
    try:
        yield limit
    finally:
        watchdog.cancel()


def _told(seconds: float) -> tuple[str, str]:
    return (
        f"stopped after {seconds:g} seconds; what was printed is not the whole answer.",
        "Ask for less, or allow more with --timeout.",
    )


def _end(seconds: float) -> None:
    from g60kg.rdf.atomic_output import drop_unfinished

    drop_unfinished()
    message, hint = _told(seconds)
    say(f"error: {message}", hint)
    os._exit(QueryTimeout.exit_code)
