"""Runs the command line as a user does: a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest


def g60kg(
    *arguments: str | Path,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    under: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """The finished process, run under another command where one is given.

    A traceback on stderr is never an answer.
    """
    kept = (name for name in os.environ if not name.startswith("G60KG_") and name != "COLUMNS")
    cleared = {name: os.environ[name] for name in kept}
    done = subprocess.run(
        [*under, sys.executable, "-m", "g60kg", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        input=stdin,
        env={**cleared, "PYTHONIOENCODING": "utf-8", **(env or {})},
        cwd=cwd,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


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
