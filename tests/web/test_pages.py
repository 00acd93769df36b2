"""Pages in both languages: structure, links, language and theme, search, errors."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from g60kg import __version__
from tests.conftest import ARTICLE
from tests.web.asking import get, post
from tests.web.reading_pages import Element, page, read_page

PAGES = (
    "/",
    "/companies",
    "/projects",
    "/articles",
    "/map",
    "/timeline",
    "/matrix",
    "/graph",
    "/graph?entity=Songjiang",
    "/queries",
    "/queries/quantities?evidence=true",
    "/queries/compare?measure=length",
    "/queries/city-profile",
    "/queries/claims-by-modality?modality=Goal&sort=-subject",
    "/sparql.html",
    "/sparql.html?query=ASK%20%7B%7D",
    "/check",
    "/ask",
    "/ask?q=Which%20projects%20are%20in%20Songjiang%3F&evidence=true",
    "/ask?q=zzzz",
    "/search",
    "/search?q=fosun",
    "/search?q=zzzz",
    "/id/corridor.html",
    "/id/songjiang.html",
    "/id/observation-corridor-population-a88da2f9185c.html",
    "/id/observation-biopharmaceutical-cluster-industry-scale-447f129802ae.html",
    f"/id/article-{ARTICLE}.html",
    "/id/dataset-geonames.html",
    f"/fact/{ARTICLE}-2c55b8da16e1.html",
    f"/quote/{ARTICLE}-7414-7455.html",
    f"/graph/{ARTICLE}.html",
    "/ontology.html",
    "/ontology/Enterprise.html",
    "/ontology/locatedIn.html",
    "/measure/population.html",
    "/ontology/Goal.html",
)
LANGUAGES = ("en", "zh")


# -- Every page ---------------------------------------------------------------


@cache
def parsed(server: str, path: str, language: str = "en") -> Element:
    """Return a page, requested once for all tests that only read it."""
    return page(server, path, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_in_its_language(path: str, language: str, server: str) -> None:
    root = parsed(server, path, language)
    assert root.one("html").attributes["lang"] == language
    assert [one.name for one in root.all() if one.name in ("main", "h1")] == ["main", "h1"]
    assert root.one("h1").text
    assert root.one("title").text
    # A skip link to the content, landmarks with names, and no id twice.
    assert root.all("a")[0].attributes["href"] == "#main"
    ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert sorted(set(ids)) == sorted(ids)
    fragments = {link[1:] for link in root.links() if link.startswith("#")}
    assert fragments <= set(ids)
    for one in root.all("input") + root.all("textarea") + root.all("select"):
        assert one.attributes["id"] in {label.attributes["for"] for label in root.all("label")}
    for table in root.all("table"):
        assert table.one("caption").text
        assert all(cell.attributes.get("scope") for cell in table.all("th"))


def executed(root: Element) -> list[Element]:
    """Return the scripts of a page, without its data."""
    return [
        one for one in root.all("script") if one.attributes.get("type") != "application/ld+json"
    ]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_script_and_no_style_of_its_own(path: str, server: str) -> None:
    root = parsed(server, path)
    assert all(one.attributes.get("src") and not one.content for one in executed(root))
    assert not root.all("style")
    for one in root.all():
        assert not [name for name in one.attributes if name == "style" or name.startswith("on")]
    # No resource of another host is loaded.
    loaded = [one.attributes.get("src", "") for one in root.all()]
    loaded += [one.attributes["href"] for one in root.all("link")]
    assert not [address for address in loaded if re.match(r"\w+:|//", address)]


@pytest.mark.long
def test_links_lead_somewhere(server: str) -> None:
    seen: dict[str, str] = {}
    for path in PAGES:
        for link in parsed(server, path).links():
            target = urljoin(f"{server}{path}", link).partition("#")[0]
            if target.startswith(server):
                seen.setdefault(target, path)
    # One page of each kind.
    kinds: dict[str, list[str]] = {}
    for target in seen:
        kinds.setdefault(re.sub(r"[\w%~-]+\.html.*|\?.*", "", target), []).append(target)
    chosen = [target for targets in kinds.values() for target in sorted(targets)[:8]]
    assert len(chosen) > 60
    wrong = [(get(one).status_code, one, seen[one]) for one in chosen]
    assert [entry for entry in wrong if entry[0] >= 400] == []


@pytest.mark.parametrize(
    ("file", "type_"),
    [
        ("pages.css", "text/css; charset=utf-8"),
        ("content.css", "text/css; charset=utf-8"),
        ("pages.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_static_files_are_served(file: str, type_: str, server: str) -> None:
    answer = get(f"{server}/static/{file}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, type_)
    again = get(f"{server}/static/{file}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "url(" not in answer.text
    assert "http" not in answer.text.replace("http://www.w3.org", "")


def test_a_page_that_has_not_changed_is_not_sent_again(server: str) -> None:
    first = get(f"{server}/companies", headers={"Accept": "text/html"})
    again = {"Accept": "text/html", "If-None-Match": first.headers["etag"]}
    assert (get(f"{server}/companies", headers=again).status_code, first.text != "") == (304, True)
    assert get(f"{server}/companies?lang=zh", headers=again).status_code == 200
    style = read_page(first.text).one("link", rel="stylesheet").attributes["href"]
    assert "immutable" in get(f"{server}{style}").headers["cache-control"]
    assert get(f"{server}/static/pages.css").headers["cache-control"] == "no-cache"


def test_other_files_are_not_served(server: str) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"):
        assert get(f"{server}{path}").status_code == 404


# -- Three clicks -------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_count_of_the_home_page_links_to_as_many_entries(
    language: str, complete_server: str
) -> None:
    industries, places = page(complete_server, "/", language).all("ul", class_="counts")
    for link in industries.all("a"):
        body = page(complete_server, link.attributes["href"], language).one("tbody")
        shown = {row.one("a").attributes["href"] for row in body.all("tr", class_="backed")}
        assert str(len(shown)) in link.one("span", class_="count").text
    targets = {urlsplit(link) for link in places.links()}
    sections = page(complete_server, "/projects", language).all("section")
    assert {one.fragment for one in targets} <= {one.attributes.get("id") for one in sections}


def test_enterprises_without_an_industry_are_last(complete_server: str) -> None:
    first, second = (
        [one.text for one in page(complete_server, path).all("h2")]
        for path in ("/companies", "/companies?offset=50")
    )
    assert first[-1] == "No industry given"
    assert len(first) > 10
    assert second == ["No industry given"]


def test_key_numbers_say_what_the_source_says(server: str) -> None:
    cards = page(server, "/").one("ul", class_="cards numbers").all("li")
    by_figure = {card.one("p", class_="big").text: card for card in cards}
    assert set(by_figure) >= {"9", "about 57.92 million", "76,200 km²", "nearly 3,000", "121"}
    assert "nearly 3,000 biopharmaceutical" in by_figure["nearly 3,000"].one("blockquote").text
    chinese = page(server, "/", "zh").one("ul", class_="cards numbers").text
    assert all(words in chinese for words in ("约5,792万", "7.62万平方公里", "近3,000"))


# -- Language and theme -------------------------------------------------------


def test_the_language_is_the_one_asked_for(server: str) -> None:
    def language(path: str, **headers: str) -> str:
        return get(f"{server}{path}", headers=headers).headers["content-language"]

    assert language("/map?lang=zh", Cookie="lang=en") == "zh"
    assert language("/map", Cookie="lang=zh", **{"Accept-Language": "en"}) == "zh"
    assert language("/map", **{"Accept-Language": "de, zh-CN;q=0.8, en;q=0.5"}) == "zh"
    assert language("/map", **{"Accept-Language": "en ; Q=0.5, zh"}) == "zh"
    assert language("/map", **{"Accept-Language": "de;q=x, ,;q=2"}) == "en"
    assert language("/map?lang=") == "en"


@pytest.mark.parametrize("path", ["/", "/map", "/id/hangzhou.html", "/timeline", "/search?q=Kuka"])
def test_an_unknown_language_is_an_error_that_lists_the_known_ones(server: str, path: str) -> None:
    response = get(f"{server}{path}{'&' if '?' in path else '?'}lang=xx")
    assert response.status_code == 400
    assert "must be en or zh" in response.text


def test_the_switch_keeps_the_place_and_is_remembered(server: str) -> None:
    path = "/queries/enterprises?industry=integrated+circuits&evidence=true"
    switched = page(server, path).one("p", class_="languages").link("中文")
    assert parse_qs(urlsplit(switched).query) == {
        "industry": ["integrated circuits"],
        "evidence": ["true"],
        "lang": ["zh"],
    }
    answer = get(f"{server}{switched}", headers={"Accept": "text/html"})
    assert read_page(answer.text).one("html").attributes["lang"] == "zh"
    assert "lang=zh" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert "Cookie" in answer.headers["vary"]
    assert "set-cookie" not in get(f"{server}/companies").headers


def test_colours_can_be_chosen(server: str) -> None:
    assert page(server, "/map").one("html").attributes["data-theme"] == "auto"
    answer = get(f"{server}/map?theme=dark")
    assert read_page(answer.text).one("html").attributes["data-theme"] == "dark"
    assert "theme=dark" in answer.headers["set-cookie"]
    assert "set-cookie" not in get(f"{server}/map?theme=%0d%0ax").headers


# -- Search and errors --------------------------------------------------------


def test_a_search_finds_names_by_class(server: str) -> None:
    root = page(server, "/search?q=复星")
    assert root.link("Fosun Pharma") == "/id/fosun-pharma.html"
    assert root.link("enterprise 1") == "/search?q=%E5%A4%8D%E6%98%9F&class=Enterprise"
    assert "Also: 复星医药" in root.one("main").text


def test_a_result_without_facts_has_one_that_mentions_it(server: str) -> None:
    root = page(server, "/search?q=Tencent")
    assert "mentioned in G60 Artificial Intelligence" in root.one("main").text
    assert "(associated with)" in root.one("main").text
    derived = page(server, "/search?q=Songjiang+New+City+headquarters").one("main").text
    assert "located in Songjiang inferred by the curator" in derived


def test_a_search_can_be_limited_to_a_class_and_has_pages(server: str) -> None:
    first = page(server, "/search?q=songjiang")
    following = next(link for link in first.links() if "offset=20" in link)
    second = page(server, following)
    names = [[item.text for item in one.all("li") if "·" in item.text] for one in (first, second)]
    assert not set(names[0]) & set(names[1])
    limited = page(server, "/search?q=songjiang&class=CountyDivision", "zh")
    assert limited.link("松江") == "/id/songjiang.html"
    assert "全部" in limited.one("main").text
    assert "No results" in page(server, "/search?q=songjiang&class=Fact").one("main").text


@pytest.mark.parametrize(
    ("text", "language", "message"),
    [
        ("***", "en", "no letter, digit or Chinese character"),
        ("***", "zh", "没有可搜索的字母"),
        ("x" * 201, "en", "at most 200 characters"),
        ("x" * 201, "zh", "最多200个字符"),
    ],
)
def test_a_text_that_cannot_be_searched_for_is_explained(
    text: str, language: str, message: str, server: str
) -> None:
    assert message in page(server, f"/search?q={text}", language, 400).one("main").text


@pytest.mark.parametrize(
    ("path", "status"), [("/search?q=Hangzou", 200), ("/id/hangzhow.html", 404)]
)
@pytest.mark.parametrize(("language", "name"), [("en", "Hangzhou"), ("zh", "杭州")])
def test_the_nearest_name_is_offered(
    path: str, status: int, language: str, name: str, server: str
) -> None:
    assert page(server, path, language, status).one("main").link(name) == "/id/hangzhou.html"


def test_no_link_of_a_page_leads_to_a_host_named_in_its_path(server: str) -> None:
    answer = get(f"{server}//example.org/x", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert not [link for link in read_page(answer.text).links() if link.startswith("//")]


def test_a_question_mark_of_a_path_remains_in_its_links(server: str) -> None:
    answer = get(f"{server}/id/a%3Fb%23c.html", headers={"Accept": "text/html"})
    assert "/id/a%3Fb%23c.html?lang=zh" in read_page(answer.text).links()


def test_unknown_pages_have_an_error_in_the_page_language(server: str) -> None:
    root = page(server, "/nowhere", "zh", 404)
    assert root.one("html").attributes["lang"] == "zh"
    answer = get(f"{server}/nowhere", headers={"Accept": "*/*"})
    assert answer.headers["content-type"] == "application/problem+json"
    page(server, "/queries/nowhere", "en", 404)
    assert post(f"{server}/map", headers={"Accept": "text/html"}).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/search?q={}",
        "/ask?q={}",
        "/graph?entity={}",
        "/queries/search?text={}",
        "/queries/enterprises?city={}",
        "/queries/enterprises?{}=x",
        "/queries/enterprises?sort={}",
        "/sparql.html?query={}",
        "/id/{}.html",
        "/timeline?from={}",
        "/check?lang={}",
    ],
)
def test_input_is_escaped(path: str, server: str) -> None:
    sent = "\"><script>alert('x')</script>{{7*7}}"
    encoded = "%22%3E%3Cscript%3Ealert('x')%3C%2Fscript%3E%7B%7B7*7%7D%7D"
    answer = get(server + path.format(encoded), headers={"Accept": "text/html"})
    assert answer.status_code in (200, 400, 404)
    assert "<script>alert" not in answer.text
    assert ">49<" not in answer.text
    read_page(answer.text)
    assert sent not in answer.text


@pytest.mark.parametrize("path", ["/id/songjang.html", "/nowhere"])
def test_a_page_that_does_not_exist_has_the_form_to_ask(path: str, server: str) -> None:
    form = page(server, path, status=404).one("main").one("form", class_="ask")
    assert form.attributes["action"] == "/ask"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (
            "/queries/agreements?city=Hangzhou&from=2018",
            "queries/agreements?city=id:hangzhou&from=2018",
        ),
        ("/queries/unsupported-triples", "queries/unsupported-triples"),
        ("/ask?q=Which%20projects%20are%20in%20Songjiang%3F", "queries/projects?city=id:songjiang"),
        (f"/fact/{ARTICLE}-2c55b8da16e1.html", f"fact/{ARTICLE}-2c55b8da16e1"),
        ("/id/songjiang.html", "id/songjiang"),
        (
            "/id/observation-corridor-population-a88da2f9185c.html",
            "id/observation-corridor-population-a88da2f9185c",
        ),
        (f"/id/article-{ARTICLE}.html", f"id/article-{ARTICLE}"),
    ],
)
def test_an_address_can_be_copied(path: str, address: str, server: str) -> None:
    root = page(server, path)
    copied = {
        one.attributes["data-copy"] for one in root.all("button") if one.text == "Copy the link"
    }
    (text,) = (root.one("code", id=name).text for name in copied)
    mark = "&" if "?" in address else "?"
    assert text == f"https://w3id.org/g60kg/{address}{mark}version={__version__}"


@pytest.mark.parametrize("path", ["/", "/companies", "/map", "/search?q=G60", "/sparql.html"])
def test_the_address_of_each_page_can_be_copied(path: str, server: str) -> None:
    root = page(server, path)
    (copied,) = (b for b in root.all("button") if b.text == "Copy the page's address")
    assert path in root.one("p", id=copied.attributes["data-copy"]).text


def test_a_search_offers_to_ask_its_text(server: str) -> None:
    root = page(server, "/search?q=how+many+companies")
    assert "/ask?q=how+many+companies" in root.one("main").links()
