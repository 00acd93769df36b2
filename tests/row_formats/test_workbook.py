"""Excel workbooks, read back with openpyxl, a reader by others."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyoxigraph import Literal, NamedNode

import g60kg as package
from g60kg.errors import UsageError
from g60kg.namespaces import PREFIXES
from g60kg.row_formats import Evidenced, workbook, write_answer, write_rows
from tests.cli.run import g60kg
from tests.conftest import environment

XSD = PREFIXES["xsd"]


def number(text: str, datatype: str = "decimal") -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def written(columns: list[str], rows: list[Evidenced]) -> io.BytesIO:
    out = io.TextIOWrapper(io.BytesIO())
    about = {"query": "compare", "complete": False}
    write_rows("xlsx", columns, rows, out, members=lambda: {"meta": about})
    book = out.detach()
    assert isinstance(book, io.BytesIO)
    return book


def sheet(of: io.BytesIO | Path, name: str = "rows") -> list[tuple[Any, ...]]:
    return list(load_workbook(of)[name].iter_rows(values_only=True))


def test_numbers_are_numbers_and_all_else_is_text() -> None:
    cells = [
        *(number("12.5"), number("3000", "integer"), number("1234567890123456789")),
        *(number("true", "boolean"), number("NaN", "double"), number("2018", "gYear")),
        *(Literal("=1+1"), NamedNode("https://example.org/a"), Literal("a\x01b\n𠮷"), None),
    ]
    out = written([f"c{at}" for at in range(len(cells))], [(cells, [])])
    assert sheet(out)[1] == (
        *(12.5, 3000, "1234567890123456789", True, "NaN", 2018),
        *("=1+1", "https://example.org/a", "a_x0001_b\n𠮷", None),
    )
    book = load_workbook(out)["rows"]
    assert [cell.data_type for cell in book[2]][6:8] == ["s", "s"]
    assert book["H2"].hyperlink is None


def test_a_second_worksheet_says_whether_the_rows_are_complete() -> None:
    out = written(["x"], [([Literal("a")], [])])
    assert sheet(out, "about") == [("query", "compare"), ("complete", "false")]


def test_rows_and_texts_that_do_not_fit_are_errors_and_leave_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    row: Evidenced = ([Literal("a")], [])
    assert len(sheet(written(["x"], [row, row]))) == 3
    with pytest.raises(UsageError, match="holds 2 rows"):
        written(["x"], [row, row, row])
    with pytest.raises(UsageError, match="32,767 characters"):
        written(["x"], [([Literal("a" * 32_768)], [])])
    assert list(tmp_path.iterdir()) == []


def test_text_streams_and_booleans_have_no_workbook() -> None:
    with pytest.raises(UsageError, match="not text"):
        write_rows("xlsx", ["x"], [], io.StringIO())
    with pytest.raises(UsageError, match="true or false"):
        write_answer("xlsx", True, io.StringIO())


def test_a_file_has_the_rows_with_their_sources(tmp_path: Path) -> None:
    out = tmp_path / "firms.xlsx"
    words = ("query", "run", "enterprises", "-p", "industry=biopharmaceuticals", "--evidence")
    assert g60kg(*words, "-o", out).returncode == 0
    head, *rows = sheet(out)
    answer = package.load().query("enterprises", industry="biopharmaceuticals")
    quoted = [one for quotations in answer.evidence() for one in quotations]
    assert [row[head.index("URL")] for row in rows] == [one.url for one in quoted]
    assert [row[head.index("Quotation")] for row in rows] == [one.quote or None for one in quoted]
    assert ("complete", "true") in sheet(out, "about")


@pytest.mark.parametrize(
    ("language", "unit", "modality", "others"),
    [
        (
            "en",
            ("Unit", "number"),
            ("Evidence modality", "inferred by the curator"),
            "Evidence[A-Z]",
        ),
        ("zh", ("单位", "个"), ("依据的陈述性质", "整理者推断"), "依据陈述|Number|Derived"),
    ],
)
def test_a_file_has_headings_and_units_as_words(
    language: str, unit: tuple[str, str], modality: tuple[str, str], others: str, tmp_path: Path
) -> None:
    out = tmp_path / "figures.xlsx"
    words = ("query", "run", "quantities", "-p", "subject=biopharmaceuticals", "--evidence")
    assert g60kg("--lang", language, *words, "-o", out).returncode == 0
    head, *rows = sheet(out)
    for name, value in (unit, modality):
        assert {row[head.index(name)] for row in rows} == {value}
    assert {row[head.index(f"{unit[0]} (IRI)")] for row in rows} == {PREFIXES["unit"] + "NUM"}
    assert not re.search(others, str((head, rows)))
    out = tmp_path / "corridor.xlsx"
    assert g60kg("--lang", language, "query", "run", "corridor-overview", "-o", out).returncode == 0
    units = {row[sheet(out)[0].index(unit[0])] for row in sheet(out)[1:]}
    assert "people" in units or "人" in units


def test_the_header_of_csv_has_the_names_of_columns() -> None:
    for language in ("en", "zh"):
        words = ("query", "run", "quantities", "--evidence", "-f", "csv")
        head = g60kg("--lang", language, *words).stdout.splitlines()[0].split(",")
        assert head[8:12] == ["value", "upper", "comparator", "unit"]
        assert head[-11:-6] == ["quote", "article", "start", "end", "evidenceModality"]


def test_stdout_that_is_no_terminal_gets_the_workbook() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "g60kg", "query", "run", "city-roles", "-f", "xlsx"],
        capture_output=True,
        env=environment(),
        check=True,
    )
    assert len(sheet(io.BytesIO(done.stdout))) == len(package.load().query("city-roles")) + 1


@pytest.mark.parametrize("words", ["query run zones -f xlsx", "reason"])
def test_a_full_temporary_folder_is_reported_without_a_traceback(words: str) -> None:
    # Errors of a destructor are on the stderr of the process. A file of 10 bytes fits, no sheet.
    limits = "import resource as r, signal as s; s.signal(s.SIGXFSZ, s.SIG_IGN)"
    limit = "r.setrlimit(r.RLIMIT_FSIZE, (10, 10))"
    run = "from g60kg.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", f"{limits}; {limit}; {run}", *words.split()],
        capture_output=True,
        env=environment(),
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("error: Temporary folder ")
    assert len(done.stderr.splitlines()) == 2
    assert done.stdout == ""
