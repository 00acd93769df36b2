"""The public URL of the server: used in all URLs, without changing IRIs of the data."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from g60kg.errors import UsageError
from g60kg.web.server_settings import public_url
from tests.cli.run import g60kg
from tests.conftest import long_only
from tests.web import asking
from tests.web.serving import Server, serving, with_texts

BASE = "https://kg.example.org/g60"
#: Headers of clients, or of untrusted proxies, about the server's host.
ELSEWHERE = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
}


@pytest.fixture(scope="module")
def based(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with --base."""
    log = tmp_path_factory.mktemp("based") / "log"
    with serving(log, "--base", f"{BASE}/", "--forwarded", globals_=with_texts()) as server:
        yield server


# -- Options ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "root_path", "expected"),
    [
        (None, None, ("", "")),
        (None, "/g60/", ("", "/g60")),
        (BASE, None, (BASE, "/g60")),
        (f"{BASE}/", "/g60", (BASE, "/g60")),
        ("HTTPS://KG.example.org", None, ("https://kg.example.org", "")),
        ("http://kg.example.org/", "/", ("http://kg.example.org", "")),
        ("http://[2001:DB8::1]:8080/a/b-c_d.e~f/", None,
         ("http://[2001:db8::1]:8080/a/b-c_d.e~f", "/a/b-c_d.e~f")),
    ],
)  # fmt: skip
def test_a_base_url_is_normalized(
    base: str | None, root_path: str | None, expected: tuple[str, str]
) -> None:
    assert public_url(base, root_path) == expected


@pytest.mark.parametrize(
    "base",
    [
        "",
        "kg.example.org/g60",
        "//kg.example.org",
        "https:kg.example.org",
        "ftp://kg.example.org",
        "file:///srv/www",
        "https://",
        "https:///g60",
        "https://kg.example.org:port",
        "https://kg.example.org:99999",
        "https://kg.example.org:0",
        "https://[::1",
        "https://kg.example.org/?",
        "https://kg.example.org/g60?x=1",
        "https://kg.example.org/g60#",
        "https://anna:secret@kg.example.org",
        "https://kg.example.org/a b",
        "https://kg.example.org/a\r\nSet-Cookie: b",
        "https://kg.example.org\\g60",
        "https://长三角.example/",
        "https://kg.example.org/a//b",
        "https://kg.example.org/../b",
        "https://kg.example.org/a%20b",
        "https://kg.example.org/<x>",
    ],
)
def test_an_invalid_base_url_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="--base must be http") as caught:
        public_url(base, None)
    assert "secret" not in caught.value.message
    assert "https://kg.example.org/g60" in str(caught.value.hint)


@pytest.mark.parametrize("root_path", ["g60", "/a/../b", "//evil.example", "/a?b", "/<x>"])
def test_an_invalid_root_path_is_refused(root_path: str) -> None:
    with pytest.raises(UsageError, match="--root-path"):
        public_url(None, root_path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--base", "kg.example.org"), "--base must be http:// or https://"),
        (("--base", BASE, "--root-path", "/other"), "--base has the path /g60"),
        (("--base", BASE, "--root-path", "/"), "--base has the path /g60"),
    ],
)
def test_invalid_options_are_reported_at_the_start(options: tuple[str, ...], words: str) -> None:
    done = g60kg("serve", "--port", "0", *options)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Serving" not in done.stderr


# -- URLs of the server ------------------------------------------------------------


def own_addresses(text: str) -> set[str]:
    """Return the example hosts in a text."""
    return set(re.findall(r"https?://[\w.:-]*(?:example|127\.0\.0\.1)[\w.:-]*", text))


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/sparql", "text/turtle"),
        ("/sparql", "application/ld+json"),
        ("/.well-known/void", "text/turtle"),
        ("/.well-known/void", "application/rdf+xml"),
        ("/openapi.json", "application/json"),
        ("/reconcile", "application/json"),
        ("/sitemap.xml", "application/xml"),
        ("/feed.atom", "application/atom+xml"),
        ("/robots.txt", "text/plain"),
    ],
)
def test_urls_of_the_server_begin_with_the_base_url(path: str, accept: str, based: Server) -> None:
    url = based.url.removesuffix("/g60") + path
    response = asking.get(url, headers={**ELSEWHERE, "Accept": accept})
    assert response.status_code == 200
    assert own_addresses(response.text) == {"https://kg.example.org"}
    assert BASE in response.text
    for headers in ({}, {"Host": "kg.example.org"}, {"Host": "127.0.0.1:1"}):
        same = asking.get(url, headers={**headers, "Accept": accept})
        assert same.content == response.content
        assert same.headers["etag"] == response.headers["etag"]


