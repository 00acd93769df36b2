"""Servers that do not answer as they should: each time a clear error, and never half an answer."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyoxigraph import QuerySolutions

from g60kg.errors import QueryTimeout, RemoteFailure, UsageError
from g60kg.stores.remote.endpoint_store import RemoteStore
from g60kg.stores.remote.http_client import Connection
from g60kg.stores.remote.request_settings import (
    NOBODY,
    Credentials,
    Limits,
    checked_url,
)

JSON = "application/sparql-results+json"
ROW = b'{"x":{"type":"literal","value":"1"}}'
GOOD = b'{"head":{"vars":["x"]},"results":{"bindings":[' + ROW + b"]}}"
QUICK = Limits(seconds=30.0, tries=3, pause=0.01, patience=1.0, body=100_000)
#: For servers that never finish.
SHORT = replace(QUICK, seconds=0.6)
SELECT = 'SELECT ?x { VALUES ?x { "1" } }'


class Handler(BaseHTTPRequestHandler):
    """One request; a test says what becomes of it."""

    act: Callable[[Handler], None]
    seen: list[str | None]
    sent: bytes

    def do_POST(self) -> None:
        self.sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).seen.append(self.headers.get("Authorization"))
        type(self).act(self)

    def say(self, status: int, body: bytes, media: str = JSON, **headers: str) -> None:
        """A whole reply."""
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Quiet(ThreadingHTTPServer):
    """A server that keeps to itself what its handlers fail at: clients that have gone."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving(act: Callable[[Handler], None]) -> Iterator[tuple[str, list[str | None]]]:
    """The URL of a server that acts so, and what came as Authorization."""
    seen: list[str | None] = []
    handler = type("Acting", (Handler,), {"act": staticmethod(act), "seen": seen})
    with Quiet(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/query", seen
        finally:
            server.shutdown()
            thread.join()


def asked(
    url: str, limits: Limits = QUICK, who: Credentials = NOBODY, text: str = SELECT
) -> list[str]:
    """The first cells of a query's rows."""
    found = RemoteStore(Connection(url, who, limits)).rows(text)
    assert isinstance(found, QuerySolutions)
    return [str(row[0]) for row in found]


def fails(act: Callable[[Handler], None], text: str = SELECT) -> tuple[RemoteFailure, int]:
    """The failure, and how many requests came to it."""
    with serving(act) as (url, seen):
        with pytest.raises(RemoteFailure) as caught:
            asked(url, text=text)
        assert caught.value.exit_code == 3
        return caught.value, len(seen)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_a_refusal_quotes_the_server_and_is_not_retried(status: int) -> None:
    failure, requests = fails(lambda h: h.say(status, b"no such\n  luck today", "text/plain"))
    assert f"answers {status}" in failure.message
    assert "no such luck today" in failure.message
    assert failure.status == status
    assert requests == 1


def test_of_a_page_only_its_words_are_shown() -> None:
    page = b"<html><head><title>Sign in</title><style>a{}</style></head><p>Please <b>wait</b>"
    failure, _ = fails(lambda h: h.say(200, page, "text/html"))
    assert "a page instead of a SPARQL result: Sign in Please wait" in failure.message
    failure, _ = fails(lambda h: h.say(200, page, JSON))
    assert "Sign in" in failure.message
    failure, _ = fails(lambda h: h.say(500, page + b"<script>x()</script>", "text/html"))
    assert failure.message.endswith("Sign in Please wait")


def test_what_acts_on_a_terminal_is_not_passed_on() -> None:
    failure, _ = fails(lambda h: h.say(500, b"\x1b[2Jgone", "text/plain"))
    assert "\x1b" not in str(failure)


@pytest.mark.parametrize("cut", [1, 3, 20, 50])
def test_a_result_that_breaks_off_is_no_result(cut: int) -> None:
    failure, _ = fails(lambda h: h.say(200, GOOD[:-cut]))
    assert "truncated" in failure.message


def test_a_broken_connection_is_retried_and_then_reported() -> None:
    def half(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Content-Length", str(len(GOOD)))
        handler.end_headers()
        handler.wfile.write(GOOD[:40])

    failure, requests = fails(half)
    assert f"40 of {len(GOOD)} bytes" in failure.message
    assert requests == QUICK.tries


def test_a_reset_is_tried_again() -> None:
    calls: list[int] = []

    def first_reset(handler: Handler) -> None:
        calls.append(1)
        if len(calls) == 1:
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.close()
            return
        handler.say(200, GOOD)

    with serving(first_reset) as (url, seen):
        assert asked(url) == ['"1"']
        assert len(seen) == 2


def test_a_server_that_is_busy_twice_is_asked_a_third_time() -> None:
    calls: list[int] = []

    def busy(handler: Handler) -> None:
        calls.append(1)
        if len(calls) < 3:
            handler.say(503, b"busy", "text/plain")
        else:
            handler.say(200, GOOD)

    with serving(busy) as (url, seen):
        assert asked(url) == ['"1"']
        assert len(seen) == 3


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_reported_after_retries(status: int) -> None:
    failure, requests = fails(lambda h: h.say(status, b"overloaded", "text/plain"))
    assert "overloaded" in failure.message
    assert requests == QUICK.tries


def test_a_server_says_how_long_to_wait() -> None:
    calls: list[float] = []

    def later(handler: Handler) -> None:
        calls.append(time.monotonic())
        if len(calls) == 1:
            handler.say(429, b"later", "text/plain", Retry_After="1")
        else:
            handler.say(200, GOOD)

    with serving(later) as (url, _):
        assert asked(url) == ['"1"']
    assert calls[1] - calls[0] >= 1.0
    _, requests = fails(lambda h: h.say(503, b"", "text/plain", Retry_After="3600"))
    assert requests == 1  # longer than anybody waits


def test_no_change_is_sent_twice() -> None:
    with serving(lambda h: h.say(503, b"busy", "text/plain")) as (url, seen):
        with pytest.raises(RemoteFailure, match="busy"):
            Connection(url, limits=QUICK).update(url, "CLEAR ALL")
        assert len(seen) == 1


def test_time_is_limited_whether_nothing_comes_or_little_by_little() -> None:
    stop = threading.Event()

    def slow(_: Handler) -> None:
        stop.wait(5)

    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        while not stop.wait(0.05):
            handler.wfile.write(b" ")

    for act in (slow, drip):
        with serving(act) as (url, _):
            with pytest.raises(QueryTimeout, match=r"0\.6 seconds"):
                asked(url, SHORT)
            stop.set()
        stop.clear()


def test_an_answer_has_a_greatest_size() -> None:
    failure, _ = fails(lambda h: h.say(200, b" " * 200_000 + GOOD))
    assert "more than 100,000 bytes" in failure.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_its_target_is_named(status: int) -> None:
    for there in ("/query", "http://127.0.0.1:1/q", "file:///etc/hostname", "http://[", "//u:p@h/"):
        failure, requests = fails(lambda h, to=there: h.say(status, b"", Location=to))  # type: ignore[misc]
        assert f"redirects to {there}; redirects are not followed" in failure.message
        assert (failure.status, requests) == (status, 1)
    failure, _ = fails(lambda h: h.say(status, b"gone", "text/plain"))
    assert failure.message.endswith(": gone")  # nowhere


def test_a_change_is_not_sent_on() -> None:
    with serving(lambda h: h.say(307, b"", Location="/elsewhere")) as (url, seen):
        with pytest.raises(RemoteFailure, match="not followed"):
            Connection(url, limits=QUICK).update(url, "CLEAR ALL")
        assert len(seen) == 1


def test_a_result_marked_as_partial_is_refused() -> None:
    with (
        serving(lambda h: h.say(200, GOOD, X_SQL_State="S1TAT")) as (url, _),
        pytest.raises(QueryTimeout, match="stopped before the end"),
    ):
        asked(url)


def test_pages_that_disagree_with_the_count_are_reported() -> None:
    calls: list[int] = []

    def forgetful(handler: Handler) -> None:
        calls.append(1)
        rows = b",".join([ROW] * 5) if len(calls) == 1 else b""
        body = b'{"head":{"vars":["x"]},"results":{"bindings":[' + rows + b"]}}"
        handler.say(200, body, X_SPARQL_MaxRows="5")

    failure, _ = fails(forgetful, "SELECT ?x { ?s ?p ?x }")
    assert "may be cut" in failure.message


def test_a_password_is_sent_on_request_only_and_never_printed() -> None:
    def basic(handler: Handler) -> None:
        if handler.headers.get("Authorization") is None:
            handler.say(401, b"who?", "text/plain", WWW_Authenticate='Basic realm="x"')
        else:
            handler.say(403, b"not you", "text/plain")

    who = Credentials("anna", "secret")
    with serving(basic) as (url, seen):
        with pytest.raises(RemoteFailure, match="not you") as caught:
            asked(url, who=who)
        assert seen == [None, "Basic YW5uYTpzZWNyZXQ="]
        assert "secret" not in str(caught.value) + repr(who)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/query"
    with pytest.raises(RemoteFailure, match="cannot be reached"):
        asked(url)


@pytest.mark.parametrize(
    "url",
    ["file:///tmp/x", "localhost:7878/query", "http://", "http://a:b@host/query", "http://h/a b"],
)
def test_what_is_no_url_of_an_endpoint_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError):
        checked_url(url)


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Credentials.from_environment() == Credentials()
    monkeypatch.setenv("G60KG_USER", "anna")
    with pytest.raises(UsageError, match="must both be set"):
        Credentials.from_environment()
    monkeypatch.setenv("G60KG_PASSWORD", "secret")
    assert Credentials.from_environment().password == "secret"
    monkeypatch.setenv("G60KG_TOKEN", "t")
    with pytest.raises(UsageError, match="set only one"):
        Credentials.from_environment()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_endpoint_that_is_down_is_not_one_without_graphs(status: int) -> None:
    down = serving(lambda h: h.say(status, b"later", "text/plain"))
    with down as (url, _), pytest.raises(RemoteFailure):
        RemoteStore(Connection(url, NOBODY, replace(QUICK, tries=1))).graph_names()
