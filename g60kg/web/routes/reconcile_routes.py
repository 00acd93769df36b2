"""Routes `/reconcile/…`: the Reconciliation Service API 0.2, as OpenRefine uses it.

https://reconciliation-api.github.io/specs/0.2/. Clients add parameters of their own, so this module
ignores unknown ones. JSONP, which is optional, is not supported.
"""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.datastructures import MultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from g60kg.errors import UnknownName, UsageError
from g60kg.export.release.dataset_description import TITLES
from g60kg.model.names import LONGEST_NAME
from g60kg.namespaces import PREFIXES
from g60kg.package_data import __version__
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.problem_details import TooLarge, UnsupportedMediaType
from g60kg.web.routes.api.request_parameters import (
    FORM,
    LARGEST_OFFSET,
    form_fields,
    number_in,
    single,
)
from g60kg.web.routes.pages.page_request import page, page_request_of, rendered
from g60kg.web.routes.reconcile_queries import (
    MOST_QUERIES,
    read_batch,
    read_extension,
    read_query,
)
from g60kg.web.views import reconciliation
from g60kg.web.views.reconciliation import KINDS

#: The size of a preview in pixels.
_WIDTH: Final = 420
_HEIGHT: Final = 240
_MOST_PROPERTIES: Final = 100
_HOW: Final = f"Send queries, query or extend in the URL, or in a form ({FORM})."


async def service(request: Request) -> Response:
    """Return the manifest, or the result of queries or of a request for values."""
    given = MultiDict(form_fields(request.scope["query_string"]))
    if request.method == "POST":
        given = MultiDict([*given.multi_items(), *form_fields(await _form(request))])
    asked = {
        name: text
        for name in ("queries", "query", "extend")
        if (text := single(given, name)) is not None
    }
    if len(asked) > 1:
        raise UsageError(f"There are several requests: {', '.join(asked)}.", hint=_HOW)
    most = state_of(request).settings.max_query
    for name, text in asked.items():
        if len(text.encode()) > most:
            raise TooLarge(f"{name}: larger than {most:,} bytes.", hint="Send smaller batches.")
    run, language = state_of(request).workers.run, page_request_of(request).language
    match asked:
        case {"queries": text}:
            return _sent(request, await run(reconciliation.matched, language, read_batch(text)))
        case {"query": text}:
            batch = (("query", read_query(text)),)
            (found,) = (await run(reconciliation.matched, language, batch)).values()
            if message := found.get("message"):
                raise UsageError(f"query: {message}")
            return _sent(request, found)
        case {"extend": text}:
            found = await run(reconciliation.extended, language, *read_extension(text))
            return _sent(request, found)
    if request.method == "POST":
        raise UsageError("The request has no query.", hint=_HOW)
    return _sent(
        request, _manifest(request, await run(reconciliation.default_types, language), language)
    )


def _manifest(request: Request, types: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """Return the manifest; all its URLs are of this server."""
    url = f"{request.base_url}reconcile"
    return {
        "versions": ["0.1", "0.2"],
        "name": TITLES[language],
        "identifierSpace": PREFIXES["id"],
        "schemaSpace": PREFIXES["g60"],
        "documentation": f"{request.base_url}openapi.json",
        "serviceVersion": __version__,
        "batchSize": MOST_QUERIES,
        "defaultTypes": types,
        "view": {"url": f"{request.base_url}id/{{{{id}}}}.html"},
        "preview": {"url": f"{url}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": {
            kind: {
                "service_url": url,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": url,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in KINDS
        },
        "extend": {
            "propose_properties": {"service_url": url, "service_path": "/properties"},
            "property_settings": [],
        },
    }


async def _form(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise UnsupportedMediaType(f'Content-Type "{kind[:100]}" is not supported.', hint=_HOW)
    return await request.body()


async def suggest(request: Request) -> Response:
    """Return the entities, classes or properties whose names begin with a text."""
    prefix = _parameter(request, "prefix")
    cursor = _number(request, "cursor", 0, 0, LARGEST_OFFSET)
    kind, language = _kind(request), page_request_of(request).language
    found = await state_of(request).workers.run(
        reconciliation.suggested, language, kind, prefix, cursor
    )
    return _sent(request, {"result": found})


async def flyout(request: Request) -> Response:
    """Return the preview of a suggestion, as HTML in JSON."""
    local = _parameter(request, "id")
    here = page_request_of(request)
    view = await state_of(request).workers.run(
        reconciliation.preview, here.language, _kind(request), local
    )
    html = rendered(state_of(request).templates, "flyout.html", here, view=view)
    return _sent(request, {"id": local, "html": html})


async def preview(request: Request) -> Response:
    """Return the preview of an entity: a page that any site may show in a frame."""
    run, language = state_of(request).workers.run, page_request_of(request).language
    view = await run(reconciliation.preview, language, "entity", _parameter(request, "id"))
    response = page(request, "preview.html", view=view)
    response.headers["Content-Security-Policy"] = _IN_FRAMES
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["G60kg-Complete"] = "true"
    return response


_IN_FRAMES: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


async def properties(request: Request) -> Response:
    """Return the properties that entities of a class may have."""
    kind = _parameter(request, "type", required=False)
    limit = _number(request, "limit", _MOST_PROPERTIES, 1, _MOST_PROPERTIES)
    found = await state_of(request).workers.run(
        reconciliation.proposed, page_request_of(request).language, kind, limit
    )
    return _sent(request, {"type": kind, "properties": found, "limit": limit})


def _kind(request: Request) -> str:
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise UnknownName(f"There are no suggestions for {kind}.", hint=f"Use {', '.join(KINDS)}.")
    return str(kind)


def _parameter(request: Request, name: str, *, required: bool = True) -> str:
    value = single(request.query_params, name) or ""
    if len(value) > LONGEST_NAME:
        raise UsageError(f"{name}: longer than {LONGEST_NAME} characters.")
    if required and not value:
        raise UsageError(f"{name}: the value is missing.")
    return value


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    if name not in request.query_params:
        return default
    return number_in(name, _parameter(request, name, required=False), least, most)


def _sent(request: Request, content: object) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    headers = {"G60kg-Complete": "true", "Vary": "Accept-Language, Cookie"}
    return sent(request, body, "application/json", headers)


routes: Final = [
    Route("/reconcile", service, methods=["GET", "POST"]),
    Route("/reconcile/suggest/{kind}", suggest, methods=["GET"]),
    Route("/reconcile/flyout/{kind}", flyout, methods=["GET"]),
    Route("/reconcile/preview", preview, methods=["GET"]),
    Route("/reconcile/properties", properties, methods=["GET"]),
]
