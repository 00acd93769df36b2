"""The schema.org descriptions in the head of pages, read as RDF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF

from g60kg.queries.catalog import load_catalog
from tests.cli.run import g60kg
from tests.conftest import ARTICLE
from tests.web.asking import ask, get
from tests.web.reading_pages import page
from tests.web.serving import serving

# rdflib's parser of JSON-LD uses a class that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SCHEMA = Namespace("https://schema.org/")
BASE = "https://w3id.org/g60kg"
FACT = f"{BASE}/fact/{ARTICLE}-2c55b8da16e1"
POPULATION = f"{BASE}/id/observation-corridor-population-a88da2f9185c"
SOURCE = f"article-{ARTICLE}"
#: The page of each kind of resource, its IRI, and its classes in schema.org.
RESOURCES = [
    ("/", BASE, {"Dataset"}),
    ("/id/hangzhou.html", f"{BASE}/id/hangzhou", {"AdministrativeArea", "Place"}),
    ("/id/corridor.html", f"{BASE}/id/corridor", {"Place"}),
    ("/id/fosun-pharma.html", f"{BASE}/id/fosun-pharma", {"Organization"}),
    (f"/id/{SOURCE}.html", f"{BASE}/id/{SOURCE}", {"CreativeWork", "NewsArticle"}),
    ("/id/dataset-geonames.html", f"{BASE}/id/dataset-geonames", {"CreativeWork", "Dataset"}),
    (FACT.removeprefix(BASE) + ".html", FACT, {"Claim"}),
    (POPULATION.removeprefix(BASE) + ".html", POPULATION, {"Observation"}),
    (f"/quote/{ARTICLE}-7414-7455.html", f"{BASE}/quote/{ARTICLE}-7414-7455", {"Quotation"}),
    (f"/graph/{ARTICLE}.html", f"{BASE}/graph/{ARTICLE}", {"Dataset"}),
    ("/ontology.html", f"{BASE}/ontology", {"DefinedTermSet"}),
    ("/ontology/Enterprise.html", f"{BASE}/ontology/Enterprise", {"DefinedTerm"}),
    ("/measure/population.html", f"{BASE}/measure/population", set()),
]  # fmt: skip
#: Pages that show a part of the graph, and the type of each.
OF_GRAPH = {
    "/companies": "CollectionPage",
    "/projects": "CollectionPage",
    "/articles": "CollectionPage",
    "/queries": "CollectionPage",
    "/timeline": "WebPage",
    "/map": "WebPage",
    "/matrix": "WebPage",
    "/graph": "WebPage",
}
#: Pages that show what a user asks for.
WITHOUT = (
    "/search?q=fosun",
    "/ask?q=Songjiang",
    "/timeline?city=Songjiang",
    "/queries/zones?city=Songjiang",
    "/check",
)


def described(server: str, path: str, language: str = "en") -> Graph:
    """Return the description in the head of a page; its context is in the document."""
    (script,) = page(server, path, language).one("head").all("script", type="application/ld+json")
    text = "".join(str(part) for part in script.content)
    document: dict[str, Any] = json.loads(text)
    assert document["@context"] == {"@vocab": str(SCHEMA)}
    return Graph().parse(data=text, format="json-ld")


def texts(graph: Graph, subject: str, name: str) -> set[str]:
    return {str(one) for one in graph.objects(URIRef(subject), SCHEMA[name])}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("path", "iri", "kinds"), RESOURCES, ids=[one[0] for one in RESOURCES])
def test_each_kind_of_page_says_what_it_is_about(
    path: str, iri: str, kinds: set[str], language: str, server: str
) -> None:
    graph = described(server, path, language)
    found = {str(kind).removeprefix(str(SCHEMA)) for kind in graph.objects(URIRef(iri), RDF.type)}
    assert found == kinds
    page_of = "url" if path == "/" else "mainEntityOfPage"
    assert texts(graph, iri, page_of) == {f"{server}{path}"}
    if not kinds:
        assert texts(graph, iri, "additionalType")
    names = [*graph.objects(URIRef(iri), SCHEMA.name), *graph.objects(URIRef(iri), SCHEMA.text)]
    assert names
    assert all(isinstance(name, Literal) for name in names)
    assert all(str(one).startswith((str(SCHEMA), str(RDF))) for one in graph.predicates())


def test_a_fact_is_a_claim_that_appears_in_its_source(server: str) -> None:
    graph = described(server, f"/fact/{ARTICLE}-2c55b8da16e1.html")
    source = URIRef(f"{BASE}/id/{SOURCE}")
    assert set(graph.objects(URIRef(FACT), SCHEMA.appearance)) == {source}
    assert set(graph.objects(URIRef(FACT), SCHEMA.citation)) == {source}
    assert (source, RDF.type, SCHEMA.NewsArticle) in graph
    assert texts(graph, str(source), "url")
    (published,) = texts(graph, str(source), "datePublished")
    assert published.startswith("20")
    assert any(graph.objects(URIRef(FACT), SCHEMA.about))


def test_how_a_statement_is_meant_is_in_its_claim(server: str) -> None:
    rows = get(
        f"{server}/api/queries/claims-by-modality?modality=Goal&evidence=true&limit=1"
    ).json()
    (row,) = rows["results"]["bindings"]
    iri = next(cell["value"] for cell in row.values() if "/fact/" in cell["value"])
    (text,) = texts(described(server, iri.removeprefix(BASE) + ".html"), iri, "text")
    assert "goal, not yet achieved" in text


def test_a_figure_that_is_not_exact_is_no_number(server: str) -> None:
    graph = described(server, POPULATION.removeprefix(BASE) + ".html")
    (value,) = graph.objects(URIRef(POPULATION), SCHEMA.value)
    assert str(value) == "about 57.92 million"
    assert (URIRef(POPULATION), SCHEMA.observationAbout, URIRef(f"{BASE}/id/corridor")) in graph
    measure = URIRef(f"{BASE}/measure/population")
    assert (URIRef(POPULATION), SCHEMA.variableMeasured, measure) in graph
    assert set(graph.objects(None, SCHEMA.appearance)) == {URIRef(f"{BASE}/id/{SOURCE}")}
    asked = (
        "{ id:corridor g60:hasObservation ?o . ?o g60:observedMeasure measure:member-city-count }"
    )
    rows = ask(f"{server}/sparql", f"SELECT ?o {asked}", "application/sparql-results+json").json()
    iri = rows["results"]["bindings"][0]["o"]["value"]
    (exact,) = described(server, iri.removeprefix(BASE) + ".html").objects(
        URIRef(iri), SCHEMA.value
    )
    assert isinstance(exact, Literal)
    assert exact.toPython() == 9


def test_downloads_and_answers_that_are_described_exist(server: str) -> None:
    for path in ("/", "/queries/zones"):
        graph = described(server, path)
        urls = {str(url) for url in graph.objects(None, SCHEMA.contentUrl)}
        assert urls
        for url in urls:
            assert get(url).status_code == 200
        assert set(graph.objects(None, SCHEMA.license)) == {
            URIRef("https://creativecommons.org/licenses/by/4.0/")
        }


def test_each_query_is_a_part_of_the_data_set(server: str) -> None:
    for name in list(load_catalog())[::9]:
        graph = described(server, f"/queries/{name}", "zh")
        iri = URIRef(f"{server}/queries/{name}")
        assert (iri, RDF.type, SCHEMA.Dataset) in graph
        assert (iri, SCHEMA.isPartOf, URIRef(BASE)) in graph
        assert all(one.language == "zh" for one in graph.objects(iri, SCHEMA.name)
                   if isinstance(one, Literal))  # fmt: skip


@pytest.mark.parametrize(("path", "kind"), OF_GRAPH.items())
def test_a_page_of_the_graph_is_a_part_of_the_data_set(path: str, kind: str, server: str) -> None:
    graph, iri = described(server, path, "zh"), URIRef(f"{server}{path}")
    assert set(graph.objects(iri, RDF.type)) == {SCHEMA[kind]}
    assert (iri, SCHEMA.isPartOf, URIRef(BASE)) in graph
    (name,) = graph.objects(iri, SCHEMA.name)
    assert isinstance(name, Literal)
    assert name.language == "zh"
    assert str(name) in page(server, path, "zh").one("title").text


@pytest.mark.parametrize("path", WITHOUT)
def test_other_pages_have_no_description(path: str, server: str) -> None:
    assert not page(server, path).all("script", type="application/ld+json")


HOSTILE = "</script><script>alert(1)</script><!-- & ' \u2028 \ufffe"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose graph has a label that would end its element."""
    folder = tmp_path_factory.mktemp("hostile-labels")
    triples: Path = folder / "labels.nt"
    label = json.dumps(HOSTILE)
    triples.write_text(
        f"<{BASE}/id/bad> <{RDF.type}> <{BASE}/ontology/Enterprise> .\n"
        f"<{BASE}/id/bad> <http://www.w3.org/2000/01/rdf-schema#label> {label}@en .\n"
    )
    store = folder / "store"
    assert g60kg("--store", store, "load").returncode == 0
    assert g60kg("--store", store, "load", triples).returncode == 0
    with serving(folder / "log", globals_=("--store", str(store))) as server:
        yield server.url


def test_a_label_cannot_leave_its_description(hostile: str) -> None:
    answer = get(f"{hostile}/id/bad.html")
    assert answer.status_code == 200
    assert "</script><script>" not in answer.text
    assert "<!--" not in answer.text
    graph = described(hostile, "/id/bad.html")
    (name,) = texts(graph, f"{BASE}/id/bad", "name")
    assert name.startswith("</script><script>alert(1)</script><!-- & '")
