"""VoID, DCAT and DataCite descriptions of the data set: counts, graphs, licence, files."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Triple, parse

from g60kg.export import write_triples
from g60kg.namespaces import BASE, HISTORY_GRAPH, ONTOLOGY, PREFIXES, local_name
from g60kg.package_data import __version__
from g60kg.rdf.turtle import stream_turtle
from g60kg.stores.local_store import LocalStore

TITLES: Final = {
    "en": "g60kg, knowledge graph of the Yangtze River Delta G60 corridor",
    "zh": "长三角G60科创走廊知识图谱",
}
DESCRIPTIONS: Final = {
    "en": "Facts about the science and technology innovation corridor along the G60 expressway in "
    "the Yangtze River Delta, each with the article quotation or the data set record that "
    "supports it.",
    "zh": "关于长三角G60科创走廊的事实，每条均附有支持它的报道原文或数据记录。",
}
KEYWORDS: Final = (
    ("en", "knowledge graph"),
    ("en", "provenance"),
    ("en", "Yangtze River Delta"),
    ("en", "G60"),
    ("zh", "长三角G60科创走廊"),
)
PUBLISHER: Final = "The g60kg project"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
DATASET: Final = NamedNode(BASE.rstrip("/"))
PROJECT: Final = NamedNode(BASE + "project")
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_PREFIXES: Final = {
    **PREFIXES,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file with the data set or a part of it.

    Attributes:
        name: the name of the file, which ends the IRI of its node in the description.
        media_type: the media type, without compression.
        is_rdf: whether the file has the complete graph in RDF 1.1.
        compressed: whether the file is compressed by gzip.
        size: the number of bytes; None if the file is not written yet.
        digest: the SHA-256 in hexadecimal; None if the file is not written yet.
    """

    name: str
    url: str
    media_type: str
    is_rdf: bool = True
    compressed: bool = False
    size: int | None = None
    digest: str | None = None


def describe(
    store: LocalStore,
    distributions: Iterable[Distribution],
    *,
    document: str,
    home: str,
    modified: Literal,
    endpoint: str | None = None,
) -> Iterator[Triple]:
    """Return the triples that describe the data set in a store, and its files.

    ``document`` and ``home`` are the IRIs of the description and the home page.
    """
    sizes, members = graph_sizes(store), store.counts().members
    languages = " , ".join(str(Literal(tag)) for tag in TITLES)
    said = [
        f"<{document}> a void:DatasetDescription ; foaf:primaryTopic {DATASET} .",
        f"""{DATASET} a void:Dataset , dcat:Dataset ;
            dcterms:title {_in_languages(TITLES)} ;
            dcterms:description {_in_languages(DESCRIPTIONS)} ;
            dcterms:license <{LICENCE}> ;
            dcterms:publisher {PROJECT} ; dcterms:creator {PROJECT} ;
            dcterms:modified {modified} ; dcterms:language {languages} ;
            dcat:version "{__version__}" ; owl:versionInfo "{__version__}" ;
            dcat:landingPage <{home}> ; foaf:homepage <{home}> ;
            void:vocabulary {ONTOLOGY} ; void:uriSpace "{PREFIXES["id"]}" ;
            void:exampleResource <{PREFIXES["id"]}corridor> ;
            void:feature formats:Turtle , formats:JSON-LD ;
            void:triples {sum(sizes.values())} ; void:classes {len(members)} .""",
        f'{PROJECT} rdfs:label "g60kg project"@en .',
    ]
    for graph, size in sizes.items():
        said.append(f"{DATASET} void:subset <{graph}> .")
        said.append(f"<{graph}> a void:Dataset ; void:triples {size} .")
    for name, count in members.items():
        part = _fragment(f"class-{local_name(name)}")
        said.append(f"{DATASET} void:classPartition {part} .")
        said.append(f"{part} void:class <{name}> ; void:entities {count} .")
    if endpoint is not None:
        said.append(
            f"""{DATASET} void:sparqlEndpoint <{endpoint}> .
            <{endpoint}#service> a dcat:DataService ;
            dcterms:title "SPARQL endpoint"@en , "SPARQL端点"@zh ;
            dcat:endpointURL <{endpoint}> ; dcat:endpointDescription <{endpoint}> ;
            dcat:servesDataset {DATASET} ."""
        )
    prefixes = (f"@prefix {name}: <{iri}> ." for name, iri in _PREFIXES.items())
    text = "\n".join((*prefixes, *said, *map(_distribution, distributions)))
    return (quad.triple for quad in parse(text, format=RdfFormat.TURTLE))


