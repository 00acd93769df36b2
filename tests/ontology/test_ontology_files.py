"""Each file of the ontology has the terms of its topic, and the prefixes that it uses."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode

from g60kg.namespaces import ONTOLOGY, A, term
from tests.graphs import ROOT, read_turtle
from tests.ontology.test_ontology import OWN, TOPICS


def test_files_are_those_of_the_topics_and_the_alignments() -> None:
    files = {path.stem for path in (ROOT / "ontology").glob("*.ttl")}
    assert files == {*TOPICS, "alignments", "deprecated"}


def test_topic_files_speak_of_own_terms_only() -> None:
    project = NamedNode("https://w3id.org/g60kg/project")
    for triple in read_turtle(*(ROOT / "ontology" / f"{topic}.ttl" for topic in TOPICS)):
        if isinstance(triple.subject, NamedNode) and triple.subject not in (ONTOLOGY, project):
            assert triple.subject.value.startswith(OWN), triple


def test_alignments_only_declare_foreign_terms_and_place_own_ones() -> None:
    kinds = {term(f"owl:{k}Property") for k in ("Object", "Datatype", "Annotation")}
    kinds.add(term("owl:Class"))
    placing = {term(n) for n in ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:seeAlso")}
    restriction = {A, *(term(f"owl:{name}") for name in ("onProperty", "allValuesFrom"))}
    for quad in read_turtle(ROOT / "ontology" / "alignments.ttl"):
        if isinstance(quad.subject, BlankNode):
            assert quad.predicate in restriction, quad
        elif str(quad.subject).strip("<>").startswith(OWN):
            assert quad.predicate in placing, quad
            assert not str(quad.object).strip("<>").startswith(OWN), quad
        else:
            assert (quad.predicate, quad.object in kinds) == (A, True), quad


def test_files_declare_only_prefixes_that_they_use() -> None:
    for path in (ROOT / "ontology").glob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        body = "\n".join(line for line in text.splitlines() if not line.startswith("@prefix"))
        declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
        assert [prefix for prefix in declared if prefix not in body] == [], path.name
        assert declared == sorted(declared), path.name
