"""Seconds and peak memory of work that runs in a process of its own, and the machine it runs on."""

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

#: The command line of the Python that runs this.
G60KG: Final = str(Path(sys.executable).with_name("g60kg"))
MEBIBYTE: Final = 1024 * 1024
#: Seconds after which a run is not repeated: it is steady enough.
LONG_RUN: Final = 10
#: Seconds for the turns of two pieces of work.
PATIENCE: Final = 1.5
#: A process begins with the memory of the one that starts it, so a small one starts each. It writes
#: the seconds and the peak to the file that is its first argument.
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
    """What one piece of work took.

    Attributes:
        seconds: the wall time, from a new process to its end; of several runs the median.
        mebibytes: the most memory that it held at once; of several runs the most.
        output: what the last of them printed.
    """

    seconds: float
    mebibytes: float
    output: str = ""


def run(
    words: Sequence[str | Path], rounds: int = 1, *, before: Callable[[], None] | None = None
) -> Run:
    """What a command takes.

    Args:
        words: the command.
        rounds: how often it runs; once where that takes long.
        before: what each run needs done, outside the time.

    Raises:
        subprocess.CalledProcessError: it failed, so its time would mean nothing.
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


def by_turns(
    one: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """The median seconds of two pieces of work in this process.

    They take turns, so that a slow spell of the machine meets both; a first turn is not counted.
    Once a counted turn has been had, no other begins when the time is up.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    begun = time.perf_counter()
    for turn in range(rounds + 1):
        for work, times in zip((one, other), taken, strict=True):
            start = time.perf_counter()
            work()
            if turn:
                times.append(time.perf_counter() - start)
        if turn and time.perf_counter() - begun > PATIENCE:
            break
    return statistics.median(taken[0]), statistics.median(taken[1])


def machine() -> str:
    """The machine and the versions, in one line; nothing that tells whose machine it is."""
    packages = ("g60kg", "pyoxigraph", "rdflib", "pyshacl")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{cores} cores ({_model()}), {memory:.0f} GiB of memory, {platform.system()}; "
        f"Python {platform.python_version()}, {versions}"
    )


def _model() -> str:
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
