"""A file's verdict on evidence that the graph has is compared, or reported; never just dropped."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pyoxigraph import NamedNode

from g60kg.gate.fact_validation import Validation, validate
from g60kg.gate.input_files import Incoming, incoming_of
from g60kg.gate.transactions import addition
from g60kg.model.article_text import Text, texts_in
from g60kg.namespaces import CHECKED_ON, VERDICT, compact, g60
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.conftest import ARTICLE, ROOT
from tests.validation.test_ownership import HEAD, LINE

QUOTE = f"quote:{ARTICLE}-1201-1301"
CHECKS = ROOT / "tests" / "checks"
SHEET = CHECKS / "quotations" / "without-passage-unchecked.csv"


def found(
    store: LocalStore, source: str, evidence: str, verdict: str, texts: Mapping[str, Text] = {}
) -> list[tuple[str, int | None]]:
    """The findings on a file that says no more than a verdict on evidence, all of them warnings."""
    report = validate(store, [stating(store, source, evidence, verdict)], texts=texts)
    assert {finding.severity for finding in report.findings} <= {Severity.WARNING}
    return [(finding.code, finding.line) for finding in report.findings]


def stating(store: LocalStore, source: str, evidence: str, verdict: str) -> Incoming:
    said = f'{evidence} g60:verdict g60:{verdict} ; g60:checkedOn "2026-11-27" .'
    content = f"{HEAD}GRAPH graph:{source} {{ {said} }}\n"
    return incoming_of(content.encode(), "file.trig", store)


def stored(store: LocalStore, file: Incoming, texts: Mapping[str, Text] = {}) -> int:
    """The number of statements that are stored of a file."""
    return len(addition(Validation(store, [file]).change, [file], texts).change.added)


@pytest.mark.parametrize("verdict", ["NotFound", "Moved"])
def test_a_verdict_that_differs_from_the_graph_s_is_a_warning(
    store: LocalStore, verdict: str
) -> None:
    assert found(store, ARTICLE, QUOTE, verdict) == [("VerdictDiffers", LINE)]
    assert found(store, ARTICLE, QUOTE, "Verified") == []


@pytest.mark.parametrize("verdict", ["NotFound", "Verified"])
def test_a_verdict_on_another_source_s_evidence_is_a_violation(
    store: LocalStore, verdict: str
) -> None:
    said = f"{HEAD}{QUOTE} g60:verdict g60:{verdict} .\n"
    report = validate(store, [incoming_of(said.encode(), "evil.ttl", store)], texts={})
    found = [(each.severity, each.code, each.line) for each in report.findings]
    assert (Severity.VIOLATION, "ForeignSource", LINE) in found
    assert "VerdictDiffers" not in {code for _, code, _ in found}


def test_a_first_verdict_on_evidence_of_the_graph_is_checked(store: LocalStore) -> None:
    sheet = incoming_of(SHEET.read_bytes(), SHEET.name, store)
    passage = next(quad.subject for quad in sheet.quads if quad.object == g60("Passage"))
    assert isinstance(passage, NamedNode)
    unchecked = LocalStore.holding(
        (
            quad
            for quad in (*store.quads(), *sheet.quads)
            if quad.predicate not in (VERDICT, CHECKED_ON)
        ),
        "a graph without verdicts",
    )
    for source, evidence, code in (
        (ARTICLE, QUOTE, "QuotationUnchecked"),
        ("reference", "id:record-gbt2260-330100", "RecordUnchecked"),
        ("2400000001", compact(passage.value), "PassageUnchecked"),
    ):
        assert [each for each, _ in found(unchecked, source, evidence, "Verified")] == [code]
        assert stored(unchecked, stating(unchecked, source, evidence, "Verified")) == 0
    texts = texts_in(CHECKS)
    assert found(unchecked, "2400000001", compact(passage.value), "Verified", texts) == []
    file = stating(unchecked, "2400000001", compact(passage.value), "Verified")
    assert stored(unchecked, file, texts) == 2
