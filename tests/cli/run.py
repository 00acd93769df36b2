"""Command lines for tests: each runs in a process of its own, as for a user."""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from docs.make.snippets import WIDTH, run
from tests.cli.fork_server import LIMIT, ForkServer, Started
from tests.conftest import environment

_NOWHERE: Final = Path(os.devnull)
_FORKS: Final = ForkServer()
atexit.register(_FORKS.stop)


def g60kg(
    *arguments: str | Path,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    under: Sequence[str] = (),
    memory: int | None = None,
    seconds: float = LIMIT,
) -> subprocess.CompletedProcess[str]:
    """Return the finished process, run under another command or with a limit of bytes if given.

    A traceback on stderr fails the test. The process is forked with its imports done, unless
    another command or a setting of Python itself needs a new interpreter. ``memory`` is the most
    bytes of address space that a forked process gets; it is killed after ``seconds``.
    """
    passed = {**environment(), "PYTHONIOENCODING": "utf-8", **(env or {})}
    if "COLUMNS" not in (env or {}):
        passed.pop("COLUMNS", None)
    texts = [str(argument) for argument in arguments]
    if (
        hasattr(os, "fork")
        and not under
        and not any(name.startswith("PYTHON") for name in env or ())
    ):
        done = _FORKS.run(texts, stdin or "", passed, cwd or Path.cwd(), memory, seconds)
    else:
        done = subprocess.run(
            [*under, sys.executable, "-m", "g60kg", *texts],
            capture_output=True,
            encoding="utf-8",
            input=stdin or "",
            env=passed,
            cwd=cwd,
            timeout=LIMIT,
            check=False,
        )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def started(
    *arguments: str | Path,
    stdin: Path = _NOWHERE,
    stdout: Path | None = _NOWHERE,
    stderr: Path = _NOWHERE,
    env: Mapping[str, str] | None = None,
) -> Started:
    """Return a command that runs, forked with its imports done.

    What it writes is added to the files of its streams; without one for stdout, that is closed.
    """
    passed = {**environment(), "PYTHONIOENCODING": "utf-8", **(env or {})}
    return _FORKS.start([str(one) for one in arguments], passed, (stdin, stdout, stderr))


def printed(command: str, folder: Path) -> list[str]:
    """Return the lines that a command of a page prints; in a fork, unless the shell runs more."""
    program, *words = shlex.split(command)
    if program != "g60kg" or set(command) & set("|>"):
        return run(command, folder)
    done = g60kg(*words, cwd=folder, env={"COLUMNS": str(WIDTH), "NO_COLOR": "1"})
    return [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]


def bound_by_rights() -> tuple[str, ...]:
    """What to run a command under so that the rights of files bind it, who else is the superuser.

    The test is skipped where that cannot be had.
    """
    if os.name != "posix":
        pytest.skip("rights of files are of POSIX")
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("the superuser may do all, and setpriv is not here to take that away")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
