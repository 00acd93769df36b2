"""A hundred hostile requests, each as raw bytes."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from tests.web.queries import HUGE, RUNAWAY

_HOST = "Host: 127.0.0.1\r\n"
_CLOSE = "Connection: close\r\n"


def requests(listener: str) -> list[bytes]:
    """The requests.

    Args:
        listener: a URL of somebody else's, which nobody here may call.
    """
    return [
        *_paths(),
        *_queries(listener),
        *_parameters(listener),
        *_bodies(listener),
        *_broken(),
    ]


def get(target: str, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"GET {target} HTTP/1.1\r\n{_HOST}{_CLOSE}{lines}\r\n".encode("latin-1")


def post(target: str, body: bytes, content_type: str, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers)
    head = (
        f"POST {target} HTTP/1.1\r\n{_HOST}{_CLOSE}Content-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n{lines}\r\n"
    )
    return head.encode("latin-1") + body


def query(text: str, **parameters: str) -> bytes:
    further = "".join(f"&{name}={quote(value)}" for name, value in parameters.items())
    return get(f"/sparql?query={quote(text)}{further}")


def _paths() -> Iterator[bytes]:
    """Path traversals."""
    for path in (
        "/../../../../etc/passwd", "/static/../../../etc/passwd", "/static/%2e%2e/%2e%2e/app.py",
        "/static/..%2f..%2f..%2fetc%2fpasswd", "/static//etc/passwd", "/static/%00",
        "/static/....//....//etc/passwd", "/static/..\\..\\app.py", "/id/..%2f..%2fetc%2fpasswd",
        "/id/%2e%2e/%2e%2e/etc/passwd", "/download/g60kg.ttl%00.gz",
        "/download/g60kg.../../app.py", "/download/../web/app.py", "//evil.example/%2f..",
        "/id/%0d%0aSet-Cookie:%20a=b", "/id/<script>alert(1)</script>",
        "/id/%3Cscript%3Ealert(1)%3C%2Fscript%3E.html", "/id/%C0%AE%C0%AE", "/graph/..%2fontology",
        "/.git/config", "/.env", "/api/queries/..%2f..%2fpyproject.toml", "/id/" + "a" * 30_000,
        "/id/" + "%F0%9F%92%A9" * 500, "/ontology/" + "/" * 2000,
        "/id/%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E.html",
        "/ontology/%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E.html",
    ):  # fmt: skip
        yield get(path)


def _queries(listener: str) -> Iterator[bytes]:
    """Queries that are expensive, access the network, or break parsers."""
    for text in (
        RUNAWAY, HUGE,
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?e ?i",
        "SELECT (COUNT(*) AS ?n) { ?a (<x:p>|!<x:p>)* ?b . ?c (<x:p>|!<x:p>)* ?d }",
        "CONSTRUCT { ?a ?e ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        f"SELECT * {{ SERVICE <{listener}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT <{listener}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ VALUES ?g {{ <{listener}> }} SERVICE ?g {{ ?s ?p ?o }} }}",
        f"SELECT * FROM <{listener}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{listener}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"LOAD <{listener}>", f"LOAD SILENT <{listener}> INTO GRAPH <a:b>",
        "INSERT DATA { <a:b> <a:b> <a:b> }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL", "CLEAR ALL",
        "ASK {}; DROP ALL", "ASK { ?s ?p ?o } # \n INSERT DATA { <a:b> <a:b> 1 }",
        "ASK " + "{" * 50_000, "ASK {" + "{" * 5000 + "}" * 5000 + "}",
        "SELECT * { FILTER (" + "(" * 5000 + "1" + ")" * 5000 + ") }",
        "SELECT (" + "+".join(["1"] * 20_000) + " AS ?x) {}",
        "SELECT * { ?s " + "!" * 3000 + "<a:b> ?o }",
        "SELECT * { ?s (<a:b>" + "*" * 3000 + ") ?o }",
        "SELECT * {} LIMIT 99999999999999999999999999", "SELECT * {} OFFSET -1",
        'SELECT (REGEX("' + "a" * 3000 + '!", "(a+)+$") AS ?x) {}',
        'SELECT (REGEX("x", "(((((((((((((((((((((((((((((((a{99}){99}){99}") AS ?x) {}',
        "SELECT * { ?s ?p \"\\uD800\" }", "SELECT * { <a b> ?p ?o }", "ASK {\x00}",
        "SELECT * { BIND (<http://" + "a" * 10_000 + "> AS ?x) }", "\ufeffASK {}", "",
        "BASE <" + listener + "> SELECT * FROM <x> { ?s ?p ?o }", "SELECT * { ?s ?p ?o ",
    ):  # fmt: skip
        yield (
            query(text, timeout="0.5")
            if len(text) < 8000
            else post("/sparql", text.encode(), "application/sparql-query")
        )

    for text in (RUNAWAY, HUGE, f"SELECT * {{ SERVICE <{listener}> {{ ?s ?p ?o }} }}", "DROP ALL"):
        yield get(f"/sparql.html?query={quote(text)}", "Accept: text/html")


def _parameters(listener: str) -> Iterator[bytes]:
    """Invalid parameters."""
    yield query("ASK {}", **{"default-graph-uri": listener})
    yield query("ASK {}", **{"named-graph-uri": "file:///etc/passwd"})
    yield query("ASK {}", format="../../etc/passwd")
    yield query("ASK {}", timeout="1e999")
    yield get("/sparql?" + "&".join(f"default-graph-uri=a:{n}" for n in range(3000)))
    yield get("/sparql?query=ASK%20%7B%7D&query=DROP%20ALL")
    yield get("/sparql?query=%FF%FE")
    yield get("/sparql?" + "&" * 20_000)
    yield get("/api/queries/enterprises?city=%27%20OR%201=1%20--")
    yield get("/api/queries/enterprises?limit=-1")
    yield get("/api/queries/enterprises?limit=99999999999999999999&offset=1e9")
    yield get("/api/search?text=" + quote("'\"><script>alert(1)</script>"))
    yield get("/api/queries/search?text=" + quote('" } INSERT DATA { <a:b> <a:b> 1 } #'))
    yield get("/id/hangzhou", "Accept: " + "a/b;q=0.1," * 3000)
    yield get("/id/hangzhou", "Accept: text/turtle;q=x;;;,,,/")
    yield get("/id/hangzhou", "If-Modified-Since: " + "9" * 5000)
    yield get("/id/hangzhou.ttl", "If-None-Match: " + '"x",' * 5000)
    yield get("/id/hangzhou", "X-Forwarded-Host: evil.example", "X-Forwarded-For: 10.0.0.1")
    yield get("/download/g60kg.ttl", "Range: bytes=" + ",".join(f"{n}-{n}" for n in range(999)))


def _bodies(listener: str) -> Iterator[bytes]:
    """Bodies that are too large, access the network, or do not match their media type."""
    form = "application/x-www-form-urlencoded"
    yield post("/sparql", b"update=DROP%20ALL", form)
    yield post("/sparql", b"query=" + b"%41" * 300_000, form)
    yield post("/sparql", b"a=b&" * 300_000, form)
    yield post("/sparql", "ASK {}".encode("utf-16"), "application/sparql-query")
    yield post("/sparql", b"\xff" * 1000, "application/sparql-query; charset=x")
    context = f'{{"@context": "{listener}", "@id": "a:b"}}'.encode()
    yield post("/api/validate", context, "application/ld+json")
    imports = f"<a:o> <http://www.w3.org/2002/07/owl#imports> <{listener}> .".encode()
    yield post("/api/validate", imports, "text/turtle")
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{listener}">]><a>&x;</a>'.encode()
    yield post("/api/validate", entity, "application/rdf+xml")
    yield post("/api/validate", b"[" * 100_000, "text/turtle")
    yield post("/api/validate", b"x" * 3_000_000, "text/turtle")
    yield post("/api/validate", b"--x\r\n" * 1000, "multipart/form-data; boundary=x")


def _broken() -> Iterator[bytes]:
    """Malformed HTTP."""
    yield b"\x00\x01\x02\x03" * 100 + b"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n"
    yield b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    yield get("/", *(f"X-{number}: {'a' * 900}" for number in range(200)))
    yield get("/sparql", "Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13")
    yield (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\n\r\n"
    )
    yield b"BREW /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
