"""Check of duplicates: added names and facts that the graph already has.

Duplicate names are warnings, never violations: two entities can have one name. A known fact, or a
fact that a second source has too, is information.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.change import Change
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, compact
from g60kg.stores.base import GraphStore
from g60kg.validation.check_codes import CheckCode, check_code
from g60kg.validation.checks.duplicates.known_facts import known_facts
from g60kg.validation.checks.duplicates.label_index import Directory
from g60kg.validation.checks.duplicates.name_similarity import (
    differs_in_company_form,
    is_disguised,
    is_near,
)
from g60kg.validation.message_terms import MessageTerms
from g60kg.validation.report.findings import CheckResult, Finding
from g60kg.validation.texts import check_texts

LABEL_TAKEN: Final = check_code("LabelTaken")
NEAR_NAME: Final = check_code("NearName")

#: A code, an entity, the property of its name, the name, and the other entity with a like label.
_Match = tuple[CheckCode, NamedNode, NamedNode, Literal, NamedNode]


def check_duplicates(change: Change, vocabulary: Vocabulary, language: str = "en") -> CheckResult:
    """Return added names and facts that the graph or the added quads already have."""
    directory = Directory(change, vocabulary)
    names = _names_taken(change.after, directory, language)
    return CheckResult((*names, *known_facts(change, language)), note=directory.note(language))


def _names_taken(after: GraphStore, directory: Directory, language: str) -> Iterator[Finding]:
    """Yield the findings of new names, each pair of entities once."""
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
    """Return whether labels are similar in all common languages, of which there is at least one.

    >>> _is_near_in_all({"en": "Chizhou", "zh": "池州"}, {"en": "Chuzhou", "zh": "滁州"})
    False
    >>> _is_near_in_all({"en": "Chizhou", "zh": "池州"}, {"en": "Chizhou City"})
    True
    """
    shared = labels.keys() & others.keys()
    return bool(shared) and all(is_near(labels[tag], others[tag]) for tag in shared)
