"""How a process that answers is started, and how it works."""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from g60kg.web import jobs
from g60kg.web.jobs import context
from g60kg.web.problems import OutOfMemory
from g60kg.web.settings import Settings

Answered = TypeVar("Answered")

#: Characters of the path of the folder for temporary files.
LONGEST_FOLDER: Final = 72

#: Seconds after which work goes on behind that of others, and how far behind (0 to 19).
SHORT: Final = 0.25
BEHIND: Final = 10


def starting() -> Any:
    """How processes are started: afresh, since a store on disk does not outlive a fork.

    Where the system can, from a process that has the modules loaded and nothing else: a process
    that was ended is replaced within a tenth of a second.
    """
    # That process is reached by a socket among the temporary files, whose path may not be long.
    is_short = len(tempfile.gettempdir()) < LONGEST_FOLDER
    if not is_short or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    started = multiprocessing.get_context("forkserver")
    found = pkgutil.iter_modules(jobs.__path__, f"{jobs.__name__}.")
    started.set_forkserver_preload(["__main__", *(module.name for module in found)])
    return started


def start(settings: Settings) -> None:
    """What each process does first."""
    # The engine never comes back to Python while it answers, so a handler would never run.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    context.end_with_parent()
    # An engine that runs out of memory prints pages about itself.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    context.open_for(settings)


def work(job: Callable[..., Answered], given: tuple[Any, ...], named: dict[str, Any]) -> Answered:
    """What a job gives, over the store as it is now."""
    context.refresh()
    try:
        return job(*given, **named)
    except MemoryError:
        raise OutOfMemory from None


def work_aside(
    job: Callable[..., Answered], given: tuple[Any, ...], named: dict[str, Any]
) -> Answered:
    """The same in a thread of its own: what takes long leaves the processor to what does not.

    On Linux a thread has a priority of its own, which it can lower and never raise again; the
    next job starts in a new one.
    """
    answered: list[Answered] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            answered.append(work(job, given, named))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    try:
        thread.start()
    except RuntimeError:
        # There is no memory for its stack.
        raise OutOfMemory from None
    thread.join(SHORT)
    if thread.is_alive() and sys.platform == "linux" and thread.native_id is not None:
        os.setpriority(os.PRIO_PROCESS, thread.native_id, BEHIND)
    thread.join()
    if failed:
        raise failed[0]
    return answered[0]
