"""Check of duplicates: added names and facts that the graph already has.

Duplicate names are warnings, never violations: two entities can have one name. A known fact, or a
fact that a second source has too, is information.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.change import Change
from g60kg.model.facts import Fact
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.model.sources import originals
from g60kg.namespaces import FACT_STATUS, FACT_SUBJECT, LABEL, ORIGIN, POSSIBLY_SAME, compact
from g60kg.stores.base import GraphStore
from g60kg.validation.check_codes import CheckCode, check_code
from g60kg.validation.checks.duplicates.label_index import Directory
from g60kg.validation.checks.duplicates.name_similarity import (
    differs_in_company_form,
    is_disguised,
    is_near,
)
from g60kg.validation.message_terms import SHOWN, MessageTerms
from g60kg.validation.report.findings import CheckResult, Finding
from g60kg.validation.texts import check_texts

LABEL_TAKEN: Final = check_code("LabelTaken")
NEAR_NAME: Final = check_code("NearName")
KNOWN_FACT: Final = check_code("KnownFact")
CORROBORATED: Final = check_code("Corroborated")
ACTUAL_ELSEWHERE: Final = check_code("ActualElsewhere")

#: A code, an entity, the property of its name, the name, and the other entity with a like label.
_Match = tuple[CheckCode, NamedNode, NamedNode, Literal, NamedNode]


def check_duplicates(change: Change, vocabulary: Vocabulary, language: str = "en") -> CheckResult:
    """Return the findings of added names and facts that the graph or the added quads already have.

    The note of the result names the classes whose labels were not all compared; None without any.
    """
    directory = Directory(change, vocabulary)
    names = _names_taken(change.after, directory, language)
    return CheckResult((*names, *_known_facts(change, language)), note=directory.note(language))


def _names_taken(after: GraphStore, directory: Directory, language: str) -> Iterator[Finding]:
    """Yield a finding for each new name that equals or resembles a label of another entity.

    Two entities are reported once.
    """
    terms = MessageTerms(after, language)
    words = check_texts("names", language)
    reported: set[frozenset[NamedNode]] = set()
    found = (*_taken(directory), *_near(directory))
    for code, entity, of, label, other in found:
        pair = frozenset((entity, other))
        if pair not in reported:
            reported.add(pair)
            kinds = terms.listed(terms.name(NamedNode(kind)) for kind in directory.classes(other))
            yield code.finding(
                words[code.name].format(
                    label=label.value,
                    other=terms.name(other),
                    iri=compact(other.value),
                    kind=words["kind"].format(kind=kinds) if kinds else "",
                ),
                words["hint"].format(iri=compact(other.value)),
                focus=entity,
                label=terms.label(entity),
                path=of,
                value=label,
            )


def _taken(directory: Directory) -> Iterator[_Match]:
    for entity, of, label in directory.new_names:
        for other in sorted(directory.bearers(label) - {entity}, key=str):
            yield LABEL_TAKEN, entity, of, label, other


def _near(directory: Directory) -> Iterator[_Match]:
    for entity, of, label in directory.new_names:
        for other in sorted(directory.alike(label) - {entity}, key=str):
            labels, is_new = directory.labels(other), entity in directory.new_entities
            disguised = any(is_disguised(label.value, known) for known in labels.values())
            alike = of == LABEL and directory.kind(entity) & directory.kind(other)
            near = alike and (
                differs_in_company_form(label.value, labels.get(label.language or "", ""))
                or (is_new and _is_near_in_all(directory.labels(entity), labels))
            )
            if disguised or near:
                yield NEAR_NAME, entity, of, label, other


def _is_near_in_all(labels: dict[str, str], others: dict[str, str]) -> bool:
    """Return whether two entities' labels, by language, are similar in every common language.

    False if there is no common language.

    >>> _is_near_in_all({"en": "Chizhou", "zh": "池州"}, {"en": "Chuzhou", "zh": "滁州"})
    False
    >>> _is_near_in_all({"en": "Chizhou", "zh": "池州"}, {"en": "Chizhou City"})
    True
    """
    shared = labels.keys() & others.keys()
    return bool(shared) and all(is_near(labels[tag], others[tag]) for tag in shared)


def _known_facts(change: Change, language: str) -> Iterator[Finding]:
    """Yield findings of Facts in files whose triple their source or another one states, too."""
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
        own = base.of(triple, stated.graph)
        same = [one for one in own if one.sources & stated.sources]
        others = [one for one in own if not one.sources & stated.sources]
        graphs = _other_graphs(change, stated)
        for graph in graphs[:SHOWN]:
            others += [one for one in whole.of(triple, graph) if one.iri != fact]
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
            yield _of_fact(stated, KNOWN_FACT, terms, words, known.evidence(same))
        elif alike and not inferred:
            evidence = terms.evidence(alike, 0 if status else further)
            yield _of_fact(stated, CORROBORATED, terms, words, evidence)
        if status and actual:
            evidence = terms.evidence(actual, further)
            yield _of_fact(stated, ACTUAL_ELSEWHERE, terms, words, evidence)
        contrary = () if status else base.with_status(*triple)
        contrary = [one for one in contrary if one.iri not in facts]  # an added one says so itself
        contrary = [one for one in contrary if not one.sources & stated.sources]
        if contrary:
            evidence = terms.evidence(contrary)
            yield _of_fact(stated, ACTUAL_ELSEWHERE, terms, words, evidence, contrary)


def _origins(store: GraphStore, fact: Fact) -> set[str]:
    sources = map(NamedNode, fact.sources)
    return {str(one) for source in sources for one in originals(source, store.objects)}


def _other_graphs(change: Change, stated: Fact) -> list[NamedNode]:
    """Return the other graphs that state the triple of a Fact, sorted.

    Of graphs to which the change adds the triple, only those with a smaller IRI than the
    Fact's graph count, so that two additions are one finding. If the Fact has a
    ``g60:factStatus``, all of these graphs count.
    """
    old = {quad.graph_name for quad in change.before.quads(*stated.triple)}
    new = {quad.graph_name for quad in change.added.quads(*stated.triple)}
    is_actual = stated.first(FACT_STATUS) is None
    earlier = {one for one in new if not is_actual or str(one) < str(stated.graph)}
    found = (graph for graph in old | earlier if isinstance(graph, NamedNode))
    return sorted((graph for graph in found if graph != stated.graph), key=str)


def _of_fact(
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
