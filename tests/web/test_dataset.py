"""The description of the complete graph, and downloads."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from g60kg.export import Selection, export
from g60kg.package_data import __version__
from g60kg.stores.local_store import LocalStore
from tests.web import asking

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
DATASET = NamedNode("https://w3id.org/g60kg")
FORMS = {
    "ttl": (RdfFormat.TURTLE, "turtle"),
    "nt": (RdfFormat.N_TRIPLES, "ntriples"),
    "nq": (RdfFormat.N_QUADS, "nquads"),
    "trig": (RdfFormat.TRIG, "trig"),
    "jsonld": (RdfFormat.JSON_LD, "jsonld"),
    "rdf": (RdfFormat.RDF_XML, "rdfxml"),
}


def plain(url: str, **headers: str) -> httpx.Response:
    return asking.get(url, headers={"Accept-Encoding": "identity", **headers})


@pytest.fixture(scope="module")
def void(server: str) -> Store:
    answer = plain(f"{server}/.well-known/void")
    assert answer.headers["content-type"].startswith("text/turtle")
    found = Store()
    found.load(answer.content, RdfFormat.TURTLE)
    return found


def objects(store: Store, subject: NamedNode, predicate: str) -> Iterator[object]:
    for quad in store.quads_for_pattern(subject, NamedNode(predicate), None):
        yield quad.object


def test_description_has_the_counts(void: Store, store: LocalStore) -> None:
    (triples,) = objects(void, DATASET, VOID + "triples")
    assert isinstance(triples, Literal)
    assert int(triples.value) == len(store)
    (facts,) = void.quads_for_pattern(
        None, NamedNode(VOID + "class"), NamedNode("https://w3id.org/g60kg/ontology/Fact")
    )
    assert isinstance(facts.subject, NamedNode)
    (members,) = objects(void, facts.subject, VOID + "entities")
    assert isinstance(members, Literal)
    assert int(members.value) == store.counts().members["https://w3id.org/g60kg/ontology/Fact"]


def test_description_has_publisher_and_urls(void: Store, server: str) -> None:
    assert list(objects(void, DATASET, DCTERMS + "license")) == [
        NamedNode("https://creativecommons.org/licenses/by/4.0/")
    ]
    assert list(objects(void, DATASET, DCAT + "version")) == [Literal(__version__)]
    assert {title.language for title in objects(void, DATASET, DCTERMS + "title")
            if isinstance(title, Literal)} == {"en", "zh"}  # fmt: skip
    endpoint = NamedNode(f"{server}/sparql")
    assert list(objects(void, DATASET, VOID + "sparqlEndpoint")) == [endpoint]
    service = next(void.quads_for_pattern(None, NamedNode(DCAT + "endpointURL"), endpoint))
    served = void.quads_for_pattern(service.subject, NamedNode(DCAT + "servesDataset"), DATASET)
    assert len(list(served)) == 1


def test_each_described_download_exists(void: Store) -> None:
    dumps = list(objects(void, DATASET, VOID + "dataDump"))
    assert len(dumps) == 2 * len(FORMS)
    for dump in dumps:
        assert isinstance(dump, NamedNode)
        assert asking.head(dump.value).status_code == 200


@pytest.mark.parametrize("accept", ["application/ld+json", "application/rdf+xml", "text/turtle"])
def test_description_is_negotiated(accept: str, server: str) -> None:
    answer = plain(f"{server}/.well-known/void", Accept=accept)
    assert answer.headers["content-type"].partition(";")[0] == accept
    tag = answer.headers["etag"]
    again = plain(f"{server}/.well-known/void", Accept=accept, **{"If-None-Match": tag})
    assert again.status_code == 304


@pytest.mark.parametrize("extension", FORMS)
def test_download_is_what_export_writes(extension: str, server: str, store: LocalStore) -> None:
    form, name = FORMS[extension]
    expected = io.BytesIO()
    export(store, name, expected, Selection(with_ontology=True))
    answer = plain(f"{server}/download/g60kg.{extension}")
    assert answer.status_code == 200
    assert answer.content == expected.getvalue()
    assert answer.headers["content-type"].partition(";")[0] == form.media_type
    packed = plain(f"{server}/download/g60kg.{extension}.gz")
    assert packed.headers["content-type"] == "application/gzip"
    assert gzip.decompress(packed.content) == answer.content
    # Formats without graph names have a triple of two graphs once.
    quads = {quad if extension in ("nq", "trig") else quad.triple for quad in store.quads()}
    assert sum(1 for _ in parse(answer.content, form)) == len(quads)


def test_download_is_compressed_for_clients_that_accept_it(server: str) -> None:
    url = f"{server}/download/g60kg.ttl"
    whole, packed = plain(url), plain(url, **{"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == whole.headers["vary"] == "Accept-Encoding"
    assert packed.content == whole.content
    assert int(packed.headers["content-length"]) * 4 < int(whole.headers["content-length"])
    assert packed.headers["etag"] != whole.headers["etag"]


def test_download_has_304_and_ranges(server: str) -> None:
    url = f"{server}/download/g60kg.nt"
    whole = plain(url)
    assert plain(url, **{"If-None-Match": whole.headers["etag"]}).status_code == 304
    part = plain(url, Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    for invalid in ("lines=1", "bytes=9-1", "bytes=a", f"bytes=0-{'9' * 5000}"):
        assert plain(url, Range=invalid).status_code == 200


def test_download_is_made_once_for_concurrent_requests(server: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(plain, [f"{server}/download/g60kg.trig"] * 8))
    assert {answer.headers["etag"] for answer in answers} == {answers[0].headers["etag"]}
    assert {answer.status_code for answer in answers} == {200}


def test_unknown_downloads_are_404(server: str) -> None:
    answer = plain(f"{server}/download/g60kg.xlsx")
    assert answer.status_code == 404
    assert "g60kg.ttl" in answer.json()["detail"]
