"""Wrong arguments of the Python interface: one error that names the argument and what it takes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import g60kg
from g60kg.errors import UnreadableInput, UsageError

#: Names in the calls.
NAMES = {"g60kg": g60kg, "ENDPOINT": "http://127.0.0.1:9/query", "nan": math.nan}
TEXT, COUNT, PATH = "a text", "a whole number", "a text or a path"


@pytest.fixture(scope="module")
def kg() -> g60kg.KnowledgeGraph:
    return g60kg.load()


@pytest.mark.parametrize(
    ("call", "argument", "takes"),
    [
        ("kg.query(5)", "name", TEXT),
        ('kg.query("enterprises", city=3.5)', "city", f"{TEXT} or {COUNT}"),
        ('kg.query("enterprises", city=None)', "city", f"{TEXT} or {COUNT}"),
        ('kg.query("enterprises", city=True)', "city", f"{TEXT} or {COUNT}"),
        ('kg.query("enterprises", limit="x")', "limit", f"{COUNT} or None"),
        ('kg.query("enterprises", limit=True)', "limit", f"{COUNT} or None"),
        ('kg.query("enterprises", offset=None)', "offset", COUNT),
        ('kg.query("enterprises", sort=3)', "sort", f"{TEXT} or None"),
        ('kg.query("enterprises", evidence="no")', "evidence", "True or False"),
        ('kg.query("enterprises").to_csv(evidence="no")', "evidence", "True or False"),
        ("kg.queries[5]", "name", TEXT),
        ("kg.search(None)", "text", TEXT),
        ("kg.entity(None)", "name", TEXT),
        ('kg.ask(b"x")', "question", TEXT),
        ("kg.understand(5)", "question", TEXT),
        ('kg.sparql(b"ASK {}")', "text", TEXT),
        ("kg.validate(7)", "files", PATH),
        ("kg.validate(articles=5)", "articles", f"{PATH} or None"),
        ("kg.validate(focus=5)", "focus", f"{TEXT} or None"),
        ("kg.export(None)", "format", TEXT),
        ("kg.export(graph=5)", "graph", f"{TEXT} or None"),
        ('kg.write("out.ttl")', "out", "a binary stream"),
        ("g60kg.open(None)", "path", PATH),
        ("g60kg.load(5)", "language", TEXT),
        ("g60kg.connect(None)", "url", TEXT),
        ('g60kg.connect(ENDPOINT, timeout="x")', "timeout", "a number"),
        ("g60kg.connect(ENDPOINT, timeout=-1)", "timeout", "seconds from 0 to"),
        ("g60kg.connect(ENDPOINT, timeout=nan)", "timeout", "seconds from 0 to"),
    ],
)
def test_an_argument_of_a_wrong_type_is_named(
    call: str, argument: str, takes: str, kg: g60kg.KnowledgeGraph
) -> None:
    with pytest.raises(UsageError, match=rf"^{argument} takes {takes}.*, not "):
        eval(call, {**NAMES, "kg": kg})


@pytest.mark.parametrize(
    "call",
    [
        'kg.query("enterprises", limit=-1)',
        'kg.query("enterprises", lang="fr")',
        'kg.entity("")',
        'kg.export("docx")',
        'g60kg.connect("x y")',
        'kg.validate(articles="/no/such/folder")',
    ],
)
def test_wrong_values_are_errors_of_the_package(call: str, kg: g60kg.KnowledgeGraph) -> None:
    with pytest.raises((UsageError, UnreadableInput)):
        eval(call, {**NAMES, "kg": kg})


def test_a_wrong_number_of_arguments_is_pythons_own_error(kg: g60kg.KnowledgeGraph) -> None:
    with pytest.raises(TypeError, match=r"KnowledgeGraph\.query\(\) missing 1 required"):
        kg.query()  # type: ignore[call-arg]


def test_numbers_of_other_libraries_and_any_path_are_taken(
    kg: g60kg.KnowledgeGraph, tmp_path: Path
) -> None:
    numpy = pytest.importorskip("numpy")
    assert len(kg.query("timeline", from_=numpy.int64(2020), limit=numpy.int64(1))) == 1
    assert kg.validate(articles=tmp_path).quotations.verified == 0
