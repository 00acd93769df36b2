"""What a request says of where it was sent: put right, and refused where it cannot be."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from g60kg.web.problems import problem
from g60kg.web.settings import HOST, Settings

#: Bytes of a URL.
MOST_URL: Final = 32_768


def arrived(scope: Scope, settings: Settings) -> Response | None:
    """Makes a request what the visitor sent, before a proxy passed it on.

    Its scheme, host and root path are all that absolute addresses are made of, everywhere in the
    server. Where its own address is known, they are that, whatever the request says.

    Returns:
        Why it is not looked at; None where it is.
    """
    root = scope.get("root_path", "")
    # A proxy may leave the path as it is or take its own part off; the HTTP library adds it.
    if root and f"{scope['path']}/".startswith(f"{root}{root}/"):
        scope["path"] = scope["path"][len(root) :]
        scope["raw_path"] = scope["raw_path"][len(root.encode()) :]
    if settings.trust_forwarded and not settings.base:
        said = Headers(scope=scope).get("x-forwarded-host", "")
        if host := said.split(",")[0].strip():
            _put_host(scope, host)
    if refusal := _unfit(scope):
        return refusal
    if settings.base:
        scope["scheme"], _, rest = settings.base.partition("://")
        _put_host(scope, rest.partition("/")[0])
    return None


def _put_host(scope: Scope, host: str) -> None:
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    scope["headers"] = [(b"host", host.encode("latin-1")), *others]


def _unfit(scope: Scope) -> Response | None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_URL:
        return problem(
            414, f"The URL is longer than {MOST_URL:,} bytes.", "A long query can be POSTed."
        )
    hosts = Headers(scope=scope).getlist("host")
    # HTTP/1.0 has none.
    if len(hosts) > 1 or (hosts and not HOST.fullmatch(hosts[0])):
        return problem(400, "The Host header is none.")
    if "\x00" in scope["path"]:
        return problem(400, "The path has a null character in it.")
    return None
