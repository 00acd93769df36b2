"""Input policy: statements and terms that files of facts may contain.

Shapes cannot protect the graph from a file that changes the shapes, makes statements about
entities outside id:, or uses terms that the graph does not support.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode, Quad

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.validation.checks.input_policy.fault_messages import finding_of
from g60kg.validation.checks.input_policy.long_chains import in_long_chains
from g60kg.validation.checks.input_policy.policy_codes import (
    BLANK_NODE,
    CODES,
    FOREIGN_SUBJECT,
    LEXICAL_FORM,
    LONG_CHAIN,
    OF_TERMS,
    ONTOLOGY_CHANGED,
    RDF_12_TERM,
    SCHEMA_PROPERTY,
    SOURCE_GRAPH,
)
from g60kg.validation.checks.input_policy.quad_faults import Fault, InputPolicy
from g60kg.validation.finding_limit import Listing
from g60kg.validation.report.findings import Finding

__all__ = ["CODES", "OF_TERMS", "facts_alone", "foreign_statements", "has_long_chains"]

#: Maximum statements about foreign entities that further checks read, since a subject is easily
#: misspelt; with more of them, they are not a typing error.
MOST_FOREIGN: Final = 1_000
#: Codes of statements that change the meaning of others or that no check can read: left out.
_NOT_BELIEVED: Final = frozenset((ONTOLOGY_CHANGED, SCHEMA_PROPERTY, SOURCE_GRAPH, RDF_12_TERM))
#: Numbers that an engine computes with although they are invalid for their datatype.
_UNUSABLE: Final = re.compile(r"e|nan|inf|\d{19}", re.IGNORECASE)


def foreign_statements(
    quads: Sequence[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return a finding for each statement that a file of facts may not make.

    A problem of a subject, a graph or a blank node is reported once, however often it occurs. The
    number of findings of a code is limited; the last one has the number of the rest.
    """
    listing = Listing(language)
    reported: set[tuple[str, ...]] = set()
    for quad, fault in _faults(quads, vocabulary):
        code = fault.code.name
        once = fault.of_subject or fault.code in (SOURCE_GRAPH, BLANK_NODE)
        key = (code, fault.at) if once else (code, fault.at, str(quad.subject))
        if key not in reported:
            reported.add(key)
            if listing.wants(code):
                listing.add(finding_of(quad, fault, language))
    return listing.findings()


def _faults(quads: Sequence[Quad], vocabulary: Vocabulary) -> Iterator[tuple[Quad, Fault]]:
    territory = InputPolicy(vocabulary)
    for quad in quads:
        for fault in territory.faults(quad):
            yield quad, fault
    for quad in _chained(quads, vocabulary):
        reached = quad.object.value if isinstance(quad.object, NamedNode) else str(quad.object)
        yield quad, Fault(LONG_CHAIN, "chain", reached, "")


def has_long_chains(quads: Sequence[Quad], vocabulary: Vocabulary) -> bool:
    """Return whether a chain of statements is too long."""
    return bool(_chained(quads, vocabulary))


def _chained(quads: Sequence[Quad], vocabulary: Vocabulary) -> Sequence[Quad]:
    return in_long_chains(quads, vocabulary.transitive_properties)


def facts_alone(quads: Sequence[Quad], vocabulary: Vocabulary) -> list[Quad]:
    """Return the quads for further checks, without those that would change their results.

    Left out are statements about terms and shapes, in reserved graphs or in RDF 1.2; numbers that
    their datatype does not allow and that can occupy or end an engine (with an exponent, too many
    digits, NaN, INF); and very many statements about foreign entities. All of them are violations
    already.
    """
    territory = InputPolicy(vocabulary)
    kept: list[Quad] = []
    foreign: set[int] = set()
    for quad in quads:
        codes = {fault.code for fault in territory.faults(quad)}
        unusable = LEXICAL_FORM in codes and _UNUSABLE.search(str(quad.object).partition('"^^')[0])
        if codes.isdisjoint(_NOT_BELIEVED) and not unusable:
            if FOREIGN_SUBJECT in codes:
                foreign.add(len(kept))
            kept.append(quad)
    if len(foreign) <= MOST_FOREIGN:
        return kept
    return [quad for number, quad in enumerate(kept) if number not in foreign]
