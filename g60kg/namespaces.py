"""Prefixes, names of graphs and terms, and conversion between IRIs and CURIEs."""

import re
import unicodedata
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/g60kg/"
ONTOLOGY: Final = NamedNode(BASE + "ontology")

#: The prefixes that queries and the command line can use without declaration.
PREFIXES: Final = MappingProxyType(
    {
        "g60": BASE + "ontology/",
        "id": BASE + "id/",
        "fact": BASE + "fact/",
        "quote": BASE + "quote/",
        "measure": BASE + "measure/",
        "shape": BASE + "shapes/",
        "graph": BASE + "graph/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qudt": "http://qudt.org/schema/qudt/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "unit": "http://qudt.org/vocab/unit/",
        "vann": "http://purl.org/vocab/vann/",
        "wd": "http://www.wikidata.org/entity/",
        "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

#: Prefixes of the IRIs of ontology, shapes and their terms, none of which names an entity.
NOT_ENTITIES: Final = (BASE + "ontology", BASE + "shapes")

# Longest namespace first, so that https://w3id.org/g60kg/ontology/ wins over a shorter one.
_BY_LENGTH: Final = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))
_LOCAL: Final = re.compile(r"[\w%](?:[\w.%-]*[\w%-])?", re.UNICODE)
_CURIE: Final = re.compile(r"([A-Za-z][\w-]*):([^\s/<>\"][^\s<>\"]*)", re.UNICODE)


def _named(prefix: str, local: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + local)


def g60(local: str) -> NamedNode:
    """Return the ontology term with a local name.

    >>> g60("hasEvidence").value
    'https://w3id.org/g60kg/ontology/hasEvidence'
    """
    return _named("g60", local)


def entity(local: str) -> NamedNode:
    """Return the entity with a local name, in the ``id:`` namespace."""
    return _named("id", local)


def term(curie: str) -> NamedNode:
    """Return the IRI of a CURIE; raise KeyError for an undeclared prefix.

    >>> term("rdfs:label").value
    'http://www.w3.org/2000/01/rdf-schema#label'
    """
    prefix, _, local = curie.partition(":")
    return _named(prefix, local)


def graph_name(source: str) -> NamedNode:
    """Return the IRI of the named graph of a source, from the id of the source.

    >>> graph_name("2307119874").value
    'https://w3id.org/g60kg/graph/2307119874'
    """
    return _named("graph", source)


def compact(iri: str) -> str:
    """Return the CURIE of an IRI if the IRI has a declared namespace, else the IRI unchanged.

    The IRI is unchanged too if its local name is empty, starts with a dot or hyphen, ends with a
    dot, or has a slash or another character except letters, digits and ``.-_%``.

    >>> compact("https://w3id.org/g60kg/id/hangzhou")
    'id:hangzhou'
    >>> compact("https://example.org/x")
    'https://example.org/x'
    """
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(text: str) -> NamedNode | None:
    """Return the IRI for a CURIE, an IRI of HTTP or urn, or any IRI in angle brackets, else None.

    The prefix of the CURIE must be declared, and the IRI must be valid.

    >>> expand("id:hangzhou").value
    'https://w3id.org/g60kg/id/hangzhou'
    >>> expand("Hangzhou") is None
    True
    """
    if text.startswith("<") and text.endswith(">"):
        return _valid(text[1:-1])
    match = _CURIE.fullmatch(text)
    if match and match[1] in PREFIXES:
        return _valid(PREFIXES[match[1]] + match[2])
    if text.startswith(("http://", "https://", "urn:")):
        return _valid(text)
    return None


def local_name(iri: str) -> str:
    """Return the part of an IRI after the last slash or hash; all of it if there is neither.

    >>> local_name("https://w3id.org/g60kg/ontology/Enterprise")
    'Enterprise'
    """
    return re.split(r"[/#]", iri)[-1]


