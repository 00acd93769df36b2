"""What a request says of where it was sent: put right, and refused where it cannot be."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from g60kg.model.names import LONGEST_NAME
from g60kg.web.connection_limits import MOST_HEAD, TOO_LARGE
from g60kg.web.problem_details import problem
from g60kg.web.server_settings import HOST, Settings

#: Bytes of a URL.
MOST_URL: Final = 32_768
#: What proxies add.
_FORWARDING: Final = frozenset(
    ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
)


def arrived(scope: Scope, settings: Settings) -> Response | None:
    """Makes a request what the visitor sent, before a proxy passed it on.

    Its scheme, host and root path are all that absolute addresses are made of, everywhere in the
    server. Where its own address is known, they are that, whatever the request says.

    Returns:
        Why it is not looked at; None where it is.
    """
    if settings.trust_forwarded:
        _put_visitor(scope)
    root = scope.get("root_path", "")
    # A proxy may leave the path as it is or take its own part off; the HTTP library adds it.
    if root and f"{scope['path']}/".startswith(f"{root}{root}/"):
        scope["path"] = scope["path"][len(root) :]
        scope["raw_path"] = scope["raw_path"][len(root.encode()) :]
    named = _last_said(scope, "x-forwarded-host") if settings.trust_forwarded else ""
    if named and not settings.base:
        _put_host(scope, named)
    if refusal := _unfit(scope):
        return refusal
    if settings.base:
        scope["scheme"], _, rest = settings.base.partition("://")
        _put_host(scope, rest.partition("/")[0])
    return None


def as_sent(scope: Scope) -> str:
    """The path as it stands on the request line, still escaped.

    The HTTP library puts the root path before it, so this is for a request as that gives it.
    """
    raw_path: bytes = scope["raw_path"]
    return raw_path.removeprefix(scope.get("root_path", "").encode()).decode("latin-1")


def is_direct(scope: Scope) -> bool:
    """Whether a request says nothing of a proxy that passed it on."""
    return _FORWARDING.isdisjoint(Headers(scope=scope).keys())


def _put_visitor(scope: Scope) -> None:
    """Makes the visitor who the nearest proxy says that it is, and the scheme the visitor's.

    Each proxy adds what it knows behind what it was told. It alone is trusted, so the last counts:
    what stands before that is a client's word.
    """
    try:
        address = str(ipaddress.ip_address(_without_port(_last_said(scope, "x-forwarded-for"))))
    except ValueError:
        pass
    else:
        scope["client"] = (address, 0)
    scheme = _last_said(scope, "x-forwarded-proto").lower()
    if scheme in ("http", "https"):
        scope["scheme"] = scheme


def _last_said(scope: Scope, header: str) -> str:
    """The last of the values of a header, which is the nearest proxy's; empty for none."""
    return ",".join(Headers(scope=scope).getlist(header)).rpartition(",")[2].strip()


def _without_port(address: str) -> str:
    """An address as some proxies write it, such as ``[2001:db8::1]:443``, without its port.

    >>> _without_port("[2001:db8::1]:443"), _without_port("192.0.2.1:80"), _without_port("::1")
    ('2001:db8::1', '192.0.2.1', '::1')
    """
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _put_host(scope: Scope, host: str) -> None:
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    scope["headers"] = [(b"host", host.encode("latin-1")), *others]


def _unfit(scope: Scope) -> Response | None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_URL:
        return problem(
            414, f"The URL is longer than {MOST_URL:,} bytes.", "A long query can be POSTed."
        )
    if _size_of_head(scope) > MOST_HEAD:
        return TOO_LARGE
    hosts = Headers(scope=scope).getlist("host")
    # HTTP/1.0 has none.
    if len(hosts) > 1 or (hosts and not HOST.fullmatch(hosts[0])):
        return problem(400, "The Host header is none.")
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers and "content-length" in headers:
        # Two answers to where the body ends: what follows on the connection cannot be trusted.
        return problem(
            400,
            "The request has both Content-Length and Transfer-Encoding.",
            "Send one of them (RFC 9112, section 6.1).",
            {"Connection": "close"},
        )
    if "\x00" in scope["path"]:
        return problem(400, "The path has a null character in it.")
    if any(len(part) > LONGEST_NAME for part in scope["path"].split("/")):
        return problem(414, f"A name in the path is longer than {LONGEST_NAME} characters.")
    if len(scope["query_string"]) > LONGEST_NAME:
        for name, value in parse_qsl(scope["query_string"].decode("latin-1")):
            if name != "query" and len(value) > LONGEST_NAME:
                return problem(
                    400, f"{name[:LONGEST_NAME]}: longer than {LONGEST_NAME} characters."
                )
    return None


def _size_of_head(scope: Scope) -> int:
    """The bytes of the first line and the headers of a request, as a client writes them."""
    first = len(scope["method"]) + len(as_sent(scope)) + len(" HTTP/1.1\r\n") + 1
    query = len(scope["query_string"])
    lines = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return first + (query + 1 if query else 0) + lines + 2
