"""Whether files of facts keep to what facts may speak of: their own things, in the graph's terms.

What the shapes say of a thing helps nothing where a file changes the shapes, speaks of other
people's things, or writes terms that this graph has no place for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Quad

from g60kg.validation.report import Finding
from g60kg.validation.territory.codes import (
    BLANK_NODE,
    CONTROL_CHARACTER,
    FOREIGN_SUBJECT,
    FOREIGN_TYPE,
    IRI_NAME,
    IRI_SCHEME,
    ONTOLOGY_CHANGED,
    RDF_12_TERM,
    SCHEMA_PROPERTY,
    SOURCE_GRAPH,
    TERM_LENGTH,
)
from g60kg.validation.territory.faults import Territory
from g60kg.validation.territory.listing import Listing
from g60kg.vocabulary import Vocabulary

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
)


def foreign_statements(
    quads: Iterable[Quad], vocabulary: Vocabulary, language: str = "en"
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
    territory = Territory(vocabulary)
    for quad in quads:
        for fault in territory.faults(quad):
            listing.add(quad, fault)
    return listing.findings()
