"""Time to understand the questions of the test set, and what a cold `ask` adds to a cold query.

Prints a Markdown table. Targets: a question in 50 ms once the names are read, a cold `ask` at most
0.1 s more than a cold `query run`. The two commands alternate and their medians are compared.
"""

from __future__ import annotations

import argparse
import statistics
import time

from benchmarks.cold_start import Command, medians
from benchmarks.measuring import G60KG
from g60kg.queries.ask.understanding import Interpreter
from g60kg.stores.local_store import LocalStore
from tests.queries.ask_accuracy import read

QUERY = Command(
    "g60kg query run projects", (G60KG, "query", "run", "projects", "-p", "city=Songjiang"), ""
)
ASK = Command(
    "g60kg ask", (G60KG, "ask", "Which projects are in Songjiang?"), "≤ 0.1 s more than the query"
)


def milliseconds() -> list[float]:
    """Return the time of each question of the set, after a first one."""
    interpreter = Interpreter(LocalStore.shipped())
    interpreter.understand("projects")
    taken: list[float] = []
    for question in read():
        start = time.perf_counter()
        interpreter.understand(question.text)
        taken.append(1000 * (time.perf_counter() - start))
    return sorted(taken)


def main() -> None:
    """Time questions and commands, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11, help="runs of each command (11)")
    rounds = max(1, parser.parse_args().rounds)
    taken = milliseconds()
    started = medians((QUERY, ASK), rounds)
    rows = [
        ("a question, median", f"{statistics.median(taken):.1f} ms", "≤ 50 ms"),
        ("a question, 95 of 100", f"{taken[int(0.95 * len(taken))]:.1f} ms", "≤ 50 ms"),
        *((f"`{one.name}`, cold", f"{taken:.3f} s", one.limit) for one, taken in started.items()),
        ("`ask` more than the query", f"{started[ASK] - started[QUERY]:.3f} s", "≤ 0.1 s"),
    ]
    lines = ["| work | time | target |", "|---|--:|---|"]
    print("\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]))


if __name__ == "__main__":
    main()
