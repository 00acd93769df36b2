"""The OpenAPI document: valid, whole, its examples work, and a fuzzer finds nothing it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from openapi_spec_validator import validate

from g60kg.catalog import load_catalog
from g60kg.web.routes.api import routes
from g60kg.web.routes.api.openapi import document

DOCUMENT = document("")
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
#: Seconds that the fuzzer gets; with that seed it sends the same requests each time.
BUDGET = 15
SEED = 60
#: What it is let loose on: of the canned queries, which are one piece of code, one of each kind.
FUZZED = (
    "^/api/(queries|queries/(enterprises|timeline|search|coverage)|search|entities.*|validate)$"
)
#: No JSON Schema can say which bytes are RDF: what the fuzzer makes up for a body may be refused.
CONFIGURATION = """\
[[operations]]
include-path = "/api/validate"
[operations.checks.positive_data_acceptance]
enabled = false
"""


@pytest.fixture(scope="session")
def api(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30, trust_env=False) as client:
        yield client


def conforms(content: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.validate(content, whole, jsonschema.Draft202012Validator)


def test_the_document_is_valid_openapi_whatever_the_path_in_front(api: httpx.Client) -> None:
    validate(api.get("/openapi.json").json())
    validate(document("/g60"))
    assert DOCUMENT["servers"] == [{"url": "/"}]
    assert document("/g60")["servers"] == [{"url": "/g60"}]


def test_the_document_has_every_route_and_every_canned_query() -> None:
    for route in routes:
        if route.path == "/openapi.json":
            continue
        path = route.path.replace(":path}", "}")
        if path == "/api/queries/{name}":
            assert {f"/api/queries/{name}" for name in load_catalog()} <= set(DOCUMENT["paths"])
            continue
        methods = {method.lower() for method in route.methods or ()} - {"head"}
        assert methods == set(DOCUMENT["paths"][path]), path


def test_a_query_has_the_parameters_of_its_header() -> None:
    for query in load_catalog().values():
        described = DOCUMENT["paths"][f"/api/queries/{query.name}"]["get"]["parameters"]
        names = [parameter["name"] for parameter in described]
        assert names[: len(query.parameters)] == [p.name for p in query.parameters]
        assert ("evidence" in names) == bool(query.evidence)


@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[path for path, _, _ in OPERATIONS]
)
def test_examples_give_what_the_schema_says(
    api: httpx.Client, path: str, method: str, operation: dict[str, Any]
) -> None:
    parameters = operation.get("parameters", [])
    given = {p["name"]: str(p["example"]).replace("True", "true").replace("False", "false")
             for p in parameters if p["in"] == "query"}  # fmt: skip
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    bodies = operation.get("requestBody", {}).get("content", {})
    examples = [(kind, body["example"]) for kind, body in bodies.items() if "example" in body]
    for media_type, body in examples or [(None, None)]:
        headers = {"Content-Type": media_type} if media_type else {}
        answer = api.request(method, path, params=given, content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        sent = answer.headers["content-type"].partition(";")[0]
        conforms(answer.json(), operation["responses"]["200"]["content"][sent]["schema"])
        assert answer.headers["g60kg-complete"] in ("true", "false")


def test_other_answers_are_what_their_schema_says_too(api: httpx.Client) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name in ("corridor", "hangzhou", "songjiang-declaration", "2307119874"):
        answer = api.get(f"/api/entities/{name}")
        conforms(answer.json(), schemas["Problem" if answer.status_code == 404 else "Entity"])
    for path in ("/api/entities", "/api/entities?class=Zone"):
        conforms(api.get(path).json(), schemas["Entities"])
    wrong = api.post("/api/validate", content="<a", headers={"Content-Type": "text/turtle"})
    conforms(wrong.json(), schemas["Problem"])


def test_a_schema_refuses_what_it_does_not_say() -> None:
    rows: dict[str, Any] = {"head": {"vars": []}, "results": {"bindings": []}}
    with pytest.raises(jsonschema.ValidationError, match="meta"):
        conforms(rows, DOCUMENT["components"]["schemas"]["Rows"])


def test_a_fuzzer_finds_no_answer_that_is_not_described(server: str, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
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
