"""`/api/entities` and `/api/search`: things by name, with the facts about them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import UsageError
from g60kg.model.names import LONGEST_NAME
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import chosen
from g60kg.web.routes.api.query_routes import JSON, links
from g60kg.web.routes.api.request_parameters import Asked, accepted
from g60kg.web.views import api_entities
from g60kg.web.views.query_results import Written


async def described(request: Request) -> Response:
    """An entity with its names, classes and facts, by local name, label, CURIE or IRI."""
    asked = _asked(request)
    name = request.path_params["name"]
    if len(name) > LONGEST_NAME:
        raise UsageError(f"A name longer than {LONGEST_NAME} characters.")
    written = await state_of(request).workers.run(
        api_entities.described,
        name,
        asked.language,
        asked.limit,
        asked.offset,
    )
    return _page(request, asked, written)


async def listed(request: Request) -> Response:
    """The entities of a class, page by page."""
    asked = _asked(request, "class")
    written = await state_of(request).workers.run(
        api_entities.listed, asked.text("class"), asked.language, asked.limit, asked.offset
    )
    return _page(request, asked, written)


async def found(request: Request) -> Response:
    """The entities that bear a text in a name, page by page."""
    asked = _asked(request, "q")
    text = asked.required("q", "Songjiang")
    written = await state_of(request).workers.run(
        api_entities.found, text, asked.language, asked.limit, asked.offset
    )
    return _page(request, asked, written)


def _asked(request: Request, *own: str) -> Asked:
    asked = Asked(request, (*own, "lang", "limit", "offset"))
    chosen((JSON,), format_=None, accept=accepted(request))
    return asked


def _page(request: Request, asked: Asked, written: Written) -> Response:
    headers = {
        "G60kg-Complete": str(written.complete).lower(),
        "Link": links(request, asked, written),
        "Vary": "Accept",
    }
    return sent(request, written.body, JSON.content_type, headers)
