"""Servers to measure, as context managers that start and stop them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.measuring import G60KG

#: The maximum seconds until a server answers.
START: Final = 120.0
_PORT: Final = re.compile(r"http://127\.0\.0\.1:(\d+)")


@contextmanager
def _running(command: Sequence[str | Path], port: int | None = None) -> Iterator[int]:
    """Run a server from its first answer to the end of the block; yield its port."""
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
        try:
            end = time.monotonic() + START
            while port is None or not _listens(port):
                said.seek(0)
                output = said.read()
                found = _PORT.search(output)
                port = int(found[1]) if found and port is None else port
                if server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{command[0]} did not start:\n{output}")
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def here(path: Path, *options: str) -> Iterator[int]:
    """Run this project's server over a store on disk, with one server process per core."""
    processes = str(max(2, os.cpu_count() or 1))
    words: list[str | Path] = [
        G60KG,
        "--store",
        path,
        "serve",
        "--port",
        "0",
        "--processes",
        processes,
        "--no-warm-up",
        "--workers",
        "2",
        *options,
    ]
    with _running(words) as port:
        yield port


@contextmanager
def oxigraph(path: Path) -> Iterator[int]:
    """Run ``oxigraph serve-read-only`` over the same store, default graph the union of all."""
    port = _free_port()
    program = Path(sys.executable).with_name("oxigraph")
    words: list[str | Path] = [program, "serve-read-only", "--location", path]
    words += ["--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with _running(words, port):
        yield port


@contextmanager
def rdflib(triples: Path) -> Iterator[int]:
    """Run rdflib-endpoint with the triples of a file in memory."""
    port = _free_port()
    script = (
        "import sys, rdflib, rdflib_endpoint, uvicorn\n"
        "graph = rdflib.Dataset(default_union=True)\n"
        "graph.parse(sys.argv[1], format='nt')\n"
        "app = rdflib_endpoint.SparqlEndpoint(graph=graph)\n"
        "uvicorn.run(app, port=int(sys.argv[2]), log_level='error')"
    )
    with _running([sys.executable, "-c", script, triples, str(port)], port):
        yield port
