"""`verify`: quotations and passages against texts at hand, and the record of the verdicts."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from g60kg.model.text_normalization import digest_of, normalized
from tests.cli.run import g60kg

TEXT = """\
A headline

In 2024, Blue Rock Chips moved its seat to Hangzhou. It has 300 people.

Blue Rock Chips makes integrated circuits.
"""
SHEET = """\
# url: https://example.org/news/2400000001
# title: A sample
# date: 2024-05-06
# publisher: Example News
# language: en
subject,predicate,object,quote,passage
Blue Rock Chips,a,Enterprise,,
Blue Rock Chips,locatedIn,Hangzhou,,Blue Rock Chips moved its seat to Hangzhou
Blue Rock Chips,inIndustry,integrated circuits,Blue Rock Chips makes integrated circuits,
"""
SOURCE = "https://w3id.org/g60kg/id/article-2400000001"


@pytest.fixture(scope="module")
def made(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the text, the sample sheet drafted with it, and a store that has it."""
    folder = tmp_path_factory.mktemp("made")
    sheet, path, texts = folder / "facts.csv", folder / "store", folder / "texts"
    texts.mkdir()
    (texts / "article.txt").write_text(TEXT, encoding="utf-8")
    sheet.write_text(SHEET, encoding="utf-8")
    assert g60kg("draft", sheet, "--article", texts / "article.txt").returncode == 0
    shutil.copytree(loaded, path)
    added = g60kg("--store", path, "--articles", texts, "add", "--yes", "--strict", sheet)
    assert added.returncode == 0, added.stderr
    return folder


