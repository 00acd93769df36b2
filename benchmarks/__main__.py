"""Run of the benchmarks; writes ``docs/benchmarks.md`` and its plot.

Sizes double up to the maximum, to show growth. Each kind of work runs in its own process, whose
peak memory is measured. Parts can be run one by one: the page keeps what it has of the others. The
plot is of a run of all parts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.measuring import machine
from benchmarks.page import draw, page
from benchmarks.session import Bench

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Run the benchmarks and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help="parts to run (all)")
    parser.add_argument("--size", type=int, default=1_000_000, help="triples (1,000,000)")
    parser.add_argument("--steps", type=int, default=5, help="sizes, each double the last (5)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each load and export (3)")
    parser.add_argument(
        "--rdflib-size", type=int, default=50_000, help="maximum triples for rdflib (50,000)"
    )
    parser.add_argument("--output", type=Path, default=PAGE, help="the page; the plot is beside it")
    options = parser.parse_args()
    started = time.monotonic()
    plot = options.output.with_suffix(".svg")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            Path(folder), options.size, options.rounds, options.rdflib_size, options.steps
        )

        def write(earlier: str) -> None:
            text = page(bench.targets(), bench.tables(), machine(), plot.name, earlier)
            options.output.write_text(text, encoding="utf-8")

        earlier = options.output.read_text(encoding="utf-8") if options.output.exists() else ""
        parts = bench.parts()
        for name in options.parts or parts:
            if name not in parts:
                parser.error(f"no part {name}; parts: {', '.join(parts)}")
            for progress in parts[name]():
                print(
                    f"{time.monotonic() - started:6.0f} s  {progress}", file=sys.stderr, flush=True
                )
            write(earlier)
    if not options.parts:
        write("")
        draw(bench.curves(), plot)
    print(f"{options.output}: written", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        sys.exit(f"{' '.join(failure.cmd)}\n{failure.stderr}")
