"""Pages without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browser.browsing import DESKTOP, PHONE
from tests.web.browser.conftest import OpenTab

pytestmark = pytest.mark.long


def test_the_tour_needs_no_script(open_tab: OpenTab) -> None:
    tab = open_tab(PHONE, java_script_enabled=False)
    tab.open("/")
    tab.page.locator('main a[href*="industry=id%3Aintegrated-circuits"]').first.click()
    quotation = tab.page.locator("main blockquote").first
    for folded in quotation.locator("xpath=ancestor::details").all():
        folded.locator("> summary").click()
    expect(quotation).to_be_visible()
    tab.follow("中文", within="header")
    assert tab.language == "zh"


def test_a_query_runs_without_script(open_tab: OpenTab) -> None:
    tab = open_tab(DESKTOP, java_script_enabled=False)
    tab.open("/sparql.html")
    tab.page.locator("textarea#query").fill("SELECT ?c WHERE { id:corridor g60:hasMemberCity ?c }")
    tab.page.locator("form.editor button[type=submit]").click()
    expect(tab.page.locator("main tbody tr")).to_have_count(9)
    # Buttons that need a script are hidden.
    assert tab.page.locator("main button:visible").count() == 1
