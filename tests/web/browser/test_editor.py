"""The SPARQL page: a plain form, and with the bundle an editor with completion."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.web.browser.browsing import PHONE, Tab
from tests.web.browser.bundled import with_bundle
from tests.web.browser.conftest import OpenTab
from tests.web.serving import serving

pytestmark = pytest.mark.long

CITIES = "SELECT ?c WHERE { id:corridor g60:hasMemberCity ?c }"
#: Timeout of the editor after a key, in milliseconds.
TWO_FRAMES = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
#: Script that returns the editor's text.
TEXT = "document.querySelector('.CodeMirror').CodeMirror.getValue()"


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server that has the bundle."""
    folder = tmp_path_factory.mktemp("bundled")
    with serving(folder / "server.log", "--workers", "1", script=with_bundle(folder)) as started:
        yield started.url


@pytest.fixture
def writer(bundled: str, open_tab: OpenTab) -> Tab:
    """A tab with the editor."""
    tab = open_tab(at=bundled, expected=frozenset((400,)))
    tab.open("/sparql.html")
    expect(tab.page.locator(".CodeMirror")).to_be_visible()
    return tab


def writes(writer: Tab, text: str) -> None:
    """Replace the query by typing."""
    writer.page.locator(".CodeMirror-lines").click()
    writer.page.keyboard.press("ControlOrMeta+a")
    writer.page.keyboard.press("Delete")
    writer.page.keyboard.type(text)


def hints(writer: Tab) -> Locator:
    """Return the suggested completions."""
    return writer.page.locator(".CodeMirror-hint")


def test_the_page_works_if_the_bundle_fails_to_load(open_tab: OpenTab) -> None:
    tab = open_tab()
    route = tab.page.route
    route("**/bundle/*.js*", lambda asked: asked.fulfill(content_type="text/javascript"))
    route("**/bundle/*.css*", lambda asked: asked.fulfill(content_type="text/css"))
    tab.open("/sparql.html")
    tab.page.get_by_label("Query").fill(CITIES)
    tab.page.get_by_role("button", name="Run").click()
    expect(tab.page.locator("main tbody tr")).to_have_count(9)


def test_addresses_are_copied_without_the_editor(open_tab: OpenTab) -> None:
    tab = open_tab(permissions=["clipboard-read", "clipboard-write"])
    tab.page.route("**/bundle/*", lambda asked: asked.fulfill(content_type="text/javascript"))
    tab.open("/sparql.html")
    tab.page.get_by_label("Query").fill(CITIES)
    for name, expected in (
        ("Copy a link to this query", "/sparql.html?query=SELECT"),
        ("Copy the page's address", "/sparql.html"),
    ):
        tab.page.get_by_role("button", name=name).click()
        expect(tab.page.get_by_role("button", name="Copied")).to_be_visible()
        assert expected in tab.page.evaluate("navigator.clipboard.readText()")
        expect(tab.page.get_by_role("button", name=name)).to_be_visible()


@pytest.mark.long
def test_a_key_runs_the_query_and_the_address_is_the_link(writer: Tab) -> None:
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
def test_the_graphs_own_terms_are_offered_with_their_names(writer: Tab) -> None:
    writes(writer, "SELECT ?x { ?x a g60:Enterp")
    expect(hints(writer).first).to_have_text("g60:Enterprise  enterprise")
    # A key pressed before the list is up to date applies to the next list.
    writer.page.evaluate(TWO_FRAMES)
    writer.page.keyboard.press("Enter")
    expect(hints(writer)).to_have_count(0)
    writer.page.keyboard.type(" ; g60:locatedIn id:songji")
    offered = hints(writer).filter(has_text=re.compile("^id:songjiang  Songjiang$"))
    offered.click()
    expect(hints(writer)).to_have_count(0)
    assert (
        writer.page.evaluate(TEXT) == "SELECT ?x { ?x a g60:Enterprise ; g60:locatedIn id:songjiang"
    )
    writes(writer, "PREFIX g6")
    expect(hints(writer).first).to_have_text("g60: <https://w3id.org/g60kg/ontology/>")


@pytest.mark.long
def test_tab_and_escape_leave_the_editor(writer: Tab) -> None:
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
def test_the_line_that_is_wrong_is_marked_and_no_line_of_an_example_is(writer: Tab) -> None:
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
def test_an_example_opens_in_the_editor(writer: Tab) -> None:
    writer.page.locator("[data-examples] a").first.click()
    expect(writer.page.locator(".CodeMirror")).to_be_visible()
    assert "SELECT" in writer.page.evaluate(TEXT)
    expect(writer.page.get_by_role("heading", name="Result", exact=True)).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_the_editor_has_no_accessibility_violation(
    language: str, scheme: str, bundled: str, open_tab: OpenTab
) -> None:
    tab = open_tab(PHONE, at=bundled, color_scheme=scheme)
    tab.open("/sparql.html", lang=language)
    expect(tab.page.locator(".CodeMirror")).to_be_visible()
    assert (tab.violations(), tab.overflow()) == ([], 0)
    writes(tab, "SELECT ?x { ?x a g60:Enterp")
    expect(hints(tab).first).to_be_visible()
    # Whether a list has to scroll depends on the moment: a low one always has.
    tab.page.evaluate("document.querySelector('.CodeMirror-hints').style.maxHeight = '2em'")
    assert (tab.violations(), tab.overflow()) == ([], 0)
