"""Every page in both languages: whole at any width, and without a barrier in light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import DESKTOP, MAGNIFIED, PHONE, Visitor
from tests.web.test_pages import PAGES

#: Language, colours and size of a page.
Seen = tuple[str, Literal["light", "dark"], tuple[int, int]]

#: Each language in both colours and at both widths.
_SEEN: Final[tuple[Seen, ...]] = (
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


@pytest.mark.parametrize(("path", "seen"), list(zip(PAGES, cycle(_SEEN), strict=False)))
def test_no_barrier_in_one_language_and_scheme(path: str, seen: Seen, reader: Visitor) -> None:
    assert_no_barrier(path, [seen], reader)


@pytest.mark.long
@pytest.mark.parametrize("path", PAGES)
def test_no_barrier_in_all_languages_and_schemes(path: str, reader: Visitor) -> None:
    assert_no_barrier(path, _SEEN, reader)


def assert_no_barrier(path: str, seen: Iterable[Seen], reader: Visitor) -> None:
    reader.troubles.clear()
    found: dict[str, object] = {}
    for language, scheme, size in seen:
        reader.sized(size).coloured(scheme)
        reader.goes(path, lang=language)
        assert reader.language == language
        found[f"{language} {scheme} {size}"] = reader.barriers() or reader.overflow()
        if scheme == "dark":
            found[f"{language} {MAGNIFIED}"] = reader.sized(MAGNIFIED).overflow()
    assert {case: problems for case, problems in found.items() if problems} == {}
    assert reader.troubles == []


def test_what_is_not_there_has_a_page_without_a_barrier_too(visits: Visits) -> None:
    visitor = visits(PHONE, expected=frozenset((404,)), color_scheme="dark")
    visitor.goes("/id/songjang.html")
    assert visitor.page.locator("main").get_by_role("link", name="Songjiang").first.is_visible()
    assert (visitor.barriers(), visitor.overflow()) == ([], 0)
