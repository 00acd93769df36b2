"""What is open to all, and what asks for a token: on a server with one more route, which writes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Mount, Route

from g60kg.web.app import application
from g60kg.web.permission import FOR_HOLDERS, READING
from g60kg.web.settings import Settings
from tests.web import asking
from tests.web.serving import Server, serving
from tests.web.test_tokens import ALICE, BOB, line


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


#: A server with one more route, which writes what is sent to it into a file beside its script.
_PROBE = """\
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from g60kg.cli.app import main
from g60kg.web import running
from g60kg.web.app import application


async def write(request):
    Path(__file__).with_name("written").write_bytes(await request.body())
    return Response(status_code=204)


def with_probe(*given):
    made = application(*given)
    made.router.routes.append(Route("/probe/{name}", write, methods=["PUT", "POST", "DELETE"]))
    return made


running.application = with_probe
if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the probe's server has its script, its tokens and its log, and what it writes."""
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def guarded(folder: Path) -> Iterator[Server]:
    """A server that writes for who has a token."""
    tokens = folder / "tokens"
    tokens.write_text(line("alice", ALICE) + line("bob", BOB), encoding="utf-8")
    tokens.chmod(0o644)
    (folder / "probe.py").write_text(_PROBE, encoding="utf-8")
    options = ("--token-file", str(tokens), "--log-json", "--workers", "1")
    with serving(folder / "log", *options, script=folder / "probe.py") as server:
        yield server


def written(folder: Path) -> bytes | None:
    """What the probe was made to write; it is taken away."""
    file = folder / "written"
    if not file.is_file():
        return None
    content = file.read_bytes()
    file.unlink()
    return content


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, 'Bearer realm="g60kg"'),
        ("", 'Bearer realm="g60kg"'),
        ("Bearer", 'Bearer realm="g60kg"'),
        ("Basic YWxpY2U6eA==", 'Bearer realm="g60kg"'),
        (ALICE, 'Bearer realm="g60kg"'),
        (f"Bearer {ALICE} {BOB}", 'Bearer realm="g60kg"'),
        ("Bearer " + "a" * 64, 'Bearer realm="g60kg", error="invalid_token"'),
        ("Bearer alice", 'Bearer realm="g60kg", error="invalid_token"'),
        (f"Bearer {hashlib.sha256(ALICE.encode()).hexdigest()}",
         'Bearer realm="g60kg", error="invalid_token"'),
    ],
)  # fmt: skip
def test_nothing_is_written_without_a_token(
    method: str, header: str | None, challenge: str, guarded: Server, folder: Path
) -> None:
    # A token has one place: not the URL, which logs keep, and no form.
    url = f"{guarded.url}/probe/x?access_token={ALICE}"
    headers = {} if header is None else {"Authorization": header}
    answer = asking.request(method, url, headers=headers, content=f"access_token={ALICE}")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == challenge
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["status"] == 401
    assert "Bearer" in answer.json()["detail"]
    assert written(folder) is None


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_who_has_a_token_writes(method: str, scheme: str, guarded: Server, folder: Path) -> None:
    for token in (ALICE, BOB):
        answer = asking.request(
            method,
            f"{guarded.url}/probe/x",
            headers={"Authorization": f"{scheme} {token}"},
            content=token.encode(),
        )
        assert answer.status_code == 204
        assert written(folder) == token.encode()


def test_two_tokens_are_none(guarded: Server, folder: Path) -> None:
    headers = [("Authorization", f"Bearer {ALICE}"), ("Authorization", f"Bearer {BOB}")]
    answer = asking.request("PUT", f"{guarded.url}/probe/x", headers=headers)
    assert answer.status_code == 400
    assert answer.headers["www-authenticate"].endswith('error="invalid_request"')
    assert written(folder) is None


def test_a_refusal_does_not_wait_for_a_body_and_the_connection_goes_on(guarded: Server) -> None:
    with httpx.Client(trust_env=False, timeout=20) as client:
        for _ in range(3):
            answer = client.put(f"{guarded.url}/probe/x", content=b"x" * 1_500_000)
            assert answer.status_code == 401
            assert client.get(f"{guarded.url}/robots.txt").status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/metrics", "/metrics%0A"])
def test_counters_are_for_who_has_a_token(method: str, path: str, guarded: Server) -> None:
    url = guarded.url + path
    assert asking.request(method, url).status_code == 401
    assert asking.request(method, url, headers=bearer("none")).status_code == 401
    assert asking.request(method, url, headers=bearer(ALICE)).status_code == 200
    assert asking.options(url).status_code == 204


