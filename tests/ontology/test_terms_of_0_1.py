"""The terms of version 0.1: each is kept with its kind, replaced, or says what changed."""

from __future__ import annotations

from csv import DictReader

from pyoxigraph import Literal, NamedNode

from g60kg.namespaces import local_name, term
from tests.graphs import ROOT
from tests.ontology.test_ontology import deprecated, names, objects, of_type, own_terms


def test_terms_of_0_1_are_replaced_by_terms_that_are_not_deprecated() -> None:
    assert len(deprecated()) > 50
    for name in deprecated():
        if name not in of_type("owl:NamedIndividual"):  # no value of an enumeration replaces these
            (successor,) = objects(name, "dcterms:isReplacedBy")
            assert isinstance(successor, NamedNode)
            assert local_name(successor.value) in own_terms(), name
        else:
            assert objects(name, "skos:changeNote"), name
        for predicate in ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range"):
            assert objects(name, predicate) == [], name


def test_terms_of_0_1_keep_their_labels_and_definitions() -> None:
    for name in deprecated():
        for predicate, languages in (("rdfs:label", ["en", "zh"]), ("skos:definition", ["en"])):
            texts = [text for text in objects(name, predicate) if isinstance(text, Literal)]
            assert sorted(str(text.language) for text in texts) == languages, name


def test_terms_of_0_1_keep_their_kind_or_say_what_changed() -> None:
    with (ROOT / "tests" / "data" / "terms-of-0-1.csv").open(encoding="utf-8") as stream:
        old = {
            row["term"]: {term(kind) for kind in row["types"].split()} for row in DictReader(stream)
        }
    assert len(old) > 150
    assert old.keys() - own_terms() == deprecated() & old.keys()
    for name in old.keys() & own_terms():
        types = set(objects(name, "rdf:type"))
        for kind in [kind for kind in types if isinstance(kind, NamedNode)]:
            types |= set(objects(local_name(kind.value), "rdfs:subClassOf"))
        assert old[name] <= types, name
    # narrower, of another superclass, or of the fact
    for name in names("Goal time Comparator describedBy"):
        notes = [note for note in objects(name, "skos:changeNote") if isinstance(note, Literal)]
        assert sorted(str(note.language) for note in notes) == ["en", "zh"], name
