"""Parsing of endpoint replies: rows, booleans and triples; an incomplete reply is an error."""

import json
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from g60kg.errors import QueryTimeout, RemoteFailure
from g60kg.rdf.input_limits import EXPANSION, MAX_TERMS
from g60kg.rdf.nesting_limits import limit_check
from g60kg.rdf.text_excerpt import plural
from g60kg.stores.remote.http_client import QUERY_URL_HINT, Reply, is_page, of_server

#: Accept headers, best format first.
ROWS: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
TRIPLES: Final = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"

_RESULTS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
}
#: Formats without prefixes, whose triples are no longer than the body.
_LINES: Final = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
# Virtuoso's spellings: an invalid blank node label, and booleans written as 0 and 1.
_NODE_ID: Final = re.compile(rb'(?<!\\)"nodeID://(\w+)"|>nodeID://(\w+)<')
_BOOLEAN: Final = re.compile(
    rb'("datatype"\s*:\s*"http://www\.w3\.org/2001/XMLSchema#boolean"\s*,\s*"value"\s*:\s*)"([01])"'
)


#: Formats in which every statement ends alike, so that truncation between two is invisible.
_ENDLESS: Final = (*_LINES, RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a SELECT as received; ``cut`` is the limit if the server cut them, else None."""

    body: bytes
    format: QueryResultsFormat
    count: int
    cut: int | None

    def solutions(self) -> QuerySolutions:
        """Return a new iterator over all rows; each call parses the reply again."""
        found = parse_query_results(self.body, self.format)
        assert isinstance(found, QuerySolutions)
        return found


def rows_of(url: str, reply: Reply) -> Rows:
    """Return the rows in the reply to a SELECT.

    Raise RemoteFailure or QueryTimeout for another reply.
    """
    body, format_, number = _result(url, reply)
    if number is None:
        raise RemoteFailure(f"{url} answers with a boolean; rows were expected.")
    return Rows(body, format_, number, _cut(reply, number))


def boolean_of(url: str, reply: Reply) -> QueryBoolean:
    """Return the boolean in the reply to an ASK.

    Raise RemoteFailure or QueryTimeout for another reply.
    """
    body, format_, number = _result(url, reply)
    found = parse_query_results(body, format_) if number is None else None
    if not isinstance(found, QueryBoolean):
        raise RemoteFailure(f"{url} answers with rows; a boolean was expected.")
    return found


def _result(url: str, reply: Reply) -> tuple[bytes, QueryResultsFormat, int | None]:
    """Return the body of a complete result, its format and its row count (None for a boolean)."""
    _check_finished(url, reply)
    format_ = _RESULTS.get(reply.media)
    if format_ is None or is_page(reply.body, reply.media):
        raise _not_due(url, reply, "a SPARQL result")
    body = _in_our_spelling(reply.body)
    with _readable(url, reply):
        _check_limits(url, body, format_)
        number = _count(body, format_)
        if number is None and format_ == QueryResultsFormat.JSON:
            # The parser itself detects truncated rows, and the check of limits truncated XML.
            json.loads(body)
    return body, format_, number


def triples_of(url: str, reply: Reply) -> tuple[list[Triple], int | None]:
    """Return the triples in the reply to a CONSTRUCT or DESCRIBE, and the limit that cut them.

    The limit is None if the result is below it, or if the server reports none. Raise
    RemoteFailure or QueryTimeout for another reply.
    """
    _check_finished(url, reply)
    format_ = RdfFormat.from_media_type(reply.media)
    if format_ is None or is_page(reply.body, reply.media):
        raise _not_due(url, reply, "RDF")
    with _readable(url, reply):
        _check_limits(url, reply.body, format_)
        found = list(_triples(reply.body, format_, url))
    if format_ in _ENDLESS and not reply.bounded:
        raise RemoteFailure(
            f"{url} answers with triples in {format_.name} with neither Content-Length nor "
            "chunked encoding, so a truncated reply could not be detected.",
            hint="An HTTP/1.0 proxy on the way may remove these.",
        )
    return found, _cut(reply, len(found))


def _check_finished(url: str, reply: Reply) -> None:
    """Raise QueryTimeout or RemoteFailure for a reply that is partial, empty or compressed."""
    if state := reply.headers.get("x-sql-state"):
        said = reply.headers.get("x-sql-message", state)
        raise QueryTimeout(f"{url} stopped before the end of the result: {said}")
    hint = None
    encoding = reply.headers.get("content-encoding", "identity").strip().lower()
    if reply.status == 206:  # partial content
        what = f"answers {reply.status}: the result is incomplete."
        hint = "Request less: add a LIMIT, or select fewer columns."
    elif encoding not in ("", "identity"):
        what = f"answers with Content-Encoding {encoding[:40]!r}, which was not requested."
    elif not reply.body:
        what = f"answers {reply.status} without a result."
        hint = QUERY_URL_HINT
    else:
        return
    raise RemoteFailure(f"{url} {what}", hint=hint, status=reply.status)


def _triples(body: bytes, format_: RdfFormat, url: str) -> Iterator[Triple]:
    left = MAX_TERMS + EXPANSION * len(body)
    for quad in parse(body, format_, base_iri=url):
        if format_ not in _LINES:
            left -= len(str(quad.triple))
            if left < 0:
                raise _beyond(url, body, "short forms that expand to more than can be read")
        yield quad.triple


def _check_limits(url: str, body: bytes, format_: QueryResultsFormat | RdfFormat) -> None:
    """Raise an error for a body that the native parsers must not read.

    Raises:
        RemoteFailure: the body exceeds a limit of these parsers.
        ValueError: the body is XML that is not well-formed. Other errors are left to the parsers.
    """
    if excess := limit_check(format_).of(body, last=True):
        raise ValueError(excess.reason) if excess.malformed else _beyond(url, body, excess.reason)


def _cut(reply: Reply, number: int) -> int | None:
    maximum = reply.headers.get("x-sparql-maxrows", "")
    # No row count has twenty digits.
    most = int(maximum) if maximum.isdecimal() and len(maximum) < 20 else 0
    return most if 0 < most <= number else None


def _count(body: bytes, format_: QueryResultsFormat) -> int | None:
    found = parse_query_results(body, format_)
    try:
        if not isinstance(found, QuerySolutions):
            return None
        numbers = count()
        deque(zip(found, numbers, strict=False), maxlen=0)
        return next(numbers)
    finally:
        # An error keeps its frames alive, and the parser must be released by this thread.
        del found


def _in_our_spelling(body: bytes) -> bytes:
    if b"nodeID://" in body:
        body = _NODE_ID.sub(lambda m: b'"%s"' % m[1] if m[1] is not None else b">%s<" % m[2], body)
    if b"XMLSchema#boolean" in body:
        body = _BOOLEAN.sub(lambda m: m[1] + (b'"true"' if m[2] == b"1" else b'"false"'), body)
    return body


def _not_due(url: str, reply: Reply, due: str) -> RemoteFailure:
    kind = reply.media if "content-type" in reply.headers else "a reply without a Content-Type,"
    what = "a page" if is_page(reply.body, reply.media) else kind
    said = of_server(reply.body, reply.media)
    return RemoteFailure(
        f"{url} answers with {what} instead of {due}" + (f": {said}" if said else "."),
        hint=QUERY_URL_HINT,
    )


def _beyond(url: str, body: bytes, reason: str) -> RemoteFailure:
    return RemoteFailure(
        f"{url} answers with a result of {len(body):,} bytes that exceeds a limit: {reason}."
    )


@contextmanager
def _readable(url: str, reply: Reply) -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise _beyond(url, reply.body, "a literal too long for the parser (16 MiB)") from None
    except (SyntaxError, ValueError) as error:
        end = reply.body[-60:].decode("utf-8", errors="replace")
        size = len(reply.body)
        raise RemoteFailure(
            f"{url} answers with a truncated or malformed result of {size:,} byte{plural(size)}: "
            f"{error}",
            hint=f"It ends with: {of_server(end.encode(), 'text/plain')}" if end else None,
        ) from None