@pytest.fixture
def texts(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "texts"


@pytest.fixture
def store(texts: Path) -> Path:
    return texts.with_name("store")


def verified(store: Path, texts: Path, *options: str) -> tuple[int, dict[str, Any]]:
    done = g60kg("--store", store, "--articles", texts, "verify", "-f", "json", *options)
    return done.returncode, json.loads(done.stdout)


def test_evidence_is_found_in_the_recorded_text(store: Path, texts: Path) -> None:
    code, found = verified(store, texts, "2400000001")
    assert code == 0
    assert found["summary"] == {"verified": 2, "moved": 0, "notFound": 0, "unchecked": 0}
    assert {one["kind"] for one in found["results"]} == {"quotation", "passage"}
    (passage,) = (one for one in found["results"] if one["kind"] == "passage")
    assert passage["source"] == SOURCE
    assert passage["verdict"] == "verified"
    assert TEXT[passage["start"] : passage["end"]].endswith("moved its seat to Hangzhou")


@pytest.mark.parametrize("at_hand", [True, False])
def test_a_verdict_of_a_file_counts_only_with_the_text(
    made: Path, loaded: Path, tmp_path: Path, at_hand: bool
) -> None:
    store = shutil.copytree(loaded, tmp_path / "store")
    sheet, articles = made / "facts.csv", ("--articles", made / "texts")
    assert "# checked: " in sheet.read_text(encoding="utf-8")
    options = articles if at_hand else ()
    added = g60kg("--store", store, *options, "add", "--yes", sheet)
    assert added.returncode == 0, added.stderr
    assert grades(store) == (["A", "B"] if at_hand else ["C"])
    # A file is accepted again as before, and later the texts decide.
    again = g60kg("--store", store, *options, "add", "--yes", sheet)
    assert "The store has all of it already." in again.stderr
    assert g60kg("--store", store, *articles, "verify", "--record").returncode == 0
    assert grades(store) == ["A", "B"]


def grades(store: Path) -> list[str]:
    """The grades of the evidence of the sample."""
    query = ("query", "run", "evidence-for", "-p", "entity=Blue Rock Chips", "--evidence")
    rows = json.loads(g60kg("--store", store, *query, "-f", "json").stdout)
    return sorted({one["grade"] for found in rows["evidence"] for one in found})


def test_other_sources_are_unchecked(store: Path, texts: Path) -> None:
    code, found = verified(store, texts)
    assert code == 0
    assert found["summary"]["verified"] == 2
    assert found["summary"]["unchecked"] > 100


@pytest.mark.parametrize(
    ("copy", "code", "summary"),
    [
        ("A newspaper\n\n" + TEXT.replace(" ", "\n "), 0, {"moved": 2}),
        (TEXT.replace("seat", "sect"), 1, {"verified": 1, "notFound": 1}),
        ("Another text.", 0, {"unchecked": 2}),
    ],
    ids=["another header and spacing", "a letter changed", "another text"],
)
def test_evidence_is_searched_in_other_copies(
    store: Path, texts: Path, copy: str, code: int, summary: dict[str, int]
) -> None:
    (texts / "article.txt").write_text(copy, encoding="utf-8")
    counts = dict.fromkeys(("verified", "moved", "notFound", "unchecked"), 0) | summary
    result, found = verified(store, texts, "2400000001")
    assert (result, found["summary"]) == (code, counts)


def test_a_file_named_for_the_source_is_a_copy_of_it(store: Path, texts: Path) -> None:
    (texts / "article.txt").unlink()
    (texts / "2400000001.txt").write_text("Another text.", encoding="utf-8")
    code, found = verified(store, texts, "2400000001")
    assert (code, found["summary"]["notFound"]) == (1, 2)
    done = g60kg("--store", store, "--articles", texts, "verify", "--record", "2400000001")
    assert "Not recorded, since the text is another copy: 2." in done.stderr


def test_a_file_named_for_another_source_is_no_copy(store: Path, texts: Path) -> None:
    """Texts of one publisher share sentences."""
    (texts / "article.txt").rename(texts / "2307119874.txt")
    (texts / "2307119874.txt").write_text(TEXT + "It is a copy.", encoding="utf-8")
    code, found = verified(store, texts, "2400000001")
    assert (code, found["summary"]["unchecked"]) == (0, 2)


def test_a_source_without_a_text_records_what_a_copy_has(store: Path, texts: Path) -> None:
    passage = f"norm-1:{digest_of(normalized('Blue Rock Chips moved'))}:18"
    other = f"norm-1:{'0' * 64}:18"
    sheet = texts / "digests.csv"
    text = SHEET.replace("2400000001", "2400000002").replace("quote,passage", "passage,locator")
    head, _, _ = text.partition("Blue Rock Chips,locatedIn")
    rows = (
        f"Blue Rock Chips,locatedIn,Hangzhou,{passage},one\n"
        f"Blue Rock Chips,locatedIn,Suzhou,{other},two\n"
    )
    sheet.write_text(head + rows, encoding="utf-8")
    added = g60kg("--store", store, "add", "--yes", sheet)
    assert added.returncode == 0, added.stderr
    run = ("--store", store, "--articles", texts, "verify", "--record", "2400000002")
    (texts / "2400000002.txt").write_text("Cut off.", encoding="utf-8")
    assert "Not recorded, since the text is another copy: 2." in g60kg(*run).stderr
    (texts / "2400000002.txt").write_text("Header\n" + TEXT, encoding="utf-8")
    done = g60kg(*run)
    assert "Verdicts recorded: 1. Not recorded, since the text is another copy: 1." in done.stderr
    sheet.write_text(sheet.read_text(encoding="utf-8").replace(other, passage), encoding="utf-8")
    drafted = g60kg("draft", sheet, "--article", texts / "2400000002.txt")
    assert "comparison with the text recorded" in drafted.stderr
    assert "# checked: " in sheet.read_text(encoding="utf-8")


def test_verdicts_are_recorded_with_their_date_and_history(store: Path, texts: Path) -> None:
    done = g60kg("--store", store, "--articles", texts, "verify", "--record", "2400000001")
    assert done.returncode == 0
    assert "Verdicts recorded: 2." in done.stderr
    assert "verified 2 pieces of evidence" in g60kg("--store", store, "log").stdout
    (newest, *_) = json.loads(g60kg("--store", store, "log", "-f", "json").stdout)
    assert (newest["kind"], newest["verdicts"]) == ("verified", 2)
    assert g60kg("--store", store, "validate").returncode == 0


def test_a_file_from_before_a_recorded_verdict_is_still_known(
    store: Path, texts: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "facts.csv"
    text = sheet.read_text(encoding="utf-8")
    day = next(line for line in text.splitlines() if line.startswith("# checked: ")).split()[2]
    sheet.write_text(text.replace(f"# checked: {day}", "# checked: 2020-01-01"), encoding="utf-8")
    again = g60kg("--store", store, "--articles", texts, "add", "--yes", "--strict", sheet)
    assert again.returncode == 0, again.stderr
    assert "has all of it already" in again.stderr


def test_a_source_can_be_extended_after_its_verdicts(
    store: Path, texts: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "facts.csv"
    with sheet.open("a", encoding="utf-8") as stream:
        stream.write("Blue Rock Chips,alternativeName,Blue Rock,Blue Rock Chips moved,,,,\n")
    assert (
        g60kg("--store", store, "draft", sheet, "--article", texts / "article.txt").returncode == 0
    )
    added = g60kg("--store", store, "--articles", texts, "add", "--yes", sheet)
    assert added.returncode == 0, added.stderr
    assert verified(store, texts, "2400000001")[1]["summary"]["verified"] == 3


def test_grades_are_shown_with_evidence(store: Path) -> None:
    run = ("--store", store, "query", "run", "enterprises", "-p", "city=Hangzhou", "--evidence")
    table = g60kg(*run).stdout
    assert "[not reproduced: paragraph 2, sentence 1]" in table
    rows = list(csv.DictReader(io.StringIO(g60kg(*run, "-f", "csv").stdout)))
    (passage,) = (row for row in rows if row["locator"])
    assert (passage["quote"], passage["grade"]) == ("", "B")
    found = json.loads(g60kg(*run, "-f", "json").stdout)["evidence"]
    grades = {(one["grade"], one["quote"] == "") for quoted in found for one in quoted}
    assert ("B", True) in grades
    assert ("A", False) in grades


def test_the_words_of_a_passage_are_in_no_output(store: Path, texts: Path) -> None:
    for command in (
        ("export", "--graph", "2400000001", "-f", "trig"),
        ("export", "--graph", "2400000001", "-f", "csv"),
        ("query", "run", "evidence-for", "-p", "entity=Blue Rock Chips", "--evidence"),
        ("--articles", texts, "validate"),
        ("--articles", texts, "verify"),
    ):
        done = g60kg("--store", store, *command)
        assert "its seat" not in done.stdout + done.stderr, command


def test_verify_needs_texts_and_a_known_source(store: Path, texts: Path) -> None:
    without = g60kg("--store", store, "verify")
    assert without.returncode == 2
    assert "--articles" in without.stderr
    unknown = g60kg("--store", store, "--articles", texts, "verify", "24000001")
    assert unknown.returncode == 2
    assert "2400000001" in unknown.stderr
    shipped = g60kg("--articles", texts, "verify", "--record")
    assert shipped.returncode == 2
    assert "--store" in shipped.stderr


def test_evidence_that_its_text_does_not_have_is_work(texts: Path, tmp_path: Path) -> None:
    turtle, store = tmp_path / "2400000001.ttl", tmp_path / "other"
    assert g60kg("draft", texts.with_name("facts.csv"), "-o", turtle).returncode == 0
    written = turtle.read_text(encoding="utf-8")
    digest = digest_of(normalized("Blue Rock Chips moved its seat to Hangzhou"))
    assert digest in written
    changed = written.replace("Chips makes", "Chips built").replace(digest, "0" * 64)
    turtle.write_text(changed, encoding="utf-8")
    assert g60kg("--store", store, "load", turtle).returncode == 0
    codes: list[set[str]] = []
    unchecked: list[str] = []
    for options in (("--articles", texts), ()):
        done = g60kg("--store", store, *options, "todo", "-f", "json")
        assert done.returncode == 0, done.stderr
        tasks = json.loads(done.stdout)
        codes.append({one["code"] for one in tasks})
        unchecked += [one["message"] for one in tasks if one["code"] == "EvidenceUnchecked"]
    missing = {"QuotationVerbatim", "PassageNotFound"}
    assert missing <= codes[0]
    assert not missing & codes[1]
    # The store has the quotations of the shipped article too.
    assert "checked: 113, passages not checked: 0, sources of both: 1." in unchecked[0]
    assert "checked: 114, passages not checked: 1, sources of both: 2." in unchecked[1]
