"""The OpenAPI 3.1 document of the API, generated from the headers of the canned queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from g60kg.model.names import LONGEST_NAME
from g60kg.package_data import __version__
from g60kg.queries.catalog import (
    NamedQuery,
    Parameter,
    ParameterType,
    load_catalog,
)
from g60kg.web.negotiation import GRAPHS, Representation
from g60kg.web.problem_details import MEDIA_TYPE
from g60kg.web.routes.api.example_bodies import BODIES, TURTLE
from g60kg.web.routes.api.json_schemas import (
    SCHEMAS,
    TEXT,
    Schema,
    listing,
    reference,
)
from g60kg.web.routes.api.query_routes import (
    FORMS,
    JSON,
    WITHOUT_ROWS,
    forms_of,
    has_rows,
)
from g60kg.web.routes.api.request_parameters import (
    LANGUAGES,
    LARGEST_OFFSET,
    LARGEST_PAGE,
    PAGE,
)
from g60kg.web.routes.api.validate_route import (
    ACCEPTED,
    MOST_FILES,
    MULTIPART,
    REPORTS,
)

#: The descriptions of the status codes.
_STATUSES: Final = {
    304: "The version in If-None-Match is current.",
    400: "The request is invalid; the response says why, where and how to fix it.",
    404: "The name is unknown; the response has the nearest ones.",
    406: "None of the accepted formats is available.",
    414: "A name in the path is too long.",
    413: "The body is too large.",
    415: "The media type of the body is not supported.",
    429: "Too many requests; retry after Retry-After seconds.",
    503: "The request took too long, or the server is busy; retry after Retry-After seconds.",
}


def document(server: str) -> dict[str, Any]:
    """Return the document.

    Args:
        server: the URL of the server, or the path prefix of a proxy; empty
            for the root of the document's host.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "g60kg",
            "version": __version__,
            "summary": "The Yangtze River Delta G60 corridor as a graph of facts, each with its "
            "source quotation.",
            "license": {"name": "CC BY 4.0 (data)", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": server or "/"}],
        "tags": [
            {"name": "queries", "description": "Canned queries, one path each."},
            {"name": "entities", "description": "Entities by name, with their facts."},
            {"name": "validate", "description": "Validation of new facts."},
        ],
        "paths": {
            "/api/queries": {"get": _listed()},
            **{
                f"/api/queries/{query.name}": {"get": _canned(query)}
                for query in load_catalog().values()
            },
            "/api/search": {"get": _search()},
            "/api/entities": {"get": _entities()},
            "/api/entities/{name}": {"get": _entity()},
            "/api/validate": {"post": _validate()},
        },
        "components": {"schemas": SCHEMAS},
    }


def _listed() -> dict[str, Any]:
    return {
        "operationId": "listQueries",
        "tags": ["queries"],
        "summary": "All canned queries: summary, parameters, columns and links.",
        "responses": _responses({JSON.media_type: reference("Queries")}, (304, 400, 406)),
    }


def _canned(query: NamedQuery) -> dict[str, Any]:
    sortable = [name for column in query.columns for name in _sortable(query, column)]
    parameters = [_own(query, parameter) for parameter in query.parameters]
    parameters += [*_paging(), _language()]
    parameters.append(
        _in_query(
            "sort", {"enum": sortable}, sortable[0], "the column to sort by; - for descending order"
        )
    )
    if query.evidence:
        text = "whether each row has its quotations"
        parameters.append(_in_query("evidence", {"type": "boolean", "default": False}, True, text))
    text = "whether text that a spreadsheet would read as a formula is escaped in CSV and TSV"
    formulas = _in_query("escape-formulas", {"type": "boolean", "default": False}, False, text)
    parameters.append(formulas)
    names = [form.format for form in forms_of(query)]
    form = _in_query("format", {"enum": names}, "json", "the format; overrides the Accept header")
    if query.evidence:
        form["description"] += f"; {', '.join(_OF_GRAPHS)}: the facts of the page's rows"
        form["examples"] = {
            "rows": {"summary": "the rows", "value": form.pop("example")},
            "facts": {"summary": "their facts, with evidence", "value": "turtle"},
        }
    parameters.append(form)
    content = {form.media_type: _written(form) for form in forms_of(query)}
    nothing = WITHOUT_ROWS.get((query.name, ""))
    return {
        "operationId": f"query-{query.name}",
        "tags": ["queries"],
        "summary": query.summary,
        "description": query.description
        + (f" The shipped graph has no rows: {nothing}." if nothing else ""),
        "parameters": parameters,
        "responses": _responses(content, (304, 400, 404, 406), _PAGE_HEADERS),
    }


_OF_GRAPHS: Final = [form.format for form in GRAPHS]


def _written(form: Representation) -> Schema:
    """Return the schema of a result in a format."""
    if form is FORMS[0]:
        return reference("Rows")
    return listing({"type": "object"}) if form.format == "jsonld" else TEXT


def _sortable(query: NamedQuery, column: str) -> Iterable[str]:
    names = [column, f"{column}Label"] if column in query.labels else [column]
    return [sign + name for name in names for sign in ("", "-")]


