"""`/api`: canned queries, entities, search and validation for programs, in JSON and tables."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from g60kg.web.routes.api import canned, checks, described, entities

routes: Final = [
    Route("/openapi.json", described.openapi, methods=["GET"]),
    Route("/api/queries", canned.listed, methods=["GET"]),
    Route("/api/queries/{name}", canned.answered, methods=["GET"]),
    Route("/api/search", entities.found, methods=["GET"]),
    Route("/api/entities", entities.listed, methods=["GET"]),
    Route("/api/entities/{name:path}", entities.described, methods=["GET"]),
    Route("/api/validate", checks.checked, methods=["POST"]),
]
