"""A browser, driven by Playwright, for the pages of the shared server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.web.browser.browsing import DESKTOP, Tab

#: Names of the executable, such as Debian's.
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")

#: Opens a tab of a size, with settings of a Playwright context.
OpenTab = Callable[..., Tab]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The installed browser; Playwright's own is not downloaded.

    Its event loop runs until it is closed, and no other can run in the process meanwhile.
    """
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no browser is installed to open the pages in (apt install chromium)")
    # Chromium has no sandbox for root; it opens only this project's pages here.
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
def open_tab(browser: Browser, server: str) -> Iterator[OpenTab]:
    """Open tabs on the shared server; fail if an error occurred in one."""
    tabs: list[Tab] = []

    def open_one(
        size: tuple[int, int] = DESKTOP,
        *,
        at: str = server,
        expected: frozenset[int] = frozenset(),
        **settings: object,
    ) -> Tab:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            **{"locale": "en", **settings},  # type: ignore[arg-type]  # settings by name
        )
        tab = Tab(context.new_page(), at, expected=expected)
        tabs.append(tab)
        return tab

    yield open_one
    errors = [error for tab in tabs for error in tab.errors]
    for tab in tabs:
        tab.page.context.close()
    assert errors == []


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    """A tab with a desktop window."""
    return open_tab()
