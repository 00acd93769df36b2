"""The classes of entities in a sheet: what a row says must be for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from g60kg.model.article_text import Text
from g60kg.model.names import names_of
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.model.term_listing import TermListing
from g60kg.namespaces import A, entity, g60, graph_name, local_name
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import read_sheet
from g60kg.stores.local_store import LocalStore
from g60kg.stores.overlay import Overlay

HEADER = "# url: https://example.org/news/2400000001\n# title: A sample\n# date: 2024-05-06\n"
COLUMNS = "subject,predicate,object,quote,modality,unit,category,reference\n"
TEXT = Text("In 2024, Zoro moved to Hangzhou. Mr. Dao runs it. They have 300 people.")
KNOWN = """\
Zoro,a,Enterprise,,,,,
Mr. Dao,a,Person,,,,,
chip design,a,Industry,,,,,
Nine Deals,a,Agreement,,,,,
"""
MOVED = "Zoro moved to Hangzhou"


def drafted(tmp_path: Path, store: LocalStore, rows: str) -> Draft:
    path = tmp_path / "facts.csv"
    path.write_text(HEADER + COLUMNS + KNOWN + rows, encoding="utf-8")
    return draft(read_sheet(path), store, TEXT)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            f"Zoro,produces,Jinhua,{MOVED},,,,",
            "object",
            "produces needs an object of the class Product or ProductCategory; "
            "Jinhua is of the class PrefectureCity.",
        ),
        (
            f"Zoro,focusesOn,Mr. Dao,{MOVED},,,,",
            "object",
            "focusesOn needs an object of the class Industry or IndustryScheme or ResearchField; "
            "Mr. Dao is of the class Person.",
        ),
        (
            f"Zoro,classifiedAs,chip design,{MOVED},,,,",
            "object",
            "classifiedAs needs an object of the class EnterpriseCategory or ProductCategory or "
            "Recognition or ZoneKind; chip design is of the class Industry.",
        ),
        (
            f"Jinhua,inProvince,Hangzhou,{MOVED},,,,",
            "object",
            "inProvince needs an object of the class Municipality or Province; "
            "Hangzhou is of the class PrefectureCity.",
        ),
        (
            "Zoro,employment,300,300 people,,NUM,Nine Deals,",
            "category",
            "Nine Deals is of the class Agreement. Check the name, or use the column basis.",
        ),
        (
            "Hangzhou,share-of-gdp,3,300 people,,PERCENT,,Mr. Dao",
            "reference",
            "reference needs an object of the class SpatialThing; Mr. Dao is of the class Person.",
        ),
    ],
)
def test_an_object_of_another_class_than_a_rule_lists_is_a_mistake(
    tmp_path: Path, store: LocalStore, row: str, column: str, message: str
) -> None:
    made = drafted(tmp_path, store, row + "\n")
    (problem,) = made.problems
    assert (problem.line, problem.column) == (9, column)
    assert message in str(problem)


def test_mistakes_of_classes_are_reported_for_all_rows_in_one_run(
    tmp_path: Path, store: LocalStore
) -> None:
    rows = f"Zoro,produces,Jinhua,{MOVED},,,,\nZoro,focusesOn,Mr. Dao,{MOVED},,,,\n"
    made = drafted(tmp_path, store, rows + f"Zoro,produces,chip design,{MOVED},,,,\n")
    assert [problem.line for problem in made.problems] == [9, 10, 11]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            f"Mr. Dao,produces,chips,{MOVED},,,,",
            "predicate",
            "or Project or SpatialThing; Mr. Dao is of the class Person.",
        ),
        (
            f"chip design,population,300,{MOVED},,NUM,,",
            "predicate",
            "chip design is of the class Industry.",
        ),
        (
            f"Nine Deals,mentions,measure:gdp,{MOVED},,,,",
            "object",
            "measure:gdp is of the class Measure.",
        ),
    ],
)
def test_a_predicate_used_for_other_classes_is_a_warning(
    tmp_path: Path, store: LocalStore, row: str, column: str, message: str
) -> None:
    made = drafted(tmp_path, store, "chips,a,ProductCategory,,,,,\n" + row + "\n")
    assert made.problems == ()
    (warning,) = made.warnings
    assert (warning.line, warning.column) == (10, column)
    assert message in str(warning)


def test_a_name_of_several_entities_is_the_one_that_the_rule_of_the_predicate_needs(
    tmp_path: Path, store: LocalStore
) -> None:
    rows = "id:chip-field,a,ResearchField,,,,,\nid:chip-field,label@en,micro chips,,,,,\n"
    rows += (
        "id:chip-kind,a,ProductCategory,,,,,\nid:chip-kind,alternativeName,micro chips,Zoro,,,,\n"
    )
    made = drafted(tmp_path, store, f"{rows}Zoro,produces,micro chips,{MOVED},,,,\n")
    assert made.problems == made.warnings == ()
    stated = {t.object for t in made.triples if t.predicate == g60("produces")}
    assert stated == {entity("chip-kind")}


def test_a_modality_is_suggested_that_the_column_accepts(tmp_path: Path, store: LocalStore) -> None:
    row = "Zoro,locatedIn,Hangzhou,Zoro moved to Hangzhou,{},,,\n"
    (problem,) = drafted(tmp_path, store, row.format("Asert")).problems
    assert problem.hint == "Did you mean Asserted?"
    assert drafted(tmp_path, store, row.format("Asserted;plain")).problems == ()


@pytest.mark.parametrize(
    ("predicate", "hint"), [("flyTo", None), ("locatedAt", "Did you mean locatedIn?")]
)
def test_a_property_of_measures_is_not_suggested(
    predicate: str, hint: str | None, tmp_path: Path, store: LocalStore
) -> None:
    (problem,) = drafted(tmp_path, store, f"Zoro,{predicate},Hangzhou,{MOVED},,,,\n").problems
    assert problem.hint == hint


@pytest.mark.parametrize("predicate", ["所在地", "坐落于", "地处"])
def test_usual_words_for_a_location_are_names_of_it(
    predicate: str, tmp_path: Path, store: LocalStore
) -> None:
    made = drafted(tmp_path, store, f"Zoro,{predicate},Hangzhou,{MOVED},,,,\n")
    assert made.problems == ()
    assert entity("hangzhou") in {t.object for t in made.triples if t.predicate == g60("locatedIn")}


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        ("hosted by|organized by|主办单位", "organizer"),
        ("released by|发布单位", "issuedBy"),
        ("signed by|签约方", "signatory"),
        ("HQ|head office|总部设于", "headquarteredIn"),
        ("established on|成立于", "foundedOn"),
        ("founder|创办人|创始方", "foundedBy"),
        ("venue|举办地点", "takesPlaceIn"),
        ("企业数|企业总数", "enterprise-count"),
        ("企业数量位次", "enterprise-count-rank"),
        ("企业数量占比", "share-of-enterprises"),
        ("人口总数", "population"),
        ("全社会研发投入强度", "rd-intensity"),
        ("外贸进出口", "foreign-trade"),
        ("headcount", "employee-count"),
        ("GDP rank", "gdp-rank"),
    ],
)
def test_usual_names_of_predicates_are_known(names: str, meant: str, store: LocalStore) -> None:
    known = Vocabulary(store).predicate_names
    for name in names.split("|"):
        assert [local_name(iri.value) for iri in known.meanings(name)] == [meant]


def test_no_other_name_is_of_two_predicates(store: LocalStore) -> None:
    vocabulary = Vocabulary(store)
    names = vocabulary.predicate_names
    several = {
        name
        for iri in (*vocabulary.properties, *vocabulary.measures)
        for label in names_of(store, NamedNode(iri))
        if len(names.meanings(name := label.value)) > 1
    }
    assert several == {"launched", "launched in", "启动", "启动于"}


@pytest.mark.parametrize("name", ["written by", "chaired by", "sold to"])
def test_function_words_make_no_suggestion(name: str, store: LocalStore) -> None:
    assert Vocabulary(store).predicate_names.nearest(name) == ()


@pytest.mark.parametrize("predicate", ["launched", "启动"])
def test_a_word_of_two_dates_names_both_in_either_language(
    predicate: str, tmp_path: Path, store: LocalStore
) -> None:
    (problem,) = drafted(tmp_path, store, f"Zoro,{predicate},2024,{MOVED},,,,\n").problems
    assert "g60:launchedOn, g60:startedOn" in problem.message


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("公司", "Enterprise"),
        ("company", "Enterprise"),
        ("大学", "University"),
        ("研究所", "ResearchInstitute"),
        ("铁路", "TransportLine"),
        ("airport", "TransportNode"),
        ("Park", "Zone"),
        ("Ministry", "GovernmentBody"),
        ("论坛", "Meeting"),
        ("镇", "Township"),
    ],
)
def test_a_class_has_its_usual_names_too(
    tmp_path: Path, store: LocalStore, word: str, kind: str
) -> None:
    made = drafted(tmp_path, store, f"Lake,a,{word},,,,,\n")
    assert made.problems == ()
    kinds = {t.object for t in made.triples if t.subject == entity("lake") and t.predicate == A}
    assert kinds == {g60(kind)}
    assert [one["name"] for one in TermListing(store).of(word)["classes"]] == [kind]


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("建成", "Completed"),
        ("投入运营", "InOperation"),
        ("operational", "InOperation"),
        ("being built", "UnderConstruction"),
        ("关停", "Discontinued"),
    ],
)
def test_a_stage_has_its_usual_names_too(
    tmp_path: Path, store: LocalStore, word: str, stage: str
) -> None:
    made = drafted(tmp_path, store, f"Zoro,stage,{word},{MOVED},,,,\n")
    assert made.problems == ()
    assert {t.object for t in made.triples if t.predicate == g60("stage")} == {g60(stage)}


def test_no_other_stage_is_introduced(tmp_path: Path, store: LocalStore) -> None:
    five = "Use one of Completed, Discontinued, InOperation, PlannedStage, UnderConstruction."
    (unknown,) = drafted(tmp_path, store, f"Zoro,stage,topped out,{MOVED},,,,\n").problems
    (another,) = drafted(tmp_path, store, "topped out,a,Stage,,,,,\n").problems
    assert (unknown.column, unknown.hint) == (another.column, another.hint) == ("object", five)


def test_terms_list_a_category_once_that_several_graphs_state(store: LocalStore) -> None:
    listed = TermListing(store).topic("categories")
    stated = Quad(entity(listed[0]["name"]), A, g60(listed[0]["class"]), graph_name("1"))
    assert (
        TermListing(Overlay(store, LocalStore.holding([stated], "a file"), frozenset())).topic(
            "categories"
        )
        == listed
    )


@pytest.mark.parametrize(
    ("predicate", "kinds"),
    [
        ("focusesOn", ["Industry", "IndustryScheme", "ResearchField"]),
        ("produces", ["Product", "ProductCategory"]),
        (
            "classifiedAs",
            ["EnterpriseCategory", "ProductCategory", "Recognition", "ZoneKind"],
        ),
    ],
)
def test_terms_list_the_classes_that_a_draft_accepts(
    store: LocalStore, predicate: str, kinds: list[str]
) -> None:
    (listed,) = [one for one in TermListing(store).topic("predicates") if one["name"] == predicate]
    assert listed["range"] == kinds


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("沪苏湖铁路", "shanghai-suzhou-huzhou-high-speed-railway"),
        ("虹桥站", "shanghai-hongqiao-railway-station"),
        ("MIIT", "ministry-of-industry-and-information-technology"),
        ("CSRC", "china-securities-regulatory-commission"),
        ("CAS", "chinese-academy-of-sciences"),
    ],
)
def test_a_registered_entity_has_its_short_names(
    tmp_path: Path, all_sources: LocalStore, name: str, meant: str
) -> None:
    made = drafted(tmp_path, all_sources, f"{name},describedAs,busy,{MOVED},,,,\n")
    assert made.problems == ()
    assert {t.subject for t in made.triples if t.predicate == g60("describedAs")} == {entity(meant)}


@pytest.mark.parametrize("unit", ["TEU", "标箱", "标准箱"])
def test_containers_are_counted(tmp_path: Path, store: LocalStore, unit: str) -> None:
    made = drafted(tmp_path, store, f"Hangzhou,container throughput,300,300 people,,{unit},,\n")
    assert made.problems == ()


def test_a_profit_after_tax_has_a_basis(tmp_path: Path, store: LocalStore) -> None:
    for name in ("net profit", "净利润"):
        made = drafted(tmp_path, store, f"Zoro,{name},300,300 people,,yuan,,\n")
        assert made.problems == ()
    (definition,) = [
        one["definition"] for one in TermListing(store).topic("measures") if one["name"] == "profit"
    ]
    assert "“net profit”" in definition
