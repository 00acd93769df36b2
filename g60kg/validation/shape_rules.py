"""Rules of the shipped shapes, and findings worded for fact sheets instead of triples."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from g60kg import package_data
from g60kg.namespaces import COMMENT, LABEL, PREFIXES, local_name, term
from g60kg.validation.report.findings import Finding, Severity

_MESSAGE = term("sh:message")
_SEVERITY = term("sh:severity")
_TARGET = term("sh:targetClass")


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """A shipped SHACL shape: its code, severity, texts, ``sh:pattern`` and target classes."""

    code: str
    file: str
    severity: Severity
    messages: dict[str, str]
    sheet_messages: dict[str, str]
    why: str
    pattern: str
    classes: tuple[NamedNode, ...]


def shape_rules() -> tuple[ShapeRule, ...]:
    """Return every shipped shape that has a message, sorted by file and IRI."""
    files = package_data.shape_files().items()
    return tuple(rule for name, turtle in files for rule in _rules_in(turtle, name))


def _rules_in(turtle: bytes, file: str) -> list[ShapeRule]:
    said: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for quad in parse(turtle, format=RdfFormat.TURTLE):
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(object_, NamedNode | Literal):
            said.setdefault(subject.value, {}).setdefault(quad.predicate, []).append(object_)
    return [
        _rule(iri, said[iri], file)
        for iri in sorted(said)
        if iri.startswith(PREFIXES["shape"]) and _MESSAGE in said[iri]
    ]


def _rule(iri: str, about: dict[NamedNode, list[NamedNode | Literal]], file: str) -> ShapeRule:
    severity = local_name(about[_SEVERITY][0].value) if _SEVERITY in about else "Violation"
    return ShapeRule(
        code=local_name(iri),
        file=file,
        severity=Severity(severity.lower()),
        messages=_texts(about[_MESSAGE]),
        sheet_messages=_texts(about.get(term("shape:sheetMessage"), [])),
        why=next((text.value for text in about.get(COMMENT, [])), ""),
        pattern=next((text.value for text in about.get(term("sh:pattern"), [])), ""),
        classes=tuple(one for one in about.get(_TARGET, []) if isinstance(one, NamedNode)),
    )


def _texts(nodes: list[NamedNode | Literal]) -> dict[str, str]:
    return {node.language or "": node.value for node in nodes if isinstance(node, Literal)}


def labelled_classes() -> tuple[NamedNode, ...]:
    """Return the classes whose instances need an English label."""
    return _rules()["EntityHasEnglishLabel"].classes


def label_faults(
    quads: Iterable[Quad], entities: Iterable[NamedNode], language: str = "en"
) -> Iterator[Finding]:
    """Yield the findings of the shapes about labels.

    They are an empty label, a different second label in one language, and one of ``entities``
    without an English label.
    """
    first: dict[tuple[NamedNode, str | None], Literal] = {}
    for quad in quads:
        label, node = quad.object, quad.subject
        if quad.predicate != LABEL or not (
            isinstance(node, NamedNode) and isinstance(label, Literal)
        ):
            continue
        if not re.search(_rules()["LabelIsNotEmpty"].pattern, label.value):
            yield _of_label("LabelIsNotEmpty", node, label, language)
        if first.setdefault((node, label.language), label) != label:
            yield _of_label("LabelIsOnePerLanguage", node, label, language)
    english = {node for node, tag in first if (tag or "").partition("-")[0] == "en"}
    for node in entities:
        if node not in english:
            yield _of_label("EntityHasEnglishLabel", node, None, language)


def _of_label(code: str, node: NamedNode, label: Literal | None, language: str) -> Finding:
    """Return the finding of a shape about a label; None means that the label is missing."""
    rule = _rules()[code]
    return Finding(
        severity=rule.severity,
        code=code,
        message=rule.messages[language],
        focus=node.value,
        path=LABEL.value,
        value=label and label.value,
        term=label and str(label),
        component=None if label else f"{PREFIXES['sh']}QualifiedMinCountConstraintComponent",
    )


#: RDF terms and their replacement for sheets: patterns in order, by language.
_SHEET_TERMS: Final = {
    "en": (
        (r"\bAdd (?=(?:g60|rdfs):[a-z])", "Add a row with the predicate "),
        (r"\bgive it (?:the|a) type\b", "give it a class with an `a` row"),
        (r"\bIRI\b", "name"),
        (r"\ba g60:(?=[AEIOaeio])", "an "),
        (r"\brdf:type\b", "a"),
        (r"\b(?:g60|rdfs):", ""),
        (r"\ban xsd:decimal\b", "a number"),
        (r"\ban xsd:anyURI\b", "an address"),
        (r" as the IRI of\b", " as"),
        (r"\bxsd:decimal\b", "number"),
    ),
    "zh": (
        (r"为其?注明类型", "用谓词为 a 的行注明类"),
        (r"注明 g60:", "用谓词为 a 的行注明 "),
        (r"\s*\bIRI\b\s*", "名称"),
        (r"\brdf:type\b", "a"),
        (r"\b(?:g60|rdfs):", ""),
        (r"xsd:decimal", "数字"),
    ),
}


def in_sheet_terms(finding: Finding, language: str) -> Finding:
    """Return a finding with message and hint in the terms of fact sheets instead of RDF.

    The message is the shape's own message for sheets if it has one in the language.
    """
    rule = _rules().get(finding.code)
    own = (rule.sheet_messages if rule else {}).get(language)
    return replace(
        finding,
        message=own or _reworded(finding.message, language),
        hint=finding.hint and _reworded(finding.hint, language),
    )


@lru_cache(maxsize=1)
def _rules() -> dict[str, ShapeRule]:
    return {rule.code: rule for rule in shape_rules()}


def _reworded(text: str, language: str) -> str:
    for pattern, instead in _SHEET_TERMS.get(language, _SHEET_TERMS["en"]):
        text = re.sub(pattern, instead, text)
    return text
