"""Validation report: findings, checks, counts and verdict, as values and as JSON."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias, TypeVar

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from g60kg.stores.base import Term

#: What identifies a finding of a shape.
Key: TypeAlias = tuple[str, str | None, str | None, str | None]
#: What identifies a finding of any check.
AnyKey = TypeVar("AnyKey", bound=Hashable)


class Severity(StrEnum):
    """The severity of a finding."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class Status(StrEnum):
    """Whether a change introduces a finding, leaves an existing one, or fixes it."""

    INTRODUCED = "introduced"
    EXISTING = "existing"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, its place and its fix.

    Attributes:
        code: the stable name of its shape or check code.
        focus: the IRI, ``_:label`` or, for a literal, text of the focus node.
        value: the offending value: an IRI, ``_:label``, or a text, of a literal or not.
        line: the line of the offending triple in the file; lines and columns count from 1.
        term: the value in N-Triples, if it is a term.
        literal: the focus node in N-Triples, if it is a literal.
        component: the IRI of the SHACL constraint component, for a finding of a shape.
        graph: the named graph of its file or its Fact; the triple can be in other graphs, too.
    """

    severity: Severity
    code: str
    message: str
    focus: str | None = None
    focus_label: str | None = None
    path: str | None = None
    value: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    status: Status = Status.INTRODUCED
    term: str | None = None
    literal: str | None = None
    component: str | None = None
    graph: NamedNode | None = None

    @property
    def key(self) -> Key:
        """The key of a finding of a shape: code, focus node, path, and value in N-Triples."""
        return self.code, self.literal or self.focus, self.path, self.term

    @property
    def node(self) -> NamedNode | BlankNode | None:
        """The focus node; None unless it is an IRI or a blank node."""
        if self.literal is not None:
            return None
        focus = self.focus or ""
        try:
            return BlankNode(focus[2:]) if focus.startswith("_:") else NamedNode(focus)
        except ValueError:
            return None

    @property
    def value_term(self) -> Term | None:
        """The value as a term; None if it has only a text, or is not valid N-Triples."""
        return None if self.term is None else term_of(self.term)

    @property
    def place(self) -> str:
        """``file:line:column`` as far as it is known; empty without a file.

        >>> wrong = Finding(Severity.WARNING, "X", "…", *(None,) * 4, "new.ttl", 14, 1, None)
        >>> wrong.place
        'new.ttl:14:1'
        """
        known = (self.file, self.line, self.column) if self.file else ()
        return ":".join(str(part) for part in known if part is not None)


@lru_cache(maxsize=16)
def term_of(written: str) -> Term | None:
    """Return the term that an N-Triples or Turtle text gives; None if the text is invalid."""
    try:
        # Some libraries write a literal of several lines in triple quotes, unlike N-Triples.
        (quad,) = parse(f"<urn:s> <urn:p> {written} .", format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        return None
    found: Term = quad.object
    return found


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A run of a check: whether it ran, its duration, and a note, such as why it did not run."""

    name: str
    ran: bool
    seconds: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings of a check, whether it ran, and a note such as what it does not cover."""

    findings: tuple[Finding, ...]
    ran: bool = True
    note: str | None = None


@dataclass(frozen=True, slots=True)
class QuotationCounts:
    """Numbers of quotations by the result of their comparison with the text of their article.

    ``records`` counts the data set records that were not compared.
    """

    verified: int = 0
    failed: int = 0
    unchecked: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class PassageCounts:
    """Numbers of passages by the result of their comparison with a text."""

    verified: int = 0
    moved: int = 0
    not_found: int = 0
    unchecked: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation."""

    store: str
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    checks: tuple[CheckRun, ...]
    facts: int
    quotations: QuotationCounts
    passages: PassageCounts = PassageCounts()

    def in_chinese(self) -> Report:
        """Return the report with its messages, hints and notes in Chinese, if translated."""
        from g60kg.model.i18n.message_catalog import chinese

        findings = (
            replace(one, message=chinese(one.message), hint=one.hint and chinese(one.hint))
            for one in self.findings
        )
        checks = (replace(one, note=one.note and chinese(one.note)) for one in self.checks)
        return replace(self, findings=tuple(findings), checks=tuple(checks))

    def conforms(self, strict: bool = False) -> bool:
        """Whether the files introduce no violation and, with ``strict``, no warning.

        Existing and fixed findings do not count.
        """
        barred = {Severity.VIOLATION, Severity.WARNING} if strict else {Severity.VIOLATION}
        return not self.count(*barred, of={Status.INTRODUCED})

    def count(
        self, *severities: Severity, of: Set[Status] = frozenset(Status) - {Status.FIXED}
    ) -> int:
        """Return the number of findings with a given severity and a status in ``of``.

        Without severities it is 0; by default fixed findings do not count.
        """
        return sum(one.severity in severities and one.status in of for one in self.findings)

    def to_json(self, strict: bool = False) -> str:
        """Return as JSON: ``conforms(strict), store, files, summary, results, checks``."""
        quotations, passages = asdict(self.quotations), asdict(self.passages)
        report = {
            "conforms": self.conforms(strict),
            "store": self.store,
            "files": list(self.files),
            "summary": {
                "violations": self.count(Severity.VIOLATION),
                "warnings": self.count(Severity.WARNING),
                "info": self.count(Severity.INFO),
                **{one.value: self.count(*Severity, of={one}) for one in Status},
                "facts": self.facts,
                "quotations": quotations,
                "passages": {_IN_JSON.get(name, name): n for name, n in passages.items()},
                "records": {"unchecked": quotations.pop("records")},
            },
            "results": [
                {_IN_JSON.get(name, name): getattr(finding, name) for name in _SHOWN}
                for finding in worst_first(self.findings)
            ],
            "checks": [
                {"name": check.name, "ran": check.ran, "seconds": round(check.seconds, 3)}
                | ({"note": check.note} if check.note else {})
                for check in self.checks
            ],
        }
        return json.dumps(report, ensure_ascii=False, indent=2)


def compared(
    before: Mapping[AnyKey, Finding], after: Mapping[AnyKey, Finding]
) -> Iterator[Finding]:
    """Yield the findings after a change as introduced or existing, then those fixed.

    A finding is existing if both have its key, and fixed if ``after`` lacks it.
    """
    for key, finding in after.items():
        status = Status.EXISTING if key in before else Status.INTRODUCED
        yield replace(finding, status=status)
    for key, finding in before.items():
        if key not in after:
            yield replace(finding, status=Status.FIXED)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings grouped by focus node; the group with the worst finding is first.

    Within a group, the worst finding is first.
    """
    ordered = sorted(findings, key=_within_focus)
    worst: dict[str, int] = {}
    for finding in ordered:
        worst.setdefault(finding.focus or "", _RANK[finding.severity])
    return tuple(sorted(ordered, key=lambda f: (worst[f.focus or ""], f.focus or "")))


#: The attributes of a finding in JSON, and keys that differ.
_SHOWN: Final = (
    *("severity", "code", "status", "message", "focus", "focus_label", "path", "value"),
    *("file", "line", "column", "hint"),
)
_IN_JSON: Final = {"focus_label": "focusLabel", "not_found": "notFound"}
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
