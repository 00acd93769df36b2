"""Process that forks a child for each command line, so that imports are paid once for all tests.

A child is a process like any other: it has its own streams, environment and folder, and ends as
``python -m g60kg`` does, but that it does not free its memory, which takes longer than most of the
commands. Run as a script, the module reads one JSON request per line and answers with the exit code
of its child, or at once with its number. It starts no thread, because a fork would lose it.

The worker processes of a server are forked as well, by a copy of the server that is made before it
starts a thread.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, util
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
            code = self._answer(request)
            assert code is not None
            return subprocess.CompletedProcess(
                arguments, code, out.read_bytes().decode(), err.read_bytes().decode()
            )

    def start(
        self, arguments: Sequence[str], env: Mapping[str, str], streams: Sequence[Path | None]
    ) -> Started:
        """Return a command that runs, with the files of its streams; None: a closed stdout."""
        request = {
            "arguments": arguments,
            "streams": [path and str(path) for path in streams],
            "env": dict(env),
            "cwd": str(Path.cwd()),
            "memory": None,
            "seconds": None,
        }
        with self._lock:
            number = self._answer(request)
        assert number is not None
        return Started(number, self)

    def code(self, number: int) -> int | None:
        """Return the exit code of a started command if it has ended."""
        with self._lock:
            return self._answer({"ended": number})

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _answer(self, request: Mapping[str, object]) -> int | None:
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
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer: int | None = json.loads(self._process.stdout.readline())
        return answer


@dataclass
class Started:
    """A command that runs, with the methods of ``subprocess.Popen``."""

    pid: int
    _forks: ForkServer
    returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code if it has ended."""
        if self.returncode is None:
            self.returncode = self._forks.code(self.pid)
        return self.returncode

    def wait(self, timeout: float = LIMIT) -> int:
        """Return the exit code once it has ended; raise TimeoutExpired after so many seconds."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("g60kg", timeout)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal unless it is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


def _serve() -> None:
    """Answer requests to the end of the input; in a child, run the command."""
    codes: list[Any] = []
    # It runs last, because it is registered first: after all other cleanup.
    atexit.register(_end, codes)
    cleanup = vars(util)["_exit_function"]
    atexit.unregister(cleanup)
    atexit.register(cleanup)
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
    running: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        if number := request.get("ended"):
            code = _code(number)
            running -= set() if code is None else {number}
            print(json.dumps(code), flush=True)
            continue
        if is_server := "serve" in request["arguments"]:
            _prepare_server()
        reached, applied = os.pipe()
        child = os.fork()
        if not child:
            _apply(**request)
            os.close(reached)
            os.close(applied)
            if os.environ.get("G60KG_DATA") == data:
                _take_over(loaded)
            if is_server:
                _fork_workers()
            try:
                importlib.import_module("g60kg.cli.app").main()
            except SystemExit as ended:
                codes.append(ended.code)
                raise
        os.close(applied)
        os.read(reached, 1)  # the end, as soon as the child has its streams
        os.close(reached)
        if request["seconds"] is None:
            running.add(child)
            print(child, flush=True)
            continue
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    # The tests were killed.
    for child in running:
        os.kill(child, signal.SIGTERM)
    sys.exit()


def _code(number: int) -> int | None:
    """Return the exit code of a child if it has ended."""
    ended, status = os.waitpid(number, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


@cache
def _prepare_server() -> None:
    """Import what a server and its workers need, and compile the templates of pages."""
    from g60kg.web import app, server, views

    for found in pkgutil.iter_modules(views.__path__, f"{views.__name__}."):
        importlib.import_module(found.name)
    templates = app.page_templates()
    for file in (Path(server.__file__).parent / "templates").iterdir():
        templates.get_template(file.name)
    app.page_templates = lambda: templates
    gc.freeze()


def _fork_workers() -> None:
    """Start multiprocessing's process that forks workers, with all that this process has."""
    spawn = util.spawnv_passfds
    util.spawnv_passfds = _forked  # type: ignore[assignment]  # it is called with integers
    try:
        forkserver.ensure_running()
    finally:
        util.spawnv_passfds = spawn


def _forked(_path: object, arguments: Sequence[str], descriptors: Sequence[int]) -> int:
    """Return a child that runs the last argument, Python code, with these descriptors only."""
    child = os.fork()
    if not child:
        for number in (int(path.name) for path in Path("/dev/fd").iterdir()):
            if number > 2 and number not in descriptors:
                with suppress(OSError):
                    os.close(number)
        try:
            exec(arguments[-1], {})
        finally:
            os._exit(1)
    return child


def _end(codes: list[Any]) -> None:
    """End the process with its exit code, which is 1 after an error that nothing handled."""
    for stream in (sys.stdout, sys.stderr):
        if stream and not stream.closed:
            stream.flush()
    os._exit(*codes or [1])


def _apply(
    arguments: list[str],
    streams: list[str | None],
    env: dict[str, str],
    cwd: str,
    memory: int | None,
    seconds: float | None,
) -> None:
    """Take over the arguments, streams, environment, folder and limits of a request."""
    for number, name in enumerate(streams):
        if name is None:
            os.close(number)
            continue
        use = os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY
        opened = os.open(name, use | os.O_NOCTTY, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    # Python opens none either if it is closed.
    written: Any = os.fdopen(1, "w", encoding="utf-8", closefd=False) if streams[1] else None
    sys.stdout = written
    sys.stderr = os.fdopen(2, "w", 1, "utf-8", "backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    tempfile.tempdir = None
    sys.argv = ["g60kg", *arguments]
    signal.setitimer(signal.ITIMER_REAL, seconds or 0)
    if memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _take_over(loaded: LocalStore) -> None:
    """Let the first load of the shipped graph return one that is loaded; later ones load it."""
    load, left = LocalStore.shipped, [loaded]
    LocalStore.shipped = lambda: left.pop() if left else load()  # type: ignore[method-assign]


if __name__ == "__main__":
    _serve()
