"""The page about assistants: its calls have the answers shown, its configurations work."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from mcp import Client

from docs.make.snippets import ROOT, blocks
from docs.make.tool_calls import PAGE, updated_calls
from g60kg.web.assistants.graph_resources import TEMPLATES
from g60kg.web.assistants.prompt_texts import PROMPTS
from g60kg.web.assistants.tool_catalog import TOOLS
from tests.mcp.clients import over_stdio

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
        assert template.uri.replace("{name}", "NAME") in TEXT
    for name in PROMPTS:
        assert f"`{name}`" in TEXT


def test_the_usual_configuration_starts_a_server() -> None:
    first, *others = servers()
    assert first == {"command": "g60kg", "args": ["mcp"]}
    assert {server.get("type", "stdio") for server in others} == {"stdio", "http"}

    async def listed() -> int:
        async with Client(over_stdio()) as client:
            return len((await client.list_tools()).tools)

    assert asyncio.run(listed()) == len(TOOLS)
