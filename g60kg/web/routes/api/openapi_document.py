"""Route `/openapi.json`: the OpenAPI 3.1 document, from openapi.yaml and the canned queries."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from g60kg import package_data
from g60kg.formats import Format
from g60kg.model.names import LONGEST_NAME
from g60kg.package_data import __version__
from g60kg.queries.catalog import FROM, TO, NamedQuery, Parameter, ParameterType, load_catalog
from g60kg.queries.parameters import LARGEST_NUMBER, YEARS
from g60kg.web.app_state import state_of
from g60kg.web.etag import sent
from g60kg.web.negotiation import GRAPHS
from g60kg.web.problem_details import MEDIA_TYPE
from g60kg.web.routes.api.query_routes import FORMS, forms_of

_Members = dict[str, Any]

_TEXT: Final[_Members] = {"type": "string"}
_NAME: Final[_Members] = {"type": "string", "maxLength": LONGEST_NAME}
_LINK: Final = {
    "description": "first, prev, next, and last if it is known (RFC 8288)",
    "schema": _TEXT,
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
    """Return the OpenAPI document."""
    fixed = _fixed()
    canned = {f"/api/queries/{name}": _canned(query) for name, query in load_catalog().items()}
    first, *others = (
        (path, {method: _operation(one) for method, one in operations.items()})
        for path, operations in fixed["paths"].items()
    )
    paths = dict([first, *canned.items(), *others])
    cited = [query.name for query in load_catalog().values() if query.evidence]
    paths["/api/cite"]["get"]["parameters"][0]["schema"] = {"enum": cited}
    return {
        **fixed["document"],
        "info": {**fixed["document"]["info"], "version": __version__},
        "servers": [{"url": server or "/"}],
        "paths": paths,
        "components": {"schemas": fixed["schemas"]},
    }


@cache
def _fixed() -> _Members:
    loaded: _Members = _complete(package_data.mapping("web/routes/api/openapi.yaml"))
    return loaded


def _complete(schema: Any) -> Any:
    """Return a schema of openapi.yaml as JSON Schema, without the abbreviations of that file.

    An object with ``properties`` and no ``required`` gets its type, and forbids further properties.
    Each property is required unless its name ends with "?".

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


def _operation(described: _Members) -> _Members:
    operation = {**described}
    content, failures = operation.pop("answer"), operation.pop("failures")
    headers = {"Link": _LINK} if operation.pop("paged", False) else operation.pop("headers", {})
    if "parameters" in operation:
        operation["parameters"] = [_parameter(one) for one in operation["parameters"]]
    return {**operation, "responses": _responses(content, failures, headers)}


def _parameter(described: str | _Members) -> _Members:
    if isinstance(described, str):
        described = {"name": described, **_fixed()["parameters"][described]}
    return {"name": described["name"], "in": "query", **described}


def _canned(query: NamedQuery) -> _Members:
    sortable = [name for column in query.columns for name in _sortable(query, column)]
    column = f"({'|'.join(query.columns)})"
    evidence = ("evidence",) if query.evidence else ()
    parameters = [
        *map(_of_query, query.parameters),
        *map(_filter, query.filters),
        *map(_parameter, ("limit-or-all", "offset", "lang")),
        _in_query(
            "sort", {"enum": sortable}, sortable[0], "the column to sort by; - for descending order"
        ),
        *map(_parameter, (*evidence, "escape-formulas", "bom")),
        _in_query(
            "facets",
            {**_NAME, "pattern": f"^({column}(,{column})*)?$"},
            query.columns[0],
            "columns, separated by commas, whose values are counted in all rows; only in JSON",
        ),
        _format(query),
    ]
    content = {form.media_type: _schema_of(form) for form in forms_of(query)}
    operation = {
        "operationId": f"query-{query.name}",
        "tags": ["queries"],
        "summary": query.summary,
        "description": query.description,
        "parameters": parameters,
        "responses": _responses(content, (304, 400, 404, 406, 410), {"Link": _LINK}),
    }
    return {"get": operation}


def _format(query: NamedQuery) -> _Members:
    names = [form.name for form in forms_of(query)]
    form = _in_query("format", {"enum": names}, "json", "the format; overrides the Accept header")
    if query.evidence:
        of_graphs = ", ".join(form.name for form in GRAPHS)
        form["description"] += f"; {of_graphs}: the facts of the page's rows"
        form["examples"] = {
            "rows": {"summary": "the rows", "value": form.pop("example")},
            "facts": {"summary": "their facts, with evidence", "value": "turtle"},
        }
    return form


def _schema_of(form: Format) -> _Members:
    if form is FORMS[0]:
        return {"$ref": "#/components/schemas/Rows"}
    return {"type": "object"} if form.name == "jsonld" else _TEXT


def _sortable(query: NamedQuery, column: str) -> Iterable[str]:
    names = [column, f"{column}Label"] if column in query.labels else [column]
    return [sign + name for name in names for sign in ("", "-")]


def _filter(parameter: Parameter) -> _Members:
    described = _of_query(parameter)
    # Its rows depend on the other parameters, so the example is not offered for trying out.
    described["description"] += f"; such as {described.pop('example')}"
    return described


def _of_query(parameter: Parameter) -> _Members:
    text = parameter.description
    if parameter.type is ParameterType.INTEGER:
        numbers = range(-LARGEST_NUMBER, LARGEST_NUMBER + 1)
        allowed = YEARS if parameter.name in (FROM, TO) else numbers
        schema = {"type": "integer", "minimum": allowed[0], "maximum": allowed[-1]}
        return _in_query(parameter.name, schema, int(parameter.example), text)
    if parameter.type is ParameterType.IRI:
        kind = parameter.of_class or "entity"
        text += f"; {kind} as a label in either language, a CURIE or an IRI"
    if parameter.enum:
        text += f"; one of {', '.join(parameter.enum)}"
    return _in_query(parameter.name, _NAME, parameter.example, text)


def _in_query(name: str, schema: _Members, example: object, description: str) -> _Members:
    described = {"name": name, "description": description, "schema": schema, "example": example}
    return _parameter(described)


def _responses(
    content: Mapping[str, _Members], failures: Iterable[int], headers: Mapping[str, Any]
) -> _Members:
    complete = {"description": "whether the result is complete", "schema": {"type": "boolean"}}
    return {
        "200": {
            "description": "The result.",
            "headers": {"G60kg-Complete": complete, **headers},
            "content": {media_type: {"schema": schema} for media_type, schema in content.items()},
        },
        **{str(status): _failure(status) for status in (*failures, 414, 429, 431, 503)},
    }


def _failure(status: int) -> _Members:
    described: _Members = {"description": _fixed()["statuses"][status]}
    if status >= 400:
        described["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return described
