"""Routes for crawlers and feed readers: `/robots.txt`, `/sitemap.xml`, `/feed.atom`."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg.model.names import LANGUAGES
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.routes.api.request_parameters import RequestParameters
from g60kg.web.routes.pages.page_request import page_request_of, parameters_of
from g60kg.web.views import published_changes

_XML: Final = "application/xml"
_ATOM: Final = "application/atom+xml; charset=utf-8"
#: What crawlers may not load (RFC 9309): searches, filtered pages, the API, downloads.
_EXCLUDED: Final = (
    "/sparql$", "/api/", "/download/", "/reconcile", "/mcp", "/metrics", "/search", "/ask",
    "/check", "/*?",
)  # fmt: skip
#: Exceptions: the longest rule that matches a path counts.
_ALLOWED: Final = (*(f"/*?lang={language}$" for language in LANGUAGES), "/static/")


async def robots(request: Request) -> Response:
    """Return the rules for crawlers, with the URL of the sitemap."""
    root = request.scope.get("root_path", "")
    lines = [
        "User-agent: *",
        *(f"Disallow: {root}{path}" for path in _EXCLUDED),
        *(f"Allow: {root}{path}" for path in _ALLOWED),
        f"Sitemap: {request.base_url}sitemap.xml",
    ]
    return sent(request, ("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")


async def sitemap(request: Request) -> Response:
    """Return the sitemap, its index, or a part of it."""
    RequestParameters(request, ())
    part = request.path_params.get("part")
    run = state_of(request).workers.run
    body = await run(published_changes.sitemap, str(request.base_url), part)
    if body is None:
        raise HTTPException(404)
    return sent(request, body, _XML)


async def feed(request: Request) -> Response:
    """Return the Atom feed of changes."""
    parameters_of(request)
    run, language = state_of(request).workers.run, page_request_of(request).language
    body = await run(published_changes.feed, str(request.base_url), language)
    return sent(request, body, _ATOM, {"Vary": "Accept-Language, Cookie"})


routes: Final = [
    Route("/robots.txt", robots, methods=["GET"]),
    Route("/sitemap.xml", sitemap, methods=["GET"]),
    Route("/sitemap-{part:int}.xml", sitemap, methods=["GET"]),
    Route("/feed.atom", feed, methods=["GET"]),
]
