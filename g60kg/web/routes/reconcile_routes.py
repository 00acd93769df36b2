"""Routes `/reconcile/…`: the Reconciliation Service API 0.2, as OpenRefine uses it.

https://reconciliation-api.github.io/specs/0.2/. Clients add parameters of their own, so this module
ignores unknown ones. JSONP, which is optional, is not supported.
"""

import json
import math
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
from g60kg.queries.name_matching import USUAL_LIMIT, HintValue, NameQuery
from g60kg.rdf.text_excerpt import excerpt, is_unicode
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.problem_details import TooLarge, UnsupportedMediaType
from g60kg.web.routes.api.request_parameters import (
    FORM,
    LARGEST_OFFSET,
    RequestParameters,
    form_fields,
    media_type,
    single,
)
from g60kg.web.routes.pages.page_request import page, page_request_of, rendered, view_of
from g60kg.web.views import reconciliation
from g60kg.web.views.reconciliation import KINDS

#: The most queries of a batch, which is also the size that the manifest asks for.
MOST_QUERIES: Final = 50
MOST_CANDIDATES: Final = 100
#: The most properties, classes, and values of a property of a query.
_MOST_HINTS: Final = 20
#: The most entities and properties of a request for values.
MOST_IDS: Final = 100
_STRICTNESS: Final = ("any", "all", "should")
_EXAMPLE: Final = 'For example {"q0": {"query": "Songjiang", "limit": 3}}.'

Members = dict[str, Any]
_MOST_PROPERTIES: Final = 100
_HOW: Final = f"Send queries, query or extend in the URL, or in a form ({FORM})."
_IN_FRAMES: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


def read_batch(text: str) -> tuple[tuple[str, NameQuery | UsageError], ...]:
    """Return the queries of a batch by key, or their errors; UsageError for an invalid batch."""
    batch = _json("queries", text)
    if not isinstance(batch, dict):
        raise UsageError("queries: must be a JSON object of queries by key.", hint=_EXAMPLE)
    if len(batch) > MOST_QUERIES:
        raise UsageError(
            f"queries: {len(batch):,} queries are more than {MOST_QUERIES}.",
            hint="Send them in batches of the size that batchSize of the manifest gives.",
        )
    return tuple((_text("queries", key), _query_or_error(key, one)) for key, one in batch.items())


def read_query(text: str) -> NameQuery:
    """Return a query, given as a JSON object or as a name; raise UsageError if it is invalid."""
    if text.lstrip().startswith("{"):
        return _query("query", _json("query", text))
    return NameQuery(_text("query", text))


