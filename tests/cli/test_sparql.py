"""`sparql`: every form and format, and an end to what runs too long."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.cli.run import g60kg
from tests.conftest import environment
from tests.web.test_running import wait_until_gone

CITIES = "SELECT ?city { id:corridor g60:hasMemberCity ?city } ORDER BY ?city"


def test_a_query_as_an_argument_a_file_and_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "cities.rq"
    file.write_text(CITIES, encoding="utf-8")
    answers = {
        g60kg("sparql", CITIES, "-f", "csv").stdout,
        g60kg("sparql", "-q", file, "-f", "csv").stdout,
        g60kg("sparql", "-", "-f", "csv", stdin=CITIES).stdout,
    }
    assert len(answers) == 1
    assert len(answers.pop().splitlines()) == 10


@pytest.mark.parametrize("format_", ["turtle", "ntriples", "jsonld", "rdfxml"])
@pytest.mark.parametrize(
    "query", ["CONSTRUCT WHERE { id:hangzhou rdfs:label ?name }", "DESCRIBE id:hangzhou"]
)
def test_triples_in_every_format(query: str, format_: str) -> None:
    done = g60kg("sparql", query, "-f", format_)
    assert done.returncode == 0
    assert "hangzhou" in done.stdout


def test_a_yes_or_no() -> None:
    assert g60kg("sparql", "ASK { id:hangzhou a g60:PrefectureCity }").stdout.strip() == "true"
    done = g60kg("sparql", "ASK { id:hangzhou a g60:Zone }", "-f", "json")
    assert json.loads(done.stdout)["boolean"] is False


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((CITIES, "-f", "turtle"), "cannot be written as turtle"),
        (("DESCRIBE id:hangzhou", "-f", "csv"), "cannot be written as csv"),
        (("SELECT * { ?s ?p }",), "line 1, column"),
        (("SELECT * { ?s nope:x ?o }",), "prefix"),
        (("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",), "SERVICE"),
        (("LOAD <http://127.0.0.1:1/>",), "update"),
        (("SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }",), "nothing is fetched"),
        (("SELECT * {" + "{" * 50_000,), "deeper"),
        ((), "one query"),
        (("-q", "/none.rq"), "no such file"),
        ((__file__,), "is a file, not a query"),
        (("",), "No query"),
    ],
)
def test_an_invalid_query_is_reported_with_exit_code_2(
    arguments: tuple[str, ...], expected: str
) -> None:
    done = g60kg("sparql", *arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert done.stdout == ""


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_the_time_limit_ends_the_work(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    done = g60kg("sparql", ENDLESS, "--timeout", "0.5", "-o", out)
    assert done.returncode == 3
    assert "stopped after 0.5 seconds" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "format_", "message"),
    [
        ("SELECT ?t", "csv", "A cell is a triple term"),
        ("CONSTRUCT { id:a id:b ?t }", "turtle", "RDF 1.2 triple terms"),
        ("CONSTRUCT { id:a id:b ?t }", "jsonld", "RDF 1.2 triple terms"),
    ],
)
def test_a_triple_term_is_shortened_in_its_message(form: str, format_: str, message: str) -> None:
    bind = f'BIND(<<( id:a id:b "{"long " * 400}" )>> AS ?t)'
    done = g60kg("sparql", f"{form} {{ {bind} }}", "-f", format_)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr) < 300


def test_an_order_that_the_engine_cannot_make_is_an_error(tmp_path: Path) -> None:
    random = Random(1)
    times = " ".join(
        f'"2020-01-0{random.randint(1, 3)}T{random.randint(0, 23):02}:00:00{zone}"^^xsd:dateTime'
        for zone in random.choices(["", "Z", "+14:00", "-14:00"], k=400)
    )
    done = g60kg(
        "sparql", f"SELECT ?x {{ VALUES ?x {{ {times} }} }} ORDER BY ?x", "-o", tmp_path / "x.csv"
    )
    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == "error: The engine ended while it ran the query."
    assert "panicked" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_a_query_with_an_order_ends_with_its_command(sent: signal.Signals, code: int) -> None:
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
    process = subprocess.Popen(
        [sys.executable, "-m", "g60kg", "sparql", endless, "--timeout", "100"],
        env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        stderr=subprocess.PIPE,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.parent.exists():
        process.kill()
        pytest.skip("only Linux lists the children of a process")
    while not (found := children.read_text().split()):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(sent)
    process.communicate(timeout=60)
    assert process.returncode == code
    wait_until_gone(set(map(int, found)))


def test_an_undeclared_term_of_a_query_without_rows_is_named_with_the_nearest() -> None:
    done = g60kg("sparql", "SELECT ?x { ?x a g60:Enterprize }", "-f", "csv")
    assert (done.returncode, done.stdout.split()) == (0, ["x"])
    assert done.stderr == (
        "No rows.\nThe ontology does not declare g60:Enterprize.\nDid you mean g60:Enterprise?\n"
    )
    done = g60kg("sparql", "SELECT ?x { ?x a g60:Enterprise, g60:Project }")
    assert done.stderr == "No rows.\n"


@pytest.mark.parametrize("literal", ['"9999-99-99"^^xsd:date', '"x"^^xsd:integer'])
def test_an_ill_formed_literal_of_a_query_prints_nothing(literal: str, own_store: Path) -> None:
    # Of a store with a history, the query is parsed here too.
    retract = ("retract", "fact:2307119874-0fc76aac66a7", "--reason", "x", "-y")
    assert g60kg("--store", own_store, *retract).returncode == 0
    query = f"SELECT ({literal} AS ?d) {{}}"
    done = g60kg("--store", own_store, "sparql", query, "-f", "csv")
    assert (done.returncode, done.stderr) == (0, "")
