"""What a request to an endpoint may take, and who it comes from; from the environment alone."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from g60kg.errors import UsageError

USER: Final = "G60KG_USER"
PASSWORD: Final = "G60KG_PASSWORD"
TOKEN: Final = "G60KG_TOKEN"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: a user with a password (basic or digest, as the server wants), or a token."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls) -> Credentials:
        """Those in G60KG_USER and G60KG_PASSWORD, or in G60KG_TOKEN.

        Raises:
            UsageError: one of user and password without the other, or both ways at once.
        """
        user, password, token = (os.environ.get(name) or None for name in (USER, PASSWORD, TOKEN))
        if (user is None) != (password is None):
            raise UsageError(f"{USER} and {PASSWORD} go together; one of them is not set.")
        if token is not None and user is not None:
            raise UsageError(f"Both {USER} and {TOKEN} are set; an endpoint takes one of them.")
        if any("\n" in part or "\r" in part for part in (user, password, token) if part):
            raise UsageError("A user, password or token has a line break in it.")
        if token is not None and not token.isascii():
            raise UsageError(f"{TOKEN} has characters that no token has.")
        return cls(user, password, token)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take.

    Attributes:
        seconds: from the first byte sent to the last received; 0 for no limit.
        tries: how often a request that only reads is sent, at most.
        pause: seconds before the second try; it doubles, and a part of it is chance.
        patience: the longest pause that a server may ask for.
        body: the most bytes that an answer may have.
        page: rows that are asked for at a time where the server cuts a result.
    """

    seconds: float = 60.0
    tries: int = 4
    pause: float = 0.25
    patience: float = 30.0
    body: int = 1024 * 1024 * 1024
    page: int = 5_000


NOBODY: Final = Credentials()
DEFAULT_LIMITS: Final = Limits()


def checked_url(url: str) -> str:
    """The URL of an endpoint, if it is one.

    >>> checked_url("http://localhost:7878/query")
    'http://localhost:7878/query'

    Raises:
        UsageError: another scheme, no host, or a password in it.
    """
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or parts.scheme.lower() not in ("http", "https"):
        raise UsageError(
            f"{url} is not the URL of an endpoint.",
            hint="It begins with http:// or https://, such as http://localhost:7878/query",
        )
    if "@" in parts.netloc:
        raise UsageError(
            "A user or password in a URL would be shown; it is not taken.",
            hint=f"Set {USER} and {PASSWORD}, or {TOKEN}, in the environment.",
        )
    if any(mark.isspace() or ord(mark) < 0x21 for mark in url) or not url.isascii():
        raise UsageError(f"{url!r} has characters that no URL has; they are written with %.")
    return url
