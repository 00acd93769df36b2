"""Validation times of 100 new facts on growing graphs, only of what the facts can affect.

Prints a Markdown table. The graph is the shipped one with synthetic articles; the new facts are
those of one more article, whose cities and some of whose companies others describe too. Targets for
1M triples: at most 0.4 seconds, and at most 1.2 times the time for the smallest graph.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Final

from pyoxigraph import Store
from rdflib import Graph

from benchmarks.make_graph import of_article, quads
from g60kg.model.change import Change
from g60kg.stores.local_store import LocalStore
from g60kg.validation.delta.shape_analysis import analyse, shape_graph
from g60kg.validation.delta.verdict import delta_findings
from g60kg.validation.report.findings import Status

SIZES: Final = (100_000, 1_000_000)
#: An article that states 100 facts, beyond those of a graph of ten million triples.
NEW: Final = 20_022
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """Measurements at one size."""

    triples: int
    seconds: float
    focus_nodes: int
    context_triples: int
    introduced: int


def grown(size: int) -> LocalStore:
    """Return the shipped graph with synthetic articles, about that many quads."""
    shipped = LocalStore.shipped()
    store = Store()
    store.bulk_extend(chain(shipped.quads(), quads(max(0, size - len(shipped)))))
    return LocalStore(store, "a synthetic graph")


def measure(store: LocalStore, shapes: Graph) -> Row:
    """Return the row of one store."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        outcome = delta_findings(Change.of(store, of_article(NEW)), shapes)
        taken.append(time.perf_counter() - start)
    return Row(
        triples=len(store),
        seconds=statistics.median(taken),
        focus_nodes=outcome.focus_nodes,
        context_triples=outcome.context_triples,
        introduced=sum(f.status is Status.INTRODUCED for f in outcome.findings),
    )


def main() -> None:
    """Measure at each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="triples of the graphs")
    parser.add_argument("--json", action="store_true", help="print only the rows, as JSON")
    options = parser.parse_args()
    shapes = shape_graph()
    start = time.perf_counter()
    analyse(shapes)
    once = time.perf_counter() - start
    rows = [measure(grown(size), shapes) for size in options.sizes]
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print(f"Working out what the shapes read: {once:.2f} s, once.\n")
    print("| triples | delta, s | focus nodes | context triples | findings |")
    print("|--:|--:|--:|--:|--:|")
    for row in rows:
        print(
            f"| {row.triples:,} | {row.seconds:.2f} | {row.focus_nodes} | {row.context_triples} "
            f"| {row.introduced} |"
        )


if __name__ == "__main__":
    main()
