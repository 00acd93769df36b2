"""What is added and is there already: under the same name, under a near one, or as the same fact.

Names are warnings, never violations: two things may bear one name. That a fact is known already,
or comes from a second source, is worth knowing and no fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.stores.base import GraphStore
from g60kg.stores.overlay import Overlay
from g60kg.validation.checks.duplicates.known_facts import CORROBORATED, KNOWN_FACT, known_facts
from g60kg.validation.checks.duplicates.label_index import Directory
from g60kg.validation.checks.duplicates.near_names import LABEL_TAKEN, NEAR_NAME, names_taken
from g60kg.validation.report.findings import Finding

#: The codes of this check.
CODES: Final = (LABEL_TAKEN, NEAR_NAME, KNOWN_FACT, CORROBORATED)


@dataclass(frozen=True, slots=True)
class DuplicateCheck:
    """What came of looking for duplicates.

    Attributes:
        findings: what was found.
        note: where names were compared less thoroughly, since there are too many; else None.
    """

    findings: tuple[Finding, ...]
    note: str | None


def check_duplicates(
    before: GraphStore,
    added: Sequence[Quad],
    vocabulary: Vocabulary,
    language: str = "en",
) -> DuplicateCheck:
    """What is added and is there already, in the graph or elsewhere in what is added.

    Args:
        before: the graph without what is added.
        added: the quads to be added, each in its source's graph.
        vocabulary: which classes are kinds of which.
        language: of messages and note, ``en`` or ``zh``.
    """
    after = Overlay(before, added)
    directory = Directory(after, vocabulary)
    names = names_taken(after, directory, language)
    return DuplicateCheck((*names, *known_facts(after, language)), directory.note(language))
