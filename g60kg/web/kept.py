"""Answers that stay the same until the graph changes, worked out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from g60kg.stores.watching import Watch

Answered = TypeVar("Answered")

#: Answers that are kept, and the bytes of their bodies together and of one.
MOST: Final = 500
MOST_BYTES: Final = 64 * 1024**2
LARGEST: Final = 1024**2
#: Characters of what was given: what is longer is no visitor's usual way.
LONGEST: Final = 2000


@dataclass
class Kept:
    """Keeps what was worked out, the least used going first.

    Attributes:
        store: the path of the store; None for a graph that never changes.
    """

    store: Path | None
    _answers: OrderedDict[str, tuple[asyncio.Future[Any], int]] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _state: str = ""

    def __post_init__(self) -> None:
        self._watch = None if self.store is None else Watch(self.store)

    async def get(self, key: str, work: Callable[[], Awaitable[Answered]]) -> Answered:
        """The answer that goes by a key: the kept one, or else what that work gives.

        Who asks for what another has asked for waits for the same answer; whoever leaves does not
        end it for the others.
        """
        if len(key) > LONGEST or not self._is_known():
            return await work()
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
            answered: Answered = await asyncio.shield(known[0])
            return answered
        working = asyncio.ensure_future(work())
        self._answers[key] = (working, 0)
        working.add_done_callback(lambda done: self._settle(key, done))
        return await asyncio.shield(working)

    def _is_known(self) -> bool:
        """Whether it can be told if the graph has changed; forgets all where it has."""
        if self._watch is None:
            return True
        try:
            state = self._watch.state()
        except OSError:
            # Another program is about to put a new store in its place.
            state = ""
        if state != self._state:
            self._answers.clear()
            self._bytes = 0
            self._state = state
        return bool(state)

    def _settle(self, key: str, done: asyncio.Future[Any]) -> None:
        """Keeps an answer that came, unless it is too large."""
        entry = self._answers.get(key)
        if entry is None or entry[0] is not done:
            return
        if done.cancelled() or done.exception() is not None:
            del self._answers[key]
            return
        size = len(getattr(done.result(), "body", b""))
        if size > LARGEST:
            del self._answers[key]
            return
        self._answers[key] = (done, size)
        self._bytes += size
        while len(self._answers) > MOST or self._bytes > MOST_BYTES:
            _, (_, less) = self._answers.popitem(last=False)
            self._bytes -= less
