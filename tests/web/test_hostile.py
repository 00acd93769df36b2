"""A hundred hostile requests and runaway queries, while other requests are answered."""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.web import asking
from tests.web.hostile import query, requests
from tests.web.queries import RUNAWAY
from tests.web.serving import Server, serving

LIMIT = 3


class Listener:
    """A server that counts its connections."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/data.ttl"
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                called, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            called.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("hostile") / "log"
    options = ("--timeout", str(LIMIT), "--memory", "1000")
    with serving(log, *options, is_new=True) as server:
        yield server


def send(port: int, request: bytes) -> bytes:
    """Return the response to raw bytes; empty if the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        try:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except (ConnectionResetError, BrokenPipeError):
            return b""


@contextmanager
def visiting(server: Server) -> Iterator[list[float]]:
    """Send the same few requests repeatedly; collect their durations."""
    took: list[float] = []
    wrong: list[str] = []
    done = threading.Event()

    def load_page() -> None:
        # Another address than the attack: on Linux all of 127.0.0.0/8 is this machine.
        address = "127.0.0.2" if sys.platform == "linux" else None
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(base_url=server.url, timeout=30, transport=transport) as client:
            expected: dict[str, bytes] = {}
            while not done.wait(0.05):
                for path, parameters in VISITS:
                    began = time.monotonic()
                    answer = client.get(path, params=parameters)
                    took.append(time.monotonic() - began)
                    if answer.status_code != 200 or not answer.content:
                        wrong.append(f"{path} {answer.status_code} {answer.text[:200]}")
                    elif expected.setdefault(path, answer.content) != answer.content:
                        wrong.append(f"{path} is another one")

    client = threading.Thread(target=load_page)
    client.start()
    try:
        yield took
    finally:
        done.set()
        client.join()
    assert wrong == []


VISITS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/sparql", {"query": "SELECT ?city { id:corridor g60:hasMemberCity ?city } ORDER BY ?city"}),
    ("/id/hangzhou.ttl", {}),
    ("/api/queries/member-cities", {}),
)


@dataclass(frozen=True, slots=True)
class Attack:
    """Hostile requests with their answers, and the seconds of other requests meanwhile."""

    requests: list[bytes]
    answers: list[bytes]
    calls: int
    seconds: list[float]


@pytest.fixture(scope="module")
def attack(besieged: Server) -> Attack:
    listener = Listener()
    attack = list(requests(listener.url))
    with visiting(besieged) as took, ThreadPoolExecutor(9) as pool:
        runaway = pool.submit(send, besieged.port, query(RUNAWAY))
        answers = list(pool.map(lambda request: send(besieged.port, request), attack))
        runaway.result()
    listener.close()
    return Attack(attack, answers, listener.calls, took)


@pytest.mark.long
def test_a_hundred_hostile_requests_do_no_harm(attack: Attack, besieged: Server) -> None:
    assert len(attack.requests) >= 100
    assert attack.calls == 0
    answers = attack.answers
    statuses = [status(answer) for answer in answers]
    failed = [answer for answer in answers if status(answer) == 500]
    assert failed == []
    assert all(one in (0, 200, 206, 303, 307) or 400 <= one <= 431 or one in (501, 503)
               for one in statuses), Counter(statuses)  # fmt: skip
    for request, answer in zip(attack.requests, answers, strict=True):
        shown = request[:100]
        assert b"Traceback" not in answer, shown
        assert b"root:x:" not in answer, shown
        body = answer.partition(b"\r\n\r\n")[2]
        marked = b"<script>alert" in body or b"<img src=x" in body
        assert not marked or b"application/" in answer, shown
        assert b"\r\nset-cookie" not in answer.lower(), shown

    assert attack.seconds
    assert besieged.process.poll() is None
    assert "Traceback" not in besieged.log.read_text(encoding="utf-8")


@pytest.mark.bench
def test_other_requests_stay_quick_during_an_attack(attack: Attack) -> None:
    seconds = sorted(attack.seconds)
    assert len(seconds) >= 30
    assert seconds[len(seconds) // 2] < 0.5, seconds
    assert seconds[-1] < 2 * LIMIT, seconds


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(found[1]) if found else 0


def test_a_disconnect_ends_the_job(besieged: Server) -> None:
    with httpx.Client(base_url=besieged.url) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get("/sparql", params={"query": RUNAWAY}, timeout=0.3)
        deadline = time.monotonic() + 2
        while client.get("/health").json()["running"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.mark.parametrize("name", ["body", "head"])
def test_idle_connections_do_not_block_others(name: str, besieged: Server) -> None:
    heads = {
        "head": b"GET /id/hangzhou HTTP/1.1\r\nHost: a\r\n",
        "body": b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nquery",
    }
    silent = [socket.create_connection(("127.0.0.1", besieged.port)) for _ in range(40)]
    try:
        for connection in silent:
            connection.sendall(heads[name])
        answer = asking.get(f"{besieged.url}/id/hangzhou.ttl")
        assert answer.status_code == 200
    finally:
        for connection in silent:
            connection.close()


def test_one_address_has_only_so_many_connections(besieged: Server) -> None:
    many = [socket.create_connection(("127.0.0.1", besieged.port)) for _ in range(200)]
    try:
        closed: set[int] = set()
        deadline = time.monotonic() + 10
        while len(closed) <= 50 and time.monotonic() < deadline:
            time.sleep(0.1)
            for number, connection in enumerate(many):
                connection.setblocking(False)
                try:
                    if connection.recv(1) == b"":
                        closed.add(number)
                except BlockingIOError:
                    continue
                except ConnectionResetError:
                    closed.add(number)
        assert 50 < len(closed) < 100
    finally:
        for connection in many:
            connection.close()


def test_log_has_no_query_strings(besieged: Server) -> None:
    asking.get(f"{besieged.url}/sparql", params={"query": "ASK { <urn:secret> ?p ?o }"})
    asking.get(f"{besieged.url}/robots.txt", params={"note": "secret"})
    assert besieged.logged(r"^\S+Z GET /sparql 200 [\d.]+ ms \d+ bytes$")
    assert besieged.logged(r"^\S+Z GET /robots\.txt 200 [\d.]+ ms \d+ bytes$")
    log = besieged.log.read_text(encoding="utf-8")
    assert "secret" not in log
    # Input cannot start a new line of the log.
    assert all(re.match(r"\S+Z |Serving at ", line) for line in log.splitlines())
