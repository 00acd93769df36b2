"""How a server is run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from g60kg.errors import UsageError

#: Requests a minute of one address elsewhere, where nobody says another number.
USUAL_RATE: Final = 1200
#: A host as it stands in a URL and in the Host header.
HOST: Final = re.compile(r"(?:[\w.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
#: A path in front of the server's own: what stands the same in a link, escaped or not.
_ROOT: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~-]+)*", re.ASCII)
_SUCH_AS: Final = "Such as --base https://kg.example.org/g60."


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is run.

    Attributes:
        store: a persistent store's path; None for the shipped graph in memory.
        articles: a folder of article texts; None when none is at hand.
        language: of pages and messages where a visitor asks for none, ``en`` or ``zh``.
        base: the URL at which the server is reached from outside, such as
            ``https://kg.example.org/g60``; empty where each request says it.
        root_path: the path that a proxy has in front of this server's own, such as ``/g60``.
        trust_forwarded: whether what a proxy says of the visitor (X-Forwarded-*) is believed.
        processes: server processes that share the port; each has worker processes of its own.
        workers: worker processes for queries, of each server process.
        queue: jobs that wait for one of them; more are turned away.
        time_limit: seconds that one answer may take, whatever is asked for.
        memory_limit: bytes of memory that a worker may take.
        max_query: bytes of a query.
        max_upload: bytes of a file to validate.
        max_result: bytes of an answer.
        rate: requests a minute of one address; 0 for no limit; None for USUAL_RATE, which this
            machine's own visitors are not held to.
        log_json: whether the log is JSON, a line a request.
        metrics: whether requests are counted for Prometheus, at /metrics.
    """

    store: Path | None = None
    articles: Path | None = None
    language: str = "en"
    base: str = ""
    root_path: str = ""
    trust_forwarded: bool = False
    processes: int = 1
    workers: int = 4
    queue: int = 64
    time_limit: float = 30.0
    memory_limit: int = 2 * 1024**3
    max_query: int = 200_000
    max_upload: int = 2 * 1024**2
    max_result: int = 64 * 1024**2
    rate: int | None = None
    log_json: bool = False
    metrics: bool = False


def reached_at(base: str | None, root_path: str | None) -> tuple[str, str]:
    """The URL at which a server is reached, and the path that a proxy has in front of it.

    Args:
        base: the URL as given; None where each request says it.
        root_path: the path as given; None for that of the URL.

    Raises:
        UsageError: one of them cannot be that, or they are not the same path.

    >>> reached_at("https://KG.example.org/g60/", None)
    ('https://kg.example.org/g60', '/g60')
    """
    root = None if root_path is None else root_path.rstrip("/")
    if root is not None and not _ROOT.fullmatch(root):
        raise UsageError(
            "--root-path: no path, or one with other characters than letters, digits and - . _ ~.",
            hint="Such as --root-path /g60.",
        )
    if base is None:
        return "", root or ""
    scheme, host, path = _parts(base)
    if root is not None and root != path:
        raise UsageError(
            f"--base has the path {path or '/'}, --root-path is {root or '/'}.",
            hint="Leave --root-path out: it is that of --base.",
        )
    return f"{scheme}://{host}{path}", path


def _parts(base: str) -> tuple[str, str, str]:
    """The scheme, the host and the path of a URL that has no more than that."""
    if not re.fullmatch(r"[!-\[\]-~]*", base):
        raise _no_base("a character that no URL has; a host's name is written in ASCII (xn--…)")
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        raise _no_base("the host or the port is none") from None
    if parts.scheme not in ("http", "https") or "//" not in base:
        raise _no_base("it begins with neither http:// nor https://")
    if "@" in parts.netloc:
        raise _no_base("a user's name or password, which would be told to everybody")
    if "?" in base or "#" in base:
        raise _no_base("a query or a fragment; addresses are made by adding to it")
    if not HOST.fullmatch(parts.netloc) or port == 0:
        raise _no_base("the host or the port is none")
    path = parts.path.rstrip("/")
    if not _ROOT.fullmatch(path):
        raise _no_base("its path has other characters than letters, digits and - . _ ~")
    return parts.scheme, parts.netloc.lower(), path


def _no_base(reason: str) -> UsageError:
    return UsageError(f"--base: {reason}.", hint=_SUCH_AS)
