"""Seconds of the pages of a fresh server, at the first and the second request.

``python -m benchmarks.page_times STORE`` reads a store on disk. A second request is answered from
the caches of the server, which a change of the graph empties.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.request import ProxyHandler, build_opener

from benchmarks import servers
from benchmarks.page import Table

PAGES: Final = (
    "/",
    "/companies",
    "/projects",
    "/timeline",
    "/map",
    "/matrix",
    "/articles",
    "/graph",
    "/search?q=Hangzhou",
    "/ask?q=who+signed",
    "/queries/enterprises",
    "/queries/documents",
    "/queries/conflicts",
    "/id/corridor.html",
    "/id/hangzhou.html",
    "/ontology/",
)


@dataclass(frozen=True, slots=True)
class PageTimes:
    """The seconds of the first and the second request of a page, and its size in bytes."""

    path: str
    first: float
    second: float
    size: int


def measure(path: Path) -> tuple[PageTimes, ...]:
    """Start a server and request each page twice."""
    # The proxies of the environment are for other hosts.
    opener = build_opener(ProxyHandler({}))
    with servers.here(path, "--processes", "1") as port:

        def seconds_of(page: str) -> tuple[float, int]:
            started = time.perf_counter()
            with opener.open(f"http://127.0.0.1:{port}{page}", timeout=60) as response:
                size = len(response.read())
            return time.perf_counter() - started, size

        found = []
        for page in PAGES:
            (first, size), (second, _) = seconds_of(page), seconds_of(page)
            found.append(PageTimes(page, first, second, size))
        return tuple(found)


def from_json(text: str) -> tuple[PageTimes, ...]:
    """Return the measurements in the output of :func:`main`."""
    return tuple(PageTimes(**one) for one in json.loads(text))


def table(triples: int, pages: Iterable[PageTimes]) -> Table:
    """Return the table of the measurements."""
    return Table(
        f"Pages, {triples:,} triples",
        ("page", "first request, ms", "second request, ms", "kB"),
        tuple(
            (
                f"`{one.path}`",
                f"{one.first * 1000:,.0f}",
                f"{one.second * 1000:,.0f}",
                f"{one.size / 1000:,.0f}",
            )
            for one in pages
        ),
        "A fresh server; the second request is answered from its caches, which a change of the "
        "graph empties.",
    )


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("store", type=Path, help="a store on disk")
    options = parser.parse_args()
    print(json.dumps([asdict(one) for one in measure(options.store)]))


if __name__ == "__main__":
    main()
