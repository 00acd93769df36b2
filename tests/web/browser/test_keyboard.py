"""A visitor without a mouse: the skip link, a focus one sees, every form and drawing in reach."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.web.browser.visiting import Visitor

#: The element with the focus: a name, and how much its outline or stroke shows.
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

#: Every drawing and form; `make test` takes the home page alone.
LONG_PATHS = [
    pytest.param(path, marks=pytest.mark.long)
    for path in ("/map", "/graph", "/check", "/queries/enterprises")
]


def test_the_first_stop_leads_past_the_header(visitor: Visitor) -> None:
    visitor.goes("/companies")
    visitor.page.keyboard.press("Tab")
    skip = visitor.page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert visitor.page.evaluate(inside)


@pytest.mark.parametrize("path", ["/", *LONG_PATHS])
def test_every_stop_is_seen_and_none_holds_the_visitor(path: str, visitor: Visitor) -> None:
    visitor.goes(path)
    stops = []
    for _ in range(150):
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(FOCUSED)
        if stop["tag"] == "body":
            break
        stops.append(stop)
    assert len(stops) > 10
    assert stop["tag"] == "body", f"Tab does not leave {stop}"
    assert [stop for stop in stops if stop["shows"] < 2] == []
    reached = {stop["tag"] for stop in stops}
    fields = visitor.page.locator("main input, main select, main textarea, main button").count()
    assert not fields or reached & {"input", "select", "textarea"}


def test_words_unfold_by_the_keyboard(visitor: Visitor) -> None:
    visitor.goes("/projects")
    visitor.page.locator("main summary").first.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("main blockquote").first).to_be_visible()
    visitor.page.keyboard.press("Space")
    expect(visitor.page.locator("main blockquote").first).to_be_hidden()


def test_a_search_needs_no_mouse(visitor: Visitor) -> None:
    visitor.goes("/companies")
    visitor.page.locator("header").get_by_role("searchbox").focus()
    visitor.page.keyboard.type("Fosun")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page).to_have_url(re.compile("q=Fosun"))
    expect(visitor.page.get_by_role("link", name="Fosun Pharma").first).to_be_visible()
