"""Child process that runs a command, so that the end of the engine becomes a message."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Thread
from typing import Final

from g60kg.errors import EngineFailure
from g60kg.rdf.atomic_output import drop_unfinished_of

_ENDED: Final = (-signal.SIGABRT, -signal.SIGSEGV)


def continue_in_child(output: Path | None) -> None:
    """Return in a child process; in this one, wait for the child and exit with its exit code.

    Call it before a store is opened and a thread started. Without forks, it does nothing.

    Raises:
        EngineFailure: in this process, if the engine ended the child.
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
    if code in _ENDED:
        raise EngineFailure(
            "The engine ended while it ran the query.",
            hint="Either memory was exhausted, or the query sorts values that SPARQL does not "
            "compare, such as dates with and without a time zone, or texts beside numbers. "
            "Sort by STR(?value).",
        )
    sys.exit(code if code >= 0 else 128 - code)


def _end_after(pipe: int) -> None:
    """End this process when the other end of a pipe is closed."""
    os.read(pipe, 1)
    os._exit(1)
