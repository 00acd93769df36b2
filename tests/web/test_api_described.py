"""The OpenAPI document: valid and complete, with working examples; tested with a fuzzer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from openapi_spec_validator import validate

from g60kg.queries.catalog import load_catalog
from g60kg.validation.report.findings import Severity, Status
from g60kg.web.routes import reconcile_routes
from g60kg.web.routes.api import routes
from g60kg.web.routes.api.openapi_document import document
from g60kg.web.routes.api.request_parameters import FORM
from g60kg.web.routes.api.validate_route import ACCEPTED, MULTIPART
from tests.conftest import ROOT
from tests.web import asking

DOCUMENT = document("")
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
#: Time limit of the fuzzer in seconds; its seed is fixed, so it sends the same requests each time.
BUDGET = 15
SEED = 60
#: The fuzzed paths: one of each kind of canned query, as all share their code.
FUZZED = (
    "^/api/(queries|queries/(enterprises|timeline|search|coverage)|search|ask|cite|"
    "entities.*|validate)$|^/reconcile"
)
#: JSON Schema cannot describe RDF, nor which column a query has and that a request has a query or a
#: fact, nor the JSON in a parameter, so valid requests may be refused there.
CONFIGURATION = """\
hooks = "serializers"

# 414 is the answer to a name that is too long, 431 to a URL that is.
[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 406, 413, 414, 415, 429, 431, "5xx"]

[[operations]]
include-path = "/api/validate"
[operations.checks.positive_data_acceptance]
enabled = false

[[operations]]
include-path = "/api/cite"
[operations.checks.positive_data_acceptance]
enabled = false

[[operations]]
include-path = "/reconcile"
[operations.checks.positive_data_acceptance]
enabled = false
"""

#: The fuzzer sends text of these media types unchanged.
SERIALIZERS = """\
import schemathesis