def read_extension(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return local names of entities and properties in a request for values; else UsageError."""
    asked = _json("extend", text)
    _check_members("extend", asked, ("ids", "properties"))
    ids = _list("extend: ids", asked.get("ids"), MOST_IDS)
    properties = _list("extend: properties", asked.get("properties"), _MOST_HINTS)
    for one in properties:
        _check_members("extend: properties", one, ("id", "settings"))
    return (
        tuple(dict.fromkeys(_text("extend: ids", one) for one in ids)),
        tuple(dict.fromkeys(_text("extend: properties", one.get("id")) for one in properties)),
    )


def _query_or_error(key: str, query: object) -> NameQuery | UsageError:
    try:
        return _query(key, query)
    except UsageError as error:
        return error


def _query(key: str, query: object) -> NameQuery:
    key = excerpt(key)
    _check_members(key, query, ("query", "type", "type_strict", "limit", "properties"))
    assert isinstance(query, dict)
    if "query" not in query and not query.get("properties"):
        raise UsageError(f"{key}: the query has neither query nor properties.", hint=_EXAMPLE)
    limit = query.get("limit", USUAL_LIMIT)
    if isinstance(limit, float) and limit.is_integer():
        limit = int(limit)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise UsageError(f"{key}: limit must be a whole number from 1.")
    strictness = query.get("type_strict", _STRICTNESS[0])
    if strictness not in _STRICTNESS:
        raise UsageError(f"{key}: type_strict must be one of {', '.join(_STRICTNESS)}.")
    types = query.get("type") or []
    hints = _list(f"{key}: properties", query.get("properties", []), _MOST_HINTS)
    return NameQuery(
        _text(f"{key}: query", query.get("query", "")),
        tuple(
            _text(f"{key}: type", one)
            for one in _list(f"{key}: type", _as_list(types), _MOST_HINTS)
        ),
        strictness,
        min(limit, MOST_CANDIDATES),
        tuple(_hint(key, one) for one in hints),
    )


def _hint(key: str, hint: object) -> tuple[str, tuple[HintValue, ...]]:
    _check_members(f"{key}: properties", hint, ("pid", "v"))
    assert isinstance(hint, dict)
    pid = _text(f"{key}: pid", hint.get("pid"))
    values = _list(f"{key}: v", _as_list(hint.get("v", [])), _MOST_HINTS)
    return pid, tuple(_value(f"{key}: v", one) for one in values)


def _value(place: str, value: object) -> HintValue:
    if isinstance(value, dict):
        return HintValue(_text(f"{place}: id", value.get("id")), is_id=True)
    if isinstance(value, bool):
        return HintValue(str(value).lower())
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{place}: must be a finite number.")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return HintValue(_text(place, str(value) if isinstance(value, int | float) else value))


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _json(name: str, text: str) -> Any:
    try:
        value = json.loads(text)
        # The escape of a surrogate is valid JSON, but no Unicode text.
        if not is_unicode(json.dumps(value, ensure_ascii=False)):
            raise UsageError(f"{name}: a text has surrogates, which are not Unicode characters.")
    except RecursionError:
        raise UsageError(f"{name}: the JSON is nested too deeply.") from None
    except ValueError as error:
        where = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"{name}: invalid JSON{where}.", hint=_EXAMPLE) from None
    return value


def _check_members(place: str, value: object, known: tuple[str, ...]) -> None:
    if not isinstance(value, dict):
        raise UsageError(f"{place}: must be a JSON object.", hint=f"Members: {', '.join(known)}.")
    for name in value:
        if name not in known:
            raise UsageError(
                f'{place}: unknown member "{excerpt(name)}".', hint=f"Known: {', '.join(known)}."
            )


def _list(place: str, value: object, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise UsageError(f"{place}: must be a list.")
    if len(value) > most:
        raise UsageError(f"{place}: {len(value):,} are more than {most}.")
    return value


def _text(place: str, value: object) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{place}: must be text.")
    if len(value) > LONGEST_NAME:
        raise UsageError(f"{place}: longer than {LONGEST_NAME} characters.")
    return value


async def _service(request: Request) -> Response:
    """Return the result of queries or of a data extension; for a GET with neither, the manifest."""
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
    match asked:
        case {"queries": text}:
            found = await view_of(request, reconciliation.matched, read_batch(text))
        case {"query": text}:
            batch = (("query", read_query(text)),)
            (found,) = (await view_of(request, reconciliation.matched, batch)).values()
            if message := found.get("message"):
                raise UsageError(f"query: {message}")
        case {"extend": text}:
            found = await view_of(request, reconciliation.extended, *read_extension(text))
        case _ if request.method == "POST":
            raise UsageError("The request has no query.", hint=_HOW)
        case _:
            found = _manifest(request, await view_of(request, reconciliation.default_types))
    return _sent(request, found)


def _manifest(request: Request, types: list[Members]) -> Members:
    url = f"{request.base_url}reconcile"
    return {
        "versions": ["0.1", "0.2"],
        "name": TITLES[page_request_of(request).language],
        "identifierSpace": PREFIXES["id"],
        "schemaSpace": PREFIXES["g60"],
        "documentation": f"{request.base_url}openapi.json",
        "serviceVersion": __version__,
        "batchSize": MOST_QUERIES,
        "defaultTypes": types,
        "view": {"url": f"{request.base_url}id/{{{{id}}}}.html"},
        "preview": {"url": f"{url}/preview?id={{{{id}}}}", "width": 420, "height": 240},
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
    kind = media_type(request)
    if kind != FORM:
        raise UnsupportedMediaType(f'Content-Type "{kind[:100]}" is not supported.', hint=_HOW)
    return await request.body()


async def _suggest(request: Request) -> Response:
    given = _parameters(request)
    prefix = given.required("prefix", "Song")
    cursor = given.number("cursor", 0, 0, LARGEST_OFFSET)
    found = await view_of(request, reconciliation.suggested, _kind(request), prefix, cursor)
    return _sent(request, {"result": found})


async def _flyout(request: Request) -> Response:
    local = _parameters(request).required("id", "songjiang")
    view = await view_of(request, reconciliation.preview, _kind(request), local)
    here = page_request_of(request)
    html = rendered(state_of(request).templates, "flyout.html", here, view=view)
    return _sent(request, {"id": local, "html": html})


async def _preview(request: Request) -> Response:
    """Return the preview of an entity as a page that any site may show in a frame."""
    local = _parameters(request).required("id", "songjiang")
    view = await view_of(request, reconciliation.preview, "entity", local)
    response = page(request, "preview.html", view=view)
    response.headers["Content-Security-Policy"] = _IN_FRAMES
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["G60kg-Complete"] = "true"
    return response


async def _properties(request: Request) -> Response:
    given = _parameters(request)
    kind = given.text("type") or ""
    limit = given.number("limit", _MOST_PROPERTIES, 1, _MOST_PROPERTIES)
    found = await view_of(request, reconciliation.proposed, kind, limit)
    return _sent(request, {"type": kind, "properties": found, "limit": limit})


def _kind(request: Request) -> str:
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise UnknownName(f"There are no suggestions for {kind}.", hint=f"Use {', '.join(KINDS)}.")
    return str(kind)


def _parameters(request: Request) -> RequestParameters:
    # No name is unknown.
    return RequestParameters(request, request.query_params)


def _sent(request: Request, content: object) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    headers = {"G60kg-Complete": "true", "Vary": "Accept-Language, Cookie"}
    return sent(request, body, "application/json", headers)


routes: Final = [
    Route("/reconcile", _service, methods=["GET", "POST"]),
    Route("/reconcile/suggest/{kind}", _suggest, methods=["GET"]),
    Route("/reconcile/flyout/{kind}", _flyout, methods=["GET"]),
    Route("/reconcile/preview", _preview, methods=["GET"]),
    Route("/reconcile/properties", _properties, methods=["GET"]),
]
