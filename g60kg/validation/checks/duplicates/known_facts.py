"""Added facts that the same source or another source already has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.change import Change
from g60kg.model.facts import Fact
from g60kg.model.sources import originals
from g60kg.namespaces import FACT_STATUS, FACT_SUBJECT, ORIGIN, POSSIBLY_SAME
from g60kg.stores.base import GraphStore
from g60kg.validation.check_codes import CheckCode, check_code
from g60kg.validation.message_terms import SHOWN, MessageTerms
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

KNOWN_FACT: Final = check_code("KnownFact")
CORROBORATED: Final = check_code("Corroborated")
ACTUAL_ELSEWHERE: Final = check_code("ActualElsewhere")


def known_facts(change: Change, language: str) -> Iterator[Finding]:
    """Yield the findings of each added Fact, sorted by IRI."""
    terms, known = MessageTerms(change.after, language), MessageTerms(change.before, language)
    words = check_texts("known facts", language)
    base, whole = change.facts_before, change.facts
    facts = {quad.subject for quad in change.stated.quads(None, FACT_SUBJECT, None)}
    named = (fact for fact in facts if isinstance(fact, NamedNode))
    for fact in sorted(named, key=lambda fact: fact.value):
        stated = whole.read(fact)
        if stated is None or not stated.sources or stated.graph is None:
            continue
        triple, status = stated.triple, stated.first(FACT_STATUS)
        own = base.of(*triple, stated.graph)
        same = [one for one in own if one.sources & stated.sources]
        others = [one for one in own if not one.sources & stated.sources]
        graphs = _other_graphs(change, stated)
        for graph in graphs[:SHOWN]:
            others += [one for one in whole.of(*triple, graph) if one.iri != fact]
        further = max(len(graphs) - SHOWN, 0)
        same = [one for one in same if one.first(FACT_STATUS) == status]
        origins = _origins(change.after, stated)
        alike = [
            one
            for one in others
            if one.first(FACT_STATUS) == status
            and one.first(ORIGIN) is None
            and origins.isdisjoint(_origins(change.after, one))
        ]
        inferred = stated.first(ORIGIN) is not None or triple[1] == POSSIBLY_SAME
        actual = [one for one in others if one.first(FACT_STATUS) is None]
        if same:
            yield _finding(stated, KNOWN_FACT, terms, words, known.evidence(same))
        elif alike and not inferred:
            evidence = terms.evidence(alike, 0 if status else further)
            yield _finding(stated, CORROBORATED, terms, words, evidence)
        if status and actual:
            evidence = terms.evidence(actual, further)
            yield _finding(stated, ACTUAL_ELSEWHERE, terms, words, evidence)
        contrary = () if status else base.with_status(*triple)
        contrary = [one for one in contrary if one.iri not in facts]  # an added one says so itself
        contrary = [one for one in contrary if not one.sources & stated.sources]
        if contrary:
            evidence = terms.evidence(contrary)
            yield _finding(stated, ACTUAL_ELSEWHERE, terms, words, evidence, contrary)


def _origins(store: GraphStore, fact: Fact) -> set[str]:
    """Return the sources of a Fact, of a reprint what it republishes: it corroborates nothing."""
    sources = map(NamedNode, fact.sources)
    return {str(one) for source in sources for one in originals(source, store.objects)}


def _other_graphs(change: Change, stated: Fact) -> list[NamedNode]:
    """Return the other graphs with the triple; of two new ones, the later one has the earlier.

    A Fact with a status has no triple, so each new graph with the triple is another statement.
    """
    old = {quad.graph_name for quad in change.before.quads(*stated.triple)}
    new = {quad.graph_name for quad in change.added.quads(*stated.triple)}
    is_actual = stated.first(FACT_STATUS) is None
    earlier = {one for one in new if not is_actual or str(one) < str(stated.graph)}
    found = (graph for graph in old | earlier if isinstance(graph, NamedNode))
    return sorted((graph for graph in found if graph != stated.graph), key=str)


def _finding(
    stated: Fact,
    code: CheckCode,
    terms: MessageTerms,
    words: dict[str, str],
    evidence: str,
    contrary: Sequence[Fact] = (),
) -> Finding:
    subject, predicate, value = stated.triple
    statuses = {one.first(FACT_STATUS) for one in contrary or [stated]}
    named = sorted(terms.name(one) for one in statuses if isinstance(one, NamedNode))
    return code.finding(
        words["StatusElsewhere" if contrary else code.name].format(
            subject=terms.name(subject),
            property=terms.name(predicate),
            value=terms.value(value),
            evidence=evidence,
            status=terms.listed(named),
        ),
        focus=subject,
        label=terms.label(subject),
        path=predicate,
        value=value,
        graph=stated.graph,
    )
