"""The page of an IRI, the page for an unknown name, and error pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import G60kgError
from g60kg.formats import Format
from g60kg.namespaces import local_name
from g60kg.rdf.text_excerpt import shortened
from g60kg.web.negotiation import GRAPHS, PAGE, NotAcceptable, accepted, choose
from g60kg.web.problem_details import MEDIA_TYPE
from g60kg.web.routes.pages import structured_data
from g60kg.web.routes.pages.cite_panel import cite_entry
from g60kg.web.routes.pages.page_request import page, page_request_of, version_of, view_of
from g60kg.web.svg.ontology_drawing import draw_ontology
from g60kg.web.views.pages import entity_pages, search_results
from g60kg.web.views.pages.ontology_page import OntologyView

_PROBLEM: Final = Format("json", MEDIA_TYPE, also=("application/json",))


async def resource_page(request: Request, kind: str, name: str, iri: str) -> Response:
    """Return the page of an IRI; status 404 and the nearest names if there is nothing to show."""
    view = await view_of(request, entity_pages.resource_view, iri)
    if view is None:
        return await not_found(request, name)
    ontology = view if isinstance(view, OntologyView) else None
    return page(
        request,
        view.template,
        view=view,
        iri=iri,
        kind=kind,
        local=local_name(iri),
        forms=GRAPHS,
        panel=None if ontology else await cite_entry(request, iri),
        version=await version_of(request),
        drawing=draw_ontology(ontology) if ontology else None,
        structured=structured_data.of_resource(page_request_of(request), view, iri),
    )


async def not_found(request: Request, name: str) -> Response:
    """Return the page with status 404 for an unknown name, with the nearest names."""
    text = local_name(name.rstrip("/")).replace("-", " ").strip()
    near = await view_of(request, search_results.nearest, text[:200]) if text else ()
    return page(request, "missing.html", 404, name=name, nearest=near)


def wants_page(request: Request) -> bool:
    """Return whether the Accept header names text/html and prefers it to problem+json."""
    accept = accepted(request)
    if "text/html" not in accept:
        return False
    try:
        return choose((_PROBLEM, PAGE), format_=None, accept=accept) is PAGE
    except NotAcceptable:
        return False


def error_page(request: Request, status: int, error: G60kgError | None = None) -> Response:
    """Return the error page with a status, and with the message and hint of an error, if given."""
    # An error repeats what was sent.
    parts = [shortened(part) for part in (error.message, error.hint) if part] if error else []
    return page(request, "error.html", status, code=status, parts=parts)
