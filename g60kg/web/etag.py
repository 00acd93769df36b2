"""Responses with an ETag, and 304 for conditional requests (RFC 9110, section 13)."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

#: Clients revalidate each time; an unchanged response is a 304 of a few bytes.
CACHING: Final = "no-cache"
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def sent(
    request: Request, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a response with an ETag, or a 304 if a GET's If-None-Match header matches it.

    A 304 has the further headers too.
    """
    # The tag is weak because it is the same for compressed content.
    digest = hashlib.sha256(content_type.encode() + b"\0" + body).hexdigest()[:32]
    known = {"Cache-Control": CACHING, **(headers or {}), "ETag": f'W/"{digest}"'}
    is_read = request.method in ("GET", "HEAD")
    if is_read and matches(request.headers.get("if-none-match", ""), digest):
        return Response(status_code=304, headers=known)
    return Response(body, headers={**known, "Content-Type": content_type})


def matches(if_none_match: str, digest: str) -> bool:
    """Return whether an If-None-Match header matches the tag of a digest, by weak comparison.

    >>> matches('W/"a", "b"', "b"), matches("*", "b"), matches('"bc"', "b")
    (True, True, False)
    """
    if if_none_match.strip() == "*":
        return True
    return any(tag.removeprefix("W/") == f'"{digest}"' for tag in _TAG.findall(if_none_match))
