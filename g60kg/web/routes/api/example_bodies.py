"""Example bodies of `POST /api/validate`, one for each media type."""

from __future__ import annotations

from typing import Any, Final

#: A new entity that conforms; the other RDF formats below have the same triples.
TURTLE: Final = """\
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:photonics a g60:Industry ;
    rdfs:label "photonics"@en .
"""
_LINES: Final = """\
<https://w3id.org/g60kg/id/photonics> \
<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/g60kg/ontology/Industry> .
<https://w3id.org/g60kg/id/photonics> \
<http://www.w3.org/2000/01/rdf-schema#label> "photonics"@en .
"""
_JSON_LD: Final = {
    "@context": {
        "g60": "https://w3id.org/g60kg/ontology/",
        "id": "https://w3id.org/g60kg/id/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    },
    "@id": "id:photonics",
    "@type": "g60:Industry",
    "rdfs:label": {"@value": "photonics", "@language": "en"},
}
_RDF_XML: Final = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
    xmlns:g60="https://w3id.org/g60kg/ontology/">
  <g60:Industry rdf:about="https://w3id.org/g60kg/id/photonics">
    <rdfs:label xml:lang="en">photonics</rdfs:label>
  </g60:Industry>
</rdf:RDF>
"""
#: Facts of a source with their quotations.
_SHEET: Final = """\
# url: https://news.invalid/2400000001
# title: A lens maker spreads along the corridor (sample text)
# date: 2024-05-06
# publisher: Example News
# language: en
# text-sha256: cb31a5eb7091543df0103b5f62dbd43123fcd0cb37b0642138004146f2303c3c
# text-length: 936
subject,predicate,object,quote,start
Example Optics,a,Enterprise,,
Example Optics,inIndustry,integrated circuits,a maker of integrated circuits for cameras,162
"""

#: A valid body for each media type: the value for JSON-LD, the text for the others.
BODIES: Final[dict[str, Any]] = {
    "text/turtle": TURTLE,
    "application/n-triples": _LINES,
    "application/ld+json": _JSON_LD,
    "application/rdf+xml": _RDF_XML,
    # Turtle is valid TriG, and N-Triples are valid N-Quads.
    "application/trig": TURTLE,
    "application/n-quads": _LINES,
    "text/csv": _SHEET,
    "text/tab-separated-values": _SHEET.replace(",", "\t"),
}
