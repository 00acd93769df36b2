"""What can be sent to `POST /api/validate`, by example: what is new in every form."""

from __future__ import annotations

from typing import Any, Final

#: A new thing that conforms; the same in the other forms of RDF below.
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
#: Facts of a source, with the words that state them.
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

#: A body that works for each media type; of JSON-LD the value, of the others the text.
BODIES: Final[dict[str, Any]] = {
    "text/turtle": TURTLE,
    "application/n-triples": _LINES,
    "application/ld+json": _JSON_LD,
    "application/rdf+xml": _RDF_XML,
    # What is Turtle is TriG, and what is N-Triples is N-Quads: all of it in no named graph.
    "application/trig": TURTLE,
    "application/n-quads": _LINES,
    "text/csv": _SHEET,
    "text/tab-separated-values": _SHEET.replace(",", "\t"),
}
