"""Where what is added and what sources state cannot both be right: second values, other lists.

Conflicts between sources are warnings: both statements stay, and the query ``conflicts`` shows
them. What is looked at are the Facts that the added quads touch, and those about the same subject
and property.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Quad

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.stores.base import GraphStore
from g60kg.stores.overlay import Overlay
from g60kg.validation.checks.conflicts.candidates import Side, touched_places
from g60kg.validation.checks.conflicts.complete_lists import LIST_DIFFERS, list_conflicts
from g60kg.validation.checks.conflicts.rival_values import (
    BOUNDS_CONTRADICTED,
    SECOND_VALUE,
    value_conflicts,
)
from g60kg.validation.report.findings import Finding, Status

#: The codes of this check.
CODES: Final = (SECOND_VALUE, LIST_DIFFERS, BOUNDS_CONTRADICTED)


def check_conflicts(
    before: GraphStore,
    added: Sequence[Quad],
    vocabulary: Vocabulary,
    language: str = "en",
) -> tuple[Finding, ...]:
    """The conflicts of what is added, with itself and with what is there, both sides quoted.

    Args:
        before: the graph without what is added.
        added: the quads to be added, each in its source's graph.
        vocabulary: which properties have one value, and which complete lists.
        language: of messages, ``en`` or ``zh``.

    Returns:
        Each pair of values once, and each value that one list alone has. A conflict that was
        there already is ``existing``; one that the added quads end is ``fixed``.
    """
    after = Overlay(before, added)
    places = touched_places(after, vocabulary)
    found, earlier = _found(Side(after, language, places)), _found(Side(before, language, places))
    standing = (
        replace(finding, status=Status.EXISTING) if key in earlier else finding
        for key, finding in found.items()
    )
    mended = (
        replace(finding, status=Status.FIXED)
        for key, finding in earlier.items()
        if key not in found
    )
    return (*standing, *mended)


def _found(side: Side) -> dict[tuple[str, ...], Finding]:
    """The conflicts on one side of the addition, each by what makes it the same one."""
    return {**dict(value_conflicts(side)), **dict(list_conflicts(side))}
