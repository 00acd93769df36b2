"""Routes of the home page, the lists, the timeline and the search."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg.web.app_state import state_of
from g60kg.web.routes.pages.page_request import page, page_request_of
from g60kg.web.views.pages import home_page, search_results, timeline_page

#: Characters of a search.
_LONGEST: Final = 200
_YEAR: Final = re.compile(r"[0-9]{1,9}")


async def home(request: Request) -> Response:
    """Return the home page."""
    view = await state_of(request).workers.run(home_page.home, page_request_of(request).language)
    return page(request, "home.html", view=view)


async def companies(request: Request) -> Response:
    """Return the page with the enterprises by industry."""
    return await _sections(request, "companies", "enterprises", "enterprise", "industry")


async def projects(request: Request) -> Response:
    """Return the page with the projects by place."""
    return await _sections(request, "projects", "projects", "project", "place")


async def _sections(request: Request, page_: str, query: str, member: str, group: str) -> Response:
    language = page_request_of(request).language
    view = await state_of(request).workers.run(home_page.sections, query, member, group, language)
    return page(request, "sections.html", view=view, page=page_, query=query)


async def sources(request: Request) -> Response:
    """Return the page with the articles and data sets."""
    listed = await state_of(request).workers.run(
        home_page.sources_with_counts, page_request_of(request).language
    )
    return page(request, "sources.html", sources=listed)


async def timeline(request: Request) -> Response:
    """Return the timeline."""
    given = {name: request.query_params.get(name, "").strip()[:_LONGEST] for name in ("from", "to")}
    wrong = next(
        (name for name, value in given.items() if value and not _YEAR.fullmatch(value)), ""
    )
    if wrong:
        return page(request, "timeline.html", 400, view=None, given=given, wrong=wrong)
    run = state_of(request).workers.run
    view = await run(
        timeline_page.timeline, given["from"], given["to"], page_request_of(request).language
    )
    return page(request, "timeline.html", view=view, given=given, wrong="")


async def search(request: Request) -> Response:
    """Return the search page, with the entities that have a text in a name."""
    text = request.query_params.get("q", "").strip()[:_LONGEST]
    found = None
    if text:
        run = state_of(request).workers.run
        found = await run(search_results.search, text, page_request_of(request).language)
    return page(request, "search.html", text=text, found=found)


routes: Final = [
    Route("/", home),
    Route("/companies", companies),
    Route("/projects", projects),
    Route("/articles", sources),
    Route("/timeline", timeline),
    Route("/search", search),
]
