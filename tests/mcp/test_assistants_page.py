"""The page about assistants: its calls have the answers shown, its configurations work."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from docs.make.snippets import ROOT, blocks
from docs.make.tool_calls import PAGE, updated_calls
from g60kg.web.assistants.graph_resources import PROMPTS, TEMPLATES, uri_template
from g60kg.web.assistants.tool_catalog import TOOLS
from tests.mcp.clients import over_stdio

CLIENT = blocks((ROOT / "docs" / "python.md").read_text(encoding="utf-8"), "python")[-1]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")


def servers() -> list[dict[str, Any]]:
    """Return the servers of the configurations on the page."""
    found = []
    for block in blocks(TEXT, "json"):
        configuration = json.loads(block)
        (servers,) = (configuration.get("mcpServers") or configuration["servers"],)
        found.append(servers["g60kg"])
    return found


@pytest.mark.usefixtures("shipped_graph")
def test_calls_on_the_page_have_the_answers_shown() -> None:
    assert len(blocks(TEXT, "tool")) >= 4
    assert updated_calls(TEXT) == TEXT, "run make docs"


def test_the_answer_on_the_page_quotes_the_answers_of_its_calls() -> None:
    lines = [line.removeprefix(">").strip() for line in TEXT.splitlines() if line.startswith(">")]
    quotes = re.findall(r'"([^"]{20,})"', " ".join(lines))
    answers = "".join(blocks(TEXT, "tool"))
    assert len(quotes) == 2
    for quote in quotes:
        assert quote in answers


def test_the_page_names_all_tools_resources_and_prompts() -> None:
    for tool in TOOLS:
        assert f"| `{tool.name}` |" in TEXT
    for template in TEMPLATES:
        assert uri_template(template).replace("{name}", "NAME") in TEXT
    for name in PROMPTS:
        assert f"`{name}`" in TEXT


@pytest.mark.long
def test_the_usual_configuration_starts_a_server() -> None:
    first, *others = servers()
    assert first == {"command": "g60kg", "args": ["mcp"]}
    assert {server.get("type", "stdio") for server in others} == {"stdio", "http"}

    async def listed() -> int:
        async with Client(over_stdio()) as client:
            return len((await client.list_tools()).tools)

    assert asyncio.run(listed()) == len(TOOLS)


@pytest.mark.long
def test_the_client_in_python_prints_the_rows(tmp_path: Path) -> None:
    command = tmp_path / "g60kg"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m g60kg "$@"\n')
    command.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", CLIENT],
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search("^Fosun Pharma .'quote:", done.stdout, re.MULTILINE)
