"""Findings of second values, figures that contradict each other, and complete lists that differ.

A second value is another value of a single-valued property.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from g60kg.model.dates import days_meet
from g60kg.model.facts import Fact
from g60kg.model.observations import Disagreement, disagreement, is_plan
from g60kg.model.sources import published_together
from g60kg.namespaces import HAS_OBSERVATION, g60
from g60kg.stores.base import Term
from g60kg.validation.check_codes import check_code
from g60kg.validation.checks.conflicts.candidates import Candidate, Side, Stated, sources_of
from g60kg.validation.message_terms import SHOWN
from g60kg.validation.report.findings import Finding, Severity
from g60kg.validation.texts import check_texts

SECOND_VALUE: Final = check_code("SecondValue")
FIGURES_CONTRADICT: Final = check_code("FiguresContradict")
FIGURES_MAY_DIFFER: Final = check_code("FiguresMayDiffer")
POSSIBLE_CONFLICT: Final = check_code("PossibleConflict")
LIST_DIFFERS: Final = check_code("ListDiffers")
_WITHIN: Final = (g60("inProvince"), g60("locatedIn"))


def value_conflicts(side: Side) -> Iterator[tuple[tuple[object, ...], Finding]]:
    """Yield a finding for each pair of values that conflict, at least one of which is changed.

    Equal figures of many sources are one value. Each finding comes with a key that is the same
    before and after the change.
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
    """Return the finding of a pair of values, or None.

    None if the values do not contradict each other, or if at least one of them is in no
    Fact. For two entities that are possibly the same, None also if one source states both
    values, or if it is uncertain whether the figures contradict each other.
    """
    of, (value, _), (other, _) = candidate.predicate.iri, mine[0], theirs[0]
    differ = disagreement(side.vocabulary, of.value, value, other, side.observation)
    if differ is Disagreement.NO:
        return None
    code = FIGURES_CONTRADICT if of == HAS_OBSERVATION else SECOND_VALUE
    if differ is Disagreement.MAY:
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
    return code.finding(
        message,
        words["may differ" if code == FIGURES_MAY_DIFFER and not sources else within],
        focus=candidate.subject,
        label=side.terms.label(candidate.subject),
        path=of,
        value=facts[0].triple[2],
        severity=severity,
        graph=facts[0].graph,
    )


def list_conflicts(side: Side) -> Iterator[tuple[tuple[object, ...], Finding]]:
    """Yield findings of values in which a changed complete list differs from another source's.

    Each finding comes with a key that is the same before and after the change.
    """
    for candidate in side.candidates:
        lists = _Lists(side, candidate)
        for mine, other in lists.different():
            for value, message in lists.difference(mine, other):
                key = (LIST_DIFFERS.name, str(value), *map(str, (*mine, *other)))
                yield (
                    (*candidate.key, *key),
                    LIST_DIFFERS.finding(
                        message,
                        lists.words["hint"],
                        focus=candidate.subject,
                        label=side.terms.label(candidate.subject),
                        path=candidate.predicate.iri,
                        value=value,
                        graph=mine[0],
                    ),
                )


#: The graph of a list's source, and the time of its Facts, empty if they have none.
_Key: TypeAlias = tuple[NamedNode, str]


class _Lists:
    def __init__(self, side: Side, candidate: Candidate) -> None:
        self.words = check_texts("lists", side.language)
        self._side = side
        self._place = candidate
        self._changed = {graph for graphs in candidate.graphs.values() for graph in graphs}
        # The other lists of a place that thousands of sources name are read only for a changed one.
        self._stated = self._complete(self._changed) and self._complete(None)
        self._lists = {
            key: frozenset(fact.triple[2] for fact in facts) for key, facts in self._stated.items()
        }

    def _complete(self, within: Set[NamedNode] | None) -> dict[_Key, list[Fact]]:
        """Return Facts of complete lists in graphs ``within``, or all, by source graph and time."""
        stated: dict[_Key, list[Fact]] = defaultdict(list)
        if self._place.predicate.iri != HAS_OBSERVATION:
            for value, graphs in self._side.graphs(self._place).items():
                read = ((value, one) for one in graphs if within is None or one in within)
                for fact in self._side.facts(self._place, read):
                    if fact.graph is not None:
                        stated[fact.graph, fact.time or ""].append(fact)
        return {
            key: facts
            for key, facts in stated.items()
            if all(fact.of_complete_list for fact in facts)
        }

    def different(self) -> Iterator[tuple[_Key, _Key]]:
        """Yield each changed list with each different list of another source, as keys.

        Of several equal lists, the first is compared. Two changed lists are one pair. Lists whose
        times do not overlap are not compared.
        """
        for mine in sorted((key for key in self._lists if key[0] in self._changed), key=str):
            met = {self._lists[mine]}
            for other in sorted(self._lists, key=str):
                done = other[0] == mine[0] or (other[0] in self._changed and str(other) < str(mine))
                times = (mine[1], other[1])
                may_meet = not all(times) or days_meet(*times)
                if self._lists[other] not in met and not done and may_meet:
                    met.add(self._lists[other])
                    yield mine, other

    def difference(self, key: _Key, other: _Key) -> Iterator[tuple[Term, str]]:
        """Yield values of the first list alone (if none, of the other alone), with messages."""
        mine = sorted(self._lists[key] - self._lists[other], key=str)
        others = sorted(self._lists[other] - self._lists[key], key=str)
        if not mine:
            have = self._facts(self._some(key), key)
            for value in others:
                yield value, self._message("shorter", value, have, [], self._facts([value], other))
            return
        word = "instead" if others else "longer"
        there = self._facts(others or self._some(other), other)
        for value in mine:
            yield value, self._message(word, value, self._facts([value], key), others, there)

    def _some(self, key: _Key) -> list[Term]:
        return sorted(self._lists[key], key=str)[:1]

    def _facts(self, values: Iterable[Term], key: _Key) -> list[Fact]:
        return [fact for value in values for fact in self._stated[key] if fact.triple[2] == value]

    def _message(
        self, key: str, value: Term, here: list[Fact], others: list[Term], there: list[Fact]
    ) -> str:
        terms = self._side.terms
        within = [one for one in others if self._lies_in(value, one) or self._lies_in(one, value)]
        text = self.words[key].format(
            subject=terms.name(self._place.subject),
            property=terms.name(self._place.predicate.iri),
            value=terms.name(value),
            evidence=terms.evidence(here),
            others=terms.listed(terms.name(one) for one in others),
            other_evidence=terms.evidence(there),
        )
        for one in within:
            inner, outer = (value, one) if self._lies_in(value, one) else (one, value)
            text += self.words["within"].format(inner=terms.name(inner), outer=terms.name(outer))
        return text

    def _lies_in(self, value: Term, other: Term) -> bool:
        return isinstance(value, NamedNode) and any(
            other in self._side.store.objects(value, link) for link in _WITHIN
        )