def _distribution(one: Distribution) -> str:
    node = _fragment(one.name)
    said = f"""{DATASET} dcat:distribution {node} .
        {node} a dcat:Distribution ; dcat:downloadURL <{one.url}> ; dcterms:license <{LICENCE}> ;
        dcat:mediaType <{_MEDIA_TYPES}{one.media_type}> ."""
    if one.is_rdf:
        said += f"\n{DATASET} void:dataDump <{one.url}> ."
    if one.compressed:
        said += f"\n{node} dcat:compressFormat <{_MEDIA_TYPES}application/gzip> ."
    if one.size is not None:
        said += f'\n{node} dcat:byteSize "{one.size}"^^xsd:nonNegativeInteger .'
    if one.digest is not None:
        checksum = _fragment(f"{one.name}.sha256")
        said += f"""\n{node} spdx:checksum {checksum} .
            {checksum} a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ;
            spdx:checksumValue "{one.digest}"^^xsd:hexBinary ."""
    return said


def _in_languages(texts: Mapping[str, str]) -> str:
    return " , ".join(str(Literal(text, language=tag)) for tag, text in texts.items())


def graph_sizes(store: LocalStore) -> dict[str, int]:
    """Return the number of triples of each named graph by its IRI, without the history."""
    return store.cached(graph_sizes.__qualname__, lambda: _graph_sizes(store))


def _graph_sizes(store: LocalStore) -> dict[str, int]:
    result = store.query(
        "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    )
    assert isinstance(result, QuerySolutions)
    return {
        graph.value: int(number.value)
        for graph, number in result
        if isinstance(graph, NamedNode) and isinstance(number, Literal) and graph != HISTORY_GRAPH
    }


def serialized_description(triples: Iterable[Triple], format_: str) -> bytes:
    """Return the triples of a description in an RDF format, given by its name."""
    out = io.BytesIO()
    if format_ == "turtle":
        stream_turtle(sorted(set(triples), key=str), out, _PREFIXES)
    else:
        write_triples(triples, format_, out)
    return out.getvalue()


def _fragment(name: str) -> NamedNode:
    return NamedNode(f"{DATASET.value}#{name}")


def datacite_record(date: str, triples: int, files: Sequence[Distribution]) -> dict[str, Any]:
    """Return the DataCite record of a release, without a DOI."""
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph"},
        "creators": [{"name": PUBLISHER, "nameType": "Organizational"}],
        "titles": [{"title": text, "lang": language} for language, text in TITLES.items()],
        "publisher": {"name": PUBLISHER, "lang": "en"},
        "publicationYear": date[:4],
        "dates": [{"date": date, "dateType": "Issued"}],
        "version": __version__,
        "language": "en",
        "subjects": [{"subject": word, "lang": language} for language, word in KEYWORDS],
        "descriptions": [
            {"description": text, "descriptionType": "Abstract", "lang": language}
            for language, text in DESCRIPTIONS.items()
        ],
        "rightsList": [
            {
                "rights": "Creative Commons Attribution 4.0 International",
                "rightsUri": LICENCE,
                "rightsIdentifier": "CC-BY-4.0",
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
                "lang": "en",
            }
        ],
        "sizes": [f"{triples} triples", f"{sum(file.size or 0 for file in files)} bytes"],
        "formats": sorted({file.media_type for file in files}),
        "alternateIdentifiers": [
            {"alternateIdentifier": DATASET.value, "alternateIdentifierType": "URL"}
        ],
        "url": DATASET.value,
    }
