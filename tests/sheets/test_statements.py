"""Rows of model 0.2: figures, modality, status, inverse predicates, measures, reference tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.namespaces import LABEL, A, entity, g60, graph_name, local_name, term
from g60kg.sheets.cell_literals import FigureCell, read_figure
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import sheet_of
from g60kg.stores.local_store import LocalStore
from tests.conftest import text_of

URL = "# url: https://example.org/news/2400000001\n"
QUOTE = "some words of the article"


def compiled(store: LocalStore, *rows: str, columns: str) -> Draft:
    """Compile rows whose columns are subject, predicate, object, quote, start and those given."""
    header = f"{URL}subject,predicate,object,quote,start,{columns}\n"
    return draft(sheet_of(header + "\n".join(rows) + "\n", "facts.csv"), store)


def values(made: Draft, subject: object, predicate: NamedNode) -> set[str]:
    """The local names and texts of the objects of a subject."""
    found = [t.object for t in made.triples if (t.subject, t.predicate) == (subject, predicate)]
    return {
        local_name(text_of(one)) if isinstance(one, NamedNode) else text_of(one) for one in found
    }


def only(made: Draft, kind: str) -> NamedNode:
    (found,) = (t.subject for t in made.triples if t.predicate == A and t.object == g60(kind))
    assert isinstance(found, NamedNode)
    return found


# -- Figures -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number", "upper", "fraction"),
    [
        ("69", "69", None, None),
        ("57,920,000", "57920000", None, None),
        ("57.92 million", "57920000", None, None),
        ("5.46 trillion", "5460000000000", None, None),
        ("5792万", "57920000", None, None),
        ("7.62 万", "76200", None, None),
        ("1.5万亿", "1500000000000", None, None),
        ("3亿", "300000000", None, None),
        ("-2.5", "-2.5", None, None),
        ("1,000-1,200", "1000", "1200", None),
        ("1,000 – 1,200", "1000", "1200", None),
        ("3 to 5 million", "3000000", "5000000", None),
        ("100至200", "100", "200", None),
        ("800,000-1 million", "800000", "1000000", None),
        ("5000-1万", "5000", "10000", None),
        ("1/24", "0.041666666667", None, "1/24"),
        ("2 / 3", "0.666666666667", None, "2/3"),
    ],
)
def test_figures_are_read(cell: str, number: str, upper: str | None, fraction: str | None) -> None:
    read = read_figure(cell)
    assert read is not None
    assert (read.number, read.fraction) == (Decimal(number), fraction)
    assert read.upper == (None if upper is None else Decimal(upper))


@pytest.mark.parametrize(
    "cell",
    ["", "many", "about 3", "1/0", "0/5", "1,200-1,000", "12,00", "5 parsecs", "1e5", "3-", "½x"],
)
def test_other_cells_are_no_figures(cell: str) -> None:
    assert read_figure(cell) is None


@given(st.text(max_size=30))
def test_any_cell_is_a_figure_or_none(cell: str) -> None:
    read = read_figure(cell)
    assert read is None or isinstance(read, FigureCell)
    assert read is None or read.upper is None or read.upper > read.number


def test_a_figure_is_a_node_with_its_parts(store: LocalStore) -> None:
    made = compiled(
        store,
        f"Songjiang,number of enterprises,69,{QUOTE},5,,2022,little-giant enterprises,,",
        columns="modality,time,category,reference,upper",
    )
    assert made.problems == ()
    node = only(made, "Observation")
    assert local_name(node.value).startswith("observation-songjiang-enterprise-count-")
    assert Triple(entity("songjiang"), ns.HAS_OBSERVATION, node) in made.triples
    assert values(made, node, g60("observedMeasure")) == {"enterprise-count"}
    assert values(made, node, g60("numericValue")) == {"69"}
    assert values(made, node, g60("category")) == {"little-giant-enterprises"}
    assert values(made, node, g60("referencePeriod")) == {"2022"}
    assert values(made, node, g60("unit")) == {"NUM"}
    fact = only(made, "Fact")
    assert values(made, fact, g60("verbatim")) == {QUOTE}
    assert values(made, fact, g60("time")) == set()


@pytest.mark.parametrize("cells", ['"1,000-1,200",', "1000,1200"])
def test_a_range_has_two_numbers(store: LocalStore, cells: str) -> None:
    row = f"Songjiang,enterprise-capacity,{cells.split(',')[0]},{QUOTE},5,"
    if cells.startswith('"'):
        row = f"Songjiang,enterprise-capacity,{cells[:-1]},{QUOTE},5,"
    else:
        row += "1200"
    made = compiled(store, row, columns="upper")
    assert made.problems == ()
    node = only(made, "Observation")
    assert values(made, node, g60("numericValue")) == {"1000"}
    assert values(made, node, g60("upperValue")) == {"1200"}
    assert values(made, node, g60("comparator")) == {"Between"}


@pytest.mark.parametrize("unit", ["FRACTION", ""])
def test_a_fraction_is_kept_as_stated(store: LocalStore, unit: str) -> None:
    row = f"id:corridor,share of GDP,1/15,{QUOTE},5,China,{unit}"
    made = compiled(store, row, columns="reference,unit")
    assert made.problems == ()
    node = only(made, "Observation")
    assert values(made, node, g60("fraction")) == {"1/15"}
    assert values(made, node, g60("numericValue")) == {"0.066666666667"}
    assert values(made, node, g60("referenceArea")) == {"china"}


def test_a_growth_refers_to_a_period(store: LocalStore) -> None:
    rows = (
        f"id:corridor,growth of GDP,10.9,{QUOTE},5,Year-on-year,2021-01/2021-09,PERCENT",
        f"id:corridor,growth of GDP,8,{QUOTE},5,2019,2021,PERCENT",
    )
    made = compiled(store, *rows, columns="reference,time,unit")
    assert made.problems == ()
    found = {text_of(t.object) for t in made.triples if t.predicate == g60("comparedWith")}
    assert found == {"year-on-year", "2019"}


@pytest.mark.parametrize(
    ("reference", "area", "compared"), [("2019", set(), {"2019"}), ("id:china", {"china"}, set())]
)
def test_a_change_is_in_percentage_points_and_refers_to_a_period_or_an_area(
    reference: str, area: set[str], compared: set[str], store: LocalStore
) -> None:
    row = f"id:corridor,change of R&D intensity,0.2,{QUOTE},5,{reference},2021,percentage points"
    made = compiled(store, row, columns="reference,time,unit")
    assert made.problems == ()
    node = only(made, "Observation")
    assert values(made, node, g60("unit")) == {"PercentagePoint"}
    assert values(made, node, g60("referenceArea")) == area
    assert values(made, node, g60("comparedWith")) == compared


@pytest.mark.parametrize(("graph", "is_name"), [("entities", True), ("2400000004", False)])
def test_words_of_one_text_are_no_name(graph: str, is_name: bool, store: LocalStore) -> None:
    name = Literal("Vexford", language="en")
    label = Quad(entity("songjiang"), ns.HIDDEN_LABEL, name, graph_name(graph))
    named = LocalStore.holding((*store.quads(), label), "the graph with a hidden label")
    made = compiled(named, f"id:corridor,hasMemberCity,Vexford,{QUOTE},5,", columns="time")
    assert (made.problems == ()) is is_name


@pytest.mark.parametrize("title", ["Songjiang", "松江"])
def test_the_title_of_an_article_is_not_meant(title: str, store: LocalStore) -> None:
    article, graph = entity("article-2400000009"), graph_name("2400000009")
    named = Quad(article, LABEL, Literal(title, language="en"), graph)
    is_article = Quad(article, A, g60("Article"), graph)
    both = LocalStore.holding((*store.quads(), named, is_article), "the graph with an article")
    made = compiled(both, f"{title},population,5,{QUOTE},5,2021", columns="time")
    assert made.problems == ()
    assert values(made, only(made, "Fact"), g60("factSubject")) == {"songjiang"}


@pytest.mark.parametrize("word", ["hectare", "hectares", "HA", "公顷"])
def test_a_unit_may_be_one_or_many(word: str, store: LocalStore) -> None:
    row = f"id:corridor,site area,12,{QUOTE},5,,2021,{word}"
    made = compiled(store, row, columns="reference,time,unit")
    assert made.problems == ()
    assert values(made, only(made, "Observation"), g60("unit")) == {"HA"}


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        ('site area,"1,500"', "mu"),
        ("占地面积,1500", "亩"),
        ('computing power,"5,000"', "PFLOPS"),
        ("算力,1.5", "EFLOPS"),
    ],
)
def test_units_of_chinese_sources_need_no_conversion(
    cells: str, unit: str, store: LocalStore
) -> None:
    made = compiled(store, f"id:corridor,{cells},{QUOTE},5,{unit}", columns="unit")
    assert made.problems == ()
    found = values(made, only(made, "Observation"), g60("unit"))
    assert found == {{"PFLOPS": "PetaFLOPS", "EFLOPS": "ExaFLOPS"}.get(unit, "Mu")}


@pytest.mark.parametrize("name", ["share,GDP", "Share,gross domestic product", "占比,地区生产总值"])
def test_a_statistic_of_a_measure_is_one_measure(store: LocalStore, name: str) -> None:
    statistic, measure = name.split(",")
    made = compiled(
        store,
        f"id:corridor,{statistic},6,{QUOTE},5,{measure},China,PERCENT",
        columns="of_measure,reference,unit",
    )
    assert made.problems == ()
    assert values(made, only(made, "Observation"), g60("observedMeasure")) == {"share-of-gdp"}


def test_a_missing_statistic_names_the_row_to_add(store: LocalStore) -> None:
    made = compiled(store, f"id:corridor,rank,6,{QUOTE},5,length,", columns="of_measure,reference")
    (problem,) = made.problems
    assert problem.column == "predicate"
    assert "Add a row to instances/measures.csv: measure:rank-of-length" in str(problem.hint)


@pytest.mark.parametrize(
    ("predicate", "measure", "column"),
    [("shaer", "GDP", "predicate"), ("share", "GDPP", "of_measure")],
)
def test_an_unknown_statistic_or_measure_is_reported(
    store: LocalStore, predicate: str, measure: str, column: str
) -> None:
    made = compiled(store, f"id:corridor,{predicate},6,{QUOTE},5,{measure}", columns="of_measure")
    (problem,) = made.problems
    assert problem.column == column


def test_a_sum_is_the_equivalent_of_an_earlier_row(store: LocalStore) -> None:
    rows = (
        f"id:corridor,GDP,100 billion,{QUOTE},5,CCY_CNY,2020,",
        f"id:corridor,GDP,13.8 billion,{QUOTE},5,CCY_USD,2020,3",
    )
    made = compiled(store, *rows, columns="unit,time,equivalent_of")
    assert made.problems == ()
    (link,) = (t for t in made.triples if t.predicate == g60("equivalentOf"))
    assert values(made, link.subject, g60("unit")) == {"CCY_USD"}
    assert values(made, link.object, g60("unit")) == {"CCY_CNY"}


@pytest.mark.parametrize("line", ["2", "4", "99", "x", "²", "9" * 5_000])
def test_the_line_of_an_equivalent_must_have_an_earlier_figure(
    store: LocalStore, line: str
) -> None:
    row = f"id:corridor,GDP,13.8 billion,{QUOTE},5,CCY_USD,2020,{line}"
    (problem,) = compiled(store, row, columns="unit,time,equivalent_of").problems
    assert problem.column == "equivalent_of"


@pytest.mark.parametrize("figure", ["id:hangzhou,GDP", "id:corridor,total investment"])
def test_an_equivalent_is_of_the_same_subject_and_measure(store: LocalStore, figure: str) -> None:
    other = f"{figure},100 billion,{QUOTE},5,CCY_CNY,2020,"
    row = f"id:corridor,GDP,13.8 billion,{QUOTE},5,CCY_USD,2020,3"
    assert compiled(store, other, row, columns="unit,time,equivalent_of").problems


# -- Modality ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", set()),
        ("asserted", set()),
        ("Attributed", {(ns.VOICE, "Attributed")}),
        ("attributed; expected", {(ns.VOICE, "Attributed"), (ns.FACT_STATUS, "Expected")}),
        ("Superlative;Derived", {(ns.WORDING, "Superlative"), (ns.ORIGIN, "Derived")}),
    ],
)
def test_modality_has_four_parts(
    store: LocalStore, cell: str, expected: set[tuple[NamedNode, str]]
) -> None:
    row = f"Songjiang,describedAs,hub,{QUOTE},5,{cell},an official,from the text"
    made = compiled(store, row, columns="modality,attributed_to,note")
    assert made.problems == ()
    fact = only(made, "Fact")
    found = {
        (p, v)
        for p in (ns.VOICE, ns.FACT_STATUS, ns.WORDING, ns.ORIGIN)
        for v in values(made, fact, p)
    }
    assert found == expected


def test_two_values_of_one_part_exclude_each_other(store: LocalStore) -> None:
    row = f"Songjiang,describedAs,hub,{QUOTE},5,Goal;Planned"
    (problem,) = compiled(store, row, columns="modality").problems
    assert problem.column == "modality"
    assert "Goal and Planned exclude each other" in problem.message


@pytest.mark.parametrize(
    ("note", "tag"),
    [
        ("The year is the article's.", "en"),
        ("Said with the word 当前; the page has no date.", "en"),
        ("年份取自文章日期。", "zh"),
        ("据G60 S&T公司名称推断。", "zh"),
    ],
)
def test_a_note_has_the_language_of_its_script(store: LocalStore, note: str, tag: str) -> None:
    row = f"id:songjiang,describedAs,枢纽,松江是枢纽,5,Derived,{note}"
    header = f"{URL}# language: zh\nsubject,predicate,object,quote,start,modality,note\n"
    made = draft(sheet_of(f"{header}{row}\n", "facts.csv"), store)
    assert made.problems == ()
    notes = [t.object for t in made.triples if t.predicate == ns.COMMENT]
    assert notes == [Literal(note, language=tag)]


@pytest.mark.parametrize("status", ["Goal", "Planned", "Expected", "Past", "former", "曾经"])
def test_what_is_not_actual_has_no_direct_triple(store: LocalStore, status: str) -> None:
    row = f"Songjiang,describedAs,hub,{QUOTE},5,{status}"
    made = compiled(store, row, columns="modality")
    assert made.problems == ()
    fact = only(made, "Fact")
    assert values(made, fact, g60("factObject")) == {"hub"}
    assert values(made, fact, ns.FACT_STATUS) == {
        {"former": "Past", "曾经": "Past"}.get(status, status)
    }
    assert not [t for t in made.triples if t.predicate == g60("describedAs")]


def test_a_figure_that_is_a_goal_carries_its_status(store: LocalStore) -> None:
    row = f"id:corridor,GDP,100 billion,{QUOTE},5,CCY_CNY,2035,Goal"
    made = compiled(store, row, columns="unit,time,modality")
    node = only(made, "Observation")
    assert Triple(entity("corridor"), ns.HAS_OBSERVATION, node) in made.triples
    assert values(made, node, ns.FACT_STATUS) == values(made, only(made, "Fact"), ns.FACT_STATUS)


def test_a_goal_and_its_result_are_two_facts(store: LocalStore) -> None:
    rows = [f"Songjiang,describedAs,hub,{QUOTE},5,{status}" for status in ("Goal", "")]
    made = compiled(store, *rows, columns="modality")
    assert made.problems == ()
    assert len([t for t in made.triples if t.object == g60("Fact")]) == 2
    assert len([t for t in made.triples if t.predicate == g60("describedAs")]) == 1


# -- Inverse predicates ------------------------------------------------------


def test_an_inverse_is_stored_as_its_counterpart(store: LocalStore) -> None:
    rows = (
        "New Alliance,a,Alliance,,,",
        f"New Alliance,hasMember,Tencent,{QUOTE},5,2020/..",
        f"Tencent,memberOf,New Alliance,{QUOTE},40,2020/..",
    )
    made = compiled(store, *rows, columns="time")
    assert made.problems == ()
    stored = Triple(entity("tencent"), g60("memberOf"), entity("new-alliance"))
    assert stored in made.triples
    assert not [t for t in made.triples if t.predicate == g60("hasMember")]
    fact = only(made, "Fact")
    assert values(made, fact, g60("factPredicate")) == {"memberOf"}
    assert len([t for t in made.triples if t.predicate == g60("hasEvidence")]) == 2


# -- Reference tables --------------------------------------------------------

TABLE = """\
# id: more
subject,a,label@en,label@zh,skos:hiddenLabel@en,skos:definition@en,statistic,ofMeasure,measureUnit
measure:tea-output,Measure,tea output,茶产量,tea;green tea,"Tea; made.",Level,,unit:NUM;unit:TONNE
measure:tea-share,Measure,share of tea,茶占比,,Part.,Share,measure:tea-output,unit:PERCENT
id:tea,Product,tea,,,,,,
"""


def test_a_reference_table_has_an_entity_in_each_row(store: LocalStore) -> None:
    made = draft(sheet_of(TABLE, "more.csv"), store)
    assert made.problems == ()
    tea, share = term("measure:tea-output"), term("measure:tea-share")
    triples = set(made.triples)
    assert Triple(tea, A, g60("Measure")) in triples
    assert Triple(tea, LABEL, Literal("茶产量", language="zh")) in triples
    assert values(made, tea, term("skos:hiddenLabel")) == {"tea", "green tea"}
    assert values(made, tea, term("skos:definition")) == {"Tea; made."}
    assert values(made, tea, g60("measureUnit")) == {"NUM", "TONNE"}
    assert values(made, share, g60("ofMeasure")) == {"tea-output"}
    assert values(made, share, g60("statistic")) == {"Share"}
    assert Triple(entity("tea"), A, g60("Product")) in triples
    assert values(made, entity("tea"), LABEL) == {"tea"}


def test_an_error_of_a_reference_table_has_the_line_of_its_row(store: LocalStore) -> None:
    broken = TABLE.replace("id:tea,Product", "id:tea,Prodduct")
    (problem,) = draft(sheet_of(broken, "more.csv"), store).problems
    assert problem.line == 5
    assert "Product" in str(problem.hint)
