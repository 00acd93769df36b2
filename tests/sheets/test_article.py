"""The first article: all it says is in the graph, and nothing that it does not say."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.gate.input_files import read_incoming
from g60kg.model.article_text import MAX_QUOTATION, Text
from g60kg.namespaces import LABEL, A, entity, g60, graph_name, term
from g60kg.rdf.turtle import turtle
from g60kg.sheets.compile import draft
from g60kg.sheets.sheet_file import Sheet, SheetRow, read_sheet, sheet_of
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore
from tests.conftest import ARTICLE, ROOT, TEXTS, text_of

SOURCE = graph_name(ARTICLE)
FACTS = ROOT / "tests" / "data" / "facts-of-the-first-article.csv"


def objects(store: LocalStore, subject: NamedNode, predicate: str) -> set[str]:
    found = store.quads(subject, g60(predicate), None, SOURCE)
    return {text_of(quad.object) for quad in found if isinstance(quad.object, NamedNode | Literal)}


def stated(store: LocalStore, predicate: str) -> set[tuple[Term, Term]]:
    """Return subject and object of each Fact of the article with a predicate."""
    facts = (quad.subject for quad in store.quads(None, ns.FACT_PREDICATE, g60(predicate), SOURCE))
    return {
        (subject, object_)
        for fact in facts
        if isinstance(fact, NamedNode)
        for subject in store.objects(fact, ns.FACT_SUBJECT)
        for object_ in store.objects(fact, ns.FACT_OBJECT)
    }


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('"Nine cities"', "Nine cities"),
        ('"Nine cities" join hands', '"Nine cities" join hands'),
        ('They are "nine cities"', 'They are "nine cities"'),
        ('"Nine cities" and "ten cities"', '"Nine cities" and "ten cities"'),
    ],
)
def test_a_title_keeps_the_quotation_marks_inside_it(written: str, title: str) -> None:
    sheet = sheet_of(f"# title: {written}\nsubject,predicate,object\n", "facts.csv")
    assert sheet.header == {"title": title}


def test_a_carriage_return_in_a_cell_is_kept() -> None:
    cells = {"subject": "id:a", "predicate": "note", "object": "one\rtwo"}
    more = {**cells, "object": "b", "equivalent_of": "2"}
    columns = ("subject", "predicate", "object", "equivalent_of")
    rows = (SheetRow(1, {"object": "a"}), SheetRow(2, cells), SheetRow(4, more))
    read = sheet_of(Sheet("", {}, columns, rows).text(), "facts.csv")
    assert [(row.line, row["object"], row["equivalent_of"]) for row in read.rows] == [
        *((2, "a", ""), (3, "one\rtwo", ""), (5, "b", "3"))
    ]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_compressed_sheet_is_read(store: LocalStore, tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / ("facts.csv.gz" if delimiter == "," else "facts.tsv.gz")
    rows = (("subject", "predicate", "object"), ("id:hangzhou", "label@en", "Hangchow"))
    text = "# id: x\n" + "".join(f"{delimiter.join(row)}\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()))
    read = read_incoming(path, store)
    assert [quad.object for quad in read.quads] == [Literal("Hangchow", language="en")]


@pytest.mark.parametrize(
    "name", ["measures", "categories", "entities", "reference", f"articles/{ARTICLE}"]
)
def test_the_sheet_compiles_to_the_turtle_beside_it(store: LocalStore, name: str) -> None:
    path = ROOT / "instances" / f"{name}.csv"
    drafted = draft(read_sheet(path), store)
    assert drafted.problems == ()
    written = path.with_suffix(".ttl").read_text(encoding="utf-8")
    assert turtle(drafted.triples, ns.PREFIXES) == written


def test_every_quotation_is_in_the_text_at_its_offsets(
    store: LocalStore, article_text: Text
) -> None:
    checked = 0
    for quad in store.quads(None, A, g60("Quotation"), SOURCE):
        assert isinstance(quad.subject, NamedNode)
        position = NamedNode(text_of(quad.subject) + "-position")
        words = NamedNode(text_of(quad.subject) + "-text")
        start, end = (
            int(text_of(next(store.quads(position, term(f"oa:{name}"), None)).object))
            for name in ("start", "end")
        )
        exact = text_of(next(store.quads(words, term("oa:exact"), None)).object)
        assert article_text.content[start:end] == exact
        assert text_of(quad.subject) == f"{ns.PREFIXES['quote']}{ARTICLE}-{start}-{end}"
        assert 0 < len(exact) <= MAX_QUOTATION
        checked += 1
    assert checked > 100


def test_the_article_records_the_digest_and_length_of_its_text(
    store: LocalStore, article_text: Text
) -> None:
    article = entity(f"article-{ARTICLE}")
    assert objects(store, article, "textDigest") == {article_text.digest}
    assert objects(store, article, "textLength") == {str(article_text.length)}


def rows_of(sheet: Sheet) -> dict[tuple[str, str, str], list[SheetRow]]:
    rows: dict[tuple[str, str, str], list[SheetRow]] = defaultdict(list)
    for row in sheet.rows:
        rows[row["subject"], row["predicate"], row["object"]].append(row)
    return rows


def listed_facts() -> dict[str, list[tuple[str, str, str]]]:
    listed: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    with FACTS.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            listed[line["fact"]].append((line["subject"], line["predicate"], line["object"]))
    return listed


def test_every_listed_fact_is_a_row_with_a_quotation(sheet: Sheet) -> None:
    rows = rows_of(sheet)
    listed = listed_facts()
    assert len(listed) == 165
    missing = [
        (fact, key)
        for fact, keys in listed.items()
        for key in keys
        if not any(row["quote"] for row in rows[key])
    ]
    assert missing == []


def test_each_listed_fact_is_quoted_where_the_article_says_it(sheet: Sheet) -> None:
    spans = TEXTS / "facts.tsv"
    if not spans.is_file():
        pytest.skip("the list of the article's facts with their spans is not beside this checkout")
    rows, listed = rows_of(sheet), listed_facts()
    with spans.open(encoding="utf-8", newline="") as stream:
        facts = list(csv.DictReader(stream, delimiter="\t"))
    # F120 is not said by the article; F154 is the speaker of other facts.
    assert {fact["id"] for fact in facts} == {*listed, "F120", "F154"}
    for fact in facts:
        if fact["id"] == "F2":  # its words show a date, not the language
            continue
        start, end = int(fact["start"]), int(fact["end"])
        for key in listed[fact["id"]]:
            places = [
                (int(row["start"]), int(row["start"]) + len(row["quote"]))
                for row in rows[key]
                if row["quote"]
            ]
            assert any(first <= start and end <= last for first, last in places), (fact["id"], key)


def test_soft_facts_have_the_modality_they_deserve(sheet: Sheet) -> None:
    modalities = {
        key: {row["modality"] or "Asserted" for row in found if row["quote"]}
        for key, found in rows_of(sheet).items()
    }
    expected = {
        "F2": "Derived",
        "F14": "Derived",
        "F42": "Evaluative",
        "F61": "Figurative",
        "F66": "Evaluative",
        "F68": "Evaluative",
        "F75": "Evaluative",
        "F77": "Superlative",
        "F80": "Goal",
        "F78": "Asserted",
        "F92": "Evaluative",
        "F93": "Evaluative",
        "F95": "Figurative",
        "F105": "Evaluative",
        "F20": "Quoted",
        "F153": "Derived",
        "F156": "Attributed;Expected",
        "F157": "Attributed;Expected",
        "F163": "Attributed",
    }
    listed = listed_facts()
    for fact, modality in expected.items():
        for key in listed[fact]:
            assert modalities[key] == {modality}, fact


# The traps: what a hasty reader of the article would put into the graph.


def test_photo_credits_are_no_persons(store: LocalStore) -> None:
    texts = {text_of(quad.object) for quad in store.quads(None, LABEL, None, SOURCE)}
    assert not any(name in text for text in texts for name in ("Cai Bin", "Jiang Huihui"))


def test_a_slip_of_the_pen_stays_in_the_quotation(store: LocalStore) -> None:
    labels = [text_of(quad.object) for quad in store.quads(None, LABEL, None, SOURCE)]
    exacts = [text_of(quad.object) for quad in store.quads(None, term("oa:exact"), None, SOURCE)]
    assert not any("G60 G60" in label for label in labels)
    assert any("G60 G60" in exact for exact in exacts)


def test_punctuation_is_no_part_of_a_name(store: LocalStore) -> None:
    graphs = (SOURCE, graph_name("entities"))
    labels = [text_of(q.object) for graph in graphs for q in store.quads(None, LABEL, None, graph)]
    assert "Songjiang Declaration" in labels
    assert not any(label.endswith((",", '"', ".")) for label in labels)


def test_six_plus_x_names_eight_industries(store: LocalStore) -> None:
    scheme = entity("six-plus-x")
    members = {text_of(q.subject) for q in store.quads(None, g60("inScheme"), scheme)}
    assert len(members) == 8


def figures(store: LocalStore, subject: str, measure: str) -> list[str]:
    """Return the numbers that the article states for a measure of an entity."""
    return [
        text_of(number.object)
        for quad in store.quads(entity(subject), g60("hasObservation"), None, SOURCE)
        if isinstance(quad.object, NamedNode)
        and list(store.quads(quad.object, g60("observedMeasure"), term(f"measure:{measure}")))
        for number in store.quads(quad.object, g60("numericValue"), None, SOURCE)
    ]


def test_nine_eight_and_two_cities_are_three_counts(store: LocalStore) -> None:
    assert figures(store, "corridor", "member-city-count") == ["9"]
    assert figures(store, "songjiang", "partner-city-count") == ["8"]
    assert len(objects(store, entity("corridor"), "hasMemberCity")) == 9
    assert len(objects(store, entity("songjiang"), "integratesWith")) == 8
    # Roles that are expected have a Fact and no direct triple.
    model = entity("shanghai-wuhu-collaborative-innovation-model")
    roles = {role for role, of in stated(store, "roleIn") if of == model}
    pair = {city for city, role in stated(store, "hasRole") if role in roles}
    assert pair == {entity("shanghai"), entity("wuhu")}


def test_the_article_gives_three_cities_a_province(store: LocalStore) -> None:
    said = {text_of(quad.subject) for quad in store.quads(None, g60("inProvince"), None, SOURCE)}
    assert said == {entity(name).value for name in ("jiaxing", "hangzhou", "wuhu")}


def test_suzhou_is_the_one_in_jiangsu(store: LocalStore) -> None:
    codes = [
        text_of(q.object) for q in store.quads(entity("suzhou"), g60("administrativeCode"), None)
    ]
    assert codes == ["320500"]


def test_the_center_is_only_associated_with_tencent(store: LocalStore) -> None:
    center = entity("g60-artificial-intelligence-advanced-computing-center")
    links = {quad.predicate.value for quad in store.quads(center, None, entity("tencent"))}
    assert links == {g60("associatedWith").value}


@pytest.mark.parametrize(
    "company",
    ["omnivision", "quectel-communication", "fosun-pharma", "haohai-biological",
     "huadao-biotechnology", "csg", "kuka", "tencent"],
)  # fmt: skip
def test_no_place_is_made_up_for_a_company(store: LocalStore, company: str) -> None:
    for predicate in ("locatedIn", "headquarteredIn"):
        assert objects(store, entity(company), predicate) == set()


def test_no_industry_is_made_up_for_tencent(store: LocalStore) -> None:
    assert objects(store, entity("tencent"), "inIndustry") == set()


def test_company_counts_belong_to_an_industry_and_no_place(store: LocalStore) -> None:
    counts = {
        text_of(quad.subject)
        for quad in store.quads(None, g60("observedMeasure"), term("measure:enterprise-count"))
    }
    counted = {
        text_of(quad.subject)
        for quad in store.quads(None, g60("hasObservation"), None, SOURCE)
        if text_of(quad.object) in counts
    }
    assert counted == {
        entity(name).value
        for name in ("integrated-circuits", "biopharmaceuticals", "artificial-intelligence")
    }


def test_biomedicine_and_biopharmaceuticals_are_two_industries(store: LocalStore) -> None:
    for name in ("biomedicine", "biopharmaceuticals"):
        assert list(store.quads(entity(name), A, g60("Industry")))
    assert entity("six-plus-x").value not in objects(
        store, entity("biopharmaceuticals"), "inScheme"
    )


def zones(store: LocalStore, kind: str) -> set[str]:
    found = store.quads(None, g60("classifiedAs"), entity(f"{kind}-innovation-area"), SOURCE)
    return {text_of(quad.subject) for quad in found}


def test_and_other_three_names_no_areas(store: LocalStore) -> None:
    assert len(zones(store, "comprehensive")) == 3
    assert len(zones(store, "professional")) == 6


def test_the_section_and_the_original_corridor_are_two_lengths(store: LocalStore) -> None:
    for subject, length in (
        ("g60-expressway-songjiang-section", "40"),
        ("corridor-phase-1", "40"),
        ("corridor-phase-2", "180"),
        ("corridor", None),
    ):
        assert figures(store, subject, "length") == ([length] if length else [])


def test_east_and_west_of_the_zone_differ_in_kind(store: LocalStore) -> None:
    for side, kind in (("west", "comprehensive"), ("east", "professional")):
        half = entity(f"songjiang-etdz-{side}")
        assert objects(store, half, "classifiedAs") == {entity(f"{kind}-innovation-area").value}


def test_nearly_three_thousand_is_nearly_and_keeps_its_words(store: LocalStore) -> None:
    (node,) = (
        quad.object
        for quad in store.quads(entity("biopharmaceuticals"), g60("hasObservation"), None, SOURCE)
    )
    assert isinstance(node, NamedNode)
    assert [q.object for q in store.quads(node, g60("comparator"), None)] == [g60("Nearly")]
    said = [
        quad.subject
        for quad in store.quads(None, g60("factObject"), node)
        if isinstance(quad.subject, NamedNode)
    ]
    words = [text_of(q.object) for one in said for q in store.quads(one, g60("verbatim"), None)]
    assert words == ["There are now nearly 3,000 biopharmaceutical companies in the region"]
