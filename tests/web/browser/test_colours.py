"""Light and dark themes, of the device or chosen, and in older browsers."""

from __future__ import annotations

from typing import Final, Literal

import pytest
from playwright.sync_api import Route

from tests.conftest import long_only
from tests.web.browser.browsing import Tab
from tests.web.browser.conftest import OpenTab

pytestmark = pytest.mark.long

PAPER: Final = "getComputedStyle(document.body).backgroundColor"
LIGHT: Final = "rgb(251, 250, 247)"
DARK: Final = "rgb(20, 24, 26)"

Scheme = Literal["light", "dark"]
DEVICES = pytest.mark.parametrize("device", [*long_only("light"), "dark"])


@DEVICES
def test_the_chosen_theme_overrides_the_device(device: Scheme, open_tab: OpenTab) -> None:
    tab: Tab = open_tab(color_scheme=device)
    for theme in ("auto", "light", "dark"):
        tab.open("/search", theme=theme)
        shown = device if theme == "auto" else theme
        assert tab.page.evaluate(PAPER) == {"light": LIGHT, "dark": DARK}[shown]
        # Scroll bars and other parts of the browser follow the theme.
        controls = tab.page.evaluate("getComputedStyle(document.documentElement).colorScheme")
        assert controls == {"auto": "light dark"}.get(theme, theme)


def without_light_dark(route: Route) -> None:
    """Serve the style sheet as a browser without `light-dark()` reads it."""
    answer = route.fetch()
    css = answer.text()
    assert "light-dark(" in css
    route.fulfill(response=answer, body=css.replace("light-dark(", "not-known-here("))


@pytest.mark.long
@pytest.mark.parametrize(("theme", "device"), [("auto", "dark"), ("dark", "light")])
def test_an_older_browser_shows_plain_light_pages(
    theme: str, device: Scheme, open_tab: OpenTab
) -> None:
    tab: Tab = open_tab(color_scheme=device)
    tab.page.route("**/pages.css*", without_light_dark)
    for path in ("/search?q=fosun", "/id/songjiang.html", "/check"):
        tab.open(path, theme=theme)
        assert tab.page.evaluate(PAPER) == "rgb(255, 255, 255)"
        assert tab.violations() == []