@schemathesis.serializer("application/n-quads", "application/n-triples", "application/trig")
def as_it_is(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
"""


#: The canned queries without a row that meets all their examples at once.
WITHOUT_ROWS = ("achievements", "enterprises", "posts", "unsupported-triples")
#: The operations whose response is rows or members as JSON.
ROWS = [("get", path) for path, _, _ in OPERATIONS if path != "/reconcile/preview"]


def conforms(content: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.validate(content, whole, jsonschema.Draft202012Validator)


def test_the_document_is_valid_openapi_with_any_path_prefix(api: httpx.Client) -> None:
    validate(api.get("/openapi.json").json())
    validate(document("/g60"))
    assert DOCUMENT["servers"] == [{"url": "/"}]
    assert document("/g60")["servers"] == [{"url": "/g60"}]


def test_the_schema_of_a_report_has_every_severity_and_status() -> None:
    results = DOCUMENT["components"]["schemas"]["Report"]["properties"]["results"]
    described = results["items"]["properties"]
    assert described["severity"] == {"enum": [one.value for one in Severity]}
    assert described["status"] == {"enum": [one.value for one in Status]}


def test_the_document_has_every_route_and_every_canned_query() -> None:
    for route in (*routes, *reconcile_routes.routes):
        if route.path == "/openapi.json":
            continue
        path = route.path.replace(":path}", "}")
        if path == "/api/queries/{name}":
            assert {f"/api/queries/{name}" for name in load_catalog()} <= set(DOCUMENT["paths"])
            continue
        methods = {method.lower() for method in route.methods or ()} - {"head"}
        assert methods == set(DOCUMENT["paths"][path]), path


def test_citations_have_the_filters_of_answers() -> None:
    filters = {one.name for query in load_catalog().values() for one in query.filters}
    described = DOCUMENT["paths"]["/api/cite"]["get"]["parameters"]
    assert filters <= {one["name"] for one in described}


def test_a_query_has_the_parameters_of_its_header() -> None:
    for query in load_catalog().values():
        described = DOCUMENT["paths"][f"/api/queries/{query.name}"]["get"]["parameters"]
        names = [parameter["name"] for parameter in described]
        assert names[: len(query.parameters)] == [p.name for p in query.parameters]
        assert ("evidence" in names) == bool(query.evidence)
        answer = DOCUMENT["paths"][f"/api/queries/{query.name}"]["get"]["responses"]["200"]
        assert ("text/turtle" in answer["content"]) == bool(query.evidence)


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    OPERATIONS,
    ids=[f"{method} {path}" for path, method, _ in OPERATIONS],
)
def test_responses_to_examples_conform_to_the_schema(
    api: httpx.Client, path: str, method: str, operation: dict[str, Any]
) -> None:
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    asked = [p for p in parameters if p["in"] == "query" and examples(p)]
    for values in product(*map(examples, asked)):
        given = {p["name"]: written(value) for p, value in zip(asked, values, strict=True)}
        answer = api.request(method, path, params=given, **body(operation))
        assert answer.status_code == 200, answer.text
        sent = answer.headers["content-type"].partition(";")[0]
        schema = operation["responses"]["200"]["content"][sent]["schema"]
        conforms(answer.json() if sent.endswith("json") else answer.text, schema)
        assert answer.headers["g60kg-complete"] in ("true", "false")


def examples(parameter: dict[str, Any]) -> list[Any]:
    if "example" in parameter:
        return [parameter["example"]]
    return [one["value"] for one in parameter.get("examples", {}).values()]


def written(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def body(operation: dict[str, Any]) -> dict[str, Any]:
    """Return a body, if one is required."""
    if "requestBody" not in operation:
        return {}
    content = operation["requestBody"]["content"]
    if FORM in content:
        return {"data": content[FORM]["example"]}
    turtle = content["text/turtle"]["example"]
    return {"content": turtle, "headers": {"Content-Type": "text/turtle"}}


@pytest.mark.parametrize(
    ("path", "operation"),
    [(path, operation) for path, method, operation in OPERATIONS if (method, path) in ROWS],
    ids=[path for path, method, _ in OPERATIONS if (method, path) in ROWS],
)
def test_examples_have_rows(complete_server: str, path: str, operation: dict[str, Any]) -> None:
    parameters = {p["name"]: p for p in operation.get("parameters", []) if p["in"] == "query"}
    given = {name: written(examples(p)[0]) for name, p in parameters.items() if examples(p)}
    place = path.replace("{name}", "songjiang").replace("{kind}", "entity")
    answer = asking.get(complete_server + place, params=given).json()
    gives = ("queries", "results", "entities", "facts", "result", "html", "properties")
    # CSL-JSON is an array.
    is_list = isinstance(answer, list)
    members = answer if is_list else answer.get("data", answer)
    found = members if is_list else next(members[one] for one in gives if one in members)
    rows = found["bindings"] if "head" in answer else found
    assert bool(rows) != (path.rpartition("/")[2] in WITHOUT_ROWS)


BODIES = DOCUMENT["paths"]["/api/validate"]["post"]["requestBody"]["content"]


@pytest.mark.parametrize("media_type", [*ACCEPTED, MULTIPART])
def test_the_example_of_each_body_is_accepted(api: httpx.Client, media_type: str) -> None:
    assert set(BODIES) == {*ACCEPTED, MULTIPART}
    example = BODIES[media_type]["example"]
    if media_type == MULTIPART:
        conforms(example, BODIES[media_type]["schema"])
        files = [("file", ("new.ttl", text, "text/turtle")) for text in example["file"]]
        answer = api.post("/api/validate", files=files)
    else:
        content = example if isinstance(example, str) else json.dumps(example)
        headers = {"Content-Type": media_type}
        answer = api.post("/api/validate", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["g60kg-conforms"] == "true", answer.text
    # An empty schema would accept anything.
    assert "photonics" in str(example) or answer.json()["summary"]["facts"] == 1


def test_other_responses_conform_to_their_schema(api: httpx.Client) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name in ("corridor", "hangzhou", "songjiang-declaration", "2307119874"):
        answer = api.get(f"/api/entities/{name}")
        conforms(answer.json(), schemas["Problem" if answer.status_code == 404 else "Entity"])
    for path in ("/api/entities", "/api/entities?class=Zone"):
        conforms(api.get(path).json(), schemas["Entities"])
    wrong = api.post("/api/validate", content="<a", headers={"Content-Type": "text/turtle"})
    conforms(wrong.json(), schemas["Problem"])


def test_a_schema_refuses_unknown_members() -> None:
    rows: dict[str, Any] = {"head": {"vars": []}, "results": {"bindings": []}}
    with pytest.raises(jsonschema.ValidationError, match="meta"):
        conforms(rows, DOCUMENT["components"]["schemas"]["Rows"])


@pytest.mark.long
def test_a_fuzzer_finds_no_undescribed_response(server: str, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    (tmp_path / "serializers.py").write_text(SERIALIZERS)
    command = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [command, "--config-file", "schemathesis.toml", "run", f"{server}/openapi.json",
         "--include-path-regex", FUZZED, "--seed", str(SEED),
         "--max-examples", "3", "--max-time", str(BUDGET),
         "--generation-database", "none", "--no-color"],
        cwd=tmp_path,
        env={**os.environ, "no_proxy": "127.0.0.1", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=BUDGET * 4,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "generated" in done.stdout


def test_each_member_of_meta_is_in_the_documentation() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    described = (schemas["Rows"], *schemas["Asked"]["oneOf"])
    members = {name for one in described for name in one["properties"]["meta"]["properties"]}
    assert members >= {"note", "reason", "facets"}
    page = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    table = page.partition("The members of `meta`")[2].partition("\n\n`")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == members
