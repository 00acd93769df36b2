"""A browser, driven by Playwright, for the pages of the shared server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.web.browser.browsing import DESKTOP, Tab

#: Names of the executable, such as Debian's.
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")

#: Opens a tab of a size, with settings of a Playwright context.
OpenTab = Callable[..., Tab]


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def reader(browser: Browser, server: str) -> Tab:
    """The tab for all tests without settings of their own; a new one costs a process."""
    return Tab(browser.new_context(locale="en").new_page(), server)


@pytest.fixture
def open_tab(browser: Browser, reader: Tab, server: str) -> Iterator[OpenTab]:
    """Open a tab on the shared server, once in a test; fail if an error occurred in it."""
    opened = reader

    def open_one(
        size: tuple[int, int] = DESKTOP,
        *,
        at: str = server,
        expected: frozenset[int] = frozenset(),
        color_scheme: Literal["light", "dark"] = "light",
        **settings: Any,
    ) -> Tab:
        nonlocal opened
        if settings:
            opened = Tab(browser.new_context(**{"locale": "en", **settings}).new_page(), at)
        opened.server, opened.expected = at, expected
        return opened.resize(size).set_scheme(color_scheme)

    yield open_one
    errors = opened.errors.copy()
    if opened is reader:
        opened.page.goto("about:blank")
        opened.page.unroute_all()
        opened.page.emulate_media(media="null")
        opened.page.context.clear_cookies()
        opened.errors.clear()
    else:
        opened.page.context.close()
    assert errors == []


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    """A tab with a desktop window."""
    return open_tab()
