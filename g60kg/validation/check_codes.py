"""Class of the codes of checks other than shapes, for reports and documentation."""

from __future__ import annotations

from dataclasses import dataclass

from g60kg.namespaces import BASE
from g60kg.validation.report.findings import Severity


@dataclass(frozen=True, slots=True)
class CheckCode:
    """A kind of finding of a check. The codes of a check are the ``CODES`` of its module.

    Attributes:
        name: its stable name in reports, like the name of a shape.
        severities: the possible severities, worst first.
        summary: the finding in one sentence.
        why: the reason of the check, and when a finding has a lower severity.
    """

    name: str
    severities: tuple[Severity, ...]
    summary: str
    why: str


def code_page(code: str) -> str:
    """Return the address of a code's entry in docs/codes.md.

    >>> code_page("FactHasEvidence")
    'https://w3id.org/g60kg/docs/codes#facthasevidence'
    """
    return f"{BASE}docs/codes#{code.lower()}"
