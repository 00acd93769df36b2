"""Years and lengths that are no numbers are findings, in a file and in a store."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.run import g60kg
from tests.conftest import ROOT

SAMPLE = ROOT / "examples"
LONG = "9" * 5_000


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Turtle of the sample sheet, with a period of years."""
    # A copy: `draft` writes offsets into the sheet.
    folder = shutil.copytree(SAMPLE, tmp_path_factory.mktemp("sample") / "copy")
    out, text = folder / "sample.ttl", folder / "sample-article.txt"
    done = g60kg("draft", folder / "sample-facts.csv", "--article", text, "-o", out)
    assert done.returncode == 0, done.stderr
    return out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("property_", "value"),
    [
        ("startYear", '"abc"^^xsd:integer'),
        pytest.param("startYear", LONG, marks=pytest.mark.long),
        pytest.param("endYear", '""^^xsd:integer', marks=pytest.mark.long),
        pytest.param("textLength", LONG, marks=pytest.mark.long),
    ],
)
def test_an_invalid_number_is_a_finding(
    sample: str, tmp_path: Path, property_: str, value: str
) -> None:
    changed, count = re.subn(rf"g60:{property_} +\d+", f"g60:{property_} {value}", sample, count=1)
    assert count == 1
    file, store = tmp_path / "wrong.ttl", tmp_path / "store"
    file.write_text(changed, encoding="utf-8")
    assert g60kg("--store", store, "load").returncode == 0
    for command in ("validate", "add"):
        done = g60kg("--store", store, "--articles", SAMPLE, command, file)
        assert done.returncode == 1, done.stderr
        assert property_ in done.stdout + done.stderr
    assert g60kg("--store", store, "load", file).returncode == 0
    for command in ("validate", "todo"):
        done = g60kg("--store", store, "--articles", SAMPLE, command)
        assert done.returncode in {0, 1}, done.stderr
    for format_ in ("csv", "turtle"):
        done = g60kg("--store", store, "export", "-f", format_, "--graph", "2400000001")
        assert "internal error" not in done.stderr
