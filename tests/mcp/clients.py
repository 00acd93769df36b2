"""Clients of the protocol for tests: in memory, over stdio and over HTTP."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import mcp_types as types
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from g60kg.model.article_text import Text
from g60kg.stores.local_store import LocalStore
from g60kg.web.assistants.answer_pages import USUAL_SIZE
from g60kg.web.assistants.protocol_server import Backend, protocol_server
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.open_graph import Context
from tests.conftest import environment

Result = TypeVar("Result")


@dataclass(frozen=True)
class DirectBackend(Backend):
    """Runs calls in this process, over a graph that a test prepared."""

    context: Context | None = None

    async def run(self, job: Callable[..., Result], *given: object) -> Result:
        open_graph._of_job.context = self.context
        try:
            return job(*given, "en", self.most)
        finally:
            del open_graph._of_job.context


@dataclass(frozen=True)
class Assistant:
    """A client in memory, with a connection of its own for each request."""

    server: Server[Any]
    mode: str = "auto"

    def ask(self, request: Callable[[Client], Awaitable[Result]]) -> Result:
        """Return the response to a request."""

        async def asked() -> Result:
            async with Client(self.server, mode=self.mode) as client:
                try:
                    return await request(client)
                except MCPError as error:
                    refused = error
            raise refused  # outside of the client, which would wrap it in a group

        return asyncio.run(asked())

    def page_of_tools(self, cursor: str | None) -> types.ListToolsResult:
        """Return a page of the list of tools."""
        return self.ask(lambda client: client.list_tools(cursor=cursor))

    def tools(self) -> list[types.Tool]:
        """Return the tools of all pages of the list."""
        page = self.page_of_tools(None)
        found = [*page.tools]
        while page.next_cursor is not None:
            page = self.page_of_tools(page.next_cursor)
            found += page.tools
        return found

    def resource(self, uri: str) -> str:
        """Return the text of a resource."""
        read = self.ask(lambda client: client.read_resource(uri))
        (content,) = read.contents
        assert isinstance(content, types.TextResourceContents)
        return content.text

    def call(self, tool: str, /, **given: object) -> types.CallToolResult:
        """Return the result of a call."""
        return self.ask(lambda client: client.call_tool(tool, given))

    def answer(self, tool: str, /, **given: object) -> dict[str, Any]:
        """Return the answer to a call that succeeds."""
        result = self.call(tool, **given)
        assert not result.is_error, result
        return answer_in(result)

    def error(self, tool: str, /, **given: object) -> dict[str, str]:
        """Return the error of a call that fails."""
        result = self.call(tool, **given)
        assert result.is_error, result
        error: dict[str, str] = answer_in(result)["error"]
        return error


def assistant(
    store: LocalStore,
    *texts: Text,
    most: int = USUAL_SIZE,
    all_queries: bool = False,
    mode: str = "auto",
) -> Assistant:
    """Return a client of a server in memory."""
    context = Context(Settings(), store)
    vars(context)["texts"] = {text.digest: text for text in texts}
    backend = DirectBackend(cast(Any, None), most, all_queries, context)
    return Assistant(protocol_server(backend), mode)


def answer_in(result: types.CallToolResult) -> dict[str, Any]:
    """Return the answer of a result, which its text and its structured content both have."""
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    answer: dict[str, Any] = json.loads(content.text)
    assert answer == result.structured_content
    return answer


def size_of(result: types.CallToolResult) -> int:
    """Return the bytes of a result as a message has it."""
    return len(result.model_dump_json(by_alias=True).encode())


def over_stdio(*options: str | Path, globals_: tuple[str, ...] = ()) -> Any:
    """Return the transport to a new process of ``g60kg mcp``."""
    arguments = ["-m", "g60kg", *globals_, "mcp", *map(str, options)]
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=environment())
    return stdio_client(parameters)