def test_the_endpoint_and_the_downloads_are_named_there(based: Server) -> None:
    void = asking.get(f"{based.url}/.well-known/void", headers=ELSEWHERE).text
    assert f"void:sparqlEndpoint <{BASE}/sparql>" in void
    assert f"<{BASE}/download/g60kg.nq.gz>" in void
    service = asking.get(f"{based.url}/sparql", headers=ELSEWHERE).text
    assert f"sd:endpoint <{BASE}/sparql>" in service
    (server,) = asking.get(f"{based.url}/openapi.json").json()["servers"]
    assert server == {"url": BASE}


def test_redirects_and_links_lead_there(based: Server) -> None:
    for root in (based.url, based.url.removesuffix("/g60")):
        thing = asking.get(f"{root}/id/hangzhou", headers=ELSEWHERE)
        assert thing.headers["location"] == "/g60/id/hangzhou.ttl"
        assert "evil" not in str(thing.headers)
        # A path of the server with an extra slash.
        nearly = asking.get(f"{root}/sparql/", headers=ELSEWHERE)
        assert (nearly.status_code, nearly.headers["location"]) == (307, "/g60/sparql")
        rows = asking.get(f"{root}/api/queries/zones?limit=2", headers=ELSEWHERE)
        assert re.findall(r"<([^?>]*)", rows.headers["link"]) == ["/g60/api/queries/zones"] * 2


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "/"),
        ("/?theme=dark", "/"),
        ("/?lang=zh&theme=dark", "/?lang=zh"),
        ("/id/hangzhou.html", "/id/hangzhou.html"),
        ("/search?q=%E6%9D%BE%E6%B1%9F", "/search?q=%E6%9D%BE%E6%B1%9F"),
    ],
)
def test_a_page_has_its_canonical_url(path: str, address: str, based: Server, server: str) -> None:
    page = asking.get(based.url + path, headers=ELSEWHERE)
    assert page.headers["link"] == f'<{BASE}{address}>; rel="canonical"'
    assert own_addresses(page.text) <= {"https://example.org", BASE.removesuffix("/g60")}
    assert "link" not in asking.get(server + path).headers


def test_a_canonical_url_too_long_for_a_header_is_left_out(based: Server) -> None:
    long = asking.get(f"{based.url}/queries/search", params={"text": "松" * 300})
    assert (long.status_code, "link" in long.headers) == (200, False)


def test_an_invalid_host_header_is_still_refused(based: Server) -> None:
    for host in ("a b", "<x>", "evil.example/path"):
        assert asking.get(f"{based.url}/id/hangzhou", headers={"Host": host}).status_code == 400


def test_the_start_message_has_both_urls(based: Server) -> None:
    said = based.log.read_text(encoding="utf-8")
    assert f"Serving at http://127.0.0.1:{based.port}/g60/, public URL {BASE}/ (Ctrl+C" in said


# -- Unchanged data ----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *(f"/id/corridor.{suffix}" for suffix in ("ttl", "jsonld")),
        "/ontology.ttl",
        "/ontology/Enterprise.jsonld",
        "/graph/2307119874.ttl",
        "/shapes/FactHasEvidence.ttl",
        *(f"/download/g60kg.{suffix}" for suffix in ("nq", "rdf")),
        *(f"/api/queries/enterprises.{suffix}" for suffix in ("json", "md")),
        "/api/queries/enterprises?evidence=true",
        *long_only(
            *(f"/id/corridor.{suffix}" for suffix in ("nt", "rdf")),
            *(f"/download/g60kg.{suffix}" for suffix in ("ttl", "nt", "trig", "jsonld")),
            *(f"/api/queries/enterprises.{suffix}" for suffix in ("xml", "csv", "tsv")),
        ),
    ],
)
def test_the_data_is_the_same_byte_for_byte(path: str, based: Server, server: str) -> None:
    here, there = asking.get(server + path), asking.get(based.url + path, headers=ELSEWHERE)
    assert here.status_code == there.status_code == 200
    assert here.content == there.content
    assert here.headers["etag"] == there.headers["etag"]
    assert "kg.example.org" not in there.text
