"""`/api/queries`: the canned queries, and their answers page by page."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from g60kg.errors import G60kgError
from g60kg.queries.catalog import (
    NamedQuery,
    Parameter,
    load_catalog,
    named_query,
)
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import GRAPHS, ROWS, TABLES, NotAcceptable, Representation, chosen
from g60kg.web.routes.api.request_parameters import Asked, accepted
from g60kg.web.views import query_results
from g60kg.web.views.query_results import Written

JSON: Final = Representation("json", "application/json", ".json")
#: The forms of rows: those of SPARQL, and tables for people.
FORMS: Final = (*ROWS, *TABLES)
#: What every canned query can be asked, beside its own parameters.
COMMON: Final = ("limit", "offset", "sort", "lang", "evidence", "format", "escape-formulas")
#: What the shipped graph has nothing to show of, and why: a query, or one with a parameter.
NOTHING_TO_SHOW: Final[dict[tuple[str, str], str]] = {
    ("conflicts", ""): "no two sources of it state what cannot be true together",
    ("enterprises", "city"): "its sources state of no enterprise where it lies",
    ("unsupported-triples", ""): "every triple that needs a source has one",
}
_SUFFIXES: Final = {form.suffix for form in (*FORMS, *GRAPHS)}


class NoFactsBehind(G60kgError):
    """RDF is asked for, of rows that no Facts stand behind."""

    http_status = 406

    def __init__(self, query: NamedQuery) -> None:
        others = ", ".join(known.name for known in load_catalog().values() if known.evidence)
        super().__init__(
            f"Query {query.name} has no RDF to give: its rows are no statements, so that no facts "
            "stand behind them.",
            hint=f"Its forms: {', '.join(form.format for form in FORMS)}. Queries whose facts "
            f"come as RDF: {others}.",
        )


async def listed(request: Request) -> Response:
    """Every canned query: what it answers, its parameters, columns and links."""
    Asked(request, ())
    chosen((JSON,), format_=None, accept=accepted(request))
    headers = {"G60kg-Complete": "true", "Vary": "Accept"}
    return sent(
        request, _catalogue(state_of(request).settings.root_path), JSON.content_type, headers
    )


@cache
def _catalogue(root: str) -> bytes:
    described = [described_query(query, root) for query in load_catalog().values()]
    body = json.dumps({"queries": described, "complete": True}, ensure_ascii=False)
    return body.encode() + b"\n"


async def answered(request: Request) -> Response:
    """A page of the answer to a canned query, in the form asked for."""
    name, suffix = _name(request.path_params["name"])
    query = load_catalog().get(name) or named_query(name)
    own = [parameter.name for parameter in query.parameters]
    asked = Asked(request, (*own, *COMMON))
    form = _form(query, asked.text("format"), suffix, accepted(request))
    words = {key: asked.text(key) or "" for key in asked if key in own}
    beside: dict[str, Any] = {
        "evidence": asked.flag("evidence"),
        "escape_formulas": asked.flag("escape-formulas"),
    }
    page: dict[str, Any] = {
        "language": asked.language,
        "limit": asked.limit,
        "offset": asked.offset,
        "sort": asked.text("sort"),
    }
    run = state_of(request).workers.run
    if form in GRAPHS:
        # A fact comes with its evidence anyway.
        written = await run(query_results.behind_canned, name, words, form.format, **page)
    else:
        written = await run(query_results.canned, name, words, form.format, **beside, **page)
    headers = {"G60kg-Complete": str(written.complete).lower(), "Vary": "Accept"}
    headers["Link"] = links(request, asked, written)
    return sent(request, written.body, form.content_type, headers)


def forms_of(query: NamedQuery) -> tuple[Representation, ...]:
    """The forms of a query's answer: its rows, and the facts behind them where there are any."""
    return (*FORMS, *GRAPHS) if query.evidence else FORMS


def _form(query: NamedQuery, format_: str | None, suffix: str, accept: str) -> Representation:
    try:
        return chosen(forms_of(query), format_=format_, suffix=suffix, accept=accept)
    except NotAcceptable:
        if query.evidence:
            raise
    # Where RDF would have done, the reason is worth more than a list of forms.
    chosen((*FORMS, *GRAPHS), format_=format_, suffix=suffix, accept=accept)
    raise NoFactsBehind(query)


def links(request: Request, asked: Asked, written: Written) -> str:
    """The Link header to the other pages (RFC 8288): ``last`` where the end is in sight."""
    limit, offset = asked.limit, asked.offset
    offsets = {"first": 0}
    if offset:
        offsets["prev"] = max(0, offset - limit)
    if written.more:
        offsets["next"] = offset + limit
    elif written.count or not offset:
        offsets["last"] = offset
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("limit", "offset")]
    path = quote(request.url.path, safe="/%:@")
    return ", ".join(
        f'<{path}?{urlencode([*kept, ("limit", limit), ("offset", start)])}>; rel="{relation}"'
        for relation, start in offsets.items()
    )


def described_query(query: NamedQuery, root: str) -> dict[str, Any]:
    """A canned query as JSON values; its links begin with the path that a proxy has in front."""
    here = f"{root}/api/queries/{query.name}"
    examples = {p.name: p.example for p in query.parameters if is_shown(query, p)}
    return {
        "name": query.name,
        "topic": query.topic,
        "summary": query.summary,
        "description": query.description,
        "parameters": [_described_parameter(parameter) for parameter in query.parameters],
        "columns": list(query.columns),
        "labels": [f"{name}Label" for name in query.labels],
        "evidence": bool(query.evidence),
        "sparql": query.text,
        "links": {
            "answer": here,
            "example": f"{here}?{urlencode(examples)}" if examples else here,
            "csv": f"{here}.csv",
            **({"turtle": f"{here}.ttl"} if query.evidence else {}),
        },
    }


def is_shown(query: NamedQuery, parameter: Parameter) -> bool:
    """Whether the shipped graph has rows for the example of a parameter."""
    return (query.name, parameter.name) not in NOTHING_TO_SHOW


def _described_parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.type.value,
        "class": parameter.of_class,
        "enum": list(parameter.enum) or None,
        "example": parameter.example,
        "description": parameter.description,
        "optional": parameter.optional,
    }


def _name(asked: str) -> tuple[str, str]:
    """The name of a query and the suffix that asks for a form of its answer."""
    stem, dot, suffix = asked.rpartition(".")
    return (stem, dot + suffix) if dot + suffix in _SUFFIXES else (asked, "")
