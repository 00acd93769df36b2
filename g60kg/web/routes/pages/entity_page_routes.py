"""The page of an IRI, and the page for an unknown name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from g60kg.namespaces import local_name
from g60kg.web.app_state import state_of
from g60kg.web.negotiation import GRAPHS
from g60kg.web.routes.pages.page_request import page, page_request_of
from g60kg.web.views.pages import entity_pages, search_results
from g60kg.web.views.pages.source_pages import SourceView
from g60kg.web.views.pages.term_pages import TermView
from g60kg.web.views.pages.view_models import TermModel


async def resource_page(request: Request, kind: str, name: str, iri: str) -> Response:
    """Return the page of an IRI with the path ``/kind/name``, or ``/kind`` without a name."""
    language = page_request_of(request).language
    view = await state_of(request).workers.run(entity_pages.resource_view, iri, language)
    if view is None:
        return await not_found(request, name)
    template = {
        entity_pages.EntityView: "entity.html",
        SourceView: "source.html",
        entity_pages.FactView: "fact.html",
        entity_pages.QuoteView: "quote.html",
        TermView: "term.html",
    }[type(view)]
    return page(
        request, template, view=view, iri=iri, kind=kind, local=local_name(iri), forms=GRAPHS
    )


async def not_found(request: Request, name: str) -> Response:
    """Return the page for an unknown name, with the nearest names."""
    language = page_request_of(request).language
    text = local_name(name.rstrip("/")).replace("-", " ")
    near: tuple[TermModel, ...] = ()
    if text.strip():
        near = await state_of(request).workers.run(search_results.nearest, text[:200], language)
    return page(request, "missing.html", 404, name=name, nearest=near)
