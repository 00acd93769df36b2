"""Light and dark: the device's or the visitor's choice, and what an older browser shows."""

from __future__ import annotations

from typing import Final, Literal

import pytest
from playwright.sync_api import Route

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import Visitor

PAPER: Final = "getComputedStyle(document.body).backgroundColor"
LIGHT: Final = "rgb(251, 250, 247)"
DARK: Final = "rgb(20, 24, 26)"

Scheme = Literal["light", "dark"]
DEVICES = pytest.mark.parametrize("device", ["light", "dark"])


@DEVICES
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_a_choice_of_colours_beats_the_device(theme: str, device: Scheme, visits: Visits) -> None:
    visitor: Visitor = visits(color_scheme=device)
    visitor.goes("/search", theme=theme)
    shown = device if theme == "auto" else theme
    assert visitor.page.evaluate(PAPER) == {"light": LIGHT, "dark": DARK}[shown]
    # The browser's own parts, such as the bars that scroll, go with the page.
    controls = visitor.page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert controls == {"auto": "light dark"}.get(theme, theme)


def without_light_dark(route: Route) -> None:
    """Answers with a style sheet as a browser reads it that has not heard of `light-dark()`."""
    answer = route.fetch()
    css = answer.text()
    assert "light-dark(" in css
    route.fulfill(response=answer, body=css.replace("light-dark(", "not-known-here("))


@pytest.mark.long
@DEVICES
@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_an_older_browser_shows_plain_light_pages(
    theme: str, device: Scheme, visits: Visits
) -> None:
    visitor: Visitor = visits(color_scheme=device)
    visitor.page.route("**/pages.css*", without_light_dark)
    for path in ("/search?q=fosun", "/id/songjiang.html", "/check"):
        visitor.goes(path, theme=theme)
        assert visitor.page.evaluate(PAPER) == "rgb(255, 255, 255)"
        assert visitor.barriers() == []
