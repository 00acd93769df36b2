"""Every page in both languages: whole at any width, and without a barrier in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import DESKTOP, MAGNIFIED, PHONE, Visitor
from tests.web.test_pages import PAGES

#: Each language in both colours and at both widths; a page is opened once a language.
_SEEN: Final[tuple[tuple[str, Literal["light", "dark"], tuple[int, int]], ...]] = (
    ("en", "light", DESKTOP),
    ("en", "dark", PHONE),
    ("zh", "light", PHONE),
    ("zh", "dark", DESKTOP),
)


@pytest.fixture(scope="module")
def reader(browser: Browser, server: str) -> Iterator[Visitor]:
    """One visitor, who reads page after page."""
    context = browser.new_context(locale="en")
    yield Visitor(context.new_page(), server)
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nobody_meets_a_barrier(path: str, reader: Visitor) -> None:
    reader.troubles.clear()
    found: dict[str, object] = {}
    for language, scheme, size in _SEEN:
        reader.sized(size).coloured(scheme)
        if scheme == "light":
            reader.goes(path, lang=language)
        assert reader.language == language
        found[f"{language} {scheme} {size}"] = reader.barriers() or reader.overflow()
        if scheme == "dark":
            found[f"{language} {MAGNIFIED}"] = reader.sized(MAGNIFIED).overflow()
    assert {where: what for where, what in found.items() if what} == {}
    assert reader.troubles == []


def test_what_is_not_there_has_a_page_without_a_barrier_too(visits: Visits) -> None:
    visitor = visits(PHONE, expected=frozenset((404,)), color_scheme="dark")
    visitor.goes("/id/songjang.html")
    assert visitor.page.locator("main").get_by_role("link", name="Songjiang").first.is_visible()
    assert (visitor.barriers(), visitor.overflow()) == ([], 0)
