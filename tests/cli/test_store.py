"""`add`, `retract`, `log`, `diff`: additions to a store, retractions and reports of both."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.conftest import ARTICLE, ROOT

HEADER = """\
# url: https://example.org/news/2400000001
# title: A sample
# date: 2024-05-06
# publisher: Example
# language: en
# text-sha256: 3d2b2a0b5f1e4f9a3d2b2a0b5f1e4f9a3d2b2a0b5f1e4f9a3d2b2a0b5f1e4f9a
# text-length: 100
subject,predicate,object,quote,start
"""
ROWS = """\
Blue Rock,a,Enterprise,,
Blue Rock,locatedIn,Hangzhou,Blue Rock moved to Hangzhou,9
Blue Rock,inIndustry,integrated circuits,chip maker Blue Rock,40
"""
SOURCE = "2400000001"


@pytest.fixture
def store(own_store: Path) -> Path:
    return own_store


@pytest.fixture(scope="module")
def extended(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sheet and a store that has it."""
    folder = tmp_path_factory.mktemp("extended")
    sheet, path = folder / "facts.csv", folder / "store"
    shutil.copytree(loaded, path)
    sheet.write_text(HEADER + ROWS, encoding="utf-8")
    assert g60kg("--store", path, "add", sheet, "--yes").returncode == 0
    return folder


@pytest.fixture
def added(extended: Path, tmp_path: Path) -> Path:
    """A store that has the sheet."""
    return Path(shutil.copytree(extended / "store", tmp_path / "added"))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def exported(store: Path) -> str:
    return g60kg("--store", store, "export", "-f", "nquads").stdout


def test_facts_are_added_reported_and_found(store: Path, sheet: Path) -> None:
    done = g60kg("--store", store, "add", sheet, "--yes")
    assert done.returncode == 0
    assert "+ Blue Rock — located in — Hangzhou" in done.stdout
    assert "2 facts and 10 other statements added" in done.stderr
    found = g60kg("--store", store, "query", "run", "enterprises", "-p", "city=Hangzhou")
    assert "Blue Rock" in found.stdout
    (change,) = json.loads(g60kg("--store", store, "log", "-f", "json").stdout)
    assert change["kind"] == "added"
    assert len(change["facts"]) == 2
    assert change["otherStatements"] == 10
    printed = g60kg("--store", store, "log").stdout
    assert "added 2 facts and 10 other statements by " in printed
    assert change["files"][0]["name"] == "facts.csv"
    assert len(change["files"][0]["sha256"]) == 64


EVIL = f"""\
@prefix fact: <https://w3id.org/g60kg/fact/> .
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
@prefix quote: <https://w3id.org/g60kg/quote/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
GRAPH <https://w3id.org/g60kg/graph/{ARTICLE}> {{
    fact:{ARTICLE}-0fc76aac66a7 g60:attributedTo "a liar" ;
        g60:hasEvidence quote:{ARTICLE}-192-202 ; rdfs:comment "A note."@en .
    id:article-{ARTICLE} g60:publisher "Liars" .
    id:hangzhou schema:sameAs id:shanghai ; rdfs:comment "A comment."@en .
}}
"""


def test_a_file_does_not_rewrite_another_source(loaded: Path, tmp_path: Path) -> None:
    before = exported(loaded)
    evil = tmp_path / "evil.trig"
    evil.write_text(EVIL, encoding="utf-8")
    done = g60kg("--store", loaded, "add", evil, "-y")
    assert done.returncode == 1
    # One violation a statement, each at its line.
    for line in (8, 9, 9, 10, 11, 11):
        assert f"evil.trig:{line}:" in done.stderr
    assert done.stderr.count("AcceptedChanged") == 6
    assert exported(loaded) == before


