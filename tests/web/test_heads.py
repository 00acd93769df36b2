"""The size limit of the head of a request."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time

import httpx
import pytest

from g60kg.web.connection_limits import MOST_HEAD, JoiningTransport
from tests.web import asking
from tests.web.serving import Server

FIRST = b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n"


def head(size: int, header: int = 0) -> bytes:
    """Return a head of ``size`` bytes, in headers of a given size; 0 for one header."""
    room = size - len(FIRST) - 2
    lines = []
    while room:
        length = room if header == 0 or room < 2 * header else header
        lines.append(b"X: " + b"a" * (length - 5) + b"\r\n")
        room -= length
    made = FIRST + b"".join(lines) + b"\r\n"
    assert len(made) == size
    return made


def reply(connection: socket.socket) -> bytes:
    """Read one response with its body."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += received(connection)
    head, _, body = came.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    assert length is not None
    while len(body) < int(length[1]):
        body += received(connection)
    return head + b"\r\n\r\n" + body


def received(connection: socket.socket) -> bytes:
    piece = connection.recv(65_536)
    assert piece, "closed without an answer"
    return piece


def answer(server: Server, *sent: bytes) -> tuple[int, bytes]:
    """Send pieces of bytes and return the status and the body."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        for number, piece in enumerate(sent):
            if number:
                time.sleep(0.05)
            connection.sendall(piece)
        head, _, body = reply(connection).partition(b"\r\n\r\n")
    return int(head.split()[1]), body


@pytest.mark.parametrize("header", [0, 1000, 6])
def test_the_limit_of_a_head_is_64_kb(header: int, running: Server) -> None:
    assert answer(running, head(MOST_HEAD, header))[0] == 200
    status, body = answer(running, head(MOST_HEAD + 1, header))
    assert status == 431
    assert "65,536 bytes" in json.loads(body)["title"]
    assert json.loads(body)["detail"]


def test_the_limit_holds_for_heads_in_pieces(running: Server) -> None:
    for size, status in ((MOST_HEAD, 200), (MOST_HEAD + 1, 431)):
        whole = head(size)
        assert answer(running, whole[:100], whole[100:60_000], whole[60_000:])[0] == status


def test_heads_of_one_connection_count_one_by_one(running: Server) -> None:
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        for _ in range(3):
            connection.sendall(head(40_000))
            assert reply(connection).startswith(b"HTTP/1.1 200 ")
        body = b"query=ASK%7B%7D"
        post = (
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded"
            b"\r\nContent-Length: %d\r\n\r\n%s"
        )
        # A body does not count, and the next request has a head of its own.
        connection.sendall(post % (len(body), body))
        assert reply(connection).startswith(b"HTTP/1.1 200 ")
        large = body + b"&a=" + b"b" * 100_000
        connection.sendall(post % (len(large), large))
        assert reply(connection).startswith(b"HTTP/1.1 200 ")
        connection.sendall(head(40_000))
        assert b"Disallow: /sparql" in reply(connection)
        connection.sendall(head(70_000))
        assert reply(connection).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n",
        # Two lengths of a body: the rest could be read as another request.
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n"
        + FIRST
        + b"\r\n",
    ],
)
def test_invalid_http_is_refused_and_the_connection_closed(sent: bytes, running: Server) -> None:
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        connection.sendall(sent)
        response = reply(connection)
        assert response.startswith(b"HTTP/1.1 400 ")
        assert b"connection: close" in response.lower()
        assert b"ASCII" not in response
        assert connection.recv(1) == b""


def test_invalid_http_after_a_request_is_no_error_of_the_server(running: Server) -> None:
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        connection.sendall(FIRST + b"\r\nnonsense\r\n\r\n")
        assert reply(connection).startswith(b"HTTP/1.1 400 ")
        assert connection.recv(1) == b""
    asking.get(f"{running.url}/health")
    running.logged("/health")
    assert "write_eof" not in running.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("version", "status"), [("1.0", 200), ("1.1", 400)])
def test_only_http_1_0_needs_no_host(version: str, status: int, running: Server) -> None:
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        connection.sendall(f"GET /robots.txt HTTP/{version}\r\n\r\n".encode())
        assert reply(connection).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize(
    ("coding", "status"),
    [
        ("gzip, chunked", 501),
        ("identity, chunked", 501),
        ("x\r\nTransfer-Encoding: chunked", 501),
        # The length of the body is unknown (RFC 9112, section 6.3).
        ("identity", 400),
        ("chunked, identity", 400),
        ("chunked, chunked", 400),
        ("chunked\r\nTransfer-Encoding: x", 400),
    ],
)
def test_other_codings_of_a_body_are_refused(coding: str, status: int, running: Server) -> None:
    sent = f"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {coding}\r\n\r\n0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        connection.sendall(sent.encode())
        response = reply(connection)
        assert response.startswith(f"HTTP/1.1 {status} ".encode())
        assert b"connection: close" in response.lower()
        assert json.loads(response.partition(b"\r\n\r\n")[2])["status"] == status


LONG = "a" * 60_000


@pytest.mark.parametrize(
    ("request_", "status", "message"),
    [
        ("GET / HTTP/1.1\r\nHost: <b>", 400, "Invalid Host header."),
        ("GET / HTTP/1.1\r\nX: a", 400, "Invalid Host header."),
        ("GET /id/松江 HTTP/1.1\r\nHost: a", 400, "The URL has characters outside ASCII."),
        ("GET /id/%FF HTTP/1.1\r\nHost: a", 400, "The URL is not valid UTF-8."),
        ("GET /id/%00 HTTP/1.1\r\nHost: a", 400, "The path contains a null character."),
        (f"GET /id/{LONG} HTTP/1.1\r\nHost: a", 414, "The URL is longer than 49,152 bytes."),
        (f"GET /?q={LONG[:20_000]} HTTP/1.1\r\nHost: a", 400, "q: longer than 400 characters."),
        (f"GET /id/{LONG[:2_000]} HTTP/1.1\r\nHost: a", 414, "A name in the path is longer than"),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Encoding: x", 415, "Content-"),
        ("POST /check HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999", 413, "The body is"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked", 501, "The only supported"),
    ],
)  # fmt: skip
def test_a_browser_gets_a_page_also_for_a_request_without_a_route(
    request_: str, status: int, message: str, running: Server
) -> None:
    answers = {}
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*"):
        with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
            connection.sendall(f"{request_}\r\nAccept: {accept}\r\n\r\n".encode())
            answers[accept] = reply(connection).partition(b"\r\n\r\n")
    (page_head, _, page), (head_, _, body) = answers.values()
    for one, kind in ((page_head, "text/html; charset=utf-8"), (head_, "application/problem+json")):
        assert one.startswith(f"HTTP/1.1 {status} ".encode())
        assert f"content-type: {kind}".encode() in one.lower()
        assert (b"connection: close" in one.lower()) == (b"connection: close" in head_.lower())
        assert b"\r\nvary: accept" in one.lower()
    assert json.loads(body)["title"].startswith(message)
    assert message in page.decode()
    assert "<b>" not in page.decode()
    assert LONG[:900] not in page.decode()


@pytest.mark.parametrize("accept", ["text/html,*/*;q=0.1", "*/*"])
@pytest.mark.parametrize("path", ["/sparql", "/reconcile", "/api/validate"])
def test_an_error_shortens_what_was_sent(path: str, accept: str, running: Server) -> None:
    headers = {"Content-Type": f"{LONG[:5_000]}/x; charset={LONG[:5_000]}", "Accept": accept}
    done = httpx.post(f"{running.url}{path}", content="x", headers=headers, trust_env=False)
    assert done.status_code == 415
    assert "a" * 50 in done.text
    assert "a" * 150 not in done.text


def test_an_upgrade_is_answered_without_one_and_logs_no_advice(running: Server) -> None:
    head = (
        "GET /robots.txt HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        connection.sendall(head.encode())
        assert reply(connection).startswith(b"HTTP/1.1 200 ")
    assert running.logged(" GET /robots.txt 200 ")
    assert "pip install" not in running.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["/queries/enterprises?city=松江", "/id/松江"])
def test_a_url_with_raw_non_ascii_is_refused_with_a_hint(target: str, running: Server) -> None:
    status, body = answer(running, f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert status == 400
    assert "Percent-encode" in json.loads(body)["detail"]


def test_a_pipelined_head_does_not_end_the_request_before_it(running: Server) -> None:
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        connection.sendall(head(40_000) * 3)
        came = b""
        while came.count(b"HTTP/1.1 200 ") < 3 or not came.endswith(b"/sitemap.xml\n"):
            came += received(connection)


class Written(asyncio.Transport):
    """A transport that records what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.calls.append(bytes(data))

    def close(self) -> None:
        self.calls.append("close")

    def write_eof(self) -> None:
        self.calls.append("eof")


HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


def test_a_head_is_sent_with_the_first_part_of_its_body() -> None:
    async def calls(*steps: str) -> list[bytes | str]:
        written = Written()
        joining = JoiningTransport(written)
        for step in steps:
            if step == "head":
                joining.write(HEAD)
            elif step == "wait":
                await asyncio.sleep(0)
            elif step in ("close", "write_eof"):
                getattr(joining, step)()
            else:
                joining.write(step.encode())
        return written.calls

    def sent(*steps: str) -> list[bytes | str]:
        return asyncio.run(calls(*steps))

    assert sent("head", "body", "more", "wait") == [HEAD + b"body", b"more"]
    assert sent("head", "wait", "body") == [HEAD, b"body"]
    assert sent("head", "close") == [HEAD, "close"]
    assert sent("head", "write_eof", "wait") == [HEAD, "eof"]
    assert sent("head", "", "head", "body") == [HEAD, HEAD + b"body"]
