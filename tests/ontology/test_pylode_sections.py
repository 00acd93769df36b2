"""docs/ontology.html has the sections and the rows of an entry that pyLODE 3.4.1 writes.

pyLODE ran once on the same Turtle files; its headings and the rows of its tables are listed here.
"""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from g60kg.namespaces import ONTOLOGY, A, local_name, term
from tests import graphs
from tests.ontology.test_ontology_page import OWN, articles, page

pytestmark = pytest.mark.usefixtures("shipped_graph")

#: The headings of pyLODE, and the page's.
SECTIONS = {
    "Metadata": "Metadata",
    "Classes": "Classes",
    "Object Properties": "Object properties",
    "Datatype Properties": "Datatype properties",
    "Annotation Properties": "Annotation properties",
    "Namespaces": "Prefixes",
}
#: The rows of an entry that are read from the term's own triples, by predicate.
STATED = {
    "Description": "skos:definition",
    "Example": "skos:example",
    "Scope Note": "skos:scopeNote",
    "Sub Class Of": "rdfs:subClassOf",
    "Sub Property Of": "rdfs:subPropertyOf",
    "Domain": "rdfs:domain",
    "Range": "rdfs:range",
    "Inverse Of": "owl:inverseOf",
}
#: The rows that are read from triples of which the term is the object.
INVERTED = {
    "Super Class Of": "rdfs:subClassOf",
    "Super Property Of": "rdfs:subPropertyOf",
    "In Domain Of": "rdfs:domain",
    "In Range Of": "rdfs:range",
}
#: The rows of the metadata.
METADATA = (
    *("dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:creator"),
    *("dcterms:created", "dcterms:modified", "dcterms:issued", "dcterms:license"),
    *("owl:versionIRI", "owl:versionInfo", "owl:priorVersion"),
    *("vann:preferredNamespacePrefix", "vann:preferredNamespaceUri"),
)


def own(node: object) -> str | None:
    """The local name of a term of the ontology."""
    if isinstance(node, NamedNode) and node.value.startswith(OWN):
        return local_name(node.value)
    return None


def test_each_section_is_there() -> None:
    headings = [one.text for one in page().all("h2")]
    missing = [
        name for name in SECTIONS.values() if not any(each.startswith(name) for each in headings)
    ]
    assert missing == []


@pytest.mark.parametrize("row", STATED)
def test_a_row_shows_what_is_stated(row: str) -> None:
    stated = [
        (name, triple.object)
        for triple in graphs.ontology()
        if triple.predicate == term(STATED[row]) and (name := own(triple.subject))
    ]
    assert stated
    for name, value in stated:
        article = articles()[name]
        if target := own(value):
            assert f"#{target}" in article.links(), (name, target)
        elif isinstance(value, Literal):
            assert " ".join(value.value.split()) in article.text, name


@pytest.mark.parametrize("row", INVERTED)
def test_a_row_shows_what_others_state_of_it(row: str) -> None:
    for triple in graphs.ontology():
        subject, object_ = own(triple.subject), own(triple.object)
        if triple.predicate == term(INVERTED[row]) and subject and object_:
            assert f"#{subject}" in articles()[object_].links(), (object_, subject)


def test_each_entry_has_its_iri_and_kind_and_says_if_it_is_functional() -> None:
    functional = {
        own(triple.subject)
        for triple in graphs.ontology()
        if triple.predicate == A and triple.object == term("owl:FunctionalProperty")
    } - {None}
    assert len(functional) > 15
    for name in functional:
        assert name is not None
        assert "functional" in articles()[name].text
    for name, article in articles().items():
        assert name.startswith("measure-") or f"g60:{name}" in article.text


def test_the_metadata_has_each_row() -> None:
    stated = {triple.predicate for triple in graphs.ontology() if triple.subject == ONTOLOGY}
    assert {term(name) for name in METADATA} <= stated  # shown: test_ontology_page
