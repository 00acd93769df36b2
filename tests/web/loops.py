"""An event loop in a thread, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def completed(work: Coroutine[object, object, Result]) -> Result:
    """What the work gives.

    The thread that the tests run in may have a loop already: the browser's, which runs in it for
    as long as there are tests of pages.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
