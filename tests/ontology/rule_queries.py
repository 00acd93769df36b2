"""Rules of ontology scanners as queries, and parts of these queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

#: A term of the ontology that is not deprecated.
TERM: Final = """
    ?term a ?kind .
    VALUES ?kind {
        owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty owl:NamedIndividual
    }
    FILTER STRSTARTS(STR(?term), STR(g60:))
    FILTER NOT EXISTS { ?term owl:deprecated true }
"""
PROPERTY: Final = """
    ?term a ?kind .
    VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty }
    FILTER STRSTARTS(STR(?term), STR(g60:))
    FILTER NOT EXISTS { ?term owl:deprecated true }
"""
CLASS: Final = """
    ?term a owl:Class .
    FILTER STRSTARTS(STR(?term), STR(g60:))
    FILTER NOT EXISTS { ?term owl:deprecated true }
"""
NAME: Final = "STRAFTER(STR(?term), STR(g60:))"
ONTOLOGY: Final = "https://w3id.org/g60kg/ontology"
#: An ontology without metadata.
BARE: Final = f"<{ONTOLOGY}> a owl:Ontology ."


@dataclass(frozen=True)
class Rule:
    """A rule: a query that selects as ?term what breaks it, and Turtle that breaks it.

    Attributes:
        accepted: local names of terms that break it on purpose, with the reason.
    """

    query: str
    wrong: str
    accepted: dict[str, str] = field(default_factory=dict)


def lacks(*properties: str) -> Rule:
    """Return the rule that the ontology has a value of each property."""
    needed = " ".join(properties)
    return Rule(
        f"VALUES ?term {{ {needed} }} FILTER NOT EXISTS {{ <{ONTOLOGY}> ?term ?value }}", BARE
    )


def twice(property_: str, scope: str = TERM) -> str:
    """Return the query for terms with two values of a property in one language."""
    return f"{scope} ?term {property_} ?a , ?b . FILTER(?a != ?b && LANG(?a) = LANG(?b))"


def shared(one: str, other: str, scope: str = TERM) -> str:
    """Return the query for terms with a value that another term has, whatever the case."""
    return f"""{scope} ?term {one} ?a . ?another {other} ?b .
        FILTER(?another != ?term && LANG(?a) = LANG(?b) && LCASE(STR(?a)) = LCASE(STR(?b)))
        FILTER STRSTARTS(STR(?another), STR(g60:))"""


SAME_LABELS: Final = (
    'g60:A a owl:Class ; rdfs:label "x"@en . g60:B a owl:Class ; rdfs:label "X"@en .'
)
NO_LABEL: Final = "g60:A a owl:Class ."
EQUIVALENT: Final = (
    "g60:A a owl:Class ; owl:equivalentClass g60:B , g60:C . "
    "g60:B a owl:Class . g60:C a owl:Class ."
)
#: Why a rule that needs a server is not checked here.
SERVED: Final = "Needs a server: tests/web/test_linked_data.py, tests/web/test_api_deploy.py."
