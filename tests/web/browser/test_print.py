"""Readers on paper: quotations stand unfolded, nothing is cut off, and no navigation is printed."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import Visitor

#: What A4 has room for between its margins, at 96 dots an inch.
PAPER: Final = (680, 1000)
#: What paper does not need.
SCREEN_ONLY: Final = (
    "header nav, header form, .languages, .themes, .skip, main button, .more, .jump"
)
#: The wide things of a page that reach past their frame, and by how much.
CUT_OFF: Final = """() => [...document.querySelectorAll("main :is(.scroll, svg, pre, table)")]
  .map((one) => [one.className.baseVal ?? one.tagName, Math.max(
    one.scrollWidth - one.clientWidth,
    one.getBoundingClientRect().right - document.documentElement.clientWidth,
  )])
  .filter(([, pixels]) => pixels > 1)"""
#: How bright the paper is, and how bright the darkest and the palest text on it are (0 to 255).
BRIGHTNESS: Final = """() => {
  const bright = (colour) => Math.max(...colour.match(/[0-9.]+/g).slice(0, 3).map(Number));
  const texts = [...document.querySelectorAll("main *")]
    .filter((one) => one.checkVisibility() && one.innerText?.trim())
    .map((one) => bright(getComputedStyle(one).color));
  return [bright(getComputedStyle(document.body).backgroundColor), Math.max(...texts)];
}"""


def printed(visitor: Visitor) -> None:
    """Has the page laid out as its browser would print it."""
    visitor.sized(PAPER).page.emulate_media(media="print", color_scheme="dark")
    visitor.page.evaluate("dispatchEvent(new Event('beforeprint'))")


@pytest.mark.parametrize(
    "path",
    [
        "/companies",
        *(
            pytest.param(path, marks=pytest.mark.long)
            for path in ("/id/songjiang.html", "/timeline")
        ),
    ],
)
def test_quotations_are_printed_and_the_menu_is_not(path: str, visitor: Visitor) -> None:
    visitor.goes(path)
    words = visitor.page.locator("main blockquote")
    count = words.count()
    expect(words.first).to_be_hidden()
    printed(visitor)
    assert count > 1
    assert words.filter(visible=True).count() == count
    expect(visitor.page.locator(SCREEN_ONLY).filter(visible=True)).to_have_count(0)
    visitor.page.evaluate("dispatchEvent(new Event('afterprint'))")
    visitor.page.emulate_media(media="screen")
    expect(words.first).to_be_hidden()
    expect(visitor.page.locator("header nav")).to_be_visible()
    assert visitor.page.pdf(format="A4").startswith(b"%PDF")


def test_quotations_are_printed_where_no_script_runs(visits: Visits) -> None:
    visitor = visits(java_script_enabled=False)
    visitor.goes("/companies")
    words = visitor.page.locator("main blockquote")
    expect(words.first).to_be_hidden()
    visitor.page.emulate_media(media="print")
    assert words.filter(visible=True).count() == words.count() > 1


@pytest.mark.parametrize(
    "path",
    [
        "/map",
        *(
            pytest.param(path, marks=pytest.mark.long)
            for path in (
                "/matrix",
                "/graph?entity=Songjiang",
                "/queries/quantities?evidence=true",
                "/sparql.html?query=DESCRIBE%20id:songjiang",
            )
        ),
    ],
)
def test_what_is_wide_fits_on_the_paper(path: str, visitor: Visitor) -> None:
    visitor.goes(path)
    printed(visitor)
    assert (visitor.page.evaluate(CUT_OFF), visitor.overflow()) == ([], 0)
    expect(visitor.page.locator(SCREEN_ONLY).filter(visible=True)).to_have_count(0)


def test_who_reads_in_the_dark_prints_on_white(visitor: Visitor) -> None:
    visitor.goes("/id/songjiang.html", theme="dark")
    on_screen = visitor.page.evaluate(BRIGHTNESS)
    printed(visitor)
    paper, palest = visitor.page.evaluate(BRIGHTNESS)
    assert on_screen[0] < 60
    assert paper == 255
    assert palest < 140
