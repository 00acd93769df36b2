"""`robots.txt`, the sitemap, and the Atom feed of changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, Quad

from g60kg.model.history import history
from g60kg.namespaces import LABEL, entity
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph, published_changes
from tests.cli.run import g60kg
from tests.cli.test_store import HEADER, ROWS, SOURCE
from tests.conftest import ARTICLE
from tests.web.asking import get
from tests.web.reading_pages import page
from tests.web.serving import serving

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: A title that would leave its element, and a source that is retracted again.
TITLE = "A <b>sample</b> &amp; more"


# -- robots.txt ------------------------------------------------------------------


def allowed(rules: str, path: str) -> bool:
    """Whether rules allow a path: the longest that matches counts (RFC 9309, section 2.2.2)."""
    found = [(0, True)]
    for line in rules.splitlines():
        kind, _, pattern = line.partition(": ")
        if kind in ("Allow", "Disallow"):
            expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")
            if re.match(expression, path):
                found.append((len(pattern), kind == "Allow"))
    return max(found)[1]


def test_robots_may_load_pages_and_nothing_else(server: str) -> None:
    answer = get(f"{server}/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("User-agent: *\n")
    assert f"Sitemap: {server}/sitemap.xml\n" in answer.text
    for path in (
        "/", "/companies", "/queries", "/queries/zones", "/id/hangzhou", "/id/hangzhou.html",
        "/ontology.html", f"/graph/{ARTICLE}.html", "/?lang=zh", "/queries/zones?lang=zh",
        "/static/pages.css?v=1", "/sitemap.xml", "/feed.atom", "/sparql.html", "/id/sparql",
    ):  # fmt: skip
        assert allowed(answer.text, path), path
    for path in (
        "/sparql", "/sparql?query=ASK%20{}", "/api/queries", "/download/g60kg.ttl", "/reconcile",
        "/reconcile/preview?id=hangzhou", "/queries/zones?city=Songjiang", "/search?q=fosun",
        "/queries/zones?lang=zh&city=Songjiang", "/ask?q=cities", "/mcp", "/?theme=dark",
        "/queries/zones?offset=50", "/sparql.html?query=ASK%20{}", "/graph?entity=id:corridor",
    ):  # fmt: skip
        assert not allowed(answer.text, path), path


# -- Sitemap -----------------------------------------------------------------------


def entries(content: bytes, name: str = "url") -> list[str]:
    """Return the URLs of a sitemap or an index."""
    root = ET.fromstring(content)
    assert root.tag == SITEMAP + {"url": "urlset", "sitemap": "sitemapindex"}[name]
    found = [one.findtext(f"{SITEMAP}loc") or "" for one in root]
    assert len(set(found)) == len(root)
    assert all(one.tag == SITEMAP + name for one in root)
    return found


def test_the_sitemap_has_pages_of_entities_sources_queries_and_terms(server: str) -> None:
    answer = get(f"{server}/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    found = entries(answer.content)
    paths = {url.removeprefix(server) for url in found}
    assert {
        "/", "/ontology.html", "/id/hangzhou.html", f"/id/article-{ARTICLE}.html",
        "/ontology/Enterprise.html", "/ontology/locatedIn.html", "/measure/population.html",
        *(f"/queries/{name}" for name in load_catalog()),
    } <= paths  # fmt: skip
    assert not any(
        "observation-" in path or path.startswith(("/fact/", "/quote/")) for path in paths
    )
    assert not any("?" in path for path in paths)
    for path in sorted(paths)[:: len(paths) // 25]:
        assert get(server + path).status_code == 200, path
    again = get(f"{server}/sitemap.xml", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert get(f"{server}/sitemap-1.xml").content == answer.content
    assert get(f"{server}/sitemap-0.xml").status_code == 404
    assert get(f"{server}/sitemap-2.xml").status_code == 404


def test_a_large_sitemap_has_an_index_of_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_changes, "URLS", 100)
    open_graph.open_for(Settings())
    base = "https://kg.example.org/g60/"
    whole = published_changes.sitemap(base, None)
    assert whole is not None
    parts = entries(whole, "sitemap")
    assert parts[0] == f"{base}sitemap-1.xml"
    found: list[str] = []
    for number in range(1, len(parts) + 1):
        part = published_changes.sitemap(base, number)
        assert part is not None
        assert len(entries(part)) <= 100
        found += entries(part)
    assert published_changes.sitemap(base, len(parts) + 1) is None
    assert len(set(found)) == len(found) > 100
    assert found[0] == base


# -- Feed --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """A server with a store that two sources were added to, and one retracted again."""

    url: str
    store: Path


@pytest.fixture(scope="module")
def changed(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    folder = tmp_path_factory.mktemp("changed")
    store, sheet = folder / "store", folder / "facts.csv"
    shutil.copytree(loaded, store)
    header = HEADER.replace("A sample", TITLE)
    for source in (SOURCE, "2400000002"):
        sheet.write_text(header.replace(SOURCE, source) + ROWS, encoding="utf-8")
        assert g60kg("--store", store, "add", sheet, "--yes").returncode == 0
    reason = ("--reason", "secret reason", "--yes")
    assert g60kg("--store", store, "retract", "2400000002", *reason).returncode == 0
    with serving(folder / "log", globals_=("--store", str(store))) as server:
        yield Changed(server.url, store)


def assert_atom(content: bytes) -> ET.Element:
    """Return a feed that follows the rules of RFC 4287, section 4, for what it uses."""
    root = ET.fromstring(content)
    assert root.tag == f"{ATOM}feed"
    has_author = root.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [root.findtext(f"{ATOM}id")]
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
            assert (element.findtext(ATOM + name) or "").strip()
        assert urlsplit(element.findtext(f"{ATOM}id")).scheme
        updated = element.findtext(f"{ATOM}updated") or ""
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", updated)
        datetime.fromisoformat(updated)
        assert has_author or element.find(f"{ATOM}author/{ATOM}name") is not None
        links = element.findall(f"{ATOM}link")
        assert all(urlsplit(link.attrib["href"]).scheme for link in links)
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in links
            if link.get("rel") == "alternate"
        ]
        assert len(set(alternates)) == len(alternates)
        if element is not root:
            # An entry without content has an alternate link.
            assert alternates
            ids.append(element.findtext(f"{ATOM}id"))
    assert len([link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    assert len(set(ids)) == len(ids)
    assert {one.tag for one in root.iter() if not one.tag.startswith(ATOM)} == set()
    return root


@pytest.mark.long
def test_the_feed_has_an_entry_for_each_change_of_a_source(changed: Changed) -> None:
    answer = get(f"{changed.url}/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = assert_atom(answer.content)
    found = root.findall(f"{ATOM}entry")
    kinds = [one.find(f"{ATOM}category").attrib["term"] for one in found]  # type: ignore[union-attr]
    assert kinds == ["retracted", "added", "added"]
    titles = [one.findtext(f"{ATOM}title") or "" for one in found]
    assert titles == [
        f"{TITLE}: 2 facts retracted", f"{TITLE}: 2 facts added", f"{TITLE}: 2 facts added"
    ]  # fmt: skip
    log = history(LocalStore.at(changed.store))
    assert [one.findtext(f"{ATOM}updated") for one in found] == [one.when for one in log[::-1]]
    assert root.findtext(f"{ATOM}updated") == log[-1].when
    links = [one.find(f"{ATOM}link").attrib["href"] for one in found]  # type: ignore[union-attr]
    assert links[2] == f"{changed.url}/id/article-{SOURCE}.html"
    # The page of a retracted source is gone.
    assert links[:2] == [f"{changed.url}/"] * 2
    assert all(get(link).status_code == 200 for link in links)
    for hidden in ("secret reason", "facts.csv", log[0].who):
        assert hidden not in answer.text


def test_the_feed_has_languages_tags_and_a_link_in_the_head(changed: Changed, server: str) -> None:
    link = page(changed.url, "/", "zh").one("link", type="application/atom+xml")
    answer = get(changed.url + link.attributes["href"])
    root = assert_atom(answer.content)
    assert root.get(XML_LANG) == "zh"
    assert "撤回2条事实" in answer.text
    again = get(str(answer.url), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    # The shipped graph has no history.
    assert assert_atom(get(f"{server}/feed.atom").content).findall(f"{ATOM}entry") == []


@pytest.mark.parametrize("path", ["/feed.atom", "/sitemap.xml"])
def test_an_unknown_parameter_is_refused_and_tracking_ignored(path: str, server: str) -> None:
    refused = get(f"{server}{path}?colour=red")
    assert (refused.status_code, refused.json()["title"]) == (400, 'Unknown parameter "colour".')
    assert get(f"{server}{path}?utm_source=letter").content == get(f"{server}{path}").content


def test_the_feed_is_bounded(changed: Changed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_changes, "ENTRIES", 2)
    open_graph.open_for(Settings(store=changed.store))
    root = assert_atom(published_changes.feed("https://kg.example.org/", "en"))
    assert len(root.findall(f"{ATOM}entry")) == 2


def test_the_feed_is_xml_whatever_a_title_has(changed: Changed, tmp_path: Path) -> None:
    shutil.copytree(changed.store, tmp_path / "store")
    with closing(LocalStore.at(tmp_path / "store", writable=True)) as store:
        source = entity(f"article-{SOURCE}")
        titles = list(store.quads(source, LABEL, None))
        hostile = Literal("]]></title><b>&\x01\uffff\u202e", language="en")
        store.change(titles, [Quad(source, LABEL, hostile, one.graph_name) for one in titles])
    open_graph.open_for(Settings(store=tmp_path / "store"))
    root = assert_atom(published_changes.feed("https://kg.example.org/", "en"))
    shown = [one.text or "" for one in root.iter(f"{ATOM}title")]
    assert any(title.startswith("]]></title><b>&\\x01\ufffd\\u202e") for title in shown)
