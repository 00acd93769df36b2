"""What is said of a contradiction: the statements, the axioms, and where they stand."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad

from g60kg.model.change import Change
from g60kg.namespaces import ONTOLOGY_GRAPH, PREFIXES, A, entity, g60, graph_name
from g60kg.validation.checks.consistency import check_consistency
from g60kg.validation.report.findings import Severity, Status
from tests.graphs import triples
from tests.validation.consistency_cases import (
    brought,
    quads_of,
    store_of,
)

G60 = PREFIXES["g60"]


@pytest.mark.parametrize(
    ("kind", "before", "added", "message", "where"),
    [
        (
            "two types",
            "id:zhejiang a g60:Province .",
            "id:zhejiang a g60:PrefectureCity .",
            "Zhejiang is a province; Zhejiang is a prefecture-level city; nothing is both a "
            "prefecture-level city and a province.",
            ("zhejiang", "type", "PrefectureCity"),
        ),
        (
            "superclasses",
            "id:x a g60:Enterprise .",
            "id:x a g60:CountyDivision .",
            "X is an enterprise; X is a county-level division; a county-level division is an "
            "administrative division; an enterprise is an organization; nothing is both an "
            "administrative division and an organization.",
            ("x", "type", "CountyDivision"),
        ),
        (
            "range",
            "id:x a g60:Meeting .",
            "id:corridor g60:hasMemberCity id:x .",
            "X is a meeting; corridor: member city X; “member city” is always an "
            "administrative division; an administrative division is a place; a place is a "
            "location; a meeting is an event; nothing is both an event and a location.",
            ("corridor", "hasMemberCity", "x"),
        ),
        (
            "domain of an inverse",
            "id:x a g60:Meeting .",
            "id:x g60:hasMember id:y .",
            "X is a meeting; X: has member y; only an organization has “has member”; a "
            "meeting is an event; nothing is both an event and an organization.",
            ("x", "hasMember", "y"),
        ),
        (
            "super-property",
            "id:x a g60:Meeting .",
            "id:y g60:headquarteredIn id:x .",
            "X is a meeting; y: headquartered in X; “headquartered in” is always a "
            "location; a meeting is an event; nothing is both an event and a location.",
            ("y", "headquarteredIn", "x"),
        ),
        (
            "relation to itself",
            "id:x a g60:PrefectureCity .",
            "id:x g60:integratesWith id:x .",
            "X: integrates with X; “integrates with” is irreflexive.",
            ("x", "integratesWith", "x"),
        ),
        (
            "relation both ways",
            "id:x g60:directlyPrecedes id:y .",
            "id:y g60:directlyPrecedes id:x .",
            "X: directly precedes y; y: directly precedes X; “directly precedes” is asymmetric.",
            ("y", "directlyPrecedes", "x"),
        ),
        (
            "two values of a property that has one",
            "id:q g60:numericValue 40.0 .",
            "id:q g60:numericValue 41.0 .",
            "q: numeric value 40; q: numeric value 41; “numeric value” has one value at most.",
            ("q", "numericValue", "41"),
        ),
        (
            "two entities where there can be one",
            "id:q g60:comparator g60:Exactly .",
            "id:q g60:comparator g60:LessThan .",
            "q: comparator of the value exactly; q: comparator of the value less than; "
            "“comparator of the value” has one value at most.",
            ("q", "comparator", "LessThan"),
        ),
        (
            "datatype",
            "",
            'fact:f g60:startYear "2016" .',
            "fact:f: start year 2016; “2016” is text without a language; “start year” is always "
            "an integer.",
            ("f", "startYear", "2016"),
        ),
    ],
)
def test_a_contradiction_has_a_readable_message(
    kind: str, before: str, added: str, message: str, where: tuple[str, str, str]
) -> None:
    labels = 'id:zhejiang rdfs:label "Zhejiang"@en . id:corridor rdfs:label "corridor"@en .'
    labels += 'id:x rdfs:label "X"@en . id:y rdfs:label "y"@en . id:q rdfs:label "q"@en .'
    (finding,) = brought(store_of(triples(labels + before)), triples(added))
    assert (finding.code, finding.severity) == ("Inconsistent", Severity.VIOLATION), kind
    assert finding.status is Status.INTRODUCED
    assert finding.message == message
    place = (finding.focus, finding.path, finding.value)
    assert tuple(part.rsplit("/")[-1].rsplit("#")[-1] for part in place if part) == where


@pytest.mark.parametrize(
    ("before", "added"),
    [
        ("id:x a g60:Dataset .", "id:q a g60:Quotation ; oa:hasSource id:x ."),
        ("id:x a g60:Dataset . id:q a g60:Quotation .", "id:q oa:hasSource id:x ."),
        ("id:x a g60:Dataset . id:q oa:hasSource id:x .", "id:q a g60:Quotation ."),
        ("id:x a g60:Dataset . id:q oa:hasSource id:x .", "id:q g60:recordKey '1' ; a id:Y ."),
        ("id:q a g60:Quotation ; oa:hasSource id:x .", "id:x a g60:Dataset ."),
        # Its known statements do not show whether it is an article.
        ("id:q a g60:Quotation ; oa:hasSource id:x . id:x a prov:Entity .", "id:x a g60:Dataset ."),
    ],
)
def test_restrictions_hold_whichever_part_comes_last(before: str, added: str) -> None:
    store = store_of(triples(before))
    apart = triples("g60:TextSource owl:disjointWith g60:Dataset .")
    store.extend(Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in apart)
    findings = brought(store, triples(added))
    if "recordKey" in added:
        assert findings == ()
        return
    (finding,) = findings
    assert finding.status is Status.INTRODUCED
    assert finding.message.endswith(
        "“oa:hasSource” of a quotation is always a text source; "
        "nothing is both a dataset and a text source."
    )


def test_message_in_chinese() -> None:
    before = triples('id:zhejiang a g60:Province ; rdfs:label "浙江"@zh .')
    added = quads_of(triples("id:zhejiang a g60:PrefectureCity ."))
    (finding,) = check_consistency(Change.of(store_of(before), added), "zh").findings
    assert finding.message == ("浙江是省；浙江是地级市；任何事物都不能既是地级市又是省。")
    assert finding.hint == "这些陈述中有一条是错的：请改正或删去。"


def test_each_added_statement_that_is_at_odds_is_named() -> None:
    before = triples("id:x a g60:Meeting .")
    added = triples(
        "id:corridor g60:hasMemberCity id:x . id:y g60:headquarteredIn id:x . id:x a g60:Zone ."
    )
    findings = brought(store_of(before), added)
    assert [finding.path for finding in findings] == [
        G60 + "hasMemberCity",  # in the order of subjects
        A.value,
        G60 + "headquarteredIn",
    ]


def test_contradiction_that_was_there_is_not_blamed_on_what_is_added() -> None:
    before = store_of(triples("id:x a g60:PrefectureCity , g60:Meeting ."))
    (finding,) = brought(before, triples("id:q a g60:Quotation ; oa:hasSource id:x ."))
    assert finding.status is Status.EXISTING
    assert "id:q" not in finding.message


def test_statement_of_a_second_source_is_nothing_new() -> None:
    before = store_of(triples("id:x a g60:PrefectureCity , g60:Meeting ."))
    again = [Quad(entity("x"), A, g60("Meeting"), graph_name("another-source"))]
    assert check_consistency(Change.of(before, again)).findings == ()
