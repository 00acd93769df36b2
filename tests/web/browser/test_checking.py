"""The page that checks new facts: a pasted text is answered at the line that is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import DESKTOP, PHONE, Visitor

WRONG_TURTLE = """@prefix id: <https://w3id.org/g60kg/id/> .
@prefix g60: <https://w3id.org/g60kg/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:new-company a g60:Enterprise ;
    rdfs:label "New company"@en .
    g60:worksIn id:integrated-circuits .
"""
WRONG_SHEET = """# url: https://www.shine.cn/feature/district/2307119874/
subject,predicate,object,quote
id:songjiang,g60:settledInn,id:shanghai,Songjiang
"""


def check(visitor: Visitor, kind: str, text: str) -> None:
    """Pastes a text and has it checked."""
    visitor.page.locator(f"input[name=kind][value={kind}]").check()
    visitor.page.locator("textarea[name=text]").fill(text)
    visitor.page.locator("main form button[type=submit]").click()
    visitor.page.wait_for_load_state()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("kind", "text", "line", "says"),
    [("turtle", WRONG_TURTLE, 7, "not a valid RDF"), ("sheet", WRONG_SHEET, 3, "settledIn")],
    ids=["turtle", "sheet"],
)
def test_the_wrong_line_is_shown(
    kind: str, text: str, line: int, says: str, language: str, visits: Visits
) -> None:
    visitor = visits(PHONE if language == "zh" else DESKTOP, expected=frozenset((400, 422)))
    visitor.goes("/check", lang=language)
    check(visitor, kind, text)
    expect(visitor.page.locator(".verdict.bad")).to_be_visible()
    wrong = visitor.page.locator(".code.wrong")
    assert [one.split()[0] for one in wrong.all_inner_texts()] == [str(line)]
    finding = visitor.page.locator(f"#L{line} + .findings")
    assert says in finding.inner_text()
    visitor.page.locator("a.line").first.click()
    expect(wrong.first).to_be_in_viewport()
    # The text is still there to be mended.
    assert visitor.page.locator("textarea[name=text]").input_value().strip() == text.strip()
    assert visitor.barriers() == []
    assert visitor.overflow() == 0


def test_what_would_be_accepted_is_told_so(visitor: Visitor) -> None:
    visitor.goes("/check")
    text = "@prefix id: <https://w3id.org/g60kg/id/> .\n"
    check(visitor, "turtle", text)
    expect(visitor.page.locator(".verdict.good")).to_be_visible()
    assert visitor.page.locator(".code.wrong").count() == 0
