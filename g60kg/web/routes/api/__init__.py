"""Routes of the API: canned queries, entities, search and validation."""

from typing import Final

from starlette.routing import Route

from g60kg.web.routes.api import entity_routes, openapi_document, query_routes, validate_route

routes: Final = [
    Route("/openapi.json", openapi_document.openapi, methods=["GET"]),
    Route("/api/queries", query_routes.list_queries, methods=["GET"]),
    Route("/api/queries/{name}", query_routes.answer_query, methods=["GET"]),
    Route("/api/ask", query_routes.answer_question, methods=["GET"]),
    Route("/api/cite", query_routes.cite_sources, methods=["GET"]),
    Route("/api/search", entity_routes.search_entities, methods=["GET"]),
    Route("/api/entities", entity_routes.list_entities, methods=["GET"]),
    Route("/api/entities/{name:path}", entity_routes.describe_entity, methods=["GET"]),
    Route("/api/validate", validate_route.validate_facts, methods=["POST"]),
]
