"""Measurement of seconds and peak memory in a separate process, and description of the machine."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

#: The g60kg command of this Python.
G60KG: Final = str(Path(sys.executable).with_name("g60kg"))
MEBIBYTE: Final = 1024 * 1024
#: A run of more seconds is not repeated: its variation is small.
LONG_RUN: Final = 10
#: The total seconds for alternating runs of two functions.
PATIENCE: Final = 1.5
#: A process inherits the peak memory of its parent, so a small process starts each run. It writes
#: the seconds and the peak to the file in its first argument.
_LAUNCHER: Final = """
import os, sys, time
start = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
with open(sys.argv[1], "w") as out:
    out.write(f"{time.perf_counter() - start} {used.ru_maxrss}")
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Measurements of a command.

    Attributes:
        seconds: the median wall time of the runs, from process start to exit.
        mebibytes: the maximum peak memory of the runs.
        output: the stdout of the last run.
    """

    seconds: float
    mebibytes: float
    output: str = ""


def run(
    words: Sequence[str | Path], rounds: int = 1, *, before: Callable[[], None] | None = None
) -> Run:
    """Run a command and return its measurements.

    Args:
        words: the command.
        rounds: the number of runs; a slow command runs only once.
        before: called before each run, outside the measured time.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    runs = []
    for _ in range(rounds):
        if before is not None:
            before()
        runs.append(_once([str(word) for word in words]))
        if runs[-1].seconds > LONG_RUN:
            break
    return Run(
        statistics.median(one.seconds for one in runs),
        max(one.mebibytes for one in runs),
        runs[-1].output,
    )


def _once(words: list[str]) -> Run:
    with tempfile.NamedTemporaryFile("r+", encoding="utf-8") as used:
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", _LAUNCHER, used.name, *words],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
        seconds, peak = map(float, used.read().split())
    kilobytes = peak / (1024 if sys.platform == "darwin" else 1)
    return Run(seconds, kilobytes * 1024 / MEBIBYTE, done.stdout)


def alternating_medians(
    one: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """Return the median seconds of two functions in this process.

    Their runs alternate, so that other load on the machine affects both; the first round is a
    warm-up. After one counted round, no round starts once the total time is used up.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    begun = time.perf_counter()
    for number in range(rounds + 1):
        for work, times in zip((one, other), taken, strict=True):
            start = time.perf_counter()
            work()
            if number:
                times.append(time.perf_counter() - start)
        if number and time.perf_counter() - begun > PATIENCE:
            break
    return statistics.median(taken[0]), statistics.median(taken[1])


def machine() -> str:
    """Return the hardware and the versions in one line, without identifying the machine."""
    packages = ("g60kg", "pyoxigraph", "rdflib", "pyshacl")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{cores} cores ({_model()}), {memory:.0f} GiB of memory, {platform.system()}; "
        f"Python {platform.python_version()}, {versions}"
    )


def _model() -> str:
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.is_file():
        for line in cpu_info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
