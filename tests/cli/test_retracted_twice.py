"""Retracting what is retracted already changes nothing, and the history does not mention it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.conftest import long_only

SOURCE = "2307119874"


@pytest.fixture(scope="module")
def retracted(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without the article, which each test leaves as it is."""
    store = shutil.copytree(loaded, tmp_path_factory.mktemp("retracted") / "store")
    first = g60kg("--store", store, "retract", SOURCE, "--reason", "a test", "--yes")
    assert first.returncode == 0, first.stderr
    return store


@pytest.mark.parametrize(
    "again", [SOURCE, "FACT", *long_only(f"id:article-{SOURCE}", f"graph:{SOURCE}")]
)
def test_a_second_retraction_is_reported_and_not_recorded(retracted: Path, again: str) -> None:
    store = retracted
    log = g60kg("--store", store, "log", "-f", "json").stdout
    (change,) = json.loads(log)
    target = change["facts"][0] if again == "FACT" else again
    done = g60kg("--store", store, "retract", target, "--reason", "again", "--yes")
    assert done.returncode == 0
    assert f"{target} was already retracted at {change['when']}." in done.stderr
    assert "Nothing was retracted." in done.stderr
    assert g60kg("--store", store, "log", "-f", "json").stdout == log
    info = json.loads(g60kg("--store", store, "info", "-f", "json").stdout)
    assert not any(graph.endswith(SOURCE) for graph in info["graphs"])
    assert not any(source["iri"].endswith(SOURCE) for source in info["sources"])


@pytest.mark.parametrize(
    "reason", ["", " ", "\u200b\u2060", "\ufeff \u200d", "\u0301", "\u3164\u20dd"]
)
def test_a_retraction_needs_a_visible_reason(retracted: Path, reason: str) -> None:
    done = g60kg("--store", retracted, "retract", SOURCE, "--reason", reason, "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert "A retraction needs a reason." in done.stderr


def test_a_figure_that_goes_with_its_source_is_not_mentioned(loaded: Path) -> None:
    done = g60kg("--store", loaded, "retract", SOURCE, "--reason", "x", "--dry-run")
    assert "would be retracted" in done.stderr
    assert "other sources still mention" not in done.stderr


@pytest.mark.long
def test_what_a_reprint_lacks_after_a_retraction_is_said(loaded: Path, tmp_path: Path) -> None:
    store = shutil.copytree(loaded, tmp_path / "store")
    sheet = tmp_path / "reprint.csv"
    sheet.write_text(
        "# url: https://example.org/7\n# title: A reprint\n# date: 2023-07-30\n"
        "# publisher: P\nsubject,predicate,object,quote\n"
        f"id:article-7,republishes,id:article-{SOURCE},\n",
        encoding="utf-8",
    )
    done = g60kg("--store", store, "add", sheet, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    words = ("--store", store, "retract", SOURCE, "--reason", "x")
    going = g60kg(*words, "--dry-run").stderr
    assert f"id:article-{SOURCE} would be retracted. Retract 7 too" in going
    assert "Did you mean" not in going
    assert g60kg(*words, "--yes").returncode == 0
    gone = g60kg("--store", store, "validate").stdout
    assert f"id:article-{SOURCE} was retracted at 20" in gone
    assert "Did you mean" not in gone
    # What the first hint says makes the graph conform.
    assert g60kg("--store", store, "retract", "7", "--reason", "x", "--yes").returncode == 0
    assert g60kg("--store", store, "validate").returncode == 0


def test_a_reason_is_as_short_as_other_texts(retracted: Path) -> None:
    done = g60kg("--store", retracted, "retract", SOURCE, "--reason", "x" * 2_001, "--yes")
    assert done.returncode == 2
    assert "The reason has more than 2,000 characters." in done.stderr


RECORD = """\
@prefix id: <https://w3id.org/g60kg/id/> . @prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix fact: <https://w3id.org/g60kg/fact/> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:dataset-wikidata a g60:Dataset ; rdfs:label "Wikidata"@en , "维基数据"@zh ;
    g60:publisher "Wikimedia Foundation" ; g60:edition "2026-11-26" ;
    g60:url "https://www.wikidata.org/"^^xsd:anyURI ;
    g60:licence "https://creativecommons.org/publicdomain/zero/1.0/" .
id:record-wikidata-Q4970 a g60:DatasetRecord ; g60:retrievedOn "2026-11-26" ;
    g60:recordKey "Q4970" ;
    g60:recordText "Q4970 Hangzhou located in Shanghai" ; oa:hasSource id:dataset-wikidata .
fact:wikidata-aaaaaaaaaaaa a g60:Fact ; g60:factSubject id:hangzhou ; g60:factObject id:shanghai ;
    g60:factPredicate g60:locatedIn ; g60:hasEvidence id:record-wikidata-Q4970 .
id:hangzhou g60:locatedIn id:shanghai .
"""


@pytest.mark.parametrize(
    "target", ["wikidata", *long_only("id:dataset-wikidata", "graph:wikidata")]
)
def test_the_facts_of_a_dataset_in_a_shared_graph_are_retracted(
    own_store: Path, tmp_path: Path, target: str
) -> None:
    store, file = own_store, tmp_path / "record.ttl"
    file.write_text(RECORD, encoding="utf-8")

    def facts() -> int:
        return int(json.loads(g60kg("--store", store, "info", "-f", "json").stdout)["facts"])

    before = facts()
    assert g60kg("--store", store, "add", file, "--yes").returncode == 0
    assert facts() == before + 1
    done = g60kg("--store", store, "retract", target, "--reason", "forged", "--yes")
    assert done.returncode == 0, done.stderr
    assert facts() == before
    asked = "ASK { id:record-wikidata-Q4970 ?p ?o }"
    assert "false" in g60kg("--store", store, "sparql", asked).stdout
    again = g60kg("--store", store, "retract", target, "--reason", "again", "--yes")
    assert again.returncode == 0
    assert f"{target} was already retracted at" in again.stderr


def test_notes_on_the_rest_are_called_notes(loaded: Path) -> None:
    fact = "fact:2307119874-0fc76aac66a7"
    done = g60kg("--store", loaded, "retract", fact, "--reason", "x", "--dry-run")
    assert "New notes on the rest:" in done.stderr
    assert "no longer conform" not in done.stderr
