"""What an entity may have, and what a figure may refer to: sheets and Turtle get the findings."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from g60kg.gate.fact_validation import validate
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.model.term_listing import TermListing
from g60kg.namespaces import g60
from g60kg.sheets.compile import draft
from g60kg.sheets.sheet_file import read_sheet
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Finding
from tests.graphs import ROOT

HEADER = """# url: https://example.org/news/77
# title: Made up
# date: 2025-01-15
# publisher: Example News
# language: en
# reproduce: yes
subject,predicate,object,quote,start,unit,reference,time,category
"""
CLASSES = """id:zhou,a,Person
id:depot,a,Facility
id:pact,a,Agreement
id:firms,a,AgentGroup
id:congress,a,Meeting
"""


def sheet(folder: Path, rows: str) -> Path:
    path = folder / "sheet.csv"
    labels = "".join(
        f"{line.split(',')[0]},label@en,The {line.split(',')[0][3:]}\n"
        for line in CLASSES.splitlines()
    )
    path.write_text(HEADER + CLASSES + labels + rows, encoding="utf-8")
    return path


def found(store: LocalStore, path: Path, *codes: str) -> list[Finding]:
    report = validate(store, [path], texts={})
    return [finding for finding in report.findings if finding.code in codes]


@pytest.mark.parametrize(
    ("row", "needed"),
    [
        ("id:zhou,openedOn,2020,Zhou opened in 2020,0", "Facility"),
        ("id:depot,hasMemberCity,Hangzhou,the depot of Hangzhou,0", "Corridor"),
        ("id:pact,foundedOn,2020,The pact founded in 2020,0", "Organization"),
        ("id:biomedicine,locatedIn,Hangzhou,biomedicine in Hangzhou,0", "SpatialThing"),
        ("id:biomedicine,population,300,biomedicine has 300 people,0,NUM", "Place"),
        ("id:zhou,heldOn,2020,Zhou was held in 2020,0", "Event"),
        ("id:zhou,length,3,Zhou has 3 km,0,KiloM", "SpatialThing"),
        (
            "id:congress,inIndustry,artificial intelligence,The congress is in AI,0",
            "Organization",
        ),
    ],
)
def test_a_property_of_another_class_is_a_warning(
    store: LocalStore, tmp_path: Path, row: str, needed: str
) -> None:
    (finding,) = found(store, sheet(tmp_path, row), "PropertyIsUsedForClass")
    assert finding.hint is not None
    assert "Class needed: " in finding.hint
    assert needed in finding.hint
    assert finding.line == len((HEADER + CLASSES * 2).splitlines()) + 1


@pytest.mark.parametrize(
    "row",
    [
        "id:depot,participant,Wuhu,The depot is built by Wuhu,0",
        "id:depot,express-delivery-volume,300,The depot handled 300 parcels in 2024,0,NUM,,2024",
        "id:zhou,classifiedAs,national science and technology awards,Zhou won one,0",
        "id:congress,classifiedAs,national science and technology awards,The congress won one,0",
        "id:desk,a,Service\nid:desk,label@en,Desk\nid:desk,participant,Wuhu,Wuhu joined the desk,0",
        "id:depot,travel-time,20,The depot is 20 minutes from Wuhu,0,MIN,,,Wuhu",
        "id:firms,event-count,46,The firms held 46 events in 2023,0,NUM,,2023",
        "Wuhu,funds-raised,18000000,Wuhu raised 18 million yuan in 2023,0,CCY_CNY,,2023",
        "id:biomedicine,funds-raised,1800,Biomedicine raised 1800 yuan in 2023,0,CCY_CNY,,2023",
        "id:depot,building-count,5,The depot has 5 buildings,0,NUM",
    ],
)
def test_usual_bearers_are_accepted(store: LocalStore, tmp_path: Path, row: str) -> None:
    assert not found(store, sheet(tmp_path, row), "PropertyIsUsedForClass")


def test_a_company_is_no_reference_area(store: LocalStore, tmp_path: Path) -> None:
    row = "Wuhu,share-of-total,50,Wuhu has 50 percent of the firms,0,PERCENT,id:firms"
    (finding,) = found(store, sheet(tmp_path, row), "SheetRow")
    assert finding.message.startswith("reference: reference needs an object of the class Spatial")
    row = "Wuhu,share-of-total,50,Wuhu has 50 percent of the firms,0,PERCENT,China,,id:congress"
    (finding,) = found(store, sheet(tmp_path, row), "SheetRow")
    assert finding.message.endswith("id:congress is of the class Meeting.")


@pytest.mark.parametrize("date", ["2023-02-30", "2023-05/2023-02", "2023-05-02/2023-05-01"])
@pytest.mark.parametrize(
    "row",
    [
        "id:congress,heldOn,{},The congress was held,0",
        "Wuhu,population,300,Wuhu has 300 people,0,NUM,,{}",
        "Wuhu,gdp-growth,3,Wuhu grew by 3 percent,0,PERCENT,{},2023",
    ],
)
def test_a_sheet_has_no_impossible_date(
    store: LocalStore, tmp_path: Path, date: str, row: str
) -> None:
    drafted = draft(read_sheet(sheet(tmp_path, row.format(date))), store)
    assert [date in problem.message for problem in drafted.problems] == [True]


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2023-02-30", "DateIsEdtf"),
        ("last year", "DateIsEdtf"),
        ("2023-05/2023-02", "IntervalIsInOrder"),
        ("2023-05-02/2023-05-01~", "IntervalIsInOrder"),
        ("2023-05/2023", None),
        ("2023/2023-05", None),
        ("year-on-year", None),
    ],
)
def test_turtle_has_no_impossible_period_of_comparison(
    store: LocalStore, tmp_path: Path, date: str, code: str | None
) -> None:
    path = tmp_path / "facts.ttl"
    prefix = "@prefix g60: <https://w3id.org/g60kg/ontology/> .\n"
    node = "<https://w3id.org/g60kg/id/observation-x>"
    path.write_text(f'{prefix}{node} a g60:Observation ; g60:comparedWith "{date}" .', "utf-8")
    codes = {f.code for f in found(store, path, "DateIsEdtf", "IntervalIsInOrder")}
    assert codes == ({code} if code else set())


def test_a_past_event_has_no_open_end(store: LocalStore, tmp_path: Path) -> None:
    row = "id:congress,heldOn,2023-02-26/{},The congress was held,0"
    (finding,) = found(store, sheet(tmp_path, row.format("..")), "EventHasNoOpenEnd")
    assert '"2023-02-26/"' in finding.message
    assert found(store, sheet(tmp_path, row.format("")), "EventHasNoOpenEnd") == []


@pytest.mark.parametrize(
    ("name", "given", "registered"),
    [("id:biomedicine", "Facility", "Industry"), ("G60 corridor", "Enterprise", "Corridor")],
)
def test_a_registered_entity_keeps_its_class(
    store: LocalStore, tmp_path: Path, name: str, given: str, registered: str
) -> None:
    drafted = draft(read_sheet(sheet(tmp_path, f"{name},a,{given}\n")), store)
    (problem,) = drafted.problems
    assert f"is registered as {registered}, not as {given}." in problem.message
    assert problem.hint is not None
    for kind in (registered, "SpatialThing" if registered == "Corridor" else "Concept"):
        assert draft(read_sheet(sheet(tmp_path, f"{name},a,{kind}\n")), store).problems == ()


def test_terms_lists_what_a_class_may_have(store: LocalStore) -> None:
    listing = TermListing(store)

    def names(kind: str) -> set[str]:
        return {entry["name"] for entry in listing.of(kind)["predicates"]}

    assert names("Person").isdisjoint(("openedOn", "signedOn", "launchedOn", "along", "stage"))
    assert "holdsPost" in names("Person")
    assert "hasMemberCity" not in names("Zone")
    assert {"hasMemberCity", "describedAs"} <= names("Corridor")
    assert names("Fact") == names("Measure") == set()


def test_every_property_without_domain_says_for_what_it_is_used(store: LocalStore) -> None:
    vocabulary = Vocabulary(store)
    needing = [p for p in vocabulary.properties.values() if p.requires_evidence]
    # What is said of anything, and the part and the whole of one kind.
    of_anything = {p.name for p in needing if not p.domain and not p.used_for}
    assert of_anything == {
        "describedAs",
        "alternativeName",
        "associatedWith",
        "possiblySameAs",
        "partOf",
    }
    for prop in needing:
        assert all(one.value in vocabulary.classes for one in prop.used_for), prop.name
        above = vocabulary.superclasses
        narrower = (above[one.value] & {d.value for d in prop.domain} for one in prop.used_for)
        assert not prop.domain or all(narrower), prop.name
        assert g60("Meta") not in prop.used_for


@pytest.mark.parametrize(("name", "refused"), [("measure/m", False), ("id/x", True)])
def test_a_file_says_of_measures_only_for_what_they_are_used(
    store: LocalStore, tmp_path: Path, name: str, refused: bool
) -> None:
    path = tmp_path / "facts.ttl"
    prefix = "@prefix g60: <https://w3id.org/g60kg/ontology/> .\n"
    path.write_text(f"{prefix}<https://w3id.org/g60kg/{name}> g60:usedFor g60:Place .", "utf-8")
    assert bool(found(store, path, "SchemaProperty")) == refused


#: Shares of the bearer's own total.
OWN_TOTALS = {
    "measure:value-added-share-of-gdp",
    "measure:share-of-above-scale-output-value",
    "measure:share-of-above-scale-value-added",
}


def test_a_growth_a_share_and_a_rank_may_be_of_what_their_base_measure_may_be_of() -> None:
    lines = (ROOT / "instances" / "measures.csv").read_text("utf-8").splitlines()[1:]
    measures = {row["subject"]: row for row in csv.DictReader(lines)}
    derived = [
        row
        for name, row in measures.items()
        if row["statistic"] in ("Growth", "Change", "MeanAnnualGrowth", "Share", "Rank")
        and row["ofMeasure"]
        and name not in OWN_TOTALS
    ]
    assert len(derived) > 50
    for row in derived:
        base = measures[row["ofMeasure"]]
        assert set(row["usedFor"].split(";")) == set(base["usedFor"].split(";")), row["subject"]