def test_all_that_reads_stays_open(guarded: Server) -> None:
    read: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", "/", {}),
        ("GET", "/health", {}),
        ("GET", "/id/hangzhou.ttl", {}),
        ("GET", "/sparql?query=ASK%7B%7D", {}),
        ("POST", "/sparql", {"data": {"query": "ASK {}"}}),
        ("POST", "/api/validate", {"files": {"file": ("a.ttl", b"", "text/turtle")}}),
        ("POST", "/check", {"data": {"kind": "turtle", "text": "# nothing"}}),
        ("GET", "/static/pages.css", {}),
    )  # fmt: skip
    for headers in ({}, bearer("none")):
        for method, path, sent in read:
            answer = asking.request(method, guarded.url + path, headers=headers, **sent)
            assert answer.status_code == 200, (method, path, answer.text)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/id/hangzhou", 405),
        ("DELETE", "/metrics", 405),
        ("PATCH", "/probe/x", 405),
        ("POST", "/static/pages.css", 405),
        ("POST", "/nowhere", 404),
        ("POST", "/sparql?update=CLEAR%20ALL", 415),
    ],
)
def test_where_there_is_nothing_to_write_no_token_is_asked_for(
    method: str, path: str, status: int, guarded: Server, server: str
) -> None:
    assert asking.request(method, guarded.url + path).status_code == status
    if "probe" not in path:
        assert asking.request(method, server + path).status_code == status


def test_no_other_site_s_page_may_send_a_token(guarded: Server) -> None:
    answer = asking.options(
        f"{guarded.url}/probe/x",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization",
        },
    )  # fmt: skip
    assert "authorization" not in answer.headers["access-control-allow-headers"].lower()
    assert "PUT" not in answer.headers["access-control-allow-methods"]


def logged(server: Server, path: str) -> tuple[str, list[dict[str, Any]]]:
    """The log and its entries, once that path is in it: the line comes after the answer."""
    deadline = time.monotonic() + 10
    while f'"path": "{path}"' not in (log := server.log.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, log
        time.sleep(0.02)
    return log, [json.loads(text) for text in log.splitlines() if text.startswith("{")]


def test_the_log_has_the_name_and_never_the_token(guarded: Server, folder: Path) -> None:
    for name, token in (("known", BOB), ("unknown", "g" * 40)):
        url = f"{guarded.url}/probe/{name}?access_token={ALICE}"
        asking.request("PUT", url, headers=bearer(token))
    written(folder)
    log, entries = logged(guarded, "/probe/unknown")
    (warning,) = [entry for entry in entries if entry["level"] == "warning"]
    assert "can be read or changed by others" in warning["message"]
    (known,) = [entry for entry in entries if entry.get("path") == "/probe/known"]
    (unknown,) = [entry for entry in entries if entry.get("path") == "/probe/unknown"]
    assert (known["status"], known["token"]) == (204, "bob")
    assert (unknown["status"], "token" in unknown) == (401, False)
    for secret in (ALICE, BOB, "g" * 40, hashlib.sha256(BOB.encode()).hexdigest()):
        assert secret not in log


def test_a_token_is_withdrawn_without_a_restart(guarded: Server, folder: Path) -> None:
    file = folder / "tokens"
    before = file.read_text(encoding="utf-8")

    def status(token: str) -> int:
        return asking.get(f"{guarded.url}/metrics", headers=bearer(token)).status_code

    try:
        file.write_text(line("bob", BOB), encoding="utf-8")
        assert (status(ALICE), status(BOB)) == (401, 200)
        file.write_text(f"mallory {ALICE}\n", encoding="utf-8")
        assert (status(ALICE), status(BOB)) == (401, 200)
        (told,) = [
            entry
            for text in guarded.log.read_text(encoding="utf-8").splitlines()
            if text.startswith("{") and (entry := json.loads(text))["level"] == "error"
        ]
        assert "line 1: no hash" in told["message"]
        assert "stay good" in told["message"]
        assert ALICE not in told["message"]
    finally:
        file.write_text(before, encoding="utf-8")
    assert (status(ALICE), status(BOB)) == (200, 200)


def test_nobody_writes_where_there_are_no_tokens(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text(_PROBE, encoding="utf-8")
    options = ("--workers", "1")
    with serving(tmp_path / "log", *options, script=tmp_path / "probe.py") as server:
        for headers in ({}, bearer(ALICE)):
            for method in ("PUT", "POST", "DELETE"):
                answer = asking.request(method, f"{server.url}/probe/x", headers=headers)
                assert answer.status_code == 403
                assert answer.headers["content-type"] == "application/problem+json"
                assert "only reads" in answer.json()["title"]
        assert written(tmp_path) is None
        assert asking.request("PATCH", f"{server.url}/probe/x").status_code == 405
        assert asking.get(f"{server.url}/metrics").status_code == 200


def test_the_list_of_what_reads_has_each_route_with_another_method_and_no_more() -> None:
    made = application(Settings())
    told: set[str] = set()
    for route in made.routes:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Mount) or not (route.methods or {"any"}) <= {"GET", "HEAD"}:
            told.add(route.path)
    assert told == READING
    assert {route.path for route in made.routes if isinstance(route, Route)} >= FOR_HOLDERS
