"""`query run` and `ask` with the formats of citations."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.conftest import ARTICLE
from tests.row_formats.bibtex_reader import read_bibtex

#: Two enterprises that one article names in one sentence.
CIRCUITS = ("query", "run", "enterprises", "-p", "industry=集成电路", "--accessed", "2026-01-02")
ADDRESS = "https://w3id.org/g60kg/queries/enterprises?industry=id:integrated-circuits"


def test_footnotes_name_the_source_and_the_permalink() -> None:
    done = g60kg(*CIRCUITS, "-f", "text")
    assert done.returncode == 0
    assert done.stdout.startswith("[Feature on the G60 ")
    assert "], SHINE, 11 July 2023, https://" in done.stdout
    assert "(accessed 2 January 2026). Characters 3383–3488. Grade A: " in done.stdout
    assert done.stdout.endswith(f": {ADDRESS}\n")


def test_footnotes_come_in_chinese() -> None:
    text = g60kg("--lang", "zh", *CIRCUITS, "-f", "text").stdout
    assert "，SHINE，2023年7月11日，https://" in text
    assert "（访问日期：2026年1月2日）。第3383–3488个字符。A级：" in text


def test_bibtex_and_csl_json_are_valid_and_the_same_each_time() -> None:
    entries = read_bibtex(g60kg(*CIRCUITS, "-f", "bibtex").stdout)
    assert list(entries) == [ARTICLE]
    assert entries[ARTICLE]["urldate"] == "2026-01-02"
    text = g60kg(*CIRCUITS, "-f", "csl").stdout
    assert [one["id"] for one in json.loads(text)] == [ARTICLE]
    assert g60kg(*CIRCUITS, "-f", "csl").stdout == text


def test_a_file_named_bib_is_bibtex(tmp_path: Path) -> None:
    file = tmp_path / "sources.bib"
    assert g60kg(*CIRCUITS, "-o", file).stdout == ""
    assert read_bibtex(file.read_text(encoding="utf-8")).keys() == {ARTICLE}


def test_all_sources_of_the_graph_are_valid_bibtex() -> None:
    entries = read_bibtex(g60kg("query", "run", "claims-by-modality", "-f", "bibtex").stdout)
    assert {ARTICLE, "dataset-gbt2260", "dataset-geonames"} <= entries.keys()
    assert entries["dataset-gbt2260"]["year"] == "n.d."


def test_ask_cites_what_query_run_cites() -> None:
    asked = g60kg("ask", "Which companies make integrated circuits?", "-f", "bibtex",
                  "--accessed", "2026-01-02")  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    assert "Understood as: query run enterprises" in asked.stderr
    assert asked.stdout == g60kg(*CIRCUITS, "-f", "bibtex").stdout


def test_a_limit_cites_the_sources_of_the_rows_and_reports_that_more_exist() -> None:
    done = g60kg(*CIRCUITS, "-f", "text", "--limit", "1")
    assert done.stdout == g60kg(*CIRCUITS, "-f", "text").stdout
    assert "Row 1; more exist." in done.stderr


def test_an_answer_without_rows_cites_nothing() -> None:
    done = g60kg("query", "run", "projects", "-p", "city=Wuhu", "-f", "csl")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "no sources" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("query", "run", "coverage", "-f", "bibtex"), "no evidence"),
        (("ask", "Which sources are used?", "-f", "csl"), "no evidence"),
        (("query", "run", "projects", "-f", "text", "--escape-formulas"), "CSV and TSV"),
        (("query", "run", "projects", "-f", "csl", "--accessed", "2026-02-30"), "2026-02-30"),
        (("sparql", "SELECT * { ?s ?p ?o }", "-f", "bibtex"), "bibtex"),
    ],
)
def test_a_usage_error_has_exit_code_2(arguments: tuple[str, ...], expected: str) -> None:
    done = g60kg(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr


def test_the_version_of_a_store_has_its_day(loaded: Path) -> None:
    text = g60kg("--store", loaded, *CIRCUITS, "-f", "text").stdout
    assert ") (" not in text
    assert " (20" in text.rpartition("Cited from g60kg ")[2]


@pytest.mark.parametrize("format_", ["csv", "tsv"])
def test_rows_with_evidence_name_their_source(format_: str) -> None:
    text = g60kg("query", "run", "enterprises", "-p", "industry=集成电路", "--evidence",
                 "-f", format_).stdout  # fmt: skip
    delimiter = "," if format_ == "csv" else "\t"
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    (first,) = {tuple(row.values())[-4:] for row in rows}
    assert first[1].strip('"') == "SHINE"
    assert first[2].strip('"') == "2023-07-11"
    assert first[3].strip('"').startswith("https://")
    names = [name.lstrip("?") for name in rows[0]]
    assert names[-11:] == [
        *("quote", "article", "start", "end", "modality", "locator", "grade"),
        *("title", "publisher", "date", "url"),
    ]
