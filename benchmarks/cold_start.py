"""Cold start times of the command line, compared with importing rdflib.

Prints a Markdown table. The commands alternate, so that other load on the machine affects all of
them, and the medians are compared. Targets: the query at most 2.5 times the
import, validation of the shipped graph at most 3 seconds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.measuring import G60KG


@dataclass(frozen=True, slots=True)
class Command:
    """A command to time; ``limit`` is the text of its target."""

    name: str
    words: tuple[str, ...]
    limit: str


IMPORT_RDFLIB = Command('python -c "import rdflib"', (sys.executable, "-c", "import rdflib"), "")
COLD_QUERY = Command(
    "g60kg query run member-cities", (G60KG, "query", "run", "member-cities"), "≤ 2.5×"
)
VALIDATE = Command("g60kg validate", (G60KG, "validate"), "≤ 3 s")


def seconds(command: Command) -> float:
    """Return the wall time of one run in seconds, from process start to exit.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    start = time.perf_counter()
    subprocess.run(command.words, check=True, capture_output=True)
    return time.perf_counter() - start


def medians(commands: tuple[Command, ...], rounds: int) -> dict[Command, float]:
    """Return the median seconds of each command over ``rounds`` rounds, after a warm-up round."""
    runs: dict[Command, list[float]] = {command: [] for command in commands}
    for counted in (False, *[True] * rounds):
        for command in commands:
            taken = seconds(command)
            if counted:
                runs[command].append(taken)
    return {command: statistics.median(taken) for command, taken in runs.items()}


def table(times: dict[Command, float]) -> str:
    """Return the Markdown table of ``times``: seconds, and the ratio to importing rdflib."""
    unit = times[IMPORT_RDFLIB]
    rows = [
        f"| `{command.name}` | {taken:.3f} | {taken / unit:.2f}× | {command.limit} |"
        for command, taken in times.items()
    ]
    return "\n".join(("| command | seconds | ratio | target |", "|---|--:|--:|---|", *rows))


def main() -> None:
    """Time the commands and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11, help="runs of each command (11)")
    rounds = max(1, parser.parse_args().rounds)
    times = medians((IMPORT_RDFLIB, COLD_QUERY), rounds) | medians((VALIDATE,), max(1, rounds // 3))
    print(table(times))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        sys.exit(f"{failure}\n{failure.stderr.decode(errors='replace')}")
