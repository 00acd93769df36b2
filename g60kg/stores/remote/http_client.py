"""HTTP client for SPARQL endpoints: retries, size limits, deadlines, messages of servers.

It is the only module that imports httpx.
"""

import html
import random
import re
import socket
import ssl
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Final

import httpx

from g60kg.errors import QueryTimeout, RemoteFailure
from g60kg.package_data import __version__
from g60kg.rdf.text_excerpt import excerpt, plural
from g60kg.stores.remote.request_settings import (
    DEFAULT_LIMITS,
    NOBODY,
    Credentials,
    Limits,
    checked_url,
)

#: Statuses after which the same request may succeed.
_PASSING: Final = frozenset((429, 502, 503, 504))
_HINTS: Final = {
    401: "Set G60KG_USER and G60KG_PASSWORD, or G60KG_TOKEN, in the environment.",
    403: "The user or token in the environment is not authorised.",
    404: "Is this the query URL? Oxigraph's ends in /query, Fuseki's in /NAME/query.",
}
QUERY_URL_HINT: Final = "Is this the query URL of a SPARQL endpoint?"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is complete as far as HTTP shows."""

    body: bytes
    headers: Mapping[str, str]
    status: int

    @property
    def media(self) -> str:
        """The media type in lower case, without parameters; ``text/plain`` if it is missing."""
        return self.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()

    @property
    def bounded(self) -> bool:
        """Whether HTTP marks the end of the body, by its length or by a transfer encoding."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


class _TemporaryFailure(Exception):
    def __init__(self, failure: RemoteFailure, wait: float = 0.0) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.wait = wait


def _refuse_redirect(response: httpx.Response) -> None:
    """Raise RemoteFailure for a redirect: a query is sent only to the URL that the user gave."""
    if response.has_redirect_location:
        raise RemoteFailure(
            f"{_display(response.url)} redirects to {_display(response.headers['location'])}; "
            "redirects are not followed.",
            hint="Use that URL directly if it is the right one.",
            status=response.status_code,
        )


class _NegotiatedAuth(httpx.Auth):
    """Basic or digest authentication, as the server requires.

    Later requests use the same scheme from the start.
    """

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._new_digest = partial(httpx.DigestAuth, user, password)
        self._chosen: httpx.Auth = self._new_digest()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        flow = self._chosen.auth_flow(request)
        response = yield next(flow)
        if response.status_code != httpx.codes.UNAUTHORIZED or self._chosen is self._basic:
            return
        with suppress(
            httpx.ProtocolError, LookupError, ValueError, StopIteration
        ):  # no digest, or an invalid one
            yield flow.send(response)
            return
        self._chosen = self._new_digest()
        challenge = response.headers.get("www-authenticate", "")
        if not re.search(r"\bbasic\b", challenge, re.IGNORECASE):
            raise RemoteFailure(
                f"{_display(request.url)} requires an unsupported authentication scheme: "
                f"{excerpt(challenge or 'nothing', LONGEST)}",
                hint="Supported: basic and digest authentication, and bearer tokens (G60KG_TOKEN).",
                status=response.status_code,
            )
        self._chosen = self._basic
        yield next(self._basic.auth_flow(request))


