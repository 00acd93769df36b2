"""A browser, driven by Playwright, for the pages of the shared server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.web.browser.visiting import DESKTOP, Visitor

#: As Debian, and others, name it.
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")

#: Opens a visitor's browser: at a size, with the settings of a context of Playwright.
Visits = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this machine; Playwright's own is not downloaded."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no browser is installed to open the pages in (apt install chromium)")
    # Chromium has no sandbox for root; all it opens here is this project's own pages.
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(
                executable_path=found, args=[*alone, "--no-proxy-server"]
            )
        except Error as refused:
            pytest.skip(f"{found} does not start here: {refused.message.splitlines()[0]}")
        yield opened
        opened.close()


@pytest.fixture
def visits(browser: Browser, server: str) -> Iterator[Visits]:
    """Visitors of the shared server, each with a browser of their own; none may meet trouble."""
    visitors: list[Visitor] = []

    def visit(
        size: tuple[int, int] = DESKTOP,
        *,
        at: str = server,
        expected: frozenset[int] = frozenset(),
        **settings: object,
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            **{"locale": "en", **settings},  # type: ignore[arg-type]  # settings by name
        )
        visitor = Visitor(context.new_page(), at, expected=expected)
        visitors.append(visitor)
        return visitor

    yield visit
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.page.context.close()
    assert troubles == []


@pytest.fixture
def visitor(visits: Visits) -> Visitor:
    """A visitor at a desk."""
    return visits()
