"""Tour without RDF knowledge: few clicks to an enterprise, a project, a quotation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import ARTICLE
from tests.web.browser.browsing import DESKTOP, PHONE, Tab
from tests.web.browser.conftest import OpenTab

pytestmark = pytest.mark.long

SIZES = pytest.mark.parametrize(
    "size",
    [pytest.param(PHONE, marks=pytest.mark.long, id="phone"), pytest.param(DESKTOP, id="desktop")],
)


def unfold(tab: Tab, name: str, summary: str) -> str:
    """Return the quotation of an entity after opening it."""
    shown = tab.page.locator("li.entry", has=tab.page.get_by_role("link", name=name)).first
    words = shown.locator("blockquote").first
    expect(words).to_be_hidden()
    shown.get_by_text(summary).first.click()
    expect(words).to_be_visible()
    return words.inner_text()


@SIZES
def test_enterprises_in_integrated_circuits(size: tuple[int, int], open_tab: OpenTab) -> None:
    tab = open_tab(size)
    tab.open("/")
    tab.page.locator('main a[href*="industry=id%3Aintegrated-circuits"]').first.click()
    assert tab.path == "/queries/enterprises"
    rows = tab.page.locator("main tbody").first
    expect(rows).to_contain_text("OmniVision")
    expect(rows).to_contain_text("Quectel Communication")
    quotation = tab.page.locator("main blockquote", has_text="Quectel Communication").first
    expect(quotation).to_be_hidden()
    for folded in quotation.locator("xpath=ancestor::details").all():
        folded.locator("> summary").click()
    expect(quotation).to_be_visible()


@pytest.mark.long
@SIZES
def test_projects_settled_in_songjiang_in_chinese(size: tuple[int, int], open_tab: OpenTab) -> None:
    tab = open_tab(size, locale="zh-CN")
    tab.open("/")
    assert tab.language == "zh"
    tab.page.locator('main a[href="/projects#songjiang"]').first.click()
    assert tab.path == "/projects#songjiang"
    band = tab.page.locator("#songjiang")
    expect(band).to_be_in_viewport()
    projects = band.get_by_role("heading", level=3).all_inner_texts()
    assert len(projects) >= 2
    summary = band.locator("summary").first
    summary.click()
    expect(band.locator("blockquote").first).to_be_visible()


@SIZES
def test_a_search_in_chinese_finds_the_entity(size: tuple[int, int], open_tab: OpenTab) -> None:
    tab = open_tab(size)
    tab.open("/")
    tab.page.get_by_role("searchbox").fill("松江")
    tab.page.keyboard.press("Enter")
    expect(tab.page).to_have_url(re.compile(r"/ask\?q="))
    tab.follow("Songjiang")
    expect(tab.page.get_by_role("heading", level=1)).to_contain_text("Songjiang")


def test_the_language_switch_keeps_the_place(tab: Tab) -> None:
    tab.open("/queries/claims-by-modality?modality=Goal")
    tab.follow("中文", within="header")
    assert tab.language == "zh"
    assert tab.path == "/queries/claims-by-modality"
    assert "modality=Goal" in tab.page.url
    # The choice is remembered, and the link back is next to it.
    tab.open("/id/songjiang.html")
    assert tab.language == "zh"
    tab.follow("English", within="header")
    assert (tab.language, tab.path) == ("en", "/id/songjiang.html")


@SIZES
def test_from_the_map_to_a_city_and_its_neighbours(
    size: tuple[int, int], open_tab: OpenTab
) -> None:
    tab = open_tab(size)
    tab.open("/map")
    expect(tab.page.locator("svg.map")).to_be_visible()
    tab.page.locator("svg.map a", has_text="Hangzhou").click()
    expect(tab.page.get_by_role("heading", level=1)).to_contain_text("Hangzhou")
    tab.page.locator('main a[href^="/graph?"]').first.click()
    # A narrow screen has the lists alone.
    expect(tab.page.locator("svg.neighbours")).to_be_visible(visible=size != PHONE)
    assert tab.page.locator(".halves").get_by_role("link").count() > 1


def test_a_fact_links_to_its_place_in_the_article(tab: Tab) -> None:
    tab.open("/companies")
    words = tab.page.locator("#integrated-circuits details").first
    words.locator("summary").click()
    words.locator("figcaption a[href*='#at-']").first.click()
    assert tab.path.startswith(f"/id/article-{ARTICLE}.html#at-")
    target = tab.page.locator(":target")
    expect(target).to_be_in_viewport()
    assert target.inner_text().strip()


@pytest.mark.parametrize("path", ["/graph", "/check"])
def test_a_narrow_menu_shows_where_one_is(path: str, open_tab: OpenTab) -> None:
    tab = open_tab(PHONE)
    tab.open(path)
    expect(tab.page.locator("nav [aria-current=page]")).to_be_in_viewport(ratio=0.95)
    if path == "/graph":
        expect(tab.page.locator(".halves").get_by_role("link").first).to_be_visible()


@pytest.mark.long
def test_timeline_and_matrix_lead_on(tab: Tab) -> None:
    for path in ("/timeline", "/matrix"):
        tab.open(path)
        tab.page.locator("main a[href^='/id/']").first.click()
        expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
        assert tab.path.startswith("/id/")


def test_a_query_is_filled_in_asked_and_opened_in_the_editor(tab: Tab) -> None:
    tab.open("/queries/enterprises")
    form = tab.page.locator("main form")
    form.get_by_label(re.compile("industry", re.IGNORECASE)).first.fill("integrated circuits")
    form.get_by_role("button").first.click()
    expect(tab.page.get_by_role("cell", name="Quectel Communication")).to_be_visible()
    tab.follow("Open in the editor")
    assert tab.path == "/sparql.html"
    assert "SELECT" in tab.page.locator("textarea#query").input_value()
