"""Server of the Model Context Protocol over standard input and output."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, BinaryIO, Final, cast

import mcp_types as types
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import DEFAULT_MAX_REQUEST_BODY_SIZE
from mcp.shared.message import SessionMessage
from pydantic_core import from_json

from g60kg.errors import G60kgError
from g60kg.stores.local_store import LocalStore
from g60kg.web.assistants.protocol_server import Backend, error_in, error_of, protocol_server
from g60kg.web.server_settings import Settings
from g60kg.web.workers import Workers

#: The most bytes of a message: the limit of the SDK over HTTP.
_MAX_MESSAGE: Final = DEFAULT_MAX_REQUEST_BODY_SIZE
#: Seconds beyond the time limit of a call until its answer is written.
_GRACE: Final = 5.0


def run(settings: Settings, *, most: int, all_queries: bool) -> None:
    """Serve one MCP client until its input or output ends; answers have at most ``most`` bytes."""
    if settings.store is not None:
        LocalStore.at(settings.store)  # an error is reported before any process has started
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    asyncio.run(_serve(settings, most, all_queries))


def _end(number: int, _frame: object) -> None:
    """Exit at once with status 128 plus the signal's number; worker processes end too."""
    # An orderly exit would wait for the thread that reads standard input.
    os._exit(128 + number)


async def _serve(settings: Settings, most: int, all_queries: bool) -> None:
    async def refuse(error: types.JSONRPCError) -> None:
        await outgoing.send(SessionMessage(error))

    # The SDK ignores lines that are no messages, drops the calls that run when the input ends, and
    # waits for its input after its output has failed. It only iterates over the input, and writes
    # and flushes the output.
    output = _Output(settings.time_limit + _GRACE)
    lines, out = cast(Any, _messages(_claimed_input(), refuse, output)), cast(Any, output)
    async with stdio_server(stdin=lines, stdout=out) as (incoming, outgoing):
        # After the streams are claimed, so that no worker process inherits them.
        workers = Workers(settings)
        backend = Backend(workers, most, all_queries)
        warming = asyncio.create_task(_warm(backend))
        server = protocol_server(backend)
        try:
            await server.run(incoming, outgoing, server.create_initialization_options())
        finally:
            warming.cancel()
            workers.close()


def _claimed_input() -> BinaryIO:
    """Return standard input for this process; child processes read the null device instead."""
    claimed = os.fdopen(os.dup(0), "rb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return claimed


class _Output:
    """Standard output, for messages alone; the process ends when nobody reads it."""

    def __init__(self, patience: float) -> None:
        #: The ids of the requests without an answer, and the seconds to wait for these at the end.
        self.open_requests: set[str | int] = set()
        self.patience = patience
        self._wire = os.fdopen(os.dup(1), "wb")
        # What this process starts, and a stray print, write to standard error.
        os.dup2(2, 1)

    async def write(self, text: str) -> None:
        message = json.loads(text)
        if "method" not in message:
            self.open_requests.discard(message.get("id"))
        await self._attempt(self._wire.write, text.encode())

    async def flush(self) -> None:
        await self._attempt(self._wire.flush)

    async def _attempt(self, write: Callable[..., object], *given: bytes) -> None:
        try:
            await asyncio.to_thread(write, *given)
        except OSError:
            # An orderly exit would wait for the thread that reads standard input.
            os._exit(141)  # as a shell reports SIGPIPE


async def _messages(
    wire: BinaryIO, refuse: Callable[[types.JSONRPCError], Awaitable[None]], output: _Output
) -> AsyncIterator[str]:
    """Yield the lines that are JSON-RPC messages; pass an error to ``refuse`` for others not blank.

    At the end of the input, wait for all answers, at most ``output.patience`` seconds.
    """
    while line := await asyncio.to_thread(wire.readline, _MAX_MESSAGE + 1):
        if len(line) > _MAX_MESSAGE:
            while not line.endswith(b"\n") and line:
                line = await asyncio.to_thread(wire.readline, _MAX_MESSAGE)
            reason = f"The message is longer than {_MAX_MESSAGE:,} bytes."
            await refuse(error_of(types.INVALID_REQUEST, reason))
            continue
        if not line.strip():
            continue
        try:
            message = from_json(line)
        except ValueError as error:
            await refuse(error_of(types.PARSE_ERROR, f"Invalid JSON: {error}."))
            continue
        if invalid := error_in(message):
            await refuse(invalid)
        else:
            if "id" in message and "method" in message:
                output.open_requests.add(message["id"])
            elif message.get("method") == "notifications/cancelled":
                # No answer follows. The SDK ignores a notification without a valid id.
                cancelled = (message.get("params") or {}).get("requestId")
                output.open_requests -= {cancelled} if isinstance(cancelled, str | int) else set()
            yield line.decode()
    with suppress(TimeoutError):
        async with asyncio.timeout(output.patience):
            while output.open_requests:
                await asyncio.sleep(0.01)


async def _warm(backend: Backend) -> None:
    """Ask a question, so that the names of the graph are read before the first user's question."""
    with suppress(G60kgError):
        await backend.call("find_query", {"question": "Which cities?"})
