"""Response headers, redirects, health, metrics, rate limits, slow clients."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.web import asking
from tests.web.queries import RUNAWAY, large
from tests.web.serving import Server, patched, serving

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/id/hangzhou.ttl", 200),
        ("GET", "/id/hangzhou", 303),
        ("HEAD", "/id/hangzhou.ttl", 200),
        ("GET", "/sparql?query=ASK%20%7B%7D", 200),
        ("GET", "/sparql?query=nonsense", 400),
        ("GET", "/sparql?query=ASK%7B%7D&format=png", 406),
        ("GET", "/id/nobody", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/id/hangzhou", 405),
        ("OPTIONS", "/sparql", 405),
        ("GET", "/" + "a" * 40_000, 414),
        ("GET", "/health", 200),
        ("GET", "/metrics", 404),
        ("POST", "/id/hangzhou", 405),
        ("DELETE", "/graph/shipped", 405),
        ("POST", "/nowhere", 404),
        ("GET", "/.well-known/void", 200),
        ("GET", "/download/g60kg.nt", 200),
    ],
)
def test_every_answer_carries_the_headers(method: str, path: str, status: int, server: str) -> None:
    answer = asking.request(method, server + path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "geolocation=()" in answer.headers["permissions-policy"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/queries/", "/queries"),
        ("/queries/zones/?city=%E6%9D%BE", "/queries/zones?city=%E6%9D%BE"),
        ("/sparql//", "/sparql"),
    ],
)
def test_an_extra_slash_redirects_to_a_path_without_a_host(
    path: str, place: str, server: str
) -> None:
    answer = asking.get(server + path, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (307, place)


@pytest.mark.parametrize("path", ["//evil.example/", "//queries/", "/nowhere/", "/api/nowhere/"])
def test_no_path_leads_to_another_host(path: str, server: str) -> None:
    assert asking.get(server + path).status_code == 404


@pytest.mark.parametrize("kind", ["id", "ontology", "fact", "graph", "shapes", "queries", "figure"])
@pytest.mark.parametrize("name", ["..%2f", "hangzhou%2F", "%2f", "..%2f%2f", "x%2f/", "..%2f.html"])
def test_an_encoded_slash_at_the_end_is_part_of_an_unknown_name(
    kind: str, name: str, server: str
) -> None:
    for accept in ("text/html", "*/*"):
        answer = asking.get(f"{server}/{kind}/{name}", headers={"Accept": accept})
        assert answer.status_code == 404, answer.headers


def test_a_page_with_a_form_answers_head(server: str) -> None:
    assert asking.head(f"{server}/check").status_code == 200


def test_unknown_paths_and_methods_get_a_hint(server: str) -> None:
    assert "/openapi.json" in asking.get(f"{server}/nowhere").json()["detail"]
    assert "/api/search" in asking.get(f"{server}/fact/none").json()["detail"]
    refused = asking.request("PUT", f"{server}/health")
    assert refused.status_code == 405
    assert refused.json()["detail"] == "Allowed: GET, HEAD."


def test_other_sites_pages_may_ask(server: str) -> None:
    answer = asking.options(
        f"{server}/sparql",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )  # fmt: skip
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
    response = asking.get(f"{server}/id/hangzhou.ttl")
    assert "ETag" in response.headers["access-control-expose-headers"]


def test_it_listens_on_this_machine_alone(running: Server) -> None:
    assert running.url.startswith("http://127.0.0.1:")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        try:
            found.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            pytest.skip("this machine has no address but loopback to try it from")
        address = found.getsockname()[0]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((address, running.port), 2)


def test_health(server: str) -> None:
    assert asking.get(f"{server}/health").json()["status"] == "ok"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server behind a proxy, with metrics and few requests for each address."""
    options = ("--forwarded", "--root-path", "/g60", "--rate", "4", "--metrics")
    with serving(tmp_path_factory.mktemp("limited") / "log", *options) as started:
        yield started.url.removesuffix("/g60")


def test_metrics_count_requests_where_they_are_switched_on(limited: str) -> None:
    address = {"X-Forwarded-For": "203.0.113.6"}
    asking.get(f"{limited}/id/hangzhou", headers=address)
    runaway = {"query": RUNAWAY, "timeout": "0.1"}
    asking.get(f"{limited}/sparql", params=runaway, headers=address)
    counted = asking.get(f"{limited}/metrics", headers=address)
    assert counted.headers["content-type"].startswith("text/plain")
    lines = dict(
        line.rsplit(" ", 1) for line in counted.text.splitlines() if not line.startswith("#")
    )
    things = 'g60kg_requests_total{method="GET",route="/id/{name}",status="303"}'
    assert float(lines[things]) >= 1
    assert float(lines['g60kg_request_seconds_count{route="/id/{name}"}']) >= 1
    assert float(lines['g60kg_work_total{outcome="timed_out"}']) >= 1
    assert lines["g60kg_waiting"] == "0.0"


