"""Routes of canned queries: `/api/queries`, `/api/queries/NAME`, `/api/ask`, and `/api/cite`."""

import datetime as dt
import json
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from g60kg import formats
from g60kg.errors import UsageError
from g60kg.formats import WORKBOOK, Format
from g60kg.model.names import LONGEST_NAME
from g60kg.queries.catalog import FILTERS, NamedQuery, Parameter, load_catalog, named_query
from g60kg.rdf.text_excerpt import excerpt
from g60kg.row_formats import SPREADSHEET_FORMATS
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import GRAPHS, ROWS, TABLES, requested
from g60kg.web.routes.api.request_parameters import ALL, RequestParameters
from g60kg.web.views import cited_sources, query_results
from g60kg.web.views.query_results import Written

JSON: Final = Format("json", "application/json", (".json",))
#: The representations of rows: the SPARQL result formats, and tables for reading.
FORMS: Final = (*ROWS, *TABLES)
#: The parameters of every canned query.
COMMON: Final = (
    *("limit", "offset", "sort", "lang", "evidence"),
    *("format", "escape-formulas", "bom", "facets"),
)
#: The characters of a query string in a URL (RFC 3986, section 3.4).
_IN_QUERY: Final = "%&=+:/?@!$'()*,;~"
_SUFFIXES: Final = {form.suffix for form in (*FORMS, *GRAPHS)}


async def list_queries(request: Request) -> Response:
    """Return all canned queries: summary, parameters, columns and links."""
    RequestParameters(request, ())
    requested(request, (JSON,))
    headers = {"G60kg-Complete": "true", "Vary": "Accept"}
    return sent(
        request, _catalogue(state_of(request).settings.root_path), JSON.content_type, headers
    )


@cache
def _catalogue(root: str) -> bytes:
    described = [described_query(query, root) for query in load_catalog().values()]
    body = json.dumps({"queries": described, "complete": True}, ensure_ascii=False)
    return body.encode() + b"\n"


async def answer_query(request: Request) -> Response:
    """Return a page of the result of the canned query in the path, in the negotiated format."""
    name, suffix = _name(request.path_params["name"])
    query = named_query(name)
    own = _own_parameters(query)
    given = RequestParameters(request, (*own, *COMMON))
    form = requested(request, forms_of(query), suffix)
    values = {key: given.text(key) or "" for key in given if key in own}
    # Other formats have no member for them.
    facets = given.text("facets") if form.name == JSON.name else None
    written = await state_of(request).workers.run(
        query_results.run_canned,
        name,
        values,
        form.name,
        language=given.language,
        evidence=given.flag("evidence"),
        limit=given.limit_or_all,
        offset=given.offset,
        sort=given.text("sort"),
        # Other formats have no cells that a spreadsheet evaluates.
        escape_formulas=given.flag("escape-formulas") and form.name in SPREADSHEET_FORMATS,
        bom=given.flag("bom") and form.name in SPREADSHEET_FORMATS,
        facets=None if facets is None else tuple(dict.fromkeys(facets.split(","))),
        # Part of the key of cached answers.
        accessed=dt.datetime.now().date() if form.name == WORKBOOK.name else None,
    )
    return paged(request, given, written, form)


async def answer_question(request: Request) -> Response:
    """Return the answer to the question ``q`` and how it was understood, or why it was not."""
    given = RequestParameters(request, ("q", "lang", "evidence", "limit", "offset"))
    requested(request, (JSON,))
    written = await state_of(request).workers.run(
        query_results.answer_question,
        given.required("q", "member cities"),
        language=given.language,
        evidence=given.flag("evidence"),
        limit=given.limit_or_all,
        offset=given.offset,
    )
    return paged(request, given, written, JSON)


def _own_parameters(query: NamedQuery) -> list[str]:
    return list(dict.fromkeys((*(parameter.name for parameter in query.parameters), *FILTERS)))


def paged(request: Request, given: RequestParameters, written: Written, form: Format) -> Response:
    """Return the response with a page of rows, and a Link header to the other pages."""
    headers = {
        "G60kg-Complete": str(written.complete).lower(),
        "Vary": "Accept",
        "Link": _links(request, given, written),
    }
    if form.name in (*SPREADSHEET_FORMATS, WORKBOOK.name):
        name = f"{_name(request.path_params['name'])[0]}{form.suffixes[0]}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent(request, written.body, form.content_type, headers)


