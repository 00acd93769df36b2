"""HTTP client for SPARQL endpoints: retries, size limits, deadlines.

The only module that imports SPARQLWrapper.
"""

from __future__ import annotations

import http.client
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from SPARQLWrapper import POST, URLENCODED, SPARQLWrapper

from g60kg.errors import QueryTimeout, RemoteFailure
from g60kg.package_data import __version__
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.remote.request_settings import (
    DEFAULT_LIMITS,
    NOBODY,
    Credentials,
    Limits,
    checked_url,
)
from g60kg.stores.remote.server_messages import LONGEST, READ, of_server
from g60kg.stores.remote.url_opener import Request, new_opener

#: Statuses after which the same request may succeed.
_PASSING: Final = frozenset((429, 502, 503, 504))
_CHUNK: Final = 64 * 1024
_AGENT: Final = f"g60kg/{__version__} (https://w3id.org/g60kg)"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is complete as far as HTTP shows.

    Attributes:
        body: the bytes.
        media: their media type.
        headers: by lower-case name.
        status: the HTTP status.
        bounded: whether HTTP marks the end of the body, by its length or by chunked encoding.
    """

    body: bytes
    media: str
    headers: Mapping[str, str]
    status: int
    bounded: bool


#: A function that sends a request and returns the reply, still to be read.
_Opened: TypeAlias = Callable[[urllib.request.Request], Any]


class _Passing(Exception):
    """A temporary failure: the reason, and the seconds that the server asks to wait."""

    def __init__(self, failure: RemoteFailure, wait: float | None = None) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.wait = wait


class _Query(SPARQLWrapper):
    """SPARQLWrapper with an opener of its own instead of one for the whole process."""

    def __init__(self, endpoint: str, form: str) -> None:
        self._form = form
        self.opened: _Opened = urllib.request.urlopen  # until one is set
        super().__init__(endpoint, agent=_AGENT)
        self.setMethod(POST)
        self.setRequestMethod(URLENCODED)
        self.setOnlyConneg(True)

    def _parseQueryType(self, query: str) -> str:  # noqa: ARG002, N802
        # The form is known from the tokens; SPARQLWrapper's pattern can be misled.
        return self._form

    def _query(self) -> tuple[Any, str]:
        request = self._createRequest()
        request.only_reads = not self.isSparqlUpdateRequest()  # type: ignore[attr-defined]  # for the redirects
        return self.opened(request), self.returnFormat


class Connection:
    """Send requests within limits, counting them and the bytes received.

    Attributes:
        url: the endpoint's query URL.
        limits: the limits of one request.
        requests: the number of requests sent.
        received: the number of bytes received.
    """

    def __init__(
        self, url: str, credentials: Credentials = NOBODY, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.url = checked_url(url)
        self.limits = limits
        self.requests = 0
        self.received = 0
        self._credentials = credentials
        self._passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        self._opener = new_opener(self._passwords if credentials.user else None)

    def query(
        self, text: str, form: str, accept: str, parameters: Mapping[str, Sequence[str]] = {}
    ) -> Reply:
        """Send a query and return the reply; a temporary failure is retried after a pause.

        Raises:
            RemoteFailure: the server refuses, fails, or is unreachable.
            QueryTimeout: it took too long.
        """
        wrapper = self._wrapper(self.url, text, form, accept)
        for name, values in parameters.items():
            for value in values:
                wrapper.addParameter(name, value)
        tried = 0
        while True:
            tried += 1
            try:
                return self._sent(self.url, lambda opener: self._through(wrapper, opener))
            except _Passing as passing:
                pause = self.limits.pause * 2 ** (tried - 1) * random.uniform(0.5, 1.0)
                if passing.wait is not None:
                    pause = max(pause, passing.wait)
                if tried >= self.limits.tries or pause > self.limits.patience:
                    raise passing.failure from None
                time.sleep(pause)

    def update(self, url: str, text: str) -> None:
        """Send an update, once.

        Raises:
            RemoteFailure: the server refuses, fails, or is unreachable.
            QueryTimeout: it took too long; whether it was applied is not known.
        """
        wrapper = self._wrapper(checked_url(url), text, "INSERT", "*/*")
        self._once(url, lambda opener: self._through(wrapper, opener))

    def put(self, url: str, data: bytes, media: str) -> None:
        """Replace a graph, once; see :meth:`update`."""
        request = Request(checked_url(url), data=data, method="PUT", headers=self._headers("*/*"))
        request.add_header("Content-Type", media)
        self._once(url, lambda opener: opener(request))

    def _once(self, url: str, send: Callable[[_Opened], Any]) -> None:
        try:
            self._sent(url, send)
        except _Passing as passing:
            raise passing.failure from None

    def _wrapper(self, url: str, text: str, form: str, accept: str) -> _Query:
        wrapper = _Query(url, form)
        for name, value in self._headers(accept).items():
            wrapper.addCustomHttpHeader(name, value)
        wrapper.setQuery(text)
        return wrapper

    def _headers(self, accept: str) -> dict[str, str]:
        headers = {"Accept": accept, "User-Agent": _AGENT}
        if self._credentials.token:
            headers["Authorization"] = f"Bearer {self._credentials.token}"
        return headers

    @staticmethod
    def _through(wrapper: _Query, opened: _Opened) -> Any:
        wrapper.opened = opened
        return wrapper.query().response

    def _sent(self, url: str, send: Callable[[_Opened], Any]) -> Reply:
        """Read the complete reply to one request."""
        self._introduce(url)
        self.requests += 1
        seconds = self.limits.seconds
        deadline = time.monotonic() + seconds if seconds > 0 else None

        def opened(request: urllib.request.Request) -> Any:
            request.deadline = deadline  # type: ignore[attr-defined]  # for the reads, wherever sent
            return self._opener.open(request, timeout=seconds if seconds > 0 else None)

        try:
            with send(opened) as response:
                return self._read(url, response)
        except urllib.error.HTTPError as error:
            raise self._refusal(url, error) from None
        except TimeoutError:
            raise self._too_long(url) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._too_long(url) from None
            raise self._unreachable(url, error.reason) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(url, error) from None
        except UnicodeError:  # of an invalid host name
            raise self._unreachable(url, "the host name is invalid") from None
        except ValueError as error:
            raise RemoteFailure(f"{url} sends an unreadable answer: {error}") from None

    def _read(self, url: str, response: Any) -> Reply:
        headers = {name.lower(): value for name, value in response.headers.items()}
        announced = response.length
        parts: list[bytes] = []
        length = 0
        while chunk := self._chunk(url, response, length):
            length += len(chunk)
            if length > self.limits.body:
                raise RemoteFailure(
                    f"{url} answers with more than {self.limits.body:,} bytes.",
                    hint="Ask for less: a LIMIT, or fewer columns.",
                )
            parts.append(chunk)
        self.received += length
        if announced is not None and length < announced:
            raise _Passing(
                RemoteFailure(
                    f"{url} closed the connection after {length:,} of {announced:,} bytes."
                )
            )
        bounded = announced is not None or bool(response.chunked)
        media = response.headers.get_content_type()
        return Reply(b"".join(parts), media, headers, response.status, bounded)

    def _chunk(self, url: str, response: Any, length: int) -> bytes:
        """Read the next bytes of the answer, after that many."""
        try:
            return bytes(response.read1(_CHUNK))
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException):
            raise _Passing(
                RemoteFailure(
                    f"{url} closed the connection after {length:,} bytes, before the end."
                )
            ) from None

    def _refusal(self, url: str, error: urllib.error.HTTPError) -> Exception:
        try:
            with error:
                body = error.read(READ)
        except (OSError, http.client.HTTPException, ValueError):  # truncated, or already closed
            body = b""
        said = of_server(body, error.headers.get_content_type())
        message = f"{url} answers {error.code} {error.reason or ''}".rstrip()
        failure = RemoteFailure(
            f"{message}: {said}" if said else f"{message}.",
            hint=_HINTS.get(error.code),
            status=error.code,
        )
        if error.code not in _PASSING:
            return failure
        return _Passing(failure, _seconds(error.headers.get("Retry-After", "")))

    def _unreachable(self, url: str, reason: object) -> Exception:
        cause = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        cause = excerpt(" ".join(cause.split()), LONGEST)
        if isinstance(reason, http.client.HTTPException) and not isinstance(
            reason, OSError | http.client.InvalidURL
        ):
            return RemoteFailure(
                f"{url} does not answer in HTTP: {cause}",
                hint="Is this the query URL of a SPARQL endpoint?",
            )
        failure = RemoteFailure(f"{url} cannot be reached: {cause}")
        passes = isinstance(reason, ConnectionError | http.client.IncompleteRead)
        return _Passing(failure) if passes else failure

    def _too_long(self, url: str) -> QueryTimeout:
        return QueryTimeout(
            f"{url} has not answered within {self.limits.seconds:g} seconds.",
            hint="Request less, or allow more time.",
        )

    def _introduce(self, url: str) -> None:
        """Give the opener the user's password for the host of a URL that the user specified."""
        if self._credentials.user and self._credentials.password:
            parts = urlsplit(url)
            root = f"{parts.scheme}://{parts.netloc}/"
            known = self._passwords.find_user_password(None, root)
            if known == (None, None):
                self._passwords.add_password(
                    None, root, self._credentials.user, self._credentials.password
                )


_HINTS: Final = {
    401: "Set G60KG_USER and G60KG_PASSWORD, or G60KG_TOKEN, in the environment.",
    403: "The user or token in the environment is not authorised.",
    404: "Is this the query URL? Oxigraph's ends in /query, Fuseki's in /NAME/query.",
}


def _seconds(wait: str) -> float | None:
    """Return the seconds of a Retry-After header, which is a number or a date."""
    if wait.isdecimal():
        return float(wait)
    try:
        return max(0.0, parsedate_to_datetime(wait).timestamp() - time.time())
    except ValueError:
        return None
