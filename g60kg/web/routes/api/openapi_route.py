"""Route `/openapi.json`: the OpenAPI document of the API."""

from __future__ import annotations

import json
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.routes.api.openapi_document import document


async def openapi(request: Request) -> Response:
    """Return the OpenAPI document, with the URL of this server."""
    settings = state_of(request).settings
    body = _written(settings.base or settings.root_path)
    return sent(request, body, "application/json", {"G60kg-Complete": "true"})


@cache
def _written(server: str) -> bytes:
    return json.dumps(document(server), ensure_ascii=False).encode() + b"\n"
