"""The made-up graph of the benchmarks: the same bytes each time, valid, and varied."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, parse

import g60kg
from benchmarks.make_graph import quads, write
from benchmarks.topics import article_of
from g60kg.namespaces import LABEL, A, g60, graph_name, term
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.conftest import ROOT, solutions, text_of

pytestmark = pytest.mark.long

SIZE = 5_000
DIGEST = "04295816c7f8654dcc78387238e45e1a3f5df6fa7157f318ea943889982ca01d"


def written(size: int, format_: RdfFormat = RdfFormat.N_QUADS, seed: int = 60) -> bytes:
    out = io.BytesIO()
    write(quads(size, seed=seed), out, format_)
    return out.getvalue()


@pytest.fixture(scope="module")
def made() -> LocalStore:
    store = LocalStore.shipped()
    store.extend(quads(30_000))
    return store


def test_the_same_arguments_give_the_same_bytes() -> None:
    first = written(SIZE)
    assert first == written(SIZE)
    # Held across machines and versions: a benchmark of today is compared with one of tomorrow.
    assert hashlib.sha256(first).hexdigest() == DIGEST
    assert first != written(SIZE, seed=61)


def test_a_larger_graph_begins_with_the_smaller_one() -> None:
    assert written(2 * SIZE).startswith(written(SIZE))


@pytest.mark.parametrize("size", [1, 700, SIZE])
def test_it_has_as_many_triples_as_asked_for(size: int) -> None:
    found = list(quads(size))
    assert size <= len(found) < size + 3_000
    assert len(set(found)) == len(found)


def test_an_article_is_the_same_alone() -> None:
    graph = graph_name("3000000003")
    third = [quad for quad in quads(SIZE) if quad.graph_name == graph]
    assert third
    assert list(quads(SIZE, articles=[3])) == third


def test_every_format_holds_the_same_triples() -> None:
    held = {
        format_: {quad.triple for quad in parse(written(SIZE, format_), format=format_)}
        for format_ in (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES, RdfFormat.TURTLE)
    }
    assert held[RdfFormat.N_QUADS] == held[RdfFormat.N_TRIPLES] == held[RdfFormat.TURTLE]


@pytest.mark.long
def test_no_check_finds_a_violation(tmp_path: Path) -> None:
    file = tmp_path / "made.nq"
    file.write_bytes(written(SIZE))
    report = g60kg.load().validate(file)
    assert report.conforms()
    assert report.count(Severity.VIOLATION) == 0


@pytest.mark.parametrize("number", [0, 1, 2, 7])
def test_quotations_stand_where_they_are_said_to(number: int) -> None:
    article = article_of(60, number)
    stated = {
        (text_of(triple.subject), triple.predicate): text_of(triple.object)
        for triple in article.triples()
    }
    digest = stated[article.iri.value, g60("textDigest")]
    assert digest == hashlib.sha256(article.text.encode()).hexdigest()
    selectors = [subject for subject, predicate in stated if predicate == term("oa:exact")]
    assert selectors
    for selector in selectors:
        quote = stated[selector, term("oa:exact")]
        place = selector.removesuffix("-text") + "-position"
        start, end = (int(stated[place, term(f"oa:{name}")]) for name in ("start", "end"))
        assert article.text[start:end] == quote
        assert len(quote) <= 160


def test_it_is_as_varied_as_the_world() -> None:
    named: Counter[object] = Counter()
    languages: Counter[str] = Counter()
    predicates: Counter[object] = Counter()
    for quad in quads(40_000):
        predicates[quad.predicate] += 1
        if quad.predicate == A and quad.object == g60("Enterprise"):
            named[quad.subject] += 1
        if quad.predicate == LABEL and isinstance(quad.object, Literal):
            languages[quad.object.language or ""] += 1
    counts = sorted(named.values(), reverse=True)
    assert counts[0] > 8 * counts[len(counts) // 2]
    assert counts[len(counts) // 2] <= 2
    assert min(languages["en"], languages["zh"]) > 200
    assert {g60(p) for p in ("attributedTo", "time", "verbatim", "numericValue")} <= set(predicates)


def test_sources_agree_and_differ(made: LocalStore) -> None:
    for name in load_catalog():
        rows = solutions(made, load_catalog()[name].text)
        # The articles name no persons.
        assert rows or name in ("unsupported-triples", "posts"), name
    assert not solutions(made, load_catalog()["unsupported-triples"].text)


def test_the_script_runs_by_itself(tmp_path: Path) -> None:
    out = tmp_path / "made.nq"
    script = ROOT / "benchmarks" / "make_graph.py"
    subprocess.run([sys.executable, script, "5000", "-o", out], check=True, cwd=tmp_path)
    assert out.read_bytes() == written(SIZE)
