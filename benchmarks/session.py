"""One run of the benchmarks: what is measured in which order, and what comes of it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.asking import Asked, Evidence
from benchmarks.cold_start import COLD_QUERY, IMPORT_RDFLIB, VALIDATE, Command, medians
from benchmarks.delta import Row as Delta
from benchmarks.measuring import G60KG, Run, run
from benchmarks.page import Curve, Table, Target
from benchmarks.serving import Serving
from benchmarks.whole import Whole

PYTHON: Final = sys.executable
#: The triples of the graph that pySHACL validates as a whole.
WHOLE: Final = 10_000
#: Those of the graphs from which its time on the largest is reckoned.
RECKONED_FROM: Final = (10_000, 40_000)
#: pyoxigraph by itself, with what is to do given as arguments.
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
#: One of the made-up articles.
ONE_SOURCE: Final = "3000000001"
#: The formats, with the extension by which pyoxigraph knows them; it has no fact sheets.
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
    """What was measured over a graph of one size."""

    triples: int
    load: Run
    load_alone: Run
    asked: tuple[Asked, ...]
    evidence: Evidence
    asking: Run


@dataclass(frozen=True, slots=True)
class Beside:
    """The canned queries in memory, here and by rdflib: None where that took too long."""

    triples: int
    asked: tuple[Asked, ...]
    by_rdflib: dict[str, float | None]
    mebibytes: float


@dataclass
class Bench:
    """The measurements so far.

    Attributes:
        folder: where graphs and stores lie meanwhile.
        size: the triples of the largest graph.
        rounds: the runs of each load and export.
        rdflib_size: the most triples that rdflib gets.
    """

    folder: Path
    size: int
    rounds: int
    rdflib_size: int
    sizes: list[Size] = field(default_factory=list)
    exported: dict[str, tuple[Run, Run | None]] = field(default_factory=dict)
    validated: list[tuple[Delta, Run]] = field(default_factory=list)
    whole: tuple[Whole, Run] | None = None
    by_pyshacl: list[Whole] = field(default_factory=list)
    started: dict[Command, float] = field(default_factory=dict)
    rdflib_asked: Beside | None = None
    serving: Serving | None = None

    # -- Measuring: each step tells what it did ----------------------------------

    def grow(self, steps: int) -> Iterator[str]:
        """Loads and asks at sizes that double up to the largest."""
        for step in reversed(range(max(1, steps))):
            yield self._at(self.size >> step)

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
        asking = run([PYTHON, "-m", "benchmarks.asking", ours])
        asked, evidence = _answers(asking)
        self.sizes.append(Size(triples, load, load_alone, asked, evidence, asking))
        return (
            f"{triples:,} triples: loaded in {load.seconds:.1f} s, asked in {asking.seconds:.1f} s"
        )

    def exports(self) -> Iterator[str]:
        """Exports the largest graph in every format."""
        for name, extension in EXPORTS.items():
            out = self.folder / f"export.{extension or name}"
            store = self.folder / "ours"
            # A fact sheet holds what one source says.
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
        """Validates 100 new facts on graphs of growing size; in full where that ends in time."""
        for triples in sorted({WHOLE, min(100_000, self.size), self.size}):
            words = ["--sizes", str(triples), "--full-up-to", str(WHOLE), "--json"]
            done = run([PYTHON, "-m", "benchmarks.delta", *words])
            (row,) = json.loads(done.output)
            self.validated.append((Delta(**row), done))
            yield f"{triples:,} triples: 100 facts validated in {row['seconds']:.2f} s"

    def wholes(self) -> Iterator[str]:
        """Validates the whole of the largest graph, and by pySHACL what it can take."""
        done = run([PYTHON, "-m", "benchmarks.whole", self.folder / "ours"])
        self.whole = Whole(**json.loads(done.output)), done
        yield f"{self.whole[0].triples:,} triples: all validated in {self.whole[0].seconds:.0f} s"
        file = self.folder / "graph.nq"
        for triples in sorted({min(size, self.size) for size in RECKONED_FROM}):
            run([PYTHON, "-m", "benchmarks.make_graph", str(triples), "-o", file])
            slow = run([PYTHON, "-m", "benchmarks.whole", file, "--pyshacl"])
            one = Whole(**json.loads(slow.output))
            self.by_pyshacl.append(one)
            yield f"{one.triples:,} triples: all validated by pySHACL in {one.seconds:.0f} s"

    def cold_starts(self) -> Iterator[str]:
        """Starts the command line anew for each answer."""
        self.started = medians((IMPORT_RDFLIB, COLD_QUERY), 7) | medians((VALIDATE,), 3)
        yield f"a cold query took {self.started[COLD_QUERY]:.2f} s"

    def rdflib(self) -> Iterator[str]:
        """Asks rdflib in memory, over a graph that it can take."""
        triples = min(self.rdflib_size, self.size)
        file = self.folder / "graph.nq"
        run([PYTHON, "-m", "benchmarks.make_graph", str(triples), "-o", file])
        asked, _ = _answers(run([PYTHON, "-m", "benchmarks.asking", file]))
        done = run([PYTHON, "-m", "benchmarks.asking", file, "--rdflib"])
        self.rdflib_asked = Beside(triples, asked, json.loads(done.output), done.mebibytes)
        yield f"{triples:,} triples: asked by rdflib in {done.seconds:.0f} s"

    def served(self) -> Iterator[str]:
        """Asks three servers the same over HTTP, of a graph that rdflib can take."""
        triples = min(self.rdflib_size, self.size)
        file, store = self.folder / "graph.nq", self.folder / "served"
        run([PYTHON, "-m", "benchmarks.make_graph", str(triples), "-o", file])
        run([G60KG, "--store", store, "load", file])
        done = run([PYTHON, "-m", "benchmarks.serving", store])
        self.serving = Serving.from_json(done.output)
        yield f"{triples:,} triples: asked over HTTP in {done.seconds:.0f} s"

    # -- What came of it ---------------------------------------------------------

    def targets(self) -> list[Target]:
        """The verdict on each target."""
        from benchmarks.verdicts import verdicts

        return verdicts(self)

    def tables(self) -> list[Table]:
        """The numbers behind the verdicts."""
        from benchmarks.verdicts import tables

        return tables(self)

    def curves(self) -> list[Curve]:
        """The growth, for the plot."""
        return [
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


def _answers(asking: Run) -> tuple[tuple[Asked, ...], Evidence]:
    found = json.loads(asking.output)
    return tuple(Asked(**one) for one in found["asked"]), Evidence(**found["evidence"])
