"""Every page in both languages, themes and widths: layout and accessibility."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from typing import Final, Literal

import pytest

from tests.conftest import long_only
from tests.web.browser.browsing import DESKTOP, MAGNIFIED, PHONE, Tab
from tests.web.browser.conftest import OpenTab
from tests.web.test_pages import PAGES

pytestmark = pytest.mark.long

#: Language, colours and size of a page.
Seen = tuple[str, Literal["light", "dark"], tuple[int, int]]

#: Each language in both colours and at both widths.
_SEEN: Final[tuple[Seen, ...]] = (
    ("en", "light", DESKTOP),
    ("en", "dark", PHONE),
    ("zh", "light", PHONE),
    ("zh", "dark", DESKTOP),
)


#: Axe takes longer on this page than on all others together.
_LONG: Final = "/ontology.html"
assert _LONG in PAGES


@pytest.mark.parametrize(("path", "seen"), list(zip(PAGES[1::11], cycle(_SEEN), strict=False)))
def test_no_violation_in_one_language_and_scheme(path: str, seen: Seen, tab: Tab) -> None:
    assert_no_violation(path, [seen], tab)


@pytest.mark.long
@pytest.mark.parametrize("path", PAGES)
def test_no_violation_in_all_languages_and_schemes(path: str, tab: Tab) -> None:
    assert_no_violation(path, _SEEN[-1:] if path == _LONG else _SEEN, tab)


def assert_no_violation(path: str, seen: Iterable[Seen], tab: Tab) -> None:
    found: dict[str, object] = {}
    for language, scheme, size in seen:
        tab.resize(size).set_scheme(scheme)
        tab.open(path, lang=language)
        assert tab.language == language
        found[f"{language} {scheme} {size}"] = tab.violations() or tab.overflow()
        if scheme == "dark":
            found[f"{language} {MAGNIFIED}"] = tab.resize(MAGNIFIED).overflow()
    assert {case: problems for case, problems in found.items() if problems} == {}


def test_error_pages_have_no_accessibility_violation(open_tab: OpenTab) -> None:
    tab = open_tab(PHONE, expected=frozenset((404,)), color_scheme="dark")
    tab.open("/id/songjang.html")
    assert tab.page.locator("main").get_by_role("link", name="Songjiang").first.is_visible()
    assert (tab.violations(), tab.overflow()) == ([], 0)


#: The widths by which tables, drawings and texts are wider than their frames.
_SIDEWAYS: Final = """() => [...document.querySelectorAll("main .scroll, main .drawing")]
  .filter((one) => one.checkVisibility())
  .map((one) => one.scrollWidth - one.clientWidth).filter((pixels) => pixels > 0)"""


@pytest.mark.parametrize(
    "path",
    [
        "/timeline?from=2018",
        *long_only(
            "/queries/quantities?evidence=true",
            "/queries/agreements?evidence=true&sort=year",
            "/graph?entity=Songjiang",
            "/map",
            "/matrix",
        ),
    ],
)
def test_a_phone_shows_values_and_drawings_without_scrolling_sideways(
    path: str, open_tab: OpenTab
) -> None:
    tab = open_tab(PHONE)
    tab.open(path)
    tab.page.locator("main details").evaluate_all(
        "all => all.forEach((one) => { one.open = true; })"
    )
    assert (tab.page.evaluate(_SIDEWAYS), tab.overflow()) == ([], 0)
    assert tab.violations() == []


#: The headings of cells that are higher than their cell, and so are drawn over the next row.
_TOO_HIGH: Final = """() => [...document.querySelectorAll(".stacked [data-column]:not(.empty)")]
  .filter((one) => one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.dataset.column)"""


@pytest.mark.long
def test_no_column_of_the_matrix_is_beyond_its_frame(
    open_tab: OpenTab, complete_server: str
) -> None:
    tab = open_tab(DESKTOP, at=complete_server)
    for language in ("en", "zh"):
        tab.open("/matrix", lang=language)
        # A scroll bar takes room too, where one is drawn.
        tab.page.locator(".scroll").evaluate("one => { one.style.paddingRight = '15px'; }")
        assert tab.page.evaluate(_SIDEWAYS) == []


@pytest.mark.parametrize(
    "size",
    [PHONE, *long_only((768, 1024), DESKTOP)],
)
def test_nothing_of_the_matrix_of_all_sources_overlaps(
    size: tuple[int, int], open_tab: OpenTab, complete_server: str
) -> None:
    tab = open_tab(size, at=complete_server)
    tab.open("/matrix")
    assert (tab.page.evaluate(_TOO_HIGH), tab.overflow()) == ([], 0)
    field = tab.page.locator(".fields select").bounding_box()
    button = tab.page.locator(".fields button").bounding_box()
    assert field
    assert button
    assert field["x"] + field["width"] <= button["x"] or field["y"] + field["height"] <= button["y"]
