"""Processes that answer, each with the graph open: one that takes too long is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import BrokenExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from typing import Any, Final, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from g60kg.errors import QueryTimeout
from g60kg.web import processes
from g60kg.web.jobs import context
from g60kg.web.kept import Kept
from g60kg.web.problems import ASK_FOR_LESS, Busy, Displaced, OutOfMemory
from g60kg.web.settings import Settings
from g60kg.web.turns import Turn, Turns

Given = ParamSpec("Given")
Answered = TypeVar("Answered")

#: Seconds that a process has to open the graph, and that work has left at the least.
START: Final = 60.0
LEAST: Final = 0.1


@dataclass
class Tally:
    """What became of the jobs so far, for the metrics."""

    done: int = 0
    timed_out: int = 0
    displaced: int = 0
    died: int = 0
    turned_away: int = 0
    given_up: int = 0


@dataclass
class Workers:
    """A pool of processes with the graph open, and the bounds within which they answer.

    The engine cannot be told to stop, so a process that is past its limit is ended and another one
    takes its place: a runaway query neither holds up others nor outlives its limit. Where all
    processes run long queries and somebody waits, the one that has run longest is ended early.
    What visitors wrote themselves never takes all processes: pages and canned queries get through.
    """

    settings: Settings
    tally: Tally = field(default_factory=Tally)
    _closed: bool = False

    def __post_init__(self) -> None:
        self._kept = Kept(self.settings.store)
        self._turns = Turns(self.settings.workers, self.settings.queue)
        self._pool = self._new_pool()

    @property
    def running(self) -> int:
        """The jobs that are running."""
        return len(self._turns.running)

    @property
    def waiting(self) -> int:
        """The jobs that wait for a process."""
        return len(self._turns.waiting)

    async def warm(self) -> None:
        """Waits until the processes have the graph open."""
        first = (
            self._run(START, False, context.ready, (), {}) for _ in range(self.settings.workers)
        )
        await asyncio.gather(*first)

    async def run(
        self, job: Callable[Given, Answered], *given: Given.args, **named: Given.kwargs
    ) -> Answered:
        """What a function gives that runs in one of the processes, for work that is known.

        It depends on the graph and what is given alone: the same is worked out once, and kept
        until the graph changes.

        Raises:
            Busy: too many others are waiting.
            QueryTimeout: it took longer than the time limit, and was ended.
            OutOfMemory: its process died, as one does that takes too much memory.
            G60kgError: whatever the function raises.
        """
        limit = self.settings.time_limit
        key = repr((job.__module__, job.__qualname__, given, named))
        return await self._kept.get(key, lambda: self._run(limit, False, job, given, named))

    async def probe(self) -> bool:
        """Whether a process answers; raises as :meth:`run`."""
        limit = self.settings.time_limit
        return await self._run(limit, False, context.ready, (), {}, is_probe=True)

    def run_open(
        self, job: Callable[Given, Answered], seconds: float | None = None
    ) -> Callable[Given, Coroutine[Any, Any, Answered]]:
        """The same for what a visitor wrote: a query, a file. It may be ended for others.

        Args:
            job: the function.
            seconds: its time limit, if it is to be less than the server's.

        Raises:
            Displaced: it was ended, since others were waiting; else as :meth:`run`.
        """
        limit = self.settings.time_limit
        limit = limit if seconds is None else min(seconds, limit)

        async def run(*given: Given.args, **named: Given.kwargs) -> Answered:
            return await self._run(limit, True, job, given, named)

        return run

    async def run_long(
        self, seconds: float, job: Callable[Given, Answered], *given: Given.args,
        **named: Given.kwargs,
    ) -> Answered:  # fmt: skip
        """The same as :meth:`run` for work of the server's own that takes longer than its limit."""
        return await self._run(seconds, False, job, given, named)

    async def _run(
        self,
        seconds: float,
        is_open: bool,
        job: Callable[..., Answered],
        given: tuple[Any, ...],
        named: dict[str, Any],
        *,
        is_probe: bool = False,
    ) -> Answered:
        work = hash((job, repr(given))) if is_open else 0
        turn = await self._turn(seconds, is_open, work, is_probe)
        # To have waited counts: a visitor has an answer, or none, when the time is over.
        left = max(seconds - turn.waited, LEAST)
        try:
            turn.future = self._given(turn, left, job, given, named)
            answered: Answered = await asyncio.wrap_future(turn.future)
        except TookTooLong:
            self.tally.timed_out += 1
            raise QueryTimeout(
                f"It took longer than {seconds:g} seconds and was ended.",
                hint=ASK_FOR_LESS,
            ) from None
        except ProcessExpired:
            self.tally.died += 1
            raise OutOfMemory from None
        except asyncio.CancelledError:
            if not turn.displaced:
                self.tally.given_up += 1
                raise
            self.tally.displaced += 1
            raise Displaced(turn.ran) from None
        except BrokenExecutor:
            raise Busy from None
        else:
            self.tally.done += 1
            return answered
        finally:
            self._turns.end(turn)

    def _given(
        self,
        turn: Turn,
        seconds: float,
        job: Callable[..., Any],
        given: tuple[Any, ...],
        named: dict[str, Any],
    ) -> ProcessFuture[Any]:
        """Gives a job to a process; the pool is another one where the last has broken.

        It breaks when a process ends by itself that has nothing to do.
        """
        if not self._closed and not self._pool.active:
            _end(self._pool)
            self._pool = self._new_pool()
        work = processes.work_aside if turn.open else processes.work
        try:
            return self._pool.schedule(work, args=(job, given, named), timeout=seconds)
        except RuntimeError:
            raise Busy from None

    async def _turn(self, seconds: float, is_open: bool, work: int, is_probe: bool) -> Turn:
        try:
            return await self._turns.take(seconds, is_open=is_open, work=work, is_probe=is_probe)
        except Busy:
            self.tally.turned_away += 1
            raise
        except asyncio.CancelledError:
            self.tally.given_up += 1
            raise

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.settings.workers,
            context=processes.starting(),
            initializer=processes.start,
            initargs=(self.settings,),
        )

    def close(self) -> None:
        """Ends all processes."""
        self._closed = True
        _end(self._pool)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # Pebble leaves it untyped
    pool.join()
