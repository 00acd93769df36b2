"""The tests of FOOPS! (w3id.org/foops)."""

from __future__ import annotations

from typing import Final

from tests.ontology.rule_queries import (
    NO_LABEL,
    ONTOLOGY,
    SERVED,
    TERM,
    Rule,
    lacks,
)

_REGISTRY: Final = "Registration in prefix.cc and LOV is outside the project's files."

FOOPS: Final = {
    "FIND1": lacks("vann:preferredNamespacePrefix"),
    "HTTP1": Rule(
        "?term a owl:Ontology FILTER(!REGEX(STR(?term), '^https?:'))", "<urn:x> a owl:Ontology ."
    ),
    "OM1": lacks(
        "dcterms:title",
        "dcterms:description",
        "dcterms:license",
        "owl:versionIRI",
        "dcterms:creator",
        "vann:preferredNamespaceUri",
    ),
    "OM2": lacks(
        "vann:preferredNamespacePrefix",
        "owl:versionInfo",
        "dcterms:created",
        "dcterms:bibliographicCitation",
    ),
    # Of the detailed metadata, doi, logo and source: the project has no DOI and no logo yet, and
    # the ontology is not derived from another.
    "OM3": lacks(
        "dcterms:publisher",
        "<http://purl.org/ontology/bibo/status>",
        "dcterms:issued",
        "owl:priorVersion",
        "owl:incompatibleWith",
        "dcterms:modified",
    ),
    "OM4_1": lacks("dcterms:license"),
    "OM4_2": Rule(
        """?term dcterms:license ?l
           FILTER(!REGEX(STR(?l), '^https://creativecommons.org/licenses/[a-z-]+/[0-9.]+/$'))""",
        f'<{ONTOLOGY}> dcterms:license "free" .',
    ),
    "OM5_1": lacks("dcterms:creator", "dcterms:created"),
    "OM5_2": lacks("dcterms:issued", "dcterms:publisher"),
    "PURL1": Rule(
        "?term a owl:Ontology FILTER(!STRSTARTS(STR(?term), 'https://w3id.org/'))",
        "<https://example.org/o> a owl:Ontology .",
    ),
    "URI2": Rule(
        f"?term a owl:Ontology FILTER(?term != <{ONTOLOGY}>)",
        "<https://w3id.org/x> a owl:Ontology .",
    ),
    "VER1": Rule(
        f"""VALUES ?term {{ <{ONTOLOGY}> }} OPTIONAL {{ ?term owl:versionIRI ?version }}
            FILTER(!BOUND(?version) || ?version = ?term)""",
        f"<{ONTOLOGY}> owl:versionIRI <{ONTOLOGY}> .",
    ),
    "VOC1": lacks("dcterms:title", "vann:preferredNamespacePrefix"),
    "VOC2": Rule(
        f"""VALUES ?term {{ <{ONTOLOGY}> }}
            FILTER NOT EXISTS {{ ?a rdfs:subClassOf|rdfs:subPropertyOf ?b .
                FILTER(isIRI(?b) && !STRSTARTS(STR(?b), STR(g60:))) }}""",
        "g60:A rdfs:subClassOf g60:B .",
    ),
    "VOC3": Rule(f"{TERM} FILTER NOT EXISTS {{ ?term rdfs:label ?l }}", NO_LABEL),
    "VOC4": Rule(f"{TERM} FILTER NOT EXISTS {{ ?term skos:definition ?d }}", NO_LABEL),
}
FOOPS_WITHOUT: Final = {
    "CN1": SERVED,
    "DOC1": SERVED,
    "RDF1": SERVED,
    "URI1": SERVED,
    "VER2": SERVED,
    "FIND2": _REGISTRY,
    "FIND3": _REGISTRY,
    "FIND_3_BIS": _REGISTRY,
}
