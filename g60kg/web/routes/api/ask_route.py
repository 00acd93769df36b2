"""Route `/api/ask`: the answer to a question, by the canned query that it is understood as."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import choose
from g60kg.web.routes.api.query_routes import JSON, links
from g60kg.web.routes.api.request_parameters import RequestParameters, accepted
from g60kg.web.views import query_results


async def asked(request: Request) -> Response:
    """Return the rows of the answer with its reading, or why the question is not understood."""
    given = RequestParameters(request, ("q", "lang", "evidence", "limit", "offset"))
    choose((JSON,), format_=None, accept=accepted(request))
    written = await state_of(request).workers.run(
        query_results.asked,
        given.required("q", "member cities"),
        language=given.language,
        evidence=given.flag("evidence"),
        limit=given.limit_or_all,
        offset=given.offset,
    )
    headers = {"G60kg-Complete": str(written.complete).lower(), "Vary": "Accept"}
    headers["Link"] = links(request, given, written)
    return sent(request, written.body, JSON.content_type, headers)
