"""SARIF 2.1.0 output of a validation report, which code hosts show beside the lines.

Section numbers refer to the OASIS standard "Static Analysis Results Interchange
Format (SARIF) Version 2.1.0".
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from g60kg.namespaces import BASE, compact
from g60kg.package_data import __version__
from g60kg.validation.report.findings import Finding, Report, Severity, Status, worst_first

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: Name of the fingerprint algorithm; another algorithm needs another name (3.27.17).
FINGERPRINT: Final = "g60kgFinding/v1"

_LEVELS: Final = dict(zip(Severity, ("error", "warning", "note"), strict=True))
_BASELINE: Final = dict(zip(Status, ("new", "unchanged", "absent"), strict=True))
_WORDS: Final = re.compile("[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")

#: A JSON object of the log.
_Json = Mapping[str, object]


def to_sarif(
    report: Report,
    rules: Mapping[str, tuple[str, str, str]] = MappingProxyType({}),
    language: str = "en",
) -> str:
    """Return the SARIF log of a report.

    ``rules`` has summary, description and page of each code. Every finding is a result; fixed ones
    have the baseline state ``absent``. If the graph itself was validated, there is no baseline
    state. Columns count code points. A check that did not run is a notification.
    """
    findings = worst_first(report.findings)
    codes = sorted({*rules, *(finding.code for finding in findings)})
    order = {code: index for index, code in enumerate(codes)}
    run = {
        "tool": {
            "driver": {
                "name": "g60kg",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": BASE.rstrip("/"),
                "rules": [_rule(code, rules.get(code), findings) for code in codes],
            }
        },
        "language": language,
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {
                        "descriptor": {"id": check.name},
                        "level": "warning",
                        "message": _message(f"The check {check.name} did not run.", check.note),
                    }
                    for check in report.checks
                    if not check.ran
                ],
            }
        ],
        "artifacts": [
            {"location": {"uri": _uri(file)}, "roles": ["analysisTarget"]} for file in report.files
        ],
        "results": [
            _result(finding, order[finding.code], compared=bool(report.files))
            for finding in findings
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    text = json.dumps(log, ensure_ascii=False, indent=2)
    # Surrogates, which represent bytes of file names, have no encoding.
    return text.encode(errors="replace").decode() + "\n"


def _rule(code: str, known: tuple[str, str, str] | None, findings: Iterable[Finding]) -> _Json:
    levels = [_LEVELS[finding.severity] for finding in findings if finding.code == code]
    summary, description, page = known or (_code_as_sentence(code), "", "")
    written: dict[str, object] = {
        "id": code,
        "shortDescription": _message(summary),
        "fullDescription": _message(description or summary),
    }
    if page:
        written["helpUri"] = page
    if levels:
        worst = min(levels, key=list(_LEVELS.values()).index)
        written["defaultConfiguration"] = {"level": worst}
    return written


def _result(finding: Finding, rule_index: int, compared: bool) -> _Json:
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message, finding.hint),
    }
    if location := _location(finding):
        result["locations"] = [location]
    result["partialFingerprints"] = {FINGERPRINT: _fingerprint(finding)}
    if compared:
        result["baselineState"] = _BASELINE[finding.status]
    about = {"path": finding.path, "value": finding.value}
    if known := {key: value for key, value in about.items() if value is not None}:
        result["properties"] = known
    return result


def _location(finding: Finding) -> _Json:
    """Return the SARIF location of a finding; empty if neither a file nor a focus node is known."""
    location: dict[str, object] = {}
    if finding.file:
        physical: dict[str, object] = {"artifactLocation": {"uri": _uri(finding.file)}}
        if finding.line:
            column = {"startColumn": finding.column} if finding.column else {}
            physical["region"] = {"startLine": finding.line, **column}
        location["physicalLocation"] = physical
    if finding.focus:
        location["logicalLocations"] = [
            {
                "name": finding.focus_label or compact(finding.focus),
                "fullyQualifiedName": finding.focus,
                "kind": "resource",
            }
        ]
    return location


def _message(text: str, *more: str | None) -> _Json:
    """Return a SARIF message of texts, a line each; braces are doubled (SARIF, section 3.11.5)."""
    whole = "\n".join((text, *(part for part in more if part)))
    return {"text": whole.replace("{", "{{").replace("}", "}}")}


def _fingerprint(finding: Finding) -> str:
    """Return the SHA-256 of code, focus node, path and value; of only a code, with the message."""
    focus, value = finding.focus or "", finding.term or finding.value or ""
    # Labels of blank nodes differ from run to run.
    parts = (
        finding.code,
        "_:" if focus.startswith("_:") else focus,
        finding.path or "",
        "_:" if value.startswith("_:") else value,
    )
    written = json.dumps(parts if any(parts[1:]) else (*parts, finding.message))
    return hashlib.sha256(written.encode()).hexdigest()


def _uri(file: str) -> str:
    """Return the URI of a file: relative as given, else a ``file:`` URI.

    >>> _uri("facts/松江 new.ttl")
    'facts/%E6%9D%BE%E6%B1%9F%20new.ttl'
    """
    path = Path(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(os.fsencode(path.as_posix()))


def _code_as_sentence(code: str) -> str:
    """Return the words of a code as a sentence.

    >>> _code_as_sentence("FactHasEvidence")
    'Fact has evidence'
    """
    return " ".join(_WORDS.findall(code)).capitalize() or code
