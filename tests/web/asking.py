"""HTTP requests of tests, with shared connections."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import httpx

_CLIENT: Final = httpx.Client(trust_env=False, timeout=60, verify=False)


def request(method: str, url: str, **options: Any) -> httpx.Response:
    """Return the response to a request, without following redirects or storing cookies."""
    answer = _CLIENT.request(method, url, **options)
    _CLIENT.cookies.clear()
    return answer


def close() -> None:
    """Close the open connections."""
    _CLIENT.close()


get = partial(request, "GET")
head = partial(request, "HEAD")
post = partial(request, "POST")
options = partial(request, "OPTIONS")


def ask(
    endpoint: str, query: str, accept: str = "*/*", *, address: str | None = None, **parameters: str
) -> httpx.Response:
    """Return the response to a query, asked from an address behind a proxy."""
    headers = {"Accept": accept} | ({"X-Forwarded-For": address} if address else {})
    return get(endpoint, params={"query": query, **parameters}, headers=headers, timeout=60)


def numbers(answer: httpx.Response, name: str) -> list[str]:
    """Return the values of a column of a JSON result."""
    assert answer.status_code == 200, answer.text
    return [row[name]["value"] for row in answer.json()["results"]["bindings"]]
