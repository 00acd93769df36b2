"""Answers that a client may have already: ETag, If-None-Match, 304 (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from email.utils import formatdate, parsedate_to_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

#: Asked again each time, and answered in a few bytes where nothing has changed.
CACHING: Final = "no-cache"
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def sent(
    request: Request,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    *,
    modified: float | None = None,
) -> Response:
    """The answer with its ETag, or 304 where the client has these very bytes.

    Args:
        request: what was asked; If-None-Match says what the client has.
        body: the answer's bytes.
        content_type: their Content-Type, which is a part of what the tag stands for.
        headers: further headers, sent with 304 too.
        modified: when what it says was last changed, in seconds since 1970.
    """
    # A weak tag: the same content, compressed or not.
    digest = hashlib.sha256(content_type.encode() + b"\0" + body).hexdigest()[:32]
    known = {"Cache-Control": CACHING, **(headers or {}), "ETag": f'W/"{digest}"'}
    if modified is not None:
        known["Last-Modified"] = formatdate(modified, usegmt=True)
    if is_known(request, digest, modified):
        return Response(status_code=304, headers=known)
    return Response(body, headers={**known, "Content-Type": content_type})


def is_known(request: Request, digest: str, modified: float | None) -> bool:
    """Whether a client says that it has this: If-None-Match beats If-Modified-Since."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return has(tags, digest)
    since = request.headers.get("if-modified-since")
    if since is None or modified is None or request.method not in ("GET", "HEAD"):
        return False
    try:
        return int(modified) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False


def has(if_none_match: str, digest: str) -> bool:
    """Whether a client that sends this header has what that tag stands for, by weak comparison.

    >>> has('W/"a", "b"', "b"), has("*", "b"), has('"bc"', "b")
    (True, True, False)
    """
    if if_none_match.strip() == "*":
        return True
    return any(tag.removeprefix("W/") == f'"{digest}"' for tag in _TAG.findall(if_none_match))
