"""Who may do what: what is known to read is open to all, all else is for who has a token."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from g60kg.web.log import Log
from g60kg.web.problems import problem
from g60kg.web.tokens import Tokens

#: Methods that change nothing, wherever they are answered (RFC 9110, section 9.2.1).
_SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))
#: The routes whose other methods read as well. What is not in this list writes until it is.
READING: Final = frozenset(
    (
        "/sparql",  # a query in the body; an update is refused there
        "/api/validate",  # a verdict on what is sent, of which nothing is kept
        "/check",  # the same as a page
        "/static",  # files, which have no other method
    )
)
#: The routes that are not for everybody where the server knows somebody: its own counters.
FOR_HOLDERS: Final = frozenset(("/metrics",))
#: A token as it stands behind ``Bearer`` (RFC 6750, section 2.1).
_BEARER: Final = re.compile(r"bearer +([A-Za-z0-9._~+/-]{1,512}=*)", re.IGNORECASE)
_REALM: Final = 'Bearer realm="g60kg"'


class Permission:
    """What a server allows.

    Args:
        tokens: who may do what not everybody may; None for nobody.
        log: where it is told that the file of tokens is wrong.
    """

    def __init__(self, tokens: Tokens | None, log: Log) -> None:
        self._tokens = tokens
        self._log = log

    def asked(self, scope: Scope) -> str | Response:
        """The name of the token with which a request is allowed, or why it is not.

        The name is empty where none is needed. What there is no route for is left to the
        application, which says so.
        """
        if scope["method"] in _SAFE and (self._tokens is None or scope["method"] == "OPTIONS"):
            return ""
        route = _route(scope)
        path = getattr(route, "path", "")
        if route is None or path in READING:
            return ""
        if scope["method"] in _SAFE and path not in FOR_HOLDERS:
            return ""
        if self._tokens is None:
            return problem(
                403, "This server only reads.", "It lets nobody write: it has no --token-file."
            )
        return self._holder(self._tokens, Headers(scope=scope).getlist("authorization"))

    def _holder(self, tokens: Tokens, given: list[str]) -> str | Response:
        if len(given) > 1:
            return _unauthorized(400, "Two Authorization headers.", "invalid_request")
        found = _BEARER.fullmatch(given[0].strip()) if given else None
        if found is None:
            return _unauthorized(401, "This is for who has a token.")
        if wrong := tokens.renew():
            self._log.error(wrong)
        name = tokens.holder(found[1])
        if name is None:
            return _unauthorized(401, "The token is none of this server's.", "invalid_token")
        return name


def _unauthorized(status: int, title: str, error: str = "") -> Response:
    """A refusal as RFC 6750 has it: without a code where no token was sent."""
    return problem(
        status,
        title,
        "Send one header Authorization: Bearer TOKEN. Who runs the server gives them out.",
        {
            "WWW-Authenticate": f'{_REALM}, error="{error}"' if error else _REALM,
            "Cache-Control": "no-store",
        },
    )


def _route(scope: Scope) -> BaseRoute | None:
    """The route that the application will take, found as it does."""
    routes: list[BaseRoute] = scope["app"].routes
    return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)
