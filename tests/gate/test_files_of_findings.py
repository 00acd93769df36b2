"""Several files in one validation: each finding is in its file, and sheets know all entities."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from g60kg.gate.fact_validation import Validation, validate
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


def rows(number: int, *written: str) -> Callable[[LocalStore], Incoming]:
    head = f"# url: https://example.org/news/{number}\nsubject,predicate,object,quote,start\n"
    text = "\n".join(row if row.count(",") > 2 else f"{row},," for row in written)
    return lambda store: incoming_of((head + text).encode(), f"{number}.csv", store)


PARK = rows(1, "Blue Park,a,Zone")
MAKER = rows(2, "Blue Optics,a,Enterprise", "Blue Optics,locatedIn,Blue Park,Blue Optics moved,0")
ALIAS = rows(3, "Red Park,a,Zone", "Blue Park,alternativeName,BP,BP is its name,0")
USE = rows(4, "Red Park,a,Zone", "Red Park,partOf,BP,Red Park is in BP,0")


@pytest.mark.usefixtures("shipped_graph")
@pytest.mark.parametrize(
    ("files", "errors"),
    [
        ((PARK, MAKER), []),
        ((PARK, ALIAS, USE), []),
        ((MAKER, MAKER), ["2.csv:4"]),
        ((PARK, rows(5, "Blue Park,signatory,Shanghai,Signed,0")), ["5.csv:3"]),
    ],
)
def test_a_sheet_knows_the_entities_of_the_other_files(
    files: tuple[Callable[[LocalStore], Incoming], ...],
    errors: list[str],
    all_sources: LocalStore,
) -> None:
    stated = []
    for ordered in permutations(files):
        checked = Validation(all_sources, [read(all_sources) for read in ordered])
        found = [f"{one.file}:{one.line}" for each in checked.incoming for one in each.findings]
        assert sorted(set(found)) == errors
        stated.append({quad for each in checked.incoming for quad in each.quads})
    assert all(quads == stated[0] for quads in stated)
