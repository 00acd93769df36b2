"""Times of the canned queries: here, by pyoxigraph alone, and by rdflib in memory.

Runs in its own process, so that its memory is that of the measured engine, and prints JSON:
``python -m benchmarks.query_times STORE`` for a store on disk, or a file of N-Quads to query in
memory, with ``--rdflib`` by rdflib.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

from benchmarks.measuring import alternating_medians
from g60kg.namespaces import PREFIXES
from g60kg.queries.binding import bind
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.queries.execution import run_named
from g60kg.stores.local_store import LocalStore

ROUNDS: Final = 5
#: The time limit of rdflib for one query, in seconds.
PATIENCE: Final = 4
#: The query measured with evidence, and the number of its rows.
EVIDENCE_OF: Final = "claims-by-modality"
EVIDENCE_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds of one query, from its name to its last row."""

    name: str
    rows: int
    here: float
    pyoxigraph: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Seconds of some rows without and with their quotations."""

    rows: int
    without: float
    with_quotations: float


def by_pyoxigraph(raw: Store) -> dict[str, object]:
    """Return the times of every canned query over a store, and of rows with evidence."""
    store = LocalStore(raw, "a synthetic graph")
    asked = [_asked(query, store, raw) for query in load_catalog().values()]
    query = load_catalog()[EVIDENCE_OF]

    def read(evidence: bool) -> None:
        _take(run_named(store, query, {}, limit=EVIDENCE_ROWS, evidence=evidence).stream())

    without, with_quotations = alternating_medians(lambda: read(False), lambda: read(True), ROUNDS)
    evidence = Evidence(EVIDENCE_ROWS, without, with_quotations)
    return {"asked": [asdict(one) for one in asked], "evidence": asdict(evidence)}


def _asked(query: NamedQuery, store: LocalStore, raw: Store) -> Asked:
    text = bind(query, {}).rows

    found: list[int] = []

    def here() -> None:
        found.append(sum(1 for _ in run_named(store, query, {}).stream()))

    def there() -> None:
        solutions = raw.query(text, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        _take(solutions)

    seconds = alternating_medians(here, there, ROUNDS)
    return Asked(query.name, found[0], *seconds)


def in_memory(file: str) -> Store:
    """Return the shipped graph with the quads of a file."""
    store = Store()
    store.bulk_extend(LocalStore.shipped().quads())
    store.bulk_load(path=file, format=RdfFormat.N_QUADS)
    return store


def _take(rows: Iterator[object]) -> None:
    deque(rows, maxlen=0)


class _TooLong(Exception):
    """A query exceeded its time limit."""


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    def ring(_number: int, _frame: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def by_rdflib(file: str, seconds: int) -> dict[str, float | None]:
    """Return the seconds of each query by rdflib's engine; None if over the time limit."""
    from g60kg.stores.rdflib_view import rdflib_graph

    shipped = LocalStore.shipped().quads()
    made = parse(path=file, format=RdfFormat.N_QUADS)
    graph = rdflib_graph(quad.triple for quads in (shipped, made) for quad in quads)
    taken: dict[str, float | None] = {}
    for query in load_catalog().values():
        start = time.perf_counter()
        try:
            with _alarm(seconds):
                deque(graph.query(query.text), maxlen=0)
            taken[query.name] = time.perf_counter() - start
        except _TooLong:
            taken[query.name] = None
    return taken


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", help="a store on disk, or a file of N-Quads to query in memory")
    parser.add_argument("--rdflib", action="store_true", help="use rdflib; needs a file")
    options = parser.parse_args()
    if options.rdflib:
        print(json.dumps(by_rdflib(options.path, PATIENCE)))
        return
    path = options.path
    store = Store.read_only(path) if Path(path).is_dir() else in_memory(path)
    print(json.dumps(by_pyoxigraph(store)))


if __name__ == "__main__":
    main()
