"""`/mcp` of `serve`: Streamable HTTP without sessions, within the limits of the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client

from g60kg.web.assistants.tool_catalog import TOOLS
from tests.mcp.clients import answer_in
from tests.web.queries import RUNAWAY
from tests.web.serving import serving

#: The limit of a request in seconds, of a server whose other requests are short.
LIMIT = "2"
BASE = "https://kg.example.org"
ACCEPT = {"Accept": "application/json, text/event-stream"}
#: The code of an error of the server itself (JSON-RPC 2.0, section 5.1).
INTERNAL_ERROR = -32603
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
_TOOLS = [tool.name for tool in TOOLS]
_ARGUMENTS = sorted({argument.name for tool in TOOLS for argument in tool.arguments})
_CALLS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(_TOOLS) | _JSON,
        "arguments": st.dictionaries(st.sampled_from(_ARGUMENTS), _JSON, max_size=4) | _JSON,
    },
)
_REQUESTS = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0"), "id": st.integers() | st.text()},
    optional={
        "method": st.sampled_from(["tools/call", "tools/list", "resources/read", "initialize"]),
        "params": _CALLS | _JSON,
    },
)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("mcp") / "server.log"
    with serving(log, "--base", BASE) as started:
        yield f"{started.url}/mcp"


def post(endpoint: str, message: object, **headers: str) -> httpx.Response:
    """Send a message, as an object or as text."""
    content = message if isinstance(message, str) else json.dumps(message)
    given = {"Content-Type": "application/json", **ACCEPT, **headers}
    return httpx.post(endpoint, content=content, headers=given, timeout=60, trust_env=False)


def call(tool: str, number: int = 1, /, **given: object) -> dict[str, Any]:
    """Return the message of a call."""
    parameters = {"name": tool, "arguments": given}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": parameters}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_of_either_protocol_era_gets_answers(endpoint: str, mode: str) -> None:
    async def asked() -> None:
        async with Client(endpoint, mode=mode) as client:
            answer = answer_in(await client.call_tool("describe", {"entity": "腾讯"}))
            assert answer["data"]["id"] == "id:tencent"
            content = await client.read_resource("g60kg://id/tencent")
            assert "Tencent" in content.contents[0].model_dump()["text"]
            assert len((await client.list_prompts()).prompts) == 2

    asyncio.run(asked())


def test_a_message_needs_no_session_and_starts_none(endpoint: str) -> None:
    response = post(endpoint, call("sparql", query="ASK {}"))
    assert response.status_code == 200
    assert response.json()["result"]["structuredContent"]["data"]["boolean"] is True
    assert "mcp-session-id" not in response.headers
    initialized = post(
        endpoint,
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        },
    )
    assert initialized.json()["result"]["serverInfo"]["name"] == "g60kg"
    assert "mcp-session-id" not in initialized.headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        ("http://127.0.0.1.evil.example", 403),
        ("null", 403),
        ("http://[", 403),
        ("http://localhost:6274", 200),
        ("http://127.0.0.1:8000", 200),
        (BASE, 200),
    ],
)
def test_pages_of_other_sites_are_refused(endpoint: str, origin: str, status: int) -> None:
    response = post(endpoint, call("sparql", query="ASK {}"), Origin=origin)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("message", "status"),
    [("{", 400), ("[]", 400), (json.dumps({"x": "y" * 4_000_000}), 413)],
)
def test_what_is_no_message_is_refused(endpoint: str, message: str, status: int) -> None:
    assert post(endpoint, message).status_code == status


@pytest.mark.parametrize(
    "message", ["[]", "NaN", "3", json.dumps([call("sparql")]), "{}", json.dumps({"a" * 40_000: 1})]
)
def test_json_that_is_no_message_is_an_error_in_plain_words(endpoint: str, message: str) -> None:
    error = post(endpoint, message).json()["error"]
    assert error["code"] == -32600
    assert error["message"].startswith("Not a message of JSON-RPC 2.0")


@pytest.mark.parametrize("kind", ["text/csv", "a" * 5_000, ""])
def test_a_message_of_another_type_is_a_problem(endpoint: str, kind: str) -> None:
    response = post(endpoint, call("sparql", query="ASK {}"), **{"Content-Type": kind})
    assert response.status_code == 415
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "A message has the Content-Type application/json."


@pytest.mark.parametrize("identifier", ["NaN", "-Infinity", "1e999", "1.5", "null", "[1]"])
def test_an_invalid_id_is_an_error_and_not_in_the_answer(endpoint: str, identifier: str) -> None:
    response = post(endpoint, f'{{"jsonrpc": "2.0", "id": {identifier}, "method": "tools/list"}}')
    answer = json.loads(response.content, parse_constant=pytest.fail)
    assert (response.status_code, answer["id"], answer["error"]["code"]) == (400, None, -32600)


@given(message=st.one_of(_JSON, _REQUESTS))
def test_no_message_is_an_error_of_the_server(endpoint: str, message: object) -> None:
    response = post(endpoint, json.dumps(message))
    assert response.status_code in (200, 202, 400)
    if response.content:
        assert response.json().get("error", {}).get("code") != INTERNAL_ERROR


def test_other_methods_are_not_allowed(endpoint: str) -> None:
    assert httpx.get(endpoint, trust_env=False).status_code == 405
    assert httpx.delete(endpoint, trust_env=False).status_code == 405


def test_a_call_ends_at_the_limit_of_the_server(tmp_path: Path) -> None:
    with serving(tmp_path / "log", "--timeout", LIMIT) as started:
        endpoint = f"{started.url}/mcp"
        result = post(endpoint, call("sparql", query=RUNAWAY)).json()["result"]
        after = post(endpoint, call("sparql", query="ASK {}")).json()["result"]
    assert result["isError"] is True
    assert f"{LIMIT} seconds" in result["structuredContent"]["error"]["message"]
    assert after["isError"] is False


def test_a_response_has_at_most_32_kb(endpoint: str) -> None:
    response = post(
        endpoint, call("run_query", name="facts-about", parameters={"entity": "id:corridor"})
    )
    assert response.json()["result"]["structuredContent"]["complete"] is False
    assert 16_000 < len(response.content) <= 32_000


def test_answers_at_the_same_time_are_not_mixed(endpoint: str) -> None:
    def asked(number: int) -> bool:
        query = f"SELECT ({number} AS ?n) {{}}"
        reply = post(endpoint, call("sparql", number, query=query)).json()
        rows = reply["result"]["structuredContent"]["data"]["rows"]
        return bool(reply["id"] == number and rows == [{"n": number}])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(asked, range(24)))


@pytest.mark.long
def test_without_the_sdk_the_response_says_how_to_install_it(tmp_path: Path) -> None:
    script = tmp_path / "without.py"
    script.write_text(
        "import sys\n"
        "if __name__ == '__main__':\n"
        "    sys.modules['mcp'] = None\n"
        "    from g60kg.cli.app import main\n"
        "    main()\n"
    )
    with serving(tmp_path / "log", script=script) as started:
        response = post(f"{started.url}/mcp", call("sparql", query="ASK {}"))
    assert response.status_code == 501
    assert response.json()["title"] == "mcp is not installed."
    assert "g60kg[mcp]" in response.json()["detail"]
