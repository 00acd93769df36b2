"""Every page in both languages: whole at any width, and without a barrier in light and dark."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import DESKTOP, PHONE
from tests.web.test_pages import PAGES


@pytest.mark.parametrize("path", PAGES)
def test_nobody_meets_a_barrier(path: str, visits: Visits) -> None:
    # Each language at each width, and each in one colour scheme, which knows no language.
    visitor = visits(DESKTOP, color_scheme="light")
    found: dict[str, object] = {}
    for language, first, second in (("en", DESKTOP, PHONE), ("zh", PHONE, DESKTOP)):
        visitor.sized(first).goes(path, lang=language)
        assert visitor.language == language
        found[f"{language} {first}"] = visitor.barriers() or visitor.overflow()
        found[f"{language} {second}"] = visitor.sized(second).overflow()
        visitor.page.emulate_media(color_scheme="dark")
    assert {where: what for where, what in found.items() if what} == {}


def test_what_is_not_there_has_a_page_without_a_barrier_too(visits: Visits) -> None:
    visitor = visits(PHONE, expected=frozenset((404,)), color_scheme="dark")
    visitor.goes("/id/songjang.html")
    assert visitor.page.locator("main").get_by_role("link", name="Songjiang").first.is_visible()
    assert (visitor.barriers(), visitor.overflow()) == ([], 0)
