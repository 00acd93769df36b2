"""Text output of a validation report: groups of lines by focus node, or rows of a table."""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from g60kg.namespaces import compact
from g60kg.rdf.text_excerpt import excerpt, on_a_line
from g60kg.validation.report.findings import (
    Finding,
    PassageCounts,
    Report,
    Severity,
    Status,
    worst_first,
)
from g60kg.validation.texts import check_texts

#: Maximum characters of a file name and place.
_LONGEST_PLACE: Final = 500
#: Terminal styles of severities, focus nodes and the verdict (ECMA-48, section 8.3.117).
_STYLES: Final = {
    Severity.VIOLATION: "1;31",
    Severity.WARNING: "33",
    Severity.INFO: "36",
    "focus": "1",
    "conforms": "32",
    "fails": "1;31",
}


def to_text(
    report: Report, language: str = "en", strict: bool = False, *, colour: bool = False
) -> str:
    """Return the report as text: a block for each focus node, worst first, and the verdict.

    ``strict`` is as in :meth:`Report.conforms`.
    """
    words = check_texts("report", language)
    lines = finding_lines(report.findings, language, colour=colour)
    lines += [
        f"{words['skipped']}: {check.name}" + (f" ({check.note})" if check.note else "")
        for check in report.checks
        if not check.ran
    ]
    lines.append(
        words["summary"].format(
            violations=report.count(Severity.VIOLATION),
            warnings=report.count(Severity.WARNING),
            existing=report.count(Severity.VIOLATION, Severity.WARNING, of={Status.EXISTING}),
            fixed=report.count(*Severity, of={Status.FIXED}),
            facts=report.facts,
            quotations=report.quotations,
        )
    )
    if report.passages != PassageCounts():
        lines.append(words["passages"].format(report.passages))
    verdict = "conforms" if report.conforms(strict) else "fails"
    lines.append(_painted(words[verdict], verdict, colour))
    return "\n".join(lines) + "\n"


def _painted(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text


def finding_lines(
    findings: Iterable[Finding], language: str = "en", *, colour: bool = False
) -> list[str]:
    """Return findings as lines, grouped by focus node, worst first; an empty line ends a group."""
    words = check_texts("report", language)
    lines: list[str] = []
    for name, found in groupby(worst_first(findings), key=_focus_name):
        lines.append(_painted(name or words["whole"], "focus", colour))
        for finding in found:
            lines += _block(finding, words, colour)
        lines.append("")
    return lines


def header(language: str = "en") -> tuple[str, ...]:
    """Return the column names of :func:`rows`."""
    words = check_texts("report", language)
    return tuple(words[column] for column in ("severity", "rule", "focus", "message", "place"))


def rows(report: Report, language: str = "en") -> tuple[tuple[str, ...], ...]:
    """Return a row for each finding: severity, rule, focus node, message, place.

    The findings of a focus node are together; the node with the worst finding is first.
    """
    words = check_texts("report", language)
    return tuple(
        (
            _severity(finding, words),
            finding.code,
            on_a_line(finding.focus_label or compact(finding.focus or "")),
            on_a_line(finding.message + (f" {finding.hint}" if finding.hint else "")),
            on_a_line(finding.place),
        )
        for finding in worst_first(report.findings)
    )


def _focus_name(finding: Finding) -> str:
    name = compact(finding.focus or "")
    if finding.focus_label and name.startswith("id:observation-"):
        return on_a_line(finding.focus_label)
    return on_a_line(f"{finding.focus_label} ({name})" if finding.focus_label else name)


def _severity(finding: Finding, words: dict[str, str]) -> str:
    word = words[finding.severity]
    if finding.status is Status.INTRODUCED:
        return word
    return f"{word} ({words[finding.status]})"


def _block(finding: Finding, words: dict[str, str], colour: bool) -> list[str]:
    severity = _painted(_severity(finding, words), finding.severity, colour)
    head = ("", severity, finding.code, excerpt(on_a_line(finding.place), _LONGEST_PLACE))
    lines = ["  ".join(head).rstrip(), f"    {on_a_line(finding.message)}"]
    about = " ".join(compact(part) for part in (finding.path, finding.value) if part is not None)
    if about:
        lines.append(f"    → {on_a_line(about)}")
    if finding.hint:
        lines.append(f"    {on_a_line(finding.hint)}")
    return lines