class _Deadline:
    """Ends a request after some seconds, also one whose server sends little by little."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._is_over = False

    @contextmanager
    def of(self, seconds: float) -> Iterator[None]:
        """Raise httpx.ReadTimeout if the block takes longer than some seconds; 0 for no limit.

        It is raised whatever the block returns or raises.
        """
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._end)
        timer.daemon = True
        if seconds > 0:
            timer.start()
        try:
            yield
        except Exception:
            if not self._is_over:
                raise
        finally:
            timer.cancel()
        if self._is_over:
            raise httpx.ReadTimeout("the deadline has passed")

    def trace(self, _event: str, info: Mapping[str, Any]) -> None:
        """Remember the socket of a connection that the client opens; a trace callback of httpx."""
        stream: Any = info.get("return_value")
        if hasattr(stream, "get_extra_info"):
            self._socket = stream.get_extra_info("socket")
            if self._is_over:
                self._end()

    def _end(self) -> None:
        self._is_over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class Connection:
    """Sends requests to an endpoint within limits."""

    def __init__(
        self, url: str, credentials: Credentials = NOBODY, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.url = checked_url(url)
        self.limits = limits
        self.requests = 0
        self.received = 0
        user, password = credentials.user, credentials.password
        self._auth = _NegotiatedAuth(user, password) if user and password else None
        self._client = httpx.Client(
            verify=ssl.create_default_context(),  # the system's certificates
            timeout=limits.seconds or None,
            event_hooks={"response": [_refuse_redirect]},
            headers={
                "User-Agent": f"g60kg/{__version__} (https://w3id.org/g60kg)",
                "Accept-Encoding": "identity",
                "Connection": "close",
                **({"Authorization": f"Bearer {credentials.token}"} if credentials.token else {}),
            },
        )

    def query(
        self, text: str, accept: str, dataset: Mapping[str, Sequence[str]] | None = None
    ) -> Reply:
        """Return the reply to a query; retry temporary failures; errors as :meth:`update`."""
        tried = 0
        while True:
            tried += 1
            try:
                return self._sent("POST", self.url, accept, data={"query": text, **(dataset or {})})
            except _TemporaryFailure as passing:
                pause = self.limits.pause * 2 ** (tried - 1) * random.uniform(0.5, 1.0)
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
        self._once("POST", url, data={"update": text})

    def put(self, url: str, content: bytes, media: str) -> None:
        """Replace a graph by a PUT request to its URL, sent once; errors as :meth:`update`."""
        self._once("PUT", url, content=content, headers={"Content-Type": media})

    def _once(self, method: str, url: str, **parts: Any) -> None:
        try:
            self._sent(method, url, "*/*", **parts)
        except _TemporaryFailure as passing:
            raise passing.failure from None

    def _sent(self, method: str, url: str, accept: str, **parts: Any) -> Reply:
        self.requests += 1
        request = self._client.build_request(method, checked_url(url), **parts)
        request.headers["Accept"] = accept
        deadline = _Deadline()
        request.extensions["trace"] = deadline.trace
        with (
            self._errors(url),
            deadline.of(self.limits.seconds),
            closing(self._client.send(request, auth=self._auth, stream=True)) as response,
        ):
            return self._read(url, response)

    def _read(self, url: str, response: httpx.Response) -> Reply:
        most = self.limits.body if response.is_success else READ
        parts: list[bytes] = []
        length = 0
        try:
            for part in response.iter_raw():
                parts.append(part)
                length += len(part)
                if length > most:
                    break
        except (httpx.NetworkError, httpx.ProtocolError):
            if response.is_success:
                raise _TemporaryFailure(_broken_off(url, length, response)) from None
        if not response.is_success:
            raise _refusal(url, b"".join(parts), response)
        if length > most:
            raise RemoteFailure(
                f"{url} answers with more than {most:,} bytes.",
                hint="Ask for less: a LIMIT, or fewer columns.",
            )
        self.received += length
        return Reply(b"".join(parts), dict(response.headers), response.status_code)

    @contextmanager
    def _errors(self, url: str) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException:
            limit = self.limits.seconds
            raise QueryTimeout(
                f"{url} has not answered within {limit:g} second{plural(limit)}.",
                hint="Request less, or allow more time.",
            ) from None
        except (httpx.TransportError, httpx.InvalidURL, UnicodeError) as error:
            cause: BaseException | None = error
            while cause is not None and not isinstance(cause, OSError):
                cause = cause.__cause__ or cause.__context__
            reason = (cause.strerror if cause else None) or str(error) or type(error).__name__
            reason = excerpt(" ".join(reason.split()), LONGEST)
            gone = isinstance(cause, ConnectionError) or "disconnected" in reason
            if isinstance(error, httpx.ProtocolError) and not gone:
                raise RemoteFailure(
                    f"{url} does not answer in HTTP: {reason}", hint=QUERY_URL_HINT
                ) from None
            failure = RemoteFailure(f"{url} cannot be reached: {reason}")
            raise (_TemporaryFailure(failure) if gone else failure) from None


def _display(url: httpx.URL | str) -> str:
    return excerpt(str(url).partition("?")[0], LONGEST)


def _broken_off(url: str, length: int, response: httpx.Response) -> RemoteFailure:
    announced = response.headers.get("content-length")
    rest = f"of {int(announced):,} bytes" if announced else f"byte{plural(length)}, before the end"
    return RemoteFailure(f"{url} closed the connection after {length:,} {rest}.")


def _refusal(url: str, body: bytes, response: httpx.Response) -> Exception:
    reply = Reply(body, dict(response.headers), response.status_code)
    said = of_server(body, reply.media)
    message = f"{url} answers {reply.status} {excerpt(response.reason_phrase, LONGEST)}".rstrip()
    failure = RemoteFailure(
        f"{message}: {said}" if said else f"{message}.",
        hint=_HINTS.get(reply.status),
        status=reply.status,
    )
    if reply.status not in _PASSING:
        return failure
    return _TemporaryFailure(failure, _seconds(reply.headers.get("retry-after", "")))


def _seconds(wait: str) -> float:
    """Return a Retry-After header's seconds from now, negative if past; 0 if it is invalid."""
    if wait.isdecimal():
        return float(wait)
    try:
        return parsedate_to_datetime(wait).timestamp() - time.time()
    except ValueError:
        return 0.0


#: Characters of a text of a server in a message.
LONGEST: Final = 200
#: Bytes of an answer that are searched for a message.
READ: Final = 16 * 1024
_UNSEEN: Final = re.compile(r"<(script|style|head)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title\s*>", re.DOTALL | re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


def of_server(body: bytes, media: str) -> str:
    """Return the server's message on one line of at most 200 characters; of an HTML page, its text.

    >>> of_server(b"<html><title>Sorry</title><p>Back at <b>9</b></p></html>", "text/html")
    'Sorry Back at 9'
    >>> of_server(b"error at 1:6", "text/plain")
    'error at 1:6'
    """
    text = body[:READ].decode("utf-8", errors="replace")
    if is_page(body, media):
        title = _TITLE.search(text)
        seen = _TAG.sub(" ", _UNSEEN.sub(" ", _TITLE.sub(" ", text)))
        text = html.unescape(f"{title[1] if title else ''} {seen}")
    return excerpt(" ".join(text.split()), LONGEST)


def is_page(body: bytes, media: str) -> bool:
    """Return whether an answer is an HTML page, by its media type or its first characters.

    >>> is_page(b"<!DOCTYPE html><p>Sign in", "application/json")
    True
    """
    begins = body[:200].lstrip().lower()
    return media in ("text/html", "application/xhtml+xml") or begins.startswith(
        (b"<!doctype html", b"<html")
    )
