"""`draft`: a sheet to Turtle, or every mistake in it."""

from __future__ import annotations

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


def test_offsets_are_found_and_filled_in(sheet: Path, tmp_path: Path) -> None:
    out, text = tmp_path / "facts.ttl", tmp_path / "article.txt"
    done = g60kg("draft", sheet, "--article", text, "-o", out, *METADATA)
    assert done.returncode == 0
    assert "moved to Hangzhou,25" in sheet.read_text(encoding="utf-8")
    # What was filled in suffices: neither the text nor the options are needed again.
    again = g60kg("draft", sheet)
    assert again.stdout.encode() == out.read_bytes()


def test_mistakes_are_told_with_row_and_column_and_nothing_is_written(
    sheet: Path, tmp_path: Path
) -> None:
    before = sheet.read_text(encoding="utf-8") + "Blue Rok,locatdIn,Hangzhou,moved\n"
    sheet.write_text(before + "Blue Rock Chips,locatdIn,Hangzhou,moved\n", encoding="utf-8")
    out, text = tmp_path / "facts.ttl", tmp_path / "article.txt"
    before = sheet.read_text(encoding="utf-8")
    done = g60kg("draft", sheet, "--article", text, "-o", out, *METADATA)
    assert done.returncode == 1
    assert f"{sheet}:4, subject" in done.stderr
    assert f"{sheet}:5, predicate" in done.stderr
    assert "Did you mean locatedIn" in done.stderr
    assert not out.exists()
    assert sheet.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"a,b\n1,2\n", "no column subject"), (b"subject\xe9", "not UTF-8"), (b"", "empty")],
)
def test_what_is_no_sheet_exits_with_2(sheet: Path, content: bytes, told: str) -> None:
    sheet.write_bytes(content)
    done = g60kg("draft", sheet)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_sheet_of_no_source_is_told(sheet: Path) -> None:
    done = g60kg("draft", sheet)
    assert done.returncode == 2
    assert "--url" in done.stderr
