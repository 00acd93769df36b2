"""Route `/sparql`: the query operation of the SPARQL 1.1 Protocol."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import MultiDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from g60kg.errors import UsageError
from g60kg.stores.query_dataset import QueryDataset
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import GRAPHS, PAGE, accepted, requested
from g60kg.web.problem_details import Forbidden, TooLarge, UnsupportedMediaType
from g60kg.web.routes.api.request_parameters import FORM, form_fields, media_type, single
from g60kg.web.views import dataset as dataset_views
from g60kg.web.views import query_results
from g60kg.web.views.query_results import ProtocolQuery

_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_HOW: Final = f"GET /sparql?query=…, or POST a form with query= or a body of type {_QUERY}."


async def answer(request: Request) -> Response:
    """Return a query's result (SPARQL 1.1 Protocol, section 2.1).

    For a GET without a query, return the service description, or a redirect to the editor.
    """
    query, seconds = await _given(request)
    if query is None:
        return await _description(request)
    written, content_type = await state_of(request).workers.run_uncached(
        seconds, query_results.sparql, query
    )
    headers = {"G60kg-Complete": str(written.complete).lower(), "Vary": "Accept"}
    return sent(request, written.body, content_type, headers)


async def _description(request: Request) -> Response:
    """Return the service description, or a redirect to the editor for HTML; UsageError for POST."""
    if request.method == "POST":
        raise UsageError("The request has no query.", hint=_HOW)
    form = requested(request, (*GRAPHS, PAGE))
    if form is PAGE:
        page = f"{request.scope.get('root_path', '')}/sparql.html"
        return RedirectResponse(page, 303, {"Vary": "Accept"})
    endpoint = f"{request.base_url}sparql"
    run = state_of(request).workers.run
    body = await run(dataset_views.service_description, endpoint, form.name)
    return sent(request, body, form.content_type, {"Vary": "Accept"})


async def _given(request: Request) -> tuple[ProtocolQuery | None, float | None]:
    parameters = form_fields(request.scope["query_string"])
    if request.method == "POST":
        parameters += await _posted(request, parameters)
    named = MultiDict(parameters)
    if named.getlist("update"):
        raise Forbidden("Updates are not supported: the server is read-only.", hint=_HOW)
    query = single(named, "query")
    most = state_of(request).settings.max_query
    if query is not None and len(query.encode()) > most:
        raise TooLarge(f"The query is larger than {most:,} bytes.")
    graphs = [tuple(named.getlist(f"{kind}-graph-uri")) for kind in ("default", "named")]
    seconds = _seconds(single(named, "timeout"))
    if query is None:
        return None, seconds
    dataset = QueryDataset(*graphs) if any(graphs) else None
    wanted = tuple(named.getlist("format"))
    return ProtocolQuery(query, wanted, accepted(request), dataset), seconds


async def _posted(request: Request, others: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parameters in a POST body (sections 2.1.2, 2.1.3); ``others`` are of the URL."""
    kind = media_type(request)
    if kind == _UPDATE:
        raise Forbidden("Updates are not supported: the server is read-only.", hint=_HOW)
    if kind not in (FORM, _QUERY):
        reason = f"Content-Type {kind} is not supported." if kind else "Content-Type is missing."
        raise UnsupportedMediaType(reason, hint=_HOW)
    body = await request.body()
    if kind == FORM:
        return form_fields(body)
    if any(name == "query" for name, _ in others):
        raise UsageError("There are two queries, in the URL and in the body: send one.")
    try:
        return [("query", body.decode("utf-8-sig"))]
    except UnicodeDecodeError:
        raise UsageError("The query is not valid UTF-8.") from None


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError("timeout= must be a number of seconds above zero.")
    return seconds


routes: Final = [Route("/sparql", answer, methods=["GET", "POST"])]
