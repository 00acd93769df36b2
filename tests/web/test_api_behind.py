"""RDF of the facts of a canned query's rows: exactly those of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from g60kg.namespaces import (
    BASE,
    END,
    EXACT,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_STATUS,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_OBSERVATION,
    HAS_SELECTOR,
    HAS_SOURCE,
    LABEL,
    MODALITY,
    NUMERIC_VALUE,
    OBSERVATION,
    PREFIXES,
    RECORD_KEY,
    RECORD_TEXT,
    START,
    A,
    g60,
    local_name,
)
from g60kg.queries.binding import bind
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.stores.local_store import LocalStore
from tests.conftest import sampled, solutions

EVIDENCED: Final = [query for query in load_catalog().values() if query.evidence]
OTHERS: Final = [query for query in load_catalog().values() if not query.evidence]
#: The first rows, middle rows, and all rows of most queries.
PAGES: Final = ({"limit": "4"}, {"limit": "3", "offset": "2", "lang": "zh"}, {"limit": "10000"})
GRAPHS: Final = {
    "turtle": ("text/turtle", RdfFormat.TURTLE),
    "ntriples": ("application/n-triples", RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "rdfxml": ("application/rdf+xml", RdfFormat.RDF_XML),
}
#: A term as in SPARQL's JSON: kind, text, language, datatype; None for an unbound variable.
Cell = tuple[str, str, str, str] | None


class Graph:
    """Return the triples of a response, which must be distinct."""

    def __init__(self, answer: httpx.Response, format_: str = "turtle") -> None:
        media_type, parsed = GRAPHS[format_]
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == media_type
        listed = [quad.triple for quad in parse(answer.content, format=parsed)]
        self.triples = set(listed)
        assert len(listed) == len(self.triples)
        self._about: defaultdict[Any, list[Any]] = defaultdict(list)
        for triple in listed:
            self._about[triple.subject].append(triple)

    def objects(self, subject: Any, predicate: NamedNode) -> list[Any]:
        return [t.object for t in self._about[subject] if t.predicate == predicate]

    def one(self, subject: Any, predicate: NamedNode) -> Any:
        (found,) = self.objects(subject, predicate)
        return found

    @property
    def facts(self) -> set[Any]:
        return {t.subject for t in self.triples if (t.predicate, t.object) == (A, g60("Fact"))}

    def evidence(self, fact: Any) -> Iterator[tuple[str, str, int | None, int | None, str]]:
        """Return the evidence of a fact, as in the JSON rows."""
        parts = [local_name(value.value) for name in MODALITY for value in self.objects(fact, name)]
        modality = ";".join(parts) or "Asserted"
        for evidence in self.objects(fact, HAS_EVIDENCE):
            source = self.one(evidence, HAS_SOURCE).value
            if records := self.objects(evidence, RECORD_TEXT) or self.objects(evidence, RECORD_KEY):
                yield records[0].value, source, None, None, modality
                continue
            selected = {t.predicate: t.object for selector in self.objects(evidence, HAS_SELECTOR)
                        for t in self._about[selector]}  # fmt: skip
            start, end = int(selected[START].value), int(selected[END].value)
            yield selected[EXACT].value, source, start, end, modality


def behind(store: LocalStore, query: NamedQuery) -> dict[tuple[Cell, ...], set[NamedNode]]:
    """Return the facts of each row of a query, by the engine alone."""
    rows: dict[tuple[Cell, ...], set[NamedNode]] = {}
    for solution in solutions(store, bind(query, {}).evidence):
        row = tuple(cell(solution[name]) for name in query.columns)
        facts = {solution[name] for name in query.evidence}
        rows.setdefault(row, set()).update(one for one in facts if isinstance(one, NamedNode))
    return rows


def cell(term: Any) -> Cell:
    if isinstance(term, Literal):
        # JSON leaves out the datatype of a string.
        plain = term.language or term.datatype.value == PREFIXES["xsd"] + "string"
        return "literal", term.value, term.language or "", "" if plain else term.datatype.value
    return None if term is None else ("uri", term.value, "", "")


def cell_of(json: dict[str, str] | None) -> Cell:
    if json is None:
        return None
    return json["type"], json["value"], json.get("xml:lang", ""), json.get("datatype", "")


@pytest.mark.parametrize("query", sampled(EVIDENCED), ids=lambda query: query.name)
def test_facts_and_rows_of_a_page_match(
    api: httpx.Client, store: LocalStore, query: NamedQuery
) -> None:
    of_row = behind(store, query)
    for page in (*PAGES, {"limit": "3", "sort": f"-{query.columns[0]}"}):
        path = f"/api/queries/{query.name}"
        rows = api.get(path, params={**page, "evidence": "true"})
        turtle = api.get(f"{path}.ttl", params=page)
        graph = Graph(turtle)
        found: set[NamedNode] = set()
        for binding in rows.json()["results"]["bindings"]:
            found |= of_row[tuple(cell_of(binding.get(name)) for name in query.columns)]
        assert graph.facts == found, page
        quoted = {
            (one["quote"], one["article"], one["start"], one["end"], one["modality"])
            for quotations in rows.json()["evidence"]
            for one in quotations
        }
        assert {words for fact in graph.facts for words in graph.evidence(fact)} == quoted, page
        # Both report the same completeness.
        assert turtle.headers["g60kg-complete"] == rows.headers["g60kg-complete"]
        assert set(turtle.links) == set(rows.links)


@pytest.mark.parametrize("query", EVIDENCED, ids=lambda query: query.name)
def test_a_fact_comes_with_its_triple_its_figure_and_names(
    api: httpx.Client, query: NamedQuery
) -> None:
    graph = Graph(api.get(f"/api/queries/{query.name}.ttl"))
    named = {t.subject for t in graph.triples if t.predicate == LABEL}
    for fact in graph.facts:
        subject, value = graph.one(fact, FACT_SUBJECT), graph.one(fact, FACT_OBJECT)
        direct = Triple(subject, graph.one(fact, FACT_PREDICATE), value)
        # A statement that is not actual has no direct triple, except that of its figure.
        planned = graph.objects(fact, FACT_STATUS) and direct.predicate != HAS_OBSERVATION
        assert (direct in graph.triples) != bool(planned), direct
        if OBSERVATION in graph.objects(value, A):
            assert graph.objects(value, NUMERIC_VALUE), value
        elif isinstance(value, NamedNode) and value.value.startswith(f"{BASE}id/"):
            assert value in named, value
        if OBSERVATION not in graph.objects(subject, A):
            assert subject in named, subject


@pytest.mark.parametrize("query", EVIDENCED, ids=lambda query: query.name)
def test_facts_equal_their_linked_data(api: httpx.Client, query: NamedQuery) -> None:
    graph = Graph(api.get(f"/api/queries/{query.name}.ttl?limit=3"))
    described: set[Triple] = set()
    for fact in graph.facts:
        described |= Graph(api.get(f"/fact/{fact.value.removeprefix(f'{BASE}fact/')}.ttl")).triples
    assert graph.triples == described


def test_the_pages_together_have_every_fact(api: httpx.Client) -> None:
    whole = Graph(api.get("/api/queries/enterprises.ttl"))
    answer = api.get("/api/queries/enterprises.ttl?limit=3")
    triples = set(Graph(answer).triples)
    while "next" in answer.links:
        assert answer.headers["g60kg-complete"] == "false"
        answer = api.get(answer.links["next"]["url"])
        triples |= Graph(answer).triples
    assert "last" in answer.links
    assert triples == whole.triples


@pytest.mark.parametrize("format_", GRAPHS)
def test_all_formats_have_the_same_triples(api: httpx.Client, format_: str) -> None:
    path = "/api/queries/enterprises"
    given = {"industry": "集成电路"}
    wanted = Graph(api.get(f"{path}.ttl", params=given)).triples
    assert len(wanted) > 20
    media_type = GRAPHS[format_][0]
    by_accept = api.get(path, params=given, headers={"Accept": f"{media_type}, */*;q=0.1"})
    assert Graph(by_accept, format_).triples == wanted
    by_name = api.get(path, params={**given, "format": format_, "evidence": "true"})
    assert by_name.content == by_accept.content
    assert "Accept" in by_accept.headers["vary"].split(", ")
    again = api.get(path, params={**given, "format": format_, "lang": "zh"},
                    headers={"If-None-Match": by_name.headers["etag"]})  # fmt: skip
    assert again.status_code == 304


def test_turtle_is_written_with_prefixes(api: httpx.Client) -> None:
    text = api.get("/api/queries/quantities.ttl").text
    assert "@prefix fact: <https://w3id.org/g60kg/fact/> ." in text
    body = text[text.rindex("@prefix") :].partition("\n")[2]
    assert "<https://w3id.org/g60kg/" not in body
    assert "fact:2307119874-" in body


def test_row_formats_are_preferred_to_rdf(api: httpx.Client) -> None:
    path = "/api/queries/enterprises"
    for accept, media_type in (
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv, text/turtle;q=0.5", "text/csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "text/html"),
    ):
        sent = api.get(path, headers={"Accept": accept}).headers["content-type"]
        assert sent.partition(";")[0] == media_type, accept
    for name in ("json", "xml"):
        sent = api.get(path, params={"format": name}).headers["content-type"]
        assert sent == f"application/sparql-results+{name}"


@pytest.mark.parametrize("query", OTHERS, ids=lambda query: query.name)
def test_queries_without_facts_have_no_rdf(api: httpx.Client, query: NamedQuery) -> None:
    path = f"/api/queries/{query.name}"
    asked = [api.get(f"{path}{suffix}") for suffix in (".ttl", ".nt", "?format=jsonld", ".rdf")]
    asked.append(api.get(path, headers={"Accept": "text/turtle, application/ld+json;q=0.5"}))
    for answer in asked:
        assert answer.status_code == 406
        assert answer.headers["content-type"] == "application/problem+json"
        assert "text/csv" in answer.json()["detail"]
    # Rows are sent if they are accepted too.
    either = api.get(path, headers={"Accept": "text/turtle, */*;q=0.1"})
    assert either.headers["content-type"] == "application/sparql-results+json"
