"""Pages for people: made by the server, readable without a script, in English and Chinese."""

from __future__ import annotations

from typing import Final

from starlette.routing import BaseRoute

from g60kg.web.routes.pages import catalogue, check, drawings, files, overview
from g60kg.web.routes.pages.failures import error_page, wants_page
from g60kg.web.routes.pages.things import not_found, thing_page

__all__ = ["error_page", "not_found", "routes", "thing_page", "wants_page"]

routes: Final[list[BaseRoute]] = [
    *overview.routes,
    *drawings.routes,
    *catalogue.routes,
    *check.routes,
    *files.routes,
]
