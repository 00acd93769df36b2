"""Rewording of findings for fact sheets: rows and columns instead of triples and IRIs."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from g60kg.validation.report.findings import Finding
from g60kg.validation.shape_rules import ShapeRule, shape_rules

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
    """Return a finding with message and hint in the terms of sheets.

    If the shape has a message for sheets, that is used.
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
    for pattern, term in _SHEET_TERMS.get(language, _SHEET_TERMS["en"]):
        text = re.sub(pattern, term, text)
    return text
