"""What a validation found: findings, checks, counts and the verdict, as values and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How bad a finding is: wrong, poor, or worth knowing."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class Status(StrEnum):
    """Whether the files brought a finding, found it there, or mended it."""

    INTRODUCED = "introduced"
    EXISTING = "existing"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or poor, where it is, and how to mend it.

    Attributes:
        severity: how bad it is.
        code: the local name of the shape that carries the message, or the check's name; stable.
        message: what is wrong and how to mend it, for a curator.
        focus: the IRI of the node that it is about; ``_:label`` for a blank node.
        focus_label: what a reader calls that node.
        path: the IRI of the property that it is about.
        value: the offending value, an IRI or the text of a literal.
        file: the file it stands in.
        line: the line of the triple, from 1.
        column: the column of the triple, from 1.
        hint: a help that fits this very case, such as the nearest known name.
        status: whether the files brought it.
        term: the value as N-Triples writes it, where the check had it as a term.
        component: the IRI of the SHACL constraint component, for a finding of a shape.
    """

    severity: Severity
    code: str
    message: str
    focus: str | None
    focus_label: str | None
    path: str | None
    value: str | None
    file: str | None
    line: int | None
    column: int | None
    hint: str | None
    status: Status = Status.INTRODUCED
    term: str | None = None
    component: str | None = None

    @property
    def place(self) -> str:
        """``file:line:column`` as far as it is known; empty where it is not.

        >>> wrong = Finding(Severity.WARNING, "X", "…", *(None,) * 4, "new.ttl", 14, 1, None)
        >>> wrong.place
        'new.ttl:14:1'
        """
        known = (self.file, self.line, self.column) if self.file else ()
        return ":".join(str(part) for part in known if part is not None)


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check of the gate: whether it ran, how long it took, and why it did not run."""

    name: str
    ran: bool
    seconds: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class QuotationCounts:
    """How many quotations agree with their article's text, do not, or could not be compared.

    ``records`` counts dataset records, which no check compares with their dataset.
    """

    verified: int = 0
    failed: int = 0
    unchecked: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation.

    Attributes:
        store: what a person calls the graph that was validated.
        files: the files that were laid on top of it; none when the graph itself was validated.
        findings: all that was found, in any order.
        checks: the checks in the order in which they ran.
        facts: how many Facts were looked at.
        quotations: what came of comparing quotations with texts.
    """

    store: str
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    checks: tuple[CheckRun, ...]
    facts: int
    quotations: QuotationCounts

    def conforms(self, strict: bool = False) -> bool:
        """Whether the files bring no violation and, when strict, no warning either."""
        barred = {Severity.VIOLATION, Severity.WARNING} if strict else {Severity.VIOLATION}
        return not any(
            finding.status is Status.INTRODUCED and finding.severity in barred
            for finding in self.findings
        )

    def count(self, severity: Severity) -> int:
        """The findings of a severity that stand now, brought by the files or there before."""
        return sum(
            finding.severity is severity and finding.status is not Status.FIXED
            for finding in self.findings
        )

    def count_status(self, status: Status) -> int:
        """The findings of a status."""
        return sum(finding.status is status for finding in self.findings)

    def to_json(self, strict: bool = False) -> str:
        """The report as JSON: members ``conforms, store, files, summary, results, checks``."""
        report = {
            "conforms": self.conforms(strict),
            "store": self.store,
            "files": list(self.files),
            "summary": {
                "violations": self.count(Severity.VIOLATION),
                "warnings": self.count(Severity.WARNING),
                "info": self.count(Severity.INFO),
                "introduced": self.count_status(Status.INTRODUCED),
                "existing": self.count_status(Status.EXISTING),
                "fixed": self.count_status(Status.FIXED),
                "facts": self.facts,
                "quotations": {
                    "verified": self.quotations.verified,
                    "failed": self.quotations.failed,
                    "unchecked": self.quotations.unchecked,
                },
                "records": {"unchecked": self.quotations.records},
            },
            "results": [
                {
                    "severity": finding.severity,
                    "code": finding.code,
                    "status": finding.status,
                    "message": finding.message,
                    "focus": finding.focus,
                    "focusLabel": finding.focus_label,
                    "path": finding.path,
                    "value": finding.value,
                    "file": finding.file,
                    "line": finding.line,
                    "column": finding.column,
                    "hint": finding.hint,
                }
                for finding in worst_first(self.findings)
            ],
            "checks": [
                {"name": check.name, "ran": check.ran, "seconds": round(check.seconds, 3)}
                | ({"note": check.note} if check.note else {})
                for check in self.checks
            ],
        }
        return json.dumps(report, ensure_ascii=False, indent=2)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings grouped by focus node: the node with the worst first, in it the worst first."""
    ordered = sorted(findings, key=_within_focus)
    worst: dict[str, int] = {}
    for finding in ordered:
        worst.setdefault(finding.focus or "", _RANK[finding.severity])
    return tuple(sorted(ordered, key=lambda f: (worst[f.focus or ""], f.focus or "")))


_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}


def _within_focus(finding: Finding) -> tuple[int, str, str, int, str, str, str]:
    return (
        _RANK[finding.severity],
        finding.status,
        finding.file or "",
        finding.line or 0,
        finding.code,
        finding.path or "",
        finding.value or "",
    )
