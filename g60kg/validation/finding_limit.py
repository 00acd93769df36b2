"""Findings of a file that may be wrong in every line: the first ones, and how many more."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from g60kg.validation.report.findings import Finding

#: Findings of one code that are listed.
LISTED: Final = 100
_MORE: Final = {
    "en": "{count} more like this are not listed.",
    "zh": "另有 {count} 处同类问题未列出。",
}


class Listing:
    """Findings by their code, each code no oftener than is read."""

    def __init__(self, language: str) -> None:
        self._more = _MORE.get(language, _MORE["en"])
        self._listed: dict[str, list[Finding]] = {}
        self._met: Counter[str] = Counter()

    def wants(self, code: str) -> bool:
        """Counts a finding of a code, and tells whether it is to be listed."""
        self._met[code] += 1
        return self._met[code] <= LISTED

    def add(self, finding: Finding) -> None:
        """Takes a finding that is to be listed."""
        self._listed.setdefault(finding.code, []).append(finding)

    def findings(self) -> tuple[Finding, ...]:
        """What is listed, those of one code together; the last of a code tells of the rest."""
        found: list[Finding] = []
        for code, listed in self._listed.items():
            found += listed
            if further := self._met[code] - len(listed):
                more = self._more.format(count=f"{further:,}")
                hint = f"{found[-1].hint or ''} {more}".lstrip()
                found[-1] = replace(found[-1], hint=hint)
        return tuple(found)
