"""Messages with a count have a singular noun for one."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from g60kg.model.figure_text import figure_text
from g60kg.model.i18n import page_texts
from g60kg.model.observations import Observation
from g60kg.namespaces import term
from tests.cli.run import g60kg

#: "1 quads", but not "21 quads" and "1 of 2 files".
_WRONG: Final = re.compile(r"(?<![\d,.])1 (?:new |other )?[a-z ]*?[a-z]{2}s\b")
TRIPLE: Final = "<urn:a> <urn:b> <urn:c> .\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one triple."""
    triple, store = tmp_path / "one.nt", tmp_path / "store"
    triple.write_text(TRIPLE, encoding="utf-8")
    done = g60kg("--store", store, "load", "--empty", triple)
    assert done.stderr == f"{store}: 1 quad loaded.\n"
    return store


def test_load_info_backup_and_diff_count_one(store: Path, tmp_path: Path) -> None:
    copy, two = tmp_path / "copy", tmp_path / "two.nt"
    assert g60kg("--store", store, "backup", copy).stderr == f"{copy}: 1 quad.\n"
    assert "0 facts, 0 quotations, 0 passages, 0 data set records, 1 triple\n" in (
        g60kg("--store", store, "info").stdout
    )
    two.write_text(TRIPLE + TRIPLE.replace("urn:a", "urn:d"), encoding="utf-8")
    assert g60kg("--store", store, "load", two).stderr == f"{store}: 2 quads loaded.\n"


def test_one_second_is_no_plural() -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    done = g60kg("sparql", slow, "--timeout", "1")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        3,
        "error: stopped after 1 second.",
    )


@pytest.mark.parametrize("unit", ["HR", "MIN", "DAY", "YR", "MO", "TONNE", "PercentagePoint"])
def test_a_unit_is_singular_after_one(unit: str) -> None:
    one, two = (Observation(None, Decimal(n), None, term(f"unit:{unit}")) for n in (1, 2))
    for text in (page_texts("en").figure, lambda figure: figure_text(figure, str)):
        assert text(one) == text(two).replace("2", "1").removesuffix("s")
    assert page_texts("zh").figure(one) == page_texts("zh").figure(two).replace("2", "1")


def test_counts_of_pages_have_two_forms() -> None:
    english = page_texts("en")
    for key in ("facts", "triples", "rows", "sources", "results"):
        assert not _WRONG.search(english.counted(key, 1))
        assert english.counted(key, 2) != english.counted(key, 1).replace("1", "2")
