"""Compression of responses."""

from __future__ import annotations

import gzip

import httpx
import pytest

from tests.web import asking
from tests.web.serving import Server

PLAIN = {"Accept-Encoding": "identity"}
GZIP = {"Accept-Encoding": "br;q=0.1, gzip"}


def unread(url: str) -> tuple[httpx.Response, bytes]:
    """Return a response with its raw body."""
    with httpx.stream("GET", url, headers=GZIP, trust_env=False) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/id/hangzhou.ttl",
        "/id/hangzhou.rdf",
        "/api/queries/enterprises",
        "/openapi.json",
        "/sparql?format=csv&query=SELECT%20*%20%7B?s%20rdfs:label%20?o%7D",
        "/.well-known/void",
    ],
)
def test_an_answer_above_1_kb_is_compressed_and_says_so(path: str, server: str) -> None:
    plain = asking.get(server + path, headers=PLAIN)
    answer, sent = unread(server + path)
    assert answer.headers["content-encoding"] == "gzip"
    assert len(sent) == int(answer.headers["content-length"]) < len(plain.content)
    assert gzip.decompress(sent) == plain.content
    assert "content-encoding" not in plain.headers
    for one in (plain, answer):
        assert one.headers["vary"].count("Accept-Encoding") == 1
    head = asking.head(server + path, headers=GZIP)
    assert head.headers["content-encoding"] == "gzip"
    assert head.headers["content-length"] == answer.headers["content-length"]


@pytest.mark.parametrize("path", ["/companies", "/openapi.json", "/download/g60kg.nt"])
@pytest.mark.parametrize("refused", ["gzip;q=0", "br, GZIP ; q=0.000, identity", "gzip;q=0,*"])
def test_an_answer_is_not_compressed_for_a_client_that_refuses(
    refused: str, path: str, server: str
) -> None:
    answer = asking.get(server + path, headers={"Accept-Encoding": refused})
    assert "content-encoding" not in answer.headers
    weighed = asking.get(server + path, headers={"Accept-Encoding": "br;q=0, gzip;q=0.5"})
    assert weighed.headers["content-encoding"] == "gzip"


def test_a_static_file_is_compressed_in_pieces(server: str) -> None:
    path = "/static/content.css"
    plain = asking.get(server + path, headers=PLAIN).content
    answer, sent = unread(server + path)
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(sent) == plain


@pytest.mark.parametrize(
    ("path", "accepted", "coding"),
    [
        ("/robots.txt", "gzip", None),
        ("/", "br", None),
        ("/download/g60kg.nt.gz", "gzip", None),
        ("/download/g60kg.nt", "gzip", "gzip"),
        ("/download/g60kg.nt", "br, GZIP", "gzip"),
        ("/companies", "GZip;Q=0.5", "gzip"),
    ],
)
def test_small_compressed_or_unaccepted_responses_are_not_compressed(
    path: str, accepted: str, coding: str | None, server: str
) -> None:
    answer = asking.get(server + path, headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == coding


def test_a_part_of_a_file_is_not_compressed(server: str) -> None:
    url = f"{server}/download/g60kg.nt.gz"
    part = asking.get(url, headers={**GZIP, "Range": "bytes=0-1999"})
    assert (part.status_code, len(part.content)) == (206, 2000)
    assert "content-encoding" not in part.headers


@pytest.mark.parametrize("known", [PLAIN, GZIP])
@pytest.mark.parametrize("asked", [PLAIN, GZIP])
def test_the_tag_is_valid_with_and_without_compression(
    known: dict[str, str], asked: dict[str, str], server: str
) -> None:
    url = f"{server}/id/hangzhou.ttl"
    tag = asking.get(url, headers=known).headers["etag"]
    assert tag.startswith("W/")
    again = asking.get(url, headers={**asked, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_log_has_the_bytes_that_were_sent(running: Server) -> None:
    _, sent = unread(f"{running.url}/queries/coverage")
    lines = running.logged(" /queries/coverage ")
    assert lines[-1].endswith(f" {len(sent):,} bytes")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sparql", "application/sparql-query"),
        ("/sparql", "application/x-www-form-urlencoded"),
        ("/reconcile/en", "application/x-www-form-urlencoded"),
        ("/api/validate", "text/turtle"),
        ("/mcp", "application/json"),
        ("/check", "application/x-www-form-urlencoded"),
    ],
)
def test_a_compressed_body_is_refused_on_every_route(path: str, kind: str, server: str) -> None:
    headers = {"Content-Type": kind, "Content-Encoding": "GZIP"}
    answer = asking.post(server + path, content=b"query=ASK {}", headers=headers)
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "identity"
    headers["Content-Encoding"] = "identity"
    assert "Content-Encoding" not in asking.post(server + path, content=b"", headers=headers).text
