"""Routes of the HTML pages, which are rendered by the server and work without JavaScript."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from g60kg.web.etag import CACHING
from g60kg.web.routes.pages import browse_routes, check_page_routes, query_page_routes

#: A URL with a digest of the content never changes its content.
_FOREVER: Final = "public, max-age=31536000, immutable"


class _Files(StaticFiles):
    """Static files with cache headers: immutable if the URL has a digest."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        dated = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOREVER if dated else CACHING
        return response


routes: Final[list[BaseRoute]] = [
    *browse_routes.routes,
    *query_page_routes.routes,
    *check_page_routes.routes,
    Mount("/static", _Files(packages=[("g60kg.web", "static")])),
]
