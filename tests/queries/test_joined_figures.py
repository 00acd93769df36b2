"""A figure with several categories: a row each as data, one row for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

import g60kg
from g60kg.queries.catalog import named_query
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph
from g60kg.web.views.pages.figure_pages import chart_of
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.query_pages import QueryView, query_view
from tests.cli.run import g60kg as command
from tests.conftest import long_only

QUERIES = ("quantities", "compare", "trend")
#: Two figures of food in towns and one without a category.
FIGURES = """
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix id: <https://w3id.org/g60kg/id/> .
@prefix measure: <https://w3id.org/g60kg/measure/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix unit: <http://qudt.org/vocab/unit/> .

id:food a g60:Concept ; rdfs:label "food"@en , "食品"@zh .
id:towns a g60:Concept ; rdfs:label "towns"@en , "城镇"@zh .
id:city a g60:PrefectureCity ; rdfs:label "City"@en ; g60:hasObservation id:a , id:b , id:c .
measure:prices a g60:Measure ; rdfs:label "prices"@en ; g60:statistic g60:Growth .
id:article-1 a g60:Article ; rdfs:label "Report"@en ; g60:publicationDate "2023" .
<https://w3id.org/g60kg/quote/1> a g60:Quotation ; oa:hasSource id:article-1 .
""" + "".join(
    f"""
id:{name} a g60:Observation ; g60:observedMeasure measure:prices ; g60:numericValue {value} ;
  g60:comparator g60:Exactly ; g60:unit unit:PERCENT ; g60:referencePeriod "{year}" {categories} .
<https://w3id.org/g60kg/fact/{name}> a g60:Fact ; g60:factSubject id:city ;
  g60:factPredicate g60:hasObservation ; g60:factObject id:{name} ;
  g60:hasEvidence <https://w3id.org/g60kg/quote/1> .
"""
    for name, value, year, categories in (
        ("a", 1.5, 2021, "; g60:category id:food , id:towns"),
        ("b", 2.5, 2022, "; g60:category id:food , id:towns"),
        ("c", 3.5, 2022, ""),
    )
)
GIVEN = {"subject": "City", "measure": "prices"}


@pytest.fixture(scope="module", autouse=True)
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("figures")
    (folder / "figures.ttl").write_text(FIGURES, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("G60KG_DATA", str(folder))
        open_graph.open_for(Settings())
        yield
    open_graph.open_for(Settings())


def _given(query: str, **more: str) -> dict[str, str]:
    names = {parameter.name for parameter in named_query(query).parameters}
    return {name: value for name, value in {**GIVEN, **more}.items() if name in names}


def _printed(query: str, *options: str, **more: str) -> str:
    given = (f"-p{name}={value}" for name, value in _given(query, **more).items())
    done = command("query", "run", query, *given, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _page(query: str, **more: str) -> QueryView:
    return query_view("en", query, _given(query, **more), limit=50, offset=0, sort=None)


@pytest.mark.parametrize("query", QUERIES)
def test_data_has_a_row_for_each_category_and_names_the_figure(query: str) -> None:
    rows = list(csv.DictReader(io.StringIO(_printed(query, "-f", "csv"))))
    found = sorted((row["figure"][-1], row["categoryLabel"]) for row in rows)
    assert found == [("a", "food"), ("a", "towns"), ("b", "food"), ("b", "towns"), ("c", "")]
    assert list(rows[0])[-1] == "figure"


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("format_", ["table", *long_only("md", "html")])
def test_a_table_has_a_row_for_each_figure(query: str, format_: str) -> None:
    printed = _printed(query, "-f", format_)
    assert printed.count("food; towns") == 2
    assert "figure" not in printed
    assert (
        "食品；城镇"
        in command("--lang", "zh", "query", "run", "trend", "-psubject=City", "-f", format_).stdout
    )


@pytest.mark.parametrize("query", QUERIES)
def test_a_limit_counts_figures_in_a_table(query: str) -> None:
    printed = _printed(query, "--limit", "2", "--sort", "category", "--evidence")
    assert printed.count("food; towns") == 2


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("category", ["food", *long_only("towns")])
def test_a_figure_of_a_category_has_its_other_categories(query: str, category: str) -> None:
    rows = list(csv.DictReader(io.StringIO(_printed(query, "-f", "csv", category=category))))
    assert sorted(row["categoryLabel"] for row in rows) == ["food", "food", "towns", "towns"]
    assert _printed(query, category=category).count("food; towns") == 2


@pytest.mark.parametrize("query", QUERIES)
def test_a_page_has_a_row_for_each_figure_with_links_to_its_categories(query: str) -> None:
    view = _page(query)
    assert view.table is not None
    cells = [row["category"] for row in view.table.rows]
    linked = [[part.text for part in cell.parts] for cell in cells if cell is not None]
    assert linked == [["food", "towns"]] * 2
    assert len(view.table.rows) == 3
    assert all(row.quotes for row in view.table.rows)
    assert view.table.counts is not None
    assert view.table.counts.total == 3
    counted = {facet.column: facet.values for facet in view.facets}["category"]
    assert {model.text: (count, given) for model, count, given in counted} == {
        "food": (2, {"category": "id:food"}),
        "towns": (2, {"category": "id:towns"}),
    }


@pytest.mark.parametrize("query", ["compare", "trend"])
def test_a_chart_has_each_figure_once(query: str) -> None:
    reader = PageReader("en")
    table = reader.answer(query, _given(query))
    chart = chart_of(reader, named_query(query), _given(query), table)
    assert chart is not None
    (panel,) = chart.panels
    assert "food; towns" in panel.title
    assert [float(mark.number) for mark in panel.marks] == (
        [2.5, 1.5] if query == "compare" else [1.5, 2.5]
    )
    assert chart.left_out == (("alone", 1),)


def test_a_notebook_shows_a_row_for_each_figure() -> None:
    answer = g60kg.load().query("trend", subject="City", measure="prices")
    assert len(answer) == 5
    for shown in (str(answer), answer._repr_html_() or ""):
        assert shown.count("food; towns") == 2
        assert "5 rows. The rows of one figure are shown as one." in shown
    assert "5 行。" in str(g60kg.load().query("trend", lang="zh", subject="City", measure="prices"))
