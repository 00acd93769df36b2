"""Visitors without a script, and readers on paper: nothing is lost to them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import DESKTOP, PHONE, Visitor


def test_the_tour_needs_no_script(visits: Visits) -> None:
    visitor = visits(PHONE, java_script_enabled=False)
    visitor.goes("/")
    visitor.page.locator('main a[href="/companies#integrated-circuits"]').first.click()
    band = visitor.page.locator("#integrated-circuits")
    band.locator("summary").first.click()
    expect(band.locator("blockquote").first).to_be_visible()
    visitor.follows("中文", within="header")
    assert visitor.language == "zh"


def test_a_query_runs_without_script(visits: Visits) -> None:
    visitor = visits(DESKTOP, java_script_enabled=False)
    visitor.goes("/sparql.html")
    visitor.page.locator("textarea#query").fill(
        "SELECT ?c WHERE { id:corridor g60:hasMemberCity ?c }"
    )
    visitor.page.locator("form.editor button[type=submit]").click()
    expect(visitor.page.locator("main tbody tr")).to_have_count(9)
    # A button that only a script could serve is not there.
    assert visitor.page.locator("main button:visible").count() == 1


@pytest.mark.parametrize("path", ["/companies", "/id/songjiang.html"])
def test_quotations_are_printed_and_the_menu_is_not(path: str, visitor: Visitor) -> None:
    visitor.goes(path)
    words = visitor.page.locator("main blockquote").first
    expect(words).to_be_hidden()
    visitor.page.emulate_media(media="print", color_scheme="dark")
    visitor.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(words).to_be_visible()
    expect(visitor.page.locator("header nav")).to_be_hidden()
    paper = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    visitor.page.evaluate("dispatchEvent(new Event('afterprint'))")
    visitor.page.emulate_media(media="screen")
    expect(words).to_be_hidden()
    assert visitor.page.pdf(format="A4").startswith(b"%PDF")
