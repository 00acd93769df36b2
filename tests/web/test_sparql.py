"""The SPARQL endpoint: formats, errors, limits."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from pyoxigraph import QueryResultsFormat as ResultsFormat
from pyoxigraph import RdfFormat, parse
from pyoxigraph import parse_query_results as parse_results

from tests.web import asking
from tests.web.asking import ask, numbers

CITIES = "SELECT ?city { id:corridor g60:hasMemberCity ?city } ORDER BY ?city"
GRAPH = "CONSTRUCT WHERE { id:corridor g60:hasMemberCity ?city }"
ID = "https://w3id.org/g60kg/id/"

ROWS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}


@pytest.fixture
def endpoint(server: str) -> str:
    return f"{server}/sparql"


def media_type(answer: httpx.Response) -> str:
    return str(answer.headers["content-type"]).partition(";")[0]


# -- Formats -----------------------------------------------------------------


@pytest.mark.parametrize("by", ["accept", "format", "media type as format"])
@pytest.mark.parametrize("form", ROWS)
def test_rows_are_available_in_each_format(form: str, by: str, endpoint: str) -> None:
    accept = ROWS[form] if by == "accept" else "text/html"
    named = {} if by == "accept" else {"format": form if by == "format" else ROWS[form]}
    answer = ask(endpoint, CITIES, accept, **named)
    assert (answer.status_code, media_type(answer)) == (200, ROWS[form])
    assert answer.headers["g60kg-complete"] == "true"
    if form == "csv":
        cities = [row[0] for row in csv.reader(io.StringIO(answer.text))][1:]
    else:
        results = ResultsFormat.from_media_type(ROWS[form])
        assert results is not None
        found = parse_results(answer.content, results)
        cities = [str(row[0]).strip("<>") for row in found]  # type: ignore[union-attr]  # rows
    assert len(cities) == 9
    assert cities[0] == f"{ID}hangzhou"


@pytest.mark.parametrize("form", ROWS)
def test_booleans_are_available_in_each_format(form: str, endpoint: str) -> None:
    answer = ask(endpoint, "ASK { id:corridor g60:hasMemberCity id:hangzhou }", ROWS[form])
    assert (answer.status_code, media_type(answer)) == (200, ROWS[form])
    if form == "json":
        assert answer.json()["boolean"] is True
    elif form == "xml":
        assert "<boolean>true</boolean>" in answer.text
    else:
        # Not standardized for booleans: one word on a line.
        assert answer.text == "true\n"


@pytest.mark.parametrize("by", ["accept", "format"])
@pytest.mark.parametrize("form", GRAPHS)
def test_graphs_are_available_in_each_format(form: str, by: str, endpoint: str) -> None:
    accept = GRAPHS[form] if by == "accept" else "application/json"
    answer = ask(endpoint, GRAPH, accept, **({} if by == "accept" else {"format": form}))
    assert (answer.status_code, media_type(answer)) == (200, GRAPHS[form])
    found = RdfFormat.from_media_type(GRAPHS[form])
    assert found is not None
    assert len(list(parse(answer.content, found))) == 9


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*;q=0.5, text/csv", ROWS["csv"]),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.9", ROWS["xml"]),
        ("text/csv;q=0.9, application/sparql-results+xml;q=0.4", ROWS["csv"]),
        ("application/sparql-results+json;q=0, text/csv", ROWS["csv"]),
        ("application/json", ROWS["json"]),
        ("text/html, application/xml;q=0.9, */*;q=0.8", ROWS["xml"]),
        # What XML is also called is no text that somebody who takes any text wants.
        ("text/*", ROWS["csv"]),
        ("text/*;q=0.5, text/csv;q=0.1", ROWS["tsv"]),
        ("text/*, text/xml;q=0.9", ROWS["csv"]),
        ("text/xml", ROWS["xml"]),
        ("Text/CSV", ROWS["csv"]),
        ("application/*", ROWS["json"]),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", ROWS["json"]),
    ],
)
def test_accept_weights_are_used(accept: str, expected: str, endpoint: str) -> None:
    answer = ask(endpoint, CITIES, accept)
    assert (answer.status_code, media_type(answer)) == (200, expected)
    assert "Accept" in answer.headers["vary"]


def test_formats_may_be_in_several_accept_headers(endpoint: str, server: str) -> None:
    lines = [("Accept", "image/png"), ("Accept", "text/csv")]
    answer = asking.get(endpoint, params={"query": CITIES}, headers=lines)
    assert (answer.status_code, media_type(answer)) == (200, ROWS["csv"])
    lines = [("Accept", "application/json;q=0.1"), ("Accept", "text/html")]
    assert media_type(asking.get(f"{server}/nothing", headers=lines)) == "text/html"


@pytest.mark.parametrize(
    ("query", "accept", "form"),
    [
        (CITIES, "image/png", None),
        (CITIES, "text/turtle", None),
        (CITIES, "text/*;q=0, application/*;q=0", None),
        (CITIES, "image/*", None),
        (GRAPH, "text/csv", None),
        (CITIES, "*/*", "turtle"),
        (GRAPH, "*/*", "csv"),
        (CITIES, "*/*", "nonsense"),
    ],
)
def test_unknown_formats_are_406(query: str, accept: str, form: str | None, endpoint: str) -> None:
    answer = ask(endpoint, query, accept, **({"format": form} if form else {}))
    assert answer.status_code == 406
    assert media_type(answer) == "application/problem+json"
    assert "/" in answer.json()["detail"]


def test_the_same_result_has_the_same_tag_and_304(endpoint: str) -> None:
    first = ask(endpoint, CITIES)
    tag = first.headers["etag"]
    again = asking.get(endpoint, params={"query": CITIES}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    posted = asking.post(endpoint, data={"query": CITIES}, headers={"If-None-Match": tag})
    assert (posted.status_code, posted.content) == (200, first.content)


# -- Protocol operations -----------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_allowed(method: str, endpoint: str) -> None:
    answer = asking.request(method, endpoint)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_a_browser_is_sent_to_the_editor(endpoint: str) -> None:
    answer = asking.get(endpoint, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sparql.html"


# -- Graphs of the protocol --------------------------------------------------

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
GRAPH_IRI = "https://w3id.org/g60kg/graph/"


def test_default_graph_uri_selects_the_default_graph(endpoint: str) -> None:
    only = f"{GRAPH_IRI}reference"
    (whole,) = numbers(ask(endpoint, COUNT), "n")
    (part,) = numbers(ask(endpoint, COUNT, **{"default-graph-uri": only}), "n")
    assert 0 < int(part) < int(whole)
    # Graphs of the protocol override those of the query (section 2.1.4).
    other = f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH_IRI}ontology> {{ ?s ?p ?o }}"
    assert numbers(ask(endpoint, other, **{"default-graph-uri": only}), "n") == [part]
    assert numbers(ask(endpoint, NAMED, **{"default-graph-uri": only}), "g") == []


def test_named_graph_uri_selects_the_named_graphs(endpoint: str) -> None:
    only = f"{GRAPH_IRI}reference"
    assert numbers(ask(endpoint, NAMED, **{"named-graph-uri": only}), "g") == [only]
    assert numbers(ask(endpoint, COUNT, **{"named-graph-uri": only}), "n") == ["0"]
    # The article, categories, entities, measures, reference, ontology and shapes.
    assert len(numbers(ask(endpoint, NAMED), "g")) == 7


@pytest.mark.parametrize("kind", ["default", "named"])
def test_graphs_from_elsewhere_are_refused(kind: str, endpoint: str) -> None:
    answer = ask(endpoint, COUNT, **{f"{kind}-graph-uri": "http://example.org/data.ttl"})
    assert answer.status_code == 400
    assert "http://example.org/data.ttl" in answer.json()["title"]


# -- Errors ------------------------------------------------------------------


def test_a_mistake_is_shown_where_it_is(endpoint: str) -> None:
    answer = ask(endpoint, "SELECT ?x\nWHERE { ?x nonsense ?y }")
    assert answer.status_code == 400
    assert media_type(answer) == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["line"], problem["column"]) == (400, 2, 20)


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * {\n  SERVICE <http://a.example/> { ?s ?p ?o } }", 2, 3, "SERVICE"),
        ("PREFIX a: <a:b>\n DROP ALL", 2, 2, "DROP"),
        ("SELECT ?x WHERE { ?x a unknown:Y }", 1, 24, "unknown:"),
        ("SELECT ?x WHERE {\n?x a unknown:Y. }", 2, 6, "unknown:"),
    ],
)
def test_unsupported_queries_are_refused(
    query: str, line: int, column: int, words: str, endpoint: str
) -> None:
    answer = ask(endpoint, query)
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["line"], problem["column"]) == (line, column)
    assert f"line {line}, column {column}" in problem["title"]
    assert words in problem["title"]


@pytest.mark.parametrize(
    ("form", "accept", "status"),
    [
        ("SELECT ?t", ROWS["json"], 400),
        ("SELECT ?t", ROWS["csv"], 400),
        ("CONSTRUCT { id:a id:b ?t }", GRAPHS["turtle"], 406),
        ("CONSTRUCT { id:a id:b ?t }", GRAPHS["jsonld"], 406),
    ],
)
def test_a_triple_term_in_a_result_is_an_error_of_the_request(
    form: str, accept: str, status: int, endpoint: str
) -> None:
    answer = ask(endpoint, f"{form} {{ BIND(<<( id:a id:b id:c )>> AS ?t) }}", accept)
    assert answer.status_code == status
    assert "triple term" in answer.json()["title"]


@pytest.mark.parametrize("query", ["INSERT DATA { <a:b> <a:b> 1 }", "DROP ALL", "LOAD <http://a>"])
def test_updates_are_refused(query: str, endpoint: str) -> None:
    form = asking.post(endpoint, data={"update": query})
    direct = asking.post(
        endpoint, content=query, headers={"Content-Type": "application/sparql-update"},
    )  # fmt: skip
    assert (form.status_code, direct.status_code) == (403, 403)
    assert "read-only" in form.json()["title"]
    as_query = ask(endpoint, query)
    assert as_query.status_code == 400
    assert "only read" in as_query.json()["title"]


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"timeout": "soon"}, 400),
        ({"timeout": "-1"}, 400),
        ({"timeout": "nan"}, 400),
        ({"timeout": "5"}, 200),
        ({"timeout": "100000"}, 200),
    ],
)
def test_invalid_time_limits_are_refused(
    parameters: dict[str, str], status: int, endpoint: str
) -> None:
    assert ask(endpoint, CITIES, **parameters).status_code == status


def test_large_queries_are_refused(endpoint: str) -> None:
    comment = f"# {'x' * 200_000}\n{CITIES}"
    form = asking.post(endpoint, data={"query": comment})
    assert form.status_code == 413
    huge = asking.post(
        endpoint, content=b"ASK {}" + b" " * 4_000_000,
        headers={"Content-Type": "application/sparql-query"},
    )  # fmt: skip
    assert huge.status_code == 413
    assert ask(endpoint, "x" * 50_000).status_code == 414
