"""Runs the command line as a user does: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def g60kg(
    *arguments: str | Path,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """The finished process; a traceback on stderr is never an answer."""
    kept = (name for name in os.environ if not name.startswith("G60KG_") and name != "COLUMNS")
    cleared = {name: os.environ[name] for name in kept}
    done = subprocess.run(
        [sys.executable, "-m", "g60kg", *map(str, arguments)],
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
