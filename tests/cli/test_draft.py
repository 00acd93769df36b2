"""`draft`: a sheet to Turtle, or every mistake in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.conftest import ARTICLE, ROOT, TEXTS

SHIPPED = ROOT / "instances" / "articles" / f"{ARTICLE}.csv"
TEXT = "In 2024, Blue Rock Chips moved to Hangzhou."
SHEET = """\
subject,predicate,object,quote
Blue Rock Chips,a,Enterprise,
Blue Rock Chips,locatedIn,Hangzhou,moved to Hangzhou
"""
METADATA = (
    "--url", "https://example.org/news/2400000001", "--title", "A sample",
    "--date", "2024-05-06", "--publisher", "Example",
)  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(SHEET, encoding="utf-8")
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    return path


def test_the_shipped_sheet_gives_the_shipped_bytes(tmp_path: Path) -> None:
    out = tmp_path / "out.ttl"
    assert g60kg("draft", SHIPPED, "-o", out).returncode == 0
    assert out.read_bytes() == SHIPPED.with_suffix(".ttl").read_bytes()


def test_the_shipped_sheet_agrees_with_the_text(tmp_path: Path) -> None:
    text = TEXTS / f"{ARTICLE}.txt"
    if not text.is_file():
        pytest.skip("the publisher's text of the article is not beside this checkout")
    copy = tmp_path / SHIPPED.name
    copy.write_bytes(SHIPPED.read_bytes())
    done = g60kg("draft", copy, "--article", text, "-o", tmp_path / "out.ttl")
    assert done.returncode == 0
    assert copy.read_bytes() == SHIPPED.read_bytes()


def test_a_draft_without_facts_conforms_under_any_name(tmp_path: Path) -> None:
    sheet, out = tmp_path / "facts.csv", tmp_path / "x.ttl"
    rows = SHEET.replace("Blue Rock Chips,locatedIn,Hangzhou,moved to Hangzhou\n", "")
    sheet.write_text(rows, encoding="utf-8")
    assert g60kg("draft", sheet, "-o", out, *METADATA).returncode == 0
    done = g60kg("validate", out)
    assert (done.returncode, "ForeignSource" in done.stdout) == (0, False), done.stdout


def test_offsets_are_found_and_filled_in(sheet: Path, tmp_path: Path) -> None:
    out, text = tmp_path / "facts.ttl", tmp_path / "article.txt"
    done = g60kg("draft", sheet, "--article", text, "-o", out, *METADATA)
    assert done.returncode == 0
    assert "moved to Hangzhou,25" in sheet.read_text(encoding="utf-8")
    # What was filled in suffices: neither the text nor the options are needed again.
    again = g60kg("draft", sheet)
    assert again.stdout.encode() == out.read_bytes()


def test_the_marks_and_comments_of_a_sheet_are_kept(sheet: Path, tmp_path: Path) -> None:
    above = "\ufeffsep=,\n# Second reading by hand\n\n"
    sheet.write_text(above + SHEET, encoding="utf-8")
    done = g60kg("draft", sheet, "--article", tmp_path / "article.txt", *METADATA)
    assert done.returncode == 0
    filled = sheet.read_text(encoding="utf-8")
    assert filled.startswith(f"{above}# title: ")
    again = g60kg("draft", sheet, "--article", tmp_path / "article.txt")
    assert again.stdout == done.stdout
    assert sheet.read_text(encoding="utf-8") == filled


def test_errors_name_row_and_column_and_nothing_is_written(sheet: Path, tmp_path: Path) -> None:
    before = sheet.read_text(encoding="utf-8") + "Blue Rok,locatdIn,Hangzhou,moved\n"
    sheet.write_text(before + "Blue Rock Chips,locatdIn,Hangzhou,moved\n", encoding="utf-8")
    out, text = tmp_path / "facts.ttl", tmp_path / "article.txt"
    before = sheet.read_text(encoding="utf-8")
    done = g60kg("draft", sheet, "--article", text, "-o", out, *METADATA)
    assert done.returncode == 1
    assert f"{sheet}:4, subject" in done.stderr
    assert f"{sheet}:4, predicate" in done.stderr
    assert "Did you mean locatedIn? Also in line 5." in done.stderr
    assert not out.exists()
    assert sheet.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"subject,predicate,object,quote" + b",x" * 200_000 + b"\n", "200,004 columns"),
        (b"subject,predicate,object,quote\n" + b"x" * 20_000 + b",a,City,\n", "10,000 are"),
        (b"subject,predicate,object,quote\n" + b"x,a,City,\n" * 100_001, "100,000 rows"),
        (b"PK\x03\x04\x14", "a workbook"),
        (b"a,b\n1,2\n", "no column subject"),
        (b"subject\xe9", "not UTF-8"),
        (b"", "empty"),
    ],
)
def test_what_is_no_sheet_exits_with_2(sheet: Path, content: bytes, expected: str) -> None:
    sheet.write_bytes(content)
    done = g60kg("draft", sheet)
    assert done.returncode == 2
    assert expected in done.stderr


def test_all_mistakes_of_a_row_are_reported_in_one_run(sheet: Path, tmp_path: Path) -> None:
    sheet.write_text(
        "subject,predicate,object,quote,modality,time\n"
        "Blue Rok,locatedIn,杭洲,not in the text,Assertd,2023/07/11\n",
        encoding="utf-8",
    )
    done = g60kg("draft", sheet, "--article", tmp_path / "article.txt", *METADATA)
    assert done.returncode == 1
    reported = [line.partition(": ")[0] for line in done.stderr.splitlines()[:-1]]
    columns = ("subject", "object", "quote", "modality", "time")
    assert reported == [f"{sheet}:2, {column}" for column in columns]
    assert "Did you mean 杭州?" in done.stderr
    assert "Write 2023-07-11." in done.stderr
    assert "5 mistakes in 1 row" in done.stderr


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("Hangzhou,locatdIn,Zhejiangg,abot", ("predicate", "object", "comparator")),
        ("Hangzhou,total investmet,many,abot", ("unit", "predicate", "object", "comparator")),
        ("Hangzhou,settledIn,Zhejiangg,abot", ("predicate", "object", "comparator")),
        ("Hangzhou,nothing alike,5,abot", ("predicate", "comparator")),
    ],
)
def test_an_unknown_predicate_hides_no_other_mistake(
    sheet: Path, row: str, columns: tuple[str, ...]
) -> None:
    header = "subject,predicate,object,comparator,quote"
    sheet.write_text(f"{header}\n{row},moved to Hangzhou\n", encoding="utf-8")
    done = g60kg("draft", sheet, "--article", sheet.with_name("article.txt"), *METADATA)
    lines = [one for one in done.stderr.splitlines()[:-1] if not one.startswith("warning: ")]
    reported = [line.partition(": ")[0] for line in lines]
    assert reported == [f"{sheet}:2, {column}" for column in columns]


def test_a_name_given_to_another_entity_by_mistake_is_reported_with_its_row(sheet: Path) -> None:
    rows = sheet.read_text(encoding="utf-8") + "Blue Rock Chips,label@xx,Red Rock,\n"
    sheet.write_text(rows + "Red Rock,a,Enterprise,\n", encoding="utf-8")
    done = g60kg("draft", sheet, *METADATA)
    assert done.returncode == 1
    assert f'{sheet}:4, predicate: Answers and pages show no label in the language "xx"' in (
        done.stderr
    )
    assert f"{sheet}:5, subject: " in done.stderr
    assert "Line 4 gives this name: correct it, or write the id that is meant." in done.stderr


def test_one_mistake_in_many_rows_is_reported_once_with_its_lines(
    sheet: Path, tmp_path: Path
) -> None:
    rows = "".join(f"Hangzhou,locatedIn,Zhejiangg,{words}\n" for words in ("moved", "to", "in"))
    sheet.write_text(sheet.read_text(encoding="utf-8") + rows, encoding="utf-8")
    done = g60kg("draft", sheet, "--article", tmp_path / "article.txt", *METADATA)
    assert done.returncode == 1
    reported = [line for line in done.stderr.splitlines() if "Zhejiangg" in line]
    assert len(reported) == 1
    assert reported[0].startswith(f"{sheet}:4, object: ")
    assert reported[0].endswith("Also in lines 5, 6.")


def test_a_predicate_that_a_class_cannot_have_is_reported_by_draft(
    sheet: Path, tmp_path: Path
) -> None:
    rows = sheet.read_text(encoding="utf-8").replace("locatedIn", "takesPlaceIn")
    sheet.write_text(
        rows + "Hangzhou,locatedIn,integrated circuits,in Hangzhou\n", encoding="utf-8"
    )
    done = g60kg("draft", sheet, "--article", tmp_path / "article.txt", *METADATA)
    assert done.returncode == 1
    assert f"{sheet}:3, predicate: takesPlaceIn is for the class Event" in done.stderr
    assert "From Enterprise to SpatialThing: headquarteredIn" in done.stderr
    assert (
        f"{sheet}:4, object: locatedIn needs an object of the class SpatialThing; " in done.stderr
    )


def test_a_term_of_0_1_is_reported_with_its_replacement(sheet: Path, tmp_path: Path) -> None:
    rows = sheet.read_text(encoding="utf-8").replace("locatedIn", "settledIn")
    old = "Rock Park,a,IndustrialPark,\nHangzhou,skos:exactMatch,wd:Q4970,\n"
    sheet.write_text(rows + old, encoding="utf-8")
    done = g60kg("draft", sheet, "--article", tmp_path / "article.txt", *METADATA)
    assert done.returncode == 1
    assert "predicate: settledIn was removed in 0.2; use locatedIn." in done.stderr
    zone = "use Zone with classifiedAs id:industrial-park."
    assert f"object: IndustrialPark was removed in 0.2; {zone}" in done.stderr
    link = "predicate: skos:exactMatch was removed in 0.2; use schema:sameAs."
    assert link in done.stderr


def test_empty_columns_at_the_end_are_passed_over(sheet: Path, tmp_path: Path) -> None:
    rows = sheet.read_text(encoding="utf-8").replace("\n", "," * 200_000 + "\n")
    sheet.write_text(rows, encoding="utf-8")
    done = g60kg("draft", sheet, "--article", tmp_path / "article.txt", *METADATA)
    assert done.returncode == 0
    assert len(sheet.read_text(encoding="utf-8")) < 1_000


def test_a_sheet_without_a_source_is_refused(sheet: Path) -> None:
    done = g60kg("draft", sheet)
    assert done.returncode == 2
    assert "--url" in done.stderr


def test_columns_of_figures_are_refused_in_other_rows(sheet: Path) -> None:
    sheet.write_text(
        "subject,predicate,object,quote,unit,comparator\n"
        "Blue Rock Chips,a,Enterprise,,CCY_CNY,\n"
        "Blue Rock Chips,locatedIn,Hangzhou,moved to Hangzhou,,approximately\n",
        encoding="utf-8",
    )
    done = g60kg("draft", sheet, "--article", sheet.with_name("article.txt"), *METADATA)
    assert done.returncode == 1
    assert "facts.csv:2, unit: Only a figure has this column; a is not a measure." in done.stderr
    assert "facts.csv:3, comparator: Only a figure has this column" in done.stderr


UNFIT = """\
# url: https://example.org/news/2400000001
# title: A sample
# date: 2024-05-06
# publisher: +cmd
subject,predicate,object,quote,start
\u3164,a,Enterprise,,
Blue Rock Chips,a,Enterprise,,
Blue Rock Chips,label@zh,@SUM(1),,
Blue Rock Chips,alternativeName,=cmd|x,Blue Rock moved,3
Blue Rock Chips,schema:sameAs,<javascript:alert>,Blue Rock moved,3
"""


def test_texts_and_addresses_that_the_gate_reports_are_reported_by_row(tmp_path: Path) -> None:
    sheet = tmp_path / "facts.csv"
    sheet.write_text(UNFIT, encoding="utf-8")
    done = g60kg("draft", sheet, "-o", tmp_path / "facts.ttl", "--url", "data:text/html,x")
    assert done.returncode == 1
    assert not (tmp_path / "facts.ttl").exists()
    said = done.stderr
    assert f"\n{sheet}:6, subject: The cell has an invisible character, U+3164." in said
    for line, code in ((1, "IriScheme"), (10, "IriScheme")):
        assert f"\n{sheet}:{line}, {code}: " in said
    for line in (4, 8, 9):
        assert said.count(f"warning: {sheet}:{line}, FormulaText: ") == 1
    # The gate has the same codes at the same lines.
    report = json.loads(g60kg("validate", sheet, "-f", "json").stdout)
    found = {(one["line"], one["code"]) for one in report["results"]}
    assert found >= {(4, "FormulaText"), (6, "SheetRow"), (9, "FormulaText")}
    assert (10, "IriScheme") in found


def test_an_address_that_is_no_iri_is_reported(tmp_path: Path) -> None:
    sheet = tmp_path / "facts.csv"
    sheet.write_text(UNFIT, encoding="utf-8")
    done = g60kg("draft", sheet, "--url", "https://example.org/{a}}")
    assert done.returncode == 1
    assert f'{sheet}:1, LexicalForm: "https://example.org/{{a}}}}" is not a valid ' in done.stderr


def test_a_formula_is_only_a_warning_of_draft(tmp_path: Path) -> None:
    sheet = tmp_path / "facts.csv"
    lines = UNFIT.splitlines(keepends=True)
    sheet.write_text("".join((*lines[:5], *lines[6:9])), encoding="utf-8")
    done = g60kg("draft", sheet)
    assert done.returncode == 0
    assert "FormulaText" in done.stderr
    assert '"=cmd|x"@en' in done.stdout


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        # The name on the first row is its English label; the row between them adds none.
        ("Blue Rock Chips,label@,x\nBlue Rock Chips,label@en,Blue Rock\n", {8}),
        (
            "Blue Rock Chips,label@en,Blue Rock\nBlue Rock Chips,label@zh,蓝石\n"
            "Blue Rock Chips,label@en,Blue\nBlue Rock Chips,label@zh,蓝岩\n",
            {7, 9, 10},
        ),
        ("Hangzhou,label@en,Hangchow\n", {7}),
    ],
)
def test_each_row_of_a_further_label_in_a_language_is_reported(
    sheet: Path, rows: str, lines: set[int]
) -> None:
    header = "# url: https://example.org/news/2400000001\n# title: A sample\n# date: 2024-05-06\n"
    columns = "# publisher: Example\nsubject,predicate,object\nBlue Rock Chips,a,Enterprise\n"
    sheet.write_text(header + columns + rows, encoding="utf-8")
    done = g60kg("draft", sheet)
    assert done.returncode == 1
    for line in lines:
        assert f"{sheet}:{line}, LabelIsOnePerLanguage: " in done.stderr
    if "Blue" in rows:
        report = json.loads(g60kg("validate", sheet, "-f", "json").stdout)
        found = [one for one in report["results"] if one["code"] == "LabelIsOnePerLanguage"]
        assert {one["line"] for one in found} == lines


@pytest.mark.parametrize("more", ["", "\nid:article-2500000001,label@en,Notes"])
def test_each_missing_english_label_is_reported(sheet: Path, more: str) -> None:
    header = "# url: https://example.org/news/2500000001\n# title: 走廊札记\n# language: zh\n"
    rows = "subject,predicate,object\nid:reed-park,a,Facility\n芦湖园区,a,Facility\n"
    sheet.write_text(f"{header}{rows}id:reed-park,label@en,Reed Park{more}\n", encoding="utf-8")
    missing = ["2", "6"] if not more else ["6"]
    done = g60kg("draft", sheet)
    assert (done.returncode, re.findall(r":(\d+), EntityHasEnglishLabel", done.stderr)) == (
        1,
        missing,
    )
    report = json.loads(g60kg("validate", sheet, "-f", "json").stdout)
    found = [one for one in report["results"] if one["code"] == "EntityHasEnglishLabel"]
    assert sorted(str(one["line"]) for one in found) == missing


@pytest.mark.parametrize(
    ("header", "line"),
    [("# url: https://example.org/news/1\n# id: history", 2), ("# url: https://a.org/shapes", 1)],
)
def test_a_graph_of_the_store_is_no_source(sheet: Path, header: str, line: int) -> None:
    sheet.write_text(f"{header}\nsubject,predicate,object\nBlue Rock,a,City\n", encoding="utf-8")
    done = g60kg("draft", sheet)
    assert done.returncode == 1
    assert f"{sheet}:{line}, id: " in done.stderr


@pytest.mark.parametrize("given", ["sheet", "--article"])
def test_a_template_overwrites_no_input(sheet: Path, given: str) -> None:
    before = sheet.read_bytes()
    inputs = [sheet] if given == "sheet" else [given, sheet]
    assert g60kg("draft", *inputs, "--template", "-o", sheet).returncode == 2
    assert sheet.read_bytes() == before
