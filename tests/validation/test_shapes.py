"""run_shapes: what its findings say, which shapes and nodes it looks at, what it refuses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import SH, BNode, Graph, Literal, URIRef

from g60kg.errors import UnknownName, UnsupportedQuery, UsageError
from g60kg.namespaces import PREFIXES, g60
from g60kg.rdf.rdf_files import read_rdf
from g60kg.stores.rdflib_view import rdflib_graph
from g60kg.validation.checks.shapes import run_shapes
from g60kg.validation.report.findings import Finding, Severity
from g60kg.validation.shape_rules import shape_rules
from tests.graphs import ONTOLOGY_FILES, SHAPE_FILES

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
FACT = """
    {fact} a g60:Fact ;
        g60:factSubject {s} ; g60:factPredicate {p} ; g60:factObject {o} ;
        g60:hasEvidence id:record .
"""
EVIDENCE = """
    id:record a g60:DatasetRecord ; oa:hasSource id:dataset ; g60:recordKey "1" ;
        g60:recordText "words" ; g60:retrievedOn "2024-01-02" .
    id:dataset a g60:Dataset ; rdfs:label "A dataset"@en ; g60:edition "1" ;
        g60:licence "CC0" ; g60:url "https://example.org/"^^xsd:anyURI .
"""


@cache
def shapes() -> Graph:
    quads = (quad for path in SHAPE_FILES for quad in read_rdf(path))
    return rdflib_graph(quad.triple for quad in quads)


@cache
def ontology() -> tuple[tuple[object, object, object], ...]:
    quads = (quad for path in ONTOLOGY_FILES for quad in read_rdf(path))
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
CITY = 'id:hangzhou a g60:PrefectureCity ; rdfs:label "Hangzhou"@en , "杭州"@zh .'


MEMBER = CORRIDOR + "; g60:hasMemberCity {value} ." + CITY + EVIDENCE


def member(tmp_path: Path, value: str) -> Graph:
    statement = fact(1, "id:corridor", "g60:hasMemberCity", value)
    return graph_of(tmp_path, MEMBER.format(value=value) + statement)


def test_a_finding_has_a_place_a_message_and_a_hint(tmp_path: Path) -> None:
    graph = member(tmp_path, "id:hangzou")
    (finding,) = run_shapes(graph, shapes(), only="FactObjectIsInRange")
    assert finding.severity is Severity.VIOLATION
    assert finding.focus == PREFIXES["fact"] + "1"
    assert finding.focus_label == "A corridor — member city — id:hangzou"
    assert finding.path == g60("hasMemberCity").value
    assert finding.value == PREFIXES["id"] + "hangzou"
    assert finding.term == f"<{PREFIXES['id']}hangzou>"
    assert finding.component == str(SH.SPARQLConstraintComponent)
    assert finding.hint == "Class needed: AdministrativeDivision. Did you mean id:hangzhou?"


def test_messages_labels_and_hints_come_in_the_language_asked_for(tmp_path: Path) -> None:
    graph = member(tmp_path, "id:hangzou")
    (finding,) = run_shapes(graph, shapes(), only="FactObjectIsInRange", language="zh")
    assert finding.message.startswith("该属性的宾语须为其他类型")
    assert finding.focus_label == "科创走廊 — 成员城市 — id:hangzou"
    assert finding.hint == "所需类型：AdministrativeDivision。是否指：id:hangzhou？"


def test_an_object_of_another_class_is_answered_with_both_classes(tmp_path: Path) -> None:
    graph = member(tmp_path, "id:corridor")
    (finding,) = run_shapes(graph, shapes(), only="FactObjectIsInRange")
    assert finding.hint == "Class needed: AdministrativeDivision. Class given: Corridor."


def test_a_subject_of_another_class_is_answered_with_both_classes(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        CITY
        + "id:hangzhou g60:hasPhase id:hangzhou ."
        + fact(1, "id:hangzhou", "g60:hasPhase", "id:hangzhou"),
    )
    (finding,) = run_shapes(graph, shapes(), only="FactSubjectIsInDomain")
    assert finding.hint == "Class needed: Corridor. Class given: PrefectureCity."


@pytest.mark.parametrize("code", ["FactSubjectIsInDomain", "FactObjectIsInRange"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_messages_for_sheets_do_not_use_terms_of_the_ontology(code: str, language: str) -> None:
    (rule,) = (rule for rule in shape_rules() if rule.code == code)
    message = rule.sheet_messages[language]
    assert not any(
        word in message for word in ("ontology", "IRI", "g60:", "property", "本体", "属性")
    )


def test_a_statement_without_fact_is_found_at_its_subject(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, CORRIDOR + '; g60:describedAs "national strategy"@en .')
    (finding,) = run_shapes(graph, shapes())
    assert finding.code == "EvidencedTripleHasFact"
    assert (finding.focus, finding.path) == (
        PREFIXES["id"] + "corridor",
        g60("describedAs").value,
    )
    assert (finding.value, finding.term) == ("national strategy", '"national strategy"@en')


def test_a_fact_is_called_by_the_triple_that_it_states(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        CORRIDOR + ". " + EVIDENCE + fact(1, "id:corridor", "g60:describedAs", '"booming"@en'),
    )
    (finding,) = run_shapes(graph, shapes())
    assert finding.code == "FactHasDirectTriple"
    assert finding.focus_label == "A corridor — described as — booming"


FIGURE = """; g60:hasObservation id:observation-1 .
    id:observation-1 a g60:Observation ; g60:observedMeasure measure:population ;
        g60:numericValue 57920000 ; g60:comparator g60:Approximately ; g60:unit unit:KiloM ;
        g60:referencePeriod "2020" .
    measure:population a g60:Measure ; rdfs:label "population"@en , "人口"@zh ;
        g60:measureUnit unit:NUM ; g60:statistic g60:Level ."""


@pytest.mark.parametrize(("language", "measure"), [("en", "population"), ("zh", "人口")])
def test_a_wrong_unit_is_answered_with_those_that_are_allowed(
    tmp_path: Path, language: str, measure: str
) -> None:
    graph = graph_of(tmp_path, CORRIDOR + FIGURE)
    (finding,) = run_shapes(graph, shapes(), only="ObservationUnitIsAllowed", language=language)
    assert finding.focus_label == f"{measure} 57920000 unit:KiloM 2020"
    assert finding.value == PREFIXES["unit"] + "KiloM"
    assert finding.hint == {"en": "One of: unit:NUM.", "zh": "可用的有：unit:NUM。"}[language]


def test_a_figure_whose_number_is_itself_has_a_label(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, "id:x a g60:Observation ; g60:numericValue id:x .")
    findings = run_shapes(graph, shapes(), only="ObservationHasComparator")
    assert [finding.focus_label for finding in findings] == ["id:x"]


def test_one_shape_and_one_focus_node_can_be_asked_for(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        'id:a a g60:Industry ; g60:describedAs "booming"@en . id:b a g60:Industry .',
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
    findings = run_shapes(graph_of(tmp_path, turtle), shapes(), only="DateIsEdtf")
    assert {finding.value for finding in findings} == set(NOT_EDTF)


WORDS = (
    "a hub",
    "hub a",
    "69",
    "2%之1",
    "5 km",
    "第5",
    "5家",
    "3.2",
    "杭州",
    "杭 州",
    "이 것",
    "The “G” zone",
    "A股 涨",
    "Étang é",
)
NO_WORDS = (
    "a",
    "5",
    "5%",
    "($5)",
    "a b",
    "- -",
    "\u3164 \u3164",
    "\u3164\u3164 \u3164",
    "\uffa0 ab",
    "・・",
    "ab",
)


def test_a_quotation_has_two_words(tmp_path: Path) -> None:
    turtle = "".join(
        f'quote:{n} a oa:TextQuoteSelector ; oa:exact "{text}" .\n'
        for n, text in enumerate(WORDS + NO_WORDS)
    )
    findings = run_shapes(graph_of(tmp_path, turtle), shapes(), only="QuotationHasWords")
    assert {finding.value for finding in findings} == set(NO_WORDS)


def test_sources_that_differ_on_one_value_are_no_violation(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        'id:a a g60:CountyDivision ; rdfs:label "A"@en ; '
        "g60:latitude 31.0 , 32.0 ; g60:longitude 121.0 .",
    )
    violations = {f.code for f in run_shapes(graph, shapes()) if f.severity is Severity.VIOLATION}
    assert violations == {"EvidencedTripleHasFact"}


def test_a_part_of_a_zone_has_a_location_of_its_own(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        "id:east a g60:Zone ; g60:partOf id:zone . id:zone a g60:Zone ; g60:partOf id:whole ."
        "id:whole a g60:Zone . id:lost a g60:Zone ."
        + fact(1, "id:whole", "g60:locatedIn", "id:songjiang"),
    )
    found = run_shapes(graph, shapes(), only="ZoneHasPlace")
    expected = {PREFIXES["id"] + name for name in ("east", "zone", "lost")}
    assert {finding.focus for finding in found} == expected


def test_ill_typed_literals_are_reported_as_findings_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    graph = graph_of(tmp_path, 'id:m a g60:Meeting ; g60:ordinal "soon"^^xsd:integer , "twelve" .')
    caplog.clear()
    findings = run_shapes(graph, shapes(), only="EventOrdinalIsPositive")
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


@pytest.mark.parametrize("limit", [SH.maxExclusive, SH.minInclusive, SH.maxLength])
def test_a_limit_that_is_no_literal_is_refused(tmp_path: Path, limit: URIRef) -> None:
    broken = other_shapes(tmp_path, "SELECT $this { $this a ?none FILTER ( false ) }")
    broken.add((URIRef(PREFIXES["id"] + "extra"), limit, SH.NodeShape))
    graph = graph_of(tmp_path, 'id:a a g60:Industry ; rdfs:label "A"@en .')
    with pytest.raises(UsageError, match="shapes"):
        run_shapes(graph, broken)


def test_a_blank_node_as_target_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(HEADER + "id:s a sh:NodeShape ; sh:targetNode [] ; sh:in ( 1 ) .", "utf-8")
    with pytest.raises(UsageError, match="cannot be run"):
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


def test_a_message_describes_a_blank_node_of_its_own_graph() -> None:
    shape = Graph().parse(
        data="@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <https://example.org/> ."
        ":shape a sh:NodeShape ; sh:targetSubjectsOf :p ;"
        " sh:property [ sh:path :q ; sh:minCount 1 ] .",
        format="turtle",
    )
    for number in range(20):
        node, value = BNode("same"), URIRef(f"https://example.org/value-{number}")
        graph = Graph().add((node, URIRef("https://example.org/p"), value))
        (finding,) = run_shapes(graph, shape)
        assert f"/value-{number}>" in finding.message
