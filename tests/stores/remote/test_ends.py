"""Answers that are cut short: each is refused, where a parser takes it for whole as elsewhere."""

from __future__ import annotations

from contextlib import suppress

import pytest
from pyoxigraph import QueryBoolean

from g60kg.errors import RemoteFailure
from g60kg.rdf.input_limits import MAX_INPUT_BYTES
from g60kg.stores.remote.endpoint_store import RemoteStore
from g60kg.stores.remote.http_client import Connection
from g60kg.stores.remote.request_settings import Limits
from tests.stores.remote.test_misbehaving import (
    GOOD,
    JSON,
    QUICK,
    ROW,
    SELECT,
    Handler,
    asked,
    serving,
)

XML = "application/sparql-results+xml"
RESULT = (
    b'<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'
    b'<head><variable name="x"/></head><results>%s</results></sparql>'
)
CELL = b'<result><binding name="x"><literal>%d</literal></binding></result>'
ROWS = RESULT % b"".join(CELL % number for number in range(3))
YES = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>'
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    b'<rdf:Description rdf:about="http://a"><e:p>1</e:p></rdf:Description></rdf:RDF>'
)
LINES = b'<http://a> <http://p> "1" .\n<http://b> <http://p> "1" .\n'
ASK, CONSTRUCT = "ASK { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def without_length(handler: Handler, body: bytes, media: str) -> None:
    """A reply that ends where the connection does."""
    handler.send_response(200)
    handler.send_header("Content-Type", media)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body)


def in_chunks(handler: Handler, body: bytes, media: str, end: bytes) -> None:
    """A reply in one chunk, and what follows it."""
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Content-Type", media)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%s%s" % (len(body), body, end))
    handler.close_connection = True


def answer(text: str, body: bytes, media: str, bounded: bool = True) -> object:
    """What a query gives, its history apart."""

    def act(handler: Handler) -> None:
        if b"history" in handler.sent:
            handler.say(200, b'{"head":{},"boolean":false}')
        elif bounded:
            handler.say(200, body, media)
        else:
            without_length(handler, body, media)

    with serving(act) as (url, _):
        found = RemoteStore(Connection(url, limits=QUICK)).query(text)
        if isinstance(found, QueryBoolean):
            return bool(found)
        return len(list(found))


def test_whole_answers_pass_however_they_end() -> None:
    for tail in (b"", b"\n", b" <!-- in 3 ms -->\n"):
        assert answer(SELECT, ROWS + tail, XML, bounded=False) == 3
        assert answer(ASK, YES + tail, XML, bounded=False) is True
        assert answer(CONSTRUCT, RDF + tail, "application/rdf+xml", bounded=False) == 1
    long = RESULT % b"".join(CELL % number for number in range(1_000))
    assert len(long) > 50_000
    assert answer(SELECT, long + b"<!-- whole -->", XML) == 1_000
    assert answer(CONSTRUCT, RDF[: RDF.index(b">")] + b"/>", "application/rdf+xml") == 0
    assert answer(CONSTRUCT, LINES, "application/n-triples") == 2


@pytest.mark.parametrize(
    ("text", "whole", "media"),
    [
        (SELECT, ROWS, XML),
        (SELECT, GOOD, JSON),
        (ASK, YES, XML),
        (ASK, b'{"head":{},"boolean":true}', JSON),
        (CONSTRUCT, RDF, "application/rdf+xml"),
    ],
)
def test_of_what_has_an_end_no_beginning_passes(text: str, whole: bytes, media: str) -> None:
    assert answer(text, whole, media)
    # Where one part is done and the next begins a parser is most likely to be content.
    ends = [at for at in range(1, len(whole)) if whole[at - 1 : at] in b">}]e"]
    assert len(ends) > 3
    for end in ends:
        with pytest.raises(RemoteFailure, match="truncated or malformed") as caught:
            pytest.fail(f"{whole[:end]!r} gives {answer(text, whole[:end], media)}")
        assert caught.value.exit_code == 3


