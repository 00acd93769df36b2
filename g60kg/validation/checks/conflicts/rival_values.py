"""Second values of single-valued properties, and figures with disjoint intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.observations import Difference, disagreement, is_plan
from g60kg.model.sources import published_together
from g60kg.namespaces import HAS_OBSERVATION
from g60kg.validation.check_codes import check_code
from g60kg.validation.checks.conflicts.candidates import Candidate, Side, Stated, sources_of
from g60kg.validation.message_terms import SHOWN
from g60kg.validation.report.findings import Finding, Severity
from g60kg.validation.texts import check_texts

SECOND_VALUE: Final = check_code("SecondValue")
FIGURES_CONTRADICT: Final = check_code("FiguresContradict")
FIGURES_MAY_DIFFER: Final = check_code("FiguresMayDiffer")
POSSIBLE_CONFLICT: Final = check_code("PossibleConflict")


def value_conflicts(side: Side) -> Iterator[tuple[tuple[object, ...], Finding]]:
    """Yield a finding for each pair of values in conflict, at least one of them changed.

    Equal figures of many sources are one value. Each finding has a key, to compare the graph
    before and after the addition.
    """
    reported: set[object] = set()
    for candidate in side.candidates:
        if candidate.values.isdisjoint(side.graphs(candidate)):
            continue
        for rival in side.rivals(candidate):
            against = side.stated(rival)
            for value, mine in side.stated(candidate).items():
                for other, theirs in against.items() if mine[0][0] in candidate.values else ():
                    if (finding := _finding(side, candidate, rival, mine, theirs)) is None:
                        continue
                    subjects = (candidate.subject, value), (rival.subject, other)
                    pair = candidate.predicate.iri, frozenset(subjects)
                    if pair not in reported:
                        reported.add(pair)
                        yield (*candidate.key, finding.code, finding.severity, pair), finding


def _finding(
    side: Side, candidate: Candidate, rival: Candidate, mine: list[Stated], theirs: list[Stated]
) -> Finding | None:
    """Return the finding of two values that conflict; None if no source states one of them.

    A source that distinguishes two entities does not contradict itself.
    """
    of, (value, _), (other, _) = candidate.predicate.iri, mine[0], theirs[0]
    differ = disagreement(side.vocabulary, of.value, value, other, side.observation)
    if differ is Difference.NO:
        return None
    code = FIGURES_CONTRADICT if of == HAS_OBSERVATION else SECOND_VALUE
    if differ is Difference.MAY:
        code = FIGURES_MAY_DIFFER
    shared = {graph for _, graph in mine} & {graph for _, graph in theirs}
    facts = side.facts(candidate, (one for one in mine if one[1] in shared))
    others = side.facts(rival, (one for one in theirs if one[1] in shared))
    sources = sources_of(facts) & sources_of(others)
    if not sources and is_plan(side.observation(value), side.vocabulary):
        here, there = side.facts(candidate, mine), side.facts(rival, theirs)
        dated = map(NamedNode, sources_of(here)), map(NamedNode, sources_of(there))
        if not published_together(*dated, side.store.objects):
            code = FIGURES_MAY_DIFFER
    if candidate is not rival:
        if sources or code == FIGURES_MAY_DIFFER:
            return None
        code = POSSIBLE_CONFLICT
    if sources:
        facts = [fact for fact in facts if fact.sources & sources]
        others = [fact for fact in others if fact.sources & sources]
        mine = theirs = []
    else:
        facts, others = side.facts(candidate, mine[:SHOWN]), side.facts(rival, theirs[:SHOWN])
    if not facts or not others:
        return None
    words = check_texts("values", side.language)
    within = "within" if sources else "across"
    message = words[f"{code.name} {within}"].format(
        subject=side.terms.name(candidate.subject),
        rival=side.terms.name(rival.subject),
        property=side.terms.name(candidate.predicate.iri),
        value=side.terms.value(value),
        evidence=side.terms.evidence(facts, len(mine[SHOWN:])),
        other=side.terms.value(other),
        other_evidence=side.terms.evidence(others, len(theirs[SHOWN:])),
    )
    severity = Severity.VIOLATION if sources else Severity.WARNING
    if code in (FIGURES_MAY_DIFFER, POSSIBLE_CONFLICT):
        severity = Severity.INFO
    hint = words["may differ" if code == FIGURES_MAY_DIFFER and not sources else within]
    about = facts[0]
    return side.finding(candidate, code, severity, about.triple[2], message, hint, about.graph)
