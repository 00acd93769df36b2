"""The files that pages load: style sheets, scripts, the icon."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from g60kg.web.etag import CACHING

#: What is asked for with a digest of its content never changes at that address.
_FOREVER: Final = "public, max-age=31536000, immutable"


class _Files(StaticFiles):
    """Files that a browser keeps: for good where their address has a digest."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        dated = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOREVER if dated else CACHING
        return response


routes: Final = [Mount("/static", _Files(packages=[("g60kg.web", "static")]))]
