"""The codes of the checks that are no shapes: what each is for, told once for report and docs."""

from __future__ import annotations

from dataclasses import dataclass

from g60kg.namespaces import BASE
from g60kg.validation.report.findings import Severity


@dataclass(frozen=True, slots=True)
class CheckCode:
    """A kind of finding that a check has. The codes of a check are the ``CODES`` of its module.

    Attributes:
        name: what stands in reports; stable, as the name of a shape is.
        severities: how bad a finding of this code can be, the worst first.
        summary: what the finding says, in one sentence.
        why: what would go wrong without the check, and when a finding is less than the worst.
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
