"""Server of the Model Context Protocol over standard input and output."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress

from mcp.server.stdio import stdio_server

from g60kg.errors import G60kgError
from g60kg.stores.local_store import LocalStore
from g60kg.web.assistant_backend import WorkerBackend
from g60kg.web.assistants.protocol_server import protocol_server
from g60kg.web.server_settings import Settings
from g60kg.web.workers import Workers


def run(settings: Settings, *, most: int, all_queries: bool) -> None:
    """Serve one client until its input ends.

    Raises:
        NoStore, EngineFailure: the store cannot be opened.
    """
    if settings.store is not None:
        LocalStore.at(settings.store)  # an error is reported before any process has started
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    asyncio.run(_serve(settings, most, all_queries))


def _end(number: int, _frame: object) -> None:
    """End the process at once; worker processes end with it."""
    # An orderly exit would wait for the thread that reads standard input.
    os._exit(128 + number)


async def _serve(settings: Settings, most: int, all_queries: bool) -> None:
    async with stdio_server() as (incoming, outgoing):
        # After the streams are claimed, so that no worker process inherits them.
        workers = Workers(settings)
        backend = WorkerBackend(workers, most, all_queries)
        warming = asyncio.create_task(_warm(backend))
        server = protocol_server(backend, all_queries=all_queries)
        try:
            await server.run(incoming, outgoing, server.create_initialization_options())
        finally:
            warming.cancel()
            workers.close()


async def _warm(backend: WorkerBackend) -> None:
    """Ask a question, so that the names of the graph are read before a user asks one."""
    with suppress(G60kgError):
        await backend.call("find_query", {"question": "Which cities?"})
