"""Second values of single-valued properties, and figures with disjoint intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.dates import days_meet
from g60kg.model.observations import Difference
from g60kg.model.ontology_lookup import Property
from g60kg.namespaces import HAS_OBSERVATION
from g60kg.stores.base import Term
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.checks.conflicts.candidates import Candidate, Side, sources_of
from g60kg.validation.message_terms import SHOWN
from g60kg.validation.report.findings import Finding, Severity

SECOND_VALUE: Final = CheckCode(
    "SecondValue",
    (Severity.VIOLATION, Severity.WARNING),
    "A single-valued property (g60:singleValued) has two values for a subject.",
    "Two values within one source are an error of the curator and a violation; two sources can "
    "disagree, which is a warning. Texts in two languages are one value, and so are two dates of "
    "which one lies in the other. A goal, a plan or an expectation contradicts no actual value.",
)
FIGURES_CONTRADICT: Final = CheckCode(
    "FiguresContradict",
    (Severity.VIOLATION, Severity.WARNING),
    "Two figures of one subject, measure, category, area, basis, status and period exclude each "
    "other.",
    "Figures are compared as intervals: “69” allows 68.5 to 69.5, “about” five per cent, “nearly” "
    "up to five per cent less; zeros at the end of a number are not significant. Counts are whole "
    "numbers: “more than 9” begins at 10. Units of one dimension are converted, currencies are "
    "not. Two periods agree if more than half of the longer one is common, those of a flow (a sum, "
    "a mean or a growth) if they are equal. Within one source the figures are an error, across "
    "sources a conflict.",
)
FIGURES_MAY_DIFFER: Final = CheckCode(
    "FiguresMayDiffer",
    (Severity.INFO,),
    "Two figures of one subject and measure exclude each other, but the period, the basis, the "
    "reference area or the period of comparison of one is unknown, or one has the first digits of "
    "the other.",
    "They contradict each other only if they are about the same period, count in the same way and "
    "are rounded: 407.2 can be 407.265, cut off. Give what is unknown where the source states it.",
)
POSSIBLE_CONFLICT: Final = CheckCode(
    "PossibleConflict",
    (Severity.INFO,),
    "Two sources state different values about two entities that may be one (g60:possiblySameAs).",
    "The values conflict only if the entities are one. A difference can show that they are two, or "
    "that one source is wrong. The query conflicts lists the pairs, with the other subject.",
)


def value_conflicts(side: Side) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Yield a finding for each pair of values in conflict, at least one of them changed.

    Each finding has a key, to compare the graph before and after the addition.
    """
    reported: set[frozenset[tuple[NamedNode, NamedNode, Term]]] = set()
    for candidate in side.candidates:
        for rival in side.rivals(candidate):
            for value in side.graphs(candidate):
                for other in side.graphs(rival) if value in candidate.values else ():
                    code = _code(side, candidate.predicate, value, other)
                    sides = ((candidate.subject, value), (rival.subject, other))
                    pair = frozenset((node, candidate.predicate.iri, term) for node, term in sides)
                    finding = (
                        _finding(side, candidate, rival, code, value, other)
                        if code and pair not in reported
                        else None
                    )
                    if finding:
                        reported.add(pair)
                        values = sorted((str(value), str(other)))
                        key = (finding.code, finding.severity.value, rival.subject.value, *values)
                        yield (*candidate.key, *key), finding


def _code(side: Side, of: Property, value: Term, other: Term) -> CheckCode | None:
    """Return the code of a conflict between two values, or None."""
    if value == other:
        return None
    if of.iri == HAS_OBSERVATION:
        one, two = side.observation(value), side.observation(other)
        if one is None or two is None or one.measure is None:
            return None
        return _CODES[one.disagrees(two, side.vocabulary.measures.get(one.measure.value))]
    # A translation is not a second value, nor is a date within another.
    if not of.single_valued or _language(value) != _language(other):
        return None
    if of.date_valued and days_meet(_text(value), _text(other)):
        return None
    return SECOND_VALUE


_CODES: Final = {
    Difference.NO: None,
    Difference.MAY: FIGURES_MAY_DIFFER,
    Difference.YES: FIGURES_CONTRADICT,
}


def _text(node: Term) -> str:
    return node.value if isinstance(node, Literal | NamedNode) else ""


def _language(node: Term) -> str:
    return (node.language or "") if isinstance(node, Literal) else ""


