"""Routes of the HTML pages, which are rendered by the server and work without JavaScript."""

from __future__ import annotations

from typing import Final

from starlette.routing import BaseRoute

from g60kg.web.routes.pages import (
    check_page_routes,
    drawing_routes,
    home_routes,
    query_page_routes,
    static_files,
)
from g60kg.web.routes.pages.entity_page_routes import not_found, resource_page
from g60kg.web.routes.pages.error_pages import error_page, wants_page

__all__ = ["error_page", "not_found", "resource_page", "routes", "wants_page"]

routes: Final[list[BaseRoute]] = [
    *home_routes.routes,
    *drawing_routes.routes,
    *query_page_routes.routes,
    *check_page_routes.routes,
    *static_files.routes,
]
