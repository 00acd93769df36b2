"""Pool of worker processes with time limits, and the queue of waiting jobs.

The engine cannot cancel a query, so a job that exceeds its time limit is ended with its process,
and a new process replaces it.
"""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from g60kg.web import worker_process
from g60kg.web.problem_details import Busy
from g60kg.web.server_settings import Settings

#: The address of the current request's client.
client: ContextVar[str] = ContextVar("client", default="")

#: Seconds that a process has to open the graph, and the minimum time of a job after waiting.
START: Final = 60.0
LEAST: Final = 0.1


class Kind(Enum):
    """The kind of a job, which limits how many of them run at once."""

    #: A page about the complete graph, without parameters; has its own process.
    OVERVIEW = 1
    #: A client's query or file, or a canned query that scans the graph.
    QUERY = 2
    #: A download, which may take minutes.
    LONG = 3


class TimedOut(Exception):
    """The job was ended at its time limit."""


class Died(Exception):
    """The process of the job ended, for example by exceeding its memory limit."""


class Worker:
    """A worker process and the pipe to it; its methods are called from threads."""

    def __init__(self, settings: Settings, method: Any) -> None:
        self._settings = settings
        self._method = method
        self._lock = threading.Lock()
        self._closed = False
        self._start()

    def _start(self) -> None:
        self._pipe, other = self._method.Pipe()
        self._process = self._method.Process(
            target=worker_process.main, args=(other, self._settings), daemon=True
        )
        self._process.start()
        other.close()
        self._is_ready = False
        self._is_ended = False

    def wait_until_ready(self) -> None:
        """Wait until the process has opened the graph; raise Died if it cannot."""
        if self._is_ended or not self._process.is_alive():
            self._replace()
        if not self._is_ready:
            try:
                if not self._pipe.poll(START):
                    raise Died
                self._pipe.recv()
            except (EOFError, OSError):
                raise Died from None
            self._is_ready = True

    def call(
        self, job: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any], seconds: float
    ) -> tuple[Any, int]:
        """Run a job; return its result and the size in bytes, or raise its error.

        Raises:
            TimedOut: it took longer than ``seconds``.
            Died: its process ended.
        """
        try:
            self.wait_until_ready()
            self._pipe.send((job, given, named))
            if not self._pipe.poll(seconds):
                raise TimedOut
            content = self._pipe.recv_bytes()
        except (EOFError, OSError):
            self._replace()
            raise Died from None
        except (TimedOut, Died):
            self._replace()
            raise
        is_answer, answer = pickle.loads(content)
        if not is_answer:
            raise answer
        return answer, len(content)

    def _replace(self) -> None:
        with self._lock:
            self.kill()
            self._process.join()
            self._pipe.close()
            if not self._closed:
                self._start()

    def kill(self) -> None:
        """End the process; the job that runs in it raises Died."""
        self._is_ended = True
        self._process.kill()

    def close(self) -> None:
        """End the process without replacing it."""
        self._closed = True
        with self._lock:
            self.kill()
            self._process.join()


@dataclass(eq=False, slots=True)
class _Entry:
    """A waiting or running job; ``may_run`` is done when it may run."""

    kind: Kind
    client: str
    may_run: asyncio.Future[None]


class WorkerPool:
    """Runs jobs in worker processes in order of arrival, within shares.

    One address uses at most half of the processes, and so do downloads. One more process is
    reserved for the pages about the complete graph. The queue is limited, and one address fills
    at most half of it.
    """

    def __init__(self, settings: Settings) -> None:
        self._most = settings.workers
        self._share = max(1, settings.workers // 2)
        self._queue = settings.queue
        self._running: list[_Entry] = []
        self._waiting: list[_Entry] = []
        method = worker_process.start_method()
        self._idle = [Worker(settings, method) for _ in range(self._most + 1)]
        self._all = tuple(self._idle)
        self._threads = ThreadPoolExecutor(len(self._all), "worker")

    @property
    def running(self) -> int:
        """The number of running jobs."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """The number of waiting jobs."""
        return len(self._waiting)

    async def warm(self) -> None:
        """Wait until all processes have opened the graph."""
        loop = asyncio.get_running_loop()
        waiting = (
            loop.run_in_executor(self._threads, worker.wait_until_ready) for worker in self._all
        )
        await asyncio.gather(*waiting)

    async def run(
        self,
        kind: Kind,
        seconds: float,
        job: Callable[..., Any],
        given: tuple[Any, ...],
        named: dict[str, Any],
    ) -> tuple[Any, int]:
        """Run a job; return its result and the size in bytes, or raise its error.

        The job is a module-level function, so that it can be pickled. Its time limit includes the
        time in the queue.

        Raises:
            Busy: the queue is full, or the time limit passed in the queue.
            TimedOut, Died: as :meth:`Worker.call`.
        """
        arrived = time.monotonic()
        loop = asyncio.get_running_loop()
        entry = _Entry(kind, client.get(), loop.create_future())
        await self._wait(entry, seconds)
        worker = self._idle.pop()
        left = max(arrived + seconds - time.monotonic(), LEAST)
        calling = loop.run_in_executor(self._threads, worker.call, job, given, named, left)
        calling.add_done_callback(lambda _: self._release(entry, worker))
        try:
            return await asyncio.shield(calling)
        except asyncio.CancelledError:
            # The client has disconnected. After a finished call the process is reused.
            if not calling.done():
                worker.kill()
            calling.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise

    async def _wait(self, entry: _Entry, seconds: float) -> None:
        if self._fits(entry):
            self._running.append(entry)
            return
        alike = [one for one in self._waiting if (one.kind is Kind.OVERVIEW) == (
            entry.kind is Kind.OVERVIEW)]  # fmt: skip
        mine = sum(one.client == entry.client for one in alike)
        if len(alike) >= self._queue or mine >= max(1, self._queue // 2):
            raise Busy
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(seconds):
                await entry.may_run
        except BaseException as error:
            if entry in self._waiting:
                self._waiting.remove(entry)
            elif entry in self._running:
                self._running.remove(entry)
                self._begin()
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise

    def _fits(self, entry: _Entry) -> bool:
        """Whether a job may run besides the running ones."""
        if entry.kind is Kind.OVERVIEW:
            return not any(one.kind is Kind.OVERVIEW for one in self._running)
        others = [one for one in self._running if one.kind is not Kind.OVERVIEW]
        if len(others) >= self._most:
            return False
        if entry.kind is Kind.LONG and (
            sum(one.kind is Kind.LONG for one in others) >= self._share
        ):
            return False
        return sum(one.client == entry.client for one in others) < self._share

    def _release(self, entry: _Entry, worker: Worker) -> None:
        self._running.remove(entry)
        self._idle.append(worker)
        self._begin()

    def _begin(self) -> None:
        for entry in [*self._waiting]:
            if not entry.may_run.done() and self._fits(entry):
                self._waiting.remove(entry)
                self._running.append(entry)
                entry.may_run.set_result(None)

    def close(self) -> None:
        """End all processes."""
        for worker in self._all:
            worker.close()
        self._threads.shutdown(cancel_futures=True)
