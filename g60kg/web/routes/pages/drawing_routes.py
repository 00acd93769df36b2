"""Routes of the map, the matrix of industries and places, and the graph of neighbours."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg.errors import UsageError
from g60kg.web.app_state import state_of
from g60kg.web.routes.pages.page_request import page, page_request_of
from g60kg.web.svg import map_drawing, neighbour_drawing
from g60kg.web.views.pages import map_and_matrix, search_results

#: The entity of the graph page without a parameter.
_FIRST: Final = "id:corridor"


async def map_(request: Request) -> Response:
    """Return the page with the member cities on a map."""
    run = state_of(request).workers.run
    cities = await run(map_and_matrix.cities_on_map, page_request_of(request).language)
    placed = [
        (city, map_drawing.Point(city.name.text, city.latitude, city.longitude))
        for city in cities
        if city.latitude is not None and city.longitude is not None
    ]
    drawn = map_drawing.draw_map([point for _, point in placed])
    dots = zip((city for city, _ in placed), drawn.points if drawn else (), strict=True)
    return page(request, "map.html", cities=cities, map=drawn, dots=list(dots))


async def matrix(request: Request) -> Response:
    """Return the page with the matrix of industries and places."""
    view = await state_of(request).workers.run(
        map_and_matrix.matrix, page_request_of(request).language
    )
    return page(request, "matrix.html", view=view)


async def graph(request: Request) -> Response:
    """Return the page of an entity and its neighbours."""
    asked = request.query_params.get("entity", "").strip()[:400]
    run = state_of(request).workers.run
    language = page_request_of(request).language
    try:
        view = await run(search_results.neighbourhood, asked or _FIRST, language)
    except UsageError as wrong:
        near = await run(search_results.nearest, asked, language) if asked else ()
        return page(
            request,
            "graph.html",
            wrong.http_status,
            asked=asked,
            view=None,
            error=wrong,
            nearest=near,
        )
    drawn = neighbour_drawing.draw_neighbours(view.name.text, view.neighbours)
    return page(request, "graph.html", asked=asked, view=view, drawing=drawn)


routes: Final = [Route("/map", map_), Route("/matrix", matrix), Route("/graph", graph)]
