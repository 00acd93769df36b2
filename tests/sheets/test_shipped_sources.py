"""The shipped sources: number, evidence, conformity, and what many sources make possible."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import g60kg
from g60kg.gate.fact_validation import validate
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import term
from g60kg.sheets.compile import draft
from g60kg.sheets.sheet_file import Sheet, read_sheet
from g60kg.stores.local_store import LocalStore
from g60kg.validation.report.findings import Severity
from tests.conftest import ARTICLE, ROOT, solutions, text_of

pytestmark = pytest.mark.usefixtures("shipped_graph")

SHEETS = sorted((ROOT / "instances" / "articles").glob("*.csv"))
FURTHER = [path for path in SHEETS if path.stem != ARTICLE]
#: Digests of a passage; with offsets, if the complete text was at hand.
PASSAGE = re.compile(r"norm-1:[0-9a-f]{64}:[1-9]\d{1,3}(@\d+-\d+:[0-9a-f]{64})?")


def count(store: LocalStore, name: str) -> int:
    (found,) = solutions(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a g60:{name} }}")
    return int(text_of(found["n"]))


#: Runs a query.
Run = Callable[..., list[dict[str, str | None]]]


@pytest.fixture(scope="module")
def rows(all_sources: LocalStore) -> Run:
    graph = g60kg.KnowledgeGraph(all_sources)
    return lambda name, **given: graph.query(name, **given).to_dicts()


sheet_at = cache(read_sheet)


def test_there_are_many_sources_facts_and_figures(all_sources: LocalStore) -> None:
    assert len(SHEETS) >= 60
    assert count(all_sources, "Fact") >= 2_300
    assert count(all_sources, "Observation") >= 600
    languages = {sheet_at(path).header["language"] for path in SHEETS}
    assert languages == {"en", "zh"}


@pytest.mark.parametrize("path", FURTHER, ids=[path.stem for path in FURTHER])
def test_a_sheet_holds_digests_and_no_words(path: Path) -> None:
    sheet = sheet_at(path)
    assert sheet.header["reproduce"] == "no"
    assert "quote" not in sheet.columns
    for row in sheet.rows:
        for cell in (row["passage"], row["context"]):
            assert all(PASSAGE.fullmatch(one) for one in cell.split("|") if cell), row.line
        assert bool(row["passage"]) == bool(row["locator"]), row.line


CATEGORIES = {
    "Concept",
    "EnterpriseCategory",
    "Industry",
    "ProductCategory",
    "Recognition",
    "ResearchField",
    "ZoneKind",
}


@pytest.mark.parametrize("path", SHEETS, ids=[path.stem for path in SHEETS])
def test_categories_are_in_their_table_and_a_basis_is_in_english(path: Path) -> None:
    for row in sheet_at(path).rows:
        assert row["predicate"] != "a" or row["object"] not in CATEGORIES, row.line
        assert row["basis"].isascii(), row.line


def test_a_name_is_of_one_row_of_the_tables() -> None:
    """Hidden labels too: "output" is no name of both output value and production volume."""
    named: dict[str, set[str]] = {}
    for table in ("measures", "categories", "entities"):
        for row in sheet_at(ROOT / "instances" / f"{table}.csv").rows:
            if "label" in row["predicate"].lower():
                named.setdefault(row["object"].casefold(), set()).add(row["subject"])
    shared = {frozenset(subjects) for subjects in named.values() if len(subjects) > 1}
    # An industry, and its goods for volumes.
    industry = "id:new-energy-vehicles"
    assert shared == {frozenset({industry, f"{industry}-as-products"})}


def test_what_two_sources_name_is_in_a_table() -> None:
    """A retraction of one of the sources leaves its class and labels."""
    naming: dict[str, set[str]] = {}
    for path in SHEETS:
        sheet = sheet_at(path)
        for row in sheet.rows:
            cells = " ".join(row[column] for column in sheet.columns)
            for name in re.findall(r"\bid:[\w-]+", cells):
                naming.setdefault(name, set()).add(path.stem)
    tables = ("reference", "categories", "entities")
    read = [sheet_at(ROOT / "instances" / f"{table}.csv").rows for table in tables]
    registered = {row["subject"] for rows_ in read for row in rows_}
    shared = {name for name, stems in naming.items() if len(stems) > 1} - registered
    assert {name for name in shared if not name.startswith("id:article-")} == set()


def test_a_name_of_others_too_is_no_shared_one() -> None:
    """A town, another rocket, a company and "the masses" are not these entities."""
    shared = {"Shengze", "Huzhou East", "Long March 6", "Xiuzheng Pharmaceuticals", "修正药业"}
    shared |= {"大众", "国网", "National Network", "Delta region", "Shanghai Hongqiao"}
    rows_ = sheet_at(ROOT / "instances" / "entities.csv").rows
    names = {row["object"] for row in rows_ if "label" in row["predicate"].lower()}
    assert names & shared == set()
    own = sheet_at(ROOT / "instances" / "articles" / "2412164245.csv").rows
    declared = {row["object"] for row in own if row["predicate"].startswith("skos:hiddenLabel")}
    assert declared >= {"Shengze", "Huzhou East", "Shanghai Hongqiao"}


def test_a_level_of_reports_has_a_growth(all_sources: LocalStore) -> None:
    pattern = "?growth g60:ofMeasure ?of ; g60:statistic g60:Growth"
    found = solutions(all_sources, f"SELECT ?of {{ {pattern} }}")
    grows = [text_of(row["of"]).rpartition("/")[2] for row in found]
    assert len(grows) == len(set(grows))
    wanted = {"sales-volume", "profit", "container-throughput", "passenger-volume", "population"}
    wanted |= {"export-volume", "freight-throughput", "deposit-balance", "employee-count"}
    assert set(grows) >= wanted


def test_a_sum_of_news_may_be_in_a_foreign_currency(all_sources: LocalStore) -> None:
    vocabulary = Vocabulary(all_sources)
    for name in ("investment", "total-investment", "profit", "exports", "market-value"):
        units = {unit.value for unit in vocabulary.measures[term(f"measure:{name}").value].units}
        for word in ("euros", "euro", "欧元", "HK dollars", "港元", "yen", "日元"):
            (meant,) = vocabulary.unit_names.meanings(word)
            assert meant.value in units, (name, word)


def test_no_category_is_defined_by_a_threshold() -> None:
    """A number that no source states would be a claim; a name may have one."""
    for row in sheet_at(ROOT / "instances" / "categories.csv").rows:
        if row["predicate"].startswith("skos:definition"):
            amount = re.search(r"\d+ ?(?:[mb]illion|percent|[万亿%])|at least", row["object"])
            assert amount is None or "ten-billion" in row["subject"], row["object"]


def test_a_measure_defined_within_a_period_is_a_flow() -> None:
    for row in sheet_at(ROOT / "instances" / "measures.csv").rows:
        if "within the period" in row["skos:definition@en"]:
            assert row["flow"] == "true", row["subject"]


def test_a_part_is_not_compared_with_the_whole(rows: Run) -> None:
    found = rows("compare", measure="fiscal expenditure", period="2021")
    assert len([row for row in found if row["category"] is None]) == 1
    assert len({row["category"] for row in found}) == 7


@pytest.mark.parametrize("path", SHEETS, ids=[path.stem for path in SHEETS])
def test_a_report_or_a_page_of_a_yearbook_is_no_news_article(path: Path) -> None:
    header = sheet_at(path).header
    if re.search(r"Work Report|Report on the Work of|年鉴|统计公报", header["title"]):
        assert header.get("type") == "WebPage"


def test_a_basis_turns_no_figure_into_one_of_another_measure() -> None:
    """A net increase is no number of new enterprises, a balance of loans no line of credit."""
    for path in SHEETS:
        for row in sheet_at(path).rows:
            assert re.search(r"net increase|balance", row["basis"]) is None, (path.stem, row.line)


@pytest.mark.parametrize(
    ("subject", "measure", "numbers"),
    [
        ("合肥", "贷款余额", {"2800000000000"}),
        ("Hefei", "change of the number of enterprises", {"1994"}),
        ("Hefei", "change of the number of market entities", {"100000"}),
        ("G60 corridor", "R&D investment rate", {"3", "3.55", "6.79"}),
        ("Huzhou", "change of the position in a ranking", {"-45"}),
    ],
)
def test_a_figure_is_found_by_its_measure(
    subject: str, measure: str, numbers: set[str], rows: Run
) -> None:
    found = rows("trend", subject=subject, measure=measure)
    assert {str(row["value"]) for row in found} == numbers


def compiled(sheet: Sheet, store: LocalStore) -> set[str]:
    drafted = draft(sheet, store, None)
    assert drafted.problems == ()
    return set(map(str, drafted.triples))


@pytest.mark.parametrize("path", FURTHER[::4], ids=[path.stem for path in FURTHER[::4]])
def test_sheet_and_turtle_agree(path: Path, all_sources: LocalStore) -> None:
    graph = f"<https://w3id.org/g60kg/graph/{path.stem}>"
    found = solutions(all_sources, f"SELECT * {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    stored = {f"{one['s']} {one['p']} {one['o']}" for one in found}
    assert compiled(sheet_at(path), all_sources) == stored


def test_the_graph_has_no_violation_and_no_doubtful_fact(all_sources: LocalStore) -> None:
    report = validate(all_sources, [], texts={})
    assert [one for one in report.findings if one.severity is Severity.VIOLATION] == []
    warnings = {one.code for one in report.findings if one.severity is Severity.WARNING}
    assert warnings <= {"PassageUnchecked", "QuotationUnchecked", "RecordUnchecked"}


def test_a_share_is_followed_over_years_and_sources(rows: Run) -> None:
    found = rows("trend", subject="G60 corridor", measure="share of GDP")
    assert len({row["source"] for row in found}) >= 6
    # "Now" is no period of GDP: such a figure is placed at the date of its source.
    assert len({str(row["period"])[:4] for row in found if row["period"]}) >= 4


def test_an_output_is_followed_over_years_and_sources(rows: Run) -> None:
    found = rows("trend", subject="Hefei", measure="production volume")
    assert len({row["source"] for row in found}) >= 3
    assert len({row["period"] for row in found if row["periodStated"]}) >= 4


def test_a_figure_of_what_is_or_was_to_be_is_neither_planned_nor_actual(rows: Run) -> None:
    investments = {"measure": "total investment"}
    found = rows("compare", **investments)
    assert {row["status"] for row in found} == {"Prospective"}
    assert rows("compare", **investments, status="Planned") == found
    assert rows("compare", **investments, status="Actual") == []
    of_starlink = {"subject": "G60 Starlink", "measure": "size of the constellation"}
    assert {row["status"] for row in rows("trend", **of_starlink)} == {"Prospective"}
    assert {row["status"] for row in rows("trend", **of_starlink, status="Goal")} == {"Goal"}


def test_sources_agree_and_disagree(rows: Run) -> None:
    assert len(rows("corroboration")) >= 95
    disputed = {str(row["property"]).rpartition("/")[2] for row in rows("conflicts")}
    # Each was looked at: docs/quality.md, "Conflicts".
    assert disputed == {
        "hasMemberCity",
        "constellation-size",
        "phase-count",
        "startedOn",
        "launchedOn",
        "territory-area",
        "travel-time",
        "building-count",
        "total-investment",
    }


def test_a_property_with_one_fact_or_none_has_a_reason(all_sources: LocalStore) -> None:
    counted = solutions(
        all_sources,
        """SELECT ?property (COUNT(?fact) AS ?facts) (SAMPLE(?note) AS ?reason) {
            ?property g60:requiresEvidence true
            OPTIONAL { ?property skos:editorialNote ?note }
            OPTIONAL { ?fact g60:factPredicate ?property }
        } GROUP BY ?property""",
    )
    few = {
        text_of(row["property"]): row["reason"] for row in counted if int(text_of(row["facts"])) < 2
    }
    assert len(few) < len(counted) / 8
    assert [name for name, reason in few.items() if reason is None] == []


def test_types_of_divisions_come_from_reference_data(all_sources: LocalStore) -> None:
    kinds = ["Province", "Municipality", "PrefectureCity", "CountyDivision", "Township"]
    found = solutions(
        all_sources,
        f"""SELECT DISTINCT ?place ?evidence {{
            VALUES ?kind {{ {" ".join(f"g60:{kind}" for kind in kinds)} }}
            ?place a ?kind
            OPTIONAL {{
                ?fact g60:factSubject ?place ; g60:factPredicate rdf:type ; g60:factObject ?kind ;
                      g60:hasEvidence ?evidence .
                ?evidence a g60:DatasetRecord
            }}
        }}""",
    )
    assert len(found) >= 23
    assert [str(row["place"]) for row in found if row["evidence"] is None] == []
