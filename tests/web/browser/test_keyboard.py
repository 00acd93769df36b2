"""Use by keyboard: skip link, visible focus, forms and drawings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import long_only
from tests.web.browser.browsing import Tab

pytestmark = pytest.mark.long

#: The element with the focus: its name and the width of its outline or stroke.
FOCUSED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const drawn = [...element.querySelectorAll("circle, rect")].map((one) => getComputedStyle(one));
  const outline = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  const strokes = drawn.map((one) => one.stroke === "none" ? 0 : parseFloat(one.strokeWidth));
  return {
    name: element.id || element.getAttribute("href") || element.textContent.trim().slice(0, 40),
    tag: element.tagName.toLowerCase(),
    shows: Math.max(outline, ...strokes),
  };
}"""


def test_the_first_stop_leads_past_the_header(tab: Tab) -> None:
    tab.open("/companies")
    tab.page.keyboard.press("Tab")
    skip = tab.page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert tab.page.evaluate(inside)


@pytest.mark.parametrize(
    "path", ["/", *long_only("/map", "/graph", "/check", "/queries/enterprises")]
)
def test_every_tab_stop_is_visible_and_none_traps_the_focus(path: str, tab: Tab) -> None:
    tab.open(path)
    stops = []
    for _ in range(150):
        tab.page.keyboard.press("Tab")
        stop = tab.page.evaluate(FOCUSED)
        if stop["tag"] == "body":
            break
        stops.append(stop)
    assert len(stops) > 10
    assert stop["tag"] == "body", f"Tab does not leave {stop}"
    assert [stop for stop in stops if stop["shows"] < 2] == []
    reached = {stop["tag"] for stop in stops}
    fields = tab.page.locator("main input, main select, main textarea, main button").count()
    assert not fields or reached & {"input", "select", "textarea"}


def test_quotations_unfold_by_the_keyboard(tab: Tab) -> None:
    tab.open("/projects")
    tab.page.locator("main summary").first.focus()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("main blockquote").first).to_be_visible()
    tab.page.keyboard.press("Space")
    expect(tab.page.locator("main blockquote").first).to_be_hidden()


def test_a_search_needs_no_mouse(tab: Tab) -> None:
    tab.open("/companies")
    tab.page.locator("header").get_by_role("searchbox").focus()
    tab.page.keyboard.type("Fosun")
    tab.page.keyboard.press("Enter")
    expect(tab.page).to_have_url(re.compile("q=Fosun"))
    expect(tab.page.get_by_role("link", name="Fosun Pharma").first).to_be_visible()
