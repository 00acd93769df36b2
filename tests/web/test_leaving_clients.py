"""Clients that disconnect in the middle of a response, a closed log, temporary folders."""

from __future__ import annotations

import logging
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from g60kg.web.access_log import Log
from tests.web import asking
from tests.web.serving import Server, serving

#: Rows of about 7 MB, more than the buffers of a connection.
LARGE = (
    "/sparql?format=csv&query=SELECT%20*%20%7B?s%20?p%20?o%20.%20?a%20?b%20?c%7D%20LIMIT%2030000"
)


def head(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that all clients leave."""
    with serving(tmp_path_factory.mktemp("leaving") / "log", "--workers", "2") as started:
        yield started


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with serving(tmp_path / "log", "--workers", "2", is_new=True) as started:
        yield started


@pytest.mark.parametrize(
    ("requests", "half_closed"),
    [
        (head(LARGE), True),
        (head("/timeline") * 200, False),
        pytest.param(head(LARGE), False, marks=pytest.mark.long),
        pytest.param(head("/timeline") * 200, True, marks=pytest.mark.long),
    ],
)
def test_a_client_that_leaves_does_not_end_the_server(
    requests: bytes, half_closed: bool, shared: Server
) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", shared.port), 60) as client:
            client.sendall(requests)
            client.recv(1)
            if half_closed:
                client.shutdown(socket.SHUT_WR)
            time.sleep(0.2)
            # This close resets the connection.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert asking.get(f"{shared.url}/health").status_code == 200
    assert shared.process.poll() is None
    assert "Traceback" not in shared.log.read_text(encoding="utf-8")


@pytest.mark.long
def test_downloads_end_when_the_last_client_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    names = [f"g60kg.{one}{end}" for one in ("ttl", "trig", "jsonld", "rdf") for end in ("", ".gz")]
    with serving(tmp_path / "log", "--workers", "2", "--metrics", is_new=True) as server:
        clients = [socket.create_connection(("127.0.0.1", server.port), 60) for _ in names]
        for client, name in zip(clients, names, strict=True):
            client.sendall(head(f"/download/{name}"))
        while (
            not (jobs := asking.get(f"{server.url}/health").json())["running"]
            or not jobs["waiting"]
        ):
            time.sleep(0.01)
        for client in clients:
            client.close()
        while (jobs := asking.get(f"{server.url}/health").json())["running"] or jobs["waiting"]:
            time.sleep(0.01)
        outcomes = asking.get(f"{server.url}/metrics").text
        done, ended = (
            float(outcomes.partition(f'g60kg_work_total{{outcome="{name}"}} ')[2].split()[0])
            for name in ("done", "given_up")
        )
        assert (ended > 1, done + ended) == (True, len(names))
        # Nothing that an ended process had written is left.
        assert not list(temporary.rglob(".*"))
        # The next client gets the file.
        assert asking.get(f"{server.url}/download/{names[-1]}").status_code == 200


def test_writes_to_a_closed_connection_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.Logger("asyncio")
    logger.addHandler(Log(as_json=False))
    # asyncio logs this for every such write, some hundred for a large answer.
    logger.warning("socket.send() raised exception.")
    assert not capsys.readouterr().err
    logger.warning("something else")
    assert "warning: something else" in capsys.readouterr().err


@pytest.mark.long
def test_temporary_folders_are_removed_after_end_or_kill(server: Server, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    asking.get(f"{server.url}/download/g60kg.nt")
    assert list(temporary.iterdir())
    server.process.kill()
    server.process.wait()
    # The next server removes the folder of a killed one, and its own at its end.
    with serving(tmp_path / "next", "--workers", "1", is_new=True) as after:
        assert len(list(temporary.iterdir())) == 1
        with serving(tmp_path / "beside", "--workers", "1", is_new=True) as beside:
            assert len(list(temporary.iterdir())) == 2
            assert asking.get(f"{after.url}/download/g60kg.nt").status_code == 200
            assert beside.stop() == 0
        assert after.stop() == 0
    assert list(temporary.iterdir()) == []


@pytest.mark.long
def test_a_closed_log_does_not_end_the_server() -> None:
    command = (sys.executable, "-m", "g60kg", "serve", "--port", "0", "--workers", "1")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        url = process.stderr.readline().decode().split()[2].rstrip("/")
        process.stderr.close()
        for _ in range(2):
            assert asking.get(f"{url}/id/hangzhou.ttl").status_code == 200
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
