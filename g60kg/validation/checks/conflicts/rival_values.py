"""Second values of single-valued properties, and figures with disjoint intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from g60kg.model.observations import read_observation
from g60kg.model.ontology_lookup import Property
from g60kg.stores.base import GraphStore, Term
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.checks.conflicts.candidates import Candidate, Side, sources_of
from g60kg.validation.message_terms import SHOWN
from g60kg.validation.report.findings import Finding, Severity

SECOND_VALUE: Final = CheckCode(
    "SecondValue",
    (Severity.VIOLATION, Severity.WARNING),
    "A single-valued property (g60:singleValued) has two values for a subject.",
    "Two values within one source are an error of the curator and a violation; two sources can "
    "disagree, which is a warning. Figures differ if number or unit differ, whatever the "
    "comparator, and their dates do not: “about 40” and “exactly 40” are one figure, “more than "
    "40” and “exactly 45” are two. Texts in two languages are one value.",
)
BOUNDS_CONTRADICTED: Final = CheckCode(
    "BoundsContradicted",
    (Severity.VIOLATION, Severity.WARNING),
    "Two figures of one subject, measure, unit and date exclude each other.",
    "“More than 840” and “exactly 500” cannot both be true; within one source that is an "
    "error, across sources a conflict. Counts are integers: “more than 3” and “less than 4” "
    "exclude each other. “About” excludes no number, since no source gives its precision.",
)


def value_conflicts(side: Side) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Yield a finding for each pair of values in conflict, at least one of them changed.

    Each finding has a key, to compare the graph before and after the addition.
    """
    for candidate in side.candidates:
        values = side.graphs(candidate)
        reported: set[frozenset[Term]] = set()
        for value in values:
            for other in values if value in candidate.values else ():
                pair = frozenset((value, other))
                code = (
                    None
                    if pair in reported
                    else _code(side.store, candidate.predicate, value, other)
                )
                finding = code and _finding(side, candidate, code, value, other)
                if finding:
                    key = (finding.code, finding.severity.value, *sorted(map(str, pair)))
                    yield (*candidate.key, *key), finding
                reported.add(pair)


def _code(store: GraphStore, of: Property, value: Term, other: Term) -> CheckCode | None:
    """Return the code of a conflict between two values, or None."""
    if value == other:
        return None
    one, two = read_observation(store, value), read_observation(store, other)
    if one is not None and two is not None:
        if one.contradicts(two):
            return BOUNDS_CONTRADICTED
        return SECOND_VALUE if of.single_valued and one.differs(two) else None
    # A translation is not a second value.
    return SECOND_VALUE if of.single_valued and _language(value) == _language(other) else None


def _language(node: Term) -> str:
    return (node.language or "") if isinstance(node, Literal) else ""


def _finding(
    side: Side, candidate: Candidate, code: CheckCode, value: Term, other: Term
) -> Finding | None:
    """Return the finding of two values; None if no source states one of them."""
    mine, theirs = side.graphs(candidate)[value], side.graphs(candidate)[other]
    shared = [graph for graph in mine if graph in theirs]
    facts, others = side.facts(candidate, value, shared), side.facts(candidate, other, shared)
    sources = sources_of(facts) & sources_of(others)
    if sources:
        facts = [fact for fact in facts if fact.sources & sources]
        others = [fact for fact in others if fact.sources & sources]
        further = more = 0
    else:
        facts = side.facts(candidate, value, mine[:SHOWN])
        others = side.facts(candidate, other, theirs[:SHOWN])
        further, more = max(len(mine) - SHOWN, 0), max(len(theirs) - SHOWN, 0)
    if not facts or not others:
        return None
    words = _WORDS.get(side.language, _WORDS["en"])
    within = "within" if sources else "across"
    message = words[f"{code.name} {within}"].format(
        subject=side.terms.name(candidate.subject),
        property=side.terms.name(candidate.predicate.iri),
        value=side.terms.value(value),
        evidence=side.terms.evidence(facts, further),
        other=side.terms.value(other),
        other_evidence=side.terms.evidence(others, more),
    )
    severity = Severity.VIOLATION if sources else Severity.WARNING
    return side.finding(candidate, code, severity, value, message, words[within])


_WORDS: Final = {
    "en": {
        "SecondValue across": "{subject} can have one “{property}”, and sources disagree: "
        "{value} ({evidence}) or {other} ({other_evidence}).",
        "SecondValue within": "{subject} can have one “{property}”, and one source gives it two: "
        "{value} ({evidence}) and {other} ({other_evidence}).",
        "BoundsContradicted across": "Sources contradict each other on “{property}” of {subject}: "
        "{value} ({evidence}), but {other} ({other_evidence}).",
        "BoundsContradicted within": "One source contradicts itself on “{property}” of {subject}: "
        "{value} ({evidence}), but {other} ({other_evidence}).",
        "across": "Check both quotations. If they are right, keep both: the query conflicts shows "
        "them.",
        "within": "Keep the value that the quotation supports. Give figures of two dates their "
        "dates (g60:asOf, the sheet's as_of), and a figure of a part its own subject.",
    },
    "zh": {
        "SecondValue across": "{subject}的“{property}”只能有一个值，而来源说法不一："
        "{value}（{evidence}）或 {other}（{other_evidence}）。",
        "SecondValue within": "{subject}的“{property}”只能有一个值，而同一来源给出两个："
        "{value}（{evidence}）和 {other}（{other_evidence}）。",
        "BoundsContradicted across": "关于{subject}的“{property}”，来源相互矛盾："
        "{value}（{evidence}），而 {other}（{other_evidence}）。",
        "BoundsContradicted within": "关于{subject}的“{property}”，同一来源自相矛盾："
        "{value}（{evidence}），而 {other}（{other_evidence}）。",
        "across": "请核对双方原文。如果原文确实如此，两者可以并存：查询 conflicts 会一并列出。",
        "within": "请保留原文所支持的值。不同时点的数据须各自注明时点"
        "（g60:asOf，即表格的 as_of 列）；只涉及一部分的，须另设主体。",
    },
}
