"""`g60kg mcp` as clients start it: a process that speaks over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from mcp import Client
from mcp.server.transport_security import DEFAULT_MAX_REQUEST_BODY_SIZE

from g60kg.cli.app import main
from tests.cli.run import g60kg
from tests.mcp.clients import answer_in, over_stdio
from tests.web.queries import RUNAWAY

#: A limit in seconds that no other call of these tests reaches.
LIMIT = "8"


@pytest.mark.parametrize("mode", ["auto", pytest.param("legacy", marks=pytest.mark.long)])
def test_a_client_of_either_protocol_era_gets_answers(mode: str) -> None:
    async def asked() -> None:
        async with Client(over_stdio(), mode=mode) as client:
            assert client.server_info is not None
            assert client.server_info.name == "g60kg"
            answer = answer_in(await client.call_tool("describe", {"entity": "腾讯"}))
            assert answer["data"]["id"] == "id:tencent"
            content = await client.read_resource("g60kg://id/tencent")
            assert "Tencent" in content.contents[0].model_dump()["text"]

    asyncio.run(asked())


@pytest.mark.long
def test_a_call_ends_at_its_limit_and_the_next_one_is_answered() -> None:
    async def asked() -> None:
        async with Client(over_stdio("--timeout", LIMIT)) as client:
            slow = await client.call_tool("sparql", {"query": RUNAWAY})
            assert slow.is_error
            error = answer_in(slow)["error"]
            assert error["message"] == f"The request exceeded the time limit of {LIMIT} seconds."
            assert error["hint"]
            again = await client.call_tool("sparql", {"query": "ASK {}"})
            assert answer_in(again)["data"]["boolean"] is True

    asyncio.run(asked())


@pytest.mark.long
def test_the_process_ends_when_nobody_reads_its_output() -> None:
    line = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}'
    with subprocess.Popen(
        [sys.executable, "-m", "g60kg", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(2 * (line + b"\n"))
        process.stdin.flush()
        # The input stays open.
        assert process.wait(60) == 141
        assert process.stderr.read() == b""


@pytest.mark.long
def test_calls_that_run_when_the_input_ends_are_answered() -> None:
    call = {"name": "sparql", "arguments": {"query": "SELECT * { ?s ?p ?o } LIMIT 2"}}
    info = {"name": "t", "version": "1"}
    began = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": info}
    lines: list[dict[str, Any]] = [
        {"id": 0, "method": "initialize", "params": began},
        {"method": "notifications/initialized"},
        {"method": "notifications/cancelled", "params": {"requestId": [1]}},
        {"method": "notifications/cancelled"},
        *({"id": number, "method": "tools/call", "params": call} for number in range(1, 6)),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "g60kg", "mcp"],
        input="".join(json.dumps({"jsonrpc": "2.0", **line}) + "\n" for line in lines).encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    # Only messages are on standard output.
    answers = {one["id"]: one for one in map(json.loads, done.stdout.splitlines()) if "id" in one}
    assert set(answers) == set(range(6))
    assert all("result" in one for one in answers.values())


def answers_to(*lines: bytes) -> list[dict[str, Any]]:
    """Return the answers of one process to lines, of which the last one is a request."""
    last = json.loads(lines[-1])["id"]
    answers: list[dict[str, Any]] = []
    with subprocess.Popen(
        [sys.executable, "-m", "g60kg", "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"".join(line + b"\n" for line in lines))
        process.stdin.flush()
        while not answers or answers[-1]["id"] != last:
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.wait(30) == 0
    return answers


PARSE, REQUEST = types.PARSE_ERROR, types.INVALID_REQUEST
LONG = b"x" * DEFAULT_MAX_REQUEST_BODY_SIZE


@pytest.mark.long
def test_each_line_that_is_no_message_is_answered_and_the_session_goes_on() -> None:
    wrong = {
        b'{"jsonrpc": "2.0", "id": 1, "method"': (PARSE, None),
        b'"\xff"': (PARSE, None),
        b'{"jsonrpc": "2.0", "id": 2, "method": "ping", "params": %s1%s}'
        % (b'{"a":' * 5000, b"}" * 5000): (PARSE, None),
        b"[]": (REQUEST, None),
        b"5": (REQUEST, None),
        b'{"jsonrpc": "2.0", "method": 1, "params": "bar"}': (REQUEST, None),
        b'{"jsonrpc": "1.0", "id": "three", "method": "ping"}': (REQUEST, "three"),
        b'{"jsonrpc": "2.0", "id": 4, "method": "ping", "params": [1]}': (REQUEST, 4),
        b'{"jsonrpc": "2.0", "id": null, "method": "ping"}': (REQUEST, None),
        b'{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}': (REQUEST, None),
        b'{"jsonrpc": "2.0", "id": NaN, "method": "ping"}': (REQUEST, None),
        b'{"jsonrpc": "2.0", "id": -Infinity, "method": "ping"}': (REQUEST, None),
        b'{"jsonrpc": "2.0", "id": 6, "method": "ping", "params": {"a": "%s"}}' % LONG: (
            REQUEST,
            None,
        ),
        LONG * 3: (REQUEST, None),
    }
    # Neither blank lines nor notifications get an answer.
    silent = [b"", b" \r", b'{"jsonrpc": "2.0", "method": "notifications/none"}']
    *errors, pong = answers_to(
        *wrong, *silent, b'{"jsonrpc": "2.0", "id": "last", "method": "ping"}\r'
    )
    assert pong == {"jsonrpc": "2.0", "id": "last", "result": {}}
    found = [(answer["error"]["code"], answer["id"]) for answer in errors]
    assert found == list(wrong.values())
    assert all(answer["error"]["message"].endswith(".") for answer in errors)


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)]
)
def test_a_signal_ends_the_process_while_its_input_is_open(number: signal.Signals) -> None:
    ping = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'
    with subprocess.Popen(
        [sys.executable, "-m", "g60kg", "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(ping)
        process.stdin.flush()
        assert process.stdout.readline(), "it has started"
        process.send_signal(number)
        assert process.wait(30) == 128 + number


def test_options_of_the_command_are_checked(tmp_path: Path) -> None:
    refused = g60kg("--endpoint", "http://127.0.0.1:9/", "mcp")
    assert refused.returncode == 2
    assert "not an endpoint" in refused.stderr
    missing = g60kg("--store", tmp_path / "none", "mcp")
    assert missing.returncode == 2
    assert "load" in missing.stderr


def test_without_the_extra_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.stdio", None)
    monkeypatch.delitem(sys.modules, "g60kg.web.stdio_server", raising=False)
    monkeypatch.setattr(sys, "argv", ["g60kg", "mcp"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert 'pip install "g60kg[mcp]"' in capfd.readouterr().err


def test_other_commands_do_not_import_the_sdk() -> None:
    code = "import sys; import g60kg.cli.app; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are of POSIX")
def test_a_user_at_a_terminal_learns_that_it_waits_for_a_client() -> None:
    held, terminal = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "g60kg", "mcp"], stdin=terminal, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(terminal)
        assert process.stderr is not None
        first = process.stderr.readline()
        process.terminate()
        os.close(held)
    assert first.startswith("Waiting for a client")
