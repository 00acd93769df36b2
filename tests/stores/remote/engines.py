"""SPARQL engines for tests: real ones, on loopback, each ended by the process that started it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: Seconds that an engine has to come up.
START = 180.0
VIRTUOSO = shutil.which("virtuoso-t")
NO_VIRTUOSO = (
    "Virtuoso is not installed, so this was not tried on a second make of engine; on Debian: "
    "apt install virtuoso-opensource-7"
)


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine: its make, its query URL, who may change it, its process."""

    make: str
    url: str
    credentials: dict[str, str]
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Engine]:
    """Oxigraph's server over the database in that folder, or in memory without one."""
    port = free_port()
    at = ("--location", str(folder)) if folder.is_dir() else ()
    command = (_oxigraph(), "serve", *at, "--bind", f"127.0.0.1:{port}", *options)
    with _running(command, port, folder.parent) as process:
        yield Engine("oxigraph", f"http://127.0.0.1:{port}/query", {}, process)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """Virtuoso with a new database in that folder."""
    assert VIRTUOSO is not None
    port, sql = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_SETTINGS.format(folder=folder, port=port, sql=sql), encoding="utf-8")
    command = (VIRTUOSO, "+foreground", "+configfile", str(settings))
    with _running(command, port, folder) as process:
        credentials = {"G60KG_USER": "dba", "G60KG_PASSWORD": "dba"}
        yield Engine("virtuoso", f"http://127.0.0.1:{port}/sparql", credentials, process)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _oxigraph() -> str:
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.is_file() else (shutil.which("oxigraph") or "oxigraph")


@contextmanager
def _running(command: Sequence[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    log = folder / f"engine-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + START
        while True:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} did not start:\n{log.read_text()}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                break
        yield process
    finally:
        process.kill()
        process.wait()


_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CaseMode = 2
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 1000
"""
