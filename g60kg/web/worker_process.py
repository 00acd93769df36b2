"""Main loop of a worker process, which runs jobs received through a pipe."""

import multiprocessing
import os
import pickle
import pkgutil
import signal
import tempfile
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from g60kg.errors import G60kgError
from g60kg.validation.delta.own_process import end_with_parent
from g60kg.web import views
from g60kg.web.problem_details import OutOfMemory
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph

#: The most characters of the path of the temporary folder for the socket of forkserver.
LONGEST_FOLDER: Final = 72
#: The nice values of processes for any job, and of the one that prepares pages.
NICE: Final = 5
LOWEST: Final = 19


def start_method() -> Any:
    """Return the multiprocessing context of worker processes: forkserver, or else spawn.

    Fork is never used, because it breaks open stores.
    """
    # The socket of forkserver is in the temporary folder, and socket paths are limited.
    is_short = len(tempfile.gettempdir()) < LONGEST_FOLDER
    if not is_short or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    started = multiprocessing.get_context("forkserver")
    found = pkgutil.iter_modules(views.__path__, f"{views.__name__}.")
    started.set_forkserver_preload(["__main__", *(module.name for module in found)])
    return started


def main(pipe: Connection, settings: Settings, nice: int, folder: str) -> None:
    """Open the graph, report this through the pipe, and run jobs until the pipe is closed.

    ``folder`` is for temporary files.
    """
    # During a query the engine does not return to Python, so a Python handler would not run.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    tempfile.tempdir = folder
    # An engine that runs out of memory prints long messages to stderr.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    _limit_memory(settings.memory_limit)
    with suppress(AttributeError, OSError):  # other systems have no nice values
        os.nice(nice)
    open_graph.open_for(settings)
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            pipe.send_bytes(_reply(pipe.recv()))


def _reply(job: Any) -> bytes:
    """Call a job; return a pickled tuple: whether it succeeded, result or error, CPU seconds."""
    started = time.process_time()

    def seconds() -> float:
        return time.process_time() - started

    try:
        result, _ = open_graph.run_with_version(job)
        return pickle.dumps((True, result, seconds()), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((False, OutOfMemory(), seconds()))
    except Exception as error:
        if not isinstance(error, G60kgError):
            frame = traceback.extract_tb(error.__traceback__)[-1]
            error.add_note(f"{frame.name}, line {frame.lineno}")
        try:
            return pickle.dumps((False, error, seconds()))
        except Exception:
            unpicklable = RuntimeError(f"{type(error).__name__}: {error}")
            return pickle.dumps((False, unpicklable, seconds()))


def _limit_memory(most: int) -> None:
    # Some systems have no limits, or do not support this one.
    with suppress(ImportError, OSError, ValueError):
        import resource

        if most:
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
