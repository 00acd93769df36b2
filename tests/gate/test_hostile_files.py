"""What was made to hurt gets a clear verdict, and changes no store."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from g60kg.api import load
from g60kg.gate.fact_validation import Validation, validate
from g60kg.gate.transactions import addition
from g60kg.namespaces import ONTOLOGY_GRAPH, SHAPES_GRAPH
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.conftest import ROOT, sampled
from tests.gate.hostile_files import Hostile, hostile_files
from tests.graphs import new_store

FILES: Final = list(hostile_files())
#: Far from what any of them takes; a machine may be busy.
MOST_SECONDS: Final = 30
#: Of the whole process, after all of them: the texts are held whole, never what they unfold to.
MOST_MEGABYTES: Final = 1_000

EXPORTED: Final = {
    "ttl": "turtle", "nt": "ntriples", "nq": "nquads",
    "trig": "trig", "jsonld": "jsonld", "rdf": "rdfxml",
}  # fmt: skip

Results = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Results:
    """The results of a separate process by file; a crash leaves out the file and all after it."""
    asked = {
        str(item.callspec.id)
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec")
    }
    folder = tmp_path_factory.mktemp("hostile")
    store = folder / "store"
    new_store(store)
    (folder / "files").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.gate.hostile_files", folder / "files", store, *asked],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=1200,
        check=False,
    )
    lines = map(json.loads, done.stdout.splitlines())
    return {line["name"]: line for line in lines}


@pytest.mark.parametrize("hostile", sampled(FILES), ids=lambda hostile: hostile.name)
def test_a_hostile_file_gets_a_clear_verdict(hostile: Hostile, results: Results) -> None:
    assert hostile.name in results, "the process ended before it could report"
    verdict = results[hostile.name]
    found = [(code, line) for code, line, message in verdict["findings"] if message]
    assert (hostile.code, hostile.line) in found
    if hostile.exit == 2:
        assert found == [("Syntax", hostile.line)]
    assert verdict["exit"] == hostile.exit


@pytest.mark.bench
@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_a_hostile_file_takes_bounded_time_and_memory(hostile: Hostile, results: Results) -> None:
    assert results[hostile.name]["seconds"] < MOST_SECONDS
    assert results[hostile.name]["megabytes"] < MOST_MEGABYTES


def test_none_of_them_changed_the_store(results: Results) -> None:
    assert results[""]["untouched"]


def test_a_file_given_twice_is_judged_once(tmp_path: Path) -> None:
    (wrong,) = (each for each in FILES if each.name == "script.ttl")
    path = wrong.make(tmp_path)
    once, twice = (validate(LocalStore.shipped(), [path] * n, texts={}) for n in (1, 2))
    assert once.findings == twice.findings


def test_a_file_that_changes_meanwhile_is_added_as_it_was_judged(tmp_path: Path) -> None:
    store = LocalStore.shipped()
    path = tmp_path / "facts.ttl"
    path.write_text('<urn:a> <urn:b> "judged" .', encoding="utf-8")
    read = Validation(store, [path])
    path.write_text('<urn:a> <urn:b> "slipped in" .', encoding="utf-8")
    adding = addition(read.change, read.incoming)
    assert [quad.object.value for quad in adding.change.added.quads()] == ["judged"]  # type: ignore[union-attr]  # a literal
    assert adding.files[0].digest == read.incoming[0].digest


@pytest.mark.long
@pytest.mark.parametrize("form", ["trig", "nt", "nq", "ttl", "jsonld", "rdf"])
def test_what_the_graph_says_is_accepted_in_every_form_that_names_sources(
    form: str, tmp_path: Path
) -> None:
    bare = LocalStore.holding(
        (q for q in LocalStore.shipped().quads() if q.graph_name in (ONTOLOGY_GRAPH, SHAPES_GRAPH)),
        "the ontology and its shapes",
    )
    path = tmp_path / f"all.{form}"
    path.write_text(load().export(EXPORTED[form]), encoding="utf-8")
    report = validate(bare, [path], texts={})
    codes = {f.code for f in report.findings if f.severity is Severity.VIOLATION}
    # Without graphs, nothing says which source a statement is of.
    assert codes == (set() if form in ("trig", "nq") else {"ForeignSource"})
    assert report.facts > 0
