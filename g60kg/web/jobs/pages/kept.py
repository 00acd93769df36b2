"""Keeps what a page shows for as long as the graph is the same: many visitors, one reading."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, TypeVar, TypeVarTuple

from g60kg.web.jobs.context import current

Given = TypeVarTuple("Given")
View = TypeVar("View")

#: What is kept of each kind of page, in each process.
_MOST: Final = 16


def kept(read: Callable[[*Given], View]) -> Callable[[*Given], View]:
    """The same function, which reads the graph once for what it was given, until it is written."""

    @lru_cache(maxsize=_MOST)
    def of_state(_state: tuple[str, str], *given: *Given) -> View:
        return read(*given)

    @wraps(read)
    def view(*given: *Given) -> View:
        context = current()
        return of_state((str(context.settings.store), context.state), *given)

    return view
