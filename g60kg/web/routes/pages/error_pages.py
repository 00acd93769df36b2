"""Error pages for clients that prefer HTML."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import G60kgError
from g60kg.web.negotiation import PAGE, NotAcceptable, Representation, choose
from g60kg.web.problem_details import MEDIA_TYPE
from g60kg.web.routes.pages.page_request import page

_PROBLEM = Representation("json", MEDIA_TYPE, also=("application/json",))


def wants_page(request: Request) -> bool:
    """Whether the Accept header prefers HTML to problem+json."""
    accept = request.headers.get("accept", "")
    if "text/html" not in accept:
        return False
    try:
        return choose((_PROBLEM, PAGE), format_=None, accept=accept) is PAGE
    except NotAcceptable:
        return False


def error_page(request: Request, status: int, error: G60kgError | None = None) -> Response:
    """Return the page for a status, with the message and the hint of an error."""
    response = page(request, "error.html", status, code=status, error=error)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response
