"""Whether files of facts keep to what facts may speak of: their own things, in the graph's terms.

What the shapes say of a thing helps nothing where a file changes the shapes, speaks of other
people's things, or writes terms that this graph has no place for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode, Quad

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.validation.checks.input_policy.fault_messages import finding_of
from g60kg.validation.checks.input_policy.long_chains import carrying_on, in_long_chains
from g60kg.validation.checks.input_policy.policy_codes import (
    BLANK_NODE,
    CONTROL_CHARACTER,
    FOREIGN_SUBJECT,
    FOREIGN_TYPE,
    FORMULA_TEXT,
    IRI_NAME,
    IRI_SCHEME,
    LEXICAL_FORM,
    LONG_CHAIN,
    ONTOLOGY_CHANGED,
    RDF_12_TERM,
    SCHEMA_PROPERTY,
    SOURCE_GRAPH,
    TERM_LENGTH,
)
from g60kg.validation.checks.input_policy.quad_faults import Fault, Territory
from g60kg.validation.finding_limit import Listing
from g60kg.validation.report.findings import Finding

#: The codes of this part of the check ``vocabulary``.
CODES: Final = (
    FOREIGN_SUBJECT,
    ONTOLOGY_CHANGED,
    SCHEMA_PROPERTY,
    FOREIGN_TYPE,
    BLANK_NODE,
    SOURCE_GRAPH,
    RDF_12_TERM,
    IRI_SCHEME,
    IRI_NAME,
    TERM_LENGTH,
    CONTROL_CHARACTER,
    FORMULA_TEXT,
    LEXICAL_FORM,
    LONG_CHAIN,
)
#: Statements about other people's things that further checks look at, since a subject is easily
#: named wrongly; more of them are no slip.
MOST_FOREIGN: Final = 1_000
#: What changes how everything else is read, or is read by nothing: not to be believed further.
_NOT_BELIEVED: Final = frozenset((ONTOLOGY_CHANGED, SCHEMA_PROPERTY, SOURCE_GRAPH, RDF_12_TERM))


def foreign_statements(
    quads: Sequence[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """What a file states that is not a file of facts' to state, one finding a fault.

    What is wrong with a subject, a graph or a blank node is told once, however often it stands
    there. Of a code that comes very often the first findings are listed, and the last of them says
    how many more there are.

    Args:
        quads: what the file states, each quad in its graph.
        vocabulary: the terms of the ontology.
        language: of the messages, ``en`` or ``zh``.
    """
    listing = Listing(language)
    told: set[tuple[str, ...]] = set()
    for quad, fault in _faults(quads, vocabulary):
        code = fault.code.name
        once = fault.of_subject or fault.code in (SOURCE_GRAPH, BLANK_NODE)
        key = (code, fault.at) if once else (code, fault.at, str(quad.subject))
        if key not in told:
            told.add(key)
            if listing.wants(code):
                listing.add(finding_of(quad, fault, language))
    return listing.findings()


def _faults(quads: Sequence[Quad], vocabulary: Vocabulary) -> Iterator[tuple[Quad, Fault]]:
    territory = Territory(vocabulary)
    for quad in quads:
        for fault in territory.faults(quad):
            yield quad, fault
    for quad in _chained(quads, vocabulary):
        reached = quad.object.value if isinstance(quad.object, NamedNode) else str(quad.object)
        yield quad, Fault(LONG_CHAIN, "chain", reached, "")


def has_long_chains(quads: Sequence[Quad], vocabulary: Vocabulary) -> bool:
    """Whether statements follow one another in too long a chain."""
    return bool(_chained(quads, vocabulary))


def _chained(quads: Sequence[Quad], vocabulary: Vocabulary) -> Sequence[Quad]:
    return in_long_chains(quads, carrying_on(vocabulary))


def facts_alone(quads: Sequence[Quad], vocabulary: Vocabulary) -> list[Quad]:
    """What further checks are to look at: without what would change how they judge the rest.

    Left out are statements about terms and shapes, in reserved graphs or in RDF 1.2; numbers with
    an exponent that their datatype does not have, on which an engine can work for minutes; and, of
    a file that is about other people's things from top to bottom, those. Each of them is a
    violation already.
    """
    territory = Territory(vocabulary)
    kept: list[Quad] = []
    foreign: set[int] = set()
    for quad in quads:
        codes = {fault.code for fault in territory.faults(quad)}
        exponent = LEXICAL_FORM in codes and "e" in str(quad.object).partition('"^^')[0].lower()
        if codes.isdisjoint(_NOT_BELIEVED) and not exponent:
            if FOREIGN_SUBJECT in codes:
                foreign.add(len(kept))
            kept.append(quad)
    if len(foreign) <= MOST_FOREIGN:
        return kept
    return [quad for number, quad in enumerate(kept) if number not in foreign]
