"""The page that checks new facts: findings appear at their lines."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browser.browsing import DESKTOP, PHONE, Tab
from tests.web.browser.conftest import OpenTab

pytestmark = pytest.mark.long

WRONG_TURTLE = """@prefix id: <https://w3id.org/g60kg/id/> .
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:new-company a g60:Enterprise ;
    rdfs:label "New company"@en .
    g60:worksIn id:integrated-circuits .
"""
WRONG_SHEET = """# url: https://www.shine.cn/feature/district/2307119874/
subject,predicate,object,quote
id:songjiang,g60:locatedInn,id:shanghai,Songjiang
"""


def check(tab: Tab, kind: str, text: str) -> None:
    """Paste a text and check it."""
    tab.page.locator(f"input[name=kind][value={kind}]").check()
    tab.page.locator("textarea[name=text]").fill(text)
    tab.page.locator("main form button[type=submit]").click()
    tab.page.wait_for_load_state()


@pytest.mark.parametrize(
    ("language", "kind", "text", "line", "says"),
    [
        pytest.param(
            *("en", "turtle", WRONG_TURTLE, 7, "not a valid RDF"),
            id="turtle",
            marks=pytest.mark.long,
        ),
        pytest.param("zh", "sheet", WRONG_SHEET, 3, "locatedIn", id="sheet"),
    ],
)
def test_the_wrong_line_is_shown(
    language: str, kind: str, text: str, line: int, says: str, open_tab: OpenTab
) -> None:
    tab = open_tab(PHONE if language == "zh" else DESKTOP, expected=frozenset((400, 422)))
    tab.open("/check", lang=language)
    check(tab, kind, text)
    expect(tab.page.locator(".verdict.bad")).to_be_visible()
    wrong = tab.page.locator(".code.wrong")
    assert [one.split()[0] for one in wrong.all_inner_texts()] == [str(line)]
    finding = tab.page.locator(f"#L{line} + .findings")
    assert says in finding.inner_text()
    tab.page.locator("a.line").first.click()
    expect(wrong.first).to_be_in_viewport()
    # The text is still in the form, to be fixed.
    assert tab.page.locator("textarea[name=text]").input_value().strip() == text.strip()
    assert tab.violations() == []
    assert tab.overflow() == 0


@pytest.mark.long
def test_accepted_facts_get_a_message(tab: Tab) -> None:
    tab.open("/check")
    text = "@prefix id: <https://w3id.org/g60kg/id/> .\n"
    check(tab, "turtle", text)
    expect(tab.page.locator(".verdict.good")).to_be_visible()
    assert tab.page.locator(".code.wrong").count() == 0


@pytest.mark.long
def test_the_quotations_of_an_example_are_checked_against_its_article(tab: Tab) -> None:
    tab.open("/check")
    tab.follow("an example that is accepted")
    tab.page.locator("main form button[type=submit]").click()
    expect(tab.page.locator(".verdict.good")).to_be_visible()
    expect(tab.page.locator(".report")).to_contain_text("not found: 0; text not available: 0.")
    article = tab.page.get_by_label("Text of the article")
    # The article is still in the form; with another text the quotations are not found.
    assert article.input_value().startswith("SAMPLE TEXT")
    article.fill("Another text.")
    tab.page.locator("main form button[type=submit]").click()
    expect(tab.page.locator(".verdict.bad")).to_be_visible()
    assert tab.violations() == []


@pytest.mark.long
def test_an_example_with_mistakes_and_a_template(tab: Tab) -> None:
    tab.open("/check")
    tab.follow("one with three mistakes")
    tab.page.locator("main form button[type=submit]").click()
    expect(tab.page.locator(".code.wrong")).to_have_count(3)
    with tab.page.expect_download() as downloading:
        tab.page.get_by_role("link", name="download an empty fact sheet").click()
    text = downloading.value.path().read_text("utf-8")
    assert "\nsubject,predicate,object,quote" in text
