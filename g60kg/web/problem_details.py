"""Error responses as problem+json (RFC 9457), and the server's own exceptions."""

import json
from typing import Any, Final

from starlette.responses import Response

from g60kg.errors import (
    G60kgError,
    InvalidQuery,
    OutputFailure,
    Retracted,
    StoreFailure,
    UsageError,
)
from g60kg.rdf.text_excerpt import shortened
from g60kg.web.etag import CACHING

MEDIA_TYPE: Final = "application/problem+json"
ASK_FOR_LESS: Final = "Narrow the query: give a subject or a property, or add a LIMIT."

#: The headers of errors by status. Without its own, a 410 would be cached: facts are added again.
HEADERS: Final = {410: {"Cache-Control": CACHING}, 503: {"Retry-After": "5"}}


class Busy(G60kgError):
    """Too many requests are waiting for a worker process."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__("Too many requests are waiting.", hint="Try again in a moment.")


class OutOfMemory(G60kgError):
    """A request exceeded the memory limit, or its worker process died."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__(
            "The request exceeded the memory limit or the engine failed; it was ended.",
            hint=ASK_FOR_LESS,
        )


class Unavailable(G60kgError):
    """The server cannot read its store or write a temporary file; only the log has the paths."""

    http_status = 503

    def __init__(self, failure: OutputFailure | StoreFailure) -> None:
        what = "write a temporary file" if isinstance(failure, OutputFailure) else "read its store"
        super().__init__(f"The server cannot {what}.", hint="Details are in the server's log.")


class Forbidden(UsageError):
    """A write operation, or a request from a page of another site, which the server refuses."""

    http_status = 403


class TooLarge(UsageError):
    """A query or a body exceeds the size limit."""

    http_status = 413


class UnsupportedMediaType(UsageError):
    """The media type or the charset of a body is not supported."""

    http_status = 415


class Problem(Response):
    """An error response as problem+json."""

    def __init__(
        self, status: int, title: str, detail: str | None = None,
        headers: dict[str, str] | None = None, **members: Any,
    ) -> None:  # fmt: skip
        # An error repeats what was sent.
        self.title, self.detail = shortened(title), detail and shortened(detail)
        self.own_headers = headers or {}
        content = {
            "type": "about:blank", "title": self.title, "status": status, "detail": self.detail,
        }  # fmt: skip
        given = {k: v for k, v in (content | members).items() if v is not None}
        body = json.dumps(given, ensure_ascii=False) + "\n"
        # Clients that prefer HTML get a page instead.
        super().__init__(body, status, {"Vary": "Accept"} | self.own_headers, MEDIA_TYPE)


def problem_of(error: G60kgError) -> Response:
    """Return the problem response for an error of this package."""
    members: dict[str, Any] = {}
    if isinstance(error, InvalidQuery):
        members = {"line": error.line, "column": error.column}
    if isinstance(error, Retracted):
        members["retracted"] = {"when": error.when, "reason": error.reason, "change": error.change}
    headers = HEADERS.get(error.http_status)
    return Problem(error.http_status, error.message, error.hint, headers, **members)
