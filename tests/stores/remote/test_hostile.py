"""Hostile servers and servers without HTTP: their replies are reported, in bounded time."""

from __future__ import annotations

import time
from functools import partial

import pytest
from pyoxigraph import NamedNode

from g60kg.errors import QueryTimeout, RemoteFailure
from g60kg.stores.local_store import LocalStore
from g60kg.stores.remote.endpoint_store import RemoteStore
from g60kg.stores.remote.graph_publishing import Publisher
from g60kg.stores.remote.http_client import Connection
from g60kg.stores.remote.request_settings import Credentials
from tests.cli.run import g60kg
from tests.stores.remote.test_misbehaving import (
    GOOD,
    QUICK,
    ROW,
    SELECT,
    SHORT,
    Handler,
    asked,
    fails,
    serving,
)


def _writes(reply: bytes, handler: Handler) -> None:
    handler.wfile.write(reply)


@pytest.mark.parametrize(
    "challenge", ["Digest", "Digest realm=", 'Digest realm="x", qop="y"', "Negotiate", ""]
)
def test_an_unsupported_challenge_is_reported(challenge: str) -> None:
    with (
        serving(lambda h: h.say(401, b"who?", WWW_Authenticate=challenge)) as (url, _),
        pytest.raises(RemoteFailure, match="unsupported authentication") as caught,
    ):
        asked(url, who=Credentials("anna", "secret"))
    assert challenge in caught.value.message


@pytest.mark.parametrize(
    "reply",
    [
        b"HELLO\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 9999 OK\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 40_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 " + b"a" * 200_000,
    ],
)
def test_replies_that_are_not_http_are_reported(reply: bytes) -> None:
    failure, requests = fails(partial(_writes, reply))
    assert "does not answer in HTTP" in failure.message
    assert "\n" not in failure.message
    assert requests == 1


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 101 Other\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\n\r\n" + GOOD,
        b"HTTP/1.1 200 OK\r\nContent-Type: ;;\r\n\r\n" + GOOD,
        b"HTTP/1.1 429 x\r\nRetry-After: " + b"9" * 5_000 + b"\r\n\r\n",
        b"HTTP/1.1 503 x\r\nRetry-After: Mon, 99 Foo 99999 99:99 +9999\r\n\r\n",
        b"HTTP/1.1 500 x\r\nContent-Type: text/plain; charset=none\r\n\r\n\xff\xfe",
        b"",
    ],
)
def test_odd_heads_are_failures_of_the_server(head: bytes) -> None:
    fails(partial(_writes, head))


@pytest.mark.parametrize("drip", [b"HTTP/1.1 100 Continue\r\n\r\n", b"A: b\r\n", b"x"])
def test_time_is_limited_before_an_answer_begins(drip: bytes) -> None:
    def endless(handler: Handler) -> None:
        if not drip.startswith(b"HTTP"):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        until = time.monotonic() + 5
        while time.monotonic() < until:
            handler.wfile.write(drip)
            time.sleep(0.02)

    with serving(endless) as (url, _), pytest.raises(QueryTimeout, match=r"0\.6 seconds"):
        asked(url, SHORT)


def test_a_server_that_repeats_a_page_is_reported() -> None:
    failure, requests = fails(lambda h: h.say(200, GOOD, X_SPARQL_MaxRows="1"), "SELECT ?x {}")
    assert "whatever OFFSET is" in failure.message
    assert requests < 6
    with serving(lambda h: h.say(200, GOOD, X_SPARQL_MaxRows="0")) as (url, _):
        assert asked(url) == ['"1"']


@pytest.mark.parametrize(
    "row",
    [
        b"{}",
        ROW,
        b'{"s":{"type":"literal","value":"1"}}',
        b'{"s":{"type":"uri","value":"x:s"},"p":{"type":"uri","value":"x:p"},'
        b'"o":{"type":"uri","value":"x:o"},"g":{"type":"uri","value":"x:g"}}',
        b'{"s":{"type":"bnode","value":"s"},"p":{"type":"bnode","value":"p"},'
        b'"o":{"type":"bnode","value":"o"},"g":{"type":"bnode","value":"g"}}',
    ],
)
def test_unexpected_rows_are_reported(row: bytes) -> None:
    body = b'{"head":{"vars":["s","p","o","g","x"]},"results":{"bindings":[' + row + b"]}}"
    with serving(lambda h: h.say(200, body)) as (url, _):
        there = RemoteStore(Connection(url, limits=QUICK))
        with pytest.raises(RemoteFailure, match="other columns than requested"):
            list(there.quads(NamedNode("https://example.org/other")))


def test_a_canned_query_refuses_rows_of_other_columns() -> None:
    body = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"1"}}]}}'

    def act(handler: Handler) -> None:
        handler.say(200, b'{"head":{},"boolean":true}' if b"ASK" in handler.sent else body)

    with serving(act) as (url, _):
        done = g60kg("--endpoint", url, "query", "run", "member-cities", "-f", "csv")
    assert done.returncode == 3
    assert "other columns than requested" in done.stderr


@pytest.mark.parametrize(
    "rows",
    [b"", b"{}", ROW.replace(b'"1"', b'"many"'), ROW.replace(b'"1"', b'"' + b"9" * 5_000 + b'"')],
)
def test_invalid_counts_are_reported(rows: bytes) -> None:
    body = b'{"head":{"vars":["x"]},"results":{"bindings":[' + rows + b"]}}"
    with serving(lambda h: h.say(200, body)) as (url, _):
        publisher = Publisher(LocalStore.shipped(), RemoteStore(Connection(url, limits=QUICK)))
        with pytest.raises(RemoteFailure, match="which is not a number"):
            publisher.count(NamedNode("https://example.org/g"))


@pytest.mark.parametrize(
    "command",
    [
        ("info",),
        ("query", "run", "member-cities"),
        ("sparql", SELECT),
        ("validate",),
        ("push", "--yes"),
    ],
)
def test_commands_report_a_redirect(command: tuple[str, ...]) -> None:
    with serving(lambda h: h.say(302, b"", Location="/query")) as (url, _):
        ended = g60kg("--endpoint", url, *command)
    assert ended.returncode == 3
    assert "redirects to /query; redirects are not followed" in ended.stderr
    assert "itself" not in ended.stderr
    assert ended.stdout == ""
