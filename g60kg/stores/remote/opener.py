"""The way out to an endpoint: HTTP alone, redirects that reads may follow, passwords when asked."""

from __future__ import annotations

import urllib.request
from email.message import Message
from typing import IO, Any, Final
from urllib.parse import urlsplit

from g60kg.errors import RemoteFailure

_REDIRECTS: Final = 5


class Request(urllib.request.Request):
    """A request that knows whether it only reads."""

    only_reads = False


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a server to another address as a query may be followed: never out of HTTP."""

    max_redirections = _REDIRECTS

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
        if new.scheme not in ("http", "https") or (old.scheme == "https" != new.scheme):
            raise RemoteFailure(
                f"{shown(req.full_url)} sends to {shown(newurl)}, over another protocol; "
                "that is not followed.",
                status=code,
            )
        if not getattr(req, "only_reads", False):
            raise RemoteFailure(
                f"{shown(req.full_url)} sends to {shown(newurl)}; a change is not sent on.",
                hint="Give that address itself, if it is the right one.",
                status=code,
            )
        kept = dict(req.headers)
        if old.netloc != new.netloc:
            kept.pop("Authorization", None)
        again = Request(newurl, data=req.data, headers=kept, method=req.get_method())
        again.only_reads = True
        return again

    http_error_308 = urllib.request.HTTPRedirectHandler.http_error_302


class _Closing:
    """Closes a challenge once it is answered, which the handlers below leave to chance."""

    def http_error_401(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message
    ) -> Any:
        try:
            answered = super().http_error_401(req, fp, code, msg, headers)  # type: ignore[misc]  # of the handler that it is mixed into
        except Exception:
            fp.close()
            raise
        if answered is not None:
            fp.close()
        return answered


class _Basic(_Closing, urllib.request.HTTPBasicAuthHandler):
    pass


class _Digest(_Closing, urllib.request.HTTPDigestAuthHandler):
    """Digest authentication that answers the last challenge before it is asked again.

    A server that refuses a large graph before it has read it leaves a broken pipe, not a challenge.
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
    """An opener of its own; without passwords it takes a refusal as it comes."""
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
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


def shown(url: str) -> str:
    """A URL as a message may show it: without what stands after the path."""
    return url.partition("?")[0]
