"""Limit of the findings of one code: the first ones, and the number of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

#: Maximum findings of one code.
LISTED: Final = 100


class Listing:
    """Findings by code, up to the limit for each."""

    def __init__(self, language: str) -> None:
        self._more = check_texts("limit", language)["more"]
        self._listed: dict[str, list[Finding]] = {}
        self._met: Counter[str] = Counter()

    def wants(self, code: str) -> bool:
        """Count a finding of a code, and return whether to list it."""
        self._met[code] += 1
        return self._met[code] <= LISTED

    def add(self, finding: Finding) -> None:
        """Add a finding to list."""
        self._listed.setdefault(finding.code, []).append(finding)

    def findings(self) -> tuple[Finding, ...]:
        """Return the listed findings by code; the last of a code has the number of the rest."""
        found: list[Finding] = []
        for code, listed in self._listed.items():
            found += listed
            if further := self._met[code] - len(listed):
                more = self._more.format(count=f"{further:,}")
                hint = f"{found[-1].hint or ''} {more}".lstrip()
                found[-1] = replace(found[-1], hint=hint)
        return tuple(found)