def _finding(
    side: Side, candidate: Candidate, rival: Candidate, code: CheckCode, value: Term, other: Term
) -> Finding | None:
    """Return the finding of two values; None if no source states one of them.

    A source that distinguishes two entities does not contradict itself.
    """
    mine, theirs = side.graphs(candidate)[value], side.graphs(rival)[other]
    shared = [graph for graph in mine if graph in theirs]
    facts, others = side.facts(candidate, value, shared), side.facts(rival, other, shared)
    sources = sources_of(facts) & sources_of(others)
    if candidate is not rival:
        if sources or code == FIGURES_MAY_DIFFER:
            return None
        code = POSSIBLE_CONFLICT
    if sources:
        facts = [fact for fact in facts if fact.sources & sources]
        others = [fact for fact in others if fact.sources & sources]
        further = more = 0
    else:
        facts = side.facts(candidate, value, mine[:SHOWN])
        others = side.facts(rival, other, theirs[:SHOWN])
        further, more = max(len(mine) - SHOWN, 0), max(len(theirs) - SHOWN, 0)
    if not facts or not others:
        return None
    words = _WORDS.get(side.language, _WORDS["en"])
    within = "within" if sources else "across"
    message = words[f"{code.name} {within}"].format(
        subject=side.terms.name(candidate.subject),
        rival=side.terms.name(rival.subject),
        property=side.terms.name(candidate.predicate.iri),
        value=side.terms.value(value),
        evidence=side.terms.evidence(facts, further),
        other=side.terms.value(other),
        other_evidence=side.terms.evidence(others, more),
    )
    severity = Severity.VIOLATION if sources else Severity.WARNING
    if code in (FIGURES_MAY_DIFFER, POSSIBLE_CONFLICT):
        severity = Severity.INFO
    hint = words["may differ" if code == FIGURES_MAY_DIFFER and not sources else within]
    return side.finding(candidate, code, severity, value, message, hint)


_WORDS: Final = {
    "en": {
        "SecondValue across": "{subject} can have one “{property}”, and sources disagree: "
        "{value} ({evidence}) or {other} ({other_evidence}).",
        "SecondValue within": "{subject} can have one “{property}”, and one source gives it two: "
        "{value} ({evidence}) and {other} ({other_evidence}).",
        "FiguresContradict across": "Sources contradict each other on {subject}: {value} "
        "({evidence}), but {other} ({other_evidence}).",
        "FiguresContradict within": "One source contradicts itself on {subject}: {value} "
        "({evidence}), but {other} ({other_evidence}).",
        "FiguresMayDiffer across": "Sources may differ on {subject}: {value} ({evidence}), and "
        "{other} ({other_evidence}).",
        "FiguresMayDiffer within": "One source gives {subject} two figures: {value} ({evidence}), "
        "and {other} ({other_evidence}).",
        "PossibleConflict across": "{subject} and {rival} may be one, but sources give them "
        "different values of “{property}”: {value} ({evidence}), and {other} ({other_evidence}).",
        "across": "Check both quotations. If they are right, keep both: the query conflicts shows "
        "them.",
        "may differ": "Check both quotations. If they are right, keep both.",
        "within": "Keep the value that the quotation supports. Give figures of two periods their "
        "periods (the sheet's time), of parts their category, and of another count its basis.",
    },
    "zh": {
        "SecondValue across": "{subject}的“{property}”只能有一个值，而来源说法不一："
        "{value}（{evidence}）或 {other}（{other_evidence}）。",
        "SecondValue within": "{subject}的“{property}”只能有一个值，而同一来源给出两个："
        "{value}（{evidence}）和 {other}（{other_evidence}）。",
        "FiguresContradict across": "关于{subject}，来源相互矛盾："
        "{value}（{evidence}），而 {other}（{other_evidence}）。",
        "FiguresContradict within": "关于{subject}，同一来源自相矛盾："
        "{value}（{evidence}），而 {other}（{other_evidence}）。",
        "FiguresMayDiffer across": "关于{subject}，来源可能不一致："
        "{value}（{evidence}）与 {other}（{other_evidence}）。",
        "FiguresMayDiffer within": "同一来源对{subject}给出两个数据："
        "{value}（{evidence}）与 {other}（{other_evidence}）。",
        "PossibleConflict across": "{subject}与{rival}可能为同一事物，"
        "而来源给出的“{property}”不同：{value}（{evidence}）与 {other}（{other_evidence}）。",
        "across": "请核对双方原文。如果原文确实如此，两者可以并存：查询 conflicts 会一并列出。",
        "may differ": "请核对双方原文。如果原文确实如此，两者可以并存。",
        "within": "请保留原文所支持的值。不同时期的数据须各自注明时期（表格的 time 列），"
        "只涉及一部分的注明类别，口径不同的注明口径。",
    },
}
