"""`draft --gaps` and `draft --template`: what a sheet does not state yet, and an empty sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from g60kg.model.text_normalization import digest_of, normalized
from tests.cli.run import g60kg

TEXT = """\
Blue Rock opens 3 laboratories

In 2024, Blue Rock moved to Hangzhou. It has 1,200 employees. One of them is new.
松江区有近3000家企业。它来自2019年。
"""
ARTICLE_HEADER = {
    "url": "https://example.org/news/2400000001",
    "title": "Blue Rock opens",
    "date": "2024-05-06",
    "publisher": "Example",
    "language": "en",
}
SHEET = (
    "".join(f"# {key}: {value}\n" for key, value in ARTICLE_HEADER.items())
    + """\
subject,predicate,object,quote
Blue Rock,a,Enterprise,
Blue Rock,locatedIn,Hangzhou,moved to Hangzhou
"""
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    sheet, text = tmp_path / "facts.csv", tmp_path / "article.txt"
    sheet.write_text(SHEET, encoding="utf-8")
    text.write_text(TEXT, encoding="utf-8")
    return sheet, text


def test_sentences_that_support_no_row_are_listed(files: tuple[Path, Path]) -> None:
    sheet, text = files
    before = sheet.read_bytes()
    done = g60kg("draft", sheet, "--article", text, "--gaps", "-f", "json")
    assert done.returncode == 0
    gaps = json.loads(done.stdout)
    for gap in gaps:
        assert TEXT[gap["start"] : gap["end"]] == gap["sentence"]
    # The quoted sentence, the one without a figure or a name, and a year alone are no gaps.
    assert [gap["sentence"] for gap in gaps] == [
        "Blue Rock opens 3 laboratories",
        "It has 1,200 employees.",
        "松江区有近3000家企业。",
    ]
    assert [gap["figures"] for gap in gaps] == [["3"], ["1,200"], ["3000"]]
    (new,) = gaps[0]["entities"]
    assert new.startswith("https://w3id.org/g60kg/id/blue-rock")
    assert gaps[2]["entities"] == ["https://w3id.org/g60kg/id/songjiang"]
    assert sheet.read_bytes() == before


def test_gaps_as_text_give_offsets_and_names(files: tuple[Path, Path]) -> None:
    sheet, text = files
    line = g60kg("draft", sheet, "--article", text, "--gaps").stdout.splitlines()[1]
    place = f"{TEXT.index('It has')}-{TEXT.index(' One')}"
    assert line == f"{place}  It has 1,200 employees.  [measure:employee-count, 1,200]"


def test_a_passage_without_offsets_supports_the_sentence_that_it_is_in(
    files: tuple[Path, Path],
) -> None:
    sheet, text = files
    words = normalized("moved to Hangzhou")
    header, _, rows = SHEET.partition("subject,")
    sheet.write_text(
        f"{header}# reproduce: no\nsubject,{rows}".replace("quote", "passage,locator").replace(
            "moved to Hangzhou", f"norm-1:{digest_of(words)}:{len(words)},paragraph 1"
        ),
        encoding="utf-8",
    )
    done = g60kg("draft", sheet, "--article", text, "--gaps", "-f", "json")
    assert done.returncode == 0
    assert not [gap for gap in json.loads(done.stdout) if "moved" in gap["sentence"]]


def test_gaps_need_the_article_and_mention_rows_with_mistakes(files: tuple[Path, Path]) -> None:
    sheet, text = files
    done = g60kg("draft", sheet, "--gaps")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--article" in done.stderr
    sheet.write_text(SHEET.replace("Hangzhou,", "Hangzou,"), encoding="utf-8")
    done = g60kg("draft", sheet, "--article", text, "--gaps")
    assert done.returncode == 0
    assert "moved to Hangzhou" in done.stdout
    assert "Rows with mistakes" in done.stderr


def test_a_template_is_an_empty_sheet(tmp_path: Path) -> None:
    new = tmp_path / "new.csv"
    assert g60kg("draft", "--template", "-o", new).returncode == 0
    template = new.read_text(encoding="utf-8")
    for key in ("id", "url", "title", "date", "publisher", "language"):
        assert f"# {key}:\n" in template
    assert "# reproduce: yes\n" in template
    done = g60kg("draft", new)
    assert done.returncode == 2
    assert "# url:" in done.stderr
    for key, value in ARTICLE_HEADER.items():
        template = template.replace(f"# {key}:\n", f"# {key}: {value}\n")
    new.write_text(template + "Blue Rock,a,Enterprise" + "," * 22 + "\n", encoding="utf-8")
    done = g60kg("draft", new)
    assert done.returncode == 0, done.stderr
    assert "g60:Enterprise" in done.stdout


def test_a_command_without_a_sheet_says_how_to_get_one() -> None:
    done = g60kg("draft")
    assert done.returncode == 2
    assert "--template" in done.stderr
