"""A finding about a Fact of one of several files is located in the file that has this Fact."""

from __future__ import annotations

from g60kg.gate.fact_validation import validate
from g60kg.gate.input_files import Incoming, incoming_of
from g60kg.stores.local_store import LocalStore

LIST = "Shanghai and Hefei are the members"


def sheet(number: int, store: LocalStore) -> Incoming:
    """A sheet with the same list and figure as the others, on lines of its own."""
    lines = [
        f"# url: https://example.org/news/{number}",
        f"# title: Notes {number}",
        *["# publisher: Example News"] * number,
        "subject,predicate,object,quote,start,time,list",
        *(f"id:corridor,hasMemberCity,{city},{LIST},0,,complete" for city in ("Shanghai", "Hefei")),
        "Hefei,population,9,Hefei has a population of nine,40,2021,",
    ]
    return incoming_of("\n".join(lines).encode(), f"{number}.csv", store)


def test_each_finding_is_in_the_file_of_its_fact(store: LocalStore) -> None:
    report = validate(store, [sheet(number, store) for number in (1, 2)], texts={})
    assert {
        code: sorted({found.place for found in report.findings if found.code == code})
        for code in ("Corroborated", "ListDiffers")
    } == {
        "Corroborated": ["1.csv:6:3", "2.csv:6:3", "2.csv:7:3", "2.csv:8:3"],
        "ListDiffers": ["1.csv:5:3", "2.csv:6:3"],
    }


def test_each_file_has_the_findings_of_its_statements(store: LocalStore) -> None:
    said = (
        "PREFIX id: <https://w3id.org/g60kg/id/> PREFIX schema: <https://schema.org/>"
        ' id:corridor schema:legalName "The corridor" .'
    )
    files = [incoming_of(said.encode(), name, store) for name in ("one.ttl", "two.ttl")]
    findings = validate(store, files, texts={}).findings
    for code in ("ForeignProperty", "UnsupportedAddition"):
        assert [one.file for one in findings if one.code == code] == ["one.ttl", "two.ttl"]
