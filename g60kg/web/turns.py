"""Whose turn it is: who waits for a process, and who is ended so that others need not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from pebble import ProcessFuture

from g60kg.web.problems import Busy

#: Who asks: those who ask for much wait for those who ask for little.
visitor: ContextVar[str] = ContextVar("visitor", default="")

#: Seconds that a job waits, at the most, behind ones that have run longer; less where many wait.
PATIENCE: Final = 1.0
LEAST_PATIENCE: Final = 0.5
#: The same behind what was quick before: it is slow for a reason that is not its own.
QUICK_PATIENCE: Final = 3.0
#: Seconds of work: what has been done in less goes first, what has taken more goes last.
QUICK: Final = 0.25
SLOW: Final = LEAST_PATIENCE
#: Of how many different pieces of work it is kept in mind how long they took.
REMEMBERED: Final = 1000
#: Seconds between two looks at who waits.
LOOK: Final = 0.1


@dataclass(eq=False)
class Turn:
    """A job that waits or runs.

    Attributes:
        open: whether a visitor wrote what is to be done, so that it may take any time.
        work: the same for the same work.
        visitor: whose it is.
        arrived: when it came, in the loop's time.
        ready: is done when its turn has come.
        is_probe: whether it asks after the processes alone.
        began: when its turn came.
        started: when a process was first seen to work at it; it may have to come up first.
        future: what it gives, once it has been given to a process.
        displaced: whether it was ended for others.
    """

    open: bool
    work: int
    visitor: str
    arrived: float
    ready: asyncio.Future[None]
    is_probe: bool = False
    began: float = 0.0
    started: float = 0.0
    future: ProcessFuture[Any] | None = None
    displaced: bool = False

    @property
    def waited(self) -> float:
        """The seconds before its turn came."""
        return self.began - self.arrived

    @property
    def ran(self) -> float:
        """The seconds since it was started."""
        return _now() - (self.started or self.began)


@dataclass
class Turns:
    """Who waits and who runs.

    Attributes:
        places: how many can run at once.
        queue: how many can wait.
    """

    places: int
    queue: int
    waiting: list[Turn] = field(default_factory=list)
    running: list[Turn] = field(default_factory=list)
    _spent: dict[int, float] = field(default_factory=dict)
    _looking: asyncio.TimerHandle | None = None
    _last: bool = False

    async def take(
        self, seconds: float, *, is_open: bool, work: int, is_probe: bool = False
    ) -> Turn:
        """Waits for a turn.

        Args:
            seconds: how long to wait at the most.
            is_open: whether a visitor wrote what is to be done.
            work: the same for the same work.
            is_probe: whether it asks after the processes: it is next, however many wait.

        Raises:
            Busy: too many wait, or it has not come in time.
        """
        if not is_probe:
            self._make_room(is_open=is_open)
        ready = asyncio.get_running_loop().create_future()
        turn = Turn(is_open, work, visitor.get(), _now(), ready, is_probe)
        self.waiting.append(turn)
        self._begin()
        try:
            async with asyncio.timeout(seconds):
                await turn.ready
        except (asyncio.CancelledError, TimeoutError) as error:
            if turn in self.waiting:
                self.waiting.remove(turn)
            elif turn in self.running:
                self.end(turn)
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise
        return turn

    def _make_room(self, *, is_open: bool) -> None:
        """Turns the one away who is too many: of the visitor who has most waiting, the last.

        What visitors wrote waits in a queue of its own, as what is known does: a crowd of the one
        kind does not keep the other out.
        """
        like = [turn for turn in self.waiting if turn.open == is_open and not turn.ready.done()]
        if len(like) < self.queue + max(self.places - len(self.running), 0):
            return
        crowd = Counter(turn.visitor for turn in like)
        most, count = crowd.most_common(1)[0] if crowd else ("", 0)
        if count <= crowd[visitor.get()] + 1:
            raise Busy
        last = max((turn for turn in like if turn.visitor == most), key=lambda turn: turn.arrived)
        self.waiting.remove(last)
        last.ready.set_exception(Busy())

    def end(self, turn: Turn) -> None:
        """Gives a turn back; who waits goes on."""
        self.running.remove(turn)
        self._remember(turn)
        self._begin()

    def _begin(self) -> None:
        """Gives the places that are free to those who wait."""
        # One place is for what is known, unless it is the only one.
        for_open = max(self.places - 1, 1)
        while self.waiting and len(self.running) < self.places:
            full = sum(turn.open for turn in self.running) >= for_open
            # Whoever has just left is still among those who wait.
            fitting = [
                turn for turn in self.waiting if not (turn.open and full) and not turn.ready.done()
            ]
            if not fitting:
                break
            turn = min(fitting, key=self._order())
            self.waiting.remove(turn)
            self.running.append(turn)
            turn.began = _now()
            turn.ready.set_result(None)
        starting = any(turn.open and not turn.started for turn in self.running)
        if (self.waiting or starting) and self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(LOOK, self._look)

    def _order(self) -> Callable[[Turn], tuple[int, int, float]]:
        """Who is next: quick work first, then who has least; then the first who came.

        Where many wait, the first and the last who came by turns: who has waited long has waited
        long, but for who has just come an answer is of more use.
        """
        held = Counter(turn.visitor for turn in self.running)
        self._last = len(self.waiting) > self.places and not self._last
        way = -1 if self._last else 1

        def place(turn: Turn) -> tuple[int, int, float]:
            expected = self._expected(turn)
            return expected, held[turn.visitor], turn.arrived * (way if expected else 1)

        return place

    def _expected(self, turn: Turn) -> int:
        """How long work will take: -1 no time, 0 not long, 1 who knows, 2 long."""
        if turn.is_probe:
            return -1
        spent = self._spent.get(turn.work) if turn.open else 0.0
        return 1 if spent is None else 0 if spent < QUICK else 2 if spent >= SLOW else 1

    def _remember(self, turn: Turn) -> None:
        if turn.open:
            self._spent.pop(turn.work, None)
            self._spent[turn.work] = turn.ran
            if len(self._spent) > REMEMBERED:
                self._spent.pop(next(iter(self._spent)))

    def _look(self) -> None:
        """Ends the jobs that have run longest, where others have waited long enough."""
        self._looking = None
        now = _now()
        for turn in self.running:
            if not turn.started and turn.future is not None and turn.future.running():
                turn.started = now
        patience = max(PATIENCE / max(len(self.waiting), 1), LEAST_PATIENCE)
        patient = sum(now - turn.arrived >= patience for turn in self.waiting)
        ending = sum(turn.displaced for turn in self.running)
        long = [
            turn
            for turn in self.running
            if turn.open
            and turn.started
            and not turn.displaced
            and turn.ran >= (patience if self._expected(turn) else QUICK_PATIENCE)
        ]
        for turn in long:
            self._remember(turn)
        for turn in sorted(long, key=lambda turn: turn.started)[: max(patient - ending, 0)]:
            assert turn.future is not None
            turn.displaced = _cancelled(turn.future)
        self._begin()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _cancelled(future: ProcessFuture[Any]) -> bool:
    return bool(future.cancel())  # type: ignore[no-untyped-call]  # Pebble leaves it untyped
