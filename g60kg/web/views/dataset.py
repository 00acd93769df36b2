"""Jobs about the complete graph: service description, VoID and DCAT description, downloads."""

from __future__ import annotations

import gzip
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Triple, serialize

from g60kg.export import Selection, export, write_triples
from g60kg.formats import RDF
from g60kg.namespaces import BASE, HISTORY_GRAPH, ONTOLOGY, PREFIXES, A, local_name, term
from g60kg.package_data import __version__
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from g60kg.web.views.open_graph import current, lookup

#: The formats of the download, each with its extension and its media type.
DOWNLOADS: Final = {
    each.suffixes[0].removeprefix("."): (each.name, each.media_type) for each in RDF
}
_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID: Final = "http://rdfs.org/ns/void#"
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_LICENCE: Final = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_PROJECT: Final = NamedNode(BASE + "project")
_DATASET: Final = NamedNode(BASE.rstrip("/"))
_PREFIXES: Final = {
    **{name: PREFIXES[name] for name in ("dcat", "dcterms", "graph", "owl", "rdfs", "xsd")},
    "sd": _SD,
    "void": _VOID,
    "foaf": _FOAF,
    "formats": _FORMATS,
}
_RESULTS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
_TITLES: Final = (
    Literal("g60kg, knowledge graph of the Yangtze River Delta G60 corridor", language="en"),
    Literal("长三角G60科创走廊知识图谱", language="zh"),
)
_ABSTRACTS: Final = (
    Literal(
        "Facts about the science and technology innovation corridor along the G60 expressway in "
        "the Yangtze River Delta, each with the article quotation or the data set record that "
        "supports it.",
        language="en",
    ),
    Literal("关于长三角G60科创走廊的事实，每条均附有支持它的报道原文或数据记录。", language="zh"),
)


def service_description(endpoint: str, format_: str) -> bytes:
    """Return the SPARQL 1.1 Service Description of the endpoint."""
    service, dataset, default = (
        NamedNode(endpoint + part) for part in ("#service", "#dataset", "#default-graph")
    )
    sizes = _sizes(current().store)
    triples: list[Triple] = [
        Triple(service, A, _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        Triple(service, _sd("defaultEntailmentRegime"),
               NamedNode("http://www.w3.org/ns/entailment/Simple")),
        Triple(service, term("dcterms:license"), _LICENCE),
        *(Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in _RESULTS),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, A, _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), default),
        Triple(default, A, _sd("Graph")),
        Triple(default, _void("triples"), _number(sum(sizes.values()))),
    ]  # fmt: skip
    for name, size in sizes.items():
        named, graph = (
            NamedNode(f"{endpoint}#{kind}-{local_name(name)}") for kind in ("named", "graph")
        )
        triples += [
            Triple(dataset, _sd("namedGraph"), named),
            Triple(named, A, _sd("NamedGraph")),
            Triple(named, _sd("name"), NamedNode(name)),
            Triple(named, _sd("graph"), graph),
            Triple(graph, A, _sd("Graph")),
            Triple(graph, _void("triples"), _number(size)),
        ]
    return _written(triples, format_)


def description(base: str, format_: str) -> bytes:
    """Return the VoID and DCAT description of the graph.

    Args:
        base: the URL of this server, with a trailing slash.
        format_: an RDF format.
    """
    triples = [*_about(base), *_contents(), *_distributions(base)]
    return _written(triples, format_)


def _about(base: str) -> Iterator[Triple]:
    changed = datetime.fromtimestamp(current().modified, UTC).replace(microsecond=0)
    this = NamedNode(base + ".well-known/void")
    yield Triple(this, A, _void("DatasetDescription"))
    yield Triple(this, NamedNode(_FOAF + "primaryTopic"), _DATASET)
    for kind in (_void("Dataset"), term("dcat:Dataset")):
        yield Triple(_DATASET, A, kind)
    for title, abstract in zip(_TITLES, _ABSTRACTS, strict=True):
        yield Triple(_DATASET, term("dcterms:title"), title)
        yield Triple(_DATASET, term("dcterms:description"), abstract)
    yield Triple(_DATASET, term("dcterms:license"), _LICENCE)
    yield Triple(_DATASET, term("dcterms:publisher"), _PROJECT)
    yield Triple(_DATASET, term("dcterms:creator"), _PROJECT)
    yield Triple(_PROJECT, term("rdfs:label"), Literal("g60kg project", language="en"))
    when = Literal(changed.isoformat(), datatype=term("xsd:dateTime"))
    yield Triple(_DATASET, term("dcterms:modified"), when)
    yield Triple(_DATASET, term("dcat:version"), Literal(__version__))
    yield Triple(_DATASET, term("owl:versionInfo"), Literal(__version__))
    for language in ("en", "zh"):
        yield Triple(_DATASET, term("dcterms:language"), Literal(language))
    yield Triple(_DATASET, term("dcat:landingPage"), NamedNode(base))
    yield Triple(_DATASET, NamedNode(_FOAF + "homepage"), NamedNode(base))
    yield Triple(_DATASET, _void("vocabulary"), ONTOLOGY)
    yield Triple(_DATASET, _void("uriSpace"), Literal(BASE + "id/"))
    yield Triple(_DATASET, _void("exampleResource"), NamedNode(BASE + "id/corridor"))
    for name in ("Turtle", "JSON-LD"):
        yield Triple(_DATASET, _void("feature"), NamedNode(_FORMATS + name))


