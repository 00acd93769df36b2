"""Validation time of a complete graph, with pySHACL on candidates or on every target.

Prints JSON. A store is opened on disk; a file of N-Quads is first read into memory, together with
the shipped graph.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from benchmarks.query_times import in_memory
from g60kg import package_data
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation import shacl_engines
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.shape_structure.shape_graph import targeted_shapes


@dataclass(frozen=True, slots=True)
class FullValidation:
    """One run of all shapes.

    Attributes:
        triples: the number of triples of the graph.
        seconds: from the open store to the findings.
        findings: the number of findings.
    """

    triples: int
    seconds: float
    findings: int


def measure(store: Store, *, by_pyshacl: bool) -> FullValidation:
    """Measure one run over a store."""
    shapes = rdflib_graph(
        quad.triple
        for turtle in package_data.shape_files().values()
        for quad in parse(turtle, format=RdfFormat.TURTLE)
    )
    triples = (quad.triple for quad in store)
    start = time.perf_counter()
    if by_pyshacl:
        graph = rdflib_graph(triples)
        every = set(targeted_shapes(shapes))
        setattr(shacl_engines, "candidates", lambda *_: ({}, every))  # noqa: B010
    else:
        graph = shacl_engines.complete_graph(triples)
    with shacl_engines.quiet():
        found = run_shapes(graph, shapes)
    return FullValidation(len(store), time.perf_counter() - start, len(found))


def main() -> None:
    """Measure one run and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph", help="the folder of a store, or a file of N-Quads")
    parser.add_argument("--pyshacl", action="store_true", help="run pySHACL on every target")
    options = parser.parse_args()
    folder = Path(options.graph)
    store = Store.read_only(str(folder)) if folder.is_dir() else in_memory(options.graph)
    print(json.dumps(asdict(measure(store, by_pyshacl=options.pyshacl))))


if __name__ == "__main__":
    main()
