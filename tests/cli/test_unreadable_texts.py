"""Article texts that cannot be read: each command reports them and works with the others."""

from __future__ import annotations

from pathlib import Path

import pytest

import g60kg as package
from tests.cli.run import bound_by_rights, g60kg
from tests.conftest import ROOT
from tests.web.serving import serving

CHECKS = ROOT / "tests" / "checks"
COUNT = "Texts in --articles that could not be read and are left out: {}."


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with the text of a sample sheet and a file that is not UTF-8."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "article.txt").write_bytes((CHECKS / "sample-article.txt").read_bytes())
    (folder / "bad.txt").write_bytes(b"abc\xff")
    return folder


@pytest.mark.parametrize(
    "command", [("verify",), ("validate", CHECKS / "quotations/without-quotation-unchecked.csv")]
)
def test_an_unreadable_text_is_reported_and_left_out(
    command: tuple[str | Path, ...], texts: Path
) -> None:
    done = g60kg("--articles", texts, *command)
    assert done.returncode == 0, done.stderr
    assert f"warning: {texts / 'bad.txt'}:1:4: byte 0xff is not UTF-8" in done.stderr
    assert COUNT.format(1) in done.stderr
    assert "QuotationUnchecked" not in done.stdout


def test_an_unreadable_folder_of_texts_is_reported(texts: Path) -> None:
    (texts / "closed").mkdir(mode=0o000)
    done = g60kg("--articles", texts, "verify", "-f", "json", under=bound_by_rights())
    assert done.returncode == 0
    assert f"warning: {texts / 'closed'}: permission denied" in done.stderr
    assert COUNT.format(2) in done.stderr


def test_a_server_starts_without_the_unreadable_texts(texts: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "log", "--workers", "1", globals_=("--articles", str(texts))) as server:
        said = server.log.read_text(encoding="utf-8")
    assert said.count("bad.txt:1:4: byte 0xff is not UTF-8") == 1
    assert COUNT.format(1) in said


def test_python_warns_of_an_unreadable_text(texts: Path) -> None:
    with pytest.warns(UserWarning, match=r"bad\.txt:1:4: byte 0xff is not UTF-8"):
        report = package.load().validate(
            CHECKS / "quotations/without-quotation-unchecked.csv", articles=texts
        )
    assert report.quotations.unchecked == 0
