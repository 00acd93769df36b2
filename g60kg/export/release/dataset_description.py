"""VoID, DCAT and DataCite descriptions of the data set: counts, graphs, licence, files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from g60kg.export import write_triples
from g60kg.namespaces import BASE, HISTORY_GRAPH, LABEL, ONTOLOGY, PREFIXES, A, local_name
from g60kg.package_data import __version__
from g60kg.rdf.turtle import stream_turtle
from g60kg.stores.base import Term
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
        name: names it within the description.
        url: where it is.
        is_rdf: whether it has the complete graph.
        size: its bytes, or None if it is not written yet; digest likewise, its SHA-256.
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
    """Yield the description of the graph in a store.

    Args:
        store: the graph.
        distributions: its files.
        document: the URL of the description.
        home: the URL of the data set's home page.
        modified: when the data set was changed, as a date or a time.
        endpoint: the URL of a SPARQL endpoint, or None.
    """
    sizes, members = graph_sizes(store), store.counts().members
    licence = NamedNode(LICENCE)
    yield from _about(
        NamedNode(document),
        ("rdf:type", _term("void:DatasetDescription")),
        ("foaf:primaryTopic", DATASET),
    )
    yield from _about(
        DATASET,
        ("rdf:type", _term("void:Dataset")),
        ("rdf:type", _term("dcat:Dataset")),
        *(("dcterms:title", Literal(text, language=tag)) for tag, text in TITLES.items()),
        *(("dcterms:description", Literal(text, language=tag))
          for tag, text in DESCRIPTIONS.items()),
        ("dcterms:license", licence),
        ("dcterms:publisher", PROJECT),
        ("dcterms:creator", PROJECT),
        ("dcterms:modified", modified),
        *(("dcterms:language", Literal(tag)) for tag in TITLES),
        ("dcat:version", Literal(__version__)),
        ("owl:versionInfo", Literal(__version__)),
        ("dcat:landingPage", NamedNode(home)),
        ("foaf:homepage", NamedNode(home)),
        ("void:vocabulary", ONTOLOGY),
        ("void:uriSpace", Literal(PREFIXES["id"])),
        ("void:exampleResource", NamedNode(PREFIXES["id"] + "corridor")),
        ("void:feature", _term("formats:Turtle")),
        ("void:feature", _term("formats:JSON-LD")),
        ("void:triples", Literal(sum(sizes.values()))),
        ("void:classes", Literal(len(members))),
    )  # fmt: skip
    yield Triple(PROJECT, LABEL, Literal("g60kg project", language="en"))
    for graph, size in sizes.items():
        part = NamedNode(graph)
        yield Triple(DATASET, _term("void:subset"), part)
        yield from _about(
            part, ("rdf:type", _term("void:Dataset")), ("void:triples", Literal(size))
        )
    for name, count in members.items():
        part = _fragment(f"class-{local_name(name)}")
        yield Triple(DATASET, _term("void:classPartition"), part)
        yield from _about(part, ("void:class", NamedNode(name)), ("void:entities", Literal(count)))
    if endpoint is not None:
        yield Triple(DATASET, _term("void:sparqlEndpoint"), NamedNode(endpoint))
        yield from _about(
            NamedNode(f"{endpoint}#service"),
            ("rdf:type", _term("dcat:DataService")),
            ("dcterms:title", Literal("SPARQL endpoint", language="en")),
            ("dcterms:title", Literal("SPARQL端点", language="zh")),
            ("dcat:endpointURL", NamedNode(endpoint)),
            ("dcat:endpointDescription", NamedNode(endpoint)),
            ("dcat:servesDataset", DATASET),
        )
    for one in distributions:
        yield from _distribution(one)


def _distribution(one: Distribution) -> Iterator[Triple]:
    node, url = _fragment(one.name), NamedNode(one.url)
    yield Triple(DATASET, _term("dcat:distribution"), node)
    if one.is_rdf:
        yield Triple(DATASET, _term("void:dataDump"), url)
    yield from _about(
        node,
        ("rdf:type", _term("dcat:Distribution")),
        ("dcat:downloadURL", url),
        ("dcterms:license", NamedNode(LICENCE)),
        ("dcat:mediaType", NamedNode(_MEDIA_TYPES + one.media_type)),
    )
    if one.compressed:
        packed = NamedNode(f"{_MEDIA_TYPES}application/gzip")
        yield Triple(node, _term("dcat:compressFormat"), packed)
    if one.size is not None:
        size = Literal(str(one.size), datatype=_term("xsd:nonNegativeInteger"))
        yield Triple(node, _term("dcat:byteSize"), size)
    if one.digest is not None:
        checksum = _fragment(f"{one.name}.sha256")
        yield Triple(node, _term("spdx:checksum"), checksum)
        yield from _about(
            checksum,
            ("rdf:type", _term("spdx:Checksum")),
            ("spdx:algorithm", _term("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", Literal(one.digest, datatype=_term("xsd:hexBinary"))),
        )


@lru_cache(maxsize=2)
def graph_sizes(store: LocalStore) -> dict[str, int]:
    """Return the number of triples of each graph, without the history."""
    result = store.query(
        "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    )
    assert isinstance(result, QuerySolutions)
    return {
        graph.value: int(number.value)
        for graph, number in result
        if isinstance(graph, NamedNode) and isinstance(number, Literal) and graph != HISTORY_GRAPH
    }


def written(triples: Iterable[Triple], format_: str) -> bytes:
    """Return a description in an RDF format; Turtle has its prefixes."""
    out = io.BytesIO()
    if format_ == "turtle":
        stream_turtle(sorted(set(triples), key=str), out, _PREFIXES)
    else:
        write_triples(triples, format_, out)
    return out.getvalue()


def _about(subject: NamedNode, *said: tuple[str, Term]) -> Iterator[Triple]:
    for predicate, value in said:
        yield Triple(subject, A if predicate == "rdf:type" else _term(predicate), value)


def _term(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(_PREFIXES[prefix] + local)


def _fragment(name: str) -> NamedNode:
    return NamedNode(f"{DATASET.value}#{name}")


_HOME: Final = BASE.rstrip("/")


def datacite_record(date: str, triples: int, files: Sequence[Distribution]) -> dict[str, Any]:
    """Return the record; who registers the release adds its DOI."""
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
        "alternateIdentifiers": [{"alternateIdentifier": _HOME, "alternateIdentifierType": "URL"}],
        "url": _HOME,
    }
