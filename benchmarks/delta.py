"""Validation times of 100 new facts, by delta and by full runs, on growing graphs.

Prints a Markdown table. The graph is the shipped one and copies of its instances, in which
entities, facts, quotations and sources have other names; the new facts are one more copy. A
full verdict runs all shapes on the complete graph, without the facts and with them. Above
``--full-up-to`` triples it is not run but extrapolated in proportion from the largest size at
which it was, and marked with ~. Targets for the delta at 1M triples: at most 0.4 seconds, and at
most 1.2 times its time at 10k.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final, TypeVar, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import Graph

from g60kg import package_data
from g60kg.model.change import Change
from g60kg.namespaces import ONTOLOGY_GRAPH, PREFIXES, g60, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.delta.shape_analysis import Analysis, analyse
from g60kg.validation.delta.verdict import DeltaOutcome, delta_findings
from g60kg.validation.report.findings import Status
from g60kg.validation.shacl_engines import complete_graph

SIZES: Final = (10_000, 100_000, 1_000_000)
FACTS: Final = 100
ROUNDS: Final = 3
RENAMED: Final = tuple(PREFIXES[prefix] for prefix in ("id", "fact", "quote"))
SUBJECT, PREDICATE, OBJECT = (g60("fact" + part) for part in ("Subject", "Predicate", "Object"))

Node = TypeVar("Node", bound="NamedNode | BlankNode | Literal | Triple")


@dataclass(frozen=True, slots=True)
class Row:
    """Measurements at one size; ``full`` is None if not run."""

    triples: int
    seconds: float
    full: float | None
    focus_nodes: int
    context_triples: int
    introduced: int


def ontology() -> list[Triple]:
    """Return the triples of the ontology."""
    return [triple for file in package_data.ontology_files() for triple in triples_of(file)]


def triples_of(file: object) -> list[Triple]:
    """Return the triples of a Turtle file."""
    quads = parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    return [quad.triple for quad in quads]


class Instances:
    """The shipped instances, and copies of them under other names."""

    def __init__(self, evidenced: frozenset[NamedNode], *, shared: bool) -> None:
        """Read the instances.

        Args:
            evidenced: the properties whose triples need a Fact.
            shared: whether the cities and provinces of the reference data keep their names, so
                that every copy adds facts to them.
        """
        found = {file.stem: triples_of(file) for file in package_data.instance_files()}
        self._triples = [triple for triples in found.values() for triple in triples]
        self._evidenced = evidenced
        self._kept = {t.object for t in found["reference"] if t.predicate == SUBJECT and shared}

    def copy(self, number: int) -> Iterator[Triple]:
        """Return the triples of one copy."""
        for t in self._triples:
            subject, object_ = self._renamed(t.subject, number), self._renamed(t.object, number)
            yield Triple(subject, t.predicate, object_)

    def _renamed(self, node: Node, number: int) -> Node:
        if (
            isinstance(node, NamedNode)
            and node not in self._kept
            and node.value.startswith(RENAMED)
        ):
            return cast(Node, NamedNode(f"{node.value}-{number}"))
        return node

    def facts(self, number: int, seed: int) -> list[Triple]:
        """Return 100 facts of a copy with their triples, quotations and subjects."""
        described: dict[object, list[Triple]] = {}
        for triple in self.copy(number):
            described.setdefault(triple.subject, []).append(triple)
        stated = {
            subject: tuple(
                t.object for p in (SUBJECT, PREDICATE, OBJECT) for t in ts if t.predicate == p
            )
            for subject, ts in described.items()
            if any(t.predicate == SUBJECT for t in ts)
        }
        chosen = random.Random(seed).sample(sorted(stated, key=str), FACTS)
        direct = {stated[fact] for fact in chosen}
        waiting, seen = list[object](chosen), set[object]()
        found: list[Triple] = []
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            for t in described.get(node, ()):
                if (
                    t.predicate not in self._evidenced
                    or (t.subject, t.predicate, t.object) in direct
                ):
                    found.append(t)
                    waiting.append(t.object)
        return found


def grown(size: int, base: list[Triple], instances: Instances) -> Iterator[Quad]:
    """Yield the quads of a graph of at least that many triples, copy by copy."""
    made = len(base)
    yield from (quad(t, ONTOLOGY_GRAPH) for t in base)
    number = 0
    while made < size:
        for t in instances.copy(number):
            made += 1
            yield quad(t, graph_name(f"copy-{number}"))
        number += 1


def quad(triple: Triple, graph: NamedNode) -> Quad:
    """Return the triple in a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


