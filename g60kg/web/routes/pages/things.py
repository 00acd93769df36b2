"""The page of one thing, and the page that says that there is none."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from g60kg.namespaces import local_name
from g60kg.web.jobs.pages import lookup, things
from g60kg.web.jobs.pages.shown import Shown
from g60kg.web.jobs.pages.sources import SourceView
from g60kg.web.jobs.pages.terms import TermView
from g60kg.web.negotiation import GRAPHS
from g60kg.web.routes.pages.visit import page, visit_of
from g60kg.web.state import state_of


async def thing_page(request: Request, kind: str, name: str, iri: str) -> Response:
    """The page of an IRI, whose path is a kind and a name; of the kind itself without a name."""
    visit = visit_of(request)
    view = await state_of(request).workers.run(things.thing, iri, visit.language)
    if view is None:
        return await not_found(request, name)
    template = {
        things.EntityView: "entity.html",
        SourceView: "source.html",
        things.FactView: "fact.html",
        things.QuoteView: "quote.html",
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
        near = await state_of(request).workers.run(lookup.nearest, words[:200], visit.language)
    return page(request, "missing.html", 404, name=name, nearest=near)
