"""New names that are already another's, or very near to another's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.namespaces import LABEL, compact
from g60kg.stores.overlay import Overlay
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.checks.duplicates.label_index import Directory
from g60kg.validation.checks.duplicates.name_similarity import is_disguised, is_near
from g60kg.validation.message_terms import Wording
from g60kg.validation.report.findings import Finding, Severity

LABEL_TAKEN: Final = CheckCode(
    "LabelTaken",
    (Severity.WARNING,),
    "An entity gets a label that is already another's, in whichever language.",
    "Either it is the same thing under a second IRI, and what is known of it falls apart into two "
    "halves; or a reader who asks by that name gets the wrong one. Case, width and spacing make "
    "no difference. Two things may well bear one name, so it is a warning.",
)
NEAR_NAME: Final = CheckCode(
    "NearName",
    (Severity.WARNING,),
    "A new entity has a label very near to that of another one of its kind.",
    "“Fosun Pharma” and “Fosun Pharmaceutical” are likely one company, entered twice. Near are "
    "labels that differ by a letter, a word cut short, spacing, word order, or by such as “Co., "
    "Ltd” and 市; not those that differ by a number or a whole word. They must be near in every "
    "language that both have a label in. A label that only looks like another's, with letters of "
    "another script such as a Cyrillic о, is near whatever the kind and the other labels.",
)

#: A code, an entity, its label, and the other entity that bears it or one like it.
_Match = tuple[CheckCode, NamedNode, Literal, NamedNode]


def names_taken(after: Overlay, directory: Directory, language: str) -> Iterator[Finding]:
    """The findings on new labels, each pair of entities once."""
    wording = Wording(after, language)
    words = _WORDS.get(language, _WORDS["en"])
    told: set[frozenset[NamedNode]] = set()
    found = (*_taken(directory), *_near(directory))
    for code, entity, label, other in found:
        pair = frozenset((entity, other))
        if pair not in told:
            told.add(pair)
            kinds = wording.listed(
                wording.name(NamedNode(kind)) for kind in sorted(directory.kind(other))
            )
            yield Finding(
                severity=Severity.WARNING,
                code=code.name,
                message=words[code.name].format(
                    label=label.value,
                    other=wording.name(other),
                    iri=compact(other.value),
                    kind=words["kind"].format(kind=kinds) if kinds else "",
                ),
                focus=entity.value,
                focus_label=wording.label(entity),
                path=LABEL.value,
                value=label.value,
                file=None,
                line=None,
                column=None,
                hint=words["hint"].format(iri=compact(other.value)),
                term=str(label),
            )


def _taken(directory: Directory) -> Iterator[_Match]:
    for entity, label in directory.new_labels:
        for other in sorted(directory.bearers(label) - {entity}, key=str):
            yield LABEL_TAKEN, entity, label, other


def _near(directory: Directory) -> Iterator[_Match]:
    for entity, label in directory.new_labels:
        for other in sorted(directory.alike(label) - {entity}, key=str):
            disguised = any(
                is_disguised(label.value, known) for known in directory.labels(other).values()
            )
            near = (
                entity in directory.new_entities
                and directory.kind(entity) & directory.kind(other)
                and is_near_in_all(directory.labels(entity), directory.labels(other))
            )
            if disguised or near:
                yield NEAR_NAME, entity, label, other


def is_near_in_all(labels: dict[str, str], others: dict[str, str]) -> bool:
    """Whether two entities' labels are near in every language that both have one in, and in one.

    >>> is_near_in_all({"en": "Chizhou", "zh": "池州"}, {"en": "Chuzhou", "zh": "滁州"})
    False
    >>> is_near_in_all({"en": "Chizhou", "zh": "池州"}, {"en": "Chizhou City"})
    True
    """
    shared = labels.keys() & others.keys()
    return bool(shared) and all(is_near(labels[tag], others[tag]) for tag in shared)


_WORDS: Final = {
    "en": {
        "LabelTaken": "“{label}” is the name of another entity already: {other} ({iri}){kind}.",
        "NearName": "“{label}” is very near to the name of another entity: {other} ({iri}){kind}.",
        "kind": ", kind: {kind}",
        "hint": "If it is the same thing, use {iri}. If not, let the label tell the two apart.",
    },
    "zh": {
        "LabelTaken": "“{label}”已是另一实体的名称：{other}（{iri}）{kind}。",
        "NearName": "“{label}”与另一实体的名称非常相近：{other}（{iri}）{kind}。",
        "kind": "，类别：{kind}",
        "hint": "如果是同一事物，请使用 {iri}；如果不是，请让名称能区分二者。",
    },
}
