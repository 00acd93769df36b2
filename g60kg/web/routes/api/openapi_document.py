"""Route `/openapi.json`: the OpenAPI 3.1 document, from the headers of the canned queries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from starlette.requests import Request
from starlette.responses import Response

from g60kg import formats
from g60kg.model.names import LANGUAGES, LONGEST_NAME
from g60kg.package_data import __version__
from g60kg.queries.catalog import NamedQuery, Parameter, ParameterType, load_catalog
from g60kg.queries.parameters import LARGEST_NUMBER
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import GRAPHS, Representation
from g60kg.web.problem_details import MEDIA_TYPE
from g60kg.web.routes.api.cite_route import CITATIONS
from g60kg.web.routes.api.query_routes import FORMS, JSON, WITHOUT_ROWS, forms_of, has_rows
from g60kg.web.routes.api.request_parameters import (
    ALL,
    LARGEST_OFFSET,
    LARGEST_PAGE,
    PAGE,
)
from g60kg.web.routes.api.validate_route import ACCEPTED, MOST_FILES, MULTIPART, REPORTS

_Members = dict[str, Any]

_TEXT: Final[_Members] = {"type": "string"}
_NAME: Final[_Members] = {"type": "string", "maxLength": LONGEST_NAME}
_PAGE_HEADERS: Final = {
    "Link": {
        "description": "first, prev, next, and last if it is known (RFC 8288)",
        "schema": _TEXT,
    }
}


async def openapi(request: Request) -> Response:
    """Return the OpenAPI document, with the URL of this server."""
    settings = state_of(request).settings
    body = _written(settings.base or settings.root_path)
    return sent(request, body, "application/json", {"G60kg-Complete": "true"})


@cache
def _written(server: str) -> bytes:
    return json.dumps(document(server), ensure_ascii=False).encode() + b"\n"


def document(server: str) -> _Members:
    """Return the document; the server is a URL or a path prefix, empty for the document's host."""
    text = _in_query(
        "q",
        {**_NAME, "pattern": "[0-9A-Za-z\u4e00-\u9fff]"},
        "Songjiang",
        "a name or a part of one",
    )
    of_class = _in_query(
        "class", _NAME, "PrefectureCity", "a class as a label, a local name or a CURIE"
    )
    name = "a local name, a label in either language, a CURIE or an IRI"
    in_path = _in_query("name", {**_NAME, "minLength": 1}, "songjiang", name)
    listed = _responses({JSON.media_type: _schema("Queries")}, (304, 400, 406))
    fixed = _fixed()
    return {
        **fixed["document"],
        "info": {**fixed["document"]["info"], "version": __version__},
        "servers": [{"url": server or "/"}],
        "paths": {
            "/api/queries": {"get": {**fixed["operations"]["listQueries"], "responses": listed}},
            **{f"/api/queries/{name}": _canned(query) for name, query in load_catalog().items()},
            "/api/ask": _ask(),
            "/api/cite": _cite(),
            "/api/search": _of_entities("search", "Found", {**text, "required": True}),
            "/api/entities": _of_entities("listEntities", "Entities", of_class, 404),
            "/api/entities/{name}": _of_entities(
                "describeEntity", "Entity", {**in_path, "in": "path", "required": True}, 404
            ),
            "/api/validate": _validate(),
            **{f"/reconcile{path}": _reconcile(path) for path in _RECONCILE},
        },
        "components": {"schemas": _complete(fixed["schemas"])},
    }


@cache
def _fixed() -> _Members:
    """Return the fixed parts of the document."""
    loaded: _Members = yaml.safe_load(
        files(__package__ or "").joinpath("openapi.yaml").read_text(encoding="utf-8")
    )
    return loaded


