"""Runs parsers that keep references to their callers, in a thread without callers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def in_own_thread(parse: Callable[[], Result]) -> Result:
    """Run a function that uses a grammar of pyparsing in a new thread; return its result.

    It raises the function's error. The grammars leave cycles of exceptions that hold all frames of
    their thread until the garbage collector runs. The frames of callers may hold results of the
    engine, which the collector would free in any thread, and the engine reports that as an error.
    """
    # Imported here: it takes 50 ms, and few commands need a grammar.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(parse).result()
