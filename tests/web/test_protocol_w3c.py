"""The W3C's tests of the SPARQL 1.1 protocol and service description, under their own names.

The requests are those of the manifests ``sparql11/protocol`` and ``sparql11/service-description``.
The graphs that they speak of lie in a store of their own, since no graph is fetched here. Left
out, as this server has no update operation: update_dataset_default_graph,
update_dataset_default_graphs, update_dataset_named_graphs, update_dataset_full, update_post_form,
update_post_direct, update_base_uri. The tests of updates that are wrong hold here too: whatever
the update, it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from pyoxigraph import QueryResultsFormat as ResultsFormat
from pyoxigraph import parse_query_results as parse_results

from g60kg.stores.local_store import LocalStore
from tests.web import asking
from tests.web.serving import Server, serving

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DOCUMENT = NamedNode("http://xmlns.com/foaf/0.1/Document")
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"

BOTH_IN_DEFAULT = f"ASK {{ <{DATA.format(1)}> a ?type . <{DATA.format(2)}> a ?type . }}"
EACH_IN_NAMED = (
    f"GRAPH ?g1 {{ <{DATA.format(1)}> a ?type }} GRAPH ?g2 {{ <{DATA.format(2)}> a ?type }}"
)


@dataclass(frozen=True)
class Request:
    """A request of a test: URL parameters, body with media type, and the expected response."""

    method: str
    parameters: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    content_type: str | None = None
    gives: str = "true"


def graphs(kind: str, *numbers: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"{kind}-graph-uri", DATA.format(number)) for number in numbers)


def direct(query: str, *parameters: tuple[str, str], gives: str = "true") -> Request:
    return Request("POST", parameters, query.encode(), DIRECT, gives)


ON_0 = graphs("default", 0)
TESTS = {
    "query_post_form": Request("POST", ON_0, b"query=ASK%20%7B%7D", FORM),
    "query_dataset_default_graphs_get": Request(
        "GET", (("query", BOTH_IN_DEFAULT), *graphs("default", 1, 2))
    ),
    "query_dataset_default_graphs_post": direct(BOTH_IN_DEFAULT, *graphs("default", 1, 2)),
    "query_dataset_named_graphs_post": direct(
        f"ASK {{ {EACH_IN_NAMED} }}", *graphs("named", 1, 2)
    ),
    "query_dataset_named_graphs_get": Request(
        "GET", (("query", f"ASK {{ {EACH_IN_NAMED} }}"), *graphs("named", 1, 2))
    ),
    "query_dataset_full": direct(
        f"ASK {{ <{DATA.format(3)}> a ?type {EACH_IN_NAMED} }}",
        *graphs("default", 3),
        *graphs("named", 1, 2),
    ),
    "query_multiple_dataset": direct(
        f"ASK FROM <{DATA.format(3)}> {{ {EACH_IN_NAMED} }}", *graphs("named", 1, 2)
    ),
    "query_get": Request("GET", (("query", "ASK {}"), *ON_0)),
    "query_content_type_select": direct("SELECT (1 AS ?value) {}", *ON_0, gives="tabular"),
    "query_content_type_ask": direct("ASK {}", *ON_0, gives="boolean"),
    "query_content_type_describe": direct("DESCRIBE <http://example.org/>", *ON_0, gives="RDF"),
    "query_content_type_construct": direct(
        "CONSTRUCT { <s> <p> 1 } WHERE {}", *ON_0, gives="RDF"
    ),
    "query_post_direct": direct("ASK {}"),
    "bad_query_method": Request("PUT", (("query", "ASK {}"), *ON_0), b"", FORM, "4xx"),
    "bad_multiple_queries": Request(
        "GET", (("query", "ASK {}"), ("query", "SELECT * {}")), gives="4xx"
    ),
    "bad_query_wrong_media_type": Request("POST", (), b"ASK {}", "text/plain", "4xx"),
    "bad_query_missing_form_type": Request("POST", (), b"query=ASK%20%7B%7D", None, "4xx"),
    "bad_query_missing_direct_type": Request("POST", (), b"ASK {}", None, "4xx"),
    "bad_query_non_utf8": Request(
        "POST", (), "ASK {}".encode("utf-16"), f"{DIRECT}; charset=UTF-16", "4xx"
    ),
    "bad_query_syntax": Request("GET", (("query", "ASK {"),), gives="4xx"),
    "bad_update_get": Request("GET", (("update", "CLEAR ALL"),), gives="4xx"),
    "bad_multiple_updates": Request(
        "POST", (), b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, "4xx"
    ),
    "bad_update_wrong_media_type": Request("POST", (), b"CLEAR NAMED", "text/plain", "4xx"),
    "bad_update_missing_form_type": Request("POST", (), b"update=CLEAR%20NAMED", None, "4xx"),
    "bad_update_non_utf8": Request(
        "POST", (), "CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16", "4xx"
    ),
    "bad_update_syntax": Request("POST", (), b"update=CLEAR%20XYZ", FORM, "4xx"),
    "bad_update_dataset_conflict": Request(
        "POST", (("using-named-graph-uri", "http://example/people"),),
        b"update=INSERT%20DATA%20%7B%20%3Ca%3E%20%3Cb%3E%20%3Cc%3E%20%7D", FORM, "4xx",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a server with the tests' graphs; each has a triple about itself."""
    folder = tmp_path_factory.mktemp("w3c")
    named = [NamedNode(DATA.format(number)) for number in range(4)]
    with LocalStore.creating(folder / "store") as made:
        made.extend(Quad(name, TYPE, DOCUMENT, name) for name in named)
    with serving(folder / "log", globals_=("--store", str(folder / "store"))) as server:
        yield _endpoint(server)


