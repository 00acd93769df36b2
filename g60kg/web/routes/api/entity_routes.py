"""Routes `/api/entities` and `/api/search`: entities by name, with their facts."""

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from g60kg.web.app_state import state_of
from g60kg.web.assistants import api_answers
from g60kg.web.negotiation import requested
from g60kg.web.routes.api.query_routes import JSON, paged
from g60kg.web.routes.api.request_parameters import RequestParameters
from g60kg.web.views.query_results import Written

#: A name, a class or a text.
Asked = TypeVar("Asked")


async def describe_entity(request: Request) -> Response:
    """Return a page of an entity's facts, by its local name, label, CURIE or IRI in the path."""
    name = request.path_params["name"]
    return await _page(request, api_answers.describe_entity, name, _parameters(request))


async def list_entities(request: Request) -> Response:
    """Return a page of the entities of the parameter ``class``; of all entities without it."""
    given = _parameters(request, "class")
    return await _page(request, api_answers.list_entities, given.text("class"), given)


async def search_entities(request: Request) -> Response:
    """Return a page of the entities whose names or quotations match the required ``q``."""
    given = _parameters(request, "q")
    return await _page(
        request, api_answers.search_entities, given.required("q", "Songjiang"), given
    )


def _parameters(request: Request, *own: str) -> RequestParameters:
    given = RequestParameters(request, (*own, "lang", "limit", "offset"))
    requested(request, (JSON,))
    return given


async def _page(
    request: Request,
    job: Callable[[Asked, str, int, int], Written],
    asked: Asked,
    given: RequestParameters,
) -> Response:
    written = await state_of(request).workers.run(
        job, asked, given.language, given.limit, given.offset
    )
    return paged(request, given, written, JSON)
