"""run_shapes: what its findings say, which shapes and nodes it looks at, what it refuses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import SH, Graph, Literal, URIRef

from g60kg import package_data
from g60kg.errors import UnknownName, UnsupportedQuery, UsageError
from g60kg.namespaces import PREFIXES, g60
from g60kg.rdf.rdf_files import read_rdf
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.report.findings import Finding, Severity

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
FACT = """
    {fact} a g60:Fact ;
        g60:factSubject {s} ; g60:factPredicate {p} ; g60:factObject {o} ;
        g60:modality g60:Asserted ; g60:hasEvidence id:record .
"""
EVIDENCE = """
    id:record a g60:DatasetRecord ; oa:hasSource id:dataset ; g60:recordKey "1" .
    id:dataset a g60:Dataset ; rdfs:label "A dataset"@en ;
        g60:licence "CC0" ; g60:url "https://example.org/"^^xsd:anyURI .
"""


@cache
def shapes() -> Graph:
    quads = (quad for path in package_data.shape_files() for quad in read_rdf(path))
    return rdflib_graph(quad.triple for quad in quads)


@cache
def ontology() -> tuple[tuple[object, object, object], ...]:
    quads = (quad for path in package_data.ontology_files() for quad in read_rdf(path))
    return tuple(rdflib_graph(quad.triple for quad in quads))


def graph_of(tmp_path: Path, turtle: str) -> Graph:
    """The ontology and those instances, read the way the gate reads them."""
    file = tmp_path / "instances.ttl"
    file.write_text(HEADER + turtle, "utf-8")
    graph = rdflib_graph(quad.triple for quad in read_rdf(file))
    for triple in ontology():
        graph.add(triple)  # type: ignore[arg-type]  # triples of an rdflib graph, kept as objects
    return graph


def fact(number: int, s: str, p: str, o: str) -> str:
    return FACT.format(fact=f"fact:{number}", s=s, p=p, o=o)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


CORRIDOR = 'id:corridor a g60:Corridor ; rdfs:label "A corridor"@en , "科创走廊"@zh '
CITY = 'id:hangzhou a g60:City , g60:Municipality ; rdfs:label "Hangzhou"@en , "杭州"@zh .'


def test_a_finding_has_a_place_a_message_and_a_hint(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        CORRIDOR
        + "; g60:hasMemberCity id:hangzou ."
        + CITY
        + EVIDENCE
        + fact(1, "id:corridor", "g60:hasMemberCity", "id:hangzou"),
    )
    (finding,) = run_shapes(graph, shapes(), only="MemberCityIsCity")
    assert finding.severity is Severity.VIOLATION
    assert finding.focus == PREFIXES["id"] + "corridor"
    assert finding.focus_label == "A corridor"
    assert finding.path == g60("hasMemberCity").value
    assert finding.value == PREFIXES["id"] + "hangzou"
    assert finding.term == f"<{PREFIXES['id']}hangzou>"
    assert finding.component == str(SH.ClassConstraintComponent)
    assert finding.hint == "Did you mean id:hangzhou?"


def test_messages_labels_and_hints_come_in_the_language_asked_for(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, CORRIDOR + "; g60:hasMemberCity id:hangzou ." + CITY)
    (finding,) = run_shapes(graph, shapes(), only="MemberCityIsCity", language="zh")
    assert finding.message.startswith("科创走廊的成员须是")
    assert finding.focus_label == "科创走廊"
    assert finding.hint == "是否指：id:hangzhou？"


def test_a_statement_without_fact_is_found_at_its_subject(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, CORRIDOR + '; g60:status "national strategy"@en .')
    (finding,) = run_shapes(graph, shapes())
    assert finding.code == "EvidencedTripleHasFact"
    assert (finding.focus, finding.path) == (
        PREFIXES["id"] + "corridor",
        g60("status").value,
    )
    assert (finding.value, finding.term) == ("national strategy", '"national strategy"@en')


def test_a_fact_is_called_by_the_triple_that_it_states(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path, CORRIDOR + ". " + EVIDENCE + fact(1, "id:corridor", "g60:status", '"booming"@en')
    )
    (finding,) = run_shapes(graph, shapes())
    assert finding.code == "FactHasDirectTriple"
    assert finding.focus_label == "A corridor — status — booming"


def test_a_wrong_unit_is_answered_with_those_that_are_allowed(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        CORRIDOR
        + """; g60:population id:quantity .
        id:quantity a g60:Quantity ; g60:numericValue 57920000.0 ;
            g60:comparator g60:Approximately ; g60:unit unit:KiloM .""",
    )
    (finding,) = run_shapes(graph, shapes(), only="QuantityUnitIsAllowed")
    assert finding.value == PREFIXES["unit"] + "KiloM"
    assert finding.hint == "One of: unit:NUM."


def test_one_shape_and_one_focus_node_can_be_asked_for(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        'id:a a g60:Industry ; g60:status "booming"@en . id:b a g60:Industry .',
    )
    assert codes(run_shapes(graph, shapes())) == [
        "EntityHasEnglishLabel",
        "EvidencedTripleHasFact",
        "EntityHasEnglishLabel",
    ]
    only = run_shapes(graph, shapes(), only="EvidencedTripleHasFact")
    assert codes(only) == ["EvidencedTripleHasFact"]
    focused = run_shapes(graph, shapes(), focus=PREFIXES["id"] + "b")
    assert codes(focused) == ["EntityHasEnglishLabel"]
    assert run_shapes(graph, shapes(), "EvidencedTripleHasFact", PREFIXES["id"] + "b") == ()


def test_an_unknown_shape_gets_the_nearest_ones() -> None:
    with pytest.raises(UnknownName, match="FactHasEvidnce") as raised:
        run_shapes(Graph(), shapes(), only="FactHasEvidnce")
    assert "FactHasEvidence" in str(raised.value.hint)


EDTF = (
    "2016", "2016-06", "2023-07-11", "2016~", "2016?", "2016-06%", "2016/..", "../2016",
    "2021/2025", "2016/", "2016-06/2018-01~", "201X", "20XX", "2016-XX", "2016-06-XX", "2016-21",
)  # fmt: skip
NOT_EDTF = (
    "", "June", "16", "2016-6", "2016-13", "2016-06-32", "2016-2025", "since 2016", "2016 / 2018",
    "..", "/", "2016--06", "2016/2017/2018", "2016-21-01", "2016年",
)  # fmt: skip


def test_dates_are_edtf_of_levels_0_and_1(tmp_path: Path) -> None:
    times = {f"fact:{n}": date for n, date in enumerate(EDTF + NOT_EDTF)}
    turtle = "".join(
        f'{name} a g60:Fact ; g60:time """{date}""" .\n' for name, date in times.items()
    )
    findings = run_shapes(graph_of(tmp_path, turtle), shapes(), only="FactTimeIsEdtf")
    assert {finding.value for finding in findings} == set(NOT_EDTF)
    assert {finding.hint for finding in findings} == {
        "Such as 2016, 2016/.., 2016~, 2021/2025, 2023-06, 2023-07-11."
    }


def test_sources_that_differ_on_one_value_are_no_violation(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        'id:a a g60:District ; rdfs:label "A"@en ; '
        "g60:latitude 31.0 , 32.0 ; g60:longitude 121.0 .",
    )
    assert set(codes(run_shapes(graph, shapes()))) == {"EvidencedTripleHasFact"}


def test_a_zone_is_where_the_zone_is_that_it_is_part_of(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        "id:east a g60:Zone ; g60:partOf id:zone . id:zone a g60:Zone ; g60:partOf id:whole ."
        "id:whole a g60:Zone ; g60:locatedIn id:songjiang . id:lost a g60:Zone .",
    )
    (finding,) = run_shapes(graph, shapes(), only="ZoneHasPlace")
    assert finding.focus == PREFIXES["id"] + "lost"


def test_ill_typed_literals_are_reported_as_findings_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    graph = graph_of(tmp_path, 'id:m a g60:Meeting ; g60:year "soon"^^xsd:integer , "twelve" .')
    caplog.clear()
    findings = run_shapes(graph, shapes(), only="MeetingYearIsPlausible")
    assert {finding.value for finding in findings} == {"soon", "twelve"}
    assert caplog.records == []


# -- Shapes of others --------------------------------------------------------

OTHERS = """
    id:extra a sh:NodeShape ; sh:targetClass g60:Industry ;
        sh:property [ sh:path rdfs:label ; sh:maxLength 3 ] ;
        sh:sparql [ sh:message "{?value} is not welcome" ; sh:select '''%s''' ] .
