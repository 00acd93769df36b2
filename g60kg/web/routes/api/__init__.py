"""Routes of the API: canned queries, entities, search and validation."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from g60kg.web.routes.api import entity_routes, openapi_document, query_routes, validate_route

routes: Final = [
    Route("/openapi.json", openapi_document.openapi, methods=["GET"]),
    Route("/api/queries", query_routes.listed, methods=["GET"]),
    Route("/api/queries/{name}", query_routes.answered, methods=["GET"]),
    Route("/api/ask", query_routes.asked, methods=["GET"]),
    Route("/api/cite", query_routes.cited, methods=["GET"]),
    Route("/api/search", entity_routes.found, methods=["GET"]),
    Route("/api/entities", entity_routes.listed, methods=["GET"]),
    Route("/api/entities/{name:path}", entity_routes.described, methods=["GET"]),
    Route("/api/validate", validate_route.checked, methods=["POST"]),
]
