"""Printing: quotations are open, nothing is cut off, navigation is left out."""

from __future__ import annotations

import re
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.conftest import ARTICLE, long_only
from tests.web.browser.browsing import Tab
from tests.web.browser.conftest import OpenTab

pytestmark = pytest.mark.long

#: The width of A4 between its margins, at 96 pixels per inch.
PAPER: Final = (680, 1000)
#: Elements that are not printed.
SCREEN_ONLY: Final = (
    "header nav, header form, .languages, .themes, .skip, main button, .more, .jump"
)
#: The wide elements of a page that overflow, and by how many pixels.
CUT_OFF: Final = """() => [...document.querySelectorAll("main :is(.scroll, svg, pre, table)")]
  .map((one) => [one.className.baseVal ?? one.tagName, Math.max(
    one.scrollWidth - one.clientWidth,
    one.getBoundingClientRect().right - document.documentElement.clientWidth,
  )])
  .filter(([, pixels]) => pixels > 1)"""
#: Brightness of the paper, and of the darkest and the palest text on it (0 to 255).
BRIGHTNESS: Final = """() => {
  const bright = (colour) => Math.max(...colour.match(/[0-9.]+/g).slice(0, 3).map(Number));
  const texts = [...document.querySelectorAll("main *")]
    .filter((one) => one.checkVisibility() && one.innerText?.trim())
    .map((one) => bright(getComputedStyle(one).color));
  return [bright(getComputedStyle(document.body).backgroundColor), Math.max(...texts)];
}"""


def printed(tab: Tab) -> None:
    """Lay out the page for printing."""
    tab.resize(PAPER).page.emulate_media(media="print", color_scheme="dark")
    tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")


@pytest.mark.parametrize(
    "path",
    [
        "/companies",
        *long_only("/id/songjiang.html", "/timeline"),
    ],
)
def test_quotations_are_printed_and_the_menu_is_not(path: str, tab: Tab) -> None:
    tab.open(path)
    words = tab.page.locator("main blockquote")
    count = words.count()
    expect(words.first).to_be_hidden()
    printed(tab)
    assert count > 1
    assert words.filter(visible=True).count() == count
    expect(tab.page.locator(SCREEN_ONLY).filter(visible=True)).to_have_count(0)
    tab.page.evaluate("dispatchEvent(new Event('afterprint'))")
    tab.page.emulate_media(media="screen")
    expect(words.first).to_be_hidden()
    expect(tab.page.locator("header nav")).to_be_visible()
    assert tab.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.long
def test_quotations_are_printed_without_a_script(open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.open("/companies")
    words = tab.page.locator("main blockquote")
    expect(words.first).to_be_hidden()
    tab.page.emulate_media(media="print")
    assert words.filter(visible=True).count() == words.count() > 1


@pytest.mark.parametrize(
    "path",
    [
        "/map",
        *long_only(
            "/matrix",
            "/graph?entity=Songjiang",
            "/queries/quantities?evidence=true",
            "/sparql.html?query=DESCRIBE%20id:songjiang",
        ),
    ],
)
def test_wide_content_fits_on_the_paper(path: str, tab: Tab) -> None:
    tab.open(path)
    printed(tab)
    assert (tab.page.evaluate(CUT_OFF), tab.overflow()) == ([], 0)
    expect(tab.page.locator(SCREEN_ONLY).filter(visible=True)).to_have_count(0)


@pytest.mark.long
def test_the_first_column_of_the_printed_matrix_has_room_for_names(
    open_tab: OpenTab, complete_server: str
) -> None:
    tab = open_tab(at=complete_server)
    tab.open("/matrix")
    printed(tab)
    name = tab.page.locator(".matrix tbody th").first.bounding_box()
    assert name
    assert name["width"] > 80
    assert (tab.page.evaluate(CUT_OFF), tab.overflow()) == ([], 0)


def test_the_dark_theme_prints_on_white(tab: Tab) -> None:
    tab.open("/id/songjiang.html", theme="dark")
    on_screen = tab.page.evaluate(BRIGHTNESS)
    printed(tab)
    paper, palest = tab.page.evaluate(BRIGHTNESS)
    assert on_screen[0] < 60
    assert paper == 255
    assert palest < 140


@pytest.mark.long
def test_a_long_article_is_folded_and_its_print_is_short(tab: Tab) -> None:
    tab.open(f"/id/article-{ARTICLE}.html#at-7414-7455")
    facts = tab.page.locator(".passages .facts")
    assert facts.filter(visible=True).count() == 1
    on_screen = tab.page.evaluate("document.documentElement.scrollHeight")
    assert on_screen < 15_000
    pages = re.findall(rb"/Type\s*/Page\b", tab.page.pdf(format="A4"))
    assert 1 < len(pages) < 20
    printed(tab)
    assert facts.filter(visible=True).count() == facts.count() > 100
    assert (tab.page.evaluate(CUT_OFF), tab.overflow()) == ([], 0)


@pytest.mark.long
def test_the_print_of_an_entity_with_many_facts_is_short_and_names_speakers(
    open_tab: OpenTab, complete_server: str
) -> None:
    tab = open_tab(at=complete_server)
    tab.open("/id/corridor.html")
    pages = re.findall(rb"/Type\s*/Page\b", tab.page.pdf(format="A4"))
    assert 1 < len(pages) < 25
    printed(tab)
    assert (tab.page.evaluate(CUT_OFF), tab.overflow()) == ([], 0)
    said = tab.page.locator(".manner", has_text="according to").first
    expect(said.get_by_role("link").first).to_be_visible()


@pytest.mark.long
def test_a_printed_answer_has_its_filters_and_address_and_no_sparql(tab: Tab) -> None:
    tab.open("/queries/agreements?city=Hangzhou&from=2018", lang="en")
    filters = tab.page.locator("p.printed", has_text="City = Hangzhou, From year = 2018")
    address = tab.page.locator("p.printed", has_text="/queries/agreements?city=Hangzhou&from=2018")
    text = tab.page.locator("pre", has_text="SELECT")
    expect(text).to_be_hidden()
    expect(address).to_be_hidden()
    printed(tab)
    expect(filters).to_be_visible()
    assert address.inner_text().startswith(tab.server)
    expect(text).to_be_hidden()
    tab.page.emulate_media(media="screen")
    tab.page.get_by_text("Show the SPARQL query").click()
    expect(text).to_be_visible()
