"""Nanopublications of a release, read by rdflib and held to the rules of their guidelines."""

from __future__ import annotations

import io
from functools import cache

import pytest
import rdflib
from pyoxigraph import NamedNode
from rdflib.namespace import DCTERMS, PROV, RDF

from g60kg.export.release.nanopublications import nanopublication, write_nanopublications
from g60kg.namespaces import BASE, FACT, FACT_PREDICATE, HAS_EVIDENCE, A, entity, g60
from g60kg.stores.local_store import LocalStore

# rdflib's parser of TriG uses a class that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
G60 = rdflib.Namespace(f"{BASE}ontology/")
PARTS = {"assertion": NP.hasAssertion, "provenance": NP.hasProvenance,
         "pubinfo": NP.hasPublicationInfo}  # fmt: skip
DATE = "2026-11-30"


@cache
def written(store: LocalStore) -> bytes:
    out = io.BytesIO()
    write_nanopublications(store, out, DATE)
    return out.getvalue()


@pytest.fixture
def read(store: LocalStore) -> rdflib.Dataset:
    found = rdflib.Dataset()
    found.parse(io.BytesIO(written(store)), format="trig")
    return found


def graph(read: rdflib.Dataset, iri: str) -> rdflib.Graph:
    return read.graph(rdflib.URIRef(iri))


def test_each_fact_with_evidence_is_a_complete_nanopublication(
    read: rdflib.Dataset, store: LocalStore
) -> None:
    facts = {
        str(quad.subject)[1:-1]
        for quad in store.quads(None, HAS_EVIDENCE, None)
        if any(store.quads(NamedNode(str(quad.subject)[1:-1]), A, FACT))
    }
    known = {str(one.identifier) for one in read.graphs() if len(one)}
    assert known == {f"{fact}#{name}" for fact in facts for name in ("head", *PARTS)}
    for fact in facts:
        itself = rdflib.URIRef(f"{fact}#nanopub")
        head = graph(read, f"{fact}#head")
        assert len(head) == 4
        assert (itself, RDF.type, NP.Nanopublication) in head
        for name, way in PARTS.items():
            assert list(head.objects(itself, way)) == [rdflib.URIRef(f"{fact}#{name}")]
        # Provenance is about the assertion, publication info about the nanopublication.
        assertion = rdflib.URIRef(f"{fact}#assertion")
        provenance, info = graph(read, f"{fact}#provenance"), graph(read, f"{fact}#pubinfo")
        assert any(provenance.objects(assertion, PROV.wasDerivedFrom))
        assert any(provenance.objects(assertion, PROV.hadPrimarySource))
        (created,) = info.objects(itself, DCTERMS.created)
        assert str(created).startswith(DATE)
        assert any(info.objects(itself, DCTERMS.license))
        assert any(info.objects(itself, DCTERMS.creator))


def test_a_goal_is_no_triple_of_an_assertion(read: rdflib.Dataset, store: LocalStore) -> None:
    stated = {str(quad.subject)[1:-1] for quad in store.quads(None, g60("factStatus"), g60("Goal"))}
    # The status of a figure is on its node.
    goals = {one for one in stated if "/fact/" in one} - {
        str(quad.subject)[1:-1] for quad in store.quads(None, FACT_PREDICATE, g60("hasObservation"))
    }
    assert goals
    for goal in goals:
        iri = rdflib.URIRef(goal)
        said = graph(read, f"{goal}#assertion")
        (subject,) = said.objects(iri, G60.factSubject)
        (predicate,) = said.objects(iri, G60.factPredicate)
        assert (subject, predicate, None) not in said
        assert (iri, G60.factStatus, G60.Goal) in said
    place = rdflib.URIRef(f"{BASE}id/hangzhou")
    direct = [one for one in read.graphs() if (place, G60.inProvince, None) in one]
    assert direct
    assert all(str(one.identifier).endswith("#assertion") for one in direct)


def test_how_a_statement_is_meant_is_in_the_provenance(read: rdflib.Dataset) -> None:
    meant = [one for one in read.graphs() if (None, G60.wording, G60.Superlative) in one]
    assert meant
    assert any(str(one.identifier).endswith("#provenance") for one in meant)


def test_a_figure_is_in_the_assertion_with_its_number(read: rdflib.Dataset) -> None:
    figure = rdflib.URIRef(f"{BASE}id/observation-corridor-population-a88da2f9185c")
    (said, *_) = (one for one in read.graphs() if (None, G60.hasObservation, figure) in one)
    assert (figure, G60.numericValue, None) in said


def test_a_fact_without_evidence_has_none(store: LocalStore) -> None:
    assert list(nanopublication(store, entity("hangzhou"), DATE)) == []
