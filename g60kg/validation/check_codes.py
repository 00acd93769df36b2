"""Codes of checks other than shapes, and the limit of the findings of one code."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, ParamSpec

from pyoxigraph import BlankNode, NamedNode

from g60kg.namespaces import BASE
from g60kg.stores.base import Term
from g60kg.validation.report.findings import Finding, Severity, Status
from g60kg.validation.texts import check_texts, read

#: Maximum findings of one code.
LISTED: Final = 100

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class CheckCode:
    """A kind of finding of a check.

    Attributes:
        name: its stable name in reports, like the name of a shape.
        severities: the possible severities, worst first.
        summary: what a finding means, in one sentence.
        why: the reason of the check, and when a finding has a lower severity.
    """

    name: str
    severities: tuple[Severity, ...]
    summary: str
    why: str

    def finding(
        self,
        message: str,
        hint: str | None = None,
        *,
        focus: Term | str | None = None,
        label: str | None = None,
        path: NamedNode | None = None,
        value: Term | str | None = None,
        term: str | None = None,
        severity: Severity | None = None,
        status: Status = Status.INTRODUCED,
        graph: NamedNode | None = None,
    ) -> Finding:
        """Return a finding of this code.

        Args:
            hint: how to fix the problem; None if there is no hint.
            focus: the focus node, or its text in a report.
            label: the label of the focus node.
            path: the property that the finding is about.
            value: the offending value or its text. The line of the finding in a file is searched by
                the value if it is a node, else by ``term``.
            term: the object of the offending statement in N-Triples; ignored if ``value`` is a
                node.
            severity: one of the code's severities; by default the worst.
            graph: the graph of the Fact or the statement that the finding is about.
        """
        return Finding(
            severity=severity or self.severities[0],
            code=self.name,
            message=message,
            focus=written(focus),
            focus_label=label,
            path=path and path.value,
            value=written(value),
            hint=hint,
            status=status,
            term=term if value is None or isinstance(value, str) else str(value),
            graph=graph,
        )


@cache
def codes_by_check() -> dict[str, tuple[CheckCode, ...]]:
    """Return the codes of the file texts/codes.yaml by check, in the order in which these run."""
    return {
        check: tuple(
            CheckCode(name, tuple(map(Severity, one["severities"])), one["summary"], one["why"])
            for name, one in codes.items()
        )
        for check, codes in read("codes").items()
    }


def check_code(name: str) -> CheckCode:
    """Return the code with a name in the file texts/codes.yaml.

    >>> check_code("LabelTaken").severities
    (<Severity.WARNING: 'warning'>,)
    """
    return next(code for codes in codes_by_check().values() for code in codes if code.name == name)


class FindingList:
    """A list of findings that has at most :data:`LISTED` of each code, and counts the others."""

    def __init__(self, language: str) -> None:
        self._more = check_texts("limit", language)["more"]
        self._listed: dict[str, list[Finding]] = {}
        self._met: Counter[str] = Counter()

    def add(
        self, code: CheckCode, make: Callable[P, Finding], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Count a finding of a code; make it if it is to be listed."""
        self._met[code.name] += 1
        if self._met[code.name] <= LISTED:
            self._listed.setdefault(code.name, []).append(make(*args, **kwargs))

    def findings(self) -> tuple[Finding, ...]:
        """Return the listed findings, grouped by code.

        If a code has more findings than are listed, the hint of its last one has the number of the
        others.
        """
        found: list[Finding] = []
        for code, listed in self._listed.items():
            found += listed
            if further := self._met[code] - len(listed):
                more = self._more.format(count=f"{further:,}")
                hint = f"{found[-1].hint or ''} {more}".lstrip()
                found[-1] = replace(found[-1], hint=hint)
        return tuple(found)


def written(node: Term | str | None) -> str | None:
    """Return the text of a node in a finding.

    It is the IRI, the text of a literal, or ``_:`` and the label of a blank node. A string and None
    are returned unchanged.
    """
    if node is None or isinstance(node, str):
        return node
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value


def code_page(code: str) -> str:
    """Return the address of a code's entry in docs/codes.md.

    >>> code_page("FactHasEvidence")
    'https://w3id.org/g60kg/docs/codes#facthasevidence'
    """
    return f"{BASE}docs/codes#{code.lower()}"
