"""Errors as answers: problem+json (RFC 9457), or a page for who asked for one."""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.responses import Response

from g60kg.errors import G60kgError, QuerySyntaxError, UnsupportedQuery, UsageError

MEDIA_TYPE: Final = "application/problem+json"
ASK_FOR_LESS: Final = "Ask for less: name a subject or a property, or give a LIMIT."


class Busy(G60kgError):
    """Too many requests at once."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__("Too many requests are waiting.", hint="Try again in a moment.")


class OutOfMemory(G60kgError):
    """An answer that took more memory than one may."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__(
            "It took more memory than there is for one answer, and was ended.", hint=ASK_FOR_LESS
        )


class Forbidden(UsageError):
    """What this server does for nobody: it only reads."""

    http_status = 403


class TooLarge(UsageError):
    """A query or a body that is larger than what is looked at."""

    http_status = 413


class UnsupportedMediaType(UsageError):
    """A body of a kind that is not read here."""

    http_status = 415


def problem(
    status: int, title: str, detail: str | None = None, headers: dict[str, str] | None = None,
    **members: Any,
) -> Response:  # fmt: skip
    """A problem as RFC 9457 has it; further members stand beside its own."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    body = json.dumps({k: v for k, v in content.items() if v is not None}, ensure_ascii=False)
    return Response(body + "\n", status, headers, MEDIA_TYPE)


def problem_of(error: G60kgError) -> Response:
    """The problem that an error of this package is."""
    members: dict[str, Any] = {}
    if isinstance(error, QuerySyntaxError | UnsupportedQuery):
        members = {"line": error.line, "column": error.column}
    headers = {"Retry-After": "5"} if error.http_status == 503 else None
    return problem(error.http_status, error.message, error.hint, headers, **members)
