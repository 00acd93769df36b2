"""Rules of the shipped shapes: code, severity, messages and reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from g60kg import package_data
from g60kg.namespaces import COMMENT, PREFIXES, local_name, term
from g60kg.validation.report.findings import Severity

_MESSAGE = term("sh:message")
_SHEET_MESSAGE = term("shape:sheetMessage")
_SEVERITY = term("sh:severity")


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """A named shape as a rule."""

    code: str
    file: str
    severity: Severity
    messages: dict[str, str]
    sheet_messages: dict[str, str]
    why: str


def shape_rules() -> tuple[ShapeRule, ...]:
    """Return every shipped shape with a message, sorted by file and name."""
    return tuple(rule for file in package_data.shape_files() for rule in _rules_in(file))


def _rules_in(file: Path) -> list[ShapeRule]:
    said: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for quad in parse(path=file, format=RdfFormat.TURTLE):
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(object_, NamedNode | Literal):
            said.setdefault(subject.value, {}).setdefault(quad.predicate, []).append(object_)
    return [
        _rule(iri, said[iri], file)
        for iri in sorted(said)
        if iri.startswith(PREFIXES["shape"]) and _MESSAGE in said[iri]
    ]


def _rule(iri: str, about: dict[NamedNode, list[NamedNode | Literal]], file: Path) -> ShapeRule:
    severity = local_name(about[_SEVERITY][0].value) if _SEVERITY in about else "Violation"
    return ShapeRule(
        code=local_name(iri),
        file=file.stem,
        severity=Severity(severity.lower()),
        messages=_texts(about[_MESSAGE]),
        sheet_messages=_texts(about.get(_SHEET_MESSAGE, [])),
        why=next((text.value for text in about.get(COMMENT, [])), ""),
    )


def _texts(nodes: list[NamedNode | Literal]) -> dict[str, str]:
    """Return the texts of literals by language."""
    return {node.language or "": node.value for node in nodes if isinstance(node, Literal)}
