"""`/openapi.json`: what the API takes and gives."""

from __future__ import annotations

import json
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from g60kg.web.freshness import sent
from g60kg.web.routes.api.openapi import document
from g60kg.web.state import state_of


async def openapi(request: Request) -> Response:
    """The OpenAPI document; its server is where a proxy has this one."""
    body = _written(state_of(request).settings.root_path)
    return sent(request, body, "application/json", {"G60kg-Complete": "true"})


@cache
def _written(root_path: str) -> bytes:
    return json.dumps(document(root_path), ensure_ascii=False).encode() + b"\n"