@contextmanager
def store_of(quads: Iterator[Quad], *, on_disk: bool) -> Iterator[LocalStore]:
    """Yield a store of the quads, in memory or in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder) if on_disk else Store()
        store.bulk_extend(quads)
        yield LocalStore(store, "a copy of copies")
        del store


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of some runs."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def measure(
    store: LocalStore, new: list[Triple], shapes: Graph, analysis: Analysis, full_up_to: int
) -> Row:
    """Return the row of one store."""

    quads = [Quad(t.subject, t.predicate, t.object, graph_name("new")) for t in new]

    def delta() -> DeltaOutcome:
        return delta_findings(Change.of(store, quads), shapes, analysis)

    def full() -> None:
        old = {q.triple for q in store.quads()}
        for triples in (old, old.union(new)):
            run_shapes(complete_graph(triples), shapes)

    outcome = delta()
    return Row(
        triples=len(store),
        seconds=seconds(delta, ROUNDS),
        full=seconds(full, 1) if len(store) <= full_up_to * 1.1 else None,
        focus_nodes=outcome.focus_nodes,
        context_triples=outcome.context_triples,
        introduced=sum(f.status is Status.INTRODUCED for f in outcome.findings),
    )


def table(rows: list[Row]) -> str:
    """Return the Markdown table of the rows."""
    lines = [
        "| triples | delta, s | full, s | full ÷ delta "
        "| focus nodes | context triples | findings |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    known: Row | None = None
    for row in rows:
        known = row if row.full is not None else known
        full, mark = row.full, ""
        if full is None and known is not None and known.full is not None:
            full, mark = known.full * row.triples / known.triples, "~"
        compared = "" if full is None else f"{mark}{full:,.1f} | {mark}{full / row.seconds:,.0f}×"
        lines.append(
            f"| {row.triples:,} | {row.seconds:.2f} | {compared or ' | '} "
            f"| {row.focus_nodes} | {row.context_triples} | {row.introduced} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure at each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="triples of the graphs")
    parser.add_argument("--full-up-to", type=int, default=10_000, help="largest graph run in full")
    parser.add_argument("--on-disk", action="store_true", help="keep the graphs on disk")
    parser.add_argument("--shared", action="store_true", help="every copy adds facts to the cities")
    parser.add_argument("--seed", type=int, default=60, help="which facts are the new ones")
    parser.add_argument("--json", action="store_true", help="print only the rows, as JSON")
    options = parser.parse_args()
    base = ontology()
    evidenced = {t.subject for t in base if t.predicate == g60("requiresEvidence")}
    instances = Instances(
        frozenset(s for s in evidenced if isinstance(s, NamedNode)), shared=options.shared
    )
    shapes = rdflib_graph(t for file in package_data.shape_files() for t in triples_of(file))
    start = time.perf_counter()
    analysis = analyse(shapes)
    once = time.perf_counter() - start
    new = instances.facts(-1, options.seed)
    rows = []
    for size in options.sizes:
        with store_of(grown(size, base, instances), on_disk=options.on_disk) as store:
            rows.append(measure(store, new, shapes, analysis, options.full_up_to))
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print(f"Working out what the shapes read: {once:.2f} s, once.\n")
    print(f"The change: {FACTS} facts, {len(set(new)):,} triples.\n")
    print(table(rows))


if __name__ == "__main__":
    main()