def _valid(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


A: Final = term("rdf:type")
LABEL: Final = term("rdfs:label")
COMMENT: Final = term("rdfs:comment")
NOTE: Final = term("skos:note")
#: The properties of curators' notes: those of facts, and of entities and sources.
NOTES: Final = frozenset((COMMENT, NOTE))
ALT_LABEL: Final = term("skos:altLabel")
HIDDEN_LABEL: Final = term("skos:hiddenLabel")
#: The properties that name entities; a hidden label is found and not shown.
NAMING: Final = (LABEL, ALT_LABEL, HIDDEN_LABEL, g60("alternativeName"))
ONTOLOGY_GRAPH: Final = graph_name("ontology")
SHAPES_GRAPH: Final = graph_name("shapes")
REFERENCE_GRAPH: Final = graph_name("reference")
HISTORY_GRAPH: Final = graph_name("history")
#: The graphs that are not those of sources.
RESERVED_GRAPHS: Final = frozenset((ONTOLOGY_GRAPH, SHAPES_GRAPH, HISTORY_GRAPH))
#: The graphs whose hidden labels are names everywhere; those of a source are words of its text.
NAME_GRAPHS: Final = frozenset(
    (*map(graph_name, ("entities", "categories", "measures")), REFERENCE_GRAPH, ONTOLOGY_GRAPH)
)
#: The graphs that no check and no reasoner reads.
HIDDEN_GRAPHS: Final = frozenset((SHAPES_GRAPH, HISTORY_GRAPH))

# Properties of Facts, evidence and figures, by their local names in capitals.
FACT: Final = g60("Fact")
FACT_SUBJECT: Final = g60("factSubject")
FACT_PREDICATE: Final = g60("factPredicate")
FACT_OBJECT: Final = g60("factObject")
VOICE: Final = g60("voice")
FACT_STATUS: Final = g60("factStatus")
WORDING: Final = g60("wording")
ORIGIN: Final = g60("origin")
#: The properties that make up the modality of a Fact, in the order in which answers name them.
MODALITY: Final = (VOICE, FACT_STATUS, WORDING, ORIGIN)
COMPLETE_LIST: Final = g60("completeList")
TIME: Final = g60("time")
ATTRIBUTED_TO: Final = g60("attributedTo")
VERBATIM: Final = g60("verbatim")
HAS_EVIDENCE: Final = g60("hasEvidence")

QUOTATION: Final = g60("Quotation")
PASSAGE: Final = g60("Passage")
DATASET_RECORD: Final = g60("DatasetRecord")
RECORD_KEY: Final = g60("recordKey")
RECORD_TEXT: Final = g60("recordText")
RETRIEVED_ON: Final = g60("retrievedOn")
HAS_SOURCE: Final = term("oa:hasSource")
HAS_SELECTOR: Final = term("oa:hasSelector")
TEXT_QUOTE_SELECTOR: Final = term("oa:TextQuoteSelector")
TEXT_POSITION_SELECTOR: Final = term("oa:TextPositionSelector")
EXACT: Final = term("oa:exact")
START: Final = term("oa:start")
END: Final = term("oa:end")
LOCATOR: Final = g60("locator")
NORMALIZED_DIGEST: Final = g60("normalizedDigest")
NORMALIZED_LENGTH: Final = g60("normalizedLength")
SPAN_DIGEST: Final = g60("spanDigest")
VERDICT: Final = g60("verdict")
CHECKED_ON: Final = g60("checkedOn")

HAS_OBSERVATION: Final = g60("hasObservation")
POSSIBLY_SAME: Final = g60("possiblySameAs")
OBSERVATION: Final = g60("Observation")
OBSERVED_MEASURE: Final = g60("observedMeasure")
CATEGORY: Final = g60("category")
NUMERIC_VALUE: Final = g60("numericValue")
UPPER_VALUE: Final = g60("upperValue")
FRACTION: Final = g60("fraction")
COMPARATOR: Final = g60("comparator")
UNIT: Final = g60("unit")
REFERENCE_PERIOD: Final = g60("referencePeriod")
REFERENCE_AREA: Final = g60("referenceArea")
IN_RANKING: Final = g60("inRanking")
COMPARED_WITH: Final = g60("comparedWith")
BASIS: Final = g60("basis")
EQUIVALENT_OF: Final = g60("equivalentOf")
START_YEAR: Final = g60("startYear")
END_YEAR: Final = g60("endYear")


def slug(label: str) -> str:
    """Return the local name for a label: lower case, words joined by hyphens, no accents.

    It is empty if the label has neither letters nor digits.

    >>> slug("Wuhu (Shanghai) Industrial Innovation Center project")
    'wuhu-shanghai-industrial-innovation-center-project'
    >>> slug("华为")
    '华为'
    """
    plain = unicodedata.normalize("NFKD", label)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = re.sub(r"['’]", "", unicodedata.normalize("NFC", plain))
    return "-".join(re.findall(r"\w+", plain.casefold().replace("_", " ")))
