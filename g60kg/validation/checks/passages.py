"""Check that passages are in the text of their article. No message repeats their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from g60kg.model.evidence_comparison import (
    Comparison,
    TextEvidence,
    TextsAtHand,
    Verdict,
    read_evidence,
)
from g60kg.model.evidence_lookup import stated_evidence
from g60kg.namespaces import NORMALIZED_DIGEST, PASSAGE, SPAN_DIGEST, START, compact
from g60kg.stores.base import GraphStore
from g60kg.validation.check_codes import check_code
from g60kg.validation.report.findings import Finding, PassageCounts, Severity
from g60kg.validation.texts import check_texts

PASSAGE_NOT_FOUND: Final = check_code("PassageNotFound")
PASSAGE_MOVED: Final = check_code("PassageMoved")
PASSAGE_UNCHECKED: Final = check_code("PassageUnchecked")
SPAN_DIGEST_DIFFERS: Final = check_code("SpanDigestDiffers")


def check_passages(
    store: GraphStore, stated: GraphStore, at_hand: TextsAtHand, language: str = "en"
) -> tuple[PassageCounts, list[Finding]]:
    """Compare each passage with a text of its article; return counts and findings.

    Args:
        stated: the passages to check: the statements of files, or the graph.
    """
    nodes = stated_evidence(store, stated, PASSAGE)
    read = (read_evidence(store, node) for node in nodes)
    passages = [one for one in read if one is not None]  # others are violations of shapes
    if not passages:
        return PassageCounts(), []
    compared = at_hand.compare(passages)
    words = check_texts("passages", language)
    findings = [f for one, found in compared if (f := _finding_of(one, found, at_hand, words))]
    unchecked = Counter(
        one.source.value for one, found in compared if found.verdict is Verdict.UNCHECKED
    )
    for article, count in sorted(unchecked.items()):
        message = words["unchecked"].format(count=count, article=compact(article))
        findings.append(PASSAGE_UNCHECKED.finding(message, words["supply"], focus=article))
    counts = Counter(found.verdict for _, found in compared)
    return PassageCounts(*(counts[verdict] for verdict in Verdict)), findings


def _finding_of(
    one: TextEvidence, found: Comparison, at_hand: TextsAtHand, words: Mapping[str, str]
) -> Finding | None:
    if found.verdict is Verdict.NOT_FOUND:
        message = words["not found"].format(length=one.length, article=compact(one.source.value))
        severity = Severity.VIOLATION if found.of_record else Severity.WARNING
        hint = words["again" if found.of_record else "copy"]
        return PASSAGE_NOT_FOUND.finding(
            message, hint, focus=one.iri, path=NORMALIZED_DIGEST, severity=severity
        )
    if found.verdict is Verdict.MOVED and found.of_record:
        offsets = ", ".join(f"{start}–{end}" for start, end in one.places)
        message = words["moved"].format(offsets=offsets, start=found.start, end=found.end)
        return PASSAGE_MOVED.finding(message, words["correct"], focus=one.iri, path=START)
    if at_hand.span_differs(one, found):
        message = words["span"].format(start=found.start, end=found.end)
        return SPAN_DIGEST_DIFFERS.finding(message, words["again"], focus=one.iri, path=SPAN_DIGEST)
    return None
