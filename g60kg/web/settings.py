"""How a server is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Requests a minute of one address elsewhere, where nobody says another number.
USUAL_RATE: Final = 1200


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is run.

    Attributes:
        store: a persistent store's path; None for the shipped graph in memory.
        articles: a folder of article texts; None when none is at hand.
        language: of pages and messages where a visitor asks for none, ``en`` or ``zh``.
        root_path: the path that a proxy has in front of this server's own, such as ``/g60``.
        trust_forwarded: whether what a proxy says of the visitor (X-Forwarded-*) is believed.
        workers: processes that answer; each has the graph open.
        queue: requests that wait for one of them; more are turned away.
        time_limit: seconds that one answer may take, whatever is asked for.
        memory_limit: bytes of memory that a worker may take.
        max_query: bytes of a query.
        max_upload: bytes of a file to validate.
        max_result: bytes of an answer.
        rate: requests a minute of one address; 0 for no limit; None for USUAL_RATE, which this
            machine's own visitors are not held to.
        log_json: whether the log is JSON, a line a request.
    """

    store: Path | None = None
    articles: Path | None = None
    language: str = "en"
    root_path: str = ""
    trust_forwarded: bool = False
    workers: int = 4
    queue: int = 64
    time_limit: float = 30.0
    memory_limit: int = 2 * 1024**3
    max_query: int = 200_000
    max_upload: int = 2 * 1024**2
    max_result: int = 64 * 1024**2
    rate: int | None = None
    log_json: bool = False
