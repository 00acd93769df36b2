"""Days that no calendar has are refused in sheets, in Turtle and on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import incoming_of
from g60kg.model.dates import edtf_years
from g60kg.namespaces import PREFIXES, g60
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.shapes import run_shapes
from tests.cli.run import g60kg as run
from tests.graphs import ONTOLOGY_FILES, SHAPE_FILES

IMPOSSIBLE = ("2023-02-30", "2023-02-29", "1900-02-29", "2023-04-31", "2021/2023-11-31")
POSSIBLE = ("2024-02-29", "2000-02-29", "2023-04-30", "2023-02", "2021/2024-02-29", "2023-12-31~")
ARTICLE = """\
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:article-sample a g60:Article ; rdfs:label "An article"@en ; g60:publisher "A newspaper" ;
    g60:url "https://example.org/news/1"^^xsd:anyURI ; g60:language "en" ; g60:textLength 1000 ;
    g60:textDigest "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" ;
    g60:publicationDate DATE .
"""


def test_the_sheet_and_the_shape_refuse_the_same_days() -> None:
    graph = Graph()
    for file in (*SHAPE_FILES, *ONTOLOGY_FILES):
        graph.parse(file)
    published = URIRef(g60("publicationDate").value)
    for number, date in enumerate(IMPOSSIBLE + POSSIBLE):
        graph.add((URIRef(f"{PREFIXES['id']}article-{number}"), published, Literal(date)))
    found = {one.value for one in run_shapes(graph, graph, only="DateIsEdtf")}
    assert found == set(IMPOSSIBLE)
    assert found == {date for date in IMPOSSIBLE + POSSIBLE if edtf_years(date) is None}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('"2023-02-30"', "DateIsEdtf"),
        ('"2023-02-30"^^xsd:date', "LexicalForm"),
        ('"2023-02-30T10:00:00"^^xsd:dateTime', "LexicalForm"),
        ('"2023-02-20T25:00:00"^^xsd:dateTime', "LexicalForm"),
    ],
)
def test_turtle_with_an_impossible_day_is_refused(store: LocalStore, value: str, code: str) -> None:
    incoming = incoming_of(ARTICLE.replace("DATE", value).encode(), "sample.ttl", store)
    report = validate(store, [incoming], texts={})
    assert (code, 8) in {(finding.code, finding.line) for finding in report.findings}


def test_a_sheet_and_an_option_with_an_impossible_day_are_refused(tmp_path: Path) -> None:
    sheet = tmp_path / "facts.csv"
    rows = "subject,predicate,object,quote\n"
    sheet.write_text(f"# url: https://example.org/news/2400000001\n{rows}", encoding="utf-8")
    done = run("draft", sheet, "--date", "2023-02-30")
    assert done.returncode == 1
    assert '"2023-02-30" is not a date in EDTF' in done.stderr
    sheet.write_text(f"# url: https://example.org/1\n# date: 2023-02-29\n{rows}", encoding="utf-8")
    done = run("validate", sheet)
    assert done.returncode == 1
    assert "facts.csv:2" in done.stdout


#: In a process of its own: other libraries of a test run use the parser, too.
PARSERS = """\
import sys
from g60kg.model.dates import edtf_years
assert edtf_years("201X") == (2010, 2019) and "edtf" in sys.modules
from pyparsing import ParserElement
from rdflib.plugins.sparql import prepareQuery
ParserElement.reset_cache()
prepareQuery("SELECT * { ?s ?p ?o }")
assert ParserElement.packrat_cache_stats == [0, 0], ParserElement.packrat_cache_stats
"""


def test_the_grammar_of_dates_leaves_the_parser_of_queries_as_it_is() -> None:
    subprocess.run([sys.executable, "-c", PARSERS], check=True)


UNREADABLE = ("Y1E999999999", "Y9E9999", "2024-1X", "2024-12-3X", "[2021," * 100, "9" * 5000)


@pytest.mark.parametrize("date", UNREADABLE)
def test_dates_that_the_library_fails_at_are_invalid(
    date: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edtf_years(date) is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("date", ["Y1E999999999", "2024-1X"])
def test_a_sheet_with_such_a_date_is_refused(date: str, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        f"# url: https://example.org/1\n# title: A title\n# date: {date}\n# publisher: P\n"
        "# language: en\nsubject,predicate,object,quote\nKuka,locatedIn,Songjiang,Kuka is\n",
        encoding="utf-8",
    )
    done = run("validate", sheet)
    assert done.returncode == 1
    assert date in done.stdout