def test_a_long_xml_result_that_ends_after_a_row_is_reported_as_cut() -> None:
    long = RESULT % b"".join(CELL % number for number in range(1_000))
    cut = long[: long.rindex(b"</results>")]
    with pytest.raises(RemoteFailure, match=r"truncated .* no element found"):
        answer(SELECT, cut, XML, bounded=False)


@pytest.mark.parametrize("media", ["application/n-triples", "text/turtle"])
def test_triples_without_a_detectable_end_are_refused(media: str) -> None:
    with pytest.raises(RemoteFailure, match="could not be detected"):
        answer(CONSTRUCT, LINES, media, bounded=False)


@pytest.mark.parametrize("media", ["text/csv", "text/tab-separated-values"])
def test_what_has_no_end_is_not_taken_as_rows(media: str) -> None:
    with pytest.raises(RemoteFailure, match=f"answers with {media}"):
        answer(SELECT, b"?x\n1\n", media)


def test_a_part_is_not_taken_for_the_whole() -> None:
    for text, body, media in (
        (SELECT, GOOD, JSON),
        (ASK, b'{"head":{},"boolean":true}', JSON),
        (CONSTRUCT, LINES, "application/n-triples"),
    ):
        with (
            serving(lambda h, b=body, m=media: h.say(206, b, m)) as (url, _),  # type: ignore[misc]  # bound as they are now
            pytest.raises(RemoteFailure, match=r"answers 206: .* incomplete"),
        ):
            RemoteStore(Connection(url, limits=QUICK)).query(text)


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\nnone\r\n\r\n"])
def test_a_reply_without_its_last_chunk_is_retried_and_reported(end: bytes) -> None:
    with serving(lambda h: in_chunks(h, GOOD, JSON, end)) as (url, seen):
        with pytest.raises(RemoteFailure, match=f"after {len(GOOD)} bytes"):
            asked(url)
        assert len(seen) == QUICK.tries
    with serving(lambda h: in_chunks(h, GOOD, JSON, b"\r\n0\r\n\r\n")) as (url, seen):
        assert asked(url) == ['"1"']
    assert ROW in GOOD


def test_a_change_whose_answer_broke_off_is_not_sent_again() -> None:
    with serving(lambda h: in_chunks(h, b"done", "text/plain", b"")) as (url, seen):
        with pytest.raises(RemoteFailure, match="after 4 bytes"):
            Connection(url, limits=QUICK).update(url, "CLEAR ALL")
        assert len(seen) == 1


def test_empty_and_encoded_replies_are_reported() -> None:
    for status in (200, 204):
        with (
            serving(lambda h, s=status: h.say(s, b"")) as (url, _),  # type: ignore[misc]  # bound as it is now
            pytest.raises(RemoteFailure, match=f"answers {status} without a result"),
        ):
            asked(url)
    with (
        serving(lambda h: h.say(200, GOOD, Content_Encoding="gzip")) as (url, _),
        pytest.raises(RemoteFailure, match="Content-Encoding 'gzip'"),
    ):
        asked(url)


def test_brackets_within_brackets_are_no_error_of_ours() -> None:
    body = b'{"head":{},"boolean":true,"x":' + b"[" * 40_000 + b"]" * 40_000 + b"}"
    with pytest.raises(RemoteFailure, match="nested deeper than 200"):
        answer(ASK, body, JSON)


@pytest.mark.parametrize(
    ("text", "media"),
    [
        (SELECT, JSON),
        (SELECT, XML),
        (ASK, JSON),
        (CONSTRUCT, "application/n-triples"),
        (CONSTRUCT, "text/turtle"),
    ],
)
def test_an_endless_answer_is_read_up_to_the_limit(text: str, media: str) -> None:
    sent: list[str] = []

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", media)
        handler.end_headers()
        with suppress(OSError):
            while len(sent) < 2_000:
                handler.wfile.write(b" " * 10_000)
                sent.append(media)

    with serving(endless) as (url, _):
        store = RemoteStore(Connection(url, limits=QUICK))
        with pytest.raises(RemoteFailure, match="more than 100,000 bytes"):
            store.query(text)
    # The rest fits into the buffers of the sockets.
    assert len(sent) < 1_000


def test_an_answer_may_be_as_large_as_a_file() -> None:
    assert Limits().body == MAX_INPUT_BYTES
