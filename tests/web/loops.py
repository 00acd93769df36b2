"""An event loop in a thread, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


def completed(work: Coroutine[object, object, Result]) -> Result:
    """What the work gives.

    The thread that the tests run in may have a loop already: the browser's, which runs in it for
    as long as there are tests of pages.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def in_loop(test: Callable[Given, Coroutine[object, object, None]]) -> Callable[Given, None]:
    """Return a test that runs in a loop of its own."""

    @wraps(test)
    def run(*given: Given.args, **named: Given.kwargs) -> None:
        completed(test(*given, **named))

    return run
