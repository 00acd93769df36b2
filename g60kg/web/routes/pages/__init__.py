"""Routes of the HTML pages, which are rendered by the server and work without JavaScript."""

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from g60kg import package_data
from g60kg.web.etag import CACHING, sent
from g60kg.web.routes.pages import browse_routes, check_page_routes, query_page_routes

#: A URL with a digest of the content never changes its content.
_FOREVER: Final = "public, max-age=31536000, immutable"
#: The paths of static files, with their extensions.
_STATIC: Final = re.compile(r"(?:bundle/)?[a-z]+\.(?P<extension>css|js|svg|txt)")
_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


async def _static(request: Request) -> Response:
    """Return a static file; it can be cached forever if its URL has the parameter ``v``."""
    path = _STATIC.fullmatch(request.path_params["path"])
    content = path and package_data.file_bytes(f"web/static/{path[0]}")
    if not path or content is None:
        raise HTTPException(404)
    dated = request.scope["query_string"].startswith(b"v=")
    headers = {"Cache-Control": _FOREVER if dated else CACHING}
    return sent(request, content, _TYPES[path["extension"]], headers)


routes: Final[list[BaseRoute]] = [
    *browse_routes.routes,
    *query_page_routes.routes,
    *check_page_routes.routes,
    Route("/static/{path:path}", _static, methods=["GET"]),
]
