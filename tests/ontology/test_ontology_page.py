"""docs/ontology.html has every term, with everything that the ontology states about it."""

from __future__ import annotations

from functools import cache

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from docs.make.ontology import PAGE
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.model.term_listing import TermListing
from g60kg.namespaces import ONTOLOGY, PREFIXES, A, compact, local_name, term
from g60kg.stores.local_store import LocalStore
from tests import graphs
from tests.graphs import ROOT, read_turtle
from tests.web.reading_pages import Element, read_page

# The pages show the shipped graph.
pytestmark = pytest.mark.usefixtures("shipped_graph")

OWN = PREFIXES["g60"]
#: Stated once for all terms.
DEFINED_BY = term("rdfs:isDefinedBy")
TRUE = Literal("true", datatype=term("xsd:boolean"))
MOST_BYTES = 780_000


@cache
def page() -> Element:
    # Tests of docs/ compare the file with what the code generates.
    return read_page((ROOT / PAGE).read_text(encoding="utf-8"))


@cache
def articles() -> dict[str, Element]:
    return {one.attributes["id"]: one for one in page().all("article")}


def about_own_terms() -> list[tuple[str, NamedNode, object]]:
    """The local name of the subject, the predicate and the object of each triple."""
    return [
        (local_name(triple.subject.value), triple.predicate, triple.object)
        for triple in graphs.ontology()
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(OWN)
    ]


def test_each_term_has_an_anchor_equal_to_its_local_name() -> None:
    terms = {name for name, _, _ in about_own_terms()}
    assert len(terms) > 250
    assert terms <= set(articles())
    assert {name for name in set(articles()) - terms if not name.startswith("measure-")} == set()


def test_each_statement_about_a_term_is_shown() -> None:
    missing = []
    for name, predicate, value in about_own_terms():
        article = articles()[name]
        if predicate in (A, DEFINED_BY) or isinstance(value, BlankNode):
            continue
        if value == TRUE:
            shown = predicate == term("owl:deprecated") or "Yes" in article.text
        elif isinstance(value, Literal):
            texts = [one.text for one in article.all() if not one.content or one.name != "dl"]
            shown = " ".join(value.value.split()) in texts
        else:
            assert isinstance(value, NamedNode)
            own = value.value.startswith(OWN)
            shown = (f"#{local_name(value.value)}" if own else value.value) in article.links()
        if not shown:
            missing.append((name, predicate, value))
    assert missing == []


def test_a_class_shows_the_properties_that_its_entities_may_have() -> None:
    store = LocalStore.shipped()
    listing, parents = TermListing(store), Vocabulary(store).superclasses
    for kind in listing.topic("classes"):
        shown = set().union(
            *(
                {link.removeprefix("#") for link in row.links()}
                for above in parents[OWN + kind["name"]]
                if above.startswith(OWN)
                for row in articles()[local_name(above)].all("div")
                if "properties of its entities" in row.text
            )
        )
        assert shown == {one["name"] for one in listing.of(kind["name"])["predicates"]}, kind


def test_both_languages_are_marked() -> None:
    for name, _, value in about_own_terms():
        if isinstance(value, Literal) and value.language == "zh":
            assert value.value in [one.text for one in articles()[name].all(lang="zh")]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("locatedIn", ["object property", "transitive", "Domain any entity", "Subproperties"]),
        ("hasMember", ["Inverse property member of", "Domain organization", "Range party"]),
        ("memberOf", ["Inverse has member", "org:memberOf"]),
        ("Quotation", ["oa:hasSource only g60:TextSource"]),
        ("Concept", ["Disjoint with document, event", "Subclasses", "Range of", "skos:Concept"]),
        ("Comparator", ["Values approximately, at least"]),
        ("measure-gdp-growth", ["Of measure GDP", "Statistic of the measure growth", "percent"]),
        ("City", ["Replaced by prefecture-level city", "Change g60:PrefectureCity or"]),
    ],
)
def test_what_follows_from_the_ontology_is_shown_too(name: str, texts: list[str]) -> None:
    shown = articles()[name].text.replace(" ,", ",").lower()
    assert [text for text in texts if text.lower() not in shown] == []


def test_terms_that_the_graph_uses_have_an_example_from_it() -> None:
    folder = ROOT / "instances"
    triples = read_turtle(*folder.glob("*.ttl"), *folder.glob("articles/*.ttl"))
    used: set[object] = {triple.predicate for triple in triples}
    used |= {triple.object for triple in triples if triple.predicate == A}
    iris = {one.value for one in used if isinstance(one, NamedNode)}
    names = {local_name(iri) for iri in iris if iri.startswith(OWN)}
    assert len(names) > 100
    without = {name for name in names if "in the graph" not in articles()[name].text}
    assert without == set()


def test_each_measure_is_listed() -> None:
    triples = read_turtle(ROOT / "instances" / "measures.ttl")
    iris = {
        t.subject.value for t in triples if t.predicate == A and isinstance(t.subject, NamedNode)
    }
    anchors = {f"measure-{local_name(iri)}" for iri in iris}
    assert anchors <= set(articles())


def test_each_term_of_another_vocabulary_is_listed() -> None:
    foreign = {
        triple.subject.value
        for triple in graphs.ontology()
        if triple.predicate == A
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode)
        and triple.object.value.startswith(PREFIXES["owl"])
        and not triple.subject.value.startswith(ONTOLOGY.value)
    }
    assert len(foreign) > 60
    shown = {one.text for one in page().all("code")}
    assert {compact(iri) for iri in foreign} - shown == set()


def test_the_metadata_of_the_ontology_is_shown() -> None:
    text = page().one("main").text
    for triple in graphs.ontology():
        if triple.subject == ONTOLOGY and triple.predicate != A:
            value = triple.object
            assert isinstance(value, Literal | NamedNode)
            dated = triple.predicate in {
                term(f"dcterms:{n}") for n in ("issued", "modified", "created")
            }
            named = term("dcterms:creator"), term("dcterms:publisher"), term("dcterms:license")
            if not dated and triple.predicate not in named:
                assert value.value in text, triple
    for suffix in ("ttl", "jsonld", "nt", "rdf"):
        assert f"{ONTOLOGY.value}.{suffix}" in page().links()


def test_links_within_the_page_lead_somewhere() -> None:
    ids = [one.attributes["id"] for one in page().all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page().links() if link.startswith("#")} <= set(ids)


def test_the_diagram_has_arrows_and_names() -> None:
    drawing = page().one("svg", class_="diagram")
    names = {one.text for one in drawing.all("text", class_="by")}
    assert {"hasEvidence", "hasObservation", "observedMeasure", "locatedIn", "issuedBy"} <= names
    assert len(drawing.all("path", class_="edge")) > 15


def test_the_file_is_small_and_needs_no_other() -> None:
    html = (ROOT / PAGE).read_bytes()
    assert len(html) < MOST_BYTES
    assert b"<script" not in html
    assert page().all("img") == []
