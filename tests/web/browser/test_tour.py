"""The way of a visitor who knows nothing of RDF: few clicks to a company, a project, the words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import ARTICLE
from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import DESKTOP, PHONE, Visitor

SIZES = pytest.mark.parametrize(
    "size",
    [pytest.param(PHONE, marks=pytest.mark.long, id="phone"), pytest.param(DESKTOP, id="desktop")],
)


def unfold(visitor: Visitor, thing: str, summary: str) -> str:
    """The quotation that unfolds beside a thing."""
    shown = visitor.page.locator("li.thing", has=visitor.page.get_by_role("link", name=thing)).first
    words = shown.locator("blockquote").first
    expect(words).to_be_hidden()
    shown.get_by_text(summary).first.click()
    expect(words).to_be_visible()
    return words.inner_text()


@SIZES
def test_companies_named_for_integrated_circuits(size: tuple[int, int], visits: Visits) -> None:
    visitor = visits(size)
    visitor.goes("/")
    visitor.page.locator('main a[href="/companies#integrated-circuits"]').first.click()
    assert visitor.path == "/companies#integrated-circuits"
    band = visitor.page.locator("#integrated-circuits")
    expect(band).to_be_in_viewport()
    assert sorted(band.get_by_role("heading", level=3).all_inner_texts()) == [
        "OmniVision",
        "Quectel Communication",
    ]
    assert "Quectel Communication" in unfold(visitor, "Quectel", "The words that say so")


@SIZES
def test_projects_settled_in_songjiang_in_chinese(size: tuple[int, int], visits: Visits) -> None:
    visitor = visits(size, locale="zh-CN")
    visitor.goes("/")
    assert visitor.language == "zh"
    visitor.page.locator('main a[href="/projects#songjiang"]').first.click()
    assert visitor.path == "/projects#songjiang"
    band = visitor.page.locator("#songjiang")
    expect(band).to_be_in_viewport()
    projects = band.get_by_role("heading", level=3).all_inner_texts()
    assert len(projects) >= 2
    summary = band.locator("summary").first
    summary.click()
    expect(band.locator("blockquote").first).to_be_visible()


@SIZES
def test_a_search_in_chinese_leads_to_the_thing(size: tuple[int, int], visits: Visits) -> None:
    visitor = visits(size)
    visitor.goes("/")
    visitor.page.get_by_role("searchbox").fill("松江")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page).to_have_url(re.compile(r"/search\?q="))
    visitor.follows("Songjiang")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Songjiang")


def test_the_language_switch_keeps_the_place(visitor: Visitor) -> None:
    visitor.goes("/queries/claims-by-modality?modality=goal")
    visitor.follows("中文", within="header")
    assert visitor.language == "zh"
    assert visitor.path == "/queries/claims-by-modality"
    assert "modality=goal" in visitor.page.url
    # It is remembered, and the way back is beside it.
    visitor.goes("/id/songjiang.html")
    assert visitor.language == "zh"
    visitor.follows("English", within="header")
    assert (visitor.language, visitor.path) == ("en", "/id/songjiang.html")


def test_the_colours_are_the_readers_choice(visits: Visits) -> None:
    visitor = visits(color_scheme="light")
    visitor.goes("/")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = visitor.page.evaluate(colour)
    visitor.follows("Dark", within="footer")
    assert visitor.page.evaluate(colour) != light
    visitor.follows("Light", within="footer")
    assert visitor.page.evaluate(colour) == light


@SIZES
def test_from_the_map_to_a_city_and_its_neighbours(size: tuple[int, int], visits: Visits) -> None:
    visitor = visits(size)
    visitor.goes("/map")
    expect(visitor.page.locator("svg.map")).to_be_visible()
    visitor.page.locator("svg.map a", has_text="Hangzhou").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Hangzhou")
    visitor.page.locator('main a[href^="/graph?"]').first.click()
    picture = visitor.page.locator("svg.neighbours")
    expect(picture).to_be_visible()
    assert picture.get_by_role("link").count() > 1


def test_a_place_in_the_article_is_where_a_fact_points(visitor: Visitor) -> None:
    visitor.goes("/companies")
    words = visitor.page.locator("#integrated-circuits details").first
    words.locator("summary").click()
    words.locator("figcaption a").last.click()
    assert visitor.path.startswith(f"/id/article-{ARTICLE}.html#at-")
    target = visitor.page.locator(":target")
    expect(target).to_be_in_viewport()
    assert target.inner_text().strip()


@pytest.mark.parametrize("path", ["/graph", "/check"])
def test_a_narrow_menu_shows_where_one_is(path: str, visits: Visits) -> None:
    visitor = visits(PHONE)
    visitor.goes(path)
    expect(visitor.page.locator("nav [aria-current=page]")).to_be_in_viewport(ratio=0.95)
    if path == "/graph":
        expect(visitor.page.locator(".neighbours .centre")).to_be_in_viewport(ratio=0.95)


def test_timeline_and_matrix_lead_on(visitor: Visitor) -> None:
    for path in ("/timeline", "/matrix"):
        visitor.goes(path)
        visitor.page.locator("main a[href^='/id/']").first.click()
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        assert visitor.path.startswith("/id/")


def test_a_query_is_filled_in_asked_and_opened_in_the_editor(visitor: Visitor) -> None:
    visitor.goes("/queries/enterprises")
    form = visitor.page.locator("main form")
    form.get_by_label(re.compile("industry", re.IGNORECASE)).first.fill("integrated circuits")
    form.get_by_role("button").first.click()
    expect(visitor.page.get_by_role("cell", name="Quectel Communication")).to_be_visible()
    visitor.follows("Open it in the editor")
    assert visitor.path == "/sparql.html"
    assert "SELECT" in visitor.page.locator("textarea#query").input_value()