"""


def other_shapes(tmp_path: Path, query: str) -> Graph:
    file = tmp_path / "shapes.ttl"
    file.write_text(HEADER + OTHERS % query, "utf-8")
    return rdflib_graph(quad.triple for quad in read_rdf(file))


def test_shapes_without_message_or_name_are_reported_under_the_nearest_name(
    tmp_path: Path,
) -> None:
    graph = graph_of(tmp_path, 'id:a a g60:Industry ; rdfs:label "Long"@en .')
    extra = other_shapes(tmp_path, "SELECT $this ?value { $this rdfs:label ?value }")
    findings = run_shapes(graph, extra, only="extra")
    assert codes(findings) == ["extra", "extra"]
    assert [finding.message for finding in findings if finding.path is None] == [
        "Long is not welcome"
    ]
    assert all(finding.message for finding in findings)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT $this { SERVICE <http://example.org/> { ?s ?p ?o } }", UsageError),
        ("SELECT $this FROM <http://example.org/> { $this ?p ?o }", UnsupportedQuery),
        ("SELECT $this { $this ?p }", UsageError),
        ("SELECT $this { $this nowhere:p ?o }", UsageError),
    ],
)
def test_queries_that_cannot_be_run_are_refused(
    tmp_path: Path, query: str, error: type[Exception]
) -> None:
    graph = graph_of(tmp_path, 'id:a a g60:Industry ; rdfs:label "A"@en .')
    with pytest.raises(error):
        run_shapes(graph, other_shapes(tmp_path, query))


def test_a_target_cannot_reach_another_host(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(
        HEADER
        + """id:extra a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:target [
            a sh:SPARQLTarget ; sh:prefixes id:none ;
            sh:select "SELECT ?this { SERVICE <http://example.org/> { ?this ?p ?o } }" ] .""",
        "utf-8",
    )
    with pytest.raises(UnsupportedQuery, match="SERVICE"):
        run_shapes(Graph(), rdflib_graph(quad.triple for quad in read_rdf(file)))


def test_a_pattern_that_is_no_regular_expression_is_refused(tmp_path: Path) -> None:
    broken = other_shapes(tmp_path, "SELECT $this { $this a ?none FILTER ( false ) }")
    broken.add((URIRef(PREFIXES["id"] + "extra"), SH.pattern, Literal("(")))
    graph = graph_of(tmp_path, 'id:a a g60:Industry ; rdfs:label "A"@en .')
    with pytest.raises(UsageError, match="Invalid SHACL shapes"):
        run_shapes(graph, broken)


def test_what_is_no_shape_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = Graph()
    broken.add((URIRef("urn:x"), SH.property, URIRef("urn:y")))
    broken.add((URIRef("urn:x"), SH.targetClass, URIRef(g60("Industry").value)))
    graph = graph_of(tmp_path, 'id:a a g60:Industry ; rdfs:label "A"@en .')
    with pytest.raises(UsageError, match="Invalid SHACL shapes"):
        run_shapes(graph, broken)
    assert capfd.readouterr().err == ""
