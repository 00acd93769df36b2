"""Queries are judged on their tokens before an engine sees them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g60kg.errors import QuerySyntaxError, UnsupportedQuery
from g60kg.rdf.input_limits import MAX_DEPTH
from g60kg.rdf.sparql_tokens import outline, tokens
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.conftest import ROOT, solutions
from tests.rdf.query_shapes import SHAPES, query


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT ?where { ?s ?p ?o } }",
        "select * { service<http://127.0.0.1:1/>{} }",
        "SELECT * { #\nSERVICE <http://x/> {} }",
    ],
)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedQuery, match="SERVICE"):
        outline(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?service ?p 'SERVICE <http://x/>' } # SERVICE <http://x/>",
        'SELECT * { ?s rdfs:label """SERVICE " <http://x/> {}""" }',
        "PREFIX x: <http://x/SERVICE> SELECT * { ?s x:service x:SERVICE }",
        "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?o > 4) }",
    ],
)
def test_the_word_elsewhere_is_no_service(text: str, store: LocalStore) -> None:
    assert outline(text).form == "SELECT"
    assert solutions(store, text) == []


@pytest.mark.parametrize(
    ("start", "link", "end"),
    [
        ("SELECT ", "(1 AS ?v) ", "{ ?s ?p ?o }"),
        ("SELECT * { ", "{ ?s ?p ?o } ", "}"),
        ("SELECT * { ", "GRAPH ?g { ?s ?p ?o } ", "}"),
        ("SELECT * { ", "?s ?p 1 . ", "}"),
        ("SELECT * { ?s ?p ?o ", "; ?p ?o ", "}"),
        ("SELECT * { ?s ?p ?o ", ", ?o ", "}"),
        ("SELECT (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING ", "(?n > 1) ", ""),
    ],
)
def test_chains_that_would_end_the_process_are_refused(start: str, link: str, end: str) -> None:
    assert outline(start + 900 * link + end).form == "SELECT"
    with pytest.raises(UnsupportedQuery, match="more than 2,000"):
        outline(start + 20_000 * link + end if len(link) < 9 else start + 7_000 * link + end)


def test_lists_may_be_long() -> None:
    numbers = ", ".join(f"{number}.5" for number in range(9000))
    assert outline(f"SELECT * {{ ?s ?p ?o FILTER (?o IN ({numbers})) }}").form == "SELECT"
    rows = "(1.5 2.5) " * 9000
    assert outline(f"SELECT * {{ VALUES (?a ?b) {{ {rows} }} }}").form == "SELECT"


@pytest.mark.parametrize(
    "text",
    ["LOAD <http://x/>", "INSERT DATA { <a:a> <a:a> 1 }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL"],
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(UnsupportedQuery, match="update"):
        outline(text)


@pytest.mark.parametrize("text", ["", "   # nothing", "PREFIX x: <http://x/>", "?s ?p ?o"])
def test_no_form_is_a_syntax_error(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        outline(text)


def test_from_names_are_expanded() -> None:
    text = "PREFIX g: <http://g/> SELECT * FROM g:a FROM NAMED <http://b> FROM graph:c { }"
    assert outline(text).from_graphs == (
        "http://g/a",
        "http://b",
        "https://w3id.org/g60kg/graph/c",
    )


def test_from_reads_a_graph_of_the_store_and_fetches_none(store: LocalStore) -> None:
    known = "SELECT ?city FROM graph:reference { ?city a g60:PrefectureCity }"
    assert len(solutions(store, known)) == 8
    with pytest.raises(UnsupportedQuery, match="nothing is fetched"):
        store.query("SELECT * FROM <http://127.0.0.1:1/graph.ttl> { ?s ?p ?o }")


@pytest.mark.parametrize("nesting", ["{", "(", "[", "!", "+", "^"])
def test_deep_nesting_is_refused_before_the_engine(nesting: str) -> None:
    with pytest.raises(UnsupportedQuery):
        outline("SELECT * { ?s ?p " + nesting * 100_000)


def test_what_is_let_through_does_not_end_the_process(store: LocalStore) -> None:
    deep = "{" * (MAX_DEPTH - 1) + "}" * (MAX_DEPTH - 1)
    unions = " UNION ".join(["{ ?s a g60:PrefectureCity }"] * 900)
    logic = " || ".join(["?s = id:hangzhou"] * 600)
    negated = "!" * 1_900 + "true"
    for body in (
        deep,
        unions,
        f"?s a g60:PrefectureCity FILTER({logic})",
        f"?s a g60:PrefectureCity FILTER({negated})",
    ):
        solutions(store, f"SELECT DISTINCT ?s {{ {body} }}")


def test_a_syntax_error_has_its_place(store: LocalStore) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        store.query("SELECT *\nWHERE { ?s nope:x ?o }")
    assert caught.value.line == 2
    assert "prefix" in caught.value.message


def test_only_a_line_feed_ends_a_line(store: LocalStore) -> None:
    with pytest.raises(QuerySyntaxError, match="line 3, column 10: unexpected 'LIMIT'"):
        store.query("SELECT * {\n ?s ?p 'a\u2028b' .\n ?x  ?y } LIMIT 1")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT ?x { ?x a u:Y }", 1, 18),
        ("SELECT ?x { ?x a u:Y. }", 1, 18),
        ("SELECT ?x {\r\n ?x rdfs:label/u:Y ?y }", 2, 16),
        ('SELECT ?松 { ?松 a "松"^^u:Y }', 1, 23),
        ("SELECT ?x { ?x a :Y }", 1, 18),
        ("PREFIX v: <http://v/> SELECT ?x { _:b v:p ?x . ?x a v:Y, u:Y }", 1, 58),
        # What stands before it is wrong first.
        ("SELECT ?x { ?x ?y . ?x a u:Y }", 1, 21),
    ],
)
def test_an_undeclared_prefix_is_shown_where_it_stands(
    text: str, line: int, column: int, store: LocalStore
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        store.query(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    if "?x ?y ." not in text:
        assert "prefix" in caught.value.message


@given(st.text())
def test_tokens_cover_any_text(text: str) -> None:
    for token in tokens(text):
        assert text[token.start : token.end] == token.text


@pytest.mark.long
def test_no_query_that_is_let_through_ends_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rdf.query_shapes", *SHAPES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"ended after {rows[-1:]}"
    assert {name: result for name, _, result, _ in rows if result != "answered"} == {}


@pytest.mark.parametrize("name", ["collection", "objects in a filter", "ordering functions"])
def test_what_ends_the_process_is_a_usage_error_on_the_command_line(name: str) -> None:
    done = g60kg("sparql", query(name, 8_000))
    assert done.returncode == 2, done.stderr
    assert "more than 2,000 operators, patterns and list items" in done.stderr


def test_lists_of_typed_and_negative_values_may_be_long() -> None:
    typed = '"2023-01-01"^^xsd:date ' * 5_000
    assert outline(f"SELECT * {{ VALUES ?v {{ {typed} -1 }} }}").form == "SELECT"
    assert outline(f"SELECT * {{ VALUES ?v {{ {'-1 ' * 5_000} }} }}").form == "SELECT"