def _complete(schema: Any) -> Any:
    """Return a schema with each object written in full, as openapi.yaml describes.

    >>> _complete({"properties": {"a": {}, "b?": {}}})["required"]
    ['a']
    """
    if isinstance(schema, list):
        return [_complete(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    members = {name: _complete(one) for name, one in schema.items()}
    if "properties" not in members or "required" in members:
        return members
    properties = members["properties"]
    return {
        "type": "object",
        **members,
        "required": [name for name in properties if not name.endswith("?")],
        "properties": {name.removesuffix("?"): one for name, one in properties.items()},
        "additionalProperties": False,
    }


def _of_entities(name: str, schema: str, parameter: _Members, *failures: int) -> _Members:
    """Return the path of an operation that returns a page of entities or facts."""
    content = {JSON.media_type: _schema(schema)}
    operation = {
        **_fixed()["operations"][name],
        "parameters": [parameter, *_paging(), _language()],
        "responses": _responses(content, (304, 400, *failures, 406), _PAGE_HEADERS),
    }
    return {"get": operation}


def _canned(query: NamedQuery) -> _Members:
    sortable = [name for column in query.columns for name in _sortable(query, column)]
    parameters = [_own(query, parameter) for parameter in query.parameters]
    parameters += [_filter(parameter) for parameter in query.filters]
    parameters += [*_paging(all_rows=True), _language()]
    text = "the column to sort by; - for descending order"
    parameters.append(_in_query("sort", {"enum": sortable}, sortable[0], text))
    if query.evidence:
        parameters.append(_flag("evidence", True, "whether each row has its quotations"))
    text = "whether text that a spreadsheet would read as a formula is escaped in CSV and TSV"
    parameters.append(_flag("escape-formulas", False, text))
    text = "whether CSV and TSV begin with a byte order mark, by which Excel knows UTF-8"
    parameters.append(_flag("bom", False, text))
    text = "columns, separated by commas, whose values are counted in all rows; only in JSON"
    column = f"({'|'.join(query.columns)})"
    schema = {**_NAME, "pattern": f"^({column}(,{column})*)?$"}
    parameters.append(_in_query("facets", schema, query.columns[0], text))
    names = [form.format for form in forms_of(query)]
    form = _in_query("format", {"enum": names}, "json", "the format; overrides the Accept header")
    if query.evidence:
        of_graphs = ", ".join(form.format for form in GRAPHS)
        form["description"] += f"; {of_graphs}: the facts of the page's rows"
        form["examples"] = {
            "rows": {"summary": "the rows", "value": form.pop("example")},
            "facts": {"summary": "their facts, with evidence", "value": "turtle"},
        }
    parameters.append(form)
    content = {form.media_type: _schema_of(form) for form in forms_of(query)}
    nothing = WITHOUT_ROWS.get((query.name, ""))
    operation = {
        "operationId": f"query-{query.name}",
        "tags": ["queries"],
        "summary": query.summary,
        "description": query.description
        + (f" The shipped graph has no rows: {nothing}." if nothing else ""),
        "parameters": parameters,
        "responses": _responses(content, (304, 400, 404, 406), _PAGE_HEADERS),
    }
    return {"get": operation}


def _ask() -> _Members:
    question = _in_query(
        "q", {**_NAME, "pattern": r"^\S"}, "Which projects are in Songjiang?", "a question"
    )
    operation = {
        **_fixed()["operations"]["ask"],
        "parameters": [
            {**question, "required": True},
            *_paging(all_rows=True),
            _language(),
            _flag("evidence", True, "whether each row has its quotations"),
        ],
        "responses": _responses(
            {JSON.media_type: _schema("Asked")}, (304, 400, 406), _PAGE_HEADERS
        ),
    }
    return {"get": operation}


def _cite() -> _Members:
    names = [query.name for query in load_catalog().values() if query.evidence]
    query = _in_query(
        "query", {"enum": names}, "projects", "the canned query whose answer is cited"
    )
    fact = _in_query("fact", _NAME, "", "the IRI or the CURIE of an entry")
    day = _in_query("accessed", {**_TEXT, "format": "date"}, "2026-11-26", "the access date")
    day["description"] += "; default: today"
    form = {"enum": [form.format for form in CITATIONS]}
    operation = {
        **_fixed()["operations"]["cite"],
        "parameters": [
            query,
            # Without an example, as a request has a query or a fact.
            {name: member for name, member in fact.items() if name != "example"},
            *_paging(all_rows=True),
            _in_query("sort", _TEXT, "-project", "the column to sort by; - for descending order"),
            _language(),
            day,
            _in_query("format", form, "csl", "the format; overrides the Accept header"),
        ],
        "responses": _responses(
            {
                form.media_type: _schema("References") if form.format == "csl" else _TEXT
                for form in CITATIONS
            },
            (304, 400, 404, 406),
        ),
    }
    return {"get": operation}


def _schema(name: str) -> _Members:
    return {"$ref": f"#/components/schemas/{name}"}


def _schema_of(form: Representation) -> _Members:
    """Return the schema of a result in a format."""
    if form is FORMS[0]:
        return _schema("Rows")
    return {"type": "object"} if form.format == "jsonld" else _TEXT


def _sortable(query: NamedQuery, column: str) -> Iterable[str]:
    names = [column, f"{column}Label"] if column in query.labels else [column]
    return [sign + name for name in names for sign in ("", "-")]


def _own(query: NamedQuery, parameter: Parameter) -> _Members:
    described = _own_in_query(parameter)
    if not has_rows(query, parameter):
        # An example without rows is described, but not offered for trying out.
        example, reason = described.pop("example"), WITHOUT_ROWS[query.name, parameter.name]
        described["description"] += (
            f"; such as {example}, without rows in the shipped graph: {reason}"
        )
    return described


def _filter(parameter: Parameter) -> _Members:
    described = _own_in_query(parameter)
    # Its rows depend on the other parameters, so the example is not offered for trying out.
    described["description"] += f"; such as {described.pop('example')}"
    return described


def _own_in_query(parameter: Parameter) -> _Members:
    if parameter.type is ParameterType.INTEGER:
        number = int(parameter.example)
        schema: _Members = {
            "type": "integer",
            "minimum": -LARGEST_NUMBER,
            "maximum": LARGEST_NUMBER,
        }
        return _in_query(parameter.name, schema, number, parameter.description)
    text = parameter.description
    if parameter.type is ParameterType.IRI:
        kind = parameter.of_class or "entity"
        text += f"; {kind} as a label in either language, a CURIE or an IRI"
    if parameter.enum:
        text += f"; one of {', '.join(parameter.enum)}"
    return _in_query(parameter.name, _NAME, parameter.example, text)


def _paging(*, all_rows: bool = False) -> list[_Members]:
    limit: _Members = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    if all_rows:
        limit = {"anyOf": [limit, {"const": ALL}]}
    offset: _Members = {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0}
    return [
        _in_query("limit", limit, 5, "the maximum number of rows"),
        _in_query("offset", offset, 0, "the number of rows to skip"),
    ]


def _language() -> _Members:
    return _in_query("lang", {"enum": list(LANGUAGES)}, "en", "the language of labels and messages")


def _flag(name: str, example: bool, description: str) -> _Members:
    return _in_query(name, {"type": "boolean", "default": False}, example, description)


def _in_query(name: str, schema: _Members, example: object, description: str) -> _Members:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": schema,
        "example": example,
    }


def _validate() -> _Members:
    # JSON Schema cannot describe RDF or sheets, so most media types have no schema.
    bodies = _fixed()["bodies"]
    content: _Members = {kind: {"example": bodies[kind]} for kind in ACCEPTED}
    content["text/turtle"]["schema"] = _TEXT
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    of_files = {"type": "array", "items": file, "minItems": 1, "maxItems": MOST_FILES}
    content[MULTIPART] = {
        "schema": _complete({"properties": {"file": of_files}}),
        "example": {"file": [bodies["text/turtle"]]},
        "encoding": {"file": {"contentType": ", ".join(ACCEPTED)}},
    }
    of_report = {"json": _schema("Report"), "sarif": {"type": "object"}}
    forms = {"enum": [form.format for form in REPORTS]}
    operation = {
        **_fixed()["operations"]["validate"],
        "parameters": [
            _flag("strict", False, "fail on warnings"),
            _language(),
            _in_query("format", forms, "json", "the format"),
        ],
        "requestBody": {"required": True, "content": content},
        "responses": _responses(
            {form.media_type: of_report.get(form.format, _TEXT) for form in REPORTS},
            (400, 406, 413, 415),
            {"G60kg-Conforms": {"description": "the verdict", "schema": {"type": "boolean"}}},
        ),
    }
    return {"post": operation}


#: The operations of the reconciliation API by path: names, and the schema of their response.
_RECONCILE: Final = {
    "": ({"get": "reconcile", "post": "reconcileBatch"}, "ReconciliationService"),
    "/suggest/{kind}": ({"get": "reconcileSuggest"}, "ReconciliationSuggestions"),
    "/flyout/{kind}": ({"get": "reconcileFlyout"}, "ReconciliationFlyout"),
    "/preview": ({"get": "reconcilePreview"}, ""),
    "/properties": ({"get": "reconcileProperties"}, "ReconciliationProperties"),
}


def _reconcile(path: str) -> _Members:
    operations, schema = _RECONCILE[path]
    content = {JSON.media_type: _schema(schema)} if schema else {formats.HTML.media_type: _TEXT}
    failures = {"post": (400, 413, 415)}
    return {
        method: {
            **_complete(_fixed()["operations"][name]),
            "responses": _responses(content, failures.get(method, (304, 400, 404, 413))),
        }
        for method, name in operations.items()
    }


def _responses(
    content: Mapping[str, _Members],
    failures: Iterable[int],
    headers: Mapping[str, Any] | None = None,
) -> _Members:
    complete = {"description": "whether the result is complete", "schema": {"type": "boolean"}}
    return {
        "200": {
            "description": "The result.",
            "headers": {"G60kg-Complete": complete, **(headers or {})},
            "content": {media_type: {"schema": schema} for media_type, schema in content.items()},
        },
        **{str(status): _failure(status) for status in (*failures, 414, 429, 431, 503)},
    }


def _failure(status: int) -> _Members:
    described: _Members = {"description": _fixed()["statuses"][status]}
    if status >= 400:
        described["content"] = {MEDIA_TYPE: {"schema": _schema("Problem")}}
    return described
