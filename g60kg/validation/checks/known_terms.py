"""Check that the terms of triples are in the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from g60kg.model.names import Names
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import (
    COMPARATOR,
    FACT_PREDICATE,
    MODALITY,
    PREFIXES,
    A,
    compact,
    local_name,
)
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.finding_limit import Listing
from g60kg.validation.report.findings import Finding, Severity

KNOWN_TERMS: Final = CheckCode(
    "KnownTerms",
    (Severity.VIOLATION,),
    "A class, property, modality or comparator of the g60: namespace is not in the ontology.",
    "No query finds an undefined term and no rule checks it; usually it is a misspelling, so the "
    "nearest terms are suggested. Add a missing term to the ontology first.",
)
FOREIGN_PROPERTY: Final = CheckCode(
    "ForeignProperty",
    (Severity.WARNING,),
    "A property of another vocabulary is used that the ontology does not declare.",
    "No query reads it and no rule checks its values. It is stored unchanged, so this is a "
    "warning. Properties of RDF, RDFS, OWL and Web Annotation need no declaration.",
)
#: The codes of this check.
CODES: Final = (KNOWN_TERMS, FOREIGN_PROPERTY)

_OWN = PREFIXES["g60"]
#: Properties whose objects are terms of the ontology.
_TERM_VALUED = frozenset(name.value for name in (FACT_PREDICATE, *MODALITY, COMPARATOR))
#: Vocabularies that need no declaration; the input policy restricts their use.
_BUILT_IN = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "sh", "oa"))


def unknown_terms(
    quads: Iterable[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return a finding for each term and subject if the term is not in the ontology.

    An unknown ``g60:`` term is a violation, an undeclared property of another vocabulary a
    warning. The number of findings is limited; the last one has the number of the rest.
    """
    listing = Listing(language)
    reported: set[tuple[str, str]] = set()
    for quad in quads:
        for role, node, names in _terms(quad, vocabulary):
            key = (str(quad.subject), node.value)
            if key not in reported:
                reported.add(key)
                code = FOREIGN_PROPERTY if names is None else KNOWN_TERMS
                if listing.wants(code.name):
                    new = vocabulary.replacement(node.value, language)
                    listing.add(_finding(quad, role, node, names, language, new))
    return listing.findings()


def _terms(quad: Quad, vocabulary: Vocabulary) -> Iterator[tuple[str, NamedNode, Names | None]]:
    predicate, object_ = quad.predicate, quad.object
    if predicate.value not in vocabulary.properties:
        if predicate.value.startswith(_OWN):
            yield "property", predicate, vocabulary.property_names
        elif not predicate.value.startswith(_BUILT_IN):
            yield "property", predicate, None
    if not isinstance(object_, NamedNode) or not object_.value.startswith(_OWN):
        return
    if predicate == A:
        if object_.value not in vocabulary.classes:
            yield "class", object_, vocabulary.class_names
    elif predicate.value in _TERM_VALUED:
        name = object_.value
        if name not in vocabulary.individuals and name not in vocabulary.properties:
            names = {
                **{local_name(one.value): vocabulary.modality_names for one in MODALITY},
                "comparator": vocabulary.comparator_names,
            }.get(local_name(predicate.value), vocabulary.property_names)
            yield "term", object_, names


def _finding(
    quad: Quad,
    role: str,
    node: NamedNode,
    names: Names | None,
    language: str,
    replacement: str | None,
) -> Finding:
    words = _WORDS.get(language, _WORDS["en"])
    code = FOREIGN_PROPERTY if names is None else KNOWN_TERMS
    near = names.nearest(local_name(node.value)) if names and not replacement else ()
    message = words["foreign" if names is None else role].format(term=compact(node.value))
    if replacement is not None:
        message = words["deprecated"].format(term=compact(node.value), new=replacement)
    return Finding(
        severity=code.severities[0],
        code=code.name,
        message=message,
        focus=getattr(quad.subject, "value", None),
        path=quad.predicate.value,
        value=node.value,
        hint=words["near"].format(names=words["comma"].join(near)) if near else None,
        term=str(quad.object),
    )


_WORDS: Final = {
    "en": {
        "property": "The ontology has no property {term}.",
        "class": "The ontology has no class {term}.",
        "term": "The ontology has no term {term}.",
        "foreign": "The ontology does not declare the property {term}.",
        "deprecated": "{term} was removed in 0.2; use {new}.",
        "near": "Did you mean {names}?",
        "comma": ", ",
    },
    "zh": {
        "property": "本体中没有属性 {term}。",
        "class": "本体中没有类 {term}。",
        "term": "本体中没有术语 {term}。",
        "foreign": "本体没有声明属性 {term}。",
        "deprecated": "{term} 在 0.2 版中已移除；请使用 {new}。",
        "near": "是否指：{names}？",
        "comma": "、",
    },
}
