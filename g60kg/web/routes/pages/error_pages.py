"""Pages that say what went wrong, for who asked for a page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import G60kgError
from g60kg.web.negotiation import PAGE, NotAcceptable, Representation, chosen
from g60kg.web.problem_details import MEDIA_TYPE
from g60kg.web.routes.pages.page_request import page

_PROBLEM = Representation("json", MEDIA_TYPE, also=("application/json",))


def wants_page(request: Request) -> bool:
    """Whether a client would rather have a page than problem+json: by what it accepts."""
    accept = request.headers.get("accept", "")
    if "text/html" not in accept:
        return False
    try:
        return chosen((_PROBLEM, PAGE), format_=None, accept=accept) is PAGE
    except NotAcceptable:
        return False


def error_page(request: Request, status: int, error: G60kgError | None = None) -> Response:
    """The page for a status, with what an error says and how to mend it."""
    response = page(request, "error.html", status, code=status, error=error)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response
