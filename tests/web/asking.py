"""Requests of tests: as httpx makes them, without what a new client for each would cost."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import httpx

_CLIENT: Final = httpx.Client(trust_env=False, timeout=60, verify=False)


def request(method: str, url: str, **options: Any) -> httpx.Response:
    """The answer to a request, redirections not followed, and no cookie kept."""
    answer = _CLIENT.request(method, url, **options)
    _CLIENT.cookies.clear()
    return answer


def close() -> None:
    """Closes the connections that are still open."""
    _CLIENT.close()


get = partial(request, "GET")
head = partial(request, "HEAD")
post = partial(request, "POST")
options = partial(request, "OPTIONS")


def ask(endpoint: str, query: str, accept: str = "*/*", **parameters: str) -> httpx.Response:
    """The answer to a query."""
    return get(
        endpoint, params={"query": query, **parameters}, headers={"Accept": accept},
        timeout=60,
    )  # fmt: skip


def numbers(answer: httpx.Response, name: str) -> list[str]:
    """The values of a column of an answer in JSON."""
    assert answer.status_code == 200, answer.text
    return [row[name]["value"] for row in answer.json()["results"]["bindings"]]
