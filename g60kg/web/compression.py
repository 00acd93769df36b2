"""Middleware that compresses responses with gzip if the client accepts it (RFC 9110, 12.5.3)."""

from __future__ import annotations

import asyncio
import re
import zlib
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Smaller bodies, in bytes, are not compressed.
LEAST: Final = 1024
#: Larger bodies, in bytes, are compressed in a thread, so that other requests are not blocked.
_LARGE: Final = 64 * 1024
_LEVEL: Final = 5
#: The wbits value of zlib for the gzip format.
_GZIP: Final = 31
_COMPRESSIBLE: Final = re.compile(
    r"text/(?!event-stream)|image/svg\+xml|application/"
    r"(?:[\w.-]+\+(?:json|xml)|json|xml|javascript|n-triples|n-quads|trig|manifest\+json)\b"
)
_CODINGS: Final = ("gzip", "x-gzip")


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header allows gzip.

    >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0"), accepts_gzip("")
    (True, False, False)
    """
    for part in header.lower().split(","):
        coding, _, quality = part.partition(";")
        if coding.strip() in _CODINGS:
            return quality.replace(" ", "").removeprefix("q=") not in ("0", "0.0", "0.00", "0.000")
    return False


class Compression:
    """ASGI middleware; responses with a Content-Encoding pass unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request and compress its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        accepted = accepts_gzip(",".join(Headers(scope=scope).getlist("accept-encoding")))
        await self._app(scope, receive, _CompressingSender(send, accepted))


class _CompressingSender:
    """Sends one response; delays the head until the first part of the body."""

    def __init__(self, send: Send, accepted: bool) -> None:
        self._send = send
        self._accepted = accepted
        self._start: Message | None = None
        self._gzip: Any = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            start, self._start = self._start, None
            headers = MutableHeaders(raw=list(start["headers"]))
            if self._is_chosen(start["status"], headers, body, more):
                if body and not more:
                    body = await _compressed(body)
                    headers["Content-Length"] = str(len(body))
                else:
                    # A streamed body, or the response to HEAD, which has no body.
                    del headers["Content-Length"]
                    self._gzip = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
            await self._send({**start, "headers": headers.raw})
        if self._gzip is not None:
            body = self._gzip.compress(body) + (b"" if more else self._gzip.flush())
        await self._send({**message, "body": body})

    def _is_chosen(self, status: int, headers: MutableHeaders, body: bytes, more: bool) -> bool:
        """Decide whether to compress a body, and set the headers."""
        if "content-encoding" in headers:
            return False
        compressible = _COMPRESSIBLE.match(headers.get("content-type", "")) is not None
        if compressible or status == 304:
            varied = headers.get("vary", "")
            if "accept-encoding" not in varied.lower():
                headers["Vary"] = f"{varied}, Accept-Encoding" if varied else "Accept-Encoding"
        length = int(headers.get("content-length") or (LEAST if more else len(body)))
        has_complete_body = status not in (204, 206, 304)
        if not (compressible and has_complete_body and self._accepted and length >= LEAST):
            return False
        headers["Content-Encoding"] = "gzip"
        tag = headers.get("etag", "W/")
        if not tag.startswith("W/"):
            # Only the uncompressed bytes are equal, so the tag must be weak.
            headers["ETag"] = f"W/{tag}"
        return True


async def _compressed(body: bytes) -> bytes:
    if len(body) >= _LARGE:
        return await asyncio.to_thread(_compress, body)
    return _compress(body)


def _compress(body: bytes) -> bytes:
    return zlib.compress(body, _LEVEL, _GZIP)
