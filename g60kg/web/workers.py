"""Where jobs run: lookups in threads of the server process, all others in worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, ParamSpec, TypeVar

from g60kg.errors import QueryTimeout
from g60kg.web.problem_details import ASK_FOR_LESS, Busy, OutOfMemory
from g60kg.web.response_cache import ResponseCache
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.open_graph import LOOKUPS, OVERVIEWS, NeedsProcess
from g60kg.web.worker_pool import Died, Kind, TimedOut, WorkerPool

Given = ParamSpec("Given")
Result = TypeVar("Result")

#: Threads for lookups: the engine works in them without Python's lock.
THREADS: Final = 4


@dataclass
class Tally:
    """The outcomes of the jobs in worker processes so far, for the metrics."""

    done: int = 0
    timed_out: int = 0
    died: int = 0
    turned_away: int = 0
    given_up: int = 0


@dataclass
class Workers:
    """Runs jobs in one of two lanes.

    A lookup reads one entity by the indexes: a thread of this process runs it at once. Anything
    else runs in a worker process, which is ended at the time limit.
    """

    settings: Settings
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self._cache = ResponseCache(self.settings.store)
        self._threads = ThreadPoolExecutor(THREADS, "lookup")
        self._pool = WorkerPool(self.settings)

    @property
    def running(self) -> int:
        """The jobs that run in worker processes."""
        return self._pool.running

    @property
    def waiting(self) -> int:
        """The jobs that wait for a worker process."""
        return self._pool.waiting

    async def warm(self) -> None:
        """Wait until the graph is open everywhere."""
        open_graph.open_for(self.settings, in_server=True)
        await self._pool.warm()

    async def run(
        self, job: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        """Return what a job returns whose text is the server's own.

        What a worker process returns is kept until the graph changes.

        Raises:
            Busy: too many jobs are waiting.
            QueryTimeout: it took longer than the time limit.
            OutOfMemory: its process died, as one does that takes too much memory.
            G60kgError: whatever the job raises.
        """
        if job in LOOKUPS:
            try:
                return await self._look_up(job, given, named)
            except NeedsProcess:
                pass
        kind = Kind.OVERVIEW if job in OVERVIEWS else Kind.QUERY
        limit = self.settings.time_limit
        key = repr((job.__module__, job.__qualname__, given, named))
        result: Result = await self._cache.get(
            key, lambda: self._in_process(kind, limit, job, given, named)
        )
        return result

    async def _look_up(
        self, job: Callable[..., Result], given: tuple[Any, ...], named: dict[str, Any]
    ) -> Result:
        loop = asyncio.get_running_loop()
        limit = self.settings.time_limit
        try:
            async with asyncio.timeout(limit):
                return await loop.run_in_executor(self._threads, open_graph.run, job, given, named)
        except TimeoutError:
            raise _too_slow(limit) from None

    async def probe(self) -> bool:
        """Whether the graph can be read; raises as :meth:`run`."""
        return await self.run(open_graph.ready)

    def run_open(
        self, job: Callable[Given, Result], seconds: float | None = None
    ) -> Callable[Given, Coroutine[Any, Any, Result]]:
        """The same for a client's own query or file: always in a worker process, never kept.

        Args:
            job: the function.
            seconds: its time limit, if it is to be less than the server's.
        """
        limit = self.settings.time_limit
        limit = limit if seconds is None else min(seconds, limit)

        async def run(*given: Given.args, **named: Given.kwargs) -> Result:
            result: Result
            result, _ = await self._in_process(Kind.QUERY, limit, job, given, named)
            return result

        return run

    async def run_long(
        self, seconds: float, job: Callable[Given, Result], *given: Given.args,
        **named: Given.kwargs,
    ) -> Result:  # fmt: skip
        """The same for a job of the server's own that has a longer time limit."""
        result: Result
        result, _ = await self._in_process(Kind.LONG, seconds, job, given, named)
        return result

    async def _in_process(
        self,
        kind: Kind,
        seconds: float,
        job: Callable[..., Any],
        given: tuple[Any, ...],
        named: dict[str, Any],
    ) -> tuple[Any, int]:
        try:
            result = await self._pool.run(kind, seconds, job, given, named)
        except TimedOut:
            self.tally.timed_out += 1
            raise _too_slow(seconds) from None
        except Died:
            self.tally.died += 1
            raise OutOfMemory from None
        except Busy:
            self.tally.turned_away += 1
            raise
        except asyncio.CancelledError:
            self.tally.given_up += 1
            raise
        self.tally.done += 1
        return result

    def close(self) -> None:
        """End all processes."""
        self._pool.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _too_slow(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        f"It took longer than {seconds:g} seconds and was ended.", hint=ASK_FOR_LESS
    )
