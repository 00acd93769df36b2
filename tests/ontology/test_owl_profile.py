"""The ontology, alone and with instances, is OWL 2 DL and consistent; the check finds faults."""

from __future__ import annotations

from functools import cache

import pytest
from pyoxigraph import Literal, Triple

from g60kg.namespaces import term
from g60kg.reasoning import reason
from tests.graphs import ROOT, ontology, read_turtle, sample, triples
from tests.ontology.owl_profile import violations
from tests.reasoning.hermit import are_consistent


@pytest.mark.long
def test_ontology_is_owl_2_dl() -> None:
    assert violations(ontology()) == []


def test_ontology_with_instances_is_owl_2_dl() -> None:
    assert violations([*ontology(), *sample()]) == []


@pytest.mark.long
def test_ontology_with_the_shipped_graph_is_owl_2_dl() -> None:
    assert violations([*ontology(), *shipped()]) == []


def test_literals_of_the_shipped_graph_are_literals_of_rdf() -> None:
    # The range of text properties, but no datatype that a literal in RDF may bear.
    plain = term("rdf:PlainLiteral")
    objects = [triple.object for triple in shipped()]
    assert [o for o in objects if isinstance(o, Literal) and o.datatype == plain] == []


@cache
def shipped() -> list[Triple]:
    paths = sorted((ROOT / "instances").rglob("*.ttl"))
    if not paths:
        pytest.skip("no instances in this checkout")
    return read_turtle(*paths)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("g60:locatedIn a owl:IrreflexiveProperty .", "non-simple property"),
        pytest.param(
            "g60:partOf a owl:FunctionalProperty .", "non-simple property", marks=pytest.mark.long
        ),
        ("g60:slogan a owl:ObjectProperty .", "Cannot pun between properties"),
        pytest.param(
            "g60:factPredicate a owl:ObjectProperty .",
            "Cannot pun between properties",
            marks=pytest.mark.long,
        ),
        ("g60:Place rdfs:subClassOf g60:Undeclared .", "undeclared class"),
        ("g60:slogan rdfs:range rdf:langString .", "unknown datatype"),
        ("g60:Place g60:undeclared 'x' .", "undeclared annotation property"),
        (
            "g60:headquarteredIn owl:propertyChainAxiom (g60:partOf g60:locatedIn) .",
            "chain causes cycle",
        ),
        ("[] a owl:AllDisjointClasses .", "Part of no axiom"),
    ],
)
def test_profile_check_finds_what_is_not_dl(broken: str, why: str) -> None:
    found = violations([*ontology(), *triples(broken)])
    assert any(why in violation for violation in found), found


@pytest.mark.long
def test_hermit_loads_the_ontology_without_options() -> None:
    assert are_consistent([ontology()], as_given=True) == [True]
    notation = triples(
        'g60:note a owl:DatatypeProperty . g60:Exactly g60:note "exactly"^^g60:Notation .'
    )
    with pytest.raises(ValueError, match="datatype map"):
        are_consistent([[*ontology(), *notation]], as_given=True)


def test_ontology_is_consistent_and_every_class_can_have_members() -> None:
    found = reason(ontology())
    assert found.consistent
    assert found.unsatisfiable == ()
