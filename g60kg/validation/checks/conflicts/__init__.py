"""Check of conflicts of added with existing statements: second values, differing lists.

Conflicts between sources are warnings, possible conflicts are information: both
statements stay, and the query ``conflicts`` shows them. The check reads the Facts that
added quads change, and the Facts with the same subject and property.
"""

from g60kg.model.change import Change
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.validation.checks.conflicts.candidates import Side, conflict_candidates
from g60kg.validation.checks.conflicts.differences import list_conflicts, value_conflicts
from g60kg.validation.report.findings import Finding, compared


def check_conflicts(
    change: Change, vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return the conflicts of added quads with each other and with the graph.

    There is a finding for each pair of values, and for the differences of two lists, with the
    evidence of both. A conflict that the graph had before is ``existing``; a conflict that the
    change resolves is ``fixed``.
    """
    candidates = conflict_candidates(change, vocabulary)
    earlier, found = (
        {**dict(value_conflicts(side)), **dict(list_conflicts(side))}
        for side in (
            Side(store, facts, language, candidates, vocabulary)
            for store, facts in ((change.before, change.facts_before), (change.after, change.facts))
        )
    )
    return tuple(compared(earlier, found))
