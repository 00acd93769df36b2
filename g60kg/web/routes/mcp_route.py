"""Route `/mcp`: the Model Context Protocol over Streamable HTTP, without sessions."""

import asyncio
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from g60kg.errors import needing_extra
from g60kg.web.app_state import State, state_of
from g60kg.web.problem_details import Forbidden, UnsupportedMediaType
from g60kg.web.routes.api.request_parameters import media_type

_JSON: Final = "application/json"
_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))


async def mcp(request: Request) -> Response:
    """Return the response to one message of an MCP client."""
    state = state_of(request)
    _check_origin(request.headers.get("origin"), state.settings.base)
    if media_type(request) != _JSON:
        raise UnsupportedMediaType(f"A message has the Content-Type {_JSON}.")
    with needing_extra("mcp"):
        # In a thread, since the first import of the SDK takes a second.
        manager = await asyncio.to_thread(_transport, state)
    body = await request.body()
    return _unread(body) or _Handled(manager, body)


def _unread(body: bytes) -> Response | None:
    """Return an error for JSON that is not a JSON-RPC message, or that has an invalid id.

    None for a valid message, and for a body that is not JSON.
    """
    from pydantic_core import from_json

    from g60kg.web.assistants.protocol_server import error_in

    with suppress(ValueError):  # what is no JSON is refused by the SDK
        if error := error_in(from_json(body)):
            content = error.model_dump_json(by_alias=True, exclude_unset=True)
            return Response(content, 400, media_type=_JSON)
    return None


class _Handled(Response):
    """A response that, when it is sent, lets the SDK's transport answer the request."""

    def __init__(self, manager: Any, body: bytes) -> None:
        super().__init__()
        self._manager = manager
        self._body: bytes | None = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def received() -> Message:
            body, self._body = self._body, None
            return await receive() if body is None else {"type": "http.request", "body": body}

        async with self._manager.run():
            await self._manager.handle_request(scope, received, send)


def _transport(state: State) -> Any:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from g60kg.web.assistants.protocol_server import Backend, protocol_server

    server = protocol_server(Backend(state.workers))
    return StreamableHTTPSessionManager(server, json_response=True, stateless=True)


def _check_origin(origin: str | None, base: str) -> None:
    """Raise Forbidden for the origin of a page of another site.

    Such a page could otherwise reach a server on loopback. Allowed are no origin, loopback, and the
    origin of the server's URL.
    """
    if origin is None:
        return  # not a browser
    parts = urlsplit(base)
    try:
        is_local = urlsplit(origin).hostname in _LOOPBACK
    except ValueError:
        is_local = False
    if not is_local and origin.lower() != f"{parts.scheme}://{parts.netloc}":
        raise Forbidden(
            "The origin of the request is not allowed.",
            hint="Allowed are pages of this machine and of the address given with --base.",
        )


routes: Final = [Route("/mcp", mcp, methods=["POST"])]
