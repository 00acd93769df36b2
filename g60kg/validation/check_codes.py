"""Class of the codes of checks other than shapes, for findings and documentation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pyoxigraph import BlankNode, NamedNode

from g60kg.namespaces import BASE
from g60kg.stores.base import Term
from g60kg.validation.report.findings import Finding, Severity, Status
from g60kg.validation.texts import read


@dataclass(frozen=True, slots=True)
class CheckCode:
    """A kind of finding of a check.

    Attributes:
        name: its stable name in reports, like the name of a shape.
        severities: the possible severities, worst first.
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
        severity: Severity | None = None,
        status: Status = Status.INTRODUCED,
        graph: NamedNode | None = None,
    ) -> Finding:
        """Return a finding of this code.

        Args:
            focus: the focus node, or its text in a report.
            value: the offending value, or its text; the place in a file is found by a node alone.
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
            term=None if value is None or isinstance(value, str) else str(value),
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
    """Return the code of a name in that file.

    >>> check_code("LabelTaken").severities
    (<Severity.WARNING: 'warning'>,)
    """
    return next(code for codes in codes_by_check().values() for code in codes if code.name == name)


def written(node: Term | str | None) -> str | None:
    """Return the text of a node in a finding: IRI, text or blank node label; text is unchanged."""
    if node is None or isinstance(node, str):
        return node
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value


def code_page(code: str) -> str:
    """Return the address of a code's entry in docs/codes.md.

    >>> code_page("FactHasEvidence")
    'https://w3id.org/g60kg/docs/codes#facthasevidence'
    """
    return f"{BASE}docs/codes#{code.lower()}"
