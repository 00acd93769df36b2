"""Routes of the pages to browse: home, lists, timeline, search, map, matrix, neighbours."""

import re
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg.errors import UsageError
from g60kg.queries.parameters import check_years
from g60kg.web.routes.pages import structured_data
from g60kg.web.routes.pages.page_request import page, page_request_of, parameters_of, view_of
from g60kg.web.svg import map_drawing, neighbour_drawing
from g60kg.web.views.pages import home_page, map_and_matrix, search_results, timeline_page
from g60kg.web.views.pages.map_and_matrix import chosen_place, iri_of_place

#: Characters of a search.
_LONGEST: Final = 200
#: Characters of a text that a page refuses itself.
_READ: Final = 10_000
_YEAR: Final = re.compile(r"[0-9]{1,9}")
#: The entity of the graph page without a parameter.
_FIRST: Final = "id:corridor"


async def _home(request: Request) -> Response:
    parameters_of(request)
    view = await view_of(request, home_page.home)
    structured = structured_data.of_graph(page_request_of(request))
    return page(request, "home.html", view=view, structured=structured)


def _described(request: Request, title: str, kind: str = "WebPage") -> dict[str, Any] | None:
    return structured_data.of_page(page_request_of(request), title, kind)


async def _companies(request: Request) -> Response:
    return await _sections(request, "companies", "enterprises", "enterprise", "industry")


async def _projects(request: Request) -> Response:
    return await _sections(request, "projects", "projects", "project", "place")


async def _sections(request: Request, page_: str, query: str, member: str, group: str) -> Response:
    offset = parameters_of(request, "offset").offset
    table = await view_of(request, home_page.listed, query, group, offset)
    return page(
        request,
        "sections.html",
        table=table,
        page=page_,
        query=query,
        member=member,
        group=group,
        page_size=home_page.MOST,
        structured=_described(request, f"{page_}.title", "CollectionPage"),
    )


async def _sources(request: Request) -> Response:
    offset = parameters_of(request, "offset").offset
    view = await view_of(request, home_page.source_list, offset)
    structured = _described(request, "articles.title", "CollectionPage")
    size = home_page.MOST
    return page(request, "sources.html", view=view, page_size=size, structured=structured)


async def _timeline(request: Request) -> Response:
    asked = parameters_of(request, "from", "to", "city", "offset")
    given = {name: (asked.text(name) or "").strip() for name in ("from", "to")}
    for name, value in given.items():
        if value and not _YEAR.fullmatch(value):
            return page(request, "timeline.html", 400, view=None, given=given, wrong=name)
    check_years(given["from"], given["to"])
    city = asked.text("city") or ""
    view = await view_of(
        request, timeline_page.timeline, given["from"], given["to"], city, asked.offset
    )
    return page(
        request,
        "timeline.html",
        view=view,
        given=given,
        wrong="",
        page_size=timeline_page.MOST,
        structured=_described(request, "timeline.title"),
    )


async def _search(request: Request) -> Response:
    """Return the search page, with the entities of ``class`` that match ``q``, if it is given."""
    asked = parameters_of(request, "q", "class", "offset", longest=_READ)
    text, kind = (asked.text("q") or "").strip(), (asked.text("class") or "").strip()[:_LONGEST]
    long = len(text) > _LONGEST
    found = None
    if text and not long:
        found = await view_of(request, search_results.search, text, kind, asked.offset)
    status = 400 if long or (found and found.problem) else 200
    return page(request, "search.html", status, text=text[:_LONGEST], found=found, long=long)


async def _map(request: Request) -> Response:
    parameters_of(request)
    cities = await view_of(request, map_and_matrix.cities_on_map)
    placed = [
        (city, map_drawing.Point(city.name.text, city.latitude, city.longitude))
        for city in cities
        if city.latitude is not None and city.longitude is not None
    ]
    drawn = map_drawing.draw_map([point for _, point in placed])
    dots = list(zip((city for city, _ in placed), drawn.points if drawn else (), strict=True))
    structured = _described(request, "map.title")
    return page(request, "map.html", cities=cities, map=drawn, dots=dots, structured=structured)


async def _matrix(request: Request) -> Response:
    asked = parameters_of(request, "city").text("city") or ""
    view = await view_of(request, map_and_matrix.matrix)
    iri = await view_of(request, iri_of_place, asked) if asked else ""
    city, structured = chosen_place(asked, iri, view.places), _described(request, "matrix.title")
    return page(request, "matrix.html", view=view, city=city, structured=structured)


async def _graph(request: Request) -> Response:
    asked = (parameters_of(request, "entity").text("entity") or "").strip()
    try:
        name, neighbours = await view_of(request, search_results.neighbourhood, asked or _FIRST)
    except UsageError as wrong:
        near = await view_of(request, search_results.nearest, asked) if asked else ()
        # Without a parameter there is no error: the graph may not have the first entity.
        status = wrong.http_status if asked else 200
        return page(request, "graph.html", status, asked=asked, error=wrong, nearest=near)
    drawn = neighbour_drawing.draw_neighbours(name.text, neighbours)
    return page(
        request,
        "graph.html",
        asked=asked,
        name=name,
        neighbours=neighbours,
        drawing=drawn,
        structured=_described(request, "graph.title"),
    )


routes: Final = [
    Route("/", _home),
    Route("/companies", _companies),
    Route("/projects", _projects),
    Route("/articles", _sources),
    Route("/timeline", _timeline),
    Route("/search", _search),
    Route("/map", _map),
    Route("/matrix", _matrix),
    Route("/graph", _graph),
]