def test_rate_of_one_address_is_bounded(tmp_path: Path) -> None:
    with serving(tmp_path / "log", "--rate", "20") as server:
        answers = [asking.get(f"{server.url}/id/hangzhou")]
        # If a minute ends in between, some more are answered.
        while answers[-1].status_code == 303 and len(answers) < 50:
            answers.append(asking.get(f"{server.url}/id/hangzhou"))
    assert [answer.status_code for answer in answers[:20]] == [303] * 20
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 120
    assert answers[-1].headers["content-type"] == "application/problem+json"


SAID_BY_A_PROXY = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "g60.example",
}


def test_a_proxy_is_not_trusted_by_default(server: str) -> None:
    response = asking.get(f"{server}/sparql", headers=SAID_BY_A_PROXY).text
    assert f"<{server}/sparql>" in response
    assert "g60.example" not in response


def test_a_proxy_is_trusted_with_the_option(limited: str) -> None:
    response = asking.get(f"{limited}/sparql", headers=SAID_BY_A_PROXY).text
    assert "<https://g60.example/g60/sparql>" in response
    for host in ("a b", "<x>", "evil.example/path"):
        wrong = {**SAID_BY_A_PROXY, "X-Forwarded-Host": host}
        assert asking.get(f"{limited}/sparql", headers=wrong).status_code == 400
    # The proxy may keep or remove its prefix of the path; limits apply to
    # the client that it reports.
    other = {**SAID_BY_A_PROXY, "X-Forwarded-For": "203.0.113.8"}
    for path in ("/g60/id/hangzhou", "/id/hangzhou") * 2:
        answer = asking.get(f"{limited}{path}", headers=other)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/g60/id/hangzhou.ttl"
    # If a minute ends in between, some more are answered.
    more = (asking.get(f"{limited}/id/hangzhou", headers=other) for _ in range(9))
    assert 429 in (answer.status_code for answer in more)
    answer = asking.get(f"{limited}/id/hangzhou", headers=SAID_BY_A_PROXY)
    assert answer.status_code == 303


@pytest.mark.long
def test_slow_requests_are_ended(tmp_path: Path) -> None:
    """The time limits are shortened in a server of the test."""
    script = patched(
        tmp_path,
        "from g60kg.web import connection_limits, middleware",
        "connection_limits.HEAD_SECONDS = middleware.BODY_SECONDS = 0.5",
        "connection_limits.STALL_SECONDS = 3",
    )
    with serving(tmp_path / "log", script=script) as server:
        for head in (b"", b"GET / HTTP/1.1\r\nHost"):
            with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
                connection.sendall(head)
                assert connection.recv(65_536) == b""
        with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
            connection.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
            connection.sendall(b"GET / HTTP/1.1\r\nHo")
            while connection.recv(65_536):
                pass
        with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nquery"
            )
            assert connection.recv(65_536).startswith(b"HTTP/1.1 408")
        with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
            # A client that does not read is disconnected; one that reads slowly gets all.
            asked = f"/sparql?format=csv&query={quote(large(40))}"
            connection.sendall(f"GET {asked} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            connection.recv(1, socket.MSG_PEEK)
            time.sleep(6)
            assert received(connection) < 40_000_000
        with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
            connection.sendall(f"GET {asked} HTTP/1.0\r\n\r\n".encode())
            assert received(connection, pauses=16) > 40_000_000


def received(connection: socket.socket, pauses: int = 0) -> int:
    """Return the bytes received until the connection is closed, with pauses at first."""
    total = 0
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1_000_000):
            total += len(piece)
            pauses -= 1
            if pauses >= 0:
                time.sleep(0.2)
    return total


LONG = "a" * 30_000
NAMED_PATHS = ("id", "fact", "quote", "graph", "ontology", "shapes", "queries", "api/queries",
               "api/entities", "download")  # fmt: skip
NAMED_PARAMETERS = (
    "/search?q=", "/ask?q=", "/graph?entity=", "/timeline?from=", "/queries/zones?city=",
    "/queries/zones?sort=",
    "/?lang=", "/id/hangzhou?format=", "/sparql?format=csv&query=ASK%7B%7D&default-graph-uri=",
    "/api/search?q=", "/api/ask?q=", "/api/entities?class=", "/api/queries/zones?city=",
    "/api/queries/facts-about?entity=", "/api/queries/search?text=", "/.well-known/void?format=",
)  # fmt: skip


@pytest.mark.parametrize("path", NAMED_PATHS)
@pytest.mark.parametrize("suffix", ["", ".ttl", ".html"])
def test_a_long_name_in_the_path_is_refused(path: str, suffix: str, server: str) -> None:
    for name in (LONG, "%E6%9D%BE" * 401):
        answer = asking.get(f"{server}/{path}/{name}{suffix}")
        assert answer.status_code == 414
        assert "400 characters" in answer.json()["title"]
        assert len(answer.text) < 300


@pytest.mark.parametrize("target", NAMED_PARAMETERS)
def test_a_long_name_in_a_parameter_is_refused(target: str, server: str) -> None:
    answer = asking.get(server + target + LONG)
    assert answer.status_code == 400
    assert "400 characters" in answer.json()["title"]
    assert len(answer.text) < 300
