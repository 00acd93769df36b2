"""Linked data routes `/id/X`, `/fact/X`, `/ontology/X`, `/shapes/X` …: 303 to a page or RDF."""

from functools import partial
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from g60kg.formats import Format
from g60kg.model.names import LANGUAGES
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import GRAPHS, PAGE, requested
from g60kg.web.problem_details import Problem, problem_of
from g60kg.web.routes.api.request_parameters import VERSION
from g60kg.web.routes.pages import entity_page_routes
from g60kg.web.routes.pages.page_request import page_request_of
from g60kg.web.views import descriptions
from g60kg.web.views.descriptions import KINDS, ROOTS, ResourceLookup

#: The representations of a description: RDF formats, and a page.
_OFFERED: Final = (*GRAPHS, PAGE)
_LICENCE: Final = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
_IRI: Final = "!#$%&'()*+,/:;=?@[]~"


async def resource(request: Request, *, kind: str, suffix: str = "") -> Response:
    """Return a 303 from the IRI of a resource to its description (httpRange-14).

    For a path with a format suffix, return the description. Without the resource, the response is
    404, 410 for a retracted one, or 307 to a name that differs only in upper and lower case.
    """
    name, run = request.path_params.get("name", ""), state_of(request).workers.run
    if not suffix:
        for form in _OFFERED:
            # A resource whose own name ends with a suffix is found without one.
            if name.endswith(form.suffix) and not await run(descriptions.exists, kind, name):
                name, suffix = name.removesuffix(form.suffix), form.suffix
                break
    form = requested(request, _OFFERED, suffix)
    found = await run(descriptions.find, kind, name)
    if found.iri is None:
        return await _unknown(request, form, kind, name, found, suffix and form.suffix)
    place = _path(request, kind, name, form.suffix)
    headers = {"Vary": "Accept", "Link": _links(request, kind, name, found.iri)}
    if not suffix:
        given = {VERSION: page_request_of(request).linked}
        if form is PAGE and (language := request.query_params.get("lang")) in LANGUAGES:
            given["lang"] = language
        query = urlencode({name: value for name, value in given.items() if value})
        return RedirectResponse(f"{place}?{query}" if query else place, 303, headers)
    if form is PAGE:
        return await entity_page_routes.resource_page(request, kind, name, found.iri)
    description = await run(descriptions.describe, kind, name, form.name)
    headers |= {"G60kg-Complete": "true", "Content-Location": place}
    return sent(request, description, form.content_type, headers)


async def _unknown(
    request: Request, form: Format, kind: str, name: str, found: ResourceLookup, suffix: str
) -> Response:
    if found.moved:
        query = request.scope["query_string"].decode("latin-1")
        place = _path(request, kind, found.moved, suffix)
        return RedirectResponse(f"{place}?{query}" if query else place, 307, {"Vary": "Accept"})
    gone = found.retracted
    if form is PAGE:
        if gone is not None:
            return entity_page_routes.error_page(request, 410, gone)
        return await entity_page_routes.not_found(request, name)
    if gone is not None:
        return problem_of(gone)
    here = page_request_of(request)
    nearest = [
        {"iri": iri, "label": label, "href": here.local(iri)} for iri, label in found.nearest
    ]
    search = f"Search for it by name: {request.scope.get('root_path', '')}/api/search?q=…"
    return Problem(
        404,
        f"The graph has no entry {kind}/{name}.",
        f"Did you mean {', '.join(label for _, label in found.nearest)}?" if nearest else search,
        nearest=nearest,
    )


def _path(request: Request, kind: str, name: str, suffix: str) -> str:
    root = request.scope.get("root_path", "")
    place = f"{root}/{kind}/{quote(name, safe='')}" if name else f"{root}/{kind}"
    return place + suffix


def _links(request: Request, kind: str, name: str, iri: str) -> str:
    """Return the Link header (RFC 8288): the described resource, its formats, the licence."""
    others = [
        f'<{_path(request, kind, name, form.suffix)}>; rel="alternate"; type="{form.media_type}"'
        for form in _OFFERED
    ]
    described = f'<{quote(iri, safe=_IRI)}>; rel="describes"'
    return ", ".join((described, *others, _LICENCE))


def _route(path: str, kind: str, suffix: str = "") -> Route:
    return Route(path, partial(resource, kind=kind, suffix=suffix), methods=["GET"], name=path)


routes: Final = [
    *(_route(f"/{kind}/{{name}}", kind) for kind in KINDS),
    *(_route(f"/{kind}", kind) for kind in ROOTS),
    *(_route(f"/{kind}{form.suffix}", kind, form.suffix) for kind in ROOTS for form in _OFFERED),
]
