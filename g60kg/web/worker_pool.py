"""Pool of worker processes with time limits, and the queue of waiting jobs.

The engine cannot cancel a query. Therefore the process of a job that exceeds its time limit is
killed, and a new process replaces it.
"""

import asyncio
import pickle
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from functools import partial
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Final

from g60kg.namespaces import BASE
from g60kg.queries.catalog import load_catalog
from g60kg.rdf.atomic_output import in_temporary_folder
from g60kg.web import worker_process
from g60kg.web.problem_details import Busy
from g60kg.web.server_settings import Settings

#: The address of the current request's client.
client: ContextVar[str] = ContextVar("client", default="")
#: The addresses that wait for the result of the current job; later requests add theirs.
clients: ContextVar[set[str] | None] = ContextVar("clients", default=None)

#: Seconds that a process has to open the graph, and the minimum time of a job after waiting.
START: Final = 60.0
LEAST: Final = 0.1
#: The most attempts to start a process, and the seconds between two.
_STARTS: Final = 5
_PAUSE: Final = 0.2


#: The most processor seconds of a short job.
SHORT: Final = 2.0
#: The seconds that a job is overtaken by cheaper ones, for a processor second of its cost.
PATIENCE: Final = 2.0


class Kind(Enum):
    """The kind of a job, which limits how many of them run at once."""

    #: A page or a canned query: short until a run of its kind took longer than SHORT.
    CANNED = 1
    #: A client's query or file.
    QUERY = 2
    #: A download, which may take minutes.
    LONG = 3


class TimedOut(Exception):
    """A job was stopped at its time limit."""


class WorkerDied(Exception):
    """The process of the job ended, or could not be started."""


class Worker:
    """A worker process and the pipe to it; its methods are called from threads."""

    def __init__(self, settings: Settings, method: Any, *, nice: int = worker_process.NICE) -> None:
        self._settings = settings
        self._method = method
        self._nice = nice
        #: The processor seconds of its last job; the seconds that passed if it was ended.
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._closed = False
        self._start()

    def _start(self) -> None:
        # A process that is ended in the middle of a workbook cannot remove what it wrote.
        with in_temporary_folder():
            self._folder = mkdtemp(prefix="g60kg-worker-")
        for left in reversed(range(_STARTS)):
            try:
                self._pipe, self._process = self._started()
                break
            except (EOFError, OSError) as error:
                if not left:
                    rmtree(self._folder, ignore_errors=True)
                    raise WorkerDied(f"A process cannot be started: {error}") from error
                # The process that starts the others has ended. A later start begins a new one.
                time.sleep(_PAUSE)
        self._began = time.monotonic()
        self._is_ready = False
        self._is_ended = False
        #: The version of the graph that it is prepared for.
        self.prepared: str | None = None

    def _started(self) -> tuple[Any, Any]:
        pipe, other = self._method.Pipe()
        process = self._method.Process(
            target=worker_process.main,
            args=(other, self._settings, self._nice, self._folder),
            daemon=True,
        )
        with other:
            process.start()
        return pipe, process

    def wait_until_ready(self, seconds: float = START) -> None:
        """Wait until the process has opened the graph; replace it first if it has ended.

        Raises:
            TimedOut: ``seconds`` passed.
            WorkerDied: the process ended, or START seconds passed since its start.
        """
        if self._is_ended or not self._process.is_alive():
            self._replace()
        if not self._is_ready:
            left = self._began + START - time.monotonic()
            try:
                if not self._pipe.poll(max(min(left, seconds), 0)):
                    raise WorkerDied if left <= seconds else TimedOut
                self._pipe.recv()
            except (EOFError, OSError):
                raise WorkerDied from None
            self._is_ready = True

    def call(self, job: Callable[[], Any], seconds: float) -> tuple[Any, int]:
        """Run a job in the process; return its result and the size of its pickled form in bytes.

        Raises:
            TimedOut: ``seconds`` passed; the process is replaced, unless it still opens the graph.
            WorkerDied: the process ended, and is replaced.
            Exception: the error of the job.
        """
        started = time.monotonic()
        try:
            self.wait_until_ready(seconds)
            self._pipe.send(job)
            if not self._pipe.poll(max(started + seconds - time.monotonic(), 0)):
                raise TimedOut
            content = self._pipe.recv_bytes()
        except (EOFError, OSError, TimedOut, WorkerDied) as error:
            self.seconds = time.monotonic() - started
            # A process that still starts is left to the next job.
            if self._is_ready or not isinstance(error, TimedOut):
                self._replace()
            if isinstance(error, TimedOut):
                raise
            raise WorkerDied from None
        is_answer, answer, self.seconds = pickle.loads(content)
        if not is_answer:
            raise answer
        return answer, len(content)

    def _replace(self) -> None:
        with self._lock:
            self._end()
            self._pipe.close()
            if not self._closed:
                self._start()

    def kill(self) -> None:
        """Kill the process; the job that runs in it raises WorkerDied."""
        self._is_ended = True
        self._process.kill()

    def close(self) -> None:
        """Kill the process without replacing it."""
        self._closed = True
        with self._lock:
            self._end()

    def _end(self) -> None:
        self.kill()
        self._process.join()
        rmtree(self._folder, ignore_errors=True)


