"""Second values of single-valued properties, and figures with disjoint intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.observations import Difference
from g60kg.model.ontology_lookup import Property
from g60kg.namespaces import HAS_OBSERVATION
from g60kg.stores.base import Term
from g60kg.validation.check_codes import CheckCode, check_code
from g60kg.validation.checks.conflicts.candidates import Candidate, Side, sources_of
from g60kg.validation.message_terms import SHOWN
from g60kg.validation.report.findings import Finding, Severity
from g60kg.validation.texts import check_texts

SECOND_VALUE: Final = check_code("SecondValue")
FIGURES_CONTRADICT: Final = check_code("FiguresContradict")
FIGURES_MAY_DIFFER: Final = check_code("FiguresMayDiffer")
POSSIBLE_CONFLICT: Final = check_code("PossibleConflict")


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
    return SECOND_VALUE if of.excludes(value, other) else None


_CODES: Final = {
    Difference.NO: None,
    Difference.MAY: FIGURES_MAY_DIFFER,
    Difference.YES: FIGURES_CONTRADICT,
}


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
    words = check_texts("values", side.language)
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
