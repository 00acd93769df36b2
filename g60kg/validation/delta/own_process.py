"""Validation of a large change by shapes in a separate process, while other checks run."""

import multiprocessing
import os
import signal
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from threading import Thread

from pyoxigraph import RdfFormat, parse, serialize

from g60kg.model.change import Change
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import CheckResult


class OwnProcess:
    """A separate process that validates a copy of a change by the shipped shapes.

    It can be started before the change is known.
    """

    def __init__(self, language: str) -> None:
        # A fork would copy the locks of the engine's threads.
        method = multiprocessing.get_context("spawn")
        self._pipe, other = method.Pipe()
        # As a daemon it ends with this process.
        self._process = method.Process(target=_validate, args=(other, language), daemon=True)
        self._process.start()
        other.close()

    def send(self, change: Change) -> None:
        """Serialize the change, then send it to the process in the background."""
        sides = (change.before.quads(), change.added.quads(), change.removed)
        texts = [serialize(quads, format=RdfFormat.N_QUADS) or b"" for quads in sides]
        # They are written only as fast as they are read.
        Thread(target=self._send, args=(texts,), daemon=True).start()

    def _send(self, texts: list[bytes]) -> None:
        with suppress(OSError):  # the process ended, which its result shows
            for text in texts:
                self._pipe.send_bytes(text)

    def result(self) -> CheckResult:
        """Wait for the result of the validation and return it.

        Raises:
            EOFError: the process ended without a result.
            Exception: any exception of the validation.
        """
        found = self._pipe.recv()
        self._process.join()
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, CheckResult)
        return found

    def end(self) -> None:
        """End the process without waiting for its result."""
        self._process.terminate()


def _validate(pipe: Connection, language: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process reports it, and ends this one
    end_with_parent()
    from g60kg.validation.candidates import prepare
    from g60kg.validation.delta.shape_analysis import shape_graph
    from g60kg.validation.delta.verdict import delta_result
    from g60kg.validation.shacl_engines import quiet

    try:
        with quiet():
            shapes = shape_graph()
            prepare(shapes)
        texts = (pipe.recv_bytes() for _ in range(3))
        before, added, removed = (list(parse(t, format=RdfFormat.N_QUADS)) for t in texts)
        change = Change.of(LocalStore.holding(before, "the graph"), added, removed)
        pipe.send(delta_result(change, shapes, language))
    except Exception as error:
        pipe.send(error)


def end_with_parent() -> None:
    """Start a thread that ends this process as soon as its parent process has ended.

    Without a parent process it does nothing.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()
