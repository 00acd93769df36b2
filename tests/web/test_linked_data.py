"""Linked data: 303, content negotiation, descriptions, conditional requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from g60kg.namespaces import BASE, graph_name
from g60kg.stores.local_store import LocalStore
from g60kg.stores.shipped_graph import shipped_quads
from tests.conftest import ONTOLOGY_VERSION
from tests.web import asking
from tests.web.serving import serving

FORMS = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
}
FACT = "2307119874-00b32135c519"
QUOTE = "2307119874-5907-6060"


def get(url: str, accept: str = "*/*", **headers: str) -> httpx.Response:
    return asking.get(url, headers={"Accept": accept, **headers}, timeout=30)


def graph_of(answer: httpx.Response) -> Store:
    assert answer.status_code == 200, answer.text
    form = RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    assert form is not None
    store = Store()
    store.load(answer.content, form)
    return store


def says(store: Store, subject: str, predicate: str, value: str | None = None) -> bool:
    quads = store.quads_for_pattern(
        NamedNode(BASE + subject),
        NamedNode(BASE + predicate if "://" not in predicate else predicate),
        NamedNode(BASE + value) if value else None,
    )
    return any(True for _ in quads)


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize(
    "path",
    ["/id/hangzhou", "/measure/population", f"/fact/{FACT}", f"/quote/{QUOTE}", "/graph/reference",
     "/ontology/Enterprise", "/ontology", "/shapes/FactHasEvidence", "/shapes", "/project"],
)  # fmt: skip
def test_each_kind_redirects_to_data(path: str, suffix: str, server: str) -> None:
    answer = get(server + path, FORMS[suffix])
    assert answer.status_code == 303
    assert answer.headers["location"] == path + suffix
    assert answer.headers["vary"] == "Accept"
    response = get(f"{server}{path}{suffix}", "text/html")
    assert response.headers["content-type"].partition(";")[0] == FORMS[suffix]
    store = graph_of(response)
    subject = NamedNode(BASE + path[1:])
    if path != "/graph/reference":
        assert any(True for _ in store.quads_for_pattern(subject, None, None))
    else:
        assert len(store) > 300


@pytest.mark.parametrize(
    ("accept", "query", "location"),
    [
        ("text/turtle;q=0.5, application/ld+json", "", "/id/hangzhou.jsonld"),
        ("text/turtle;q=0.5, application/ld+json;q=0.1", "", "/id/hangzhou.ttl"),
        ("text/turtle", "?format=jsonld", "/id/hangzhou.jsonld"),
        ("image/png", "?format=application/rdf%2Bxml", "/id/hangzhou.rdf"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "/id/hangzhou.html"),
        ("*/*", "", "/id/hangzhou.ttl"),
    ],
)
def test_the_form_is_negotiated(accept: str, query: str, location: str, server: str) -> None:
    answer = get(f"{server}/id/hangzhou{query}", accept)
    assert (answer.status_code, answer.headers["location"]) == (303, location)


def test_a_suffix_beats_accept_and_a_named_format_beats_both(server: str) -> None:
    by_suffix = get(f"{server}/id/hangzhou.nt", "text/turtle")
    assert by_suffix.headers["content-type"] == "application/n-triples"
    by_name = get(f"{server}/id/hangzhou.nt?format=turtle", "application/ld+json")
    assert by_name.headers["content-type"].startswith("text/turtle")


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0"])
def test_unavailable_formats_are_406(accept: str, server: str) -> None:
    answer = get(f"{server}/id/hangzhou", accept)
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


def test_an_entity_is_described_with_facts_and_quotations(server: str) -> None:
    store = graph_of(get(f"{server}/id/hangzhou.ttl"))
    assert says(store, "id/corridor", "ontology/hasMemberCity", "id/hangzhou")
    assert says(store, f"fact/{FACT}", "ontology/factObject", "id/hangzhou")
    assert says(store, f"quote/{QUOTE}-text", "http://www.w3.org/ns/oa#exact")
    assert says(store, "id/article-2307119874", "ontology/publisher")
    # Mentioned entities have labels.
    assert says(store, "id/songjiang-declaration", "http://www.w3.org/2000/01/rdf-schema#label")


def test_a_fact_is_described_with_triple_and_quotation(server: str) -> None:
    store = graph_of(get(f"{server}/fact/{FACT}.ttl"))
    assert says(store, "id/songjiang-declaration", "ontology/issuedBy", "id/hangzhou")
    assert says(store, f"quote/{QUOTE}-text", "http://www.w3.org/ns/oa#exact")
    assert says(store, f"quote/{QUOTE}-position", "http://www.w3.org/ns/oa#start")


def test_a_quotation_is_described_with_its_facts(server: str) -> None:
    store = graph_of(get(f"{server}/quote/{QUOTE}.ttl"))
    assert says(store, f"quote/{QUOTE}-text", "http://www.w3.org/ns/oa#exact")
    assert says(store, f"fact/{FACT}", "ontology/hasEvidence", f"quote/{QUOTE}")


def test_the_ontology_is_complete_at_its_iri_and_its_version_iri(server: str) -> None:
    whole = graph_of(get(f"{server}/ontology.ttl"))
    assert len(whole) > 1500
    path = f"/ontology/{ONTOLOGY_VERSION}"
    version = get(f"{server}{path}", "text/turtle")
    assert version.headers["location"] == f"{path}.ttl"
    assert get(f"{server}{path}.ttl").content == get(f"{server}/ontology.ttl").content


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/shapes/FactHasEvidence", "/shapes", "/project"])
@pytest.mark.parametrize("accept", ["text/html", BROWSER])
def test_rules_and_the_publisher_have_pages_too(path: str, accept: str, server: str) -> None:
    answer = get(server + path, accept)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}.html")
    page = get(f"{server}{path}.html", accept)
    assert page.status_code == 200
    assert f'<code id="iri">{BASE}{path[1:]}</code>' in page.text


def test_the_page_of_a_rule_says_what_it_is_about(server: str) -> None:
    page = get(f"{server}/shapes/FactHasEvidence.html", "text/html").text
    assert '<p class="lead">The fact has no evidence.' in page
    assert "这条事实没有依据。" in page
    assert 'href="/ontology/Fact.html"' in page
    assert "violation" in page
    assert f'href="{BASE}docs/codes#facthasevidence"' in page
    # Blank nodes are included in data.
    assert "_:" not in get(f"{server}/shapes/FactHasOneSource.html", "text/html").text
    chinese = get(f"{server}/shapes/FactHasEvidence.html?lang=zh", "text/html").text
    assert '<p class="lead">这条事实没有依据。' in chinese


def test_the_shapes_are_complete_at_their_iri(server: str) -> None:
    assert len(graph_of(get(f"{server}/shapes.ttl"))) > 800
    assert 'href="/shapes/FactHasEvidence.html"' in get(f"{server}/shapes.html", "text/html").text


def test_the_publisher_has_a_description(server: str) -> None:
    void = get(f"{server}/.well-known/void", "text/turtle").text
    assert f"dcterms:publisher <{BASE}project>" in void
    assert says(
        graph_of(get(f"{server}/project.ttl")),
        "project",
        "http://www.w3.org/2000/01/rdf-schema#label",
    )


def test_links_lead_to_the_other_forms(server: str) -> None:
    links = asking.get(f"{server}/id/hangzhou.ttl").headers["link"]
    assert f'<{BASE}id/hangzhou>; rel="describes"' in links
    assert '</id/hangzhou.jsonld>; rel="alternate"; type="application/ld+json"' in links
    assert 'rel="license"' in links


# -- Conditional requests ----------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/id/Kuka", "/id/kuka"),
        ("/id/KUKA.ttl", "/id/kuka.ttl"),
        ("/id/Kuka.html?lang=zh", "/id/kuka.html?lang=zh"),
        ("/ontology/hasmembercity.rdf", "/ontology/hasMemberCity.rdf"),
    ],
)
def test_a_name_in_another_case_leads_to_the_name(path: str, place: str, server: str) -> None:
    answer = get(server + path)
    assert (answer.status_code, answer.headers["location"]) == (307, place)


@pytest.mark.parametrize(
    ("accept", "query", "place"),
    [
        ("text/html", "lang=zh", "/id/kuka.html?lang=zh"),
        ("text/html", "lang=en&version=0.1", "/id/kuka.html?version=0.1&lang=en"),
        ("text/html", "lang=fr", "/id/kuka.html"),
        ("text/turtle", "lang=zh", "/id/kuka.ttl"),
    ],
)
def test_a_redirect_to_a_page_keeps_its_language(
    accept: str, query: str, place: str, server: str
) -> None:
    answer = get(f"{server}/id/kuka?{query}", accept)
    assert (answer.status_code, answer.headers["location"]) == (303, place)


@pytest.mark.parametrize("kind", ["id", "ontology", "fact", "shapes", "graph"])
@pytest.mark.parametrize("suffix", ["", ".html", ".ttl"])
def test_a_name_that_no_iri_can_have_is_unknown(kind: str, suffix: str, server: str) -> None:
    name = "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E"
    for accept in ("text/html", "*/*"):
        answer = get(f"{server}/{kind}/{name}{suffix}", accept)
        assert answer.status_code == 404
        if answer.headers["content-type"].startswith("text/html"):
            assert "<img src=x" not in answer.text


def test_unchanged_descriptions_are_not_sent_again(server: str) -> None:
    url = f"{server}/id/hangzhou.ttl"
    first = get(url)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    again = get(url, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["vary"] == "Accept"
    assert get(url, **{"If-None-Match": '"other"'}).status_code == 200
    assert get(f"{server}/id/hangzhou.nt").headers["etag"] != tag
    assert get(url).headers["etag"] == tag


def test_head_has_the_headers_of_get(server: str) -> None:
    url = f"{server}/id/hangzhou.ttl"
    head, whole = asking.head(url), get(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length", "link"):
        assert head.headers[name] == whole.headers[name]


# -- Unknown names -----------------------------------------------------------


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld"])
def test_unknown_entities_are_404_with_the_nearest_names(suffix: str, server: str) -> None:
    answer = get(f"{server}/id/hangzou{suffix}", "application/ld+json")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    nearest = answer.json()["nearest"]
    assert nearest[0] == {"iri": f"{BASE}id/hangzhou", "label": "Hangzhou", "href": "/id/hangzhou"}


def test_unknown_terms_are_404_with_the_nearest_names(server: str) -> None:
    answer = get(f"{server}/ontology/Enterprize", "text/turtle")
    assert answer.status_code == 404
    assert f"{BASE}ontology/Enterprise" in [near["iri"] for near in answer.json()["nearest"]]


@pytest.mark.parametrize(
    "path",
    ["/fact/nothing", "/quote/1-2-3", "/graph/none", "/graph/history", "/ontology/9.9.9",
     "/shapes/None", "/id/%00", "/id/%FF%FE", "/id/a%20b%3C%3E", "/id/" + "x" * 5000],
)  # fmt: skip
def test_unknown_paths_are_404(path: str, server: str) -> None:
    assert get(server + path, "text/turtle").status_code in (400, 404, 414)


# -- Names in Chinese, percent-encoded or not --------------------------------


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server over a store on disk with two entities with non-ASCII names."""
    folder = tmp_path_factory.mktemp("chinese")
    path = folder / "store"
    with LocalStore.creating(path) as made:
        made.bulk_extend(shipped_quads())
        made.extend(places("id/松江", "id/%E5%98%89%E5%85%B4", "id/notes.ttl"))
    with serving(folder / "log", globals_=("--store", str(path))) as server:
        yield server.url, path


