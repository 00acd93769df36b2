"""Routes of the catalogue of canned queries, the page of a query, and the SPARQL editor."""

import re
from functools import cache
from itertools import groupby
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg import package_data
from g60kg.errors import UsageError
from g60kg.namespaces import PREFIXES
from g60kg.queries.catalog import load_catalog
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.routes.api.request_parameters import VERSION
from g60kg.web.routes.pages import structured_data
from g60kg.web.routes.pages.cite_panel import cite_table
from g60kg.web.routes.pages.page_request import (
    page,
    page_request_of,
    parameters_of,
    rendered,
    version_of,
    view_of,
)
from g60kg.web.svg.text_width import lines
from g60kg.web.views.pages import query_pages

#: The number of rows of a page.
PAGE: Final = 50
#: The parameters of the page itself; all others belong to the query.
_OWN: Final = frozenset(("lang", "theme", VERSION, "evidence", "offset", "sort"))
#: Colours and font of a chart outside a page.
_LIGHT: Final = {
    "accent": "#0b6069",
    "ink": "#1f2426",
    "line": "#dcd9d1",
    "quiet": "#586165",
    "raised": "#fff",
    "sans": "sans-serif",
}
_EXAMPLE: Final = """SELECT DISTINCT ?city ?label
WHERE {
  id:corridor g60:hasMemberCity ?city .
  ?city rdfs:label ?label .
}
ORDER BY ?city"""


async def _queries(request: Request) -> Response:
    parameters_of(request)
    entries = load_catalog().values()
    topics = [(topic, list(some)) for topic, some in groupby(entries, lambda one: one.topic)]
    structured = structured_data.of_page(
        page_request_of(request), "queries.title", "CollectionPage"
    )
    return page(request, "queries.html", topics=topics, structured=structured)


async def _query(request: Request) -> Response:
    asked = request.query_params
    evidence = asked.get("evidence", "") in ("true", "1", "on")
    given, view = await _query_view(request)
    return page(
        request,
        "query.html",
        view.status,
        view=view,
        given=given,
        evidence=view.query.shows_evidence(evidence),
        sort=asked.get("sort", ""),
        page_size=PAGE,
        panel=view.table and cite_table(request, view.table, view.query, given),
        version=await version_of(request),
        # A filtered page is no data set of its own.
        structured=None
        if page_request_of(request).query
        else structured_data.of_query(page_request_of(request), view.query),
    )


async def _query_view(request: Request) -> tuple[dict[str, str], query_pages.QueryView]:
    asked = request.query_params
    # An unknown parameter is an error of the query.
    offset = parameters_of(request, *asked, "offset").offset
    given = {name: value for name, value in asked.items() if name not in _OWN and value.strip()}
    view = await view_of(
        request,
        query_pages.query_view,
        request.path_params["name"],
        given,
        limit=PAGE,
        offset=offset,
        sort=asked.get("sort") or None,
    )
    return given, view


@cache
def standalone_style() -> str:
    """Return the style sheet of a chart in a file of its own, with the light colours."""
    text = package_data.file_text("web/static/chart.css")
    rules = "\n".join(line[7:] for line in text.splitlines() if line.startswith(".chart "))
    return re.sub(r"var\(--(\w+)\)", lambda match: _LIGHT[match[1]], rules)


async def _chart_file(request: Request) -> Response:
    _, view = await _query_view(request)
    if view.chart is None:
        raise HTTPException(404, "This answer has no chart.")
    text = rendered(
        state_of(request).templates,
        "chart.svg",
        page_request_of(request),
        chart=view.chart,
        summary=view.query.texts(page_request_of(request).language)[0],
        style=standalone_style(),
        lines=lines,
    )
    # Its style sheet applies to the file, not to a page of this server.
    name = f'attachment; filename="{view.query.name}.svg"'
    headers = {"Content-Disposition": name, "Vary": "Accept-Language, Cookie"}
    return sent(request, text.encode(), "image/svg+xml", headers)


async def _ask(request: Request) -> Response:
    asked = parameters_of(request, "q", "evidence", "offset", "sort")
    text = (asked.text("q") or "").strip()
    evidence = asked.text("evidence") in ("true", "1", "on")
    view = panel = None
    if text:
        view = await view_of(
            request,
            query_pages.question_view,
            text,
            limit=PAGE,
            offset=asked.offset,
            sort=asked.text("sort"),
        )
        if view.table is not None and view.reading is not None:
            reading = view.reading
            panel = cite_table(request, view.table, reading.query, reading.given)
    return page(
        request,
        "ask.html",
        text=text,
        view=view,
        evidence=evidence,
        sort=asked.text("sort") or "",
        page_size=PAGE,
        panel=panel,
        version=await version_of(request),
    )


async def _sparql(request: Request) -> Response:
    settings = state_of(request).settings
    text = parameters_of(request, "query", longest=settings.max_query).text("query") or ""
    outcome = None
    status = 200
    if len(text.encode()) > settings.max_query:
        raise UsageError("The query is too long.", hint=f"At most {settings.max_query:,} bytes.")
    if text.strip():
        outcome = await state_of(request).workers.run_uncached(
            None, query_pages.outcome, text, page_request_of(request).language
        )
        status = 400 if outcome.error else 200
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    return page(
        request,
        "sparql.html",
        status,
        text=text or _EXAMPLE,
        outcome=outcome,
        examples=query_pages.examples(),
        prefixes=prefixes,
    )


routes: Final = [
    Route("/ask", _ask),
    Route("/queries", _queries),
    Route("/queries/{name}.svg", _chart_file),
    Route("/queries/{name}", _query),
    Route("/sparql.html", _sparql),
]
