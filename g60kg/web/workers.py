"""Runs jobs: most lookups in the server process, all other jobs in worker processes."""

import asyncio
import math
import pickle
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from g60kg.errors import EngineFailure, QueryTimeout, StoreFailure
from g60kg.rdf.text_excerpt import plural
from g60kg.web.problem_details import ASK_FOR_LESS, Busy, OutOfMemory
from g60kg.web.response_cache import ResponseCache
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.open_graph import LOOKUPS, NeedsProcess
from g60kg.web.views.query_results import Written
from g60kg.web.worker_pool import Kind, TimedOut, Worker, WorkerDied, WorkerPool, client

Given = ParamSpec("Given")
Result = TypeVar("Result")

#: The process that prepares a page; None in a request.
preparing: ContextVar[Worker | None] = ContextVar("preparing", default=None)
#: The most seconds of a job that prepares a page or reads the store; nobody waits for it.
_PATIENCE: Final = 600.0
#: Seconds between two readings of a store that may be damaged.
_LATELY: Final = 30.0
#: The number of threads for lookups on disk; the engine releases Python's lock.
THREADS: Final = 4
#: The most requests of one address that wait for a thread, or for the event loop.
MOST_WAITING: Final = 64


class FairSlots:
    """A limited number of slots, given to requests in the order of arrival.

    One address holds, or waits for, at most ``share`` slots. At most ``most`` further requests of
    the address wait until an earlier one ends.
    """

    def __init__(self, slots: int, share: int, most: int) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._share = share
        self._most = most
        self._own: dict[str, asyncio.Semaphore] = {}
        self._requests: Counter[str] = Counter()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot and hold it during the block.

        Raises:
            Busy: the address has too many requests that hold a slot or wait for one.
        """
        address = client.get()
        if self._requests[address] >= self._share + self._most:
            raise Busy
        own = self._own.setdefault(address, asyncio.Semaphore(self._share))
        self._requests[address] += 1
        try:
            async with own, self._slots:
                yield
        finally:
            self._requests[address] -= 1
            if not self._requests[address]:
                del self._requests[address], self._own[address]

    async def pass_through(self) -> None:
        """Wait for a slot and hold it until the other tasks of the event loop have run once.

        Raise Busy as :meth:`slot` does.
        """
        async with self.slot():
            await asyncio.sleep(0)


#: The outcomes of jobs that end without a result or an error of their own.
_ENDED: Final[dict[type[BaseException], str]] = {
    TimedOut: "timed_out",
    WorkerDied: "died",
    Busy: "turned_away",
    asyncio.CancelledError: "given_up",
}


@dataclass
class Workers:
    """Runs jobs: most lookups in the server process, all other jobs in worker processes.

    A lookup reads little, by the indexes. A worker process is killed at the time limit of its job.
    """

    settings: Settings

    def __post_init__(self) -> None:
        self.tally = dict.fromkeys(("done", *_ENDED.values()), 0)
        self.pool = WorkerPool(self.settings)
        self._cache = ResponseCache(self.settings.store, self.pool.reconsider)
        # Apart, so that cheap results do not displace those of worker processes.
        self._lookups = ResponseCache(self.settings.store)
        self._prepared = ResponseCache(self.settings.store)
        self._threads = ThreadPoolExecutor(THREADS, "lookup")
        self._slots = FairSlots(THREADS, THREADS // 2, MOST_WAITING)
        # A page is rendered in the event loop, as lookups in memory are run, so one at a time.
        self._loop = FairSlots(1, 1, MOST_WAITING)
        #: The folder of the store when it failed.
        self._failed: tuple[tuple[int, int] | None, ...] = ()
        self._checked = -math.inf
        self._checking = asyncio.Lock()
        self._rereading: asyncio.Task[None] | None = None

    def note_store_failure(self) -> None:
        """Record that an answer failed because of the store's files."""
        self._failed = (self._folder(),)

    @property
    def store_has_failed(self) -> bool:
        """Whether an answer failed because of the store's files.

        False again if they have changed, or if all quads could be read since then.
        """
        return self._failed == (self._folder(),)

    def read_store_again(self) -> None:
        """Start to read the complete store in the background, to learn whether it is damaged."""

        async def read() -> None:
            with suppress(StoreFailure):
                await self._check_store(_PATIENCE)

        if self._rereading is None or self._rereading.done():
            self._rereading = asyncio.create_task(read())

    def _folder(self) -> tuple[int, int] | None:
        """Return numbers that change with the files of the store; None if its folder is missing."""
        with suppress(OSError):
            found = (self.settings.store or Path()).stat()
            return found.st_ino, found.st_mtime_ns
        return None

    async def warm(self) -> None:
        """Open the graph in this process, and wait until all worker processes have opened it.

        Raise EngineFailure if one fails.
        """
        open_graph.open_for(self.settings, in_server=True)
        try:
            await self.pool.warm()
        except WorkerDied:
            raise EngineFailure(
                "A worker process ended while it opened the graph; raise --memory."
            ) from None

    async def run(
        self, job: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        """Run a job of the server and return its result, or a cached one of the same graph version.

        A lookup of a request runs in this process, unless it must read much; any other job in a
        worker process.

        Raises:
            Busy: too many jobs are waiting.
            QueryTimeout: the job exceeded the time limit; TimedOut if it prepares a page.
            OutOfMemory: the process of the job died; WorkerDied if it prepares a page.
            G60kgError: the error of the job.
        """
        result: Result
        key = repr((job.__module__, job.__qualname__, given, named))
        work = partial(job, *given, **named)
        if (process := preparing.get()) is not None:
            result = await self._prepare(process, key, work)
            return result
        result = self._prepared.known(key)
        if result is not None:
            await self._loop.pass_through()
            return result
        if job in LOOKUPS:
            try:
                result = self._lookups.known(key) or await self._look_up(key, work)
                if not isinstance(result, Written):
                    await self._loop.pass_through()
                return result
            except NeedsProcess:
                pass
        limit = self.settings.time_limit
        result = await self._cache.get(key, lambda: self._in_process(Kind.CANNED, limit, work))
        await self._loop.pass_through()
        return result

    async def _look_up(self, key: str, job: Callable[[], Any]) -> Any:
        result, state, size = await self._run_lookup(job)
        # Whether the graph can be read, and which it is, must be asked each time.
        if not isinstance(result, bool | str):
            self._lookups.add(key, result, size, state)
        return result

    async def _run_lookup(self, job: Callable[[], Any]) -> tuple[Any, str, int]:
        if open_graph.current().store.is_in_memory:
            async with self._loop.slot():
                # A change of threads takes longer than most lookups in memory.
                if (found := open_graph.run_in_memory(job)) is not None:
                    return *found, _size_of(found[0])
        limit = self.settings.time_limit
        try:
            async with asyncio.timeout(limit), self._slots.slot():
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, _looked_up, job)
        except TimeoutError:
            raise _too_slow(limit) from None

    async def _prepare(self, process: Worker, key: str, job: Callable[[], Any]) -> Any:
        """Return the result of a job that prepares a page, and cache it until the graph changes."""
        result = self._prepared.known(key)
        if result is None:
            work = partial(open_graph.with_version, job)
            (result, state), size = await asyncio.get_running_loop().run_in_executor(
                None, process.call, work, _PATIENCE
            )
            self._prepared.add(key, result, size, state)
        return result

    def graph_state(self) -> str | None:
        """Return the identifier of the graph's version; empty for the shipped graph.

        None while another program replaces the store.
        """
        return self._prepared.state()

    async def run_uncached(
        self,
        seconds: float | None,
        job: Callable[Given, Result],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Result:
        """Run a job with a query or a file of a client in a worker process, without a cache.

        The server's limit applies if ``seconds`` is None or longer. Errors are those of ``run``.
        """
        limit = self.settings.time_limit
        limit = limit if seconds is None else min(seconds, limit)
        result: Result
        result, _ = await self._in_process(Kind.QUERY, limit, partial(job, *given, **named))
        return result

    async def run_long(
        self, seconds: float, job: Callable[Given, Result], *given: Given.args,
        **named: Given.kwargs,
    ) -> Result:  # fmt: skip
        """Run a job of the server in a worker process with its own time limit, without a cache.

        Errors are those of ``run``.
        """
        result: Result
        result, _ = await self._in_process(Kind.LONG, seconds, partial(job, *given, **named))
        return result

    async def _in_process(self, kind: Kind, seconds: float, job: partial[Any]) -> tuple[Any, int]:
        try:
            result = await self.pool.run(kind, seconds, job)
        except tuple(_ENDED) as error:
            self.tally[_ENDED[type(error)]] += 1
            if isinstance(error, TimedOut):
                raise _too_slow(seconds) from None
            if isinstance(error, WorkerDied):
                await self._check_store(self.settings.time_limit)
                raise OutOfMemory from None
            raise
        self.tally["done"] += 1
        return result

    async def _check_store(self, seconds: float) -> None:
        """Raise StoreFailure if the store cannot be read, or failed before and is unchanged.

        It is read at most every _LATELY seconds, for at most ``seconds``; a check that takes longer
        raises no error. Damaged tables can exhaust the memory of a worker process.
        """
        async with self._checking:
            if self.settings.store and self._checked < time.monotonic() - _LATELY:
                self._checked = time.monotonic()
                with suppress(TimedOut, WorkerDied, Busy):
                    try:
                        await self.pool.run(Kind.LONG, seconds, partial(open_graph.read_quads))
                        self._failed = ()
                    except StoreFailure:
                        self.note_store_failure()
                        raise
            if self.store_has_failed:
                raise StoreFailure("A process died while it read the store, which has failed.")

    def close(self) -> None:
        """Kill all worker processes, and stop the threads of lookups."""
        self.pool.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _looked_up(job: Callable[[], Any]) -> tuple[Any, str, int]:
    """Run a lookup; return its result, the graph's version, and the size of the result in bytes."""
    result, state = open_graph.run_with_version(job)
    return result, state, _size_of(result)


def _size_of(result: Any) -> int:
    return len(result.body) if isinstance(result, Written) else len(pickle.dumps(result))


def _too_slow(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        f"The request exceeded the time limit of {seconds:g} second{plural(seconds)}.",
        hint=ASK_FOR_LESS,
    )