def places(*names: str) -> list[Quad]:
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    place = NamedNode(f"{BASE}ontology/Place")
    return [Quad(NamedNode(BASE + name), kind, place, graph_name("names")) for name in names]


@pytest.mark.parametrize("name", ["松江", "嘉兴"])
def test_names_that_are_not_ascii(name: str, chinese: tuple[str, Path]) -> None:
    server, _ = chinese
    answer = get(f"{server}/id/{quote(name)}", "text/turtle")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/id/{quote(name)}.ttl"
    store = graph_of(get(f"{server}{answer.headers['location']}"))
    assert len(store) == 1


def test_a_name_that_ends_like_a_suffix(chinese: tuple[str, Path]) -> None:
    server, _ = chinese
    answer = get(f"{server}/id/notes.ttl", "text/turtle")
    assert (answer.status_code, answer.headers["location"]) == (303, "/id/notes.ttl.ttl")
    assert len(graph_of(get(f"{server}/id/notes.ttl.ttl"))) == 1


def test_additions_of_another_program_are_visible_at_once(chinese: tuple[str, Path]) -> None:
    server, path = chinese
    assert get(f"{server}/id/new", "text/turtle").status_code == 404
    tag = get(f"{server}/graph/names.nt").headers["etag"]
    store = LocalStore.at(path, writable=True)
    store.change((), places("id/new"))
    store.close()
    assert get(f"{server}/id/new", "text/turtle").status_code == 303
    assert get(f"{server}/graph/names.nt", **{"If-None-Match": tag}).status_code == 200
