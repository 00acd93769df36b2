"""Whether the terms that triples use are terms of the ontology."""

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
    "A term that nothing defines is found by no query and held to no rule; most often it is a "
    "misspelling, so the nearest terms are named. A term that is really missing goes into the "
    "ontology first.",
)
FOREIGN_PROPERTY: Final = CheckCode(
    "ForeignProperty",
    (Severity.WARNING,),
    "A property of another vocabulary is used that the ontology does not declare.",
    "Nothing here reads it, and no rule looks at its values. It is kept as it stands, so it is a "
    "warning. Properties of RDF, RDFS, OWL and Web Annotation need no declaration.",
)
#: The codes of this check.
CODES: Final = (KNOWN_TERMS, FOREIGN_PROPERTY)

_OWN = PREFIXES["g60"]
#: Objects of these are terms of the ontology too.
_TERM_VALUED = frozenset(name.value for name in (FACT_PREDICATE, MODALITY, COMPARATOR))
#: Vocabularies that an RDF graph uses without declaring them; the territory says for what.
_BUILT_IN = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "sh", "oa"))


def unknown_terms(
    quads: Iterable[Quad], vocabulary: Vocabulary, file: str | None, language: str = "en"
) -> tuple[Finding, ...]:
    """A finding for each term that the ontology does not have.

    A ``g60:`` term that it lacks is a violation, a property of another vocabulary that it does not
    declare a warning. One finding a term and subject; of very many the first, in the order of the
    quads, the last of which says how many more there are.
    """
    listing = Listing(language)
    told: set[tuple[str, str]] = set()
    for quad in quads:
        for role, node, names in _terms(quad, vocabulary):
            key = (str(quad.subject), node.value)
            if key not in told:
                told.add(key)
                code = FOREIGN_PROPERTY if names is None else KNOWN_TERMS
                if listing.wants(code.name):
                    listing.add(_finding(quad, role, node, names, file, language))
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
        known = vocabulary.individuals | vocabulary.properties.keys()
        if object_.value not in known:
            names = {
                "modality": vocabulary.modality_names,
                "comparator": vocabulary.comparator_names,
            }.get(local_name(predicate.value), vocabulary.property_names)
            yield "term", object_, names


def _finding(
    quad: Quad, role: str, node: NamedNode, names: Names | None, file: str | None, language: str
) -> Finding:
    words = _WORDS.get(language, _WORDS["en"])
    code = FOREIGN_PROPERTY if names is None else KNOWN_TERMS
    near = names.nearest(local_name(node.value)) if names is not None else ()
    return Finding(
        severity=code.severities[0],
        code=code.name,
        message=words["foreign" if names is None else role].format(term=compact(node.value)),
        focus=getattr(quad.subject, "value", None),
        focus_label=None,
        path=quad.predicate.value,
        value=node.value,
        file=file,
        line=None,
        column=None,
        hint=words["near"].format(names=words["comma"].join(near)) if near else None,
        term=str(quad.object),
    )


_WORDS: Final = {
    "en": {
        "property": "The ontology has no property {term}.",
        "class": "The ontology has no class {term}.",
        "term": "The ontology has no term {term}.",
        "foreign": "The ontology does not declare the property {term}.",
        "near": "Did you mean {names}?",
        "comma": ", ",
    },
    "zh": {
        "property": "本体中没有属性 {term}。",
        "class": "本体中没有类 {term}。",
        "term": "本体中没有术语 {term}。",
        "foreign": "本体没有声明属性 {term}。",
        "near": "是否指：{names}？",
        "comma": "、",
    },
}
