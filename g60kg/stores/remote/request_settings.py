"""Request limits and credentials for an endpoint, read from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from g60kg.errors import UsageError
from g60kg.rdf.input_limits import MAX_INPUT_BYTES, MAX_SECONDS
from g60kg.rdf.text_excerpt import excerpt

USER: Final = "G60KG_USER"
PASSWORD: Final = "G60KG_PASSWORD"
TOKEN: Final = "G60KG_TOKEN"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password (basic or digest, as the server requires), or a token; or neither."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls) -> Credentials:
        """Read G60KG_USER and G60KG_PASSWORD, or G60KG_TOKEN; an empty variable is None.

        Raise UsageError for an incomplete or invalid combination.
        """
        user, password, token = (os.environ.get(name) or None for name in (USER, PASSWORD, TOKEN))
        if (user is None) != (password is None):
            raise UsageError(f"{USER} and {PASSWORD} must both be set; one is missing.")
        if token is not None and user is not None:
            raise UsageError(f"Both {USER} and {TOKEN} are set; set only one.")
        if any("\n" in part or "\r" in part for part in (user, password, token) if part):
            raise UsageError("A user, password or token contains a line break.")
        if token is not None and not token.isascii():
            raise UsageError(f"{TOKEN} contains characters that are not allowed in a token.")
        return cls(user, password, token)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one request.

    Attributes:
        seconds: from connecting to the last byte received; 0 for no limit.
        tries: the maximum number of times a read request is sent.
        pause: seconds before the second try; doubles each time, with random jitter.
        patience: the longest pause in seconds; instead of a longer one, the failure is raised.
        body: the maximum number of bytes of a reply.
        page: rows per request when the server cuts results.
    """

    seconds: float = 60.0
    tries: int = 4
    pause: float = 0.25
    patience: float = 30.0
    body: int = MAX_INPUT_BYTES
    page: int = 5_000


NOBODY: Final = Credentials()
DEFAULT_LIMITS: Final = Limits()


def checked_seconds(timeout: float) -> float:
    """Return the time limit; raise UsageError if it is not from 0 to MAX_SECONDS."""
    if not 0 <= timeout <= MAX_SECONDS:
        raise UsageError(f"timeout takes seconds from 0 to {MAX_SECONDS:,}, not {timeout!r}.")
    return timeout


def checked_url(url: str) -> str:
    """Return the URL of an endpoint unchanged; raise UsageError if it is invalid or has a user.

    >>> checked_url("http://localhost:7878/query")
    'http://localhost:7878/query'
    """
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or parts.scheme.lower() not in ("http", "https"):
        raise UsageError(
            f"{excerpt(url)} is not the URL of an endpoint.",
            hint="It must begin with http:// or https://, such as http://localhost:7878/query",
        )
    if "@" in parts.netloc:
        raise UsageError(
            "A user or password in a URL would be displayed, so it is not accepted.",
            hint=f"Set {USER} and {PASSWORD}, or {TOKEN}, in the environment.",
        )
    if any(mark.isspace() or ord(mark) < 0x21 for mark in url) or not url.isascii():
        raise UsageError(f"{excerpt(url)} contains characters that must be percent-encoded.")
    return url
