"""Middleware of all routes: limits, headers, compression, log and metrics."""

import asyncio
import ipaddress
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from g60kg.formats import WORKBOOK
from g60kg.rdf.text_excerpt import plural
from g60kg.web.access_log import Log
from g60kg.web.connection_limits import TOO_MUCH_WAITING, UnsentBytesLimit
from g60kg.web.forwarded_headers import as_sent, is_direct, normalize_request
from g60kg.web.metrics import Metrics
from g60kg.web.problem_details import Problem
from g60kg.web.server_settings import USUAL_RATE, Settings
from g60kg.web.worker_pool import client

#: The bytes of a multipart form around its file.
_AROUND_FILE: Final = 65_536
#: Time limit for receiving a body, in seconds.
BODY_SECONDS: Final = 30.0
#: The least bytes of a response that is compressed.
_LARGE: Final = 1024
#: The media types of what is compressed already, or a stream.
_NOT_COMPRESSED: Final = ("application/gzip", "text/event-stream", WORKBOOK.media_type)
#: Seconds after which disconnects of the client are watched for.
WATCH_AFTER: Final = 0.1
#: The logged status of a request whose client disconnected before the response.
CLIENT_LEFT: Final = 499

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = Headers({
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # All content is public and does not depend on credentials, so any
    # page may read it.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers":
        "Content-Location, ETag, G60kg-Complete, Link, Location, Retry-After, X-Total-Count",
}).raw  # fmt: skip
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


#: Returns the response to a request that is refused: the problem, or a page that says the same.
Refused = Callable[[Scope, Problem], Response]


@dataclass
class _Answer:
    status: int = 0
    size: int = 0
    finished: bool = False
    is_refused: bool = False
    #: Whether it would be compressed if the client accepted that.
    is_plain: bool = False


