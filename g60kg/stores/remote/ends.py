"""Whether a reply has its end: what a parser leaves open, and what a server says about it."""

from __future__ import annotations

import json
import re
from typing import Final
from xml.parsers import expat

from pyoxigraph import QueryResultsFormat, RdfFormat

from g60kg.errors import QueryTimeout, RemoteFailure
from g60kg.stores.remote.wire import Reply

#: Bytes that are looked at, of the head and of the tail.
_LOOKED_AT: Final = 16 * 1024
#: Formats in which every statement ends alike, so that the last one cannot be told.
_ENDLESS: Final = (
    RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS,
    RdfFormat.TURTLE,
    RdfFormat.TRIG,
    RdfFormat.N3,
)
_PARTIAL: Final = 206


def check_finished(url: str, reply: Reply) -> None:
    """Lets a reply pass that its server calls finished, and that is written as it was asked for.

    Raises:
        QueryTimeout: the server says that it gave up before the end.
        RemoteFailure: it answers with a part, with nothing, or in an encoding.
    """
    state = reply.headers.get("x-sql-state")
    if state:
        said = reply.headers.get("x-sql-message", state)
        raise QueryTimeout(f"{url} gave up before the end of the result: {said}")
    if reply.status == _PARTIAL:
        raise RemoteFailure(
            f"{url} answers {reply.status}: with a part of the result; it is cut short.",
            hint="Ask for less: a LIMIT, or fewer columns.",
            status=reply.status,
        )
    encoding = reply.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise RemoteFailure(
            f"{url} answers in the encoding {encoding[:40]!r}, which was not asked for.",
            status=reply.status,
        )
    if not reply.body:
        raise RemoteFailure(
            f"{url} answers {reply.status} with nothing where a result was due.",
            hint="Is this the query URL of a SPARQL endpoint?",
            status=reply.status,
        )


def check_result_ends(body: bytes, format_: QueryResultsFormat, rows: bool) -> None:
    """Lets a result pass that has its end.

    Raises:
        ValueError: it breaks off where the parser takes it for whole.
    """
    if format_ == QueryResultsFormat.XML:
        _check_xml_ends(body)
    elif not rows:  # of rows the parser itself sees it
        try:
            json.loads(body)
        except RecursionError:
            raise ValueError("brackets within brackets without end") from None


def check_graph_ends(url: str, reply: Reply, format_: RdfFormat) -> None:
    """Lets RDF pass that has its end.

    Raises:
        ValueError: it breaks off.
        RemoteFailure: nobody can tell whether it does.
    """
    if format_ == RdfFormat.RDF_XML:
        _check_xml_ends(reply.body)
    elif format_ in _ENDLESS and not reply.bounded:
        raise RemoteFailure(
            f"{url} answers with triples in {format_.name} without saying where they end, "
            "by a length or a last chunk: whether they are all cannot be told.",
            hint="A proxy on the way that speaks HTTP/1.0 may be what leaves it out.",
        )


def _check_xml_ends(body: bytes) -> None:
    """Lets XML pass whose first element is closed: within the head, or at the very end."""
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
        raise ValueError(f"<{(names or ['?'])[0]}> is not closed at its end")
