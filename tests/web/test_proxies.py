"""Requests through a proxy: client address, scheme, limits and log."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from starlette.types import Scope

from g60kg.web import middleware
from g60kg.web.access_log import Log
from g60kg.web.forwarded_headers import normalize_request
from g60kg.web.middleware import RequestMiddleware
from g60kg.web.server_settings import Settings
from tests.conftest import long_only
from tests.web import asking
from tests.web.loops import completed
from tests.web.serving import serving

TRUSTED = Settings(trust_forwarded=True)


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix the time, so that no minute ends during a test: the limits are per minute."""
    monkeypatch.setattr("time.time", lambda: 1_700_000_010.0)


def scope_of(*headers: tuple[str, str], client: str = "127.0.0.1") -> Scope:
    """Return an ASGI scope as the HTTP library makes it."""
    return {
        "type": "http", "http_version": "1.0", "method": "GET", "scheme": "http", "path": "/",
        "raw_path": b"/",
        "query_string": b"", "root_path": "", "client": (client, 50_000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["203.0.113.7"], "203.0.113.7"),
        # A client may send the header itself; the proxy appends its value.
        (["127.0.0.1, 198.51.100.1,203.0.113.7"], "203.0.113.7"),
        (["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7:4711"], "203.0.113.7"),
        (["[2001:db8::1]:4711"], "2001:db8::1"),
        (["2001:DB8::1"], "2001:db8::1"),
        # An invalid address is ignored.
        (["203.0.113.7, unknown"], "127.0.0.1"),
        (["203.0.113.7,"], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_the_address_that_the_proxy_itself_added_counts(said: list[str], expected: str) -> None:
    scope = scope_of(*(("X-Forwarded-For", value) for value in said))
    assert normalize_request(scope, TRUSTED) is None
    assert scope["client"][0] == expected


@pytest.mark.parametrize(
    ("trusted", "headers", "client", "statuses"),
    [
        # The default rate limit does not apply to clients on this machine …
        (False, (), "127.0.0.1", [200] * 3),
        (True, (), "::1", [200] * 3),
        (False, (), "203.0.113.7", [200, 200, 429]),
        # … unless a proxy forwards them, trusted or not.
        (True, (("X-Forwarded-For", "127.0.0.1"),), "127.0.0.1", [200, 200, 429]),
        (True, (("X-Forwarded-For", "::1"),), "127.0.0.1", [200, 200, 429]),
        (True, (("X-Forwarded-For", "unknown"),), "127.0.0.1", [200, 200, 429]),
        (False, (("X-Forwarded-For", "203.0.113.7"),), "127.0.0.1", [200, 200, 429]),
        (False, (("X-Real-IP", "203.0.113.7"),), "127.0.0.1", [200, 200, 429]),
        (False, (("Forwarded", "for=203.0.113.7"),), "127.0.0.1", [200, 200, 429]),
        (False, (("Via", "1.1 proxy"),), "127.0.0.1", [200, 200, 429]),
    ],
)
def test_the_default_rate_limit_does_not_apply_to_this_machine(
    trusted: bool,
    headers: tuple[tuple[str, str], ...],
    client: str,
    statuses: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(middleware, "USUAL_RATE", 2)
    assert answered(Settings(trust_forwarded=trusted), [headers] * 3, client) == statuses


def test_a_client_does_not_choose_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "USUAL_RATE", 2)
    each = [(("X-Forwarded-For", f"198.51.100.{number}, 203.0.113.7"),) for number in range(3)]
    assert answered(TRUSTED, each, "127.0.0.1") == [200, 200, 429]
    others = [(("X-Forwarded-For", f"203.0.113.{number}"),) for number in range(3)]
    assert answered(TRUSTED, others, "127.0.0.1") == [200, 200, 200]


def answered(
    settings: Settings, requests: Sequence[tuple[tuple[str, str], ...]], client: str
) -> list[int]:
    """Return the statuses of a client's requests to an application that accepts all."""
    statuses: list[int] = []
    unread: list[dict[str, object]] = []

    async def app(_scope: object, _receive: object, send: object) -> None:
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, object]:
        if not unread:
            await asyncio.Event().wait()
        return unread.pop()

    async def sent(message: dict[str, object]) -> None:
        if "status" in message:
            assert isinstance(message["status"], int)
            statuses.append(message["status"])

    async def ask() -> None:
        wrapped = RequestMiddleware(
            app, settings, None, Log(as_json=False), lambda _, refusal: refusal
        )
        for headers in requests:
            unread[:] = [{"type": "http.request", "body": b"", "more_body": False}]
            await wrapped(scope_of(*headers, client=client), receive, sent)  # type: ignore[arg-type]  # ASGI's messages are dictionaries

    completed(ask())
    return statuses


@pytest.mark.parametrize(
    "options", [("--root-path", "/g60"), *long_only(("--base", "https://kg.example/g60"))]
)
def test_the_log_has_the_path_that_was_sent(options: tuple[str, ...], tmp_path: Path) -> None:
    paths = ("/g60/timeline", "/timeline", "/metrics", "/g60/id/%E6%9D%BE", "/g60", "/g60/g60/x")
    with serving(tmp_path / "log", *options) as server:
        base = server.url.removesuffix("/g60")
        for path in paths:
            asking.get(base + path)
    logged = re.findall(r"Z GET (\S+) \d+ ", (tmp_path / "log").read_text(encoding="utf-8"))
    assert logged == list(paths)