def _contents() -> Iterator[Triple]:
    store = current().store
    sizes = _sizes(store)
    counts = store.counts()
    yield Triple(_DATASET, _void("triples"), _number(sum(sizes.values())))
    yield Triple(_DATASET, _void("classes"), _number(len(counts.members)))
    for name, size in sizes.items():
        graph = NamedNode(name)
        yield Triple(_DATASET, _void("subset"), graph)
        yield Triple(graph, A, _void("Dataset"))
        yield Triple(graph, _void("triples"), _number(size))
    for iri, members in counts.members.items():
        part = NamedNode(f"{_DATASET.value}#class-{local_name(iri)}")
        yield Triple(_DATASET, _void("classPartition"), part)
        yield Triple(part, _void("class"), NamedNode(iri))
        yield Triple(part, _void("entities"), _number(members))


def _distributions(base: str) -> Iterator[Triple]:
    endpoint, service = NamedNode(base + "sparql"), NamedNode(base + "sparql#service")
    yield Triple(_DATASET, _void("sparqlEndpoint"), endpoint)
    yield Triple(service, A, term("dcat:DataService"))
    yield Triple(service, term("dcat:endpointURL"), endpoint)
    yield Triple(service, term("dcat:endpointDescription"), endpoint)
    yield Triple(service, term("dcat:servesDataset"), _DATASET)
    for title in (Literal("SPARQL endpoint", language="en"), Literal("SPARQL端点", language="zh")):
        yield Triple(service, term("dcterms:title"), title)
    for extension, (_, media_type) in DOWNLOADS.items():
        for suffix in ("", ".gz"):
            address = NamedNode(f"{base}download/g60kg.{extension}{suffix}")
            part = NamedNode(f"{_DATASET.value}#{extension}{suffix}")
            yield Triple(_DATASET, _void("dataDump"), address)
            yield Triple(_DATASET, term("dcat:distribution"), part)
            yield Triple(part, A, term("dcat:Distribution"))
            yield Triple(part, term("dcat:downloadURL"), address)
            yield Triple(part, term("dcterms:license"), _LICENCE)
            yield Triple(part, term("dcat:mediaType"), NamedNode(_MEDIA_TYPES + media_type))
            if suffix:
                kind = NamedNode(_MEDIA_TYPES + "application/gzip")
                yield Triple(part, term("dcat:compressFormat"), kind)


@dataclass(frozen=True, slots=True)
class Dump:
    """A finished download file.

    Attributes:
        path: the file.
        digest: of its bytes, in hexadecimal digits.
        size: in bytes.
        modified: when the graph was last written, in seconds since 1970.
    """

    path: Path
    digest: str
    size: int
    modified: float


@lookup
def state() -> str:
    """Return an identifier of the graph's version, which changes with each write."""
    context = current()
    return hashlib.sha256(f"{context.state}{context.modified}".encode()).hexdigest()[:16]


def dump(folder: Path, extension: str, *, compressed: bool) -> Dump:
    """Write the complete graph to a file in a folder, as `export --with-ontology` does."""
    format_, _ = DOWNLOADS[extension]
    everything = Selection(with_ontology=True)
    path = folder / f"g60kg-{state()}.{extension}{'.gz' if compressed else ''}"
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as aside:
        try:
            if compressed:
                # No name and no time in the header: the same graph gives the same bytes.
                with gzip.GzipFile("", "wb", fileobj=aside, mtime=0) as stream:
                    export(current().store, format_, cast(IO[bytes], stream), everything)
            else:
                export(current().store, format_, cast(IO[bytes], aside), everything)
            aside.flush()
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise
    Path(aside.name).replace(path)
    with path.open("rb") as stored:
        digest = hashlib.file_digest(stored, "sha256").hexdigest()
    return Dump(path, digest, path.stat().st_size, current().modified)


@lru_cache(maxsize=2)
def _sizes(store: LocalStore) -> dict[str, int]:
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


def _written(triples: Iterable[Triple], format_: str) -> bytes:
    if format_ == "turtle":
        # Keeps the order of the triples and adds prefixes of these descriptions; the engine writes
        # prefixes in random order.
        written = serialize(triples, format=RdfFormat.TURTLE, prefixes=_PREFIXES)
        lines = (written or b"").splitlines(keepends=True)
        return b"".join([*sorted(lines[: len(_PREFIXES)]), *lines[len(_PREFIXES) :]])
    out = io.BytesIO()
    write_triples(triples, format_, out)
    return out.getvalue()


def _number(count: int) -> Term:
    return Literal(str(count), datatype=term("xsd:integer"))


def _sd(local: str) -> NamedNode:
    return NamedNode(_SD + local)


def _void(local: str) -> NamedNode:
    return NamedNode(_VOID + local)
