"""Completeness of a reply: truncation that parsers accept, and what the server reports."""

from __future__ import annotations

import json
import re
from typing import Final
from xml.parsers import expat

from pyoxigraph import QueryResultsFormat, RdfFormat

from g60kg.errors import QueryTimeout, RemoteFailure
from g60kg.stores.remote.http_client import Reply

#: Bytes examined at the start and at the end.
_LOOKED_AT: Final = 16 * 1024
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
    if format_ == QueryResultsFormat.XML:
        _check_xml_ends(body)
    elif not rows:  # the parser itself detects truncated rows
        try:
            json.loads(body)
        except RecursionError:
            raise ValueError("brackets are nested too deeply") from None


def check_graph_ends(url: str, reply: Reply, format_: RdfFormat) -> None:
    """Check that RDF is not truncated.

    Raises:
        ValueError: it is truncated.
        RemoteFailure: truncation could not be detected.
    """
    if format_ == RdfFormat.RDF_XML:
        _check_xml_ends(reply.body)
    elif format_ in _ENDLESS and not reply.bounded:
        raise RemoteFailure(
            f"{url} answers with triples in {format_.name} with neither Content-Length nor "
            "chunked encoding, so a truncated reply could not be detected.",
            hint="An HTTP/1.0 proxy on the way may remove these.",
        )


def _check_xml_ends(body: bytes) -> None:
    """Check that the first element of XML is closed: within the start, or at the very end."""
    open_: list[str] = []
    names: list[str] = []
    closed: list[str] = []

    def starts(name: str, _: object) -> None:
        open_.append(name)
        if not names:
            names.append(name)

    def ends(_: str) -> None:
        name = open_.pop()
        if not open_:
            closed.append(name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = starts
    parser.EndElementHandler = ends
    try:
        parser.Parse(body[:_LOOKED_AT], len(body) <= _LOOKED_AT)
    except expat.ExpatError as error:
        if not names or expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS] == error.code:
            raise ValueError(str(error)) from None
    if closed:
        return
    end = rb"</%s\s*>(?:\s*<!--(?:(?!-->).)*-->)*\s*\Z" % re.escape((names or [""])[0].encode())
    if not names or not re.search(end, body[-_LOOKED_AT:], re.DOTALL):
        raise ValueError(f"<{(names or ['?'])[0]}> is not closed at the end")
