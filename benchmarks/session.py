"""A benchmark run: the steps in order, and their results."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks import page_times
from benchmarks.cold_start import COLD_QUERY, IMPORT_RDFLIB, VALIDATE, Command, medians
from benchmarks.delta import Row as Delta
from benchmarks.full_validation import FullValidation
from benchmarks.measuring import G60KG, Run, run
from benchmarks.page import Curve, Table, Target
from benchmarks.query_times import Asked, Evidence
from benchmarks.serving import Serving

PYTHON: Final = sys.executable
#: The triples of the smallest graph to which facts are added; the shipped graph has more.
SMALLEST: Final = 10_000
#: The sizes from which its time on the largest graph is extrapolated.
EXTRAPOLATED_FROM: Final = (10_000, 40_000)
#: Scripts that run pyoxigraph alone.
LOAD_ALONE: Final = (
    "import sys, pyoxigraph as ox\n"
    "store = ox.Store(sys.argv[1])\n"
    "store.bulk_load(path=sys.argv[2], format=ox.RdfFormat.N_QUADS)\n"
    "store.flush()"
)
DUMP_ALONE: Final = (
    "import sys, pyoxigraph as ox\n"
    "store, format = ox.Store.read_only(sys.argv[1]), ox.RdfFormat.from_extension(sys.argv[3])\n"
    "with open(sys.argv[2], 'wb') as out:\n"
    "    if format.supports_datasets:\n"
    "        store.dump(out, format)\n"
    "    else:\n"
    "        ox.serialize((quad.triple for quad in store), out, format)"
)
#: The synthetic articles that are added at once: they state 5,023 facts.
ADDED_AT_ONCE: Final = tuple(map(str, range(100, 187)))
#: One of the synthetic articles.
ONE_SOURCE: Final = "3000000001"
#: The formats, with their extensions in pyoxigraph; it has no fact sheets.
EXPORTS: Final = {
    "nquads": "nq",
    "ntriples": "nt",
    "turtle": "ttl",
    "trig": "trig",
    "jsonld": "jsonld",
    "rdfxml": "rdf",
    "csv": "",
}


@dataclass(frozen=True, slots=True)
class Size:
    """Measurements of a graph of one size."""

    triples: int
    load: Run
    load_alone: Run
    asked: tuple[Asked, ...]
    evidence: Evidence
    asking: Run


@dataclass(frozen=True, slots=True)
class Beside:
    """The canned queries in memory, here and by rdflib (None if over the time limit)."""

    triples: int
    asked: tuple[Asked, ...]
    by_rdflib: dict[str, float | None]
    mebibytes: float


@dataclass
class Bench:
    """The measurements so far.

    Attributes:
        folder: a temporary folder for graphs and stores.
        size: the triples of the largest graph.
        rounds: the runs of each load and export.
        rdflib_size: the maximum number of triples for rdflib.
        steps: the number of sizes, each double the last.
    """

    folder: Path
    size: int
    rounds: int
    rdflib_size: int
    steps: int = 5
    sizes: list[Size] = field(default_factory=list)
    exported: dict[str, tuple[Run, Run | None]] = field(default_factory=dict)
    validated: list[tuple[Delta, Run]] = field(default_factory=list)
    added: Run | None = None
    full_validation: tuple[FullValidation, Run] | None = None
    by_pyshacl: list[FullValidation] = field(default_factory=list)
    started: dict[Command, float] = field(default_factory=dict)
    rdflib_asked: Beside | None = None
    serving: Serving | None = None
    pages: tuple[page_times.PageTimes, ...] = ()

    # -- Parts: each can be run by itself, and yields progress messages ----------

    def parts(self) -> dict[str, Callable[[], Iterator[str]]]:
        """Return the parts of the run by name, in order."""
        return {
            "growth": self.grow,
            "exports": self.exports,
            "deltas": self.deltas,
            "add": self.adds,
            "full-validation": self.full_validations,
            "cold-start": self.cold_starts,
            "rdflib": self.rdflib,
            "serving": self.served,
            "pages": self.pages_of_largest,
        }

    def grow(self) -> Iterator[str]:
        """Load and query graphs whose sizes double up to the largest."""
        self.sizes.clear()
        for step in reversed(range(max(1, self.steps))):
            yield self._at(self.size >> step)

    def _largest(self) -> Path:
        """Return the store of the largest graph."""
        file, store = self.folder / "graph.nq", self.folder / "ours"
        if not store.exists():
            run([PYTHON, "-m", "benchmarks.make_graph", str(self.size), "-o", file])
            run([G60KG, "--store", store, "load", file])
        return store

    def _at(self, triples: int) -> str:
        file, ours, alone = (self.folder / name for name in ("graph.nq", "ours", "alone"))
        run([PYTHON, "-m", "benchmarks.make_graph", str(triples), "-o", file])

        def clear() -> None:
            shutil.rmtree(ours, ignore_errors=True)
            shutil.rmtree(alone, ignore_errors=True)

        loading: list[str | Path] = [G60KG, "--store", ours, "load", file]
        load = run([*loading, "--empty"], self.rounds, before=clear)
        load_alone = run([PYTHON, "-c", LOAD_ALONE, alone, file], self.rounds, before=clear)
        clear()
        run(loading)
        asking = run([PYTHON, "-m", "benchmarks.query_times", ours])
        asked, evidence = _answers(asking)
        self.sizes.append(Size(triples, load, load_alone, asked, evidence, asking))
        times = f"loaded in {load.seconds:.1f} s, queried in {asking.seconds:.1f} s"
        return f"{triples:,} triples: {times}"

    def exports(self) -> Iterator[str]:
        """Export the largest graph in every format."""
        store = self._largest()
        for name, extension in EXPORTS.items():
            out = self.folder / f"export.{extension or name}"
            # A fact sheet holds the facts of one source.
            part = [] if extension else ["--graph", ONE_SOURCE]
            words: list[str | Path] = [
                G60KG,
                "--store",
                store,
                "export",
                "-f",
                name,
                "-o",
                out,
                *part,
            ]
            ours = run(words, self.rounds)
            alone = None
            if extension:
                alone = run([PYTHON, "-c", DUMP_ALONE, store, out, extension], self.rounds)
            out.unlink()
            self.exported[name] = (ours, alone)
            yield f"{name}: exported in {ours.seconds:.1f} s"

    def deltas(self) -> Iterator[str]:
        """Validate 100 new facts on graphs of growing size."""
        self.validated.clear()
        for triples in sorted({min(SMALLEST, self.size), min(100_000, self.size), self.size}):
            done = run([PYTHON, "-m", "benchmarks.delta", "--sizes", str(triples), "--json"])
            (row,) = json.loads(done.output)
            self.validated.append((Delta(**row), done))
            yield f"{triples:,} triples: 100 facts validated in {row['seconds']:.2f} s"

    def adds(self) -> Iterator[str]:
        """Add 5,000 facts at once to a store with the shipped graph and one further article."""
        store, file = self.folder / "added", self.folder / "facts.nq"
        make: list[str | Path] = [PYTHON, "-m", "benchmarks.make_graph", "1", "-o", file]
        run(make)
        run([G60KG, "--store", store, "load", file])
        run([*make, "--articles", *ADDED_AT_ONCE])
        self.added = run([G60KG, "--store", store, "add", "--yes", file])
        yield f"5,000 facts added in {self.added.seconds:.1f} s"

    def full_validations(self) -> Iterator[str]:
        """Validate the complete largest graph, and smaller ones by pySHACL."""
        done = run([PYTHON, "-m", "benchmarks.full_validation", self._largest()])
        self.by_pyshacl.clear()
        largest = FullValidation(**json.loads(done.output))
        self.full_validation = largest, done
        yield f"{largest.triples:,} triples: all validated in {largest.seconds:.0f} s"
        file = self.folder / "graph.nq"
        for triples in sorted({min(size, self.size) for size in EXTRAPOLATED_FROM}):
            run([PYTHON, "-m", "benchmarks.make_graph", str(triples), "-o", file])
            slow = run([PYTHON, "-m", "benchmarks.full_validation", file, "--pyshacl"])
            one = FullValidation(**json.loads(slow.output))
            self.by_pyshacl.append(one)
            yield f"{one.triples:,} triples: all validated by pySHACL in {one.seconds:.0f} s"

    def cold_starts(self) -> Iterator[str]:
        """Measure the cold start of commands."""
        self.started = medians((IMPORT_RDFLIB, COLD_QUERY), 7) | medians((VALIDATE,), 3)
        yield f"a cold query took {self.started[COLD_QUERY]:.2f} s"

    def rdflib(self) -> Iterator[str]:
        """Run the canned queries by rdflib in memory, on a smaller graph."""
        triples = min(self.rdflib_size, self.size)
        file = self.folder / "graph.nq"
        run([PYTHON, "-m", "benchmarks.make_graph", str(triples), "-o", file])
        asked, _ = _answers(run([PYTHON, "-m", "benchmarks.query_times", file]))
        done = run([PYTHON, "-m", "benchmarks.query_times", file, "--rdflib"])
        self.rdflib_asked = Beside(triples, asked, json.loads(done.output), done.mebibytes)
        yield f"{triples:,} triples: queried by rdflib in {done.seconds:.0f} s"

    def served(self) -> Iterator[str]:
        """Send requests to three servers, on a graph that rdflib can hold."""
        triples = min(self.rdflib_size, self.size)
        file, store = self.folder / "graph.nq", self.folder / "served"
        run([PYTHON, "-m", "benchmarks.make_graph", str(triples), "-o", file])
        run([G60KG, "--store", store, "load", file])
        done = run([PYTHON, "-m", "benchmarks.serving", store])
        self.serving = Serving.from_json(done.output)
        yield f"{triples:,} triples: queried over HTTP in {done.seconds:.0f} s"

    def pages_of_largest(self) -> Iterator[str]:
        """Request each page of a server over the largest graph."""
        done = run([PYTHON, "-m", "benchmarks.page_times", self._largest()])
        self.pages = page_times.from_json(done.output)
        yield f"{self.size:,} triples: pages requested in {done.seconds:.0f} s"

    # -- Results ---------------------------------------------------------

    def targets(self) -> list[Target]:
        """Return the verdict on each target."""
        from benchmarks.verdicts import verdicts

        return verdicts(self)

    def tables(self) -> list[Table]:
        """Return the tables of the measurements."""
        from benchmarks.verdicts import tables

        return tables(self)

    def curves(self) -> list[Curve]:
        """Return the curves for the plot."""
        found = [
            Curve("load", tuple((s.triples, s.load.seconds) for s in self.sizes)),
            Curve(
                "load, pyoxigraph alone",
                tuple((s.triples, s.load_alone.seconds) for s in self.sizes),
            ),
            Curve(
                "all canned queries",
                tuple((s.triples, sum(a.here for a in s.asked)) for s in self.sizes),
            ),
            Curve(
                "validate 100 new facts", tuple((d.triples, d.seconds) for d, _ in self.validated)
            ),
        ]
        return [curve for curve in found if curve.points]


def _answers(asking: Run) -> tuple[tuple[Asked, ...], Evidence]:
    found = json.loads(asking.output)
    return tuple(Asked(**one) for one in found["asked"]), Evidence(**found["evidence"])
