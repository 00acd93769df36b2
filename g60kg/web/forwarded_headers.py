"""Host, scheme, path and client of a request behind a proxy, and checks of the request's head."""

import ipaddress
import re
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from g60kg.model.names import LONGEST_NAME
from g60kg.web.connection_limits import MOST_HEAD, TOO_LARGE
from g60kg.web.problem_details import Problem
from g60kg.web.server_settings import HOST, Settings

#: The most bytes of a URL: links to the editor contain the longest canned query (37 kB).
MOST_URL: Final = 49_152
#: A percent-encoded byte of a character outside ASCII.
_BEYOND_ASCII: Final = re.compile(rb"%[89A-Fa-f]")
#: The headers that proxies add.
_FORWARDING: Final = frozenset(
    ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
)
#: Parameters that newsletters, advertisements and social media append to links, besides `utm_…`.
_TRACKING: Final = frozenset(
    (b"fbclid", b"gbraid", b"gclid", b"igshid", b"mc_cid", b"mc_eid", b"msclkid", b"ref", b"spm",
     b"srsltid", b"twclid", b"wbraid", b"yclid")
)  # fmt: skip


#: A coding with the weight 0, which the client does not accept (RFC 9110, section 12.4.2).
_REFUSED: Final = re.compile(rb"[^,;]+;\s*q=0(?:\.0*)?\s*(?:,|$)")


def normalize_request(scope: Scope, settings: Settings) -> Response | None:
    """Replace what proxies and links have changed in a request, and check its head.

    The client, the scheme and the host become the values that the nearest proxy reports, if proxies
    are trusted. A root path that occurs twice is removed once. Tracking parameters are removed from
    the query, and refused codings from Accept-Encoding. If the server's URL is configured, a valid
    request gets its scheme and host.

    Returns:
        The error response if the head of the request is invalid or too large; None otherwise.
    """
    if settings.trust_forwarded:
        _set_client(scope)
    scope["query_string"] = _without_tracking(scope["query_string"])
    scope["headers"] = [
        # The HTTP library compresses what is named in small letters, also what the client refuses.
        (name, _REFUSED.sub(b"", value.lower()) if name == b"accept-encoding" else value)
        for name, value in scope["headers"]
    ]
    root = scope.get("root_path", "")
    # A proxy may keep or remove its own prefix of the path; the HTTP library adds the prefix.
    if root and f"{scope['path']}/".startswith(f"{root}{root}/"):
        scope["path"] = scope["path"][len(root) :]
        scope["raw_path"] = scope["raw_path"][len(root.encode()) :]
    named = _last_value(scope, "x-forwarded-host") if settings.trust_forwarded else ""
    if named and not settings.base:
        _set_host(scope, named)
    if refusal := _refusal_of(scope):
        return refusal
    if settings.base:
        scope["scheme"], _, rest = settings.base.partition("://")
        _set_host(scope, rest.partition("/")[0])
    return None


def _without_tracking(query: bytes) -> bytes:
    """Return a query without the parameters that newsletters and social media append to links.

    >>> _without_tracking(b"city=Wuhu&utm_source=letter&fbclid=1&limit=2")
    b'city=Wuhu&limit=2'
    """
    return b"&".join(
        part
        for part in query.split(b"&")
        if not part.startswith(b"utm_") and part.partition(b"=")[0] not in _TRACKING
    )


def as_sent(scope: Scope) -> str:
    """Return the path of the request line, percent-encoded, without the query string."""
    raw_path: bytes = scope["raw_path"]
    return raw_path.removeprefix(scope.get("root_path", "").encode()).decode("latin-1")


def is_direct(scope: Scope) -> bool:
    """Return whether a request has no headers that proxies add."""
    return _FORWARDING.isdisjoint(Headers(scope=scope).keys())


def _set_client(scope: Scope) -> None:
    """Set the client's address and the scheme to the values that the nearest proxy reports.

    Clients can forge the other values. Missing and invalid values change nothing.
    """
    try:
        address = str(ipaddress.ip_address(_without_port(_last_value(scope, "x-forwarded-for"))))
    except ValueError:
        pass
    else:
        scope["client"] = (address, 0)
    scheme = _last_value(scope, "x-forwarded-proto").lower()
    if scheme in ("http", "https"):
        scope["scheme"] = scheme


def _last_value(scope: Scope, header: str) -> str:
    return ",".join(Headers(scope=scope).getlist(header)).rpartition(",")[2].strip()


def _without_port(address: str) -> str:
    """Return an address without its port, which some proxies add.

    >>> _without_port("[2001:db8::1]:443"), _without_port("192.0.2.1:80"), _without_port("::1")
    ('2001:db8::1', '192.0.2.1', '::1')
    """
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _set_host(scope: Scope, host: str) -> None:
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    scope["headers"] = [(b"host", host.encode("latin-1")), *others]


#: The parameters with a query, which have limits of their own.
_LONG: Final = ("query", "queries", "extend")


def _refusal_of(scope: Scope) -> Response | None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_URL:
        return Problem(414, f"The URL is longer than {MOST_URL:,} bytes.", "POST a long query.")
    if _size_of_head(scope) > MOST_HEAD:
        return TOO_LARGE
    codings = [value for name, value in scope["headers"] if name == b"transfer-encoding"]
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    # Only HTTP/1.0 requests may have no Host header (RFC 9112, section 3.2).
    allowed = (0, 1) if scope["http_version"] == "1.0" else (1,)
    if len(hosts) not in allowed or not all(map(HOST.fullmatch, hosts)):
        return Problem(400, "Invalid Host header.")
    if codings and [coding.strip().lower() for coding in codings] != [b"chunked"]:
        return Problem(
            501, "The only supported Transfer-Encoding is chunked.", headers={"Connection": "close"}
        )
    if codings and any(name == b"content-length" for name, _ in scope["headers"]):
        # The length of the body is ambiguous, so the rest of the connection cannot be trusted.
        return Problem(
            400,
            "The request has both Content-Length and Transfer-Encoding.",
            "Send one of them (RFC 9112, section 6.1).",
            {"Connection": "close"},
        )
    url = scope["raw_path"] + b"?" + scope["query_string"]
    try:
        if not url.isascii() or _BEYOND_ASCII.search(url):
            unquote_to_bytes(url).decode()
    except UnicodeDecodeError:
        return Problem(
            400, "The URL is not valid UTF-8.", "Percent-encode its characters in UTF-8."
        )
    if "\x00" in scope["path"]:
        return Problem(400, "The path contains a null character.")
    if any(len(part) > LONGEST_NAME for part in scope["path"].split("/")):
        return Problem(414, f"A name in the path is longer than {LONGEST_NAME} characters.")
    if len(scope["query_string"]) > LONGEST_NAME:
        for name, value in parse_qsl(scope["query_string"].decode("latin-1")):
            if name not in _LONG and len(value) > LONGEST_NAME:
                return Problem(
                    400, f"{name[:LONGEST_NAME]}: longer than {LONGEST_NAME} characters."
                )
    return None


def _size_of_head(scope: Scope) -> int:
    first = len(scope["method"]) + len(as_sent(scope)) + len(" HTTP/1.1\r\n") + 1
    query = len(scope["query_string"])
    lines = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return first + (query + 1 if query else 0) + lines + 2
