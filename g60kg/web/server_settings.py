"""Settings of the server, and parsing of its public URL."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from g60kg.errors import UsageError

#: Default limit of requests per minute from one address, except of this machine.
USUAL_RATE: Final = 1200
#: A host with an optional port, as in a URL and in the Host header.
HOST: Final = re.compile(
    r"(?:[\w.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>\d{1,5}))?", re.ASCII
)
#: A path prefix, of characters that need no percent-encoding.
_ROOT: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~-]+)*", re.ASCII)
_BASE: Final = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{HOST.pattern})(?P<path>{_ROOT.pattern})/*",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the server.

    Attributes:
        store: a persistent store's path; None for the shipped graph in memory.
        articles: a folder with article texts, or None.
        language: ``en`` or ``zh``, of pages and messages if a request gives none.
        base: the public URL of the server; empty to take it from each request.
        root_path: the path prefix of a proxy, such as ``/g60``; empty without one.
        trust_forwarded: whether X-Forwarded-* headers of a proxy are trusted.
        processes: the number of server processes, which share the port.
        workers: the worker processes of each server process, besides one for short jobs.
        queue: the most short jobs, and the most other jobs, that wait for a process.
        time_limit: the most seconds of a job of a request; downloads have a longer limit.
        memory_limit: the most bytes of memory of a worker process; 0 for no limit.
        max_query: the most bytes of a query.
        max_upload: the most bytes of all files to validate in a request.
        max_result: the most bytes of a result.
        rate: the most requests per minute from one address; 0 for no limit. None for USUAL_RATE,
            and no limit for clients on this machine.
        warm_up: whether pages are prepared in the background.
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
    warm_up: bool = False
    metrics: bool = False


def public_url(base: str | None, root_path: str | None) -> tuple[str, str]:
    """Return the public URL of a server and the path prefix of its proxy; empty if not given.

    Args:
        base: the value of --base; None to take the URL from each request.
        root_path: the value of --root-path; None for the path of --base.

    Raises:
        UsageError: one of them is invalid, or their paths differ.

    >>> public_url("https://KG.example.org/g60/", None)
    ('https://kg.example.org/g60', '/g60')
    """
    root = None if root_path is None else root_path.rstrip("/")
    if root is not None and not _ROOT.fullmatch(root):
        raise UsageError(
            "--root-path must be a path of letters, digits and - . _ ~.",
            hint="For example --root-path /g60.",
        )
    if base is None:
        return "", root or ""
    found = _BASE.fullmatch(base)
    if found is None or not 0 < int(found["port"] or 1) < 65_536:
        raise UsageError(
            "--base must be http:// or https:// with a host and a path of letters, digits and "
            "- . _ ~.",
            hint="For example --base https://kg.example.org/g60. A host name is in ASCII (xn--…).",
        )
    path = found["path"]
    if root is not None and root != path:
        raise UsageError(
            f"--base has the path {path or '/'}, --root-path is {root or '/'}.",
            hint="Omit --root-path to use the path of --base.",
        )
    return f"{found['scheme'].lower()}://{found['host'].lower()}{path}", path
