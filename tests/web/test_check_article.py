"""The article's text on the page that checks facts: the right one, another one, none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import read_incoming
from g60kg.model.article_text import Text
from g60kg.stores.local_store import LocalStore
from tests.cli.run import g60kg
from tests.conftest import ROOT
from tests.web.asking import post
from tests.web.reading_pages import read_page

EXAMPLES = ROOT / "examples"
ARTICLE = EXAMPLES / "sample-article.txt"
TEXT = ARTICLE.read_text(encoding="utf-8")
OTHERS = {"another": "hello", "a figure": TEXT.replace("1.2", "1.3"), "a line break": TEXT + "\n"}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Facts of a new article, in Turtle."""
    folder = tmp_path_factory.mktemp("check")
    file, sheet = folder / "new.ttl", folder / "new.csv"
    shutil.copy(EXAMPLES / "sample-facts.csv", sheet)  # draft fills in the offsets
    assert g60kg("draft", sheet, "--article", ARTICLE, "-o", file).returncode == 0
    return file


def findings(server: str, facts: Path, article: str, language: str = "en") -> str:
    """The text of the report of a pasted file and article."""
    form = {"kind": "turtle", "text": facts.read_text(encoding="utf-8"), "article": article}
    root = read_page(post(f"{server}/check?lang={language}", data=form).text)
    return root.one("section", class_="report").text


@pytest.mark.parametrize("other", OTHERS)
def test_another_text_is_reported_with_both_digests(other: str, server: str, facts: Path) -> None:
    text = findings(server, facts, OTHERS[other])
    assert "The text given with the facts" in text
    assert Text(OTHERS[other]).digest[:12] in text
    assert Text(TEXT).digest[:12] in text
    assert "text not available: 7" in text
    assert "--articles" not in text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"{TEXT}é".encode("latin-1"), "byte 0xe9 is not UTF-8"),
        (f"{TEXT}中文".encode("gb18030"), "byte 0xd6 is not UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16, not UTF-8"),
        (b"PK\x03\x04", "a workbook or an archive, not text"),
    ],
)
def test_a_text_file_in_another_encoding_is_reported(
    content: bytes, reason: str, server: str, facts: Path
) -> None:
    sent = {"file": ("new.ttl", facts.read_bytes()), "article-file": ("text.txt", content)}
    answer = post(f"{server}/check", files=sent)
    assert answer.status_code == 400
    assert reason in read_page(answer.text).one(id="main").text


def test_the_byte_order_mark_of_a_text_file_is_ignored(server: str, facts: Path) -> None:
    article = TEXT.encode("utf-8-sig")
    sent = {"file": ("new.ttl", facts.read_bytes()), "article-file": ("text.txt", article)}
    root = read_page(post(f"{server}/check", files=sent).text)
    text = root.one("section", class_="report").text
    assert "Quotations found in their text: 7" in text
    assert "The text given with the facts" not in text


def test_a_file_of_another_extension_may_be_a_sheet(server: str, facts: Path) -> None:
    sent = {"file": ("sheet.txt", facts.with_suffix(".csv").read_bytes())}
    assert ".csv .tsv" in post(f"{server}/check", files=sent).text


def test_the_right_text_and_none_are_not_reported(server: str, facts: Path) -> None:
    right, none = findings(server, facts, TEXT), findings(server, facts, "")
    assert "Quotations found in their text: 7" in right
    assert "The text given with the facts" not in right + none
    assert "the field below the facts" in none
    assert "请在事实下方的文本框中给出" in findings(server, facts, "", "zh")


def test_another_text_is_reported_beside_the_right_one(facts: Path, store: LocalStore) -> None:
    known, other = Text(TEXT), Text("hello")
    report = validate(
        store, [read_incoming(facts, store)], texts={known.digest: known}, article=other
    )
    assert report.quotations.verified == 7
    (found,) = (one for one in report.findings if one.code == "QuotationUnchecked")
    assert found.line == 1 + facts.read_text("utf-8").splitlines().index(
        next(line for line in facts.read_text("utf-8").splitlines() if known.digest in line)
    )
