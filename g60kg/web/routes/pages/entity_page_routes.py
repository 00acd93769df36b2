"""The page of one thing, and the page that says that there is none."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from g60kg.namespaces import local_name
from g60kg.web.app_state import state_of
from g60kg.web.negotiation import GRAPHS
from g60kg.web.routes.pages.page_request import page, visit_of
from g60kg.web.views.pages import entity_pages, search_results
from g60kg.web.views.pages.source_pages import SourceView
from g60kg.web.views.pages.term_pages import TermView
from g60kg.web.views.pages.view_models import Shown


async def thing_page(request: Request, kind: str, name: str, iri: str) -> Response:
    """The page of an IRI, whose path is a kind and a name; of the kind itself without a name."""
    visit = visit_of(request)
    view = await state_of(request).workers.run(entity_pages.thing, iri, visit.language)
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
    """The page that says that nothing goes by a name, with the nearest names."""
    visit = visit_of(request)
    words = local_name(name.rstrip("/")).replace("-", " ")
    near: tuple[Shown, ...] = ()
    if words.strip():
        near = await state_of(request).workers.run(
            search_results.nearest, words[:200], visit.language
        )
    return page(request, "missing.html", 404, name=name, nearest=near)
