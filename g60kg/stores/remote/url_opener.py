"""URL opener for endpoints: HTTP only, redirects for reads, authentication on challenge."""

from __future__ import annotations

import http.client
import re
import string
import urllib.error
import urllib.request
from email.message import Message
from functools import partial
from typing import IO, Any, Final
from urllib.parse import quote, urljoin, urlsplit

from g60kg.errors import RemoteFailure, UsageError
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.remote.read_deadline import TimedResponse
from g60kg.stores.remote.request_settings import checked_url

_REDIRECTS: Final = 5
#: Maximum characters of a header in a message.
_LONGEST: Final = 200
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


class Request(urllib.request.Request):
    """A request with its deadline, its redirects, and whether it only reads."""

    only_reads = False
    deadline: float | None = None
    sent_on: tuple[str, ...] = ()


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects of read requests, within HTTP and HTTPS."""

    # Our checks come first: those of the base class leave the reply closed.
    max_redirections = max_repeats = _REDIRECTS + 2

    def http_error_302(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any
    ) -> Any:
        where = headers.get("location") or headers.get("uri")
        if where is not None:
            try:
                checked_url(_quoted(urljoin(req.full_url, where)))
            except (UsageError, ValueError):
                fp.close()
                raise _not_followed(req, where, code) from None
        return super().http_error_302(req, fp, code, msg, headers)

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,  # noqa: ARG002
        headers: Message,  # noqa: ARG002
        newurl: str,
    ) -> urllib.request.Request | None:
        fp.close()
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if old.scheme == "https" != new.scheme:
            raise _not_followed(req, newurl, code)
        if not getattr(req, "only_reads", False):
            raise RemoteFailure(
                f"{display_url(req.full_url)} redirects to {display_url(newurl)}; "
                "an update is not redirected.",
                hint="Use that URL directly if it is the right one.",
                status=code,
            )
        gone = (*getattr(req, "sent_on", ()), req.full_url)
        if newurl in gone or len(gone) > _REDIRECTS:
            how = "in a loop" if newurl in gone else f"more than {_REDIRECTS} times"
            raise RemoteFailure(
                f"{display_url(gone[0])} redirects {how}, last to {display_url(newurl)}.",
                hint="Is this the query URL of a SPARQL endpoint?",
                status=code,
            )
        kept = dict(req.headers)
        kept.pop("Proxy-authorization", None)  # added again for the next proxy, if there is one
        if old.netloc != new.netloc:
            kept.pop("Authorization", None)
        again = Request(newurl, data=req.data, headers=kept, method=req.get_method())
        again.only_reads = True
        again.sent_on = gone
        again.deadline = getattr(req, "deadline", None)
        return again

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _not_followed(req: urllib.request.Request, where: str, code: int) -> RemoteFailure:
    scheme = _SCHEME.match(where)
    same = scheme is None or scheme[1].lower() == urlsplit(req.full_url).scheme
    what = "which is not an endpoint URL" if same else "with another protocol"
    return RemoteFailure(
        f"{display_url(req.full_url)} redirects to "
        f"{excerpt(display_url(where), _LONGEST)}, {what}; the redirect is not followed.",
        status=code,
    )


def _quoted(url: str) -> str:
    """Return a URL with its raw bytes percent-encoded, as the base class writes it."""
    return quote(url, encoding="iso-8859-1", errors="replace", safe=string.punctuation)


class _ReadsRefusal:
    """A connection that reads the answer of a server that closed before the body was sent."""

    _refused = False

    def send(self, data: Any) -> None:
        if not self._refused:
            try:
                super().send(data)  # type: ignore[misc]  # of the connection that it is mixed into
            except (BrokenPipeError, ConnectionResetError):
                # Without an answer, reading it fails with the same.
                self._refused = True


class _HttpConnection(_ReadsRefusal, http.client.HTTPConnection):
    pass


class _HttpsConnection(_ReadsRefusal, http.client.HTTPSConnection):
    pass


class _Timed:
    """Read replies with a deadline, also those that send slowly or send empty pieces."""

    def do_open(self, http_class: Any, req: urllib.request.Request, **args: Any) -> Any:
        reading = {
            http.client.HTTPConnection: _HttpConnection,
            http.client.HTTPSConnection: _HttpsConnection,
        }[http_class]

        def connection(host: str, **settings: Any) -> Any:
            made = reading(host, **settings)
            made.response_class = partial(TimedResponse, getattr(req, "deadline", None))
            return made

        return super().do_open(connection, req, **args)  # type: ignore[misc]  # of the handler that it is mixed into


class _Http(_Timed, urllib.request.HTTPHandler):
    pass


class _Https(_Timed, urllib.request.HTTPSHandler):
    pass


class _Closing:
    """Close the reply to a challenge once it is answered; the base class may leave it open."""

    def http_error_401(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message
    ) -> Any:
        try:
            answered = super().http_error_401(req, fp, code, msg, headers)  # type: ignore[misc]  # of the handler that it is mixed into
        except urllib.error.HTTPError:
            fp.close()
            raise
        except (ValueError, IndexError, KeyError, urllib.error.URLError) as error:
            fp.close()
            if isinstance(getattr(error, "reason", None), OSError):  # of the answer's own way
                raise
            asked = excerpt(headers.get("WWW-Authenticate") or "nothing", _LONGEST)
            raise RemoteFailure(
                f"{display_url(req.full_url)} requires an unsupported authentication scheme: "
                f"{asked}",
                hint="Supported: basic and digest authentication, and bearer tokens (G60KG_TOKEN).",
                status=code,
            ) from None
        except Exception:
            fp.close()
            raise
        if answered is not None:
            fp.close()
        return answered


class _Basic(_Closing, urllib.request.HTTPBasicAuthHandler):
    """Basic authentication that repeats credentials without a challenge, on the same host only."""

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        known = self.passwd.find_user_password(None, req.full_url)  # type: ignore[arg-type]  # of any realm
        return req if known == (None, None) else super().http_request(req)

    https_request = http_request


class _Digest(_Closing, urllib.request.HTTPDigestAuthHandler):
    """Digest authentication that answers the last challenge in advance.

    So a large graph is sent once, not twice.
    """

    _last: tuple[str, dict[str, str]] | None = None

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> Any:
        challenge = urllib.request.parse_keqv_list(
            urllib.request.parse_http_list(auth.partition(" ")[2])
        )
        self._last = urlsplit(req.full_url).netloc, challenge
        return super().retry_http_digest_auth(req, auth)

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        if self._last and self._last[0] == urlsplit(req.full_url).netloc:
            answer = self.get_authorization(req, self._last[1])
            if answer:
                req.add_unredirected_header(self.auth_header, f"Digest {answer}")
        return req

    https_request = http_request


def new_opener(
    passwords: urllib.request.HTTPPasswordMgr | None,
) -> urllib.request.OpenerDirector:
    """Return a new opener; without credentials a 401 is returned as it is."""
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.ProxyHandler(),
        _Http(),
        _Https(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ]
    if passwords is not None:
        handlers += [_Digest(passwords), _Basic(passwords)]
    opener = urllib.request.OpenerDirector()
    for handler in handlers:
        opener.add_handler(handler)
    return opener


def display_url(url: str) -> str:
    """Return a URL for a message: without query and fragment."""
    return url.partition("?")[0]