def test_added_facts_are_listed_by_the_accepted_labels(loaded: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed.csv"
    renamed.write_text(
        f"{HEADER}{ROWS}Hangzhou,label@fr,Blue City,Blue Rock moved to Hangzhou,9\n",
        encoding="utf-8",
    )
    done = g60kg("--store", loaded, "add", renamed, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "+ Blue Rock — located in — Hangzhou" in done.stdout


@pytest.mark.long
def test_words_of_a_figure_are_not_empty(loaded: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.csv"
    figures.write_text(
        HEADER.replace("start", "start,unit")
        + "Blue Mill,a,Project,,\n"
        + "Blue Mill,locatedIn,Hangzhou,the Blue Mill project in Hangzhou,9,\n"
        + "Blue Mill,total investment,12,an investment of 12 yuan,60,CCY_CNY\n",
        encoding="utf-8",
    )
    turtle = tmp_path / "figures.ttl"
    assert g60kg("--store", loaded, "draft", figures, "-o", turtle).returncode == 0
    text = turtle.read_text(encoding="utf-8")
    assert g60kg("--store", loaded, "validate", turtle).returncode == 0
    for words in ("", " ", "..."):
        changed = re.sub('g60:verbatim ".*"', f'g60:verbatim "{words}"', text)
        turtle.write_text(changed, encoding="utf-8")
        done = g60kg("--store", loaded, "validate", turtle)
        assert done.returncode == 1, words
        assert "FactVerbatimIsQuoted" in done.stdout


@pytest.fixture(scope="module")
def corroborated(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with a second source of a figure and an entity, and its export before that one."""
    folder = tmp_path_factory.mktemp("corroborated")
    store, sheet, second = (folder / name for name in ("store", "facts.csv", "second.csv"))
    shutil.copytree(loaded, store)
    figure = "id:corridor,number of member cities,9,nine cities,60\n"
    sheet.write_text(HEADER + ROWS + figure, encoding="utf-8")
    assert g60kg("--store", store, "add", sheet, "--yes").returncode == 0
    before = exported(store)
    known = "Blue Rock,label@fr,Roche Bleue,,\nBlue Rock,a,Enterprise,,\n"
    second.write_text(HEADER.replace(SOURCE, "2400000002") + figure + known, encoding="utf-8")
    assert g60kg("--store", store, "add", second, "--yes").returncode == 0
    assert "Roche Bleue" in exported(store)
    return store, before


def test_a_retracted_source_leaves_nothing_of_what_others_state(
    corroborated: tuple[Path, str], tmp_path: Path
) -> None:
    store, before = shutil.copytree(corroborated[0], tmp_path / "store"), corroborated[1]
    done = g60kg("--store", store, "retract", "2400000002", "--reason", "x", "--yes")
    assert done.returncode == 0
    assert "other sources still mention" not in done.stderr
    assert exported(store) == before


def test_a_retracted_fact_takes_its_copy_of_a_figure(
    corroborated: tuple[Path, str], tmp_path: Path
) -> None:
    store, before = shutil.copytree(corroborated[0], tmp_path / "store"), corroborated[1]
    (fact,) = {
        word.strip("<>")
        for word in exported(store).split()
        if word.startswith("<https://w3id.org/g60kg/fact/2400000002-")
    }
    done = g60kg("--store", store, "retract", fact, "--reason", "x", "--yes")
    assert done.returncode == 0
    figures = [line for line in exported(store).splitlines() if "/id/observation-" in line]
    assert figures == [line for line in before.splitlines() if "/id/observation-" in line]


def test_a_dry_run_shows_the_change_and_makes_none(loaded: Path, sheet: Path) -> None:
    before = exported(loaded)
    done = g60kg("--store", loaded, "add", sheet, "--dry-run")
    assert done.returncode == 0
    assert "+ Blue Rock — located in — Hangzhou" in done.stdout
    assert exported(loaded) == before


def test_without_yes_nobody_is_asked_and_nothing_changes(
    loaded: Path, extended: Path, sheet: Path
) -> None:
    for store, *arguments in (
        (loaded, "add", sheet),
        (extended / "store", "retract", SOURCE, "--reason", "wrong"),
    ):
        before = exported(store)
        done = g60kg("--store", store, *arguments, stdin="y\n")
        assert done.returncode == 2
        assert "--yes" in done.stderr
        assert exported(store) == before


def test_wrong_facts_bar_all_of_the_files(loaded: Path, sheet: Path, tmp_path: Path) -> None:
    before = exported(loaded)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(HEADER + ROWS + "Blue Rok,locatedIn,Hangzhou,x,3\n", encoding="utf-8")
    done = g60kg("--store", loaded, "add", sheet, wrong, "--yes")
    assert done.returncode == 1
    assert "Nothing was added" in done.stderr
    assert exported(loaded) == before


def test_a_source_is_taken_back_without_a_trace_in_answers(store: Path, sheet: Path) -> None:
    before = exported(store)
    assert g60kg("--store", store, "add", sheet, "--yes").returncode == 0
    added = exported(store)
    done = g60kg("--store", store, "retract", SOURCE, "--reason", "made up", "--yes")
    assert done.returncode == 0
    assert "- Blue Rock — located in — Hangzhou" in done.stdout
    assert exported(store) == before
    newest = json.loads(g60kg("--store", store, "log", "-f", "json").stdout)[0]
    assert (newest["kind"], newest["why"]) == ("retracted", "made up")
    assert "made up" in g60kg("--store", store, "log").stdout
    # And it may come back.
    assert g60kg("--store", store, "add", sheet, "--yes").returncode == 0
    assert exported(store) == added


def test_a_fact_is_taken_back_and_leaves_no_orphan(added: Path) -> None:
    facts = json.loads(
        g60kg("--store", added, "query", "run", "facts-about", "-p", "entity=Blue Rock",
              "-f", "json").stdout
    )["results"]["bindings"]  # fmt: skip
    assert len(facts) == 2
    for fact in facts:
        done = g60kg("--store", added, "retract", fact["fact"]["value"], "--reason", "x", "--yes")
        assert done.returncode == 0
    left = exported(added)
    assert "blue-rock" not in left
    assert f"/quote/{SOURCE}" not in left
    assert f"article-{SOURCE}" in left  # the source was not taken back
    assert g60kg("--store", added, "validate", "-f", "json").returncode == 0


def test_a_retraction_reports_the_violations_it_causes(extended: Path) -> None:
    store = extended / "store"
    whole = g60kg("--store", store, "retract", SOURCE, "--reason", "x", "--dry-run")
    assert "no longer conform" not in whole.stderr
    about = ("facts-about", "-p", "entity=Vision for 2035", "-f", "csv")
    found = g60kg("--store", store, "query", "run", *about).stdout
    (typed,) = (line for line in found.splitlines() if "ontology/PolicyDocument" in line)
    fact = typed.partition(",")[0]
    done = g60kg("--store", store, "retract", fact, "--reason", "x", "--dry-run")
    assert "The rest would no longer conform" in done.stderr
    assert "SubjectHasType" in done.stderr


def test_an_entity_that_others_mention_stays(loaded: Path) -> None:
    done = g60kg("--store", loaded, "retract", "reference", "--reason", "x", "--dry-run")
    assert "other sources still mention" in done.stderr
    assert "- Hangzhou — administrative code" in done.stdout
    assert 'Hangzhou — rdfs:label — "Hangzhou"@en' not in done.stdout


def test_history_is_kept_out_of_answers_and_exports(store: Path, sheet: Path) -> None:
    before = g60kg("--store", store, "sparql", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").stdout
    assert g60kg("--store", store, "add", sheet, "--yes").returncode == 0
    assert g60kg("--store", store, "retract", SOURCE, "--reason", "x", "--yes").returncode == 0
    after = g60kg("--store", store, "sparql", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").stdout
    assert after == before
    for query in (
        "SELECT * { ?s prov:endedAtTime ?o }",
        "SELECT * { GRAPH ?g { ?s prov:endedAtTime ?o } }",
        "SELECT * { GRAPH ?g { ?s g60:historyReason ?o } }",
    ):
        rows = g60kg("--store", store, "sparql", query, "-f", "csv").stdout.splitlines()
        assert len(rows) == 1, query
    assert "historyReason" not in exported(store)
    kept = g60kg("--store", store, "export", "-f", "nquads", "--with-history").stdout
    assert "historyReason" in kept


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("retract", "nothing", "--reason", "x", "--yes"), "No fact and no source is called"),
        (("retract", "ontology", "--reason", "x", "--yes"), "belongs to the store itself"),
        (("retract", ARTICLE, "--reason", " ", "--yes"), "reason"),
        (("retract", ARTICLE, "--yes"), "reason"),
        (("add",), "files"),
    ],
)
def test_a_usage_error_is_reported(loaded: Path, arguments: tuple[str, ...], expected: str) -> None:
    done = g60kg("--store", loaded, *arguments)
    assert done.returncode == 2
    assert expected in done.stderr


@pytest.mark.parametrize("command", ["add x.ttl", "retract x --reason y", "log"])
def test_changes_and_the_log_need_a_store(command: str) -> None:
    done = g60kg(*command.split())
    assert done.returncode == 2
    assert "--store" in done.stderr


def test_files_and_stores_are_compared_fact_by_fact(
    loaded: Path, sheet: Path, tmp_path: Path
) -> None:
    article = ROOT / "instances" / "articles" / f"{ARTICLE}.csv"
    same = g60kg("diff", article, article.with_suffix(".ttl"))
    assert same.returncode == 0
    assert same.stdout == ""
    other = tmp_path / "other.csv"
    changed = ROWS.replace(
        "Hangzhou,Blue Rock moved to Hangzhou", "Suzhou,Blue Rock moved to Suzhou"
    )
    other.write_text(HEADER + changed, encoding="utf-8")
    done = g60kg("diff", sheet, other)
    assert done.returncode == 1
    assert "- Blue Rock — located in — Hangzhou" in done.stdout
    assert "+ Blue Rock — located in — Suzhou" in done.stdout
    assert "in industry" not in done.stdout
    shown = json.loads(g60kg("diff", sheet, other, "-f", "json").stdout)
    assert (len(shown["added"]), len(shown["removed"]), shown["same"]) == (1, 1, False)
    assert g60kg("diff", loaded, loaded).returncode == 0
    assert g60kg("diff", loaded, sheet).returncode == 1
    for missing in (tmp_path / "none.ttl", tmp_path / "none"):
        done = g60kg("diff", sheet, missing)
        assert (done.returncode, "no such file" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["load", "validate"])
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("vocab.jsonld", '{"@context": {"@vocab": "http://x/%s"}, "a": 1}', "IRI longer than"),
        ("base.jsonld", '{"@context": {"@base": "http://x/%s"}, "@id": "a"}', "IRI longer than"),
        ("prefix.jsonld", '{"@context": {"p": "http://x/%s"}, "p:a": 1}', "IRI longer than"),
        ("attributes.rdf", "<a %s/>", "more than 1,000 attributes"),
    ],
)
def test_what_the_parsers_would_multiply_is_bounded(
    tmp_path: Path, command: str, name: str, content: str, reason: str
) -> None:
    filler = " ".join(f'a{n}="1"' for n in range(1_001)) if "<" in content else "v" * 8_001
    path = tmp_path / name
    path.write_text(content % filler, encoding="utf-8")
    done = g60kg("--store", tmp_path / "store", "load", "--empty")
    assert done.returncode == 0
    done = g60kg("--store", tmp_path / "store", command, path)
    assert done.returncode == 2
    assert reason in done.stdout + done.stderr


def test_a_second_load_without_files_says_that_there_is_a_store(store: Path) -> None:
    done = g60kg("--store", store, "load")
    assert done.returncode == 0
    assert "is a store already" in done.stderr


@pytest.mark.long
def test_a_retracted_source_comes_back_with_a_corrected_label(store: Path, tmp_path: Path) -> None:
    """Another source uses its entity, so that its labels stay until the source states others."""
    run = ("--store", store)
    first, second, forged = (tmp_path / name for name in ("1.csv", "2.csv", "forged.trig"))
    wrong, right = (HEADER + ROWS + f"Blue Rock,label@zh,{one},,\n" for one in ("蓝碧", "蓝石"))
    other = HEADER.replace(SOURCE, "2400000002")
    first.write_text(wrong, encoding="utf-8")
    second.write_text(f"{other}Blue Rock,locatedIn,Jinhua,Blue Rock is in Jinhua,9\n", "utf-8")
    for sheet in (first, second):
        done = g60kg(*run, "add", sheet, "--yes")
        assert done.returncode == 0, done.stderr
    done = g60kg(*run, "retract", SOURCE, "--reason", "a wrong name", "--yes")
    assert "other sources still mention id:blue-rock" in done.stderr
    kept = exported(store)
    # Another source may not state the label, nor the source without its description.
    graph = f"<https://w3id.org/g60kg/graph/{SOURCE}>"
    forged.write_text(
        f"{graph} {{ <https://w3id.org/g60kg/id/blue-rock> a <https://w3id.org/g60kg/ontology/"
        'Enterprise> ; <http://www.w3.org/2000/01/rdf-schema#label> "Red Rock"@en . }',
        "utf-8",
    )
    assert g60kg(*run, "add", forged, "--yes").returncode == 1
    assert exported(store) == kept
    first.write_text(right, encoding="utf-8")
    done = g60kg(*run, "add", first, "--yes")
    assert done.returncode == 0, done.stderr
    assert '- Blue Rock — rdfs:label — "蓝碧"@zh' in done.stdout
    assert '+ Blue Rock — rdfs:label — "蓝石"@zh' in done.stdout
    assert ("蓝碧" in exported(store), "蓝石" in exported(store)) == (False, True)
    logged = g60kg(*run, "log").stdout
    assert "retracted 0 facts and 1 other statement" in logged
    assert "replaced by the source, which was added again" in logged
    assert g60kg(*run, "validate").returncode == 0
