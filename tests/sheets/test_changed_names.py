"""What a store remembers of its names is forgotten when it changes, and no sheet adds to it."""

from __future__ import annotations

from pyoxigraph import Literal, Quad
from rdflib import RDFS, URIRef
from rdflib import Literal as RdflibLiteral

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import Incoming, incoming_of
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import LABEL, ONTOLOGY_GRAPH, A, entity, g60, graph_name, term
from g60kg.stores.local_store import LocalStore

NAMED = [
    Quad(entity("newcomer"), A, g60("Enterprise"), graph_name("other")),
    Quad(entity("newcomer"), LABEL, Literal("Newcomer Works", language="en"), graph_name("other")),
]


def read(store: LocalStore, source: str, *rows: str) -> Incoming:
    header = (
        f"# url: https://example.org/news/{source}\n# title: Sample {source}\n"
        "# date: 2024-05-08\n# publisher: Example News\n# language: en\n"
        "subject,predicate,object,quote,modality\n"
    )
    return incoming_of((header + "\n".join(rows) + "\n").encode(), "new.csv", store)


def errors(incoming: Incoming) -> list[str]:
    """The messages about names of subjects and objects."""
    messages = (one.message for one in incoming.findings)
    return [one for one in messages if one.startswith(("subject:", "object:"))]


def test_a_name_is_known_from_its_addition_to_its_removal() -> None:
    store = LocalStore.shipped()
    row = "Newcomer Works,locatedIn,Hangzhou,Newcomer Works is in Hangzhou,"
    before = errors(read(store, "2400000001", row))
    assert before
    store.change([], NAMED)
    assert errors(read(store, "2400000001", row)) == []
    store.change(NAMED, [])
    assert errors(read(store, "2400000001", row)) == before
    store.extend(NAMED)
    assert errors(read(store, "2400000001", row)) == []
    store.clear(graph_name("other"))
    assert errors(read(store, "2400000001", row)) == before


def test_a_name_that_a_program_adds_with_rdflib_is_known() -> None:
    store = LocalStore.shipped()
    row = "Newcomer Works,locatedIn,Hangzhou,Newcomer Works is in Hangzhou,"
    assert errors(read(store, "2400000001", row))
    graph = store.dataset().graph(graph_name("other").value)
    graph.add((URIRef(entity("newcomer").value), RDFS.label, RdflibLiteral("Newcomer Works", "en")))
    assert errors(read(store, "2400000001", row)) == []


def test_the_names_of_a_sheet_are_unknown_to_the_next_one() -> None:
    store = LocalStore.shipped()
    own = [
        "Own Works,a,Enterprise,,",
        "Own Works,alternativeName,Hangzhou,,",
        "Own Works,locatedIn,Songjiang,Own Works is in Songjiang,Asserted",
    ]
    assert errors(read(store, "2400000001", *own)) == []
    assert errors(read(store, "2400000002", own[2]))
    # The name of a place has not become ambiguous.
    tencent = "Tencent,locatedIn,Hangzhou,Tencent is in Hangzhou,"
    assert errors(read(store, "2400000002", tencent)) == []


def test_a_source_that_is_given_again_does_not_know_the_names_that_it_had() -> None:
    store = LocalStore.shipped()
    own = graph_name("2400000001")
    store.change([], [Quad(q.subject, q.predicate, q.object, own) for q in NAMED])
    row = "Newcomer Works,locatedIn,Hangzhou,Newcomer Works is in Hangzhou,"
    assert errors(read(store, "2400000001", row))
    assert errors(read(store, "2400000002", row)) == []


def test_a_property_is_known_from_its_declaration() -> None:
    store = LocalStore.shipped()
    declared = Quad(g60("likes"), A, term("owl:ObjectProperty"), ONTOLOGY_GRAPH)
    assert g60("likes").value not in Vocabulary(store).properties
    store.change([], [declared])
    assert g60("likes").value in Vocabulary(store).properties
    store.change([declared], [])
    assert g60("likes").value not in Vocabulary(store).properties


def test_a_label_is_taken_from_its_addition_to_its_removal() -> None:
    store = LocalStore.shipped()
    rows = ("id:late-works,a,Enterprise,,", "id:late-works,label@en,Newcomer Works,,")

    def codes() -> set[str]:
        report = validate(store, [read(store, "2400000001", *rows)], texts={})
        return {one.code for one in report.findings}

    assert "LabelTaken" not in codes()
    store.change([], NAMED)
    assert "LabelTaken" in codes()
    store.change(NAMED, [])
    assert "LabelTaken" not in codes()