def _own(query: NamedQuery, parameter: Parameter) -> dict[str, Any]:
    described = _own_in_query(parameter)
    if not has_rows(query, parameter):
        # An example without rows is described, but not offered for trying out.
        example, reason = described.pop("example"), WITHOUT_ROWS[query.name, parameter.name]
        described["description"] += (
            f"; such as {example}, without rows in the shipped graph: {reason}"
        )
    return described


def _own_in_query(parameter: Parameter) -> dict[str, Any]:
    if parameter.type is ParameterType.INTEGER:
        number = int(parameter.example)
        return _in_query(parameter.name, {"type": "integer"}, number, parameter.description)
    text = parameter.description
    if parameter.type is ParameterType.IRI:
        kind = parameter.of_class or "entity"
        text += f"; {kind} as a label in either language, a CURIE or an IRI"
    if parameter.enum:
        text += f"; one of {', '.join(parameter.enum)}"
    return _in_query(parameter.name, _NAME, parameter.example, text)


_NAME: Final[Schema] = {"type": "string", "maxLength": LONGEST_NAME}
_PAGE_HEADERS: Final = {
    "Link": {
        "description": "first, prev, next, and last if it is known (RFC 8288)",
        "schema": TEXT,
    }
}


def _paging() -> list[dict[str, Any]]:
    limit: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    offset: Schema = {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0}
    return [
        _in_query("limit", limit, 5, "the maximum number of rows"),
        _in_query("offset", offset, 0, "the number of rows to skip"),
    ]


def _language() -> dict[str, Any]:
    return _in_query("lang", {"enum": list(LANGUAGES)}, "en", "the language of labels and messages")


def _in_query(name: str, schema: Schema, example: object, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": schema,
        "example": example,
    }


def _search() -> dict[str, Any]:
    schema = {**_NAME, "pattern": r"^\S"}
    text = {**_in_query("q", schema, "Songjiang", "a name or a part of one"), "required": True}
    return {
        "operationId": "search",
        "tags": ["entities"],
        "summary": "The entities with a text in a name, in either language, best matches first.",
        "parameters": [text, *_paging(), _language()],
        "responses": _responses(
            {JSON.media_type: reference("Found")}, (304, 400, 406), _PAGE_HEADERS
        ),
    }


def _entities() -> dict[str, Any]:
    text = "a class as a label, a local name or a CURIE"
    return {
        "operationId": "listEntities",
        "tags": ["entities"],
        "summary": "The entities of a class, sorted by IRI.",
        "parameters": [_in_query("class", _NAME, "City", text), *_paging(), _language()],
        "responses": _responses(
            {JSON.media_type: reference("Entities")}, (304, 400, 404, 406), _PAGE_HEADERS
        ),
    }


def _entity() -> dict[str, Any]:
    name = {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "a local name, a label in either language, a CURIE or an IRI",
        "schema": {**_NAME, "minLength": 1},
        "example": "songjiang",
    }
    return {
        "operationId": "describeEntity",
        "tags": ["entities"],
        "summary": "An entity: its names, its classes, and its facts with their quotations.",
        "parameters": [name, *_paging(), _language()],
        "responses": _responses(
            {JSON.media_type: reference("Entity")}, (304, 400, 404, 406), _PAGE_HEADERS
        ),
    }


def _validate() -> dict[str, Any]:
    # JSON Schema cannot describe RDF or sheets, so most media types have no schema.
    content: dict[str, Any] = {kind: {"example": BODIES[kind]} for kind in ACCEPTED}
    content["text/turtle"]["schema"] = TEXT
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    content[MULTIPART] = {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {**listing(file), "minItems": 1, "maxItems": MOST_FILES}},
            "additionalProperties": False,
        },
        "example": {"file": [TURTLE]},
        "encoding": {"file": {"contentType": ", ".join(ACCEPTED)}},
    }
    return {
        "operationId": "validate",
        "tags": ["validate"],
        "summary": "Whether new facts would be accepted; nothing is written.",
        "description": "The status is 200 for any verdict, and 4xx only for unreadable input, with "
        "its line and column.",
        "parameters": [
            _in_query("strict", {"type": "boolean", "default": False}, False, "fail on warnings"),
            _language(),
            _in_query(
                "format", {"enum": [form.format for form in REPORTS]}, "json", "the format"
            ),
        ],
        "requestBody": {"required": True, "content": content},
        "responses": _responses(
            {form.media_type: reference("Report") if form is REPORTS[0] else _any_of(form.format)
             for form in REPORTS},
            (400, 406, 413, 415),
            {"G60kg-Conforms": {"description": "the verdict", "schema": {"type": "boolean"}}},
        ),
    }  # fmt: skip


def _any_of(format_: str) -> Schema:
    return {"type": "object"} if format_ == "sarif" else TEXT


def _responses(
    content: Mapping[str, Schema],
    failures: Iterable[int],
    headers: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    complete = {"description": "whether the result is complete", "schema": {"type": "boolean"}}
    return {
        "200": {
            "description": "The result.",
            "headers": {"G60kg-Complete": complete, **(headers or {})},
            "content": {media_type: {"schema": schema} for media_type, schema in content.items()},
        },
        **{str(status): _failure(status) for status in (*failures, 414, 429, 503)},
    }


def _failure(status: int) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _STATUSES[status]}
    if status >= 400:
        described["content"] = {MEDIA_TYPE: {"schema": reference("Problem")}}
    return described
