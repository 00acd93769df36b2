"""The forms of a validation report: verdict, JSON, text, rows and Turtle."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef

from g60kg.namespaces import PREFIXES
from g60kg.validation.report.findings import (
    CheckRun,
    Finding,
    QuotationCounts,
    Report,
    Severity,
    Status,
    worst_first,
)
from g60kg.validation.report.shacl_graph import to_turtle
from g60kg.validation.report.text import header, rows, to_text

ID = PREFIXES["id"]
G60 = PREFIXES["g60"]

WRONG = Finding(
    severity=Severity.VIOLATION,
    code="EvidencedTripleHasFact",
    message="Nothing says where this statement comes from.",
    focus=ID + "hangzhou",
    focus_label="Hangzhou",
    path=G60 + "cityRole",
    value="hub",
    file="new.ttl",
    line=14,
    column=1,
    hint="Quote the words.",
    term='"hub"@en',
    component=str(SH.SPARQLConstraintComponent),
)
POOR = replace(
    WRONG,
    severity=Severity.WARNING,
    code="CityHasProvince",
    message="Nothing says which province the city is in.",
    path=None,
    value=None,
    term=None,
    line=None,
    column=None,
    hint=None,
)
ELSEWHERE = replace(POOR, focus=ID + "a-city", focus_label=None, file=None)
SYNTAX = Finding(
    severity=Severity.VIOLATION,
    code="Syntax",
    message="Expected a dot.",
    file="broken.ttl",
    line=3,
    column=7,
)


def report(*findings: Finding) -> Report:
    return Report(
        store="the shipped graph",
        files=("new.ttl",),
        findings=findings,
        checks=(
            CheckRun("syntax", True, 0.01234),
            CheckRun("consistency", False, 0.0, "no reasoner at hand"),
        ),
        facts=12,
        quotations=QuotationCounts(verified=11, failed=1),
    )


# -- The verdict -------------------------------------------------------------


@pytest.mark.parametrize(
    ("findings", "conforms", "strictly"),
    [
        ((), True, True),
        ((POOR,), True, False),
        ((POOR, WRONG), False, False),
        ((replace(WRONG, status=Status.EXISTING),), True, True),
        ((replace(WRONG, status=Status.FIXED),), True, True),
        ((replace(POOR, severity=Severity.INFO),), True, True),
    ],
)
def test_the_verdict_is_on_what_the_files_bring(
    findings: tuple[Finding, ...], conforms: bool, strictly: bool
) -> None:
    assert report(*findings).conforms() is conforms
    assert report(*findings).conforms(strict=True) is strictly


def test_findings_of_one_node_stand_together_and_the_worst_node_first() -> None:
    before = replace(WRONG, status=Status.EXISTING)
    given = (ELSEWHERE, POOR, before, SYNTAX, WRONG)
    assert worst_first(given) == (SYNTAX, before, WRONG, POOR, ELSEWHERE)
    assert worst_first(reversed(given)) == worst_first(given)


# -- JSON --------------------------------------------------------------------


def test_json_has_the_members_of_the_contract() -> None:
    repaired = replace(WRONG, status=Status.FIXED)
    content = json.loads(report(POOR, WRONG, repaired).to_json())
    assert content == {
        "conforms": False,
        "store": "the shipped graph",
        "files": ["new.ttl"],
        "summary": {
            "violations": 1,
            "warnings": 1,
            "info": 0,
            "introduced": 2,
            "existing": 0,
            "fixed": 1,
            "facts": 12,
            "quotations": {"verified": 11, "failed": 1, "unchecked": 0},
            "passages": {"verified": 0, "moved": 0, "notFound": 0, "unchecked": 0},
            "records": {"unchecked": 0},
        },
        "results": [
            {
                "severity": "violation",
                "code": "EvidencedTripleHasFact",
                "status": status,
                "message": "Nothing says where this statement comes from.",
                "focus": ID + "hangzhou",
                "focusLabel": "Hangzhou",
                "path": G60 + "cityRole",
                "value": "hub",
                "file": "new.ttl",
                "line": 14,
                "column": 1,
                "hint": "Quote the words.",
            }
            for status in ("fixed", "introduced")
        ]
        + [
            {
                "severity": "warning",
                "code": "CityHasProvince",
                "status": "introduced",
                "message": "Nothing says which province the city is in.",
                "focus": ID + "hangzhou",
                "focusLabel": "Hangzhou",
                "path": None,
                "value": None,
                "file": "new.ttl",
                "line": None,
                "column": None,
                "hint": None,
            }
        ],
        "checks": [
            {"name": "syntax", "ran": True, "seconds": 0.012},
            {
                "name": "consistency",
                "ran": False,
                "seconds": 0.0,
                "note": "no reasoner at hand",
            },
        ],
    }


def test_json_gives_the_strict_verdict_when_asked() -> None:
    assert json.loads(report(POOR).to_json())["conforms"] is True
    assert json.loads(report(POOR).to_json(strict=True))["conforms"] is False


def test_json_keeps_chinese_readable() -> None:
    assert "没有依据" in report(replace(WRONG, message="没有依据")).to_json()


# -- Text and rows -----------------------------------------------------------


def test_text_has_a_block_a_node_and_the_verdict_at_the_end() -> None:
    assert to_text(report(ELSEWHERE, POOR, WRONG, SYNTAX)) == (
        "Input\n"
        "  violation  Syntax  broken.ttl:3:7\n"
        "    Expected a dot.\n"
        "\n"
        "Hangzhou (id:hangzhou)\n"
        "  violation  EvidencedTripleHasFact  new.ttl:14:1\n"
        "    Nothing says where this statement comes from.\n"
        "    → g60:cityRole hub\n"
        "    Quote the words.\n"
        "  warning  CityHasProvince  new.ttl\n"
        "    Nothing says which province the city is in.\n"
        "\n"
        "id:a-city\n"
        "  warning  CityHasProvince\n"
        "    Nothing says which province the city is in.\n"
        "\n"
        "Not run: consistency (no reasoner at hand)\n"
        "Facts: 12. Violations: 2, warnings: 2; of these existing: 0. Fixed: 0. "
        "Quotations verified: 11, failed: 1, unchecked: 0. Records unchecked: 0.\n"
        "Does not conform.\n"
    )


def test_text_reports_existing_and_fixed_findings() -> None:
    existing = replace(WRONG, status=Status.EXISTING)
    note = replace(existing, severity=Severity.INFO)
    text = to_text(report(existing, note, replace(POOR, status=Status.FIXED)))
    assert "violation (existing)  EvidencedTripleHasFact" in text
    assert "warning (fixed)  CityHasProvince" in text
    assert "Violations: 1, warnings: 0; of these existing: 1. Fixed: 1." in text
    assert text.endswith("\nConforms.\n")


def test_text_in_chinese() -> None:
    text = to_text(report(WRONG, POOR), "zh", strict=True)
    assert "  错误  EvidencedTripleHasFact" in text
    assert "  警告  CityHasProvince" in text
    assert text.endswith("\n不符合约束。\n")


def test_rows_fit_their_header() -> None:
    assert header() == ("severity", "rule", "about", "message", "place")
    assert rows(report(ELSEWHERE, WRONG)) == (
        (
            "violation",
            "EvidencedTripleHasFact",
            "Hangzhou",
            "Nothing says where this statement comes from. Quote the words.",
            "new.ttl:14:1",
        ),
        (
            "warning",
            "CityHasProvince",
            "id:a-city",
            "Nothing says which province the city is in.",
            "",
        ),
    )
    assert len(header("zh")) == len(rows(report(WRONG), "zh")[0])


# -- Turtle ------------------------------------------------------------------


def test_turtle_is_a_validation_report() -> None:
    graph = Graph().parse(data=to_turtle(report(WRONG, POOR)), format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == Literal(False)
    results = {
        (str(graph.value(result, SH.sourceShape)).rsplit("/", 1)[1], result)
        for result in graph.objects(node, SH.result)
    }
    found = dict(results)
    assert found.keys() == {"EvidencedTripleHasFact", "CityHasProvince"}
    properties = dict(graph.predicate_objects(found["EvidencedTripleHasFact"]))
    assert properties == {
        RDF.type: SH.ValidationResult,
        SH.focusNode: URIRef(ID + "hangzhou"),
        SH.resultPath: URIRef(G60 + "cityRole"),
        SH.value: Literal("hub", lang="en"),
        SH.sourceShape: URIRef(PREFIXES["shape"] + "EvidencedTripleHasFact"),
        SH.sourceConstraintComponent: SH.SPARQLConstraintComponent,
        SH.resultSeverity: SH.Violation,
        SH.resultMessage: Literal("Nothing says where this statement comes from.", lang="en"),
    }
    assert graph.value(found["CityHasProvince"], SH.resultSeverity) == SH.Warning


def test_turtle_without_results_conforms() -> None:
    repaired = replace(WRONG, status=Status.FIXED)
    graph = Graph().parse(data=to_turtle(report(repaired)), format="turtle")
    assert list(graph.objects(None, SH.conforms)) == [Literal(True)]
    assert list(graph.objects(None, SH.result)) == []


def test_turtle_of_findings_that_are_about_no_node_or_a_blank_one() -> None:
    blank = replace(WRONG, focus="_:b0", term="_:b0", value="_:b0")
    graph = Graph().parse(data=to_turtle(report(SYNTAX, blank), "zh"), format="turtle")
    focus_nodes = set(graph.objects(None, SH.focusNode))
    assert Literal("broken.ttl") in focus_nodes
    assert len(focus_nodes) == 2
    (value,) = graph.objects(None, SH.value)
    assert value in focus_nodes


def test_turtle_is_the_same_every_time() -> None:
    assert to_turtle(report(POOR, WRONG)) == to_turtle(report(WRONG, POOR))


def test_a_focus_node_that_is_a_literal_is_written_as_one() -> None:
    written = '"https://example.org/a"^^<http://www.w3.org/2001/XMLSchema#anyURI>'
    found = replace(WRONG, focus="https://example.org/a", literal=written)
    assert found.node is None
    graph = Graph().parse(data=to_turtle(report(found)), format="turtle")
    (focus,) = graph.objects(None, SH.focusNode)
    assert focus.n3() == written
