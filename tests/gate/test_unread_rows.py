"""Rows with errors cause no finding that is untrue once they are corrected."""

from __future__ import annotations

from pathlib import Path

import pytest

from g60kg.gate.fact_validation import Validation
from g60kg.gate.input_files import incoming_of
from g60kg.model.article_text import read_article
from g60kg.stores.local_store import LocalStore

SETTLED = "The Specimen Wafer project has settled in Jinhua"
EXAMPLES = Path(__file__).parents[2] / "examples"


def reported(store: LocalStore, *changes: tuple[str, str]) -> set[tuple[str, int | None]]:
    """The codes and lines of the findings of the example's sheet with these changes."""
    sheet = (EXAMPLES / "sample-facts.csv").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in sheet
        sheet = sheet.replace(before, after)
    article = read_article(EXAMPLES / "sample-article.txt")
    incoming = incoming_of(sheet.encode(), "facts.csv", store, article)
    report = Validation(store, [incoming]).report({}, article)
    return {(finding.code, finding.line) for finding in report.findings}


@pytest.mark.usefixtures("shipped_graph")
@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("Specimen Wafer,a,Project", "Specimen Wafer,a,Projekt", 14),
        ("Specimen Wafer,locatedIn", "Specimen Wafer,settledIn", 15),
        ("Specimen Wafer,locatedIn", "Specimn Waver,locatedIn", 15),
        ("Specimen Wafer,locatedIn,Jinhua", "Specimen Wafer,locatedIn,Jinhau", 15),
    ],
)
def test_what_a_row_with_an_error_may_state_is_not_missing(
    before: str, after: str, line: int, all_sources: LocalStore
) -> None:
    assert reported(all_sources, (before, after)) == {("SheetRow", line)}


@pytest.mark.usefixtures("shipped_graph")
def test_what_no_row_with_an_error_states_is_missing(all_sources: LocalStore) -> None:
    assert reported(
        all_sources,
        (f"Specimen Wafer,locatedIn,Jinhua,{SETTLED},,,,\n", ""),
        ("Specimen Wafer,total investment,1.2 billion", "Specimen Wafer,total investment,many"),
    ) == {("SheetRow", 15), ("ProjectHasPlace", 14)}
