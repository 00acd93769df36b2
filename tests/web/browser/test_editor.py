"""The SPARQL page: a plain form, and with the bundle an editor that knows the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.web.browser.bundled import with_bundle
from tests.web.browser.conftest import Visits
from tests.web.browser.visiting import PHONE, Visitor
from tests.web.serving import serving

CITIES = "SELECT ?c WHERE { id:corridor g60:hasMemberCity ?c }"
#: The time in which the editor answers a key.
TWO_FRAMES = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
#: What the editor holds.
TEXT = "document.querySelector('.CodeMirror').CodeMirror.getValue()"


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server that has the bundle."""
    folder = tmp_path_factory.mktemp("bundled")
    with serving(folder / "server.log", "--workers", "1", script=with_bundle(folder)) as started:
        yield started.url


@pytest.fixture
def writer(bundled: str, visits: Visits) -> Visitor:
    """A visitor with the editor before them."""
    visitor = visits(at=bundled, expected=frozenset((400,)))
    visitor.goes("/sparql.html")
    expect(visitor.page.locator(".CodeMirror")).to_be_visible()
    return visitor


def writes(writer: Visitor, text: str) -> None:
    """Types a query in place of the one that is there."""
    writer.page.locator(".CodeMirror-lines").click()
    writer.page.keyboard.press("ControlOrMeta+a")
    writer.page.keyboard.press("Delete")
    writer.page.keyboard.type(text)


def hints(writer: Visitor) -> Locator:
    """What the editor offers."""
    return writer.page.locator(".CodeMirror-hint")


def test_the_page_works_when_the_bundle_does_not_come(visits: Visits) -> None:
    visitor = visits()
    route = visitor.page.route
    route("**/bundle/*.js*", lambda asked: asked.fulfill(content_type="text/javascript"))
    route("**/bundle/*.css*", lambda asked: asked.fulfill(content_type="text/css"))
    visitor.goes("/sparql.html")
    visitor.page.get_by_label("Query").fill(CITIES)
    visitor.page.get_by_role("button", name="Run").click()
    expect(visitor.page.locator("main tbody tr")).to_have_count(9)


@pytest.mark.long
def test_a_key_runs_the_query_and_the_address_is_the_link(writer: Visitor) -> None:
    writes(writer, CITIES)
    writer.page.keyboard.press("ControlOrMeta+Enter")
    expect(writer.page.locator("main tbody tr")).to_have_count(9)
    assert "query=SELECT" in writer.page.url
    assert writer.page.evaluate(TEXT) == CITIES
    writer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    writer.page.get_by_role("button", name="Copy a link").click()
    expect(writer.page.get_by_role("button", name="Copied")).to_be_visible()
    assert writer.page.evaluate("navigator.clipboard.readText()") == writer.page.url


@pytest.mark.long
def test_the_graphs_own_terms_are_offered_with_their_names(writer: Visitor) -> None:
    writes(writer, "SELECT ?x { ?x a g60:Enterp")
    expect(hints(writer).first).to_have_text("g60:Enterprise  enterprise")
    # A key that comes before the list has caught up with the text is left to the next list.
    writer.page.evaluate(TWO_FRAMES)
    writer.page.keyboard.press("Enter")
    expect(hints(writer)).to_have_count(0)
    writer.page.keyboard.type(" ; g60:settledIn id:songji")
    offered = hints(writer).filter(has_text=re.compile("^id:songjiang  Songjiang$"))
    offered.click()
    expect(hints(writer)).to_have_count(0)
    assert (
        writer.page.evaluate(TEXT) == "SELECT ?x { ?x a g60:Enterprise ; g60:settledIn id:songjiang"
    )
    writes(writer, "PREFIX g6")
    expect(hints(writer).first).to_have_text("g60: <https://w3id.org/g60kg/ontology/>")


@pytest.mark.long
def test_tab_and_escape_leave_the_editor(writer: Visitor) -> None:
    field = writer.page.get_by_role("textbox", name="Query")
    field.focus()
    writer.page.keyboard.press("Tab")
    expect(writer.page.get_by_role("button", name="Run")).to_be_focused()
    writer.page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    writer.page.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    assert "Tab" in writer.page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()


@pytest.mark.long
def test_the_line_that_is_wrong_is_marked_and_no_line_of_an_example_is(writer: Visitor) -> None:
    writes(writer, "SELECT ?x\nWHERE { ?x a }")
    expect(writer.page.locator(".wrong-mark")).to_have_count(1)
    writer.page.get_by_role("button", name="Run").click()
    expect(writer.page.get_by_role("alert")).to_be_visible()
    expect(writer.page.locator(".wrong-line")).to_have_count(1)
    examples = writer.page.locator("[data-examples] a")
    texts = examples.evaluate_all("all => all.map(a => new URL(a.href).searchParams.get('query'))")
    assert len(texts) > 10
    refused = writer.page.evaluate(
        """(texts) => texts.filter((text) => {
          document.querySelector('.CodeMirror').CodeMirror.setValue(text);
          return document.querySelector('.wrong-mark');
        })""",
        texts,
    )
    assert refused == []


@pytest.mark.long
def test_an_example_opens_in_the_editor(writer: Visitor) -> None:
    writer.page.locator("[data-examples] a").first.click()
    expect(writer.page.locator(".CodeMirror")).to_be_visible()
    assert "SELECT" in writer.page.evaluate(TEXT)
    expect(writer.page.get_by_role("heading", name="Answer", exact=True)).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_the_editor_has_no_barrier(
    language: str, scheme: str, bundled: str, visits: Visits
) -> None:
    visitor = visits(PHONE, at=bundled, color_scheme=scheme)
    visitor.goes("/sparql.html", lang=language)
    expect(visitor.page.locator(".CodeMirror")).to_be_visible()
    assert (visitor.barriers(), visitor.overflow()) == ([], 0)
    writes(visitor, "SELECT ?x { ?x a g60:Enterp")
    expect(hints(visitor).first).to_be_visible()
    assert (visitor.barriers(), visitor.overflow()) == ([], 0)
