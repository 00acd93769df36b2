"""Visitors without a script: nothing is lost to them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import DESKTOP, PHONE


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
