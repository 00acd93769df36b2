"""Check of duplicates: added names and facts that the graph already has.

Duplicate names are warnings, never violations: two entities can have one name. A known fact, or a
fact that a second source has too, is information.
"""

from __future__ import annotations

from g60kg.model.change import Change
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.validation.checks.duplicates.known_facts import known_facts
from g60kg.validation.checks.duplicates.label_index import Directory
from g60kg.validation.checks.duplicates.near_names import names_taken
from g60kg.validation.report.findings import CheckResult


def check_duplicates(change: Change, vocabulary: Vocabulary, language: str = "en") -> CheckResult:
    """Return added names and facts that the graph or the added quads already have."""
    directory = Directory(change, vocabulary)
    names = names_taken(change.after, directory, language)
    return CheckResult((*names, *known_facts(change, language)), note=directory.note(language))
