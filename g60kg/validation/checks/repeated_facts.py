"""Check that one source states a triple in one Fact.

Several Facts are allowed if they have different statuses, or different terms: times that do not
overlap.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from g60kg import namespaces as ns
from g60kg.model.change import Change
from g60kg.model.dates import closed_days
from g60kg.model.facts import FACT_TRIPLE, Fact
from g60kg.namespaces import compact
from g60kg.validation.check_codes import FindingList, check_code
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.report.findings import Finding, Status
from g60kg.validation.texts import check_texts

SAME_FACT_TWICE: Final = check_code("SameFactTwice")
#: What two Facts of one triple and source have alike, besides their status.
_ALIKE: Final = (ns.TIME, *(part for part in ns.MODALITY if part != ns.FACT_STATUS))
#: The subject, the property and the object of a triple, and its graph.
_Stated: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]


def repeated_facts(
    quads: Iterable[Quad], change: Change, language: str = "en"
) -> tuple[Finding, ...]:
    """Return the findings of Facts that state an earlier Fact's triple in another way.

    Both are of one source and have the same status, but another time or modality. A Fact is allowed
    if its time is a further term, which does not overlap with the earlier ones. Facts of files are
    ordered as they are stated, Facts of the graph by their IRIs.
    """
    listing = FindingList(language)
    for fact, other in _differing(quads, change):
        listing.add(SAME_FACT_TWICE, _finding, fact, other, change, language)
    return listing.findings()


def _differing(quads: Iterable[Quad], change: Change) -> Iterator[tuple[Fact, Fact]]:
    """Yield each Fact that :func:`repeated_facts` reports, with the earlier Fact."""
    for stated, facts in _by_triple(quads).items():
        known: list[NamedNode] = []
        if change.after is not change.before:
            known = [one.iri for one in change.facts_before.of(stated[:3], stated[3])]
        together = [*(one for one in known if one not in facts), *facts]
        if len(together) == 1:
            continue
        if not len(change.stated):
            together.sort(key=str)  # a store has no order
        statements: dict[object, _Statements] = defaultdict(_Statements)
        for fact in filter(None, map(change.facts.read, together)):
            for source in fact.sources:
                other = statements[source, fact.first(ns.FACT_STATUS)].differing(fact)
                if other is not None:
                    yield fact, other


def _by_triple(quads: Iterable[Quad]) -> dict[_Stated, list[NamedNode]]:
    parts: dict[tuple[object, object], dict[NamedNode, object]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate in FACT_TRIPLE:
            parts[quad.subject, quad.graph_name][quad.predicate] = quad.object
    found: dict[_Stated, list[NamedNode]] = defaultdict(list)
    for (fact, graph), stated in parts.items():
        subject, predicate, value = map(stated.get, FACT_TRIPLE)
        if (
            isinstance(fact, NamedNode)
            and isinstance(graph, NamedNode)
            and isinstance(subject, NamedNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | Literal)
        ):
            found[subject, predicate, value, graph].append(fact)
    return found


@dataclass(slots=True)
class _Statements:
    """The Facts of one triple, source and status, which may be true in separate periods.

    Attributes:
        met: the first Fact of each combination of time and modality.
        terms: the first and the last day of each period, such as a term of office, with
            its Fact, sorted. A period that meets a listed one is left out.
        undated: the first Fact of all, once any Fact has no closed interval as its time;
            else None. A further Fact must then repeat an earlier one.
    """

    met: dict[object, Fact] = field(default_factory=dict)
    terms: list[tuple[tuple[float, float], Fact]] = field(default_factory=list)
    undated: Fact | None = None

    def differing(self, fact: Fact) -> Fact | None:
        """Add a Fact; return an earlier Fact from which it differs, or None.

        None if it is the first Fact, or if an earlier one has the same time and modality.
        None also if all times are closed intervals, and the time meets none in ``terms``.
        """
        alike = tuple(fact.parts.get(part) for part in _ALIKE)
        if alike in self.met:
            return None
        days = closed_days(fact.time)
        if days is None or self.undated is not None:
            other = self.undated or next(iter(self.met.values()), None)
            self.undated = other or fact
        else:
            at = bisect(self.terms, days, key=itemgetter(0))
            near = self.terms[max(at - 1, 0) : at + 1]
            meet = (one for (first, last), one in near if first <= days[1] and days[0] <= last)
            other = next(meet, None)
            if other is None:
                self.terms.insert(at, (days, fact))
        self.met[alike] = fact
        return other


def _finding(fact: Fact, other: Fact, change: Change, language: str) -> Finding:
    terms, words = MessageTerms(change.after, language), check_texts("repeated facts", language)
    subject, predicate, value = fact.triple
    differing = [part for part in _ALIKE if fact.parts.get(part) != other.parts.get(part)]
    differences = (
        words["difference"].format(
            property=terms.name(part),
            here=terms.listed(map(terms.name, fact.parts.get(part, ()))) or words["nothing"],
            there=terms.listed(map(terms.name, other.parts.get(part, ()))) or words["nothing"],
        )
        for part in differing
    )
    message = words["message"].format(
        subject=terms.name(subject),
        property=terms.name(predicate),
        value=terms.value(value),
        evidence=terms.evidence([fact]),
        other=compact(other.iri.value),
        other_evidence=terms.evidence([other]),
        differences=words["between"].join(differences),
    )
    known = all(change.facts_before.read(one.iri) == one for one in (fact, other))
    is_old = known and change.after is not change.before
    path = next((part for part in differing if part in fact.parts), None)
    return SAME_FACT_TWICE.finding(
        message,
        words["hint"],
        focus=fact.iri,
        path=path,
        value=None if path is None else fact.first(path),
        status=Status.EXISTING if is_old else Status.INTRODUCED,
        graph=fact.graph,
    )
