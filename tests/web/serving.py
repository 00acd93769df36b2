"""Servers for tests: processes on loopback, each ended by the process that started it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.fork_server import Started
from tests.cli.run import started
from tests.conftest import TEXTS, environment

#: Seconds that a server has to start and to end.
START = 60.0
END = 30.0
_ADDRESS = re.compile(r"http://[\w.:\[\]]+:\d+(?:/\w+)*")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        url: where it listens, without a slash at the end.
        process: it, the parent of the processes that answer.
        log: what it writes to stderr.
    """

    url: str
    process: subprocess.Popen[bytes] | Started
    log: Path

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return int(self.url.rsplit(":", 1)[1].partition("/")[0])

    def logged(self, pattern: str) -> list[str]:
        """Return the lines of the log with the pattern; wait for the first one.

        The line of a request is written after its response has been sent.
        """
        deadline = time.monotonic() + END
        while True:
            lines = self.log.read_text(encoding="utf-8").splitlines()
            if found := [line for line in lines if re.search(pattern, line)]:
                return found
            assert time.monotonic() < deadline, f"the log has no {pattern}"
            time.sleep(0.02)

    def stop(self, seconds: float = END) -> int:
        """Send SIGTERM, wait, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def serving(
    log: Path,
    *options: str,
    globals_: tuple[str, ...] = (),
    script: Path | None = None,
    is_new: bool = False,
) -> Iterator[Server]:
    """Run a server on a free port of loopback; end it and its processes afterwards.

    It has two workers unless the options say otherwise, as each loads what it needs for itself.

    Args:
        log: the file for what it writes to stderr.
        options: of ``g60kg serve``.
        globals_: options that stand before the command, such as ``--store``.
        script: what to run in place of the package.
        is_new: whether it starts with a new interpreter, as it does for a user; otherwise it is
            forked with its imports done, as its workers are, which then have more address space
            than usual.
    """
    run = ("-m", "g60kg") if script is None else (str(script),)
    quiet = () if "--warm-up" in options else ("--no-warm-up",)
    few = () if "--workers" in options else ("--workers", "2")
    command = (*globals_, "serve", "--port", "0", *quiet, *few, *options)
    log.write_bytes(b"")
    process: subprocess.Popen[bytes] | Started
    if is_new or script is not None or "--processes" in options:
        with log.open("ab") as out:
            process = subprocess.Popen(
                (sys.executable, *run, *command),
                env=environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
    else:
        process = started(*command, stdout=log, stderr=log)
    try:
        yield Server(_address(process, log), process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def patched(folder: Path, *statements: str) -> Path:
    """Return a script that runs the command after statements that change its modules."""
    script = folder / "patched.py"
    main = ("from g60kg.cli.app import main", "if __name__ == '__main__':", "    main()")
    script.write_text("\n".join((*statements, *main)), encoding="utf-8")
    return script


def with_texts() -> tuple[str, ...]:
    """Return the option with the folder of article texts, if it exists."""
    return ("--articles", str(TEXTS)) if TEXTS.is_dir() else ()


def _address(process: subprocess.Popen[bytes] | Started, log: Path) -> str:
    deadline = time.monotonic() + START
    while True:
        said = log.read_text(encoding="utf-8")
        if said.endswith("\n") and (found := _ADDRESS.search(said)):
            return found.group()
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the server did not start:\n{said}")
        time.sleep(0.02)
