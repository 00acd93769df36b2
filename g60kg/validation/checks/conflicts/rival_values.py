"""Second values of properties that can have one, and figures that leave no number possible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from g60kg.model.observations import read_figure
from g60kg.model.ontology_lookup import Property
from g60kg.stores.base import GraphStore, Term
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.checks.conflicts.candidates import Place, Side, sources_of
from g60kg.validation.message_terms import SHOWN
from g60kg.validation.report.findings import Finding, Severity

SECOND_VALUE: Final = CheckCode(
    "SecondValue",
    (Severity.VIOLATION, Severity.WARNING),
    "A property that can have one value for a subject (g60:singleValued) has two.",
    "Two values within one source are a slip of whoever read it, so they are a violation; two "
    "sources may well disagree, which is a warning and worth showing. Figures are two when number "
    "or unit differ, whatever bounds them, and not when they are of two dates: “about 40” beside "
    "“exactly 40” is one figure, “more than 40” beside “exactly 45” are two. Texts in two "
    "languages are one value.",
)
BOUNDS_CONTRADICTED: Final = CheckCode(
    "BoundsContradicted",
    (Severity.VIOLATION, Severity.WARNING),
    "Two figures of one subject, measure, unit and date leave no number possible.",
    "“More than 840” and “exactly 500” cannot both be true; within one source that is a slip, "
    "across sources a conflict. Counts are whole numbers: “more than 3” and “less than 4” leave "
    "none. “About” excludes no number, since no source says how far off it may be.",
)


def value_conflicts(side: Side) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """The pairs of values that cannot stand side by side, one of them touched; each pair once.

    With each finding comes what makes it the same one on the other side of the addition.
    """
    for place in side.places:
        values = side.graphs(place)
        told: set[frozenset[Term]] = set()
        for value in values:
            for other in values if value in place.values else ():
                pair = frozenset((value, other))
                code = None if pair in told else _code(side.store, place.predicate, value, other)
                finding = code and _finding(side, place, code, value, other)
                if finding:
                    key = (finding.code, finding.severity.value, *sorted(map(str, pair)))
                    yield (*place.key, *key), finding
                told.add(pair)


def _code(store: GraphStore, of: Property, value: Term, other: Term) -> CheckCode | None:
    """How two values are in conflict; None where they are not."""
    if value == other:
        return None
    one, two = read_figure(store, value), read_figure(store, other)
    if one is not None and two is not None:
        if one.contradicts(two):
            return BOUNDS_CONTRADICTED
        return SECOND_VALUE if of.single_valued and one.differs(two) else None
    # A translation is no rival.
    return SECOND_VALUE if of.single_valued and _language(value) == _language(other) else None


def _language(node: Term) -> str:
    return (node.language or "") if isinstance(node, Literal) else ""


def _finding(side: Side, place: Place, code: CheckCode, value: Term, other: Term) -> Finding | None:
    """The finding on two values; None where no source states one of them."""
    mine, theirs = side.graphs(place)[value], side.graphs(place)[other]
    shared = [graph for graph in mine if graph in theirs]
    facts, others = side.facts(place, value, shared), side.facts(place, other, shared)
    sources = sources_of(facts) & sources_of(others)
    if sources:
        facts = [fact for fact in facts if fact.sources & sources]
        others = [fact for fact in others if fact.sources & sources]
        further = more = 0
    else:
        facts = side.facts(place, value, mine[:SHOWN])
        others = side.facts(place, other, theirs[:SHOWN])
        further, more = max(len(mine) - SHOWN, 0), max(len(theirs) - SHOWN, 0)
    if not facts or not others:
        return None
    words = _WORDS.get(side.language, _WORDS["en"])
    within = "within" if sources else "across"
    message = words[f"{code.name} {within}"].format(
        subject=side.wording.name(place.subject),
        property=side.wording.name(place.predicate.iri),
        value=side.wording.value(value),
        said=side.wording.said(facts, further),
        other=side.wording.value(other),
        other_said=side.wording.said(others, more),
    )
    severity = Severity.VIOLATION if sources else Severity.WARNING
    return side.finding(place, code, severity, value, message, words[within])


_WORDS: Final = {
    "en": {
        "SecondValue across": "{subject} can have one “{property}”, and sources disagree: "
        "{value} ({said}) or {other} ({other_said}).",
        "SecondValue within": "{subject} can have one “{property}”, and one source gives it two: "
        "{value} ({said}) and {other} ({other_said}).",
        "BoundsContradicted across": "Sources contradict each other on “{property}” of {subject}: "
        "{value} ({said}), but {other} ({other_said}).",
        "BoundsContradicted within": "One source contradicts itself on “{property}” of {subject}: "
        "{value} ({said}), but {other} ({other_said}).",
        "across": "Check the words of both. If that is what they say, let both stand: "
        "the query conflicts shows them.",
        "within": "Keep the value that the words carry. Figures of two dates each need theirs "
        "(g60:asOf, the sheet's as_of); what holds of a part needs a subject of its own.",
    },
    "zh": {
        "SecondValue across": "{subject}的“{property}”只能有一个值，而来源说法不一："
        "{value}（{said}）或 {other}（{other_said}）。",
        "SecondValue within": "{subject}的“{property}”只能有一个值，而同一来源给出两个："
        "{value}（{said}）和 {other}（{other_said}）。",
        "BoundsContradicted across": "关于{subject}的“{property}”，来源相互矛盾："
        "{value}（{said}），而 {other}（{other_said}）。",
        "BoundsContradicted within": "关于{subject}的“{property}”，同一来源自相矛盾："
        "{value}（{said}），而 {other}（{other_said}）。",
        "across": "请核对双方原文。如果原文确实如此，两者可以并存：查询 conflicts 会一并列出。",
        "within": "请保留原文所支持的值。不同时点的数据须各自注明时点"
        "（g60:asOf，即表格的 as_of 列）；只涉及一部分的，须另设主体。",
    },
}
