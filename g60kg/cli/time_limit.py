"""Time limit and signals of a query, which end the process if the engine does not return."""

from __future__ import annotations

import math
import os
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, Final, TypeVar

import typer

from g60kg.cli.output import SIGNALLED, say
from g60kg.errors import QueryTimeout
from g60kg.rdf.input_limits import MAX_SECONDS


def seconds_option(help_: str, least: float = 0) -> Any:
    """Return the option of a time limit."""

    def number(seconds: float) -> float:
        if math.isnan(seconds):  # neither below the least nor above the most
            raise typer.BadParameter(f"nan is not in the range {least:g}<=x<={MAX_SECONDS}.")
        return seconds

    return typer.Option(min=least, max=MAX_SECONDS, metavar="SECONDS", help=help_, callback=number)


Timeout = Annotated[float, seconds_option("The time limit; 0 for none.")]

Row = TypeVar("Row")

#: Seconds after the limit, or a signal, for completing or removing the output.
GRACE: Final = 0.5


class TimeLimit:
    """The time limit of a query; later rows are dropped, and :meth:`check` reports it.

    Attributes:
        seconds: the limit; 0 for none.
        passed: whether rows were dropped.
        printing: whether the printing of rows has begun.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = self.printing = False
        self._deadline = time.monotonic() + seconds

    def rows(self, rows: Iterable[Row], *, printed: bool) -> Iterator[Row]:
        """Yield the rows that come before the limit; they are printed, or written to a file."""
        for row in rows:
            if self.seconds > 0 and time.monotonic() > self._deadline:
                self.passed, self.printing = True, printed
                return
            self.printing = printed
            yield row

    def check(self) -> None:
        """Raise QueryTimeout if a row was dropped."""
        if self.passed:
            message, hint = self.message()
            raise QueryTimeout(message, hint=hint)

    def message(self) -> tuple[str, str]:
        """Return the message of the error and its hint."""
        message = f"stopped after {self.seconds:g} seconds."
        if self.printing:
            message = f"stopped after {self.seconds:g} seconds; the printed answer is incomplete."
        return message, "Narrow the query, or raise --timeout."


@contextmanager
def time_limit(seconds: float) -> Iterator[TimeLimit]:
    """Limit the time of a block that reads, in seconds; 0 for no limit. Let signals end it.

    If rows come one by one, the output is completed: see :meth:`TimeLimit.rows`. Otherwise the
    engine runs in native code and cannot be interrupted, so the process ends, with the exit code
    of a timeout or a signal, a message, and no partial file.
    """
    limit = TimeLimit(seconds)
    watchdog = threading.Timer(seconds + GRACE, _end_late, args=(limit,))
    watchdog.daemon = True
    if seconds > 0:
        watchdog.start()
    received, woken = socket.socketpair()
    woken.setblocking(False)
    threading.Thread(target=_end_on_signal, args=(received,), daemon=True).start()
    before = signal.set_wakeup_fd(woken.fileno())
    try:
        yield limit
    finally:
        signal.set_wakeup_fd(before)
        woken.close()
        watchdog.cancel()


def _end_late(limit: TimeLimit) -> None:
    _end(QueryTimeout.exit_code, *limit.message())


def _end_on_signal(received: socket.socket) -> None:
    """End the process after a signal, unless its handler ends the block, which runs in Python."""
    with received:
        number = received.recv(1)
        received.settimeout(GRACE)
        with suppress(TimeoutError):
            # A second signal does not wait; the end of the stream is the end of the block.
            if not number or not received.recv(1):
                return
    _end(128 + number[0], SIGNALLED.get(128 + number[0], SIGNALLED[130]))


def _end(code: int, message: str, *hint: str) -> None:
    from g60kg.rdf.atomic_output import drop_unfinished

    drop_unfinished()
    say(f"error: {message}", *hint)
    os._exit(code)
