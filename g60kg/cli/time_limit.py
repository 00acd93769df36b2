"""Time limit of a command, which ends the process if the engine does not return."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, TypeVar

import typer

from g60kg.cli.output import say
from g60kg.errors import QueryTimeout

#: The maximum time limit in seconds (eleven days), near the maximum of the system's timers.
LONGEST: Final = 1_000_000


def seconds_option(help_: str, least: float = 0) -> Any:
    """Return the option of a time limit."""
    return typer.Option(min=least, max=LONGEST, metavar="SECONDS", help=help_)


Timeout = Annotated[float, seconds_option("The time limit; 0 for none.")]

Row = TypeVar("Row")

#: Seconds after the limit for completing the output.
GRACE: Final = 0.5


class TimeLimit:
    """The time limit of a query; later rows are dropped, and :meth:`check` reports it.

    Attributes:
        seconds: the limit; 0 for none.
        passed: whether rows were dropped.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._deadline = time.monotonic() + seconds

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows that come before the limit."""
        for row in rows:
            if self.seconds > 0 and time.monotonic() > self._deadline:
                self.passed = True
                return
            yield row

    def check(self) -> None:
        """Raise QueryTimeout if a row was dropped."""
        if self.passed:
            message, hint = _timeout_message(self.seconds)
            raise QueryTimeout(message, hint=hint)


@contextmanager
def time_limit(seconds: float) -> Iterator[TimeLimit]:
    """Limit the time of a block, in seconds; 0 for no limit.

    If rows come one by one, the output is completed: see :meth:`TimeLimit.rows`. Otherwise the
    engine runs in native code and cannot be interrupted, so the process ends, with the exit code
    of a timeout, a message, and no partial file.
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


def _timeout_message(seconds: float) -> tuple[str, str]:
    return (
        f"stopped after {seconds:g} seconds; the printed answer is incomplete.",
        "Narrow the query, or raise --timeout.",
    )


def _end(seconds: float) -> None:
    from g60kg.rdf.atomic_output import drop_unfinished

    drop_unfinished()
    message, hint = _timeout_message(seconds)
    say(f"error: {message}", hint)
    os._exit(QueryTimeout.exit_code)