def forms_of(query: NamedQuery) -> tuple[Format, ...]:
    """Return the formats of a query's result: of rows, and of RDF if the query has evidence."""
    return (*FORMS, *GRAPHS) if query.evidence else FORMS


def _links(request: Request, given: RequestParameters, written: Written) -> str:
    """Return the Link header to the other pages (RFC 8288)."""
    limit, offset = given.limit_or_all, given.offset
    offsets = {"first": 0}
    if offset:
        offsets["prev"] = 0 if limit is None else max(0, offset - limit)
    if written.more and limit is not None:
        offsets["next"] = offset + (written.count or limit)
    elif written.count or not offset:
        offsets["last"] = offset
    parts = request.scope["query_string"].decode("latin-1").split("&")
    others = [part for part in parts if part.partition("=")[0] not in ("", "limit", "offset")]
    asked = quote("&".join((*others, f"limit={limit or ALL}")), safe=_IN_QUERY)
    path = quote(request.scope["path"], safe="/:@")
    return ", ".join(
        f'<{path}?{asked}&offset={start}>; rel="{relation}"' for relation, start in offsets.items()
    )


def described_query(query: NamedQuery, root: str) -> dict[str, Any]:
    """Return the description of a canned query as JSON; ``root`` is the prefix of its links."""
    here = f"{root}/api/queries/{query.name}"
    examples = {parameter.name: parameter.example for parameter in query.parameters}
    return {
        "name": query.name,
        "topic": query.topic,
        "summary": query.summary,
        "description": query.description,
        "parameters": [_described_parameter(parameter) for parameter in query.parameters],
        "filters": [_described_parameter(parameter) for parameter in query.filters],
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


def _name(segment: str) -> tuple[str, str]:
    """Return the name of a query and a format suffix with its dot, from a path segment.

    The suffix is empty if the segment does not end with the suffix of a format.
    """
    stem, dot, suffix = segment.rpartition(".")
    return (stem, dot + suffix) if dot + suffix in _SUFFIXES else (segment, "")


#: The parameters of every request, and those of the answers of queries alone.
CITING: Final = ("query", "fact", "lang", "format", "accessed")
OF_ANSWERS: Final = ("limit", "offset", "sort")
_ONE_OF: Final = "Give either query=NAME, with the query's parameters, or fact=IRI."


async def cite_sources(request: Request) -> Response:
    """Return citations of the sources of a query or resource, in the negotiated format."""
    name = request.query_params.get("query", "")
    query = named_query(name[:LONGEST_NAME]) if name else None
    own = _own_parameters(query) if query else []
    given = RequestParameters(request, (*CITING, *own, *(OF_ANSWERS if name else ())))
    fact = given.text("fact")
    if bool(name) == bool(fact):
        wrong = "A query and a fact are given." if name else "The query or the fact is missing."
        raise UsageError(wrong, hint=_ONE_OF)
    form = requested(request, formats.CITATIONS)
    run, language = state_of(request).workers.run, given.language
    accessed = _day(given.text("accessed"))
    if fact:
        written = await run(
            cited_sources.cited_entry, fact, form.name, language=language, accessed=accessed
        )
    else:
        written = await run(
            query_results.run_canned,
            name,
            {key: given.text(key) or "" for key in given if key in own},
            form.name,
            language=language,
            evidence=True,
            accessed=accessed,
            limit=None if given.text("limit") in (None, ALL) else given.limit,
            offset=given.offset,
            sort=given.text("sort"),
        )
    headers = {"G60kg-Complete": str(written.complete).lower(), "Vary": "Accept"}
    return sent(request, written.body, form.content_type, headers)


def _day(text: str | None) -> dt.date:
    """Return the date ``accessed``, today for None; raise UsageError if it is invalid."""
    if text is None:
        return dt.datetime.now().date()
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(
            f'accessed: "{excerpt(text)}" is not a date.', hint="Write it 2026-11-26."
        ) from None
