"""A large made-up graph in a process of its own, and what queries cost on it.

Cost is processor time, the least of some runs, so that other work on the machine hardly shows. A
query that does not end is ended with its process, and another process takes its place.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from concurrent.futures import TimeoutError as Overdue
from dataclasses import dataclass

from pebble import ProcessPool
from pyoxigraph import QuerySolutions, Store

from benchmarks.make_graph import quads
from g60kg.errors import QuerySyntaxError
from g60kg.stores.local_store import LocalStore

SIZE = 100_000
#: The most runs of a query at a time, and the seconds after which there is no further one.
ROUNDS, ENOUGH = 5, 0.15
#: Seconds of wall time that a query gets, all its runs together.
LIMIT = 8

_opened: list[LocalStore] = []


class NeverEnds(Exception):
    """A query took longer than the limit."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query gave, and what it cost.

    Attributes:
        rows: how many rows there are.
        answer: a digest of them, whatever their order.
        seconds: processor time of the quickest run.
    """

    rows: int
    answer: str
    seconds: float


class LargeGraph:
    """The shipped graph and a made-up one of some hundred thousand triples."""

    def __init__(self) -> None:
        self._process = ProcessPool(
            max_workers=1, initializer=_make, context=multiprocessing.get_context("spawn")
        )

    def cost(self, text: str) -> Cost | None:
        """What a query costs; None where it is no query that the engine takes.

        Raises:
            NeverEnds: it takes longer than the limit.
        """
        try:
            found: Cost | None = self._process.schedule(_run, (text,), timeout=LIMIT).result()
        except Overdue:
            raise NeverEnds(f"More than {LIMIT} s:\n{text}") from None
        return found

    def close(self) -> None:
        """Ends the process."""
        self._process.stop()  # type: ignore[no-untyped-call]  # Pebble annotates no method
        self._process.join()


def _make() -> None:
    store = Store()
    store.bulk_extend(LocalStore.shipped().quads())
    store.bulk_extend(quads(SIZE))
    _opened.append(LocalStore(store, f"{SIZE} triples"))


def _run(text: str) -> Cost | None:
    taken: list[float] = []
    rows: list[tuple[object, ...]] = []
    while len(taken) < ROUNDS and sum(taken) < ENOUGH:
        start = time.thread_time()
        try:
            found = _opened[0].query(text)
        except QuerySyntaxError:
            return None
        assert isinstance(found, QuerySolutions)
        rows = [tuple(solution) for solution in found]
        taken.append(time.thread_time() - start)
    lines = sorted(" ".join(map(str, row)) for row in rows)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return Cost(len(rows), digest, min(taken))