@dataclass(eq=False, slots=True)
class _Job:
    kind: Kind
    client: str
    clients: set[str]
    cost: str
    may_run: asyncio.Future[Worker]
    arrived: float
    worker: Worker | None = None


class WorkerPool:
    """Runs jobs in worker processes in the order of arrival; costly jobs are delayed.

    The jobs of clients with fewer running jobs go first. The jobs of one address use at most half
    of the processes, and so do downloads. One more process is reserved for short jobs. The queue
    is limited, and one address fills at most half of it.
    """

    def __init__(self, settings: Settings) -> None:
        self._most = settings.workers
        self._share = max(1, settings.workers // 2)
        self._queue = settings.queue
        self._running: list[_Job] = []
        self._waiting: list[_Job] = []
        #: The processor seconds of earlier runs of each job.
        self._costs: dict[str, float] = {}
        method = worker_process.start_method()
        self._for_short = Worker(settings, method, nice=0)
        self._idle = [self._for_short, *(Worker(settings, method) for _ in range(self._most))]
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
        """Wait until all processes have opened the graph; raise WorkerDied if one fails."""
        loop = asyncio.get_running_loop()
        waiting = (
            loop.run_in_executor(self._threads, worker.wait_until_ready) for worker in self._all
        )
        await asyncio.gather(*waiting)

    async def run(self, kind: Kind, seconds: float, job: partial[Any]) -> tuple[Any, int]:
        """Run a job in a process; return its result and the size of its pickled form in bytes.

        Raises:
            Busy: the queue is full, or ``seconds`` passed in the queue.
            TimedOut: ``seconds`` passed since the call.
            WorkerDied: the process of the job ended.
            Exception: the error of the job.
        """
        arrived = time.monotonic()
        loop = asyncio.get_running_loop()
        address = client.get()
        asking = clients.get() or {address}
        entry = _Job(kind, address, asking, _cost_name(job), loop.create_future(), arrived)
        worker = await self._wait(entry, seconds)
        left = max(arrived + seconds - time.monotonic(), LEAST)
        calling = loop.run_in_executor(self._threads, worker.call, job, left)
        calling.add_done_callback(lambda _: self._release(entry, worker))
        try:
            return await asyncio.shield(calling)
        except asyncio.CancelledError:
            # The client has disconnected. After a finished call the process is reused.
            if not calling.done():
                worker.kill()
            calling.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise

    async def _wait(self, entry: _Job, seconds: float) -> Worker:
        if (worker := self._take(entry)) is not None:
            return worker
        is_short = self._is_short(entry)
        alike = [one for one in self._waiting if self._is_short(one) == is_short]
        mine = sum(one.client == entry.client for one in alike)
        if len(alike) >= self._queue or mine >= max(1, self._queue // 2):
            raise Busy
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(seconds):
                return await entry.may_run
        except BaseException as error:
            if entry in self._waiting:
                self._waiting.remove(entry)
            elif entry.worker is not None:
                self._free(entry, entry.worker)
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise

    def _take(self, entry: _Job) -> Worker | None:
        """Assign an idle process to a job and return it; None if the job must wait."""
        fits = self._fits(entry)
        # A job of unknown cost takes the process for short ones only if there is no other.
        is_known = entry.cost in self._costs or not (fits or self._is_tried(entry))
        worker: Worker | None = None
        if self._for_short in self._idle and self._is_short(entry) and is_known:
            worker = self._for_short
        elif fits:
            # None while the last one is being prepared.
            worker = next((one for one in self._idle if one is not self._for_short), None)
        if worker is None:
            return None
        self._idle.remove(worker)
        self._running.append(entry)
        entry.worker = worker
        return worker

    def _is_short(self, entry: _Job) -> bool:
        """Return whether a job is expected to be short: it is canned and its last runs were short.

        A canned job without an earlier run counts as short.
        """
        return entry.kind is Kind.CANNED and self._costs.get(entry.cost, 0.0) < SHORT

    def _is_tried(self, entry: _Job) -> bool:
        """Return whether a canned job with this job's name runs, and none has ended before."""
        return entry.cost not in self._costs and any(
            one.kind is Kind.CANNED and one.cost == entry.cost for one in self._running
        )

    def _fits(self, entry: _Job) -> bool:
        others = [one for one in self._running if one.worker is not self._for_short]
        if len(others) >= self._most:
            return False
        if entry.kind is Kind.LONG and (
            sum(one.kind is Kind.LONG for one in others) >= self._share
        ):
            return False
        return _fewest_running(entry, others) < self._share

    def _release(self, entry: _Job, worker: Worker) -> None:
        # The costs of the same query differ by its parameters, so the highest counts for a while.
        known = self._costs.get(entry.cost, 0.0)
        self._costs[entry.cost] = max(worker.seconds, known / 2)
        self._free(entry, worker)

    def _free(self, entry: _Job, worker: Worker) -> None:
        self._running.remove(entry)
        self._idle.append(worker)
        self.reconsider()

    def reconsider(self) -> None:
        """Start the waiting jobs that may run now.

        Call it after a job has ended, or when another client waits for a job.
        """
        for waiting in sorted(self._waiting, key=self._rank):
            if not waiting.may_run.done() and (taken := self._take(waiting)) is not None:
                self._waiting.remove(waiting)
                waiting.may_run.set_result(taken)

    def _rank(self, entry: _Job) -> tuple[int, float]:
        """Return the sort key of a waiting job: running jobs of its client, then arrival and cost.

        The cost counts as a delay, so that a costly job is not overtaken for ever.
        """
        cost = self._costs.get(entry.cost, 0.0)
        return _fewest_running(entry, self._running), entry.arrived + PATIENCE * cost

    async def prepare(self, job: Callable[[], None], state: str) -> None:
        """Run a job once per version of the graph in each process that is idle now.

        Errors of the job, and of its process, are ignored.
        """
        loop = asyncio.get_running_loop()
        for worker in self._all:
            if worker.prepared == state or worker not in self._idle:
                continue
            self._idle.remove(worker)
            worker.prepared = state
            try:
                await loop.run_in_executor(self._threads, worker.call, job, START)
            except Exception:
                # The requests that need more memory, or a damaged table, report it.
                worker.prepared = state
            finally:
                self._idle.append(worker)
                self.reconsider()

    def close(self) -> None:
        """Kill all processes."""
        for worker in self._all:
            worker.close()
        self._threads.shutdown(cancel_futures=True)


def _cost_name(job: partial[Any]) -> str:
    names = [getattr(job.func, "__qualname__", "")]
    for one in job.args[:2]:
        if isinstance(one, str) and one.startswith(BASE):
            names.append(one.rpartition("/")[0])
        elif isinstance(one, str) and one in load_catalog():
            names.append(one)
    return " ".join(names)


def _fewest_running(entry: _Job, running: Sequence[_Job]) -> int:
    """Return how many jobs run for that client waiting for a job that has the fewest."""
    return min(sum(one.client == address for one in running) for address in entry.clients)