class RequestMiddleware:
    """ASGI middleware around the application: limits, headers, compression, log and metrics.

    Errors that the application does not handle become status 500.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: Metrics | None, log: Log, refused: Refused
    ) -> None:
        self._app = app
        self._compressing = GZipMiddleware(
            app, _LARGE, compresslevel=5, exclude_content_types=_NOT_COMPRESSED
        )
        self._refused = refused
        self._settings = settings
        self._metrics = metrics
        self._log = log
        self._unsent = UnsentBytesLimit(settings)
        rate = USUAL_RATE if settings.rate is None else settings.rate
        self._rate = RateLimitItemPerMinute(rate) if rate else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it if it exceeds a limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        answer = _Answer()
        connection = scope.get("state", {}).get("connection")
        if connection is not None:
            connection.request_began()
        start: Message | None = None

        async def sent(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                # The response can be refused until the size of its body is known.
                start = message
                return
            if answer.is_refused:
                return
            size = len(message.get("body", b""))
            if start is not None:
                if self._unsent.are_exceeded_by(size):
                    await TOO_MUCH_WAITING(scope, receive, sent)
                    answer.is_refused = True
                    return
                answer.status = start["status"]
                _add_headers(start)
                if answer.is_plain and size >= _LARGE:
                    _vary_by_encoding(start)
                await send(start)
                start = None
            answer.size += size
            answer.finished = not message.get("more_body", False)
            await self._unsent.send(message, send, connection)

        path = as_sent(scope)
        try:
            await self._answered(scope, receive, sent, answer)
        except Exception as error:
            self._log.failure(error)
            if not answer.status:
                failed: Response
                failed = Problem(500, "Internal server error. Details are in the server's log.")
                with suppress(Exception):
                    failed = self._refused(scope, failed)
                await failed(scope, receive, sent)
        finally:
            seconds = time.perf_counter() - began
            status = answer.status or CLIENT_LEFT
            if self._metrics is not None:
                route = getattr(scope.get("route"), "path", "") or "none"
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._metrics.count(route, method, status, seconds)
            if scope["method"] == "HEAD":
                answer.size = 0
            self._log.request(scope["method"], path, status, seconds, answer.size)
            if connection is not None:
                connection.request_ended()

    async def _answered(self, scope: Scope, receive: Receive, send: Send, answer: _Answer) -> None:
        connection = scope.get("state", {}).get("connection")
        refusal = normalize_request(scope, self._settings) or await self._too_often(scope)
        refusal = (connection and connection.refusal) or refusal
        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            refusal = refusal or Response(status_code=204, headers=_PREFLIGHT)
        read = refusal or await self._body(scope, receive)
        if isinstance(read, Response):
            response = self._refused(scope, read) if isinstance(read, Problem) else read
            await response(scope, receive, send)
        elif read is not None:
            await self._run(scope, receive, send, read, answer)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | Response | None:
        """Return the body, or the response if it is refused.

        None if the client disconnected before the end of the body.
        """
        headers = Headers(scope=scope)
        said = headers.get("content-length", "0")
        if "content-length" not in headers and "transfer-encoding" not in headers:
            return b""
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            return Problem(
                415,
                "Content-Encoding is not supported: send the body uncompressed.",
                headers=_CLOSE | {"Accept-Encoding": "identity"},
            )
        most = max(self._settings.max_upload + _AROUND_FILE, 4 * self._settings.max_query)
        too_large = Problem(413, f"The body is larger than {most:,} bytes.", headers=_CLOSE)
        if not said.isdecimal() or int(said) > most:
            return too_large
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while (message := await receive())["type"] != "http.disconnect":
                    body += message.get("body", b"")
                    if len(body) > most:
                        return too_large
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            return Problem(408, "The request body took too long to arrive.", headers=_CLOSE)
        return None

    async def _run(
        self, scope: Scope, receive: Receive, send: Send, body: bytes, answer: _Answer
    ) -> None:
        """Run the application on a request with its body; cancel it if the client disconnects."""
        client.set(_address(scope))
        left = asyncio.Event()
        answering = asyncio.current_task()
        assert answering is not None
        watching: asyncio.Task[None] | None = None
        unread = [{"type": "http.request", "body": body, "more_body": False}]

        async def given() -> Message:
            if unread:
                return unread.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def end_when_client_leaves() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            left.set()
            if not answer.finished:
                answering.cancel()

        def watch() -> None:
            nonlocal watching
            watching = asyncio.ensure_future(end_when_client_leaves())

        # Most responses are complete by then; watching each from the start would cost more.
        timer = asyncio.get_running_loop().call_later(WATCH_AFTER, watch)
        try:
            answer.is_plain = "gzip" not in Headers(scope=scope).get("accept-encoding", "")
            await (self._app if answer.is_plain else self._compressing)(scope, given, send)
        except asyncio.CancelledError:
            if not left.is_set():
                raise
            answering.uncancel()
        finally:
            timer.cancel()
            if watching is not None:
                watching.cancel()

    async def _too_often(self, scope: Scope) -> Response | None:
        address = _address(scope)
        if self._rate is None:
            return None
        # An address that a proxy reports never counts as this machine.
        if self._settings.rate is None and _is_here(address) and is_direct(scope):
            return None
        if await self._limiter.hit(self._rate, address):
            return None
        stats = await self._limiter.get_window_stats(self._rate, address)
        most = self._rate.amount
        seconds = max(1, round(stats.reset_time - time.time()))
        return Problem(
            429,
            f"More than {most:,} request{plural(most)} per minute from one address.",
            headers={"Retry-After": str(seconds)},
        )


_CLOSE: Final = {"Connection": "close"}
#: The methods that are counted under their names.
_METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE")


def _address(scope: Scope) -> str:
    """Return the client's address, for remote IPv6 clients their /64 network; empty if unknown."""
    return _counted_address(scope["client"][0] if scope.get("client") else "")


@lru_cache(maxsize=1024)
def _counted_address(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 6 and address.ipv4_mapped is None and not address.is_loopback:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@lru_cache(maxsize=1024)
def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_network(address).is_loopback
    except ValueError:
        return False


def _add_headers(start: Message) -> None:
    own = dict(start["headers"])
    page = own.get(b"content-type", b"").startswith(b"text/html")
    policy = (b"cross-origin-resource-policy", b"same-origin" if page else b"cross-origin")
    added = [(name, value) for name, value in (*_ALWAYS, policy) if name not in own]
    start["headers"] = [*start["headers"], *added]


def _vary_by_encoding(start: Message) -> None:
    """Add to the headers that the response is compressed for clients that accept it."""
    headers = MutableHeaders(raw=start["headers"])
    if headers.get("content-type") not in _NOT_COMPRESSED:
        headers.add_vary_header("Accept-Encoding")