def _endpoint(server: Server) -> str:
    return f"{server.url}/sparql"


@pytest.mark.parametrize("name", TESTS)
def test_protocol(name: str, endpoint: str) -> None:
    asked = TESTS[name]
    answer = asking.request(
        asked.method, endpoint, params=list(asked.parameters), content=asked.body,
        headers={"Content-Type": asked.content_type} if asked.content_type else {},
    )  # fmt: skip
    kind = answer.headers["content-type"].partition(";")[0]
    if asked.gives == "4xx":
        assert 400 <= answer.status_code < 500, answer.text
        assert kind == "application/problem+json"
        return
    assert answer.status_code == 200, answer.text
    if asked.gives == "RDF":
        found = RdfFormat.from_media_type(kind)
        assert found is not None
        list(parse(answer.content, found, base_iri=endpoint))
        return
    form = ResultsFormat.from_media_type(kind)
    assert form is not None
    results = parse_results(answer.content, form)
    if asked.gives == "true":
        assert bool(results) is True
        assert answer.json()["boolean"] is True
    else:
        assert ("boolean" in answer.json()) is (asked.gives == "boolean")


SD = "http://www.w3.org/ns/sparql-service-description#"


def described(endpoint: str) -> Store:
    answer = asking.get(endpoint)
    assert answer.status_code == 200
    form = RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    assert form is not None
    store = Store()
    store.load(answer.content, form, base_iri=endpoint)
    return store


def test_service_description_returns_rdf(endpoint: str) -> None:
    assert len(described(endpoint)) > 10


def test_service_description_has_endpoint_triple(endpoint: str) -> None:
    wanted = (None, NamedNode(SD + "endpoint"), NamedNode(endpoint))
    assert len(list(described(endpoint).quads_for_pattern(*wanted))) == 1


def test_service_description_conforms_to_schema(endpoint: str) -> None:
    """Each term is used according to its schema, and the required ones are present."""
    store = described(endpoint)
    classes = {"endpoint": "Service", "supportedLanguage": "Service", "resultFormat": "Service",
               "feature": "Service", "defaultDataset": "Service", "defaultGraph": "Dataset",
               "namedGraph": "Dataset", "name": "NamedGraph", "graph": "NamedGraph",
               "defaultEntailmentRegime": "Service"}  # fmt: skip
    used = {quad.predicate.value.removeprefix(SD) for quad in store if SD in quad.predicate.value}
    assert used == classes.keys()
    for name, domain in classes.items():
        for quad in store.quads_for_pattern(None, NamedNode(SD + name), None):
            kinds = store.quads_for_pattern(quad.subject, TYPE, NamedNode(SD + domain))
            assert len(list(kinds)) == 1, quad
    ranges = {"defaultDataset": "Dataset", "defaultGraph": "Graph", "namedGraph": "NamedGraph",
              "graph": "Graph"}  # fmt: skip
    for name, wanted in ranges.items():
        for quad in store.quads_for_pattern(None, NamedNode(SD + name), None):
            assert isinstance(quad.object, NamedNode)
            kinds = store.quads_for_pattern(quad.object, TYPE, NamedNode(SD + wanted))
            assert len(list(kinds)) == 1, quad
    names = store.quads_for_pattern(None, NamedNode(SD + "name"), None)
    assert sorted(str(quad.object) for quad in names) == [f"<{DATA.format(n)}>" for n in range(4)]
