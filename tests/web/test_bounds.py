"""Limits of a query: time, memory, size of the result, the queue."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from select import select
from urllib.parse import quote

import pytest

from tests.web import asking
from tests.web.asking import ask, numbers
from tests.web.conftest import TIME_LIMIT
from tests.web.queries import HUGE, RUNAWAY, large
from tests.web.serving import Server, patched, serving
from tests.web.test_running import wait_until_busy

CITIES = "SELECT ?city { id:corridor g60:hasMemberCity ?city }"


@pytest.fixture
def endpoint(server: str) -> str:
    return f"{server}/sparql"


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that reads the address of a client from what a proxy says."""
    options = ("--workers", "2", "--timeout", "50", "--forwarded")
    with serving(tmp_path_factory.mktemp("proxied") / "log", *options) as started:
        yield started


def test_a_query_ends_at_its_limit_and_others_are_answered_meanwhile(proxied: Server) -> None:
    with ThreadPoolExecutor(1) as pool:
        endpoint = f"{proxied.url}/sparql"
        runaway = pool.submit(ask, endpoint, RUNAWAY, timeout="4", address="203.0.113.1")
        wait_until_busy(proxied)  # another query of its address would wait for it
        # The other worker may have to load the graph first.
        other = ask(endpoint, CITIES, address="203.0.113.2")
        assert len(numbers(other, "city")) == 9
        assert not runaway.done()
        answer = runaway.result()
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "4 seconds" in answer.json()["title"]


@pytest.mark.long
def test_a_limit_beyond_the_servers_counts_as_the_servers(tmp_path: Path) -> None:
    with serving(tmp_path / "log", "--timeout", "1", "--workers", "1") as server:
        answer = ask(f"{server.url}/sparql", RUNAWAY, timeout=str(TIME_LIMIT * 10))
        assert answer.status_code == 503
        assert "1 second" in answer.json()["title"]
        assert numbers(ask(f"{server.url}/sparql", CITIES), "city")


@pytest.mark.long
def test_memory_and_size_of_an_answer_are_bounded(tmp_path: Path) -> None:
    options = ("--memory", "400", "--timeout", "50")
    with serving(tmp_path / "log", *options, is_new=True) as server:
        endpoint = f"{server.url}/sparql"
        starved = ask(endpoint, HUGE)
        assert starved.status_code == 503
        assert "memory" in starved.json()["title"]
        too_large = ask(endpoint, large(200), "text/csv")
        assert too_large.status_code == 400
        assert "bytes" in too_large.json()["title"]
        assert len(numbers(ask(endpoint, CITIES), "city")) == 9
        assert server.process.poll() is None


def test_a_full_queue_answers_503_with_retry_after(tmp_path: Path) -> None:
    options = ("--workers", "1", "--queue", "1", "--timeout", "1")
    with serving(tmp_path / "log", *options) as server, ThreadPoolExecutor(8) as pool:
        endpoint = f"{server.url}/sparql"
        answers = list(pool.map(lambda _: ask(endpoint, RUNAWAY), range(8)))
    assert {answer.status_code for answer in answers} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    assert sum("Too many" in answer.json()["title"] for answer in answers) >= 5


@pytest.mark.long
def test_unread_responses_of_slow_clients_are_limited(tmp_path: Path) -> None:
    asked = f"GET /sparql?format=csv&query={quote(large(20))} HTTP/1.1\r\nHost: a\r\n\r\n"
    script = patched(
        tmp_path,
        "from g60kg.web import connection_limits",
        "connection_limits.HEAD_SECONDS = connection_limits.STALL_SECONDS = 600",
        "connection_limits.MOST_WAITING_OF_ONE = 48 * 1024**2",
    )
    options = ("--timeout", "50", "--memory", "0", "--workers", "1")
    with serving(tmp_path / "log", *options, script=script) as server, ExitStack() as opened:
        connections, heads = [], []
        for _ in range(4):
            connection = socket.create_connection(("127.0.0.1", server.port), 60)
            connections.append(opened.enter_context(connection))
            connection.sendall(asked.encode())
            heads.append(connection.recv(12, socket.MSG_PEEK))
        assert heads == [b"HTTP/1.1 200"] * 2 + [b"HTTP/1.1 503"] * 2
        refusal = connections[2].recv(65_536).lower()
        assert b"retry-after: 5" in refusal
        assert b"content-security-policy" in refusal
        # Small responses are sent meanwhile, and large ones again once one has been read.
        assert len(numbers(ask(f"{server.url}/sparql", CITIES), "city")) == 9
        left = 20_000_000
        while left > 0:
            left -= len(connections[0].recv(4_000_000))
        connections[3].recv(65_536)
        connections[3].sendall(asked.encode())
        assert connections[3].recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"


def read(connection: socket.socket, count: int) -> None:
    """Read bytes of a response; fail if it ends before."""
    while count > 0:
        received = len(connection.recv(count))
        assert received
        count -= received


@pytest.mark.long
def test_the_slowest_client_makes_room_for_others(tmp_path: Path) -> None:
    """Each client has an address of its own, as many slow ones of a botnet have."""
    script = patched(
        tmp_path,
        "from g60kg.web import connection_limits",
        "connection_limits.HEAD_SECONDS = connection_limits.STALL_SECONDS = 600",
        "connection_limits.MOST_WAITING = 40 * 1024**2",
    )
    options = ("--timeout", "50", "--memory", "0", "--workers", "1", "--forwarded")
    with serving(tmp_path / "log", *options, script=script) as server, ExitStack() as opened:
        connections = []
        for number in range(3):
            path = f"/sparql?format=csv&query={quote(large(20))}"
            connection = opened.enter_context(socket.socket())
            connection.settimeout(60)
            # The system receives little of what the client does not read.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            connection.connect(("127.0.0.1", server.port))
            connections.append(connection)
            who = f"X-Forwarded-For: 203.0.113.{number}"
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n{who}\r\n\r\n".encode())
            assert connection.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
            if number == 1:
                read(connection, 4_000_000)
            time.sleep(1.5)
        # The first one has read least.
        received = 0
        with suppress(ConnectionResetError):
            while chunk := connections[0].recv(4_000_000):
                received += len(chunk)
        assert received < 12_000_000
        for connection in connections[1:]:
            read(connection, 12_000_000)


def test_slow_jobs_of_one_address_do_not_block_pages_and_others(proxied: Server) -> None:
    """A dozen slow jobs of one address; each is a runaway query, with another text."""
    with ExitStack() as opened:

        def get(path: str, who: str) -> int:
            return asking.get(proxied.url + path, headers={"X-Forwarded-For": who}).status_code

        slow = []
        for number in range(12):
            connection = socket.create_connection(("127.0.0.1", proxied.port))
            slow.append(opened.enter_context(connection))
            path = f"/sparql?query={quote(RUNAWAY)}%23{number}"
            head = f"GET {path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n"
            slow[-1].sendall(head.encode())
        time.sleep(0.5)
        for path in ("/health", "/id/hangzhou.ttl", "/id/hangzhou.html", "/id/hangzhou", "/"):
            assert get(path, "203.0.113.1") in (200, 303)
        assert get("/sparql?query=ASK%20%7B%7D", "203.0.113.2") == 200
        assert get("/api/queries/conflicts?limit=1", "203.0.113.2") == 200
        # Some of them wait or run until they disconnect.
        assert len(select(slow, [], [], 0)[0]) < len(slow)
