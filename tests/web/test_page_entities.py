"""Pages of entities, facts, quotations and articles; map, timeline, matrix and neighbours."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.conftest import ARTICLE, TEXTS
from tests.web.asking import get
from tests.web.reading_pages import Element, page, read_page

LANGUAGES = ("en", "zh")


# -- Entities -----------------------------------------------------------------


def group(root: Element, heading: str) -> Element:
    """Return the statements of a property."""
    for one in root.all("div"):
        if one.attributes.get("class") == "group" and one.one("h3").text == heading:
            return one
    raise AssertionError(f"no {heading}")


def test_an_entity_page_has_facts_with_modality_and_quotations(server: str) -> None:
    root = page(server, "/id/corridor.html")
    population = group(root, "population")
    assert population.one("p", class_="value").text == "about 57.92 million"
    assert "stated" in population.text
    assert "a population of about 57.92 million" in population.one("q").text
    assert "SHINE" in population.one("figcaption").text
    anchor = population.one("figcaption").links()[1]
    assert re.fullmatch(rf"/id/article-{ARTICLE}\.html#at-\d+-\d+", anchor)
    promoted = group(root, "described as")
    assert "attributed to a speaker" in promoted.text
    assert "according to an official of the Shanghai liaison office" in promoted.text
    assert "2016" in group(root, "started on").text
    assert len(group(root, "member city").all("li", class_="statement")) == 9


def test_details_have_other_names_but_no_hidden_names_and_no_figures(server: str) -> None:
    root = page(server, "/id/corridor.html")
    details = root.one("section", **{"aria-labelledby": "details"})
    names = [one.text for one in details.all("dt")]
    assert set(names) == {"other names"}
    assert "the corridor" not in [one.text for one in details.all("dd")]


def test_an_entity_has_its_neighbours_names_and_data(server: str) -> None:
    root = page(server, "/id/songjiang.html", "zh")
    assert root.one("h1").text == "松江"
    assert root.one("p", class_="also").text == "Songjiang"
    assert group_heading(root, "haier-zhigu").endswith("松江")
    assert root.one("code", id="iri").text == "https://w3id.org/g60kg/id/songjiang"
    data = root.one("section", class_="data").links()
    assert data == [f"/id/songjiang.{form}" for form in ("ttl", "nt", "jsonld", "rdf")]
    assert "http://www.wikidata.org/entity/Q662380" in root.links()
    assert root.link("查看关系图") == "/graph?entity=id%3Asongjiang"


def group_heading(root: Element, name: str) -> str:
    """Return the heading of the group with an entity."""
    for one in root.all("div"):
        if one.attributes.get("class") == "group" and f"/id/{name}.html" in one.links():
            return one.one("h3").text
    raise AssertionError(f"{name} is in no group")


def test_statements_of_two_sources_are_marked(server: str) -> None:
    province = group(page(server, "/id/wuhu.html"), "in province")
    assert province.one("span", class_="chip agreed").text == "2 sources"
    assert len(province.all("figure")) == 3


def test_an_article_has_its_facts_in_the_order_of_the_text(server: str) -> None:
    root = page(server, f"/id/article-{ARTICLE}.html")
    passages = root.one("ol", class_="passages").all("li", class_="passage")
    places = [tuple(map(int, one.attributes["id"].split("-")[1:])) for one in passages]
    assert places == sorted(places)
    assert len(places) == 113
    assert all(one.one("ul", class_="facts").all("li") for one in passages)


def test_marks_in_a_text_link_to_facts(server: str) -> None:
    if not TEXTS.is_dir():
        pytest.skip("the publisher's text of the article is not beside this checkout")
    html = get(f"{server}/id/article-{ARTICLE}.html").text
    root = read_page(html)
    text = root.one("article")
    ids = {one.attributes["id"] for one in root.all("li", class_="passage")}
    assert {link[1:] for link in text.links()} <= ids
    shown = unescape(
        re.sub(r"<[^>]*>", "", html[html.index("<article") : html.index("</article>")])
    )
    own = (TEXTS / f"{ARTICLE}.txt").read_text(encoding="utf-8")
    assert "".join(shown.split()) == "".join(own.split())


def test_a_fact_and_a_quotation_lead_to_each_other_by_their_source(server: str) -> None:
    fact = page(server, f"/fact/{ARTICLE}-2c55b8da16e1.html")
    assert fact.one("blockquote").text.startswith("“Haohai Biological has become China's largest")
    assert "claimed as first, largest or only" in fact.text
    quote = page(server, f"/quote/{ARTICLE}-7414-7455.html")
    # Nine member cities and their number.
    assert len(quote.all("li", class_="statement")) == 10


# -- Drawings and years -------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_has_the_cities_and_so_has_its_table(language: str, server: str) -> None:
    root = page(server, "/map", language)
    drawn = {one.attributes["href"]: one.text for one in root.one("svg").all("a")}
    table = root.one("table")
    listed = {one.one("a").attributes["href"]: one.text for one in table.all("th", scope="row")}
    assert len(drawn) == 9
    assert drawn == listed
    assert "11" in table.text


def test_the_timeline_has_events_and_a_filter(server: str) -> None:
    years = [one.text for one in page(server, "/timeline").all("h2")]
    assert years == sorted(years)
    assert years[0] == "2016"
    narrow = page(server, "/timeline?from=2017&to=2017")
    assert [one.text for one in narrow.all("h2")] == ["2017"]
    spans = next(one for one in narrow.all("li", class_="statement") if "spans" in one.text)
    assert [one.text for one in spans.one("p").all("a")] == ["Hangzhou", "Jiaxing", "Songjiang"]


def test_numbers_of_the_matrix_link_to_their_lists(server: str) -> None:
    root = page(server, "/matrix")
    link = root.one("table").link("3 enterprises")
    rows = page(server, link).one("tbody").all("tr", class_="backed")
    assert len(rows) == 3
    assert len(root.one("main").all("p", class_="quiet")[0].links()) == 9


def test_the_neighbours_in_the_drawing_are_in_the_lists(server: str) -> None:
    root = page(server, "/graph?entity=Wuhu")
    drawn = {one.one("title").text.split(": ", 1)[1] for one in root.one("svg").all("a")[:-1]}
    lists = {item.text for one in root.all("ul", class_="plain") for item in one.all("li")}
    assert drawn
    assert drawn <= lists
    near = page(server, "/graph?entity=Wuhoo", status=404).one("main").links()
    assert "/graph?entity=id%3Awuhu" in near
