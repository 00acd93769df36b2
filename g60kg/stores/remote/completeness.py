"""Completeness of a reply: truncation that parsers accept, and what the server reports."""

from __future__ import annotations

import json
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from g60kg.errors import QueryTimeout, RemoteFailure
from g60kg.stores.remote.http_client import Reply

#: Formats in which every statement ends alike, so that truncation between two is invisible.
_ENDLESS: Final = (
    RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS,
    RdfFormat.TURTLE,
    RdfFormat.TRIG,
    RdfFormat.N3,
)
_PARTIAL: Final = 206


def check_finished(url: str, reply: Reply) -> None:
    """Check that a reply is complete according to its server, and in a requested encoding.

    Raises:
        QueryTimeout: the server reports that it stopped before the end.
        RemoteFailure: the reply is partial, empty, or encoded.
    """
    state = reply.headers.get("x-sql-state")
    if state:
        said = reply.headers.get("x-sql-message", state)
        raise QueryTimeout(f"{url} stopped before the end of the result: {said}")
    if reply.status == _PARTIAL:
        raise RemoteFailure(
            f"{url} answers {reply.status}: the result is incomplete.",
            hint="Request less: add a LIMIT, or select fewer columns.",
            status=reply.status,
        )
    encoding = reply.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise RemoteFailure(
            f"{url} answers with Content-Encoding {encoding[:40]!r}, which was not requested.",
            status=reply.status,
        )
    if not reply.body:
        raise RemoteFailure(
            f"{url} answers {reply.status} without a result.",
            hint="Is this the query URL of a SPARQL endpoint?",
            status=reply.status,
        )


def check_result_ends(body: bytes, format_: QueryResultsFormat, rows: bool) -> None:
    """Check that a result is not truncated.

    Raises:
        ValueError: it is truncated at a point where the parser accepts it.
    """
    # The parser itself detects truncated rows, and the check of limits truncated XML.
    if format_ == QueryResultsFormat.JSON and not rows:
        json.loads(body)


def check_graph_ends(url: str, reply: Reply, format_: RdfFormat) -> None:
    """Check that truncated RDF would be detected.

    Raises:
        RemoteFailure: it would not.
    """
    if format_ in _ENDLESS and not reply.bounded:
        raise RemoteFailure(
            f"{url} answers with triples in {format_.name} with neither Content-Length nor "
            "chunked encoding, so a truncated reply could not be detected.",
            hint="An HTTP/1.0 proxy on the way may remove these.",
        )
