"""Runs parsers that keep references to their callers, in a thread without callers."""

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def in_own_thread(parse: Callable[[], Result]) -> Result:
    """Run a function that uses a grammar of pyparsing in a new thread; return its result.

    It raises the function's error. The grammars leave cycles that hold all frames of their thread
    until the garbage collector runs, which must not free results of the engine in another thread.
    """
    # Imported here: it takes 50 ms, and few commands need a grammar.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(parse).result()
