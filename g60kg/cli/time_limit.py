"""Time limit and signals of a query, which end the process if the engine does not return."""

from __future__ import annotations

import math
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from g60kg.cli.output import SIGNALLED, say
from g60kg.errors import EngineFailure, QueryTimeout, StoreFailure
from g60kg.rdf.atomic_output import drop_unfinished, drop_unfinished_of
from g60kg.rdf.input_limits import MAX_SECONDS
from g60kg.rdf.text_excerpt import plural

if TYPE_CHECKING:
    from g60kg.stores.local_store import LocalStore

Row = TypeVar("Row")
#: Seconds after the limit, or a signal, for completing or removing the output.
GRACE: Final = 0.5
#: Seconds, or bytes of further memory, after which a store is checked, and seconds between looks.
LATE: Final = 5.0
LARGE: Final = 500_000_000
_PAUSE: Final = 0.2


def seconds_option(help_: str, least: float = 0) -> Any:
    """Return the option of a time limit in seconds, at least ``least``; ``help_`` is its help."""

    def number(seconds: float) -> float:
        if math.isnan(seconds):  # neither below the least nor above the most
            raise typer.BadParameter(f"nan is not in the range {least:g}<=x<={MAX_SECONDS}.")
        return seconds

    return typer.Option(min=least, max=MAX_SECONDS, metavar="SECONDS", help=help_, callback=number)


Timeout = Annotated[float, seconds_option("The time limit; 0 for none.")]


class TimeLimit:
    """The time limit of a query in seconds (0: no limit); dropping later rows is an error."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = self.printing = False
        self._deadline = time.monotonic() + seconds

    def rows(self, rows: Iterable[Row], *, printed: bool) -> Iterator[Row]:
        """Yield the rows that arrive before the limit, then stop; :meth:`check` raises the error.

        ``printed`` is whether they are printed, which the message of the error mentions.
        """
        for row in rows:
            if self.seconds > 0 and time.monotonic() > self._deadline:
                self.passed, self.printing = True, printed
                return
            self.printing = printed
            yield row

    def check(self) -> None:
        """Raise QueryTimeout if :meth:`rows` dropped a row after the time limit."""
        if self.passed:
            message, hint = self.message()
            raise QueryTimeout(message, hint=hint)

    def message(self) -> tuple[str, str]:
        """Return the message and the hint of the QueryTimeout error."""
        seconds, s = self.seconds, plural(self.seconds)
        message = f"stopped after {seconds:g} second{s}."
        if self.printing:
            message = f"stopped after {seconds:g} second{s}; the printed answer is incomplete."
        return message, "Narrow the query, or raise --timeout."


@contextmanager
def time_limit(seconds: float) -> Iterator[TimeLimit]:
    """Limit the time of a block that runs a query (0: no limit), and let signals end it.

    If rows arrive one by one, the block completes its output: see :meth:`TimeLimit.rows`. Otherwise
    the process exits with a message and the exit code of the time-out or the signal; no partial
    file remains.
    """
    limit = TimeLimit(seconds)
    late = QueryTimeout.exit_code
    watchdog = threading.Timer(seconds + GRACE, lambda: _end(late, *limit.message()))
    watchdog.daemon = True
    if seconds > 0:
        watchdog.start()
    received, woken = socket.socketpair()
    woken.setblocking(False)
    Thread(target=_end_on_signal, args=(received,), daemon=True).start()
    before = signal.set_wakeup_fd(woken.fileno())
    try:
        yield limit
    finally:
        signal.set_wakeup_fd(before)
        woken.close()
        watchdog.cancel()


def _end_on_signal(received: socket.socket) -> None:
    """Exit at a second signal, or if the block still runs GRACE seconds after the first one."""
    with received:
        number = received.recv(1)
        received.settimeout(GRACE)
        with suppress(TimeoutError):
            # A second signal does not wait; the end of the stream is the end of the block.
            if not number or not received.recv(1):
                return
    _end(128 + number[0], SIGNALLED.get(128 + number[0], SIGNALLED[130]))


def _end(code: int, message: str, *hint: str) -> None:
    drop_unfinished()
    say(f"error: {message}", *hint)
    os._exit(code)


def end_if_damaged(store: LocalStore) -> None:
    """Start a thread that scans the store once, later; it ends the process if files are damaged."""

    def watch() -> None:
        late, large = time.monotonic() + LATE, _most_memory() + LARGE
        while time.monotonic() < late and _most_memory() < large:
            time.sleep(_PAUSE)
        try:
            store.scan()
        except StoreFailure as error:
            _end(error.exit_code, error.message, *filter(None, [error.hint]))

    Thread(target=watch, daemon=True).start()


def _most_memory() -> int:
    with suppress(ImportError):  # on Windows
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return 0


def continue_in_child(output: Path | None) -> None:
    """Fork and return in the child; in the parent, wait for the child and exit with its code.

    Call it before a store is opened or a thread is started. On a system without fork, it does
    nothing. If the child is killed, unfinished files of ``output`` are removed.

    Raises:
        EngineFailure: in the parent, if the child was killed or the engine crashed.
    """
    if not hasattr(os, "fork"):
        return
    watched, held = os.pipe()
    child = os.fork()
    if not child:
        # The other process holds the pipe open until it ends, however it ends.
        os.close(held)
        Thread(target=_end_after, args=(watched,), daemon=True).start()
        # A terminal signals both processes; the other one ends this one, and reports it.
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # The engine writes to the descriptor, with advice about its own code.
        sys.stderr = os.fdopen(os.dup(2), "w", 1, sys.stderr.encoding, sys.stderr.errors)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        return
    os.close(watched)
    code = None
    try:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        if code is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if code is None or code < 0:
            drop_unfinished_of(child, output)
    if code == -signal.SIGKILL:
        raise EngineFailure("The process of the query was killed, perhaps for lack of memory.")
    if code in (-signal.SIGABRT, -signal.SIGSEGV):
        raise EngineFailure(
            "The engine ended while it ran the query.",
            hint="Either memory was exhausted, or the query sorts values that SPARQL does not "
            "compare, such as dates with and without a time zone, or texts beside numbers. "
            "Sort by STR(?value).",
        )
    sys.exit(code if code >= 0 else 128 - code)


def _end_after(pipe: int) -> None:
    os.read(pipe, 1)
    os._exit(1)
