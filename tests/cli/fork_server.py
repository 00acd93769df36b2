"""Process that forks a child for each command line, so that imports are paid once for all tests.

A child is a process like any other: it has its own streams, environment and folder, and ends as
``python -m g60kg`` does, but that it does not free its memory, which takes longer than most of the
commands. Run as a script, the module reads one JSON request per line and answers with the exit code
of its child. It starts no thread, because a fork would lose it.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final

from g60kg.gate.fact_validation import validate
from g60kg.stores.local_store import LocalStore

#: Seconds after which a command is killed.
LIMIT: Final = 120
_ROOT: Final = Path(__file__).resolve().parents[2]
_PRELOADED: Final = (
    "g60kg.gate.transactions", "g60kg.gate.fact_validation", "g60kg.gate.report_output",
    "g60kg.cli.app", "g60kg.sheets.compile", "g60kg.queries.execution",
    "pyshacl", "rapidfuzz.process", "rich.table",
)  # fmt: skip


class ForkServer:
    """Client of the process, which it starts for the first command."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def run(
        self,
        arguments: Sequence[str],
        stdin: str,
        env: Mapping[str, str],
        cwd: Path,
        memory: int | None = None,
        seconds: float = LIMIT,
    ) -> subprocess.CompletedProcess[str]:
        """Return the finished command with its output.

        It has at most so many bytes of memory. After so many seconds, it is killed: SIGALRM ends it
        as SIGKILL does, because nothing handles it.
        """
        with self._lock, TemporaryDirectory(prefix="tests-") as folder:
            given, out, err = (Path(folder) / name for name in ("stdin", "stdout", "stderr"))
            given.write_bytes(stdin.encode())
            request = {
                "arguments": arguments,
                "streams": [str(given), str(out), str(err)],
                "env": dict(env),
                "cwd": str(cwd),
                "memory": memory,
                "seconds": seconds,
            }
            code = self._answer(json.dumps(request))
            return subprocess.CompletedProcess(
                arguments, code, out.read_bytes().decode(), err.read_bytes().decode()
            )

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _answer(self, request: str) -> int:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(request, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


def _serve() -> None:
    """Answer requests to the end of the input; in a child, run the command."""
    codes: list[Any] = []
    # It runs last, because it is registered first: after all other cleanup.
    atexit.register(_end, codes)
    for name in _PRELOADED:
        importlib.import_module(name)
    # A child with the same graph takes it over, as its own copy.
    loaded, data = LocalStore.shipped(), os.environ.get("G60KG_DATA")
    # What validation computes from the shapes and the ontology is the same in every child.
    validate(loaded, [_ROOT / "examples" / "sample-facts.csv"], texts={})
    # Typer imports the rest, and starts to cache, at its first command line.
    importlib.import_module("typer.testing").CliRunner().invoke(
        importlib.import_module("g60kg.cli.app").app, ["--store", "/nowhere/store", "info"]
    )
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _apply(**json.loads(line))
            if os.environ.get("G60KG_DATA") == data:
                _take_over(loaded)
            try:
                importlib.import_module("g60kg.cli.app").main()
            except SystemExit as ended:
                codes.append(ended.code)
                raise
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    sys.exit()


def _end(codes: list[Any]) -> None:
    """End the process with its exit code, which is 1 after an error that nothing handled."""
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(*codes or [1])


def _apply(
    arguments: list[str],
    streams: list[str],
    env: dict[str, str],
    cwd: str,
    memory: int | None,
    seconds: float,
) -> None:
    """Take over the arguments, streams, environment, folder and limits of a request."""
    for number, name in enumerate(streams):
        opened = os.open(name, os.O_WRONLY | os.O_CREAT if number else os.O_RDONLY, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, "utf-8", "backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["g60kg", *arguments]
    signal.setitimer(signal.ITIMER_REAL, seconds)
    if memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _take_over(loaded: LocalStore) -> None:
    """Let the first load of the shipped graph return one that is loaded; later ones load it."""
    load, left = LocalStore.shipped, [loaded]
    LocalStore.shipped = lambda: left.pop() if left else load()  # type: ignore[method-assign]


if __name__ == "__main__":
    _serve()
