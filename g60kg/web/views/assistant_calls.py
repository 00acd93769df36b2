"""Jobs that answer calls of assistants."""

from __future__ import annotations

from typing import Any

from g60kg.web.assistants.graph_resources import Content, read
from g60kg.web.assistants.json_values import OpenGraph
from g60kg.web.assistants.tool_catalog import call, find_tool
from g60kg.web.views.open_graph import current


def called(
    name: str, given: dict[str, object], language: str, most: int, all_queries: bool
) -> dict[str, Any]:
    """Return the answer to a call of a tool, of at most ``most`` bytes."""
    return call(find_tool(name, all_queries), given, _opened, language, most)


def resource(uri: str, language: str, most: int) -> Content:
    """Return the content of a resource, of at most ``most`` bytes."""
    return read(uri, _opened, language, most)


def _opened(language: str) -> OpenGraph:
    context = current()
    return OpenGraph(
        context.store,
        context.texts,
        context.resolver,
        context.vocabulary,
        context.interpreter,
        context.labels(language),
    )
