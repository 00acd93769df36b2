"""JUnit XML output of a validation report, which CI systems show as passed and failed tests.

Names are in English in every language of messages, and without line numbers and labels: CI systems
compare the tests of two runs by name. The form is the strict one of Jenkins, which others read too;
line numbers are in a test's text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree

from g60kg.namespaces import compact
from g60kg.rdf.text_excerpt import NOT_XML, on_a_line
from g60kg.validation.report.findings import CheckRun, Finding, Report, Status, worst_first

#: Characters that are invalid in XML, and surrogates, which represent bytes of file names.
_UNWRITABLE: Final = re.compile(f"{NOT_XML.pattern}|[\ud800-\udfff]")
_EXISTING: Final = "Existed before the files:"


def to_junit(report: Report, strict: bool = False) -> str:
    """Return the JUnit XML of a report: a test suite for each file, the graph, and the checks.

    A test is a code at a focus node, or at all blank nodes. There are failures exactly if
    ``report.conforms(strict)`` is false. A test whose findings all existed before is skipped;
    another without a failure passes, with its findings in its output. A check that did not run is
    skipped.
    """
    root = ElementTree.Element("testsuites", name="g60kg validate")
    for suite, findings in _by_file(report):
        _add_suite(root, suite, _cases(report, suite, findings, strict))
    _add_suite(root, "checks", [_of_check(check) for check in report.checks])
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", _seconds(check.seconds for check in report.checks))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _by_file(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    suites: dict[str, list[Finding]] = {file: [] for file in report.files}
    graph: list[Finding] = []
    for finding in worst_first(report.findings):
        (suites.setdefault(finding.file, []) if finding.file else graph).append(finding)
    yield from suites.items()
    if graph or not report.files:
        yield report.store, graph


def _cases(
    report: Report, suite: str, findings: Iterable[Finding], strict: bool
) -> list[ElementTree.Element]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        # Labels of blank nodes differ from run to run.
        about = "_:" if (finding.focus or "").startswith("_:") else compact(finding.focus or "")
        groups.setdefault(f"{finding.code} {about}".rstrip(), []).append(finding)
    cases = []
    for name, group in groups.items():
        case = _case(name, suite)
        failing = [one for one in group if not replace(report, findings=(one,)).conforms(strict)]
        _fill(case, failing, [one for one in group if one not in failing])
        cases.append(case)
    return cases or [_case("no findings", suite)]


def _fill(case: ElementTree.Element, failing: Sequence[Finding], others: Sequence[Finding]) -> None:
    """Add the outcome to the element of a test, in the order that the format requires."""
    if all(finding.status is Status.EXISTING for finding in (*failing, *others)):
        _add(case, "skipped", "\n".join((_EXISTING, *map(_text, others))))
        return
    if failing:
        # One failure for all findings: most tools show only the first.
        first, *more = failing
        message = ": ".join(part for part in (first.place, first.message) if part)
        message += f" (and {len(more)} more)" if more else ""
        _add(case, "failure", "\n".join(map(_text, failing)), type=first.severity, message=message)
    if others:
        heads = {Status.EXISTING: f"{_EXISTING}\n", Status.FIXED: "Fixed by the files:\n"}
        texts = (heads.get(finding.status, "") + _text(finding) for finding in others)
        _add(case, "system-out", "\n".join(texts))


def _text(finding: Finding) -> str:
    about = [compact(part) for part in (finding.path, finding.value) if part is not None]
    lines = (
        finding.place,
        f"{finding.severity}: {finding.message}",
        finding.focus_label or "",
        " ".join(about),
        finding.hint or "",
    )
    return "\n".join(on_a_line(line) for line in lines if line)


def _of_check(check: CheckRun) -> ElementTree.Element:
    case = _case(check.name, "checks", check.seconds)
    if not check.ran:
        _add(case, "skipped", f"Did not run: {check.note}" if check.note else "Did not run.")
    return case


def _add_suite(root: ElementTree.Element, name: str, cases: Sequence[ElementTree.Element]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_attribute(name))
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.set("time", _seconds(float(case.get("time", "0")) for case in cases))
    suite.extend(cases)


def _case(name: str, suite: str, seconds: float = 0) -> ElementTree.Element:
    given = {"name": name, "classname": suite, "time": _seconds([seconds])}
    return ElementTree.Element("testcase", {key: _attribute(text) for key, text in given.items()})


def _add(case: ElementTree.Element, part: str, text: str, **attributes: str) -> None:
    written = {key: _attribute(value) for key, value in attributes.items()}
    ElementTree.SubElement(case, part, written).text = _writable(text)


def _seconds(seconds: Iterable[float]) -> str:
    return f"{sum(seconds):.3f}"


def _attribute(text: str) -> str:
    return on_a_line(_writable(text))


def _writable(text: str) -> str:
    r"""Return a text with characters that are invalid in XML escaped as in Python.

    >>> _writable("a\x00b")
    'a\\x00b'
    """
    return _UNWRITABLE.sub(lambda match: ascii(match[0])[1:-1], text)
