"""Pages and API of passages: where readers find them, their grade, and never their words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import g60kg
from tests.web.asking import get
from tests.web.reading_pages import page
from tests.web.serving import serving

WORDS = "Blue Rock Chips moved its seat to Hangzhou"
TEXT = f"A headline\n\n{WORDS}. It has 300 people.\n"
URL = "https://example.org/news/2400000001"
SHEET = f"""\
# url: {URL}
# title: A sample
# date: 2024-05-06
# publisher: Example News (from Second News)
# language: en
# reproduce: no
subject,predicate,object,passage
Blue Rock Chips,a,Enterprise,
Blue Rock Chips,locatedIn,Hangzhou,{WORDS}
"""


@pytest.fixture(scope="module")
def passages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a store with a passage, and with the text of its article."""
    folder = tmp_path_factory.mktemp("passages")
    texts, sheet, store = folder / "texts", folder / "facts.csv", folder / "store"
    texts.mkdir()
    (texts / "article.txt").write_text(TEXT, encoding="utf-8")
    sheet.write_text(SHEET, encoding="utf-8")
    assert g60kg("draft", sheet, "--article", texts / "article.txt").returncode == 0
    assert g60kg("--store", store, "load", sheet_as_turtle(sheet)).returncode == 0
    options = ("--store", str(store), "--articles", str(texts))
    with serving(folder / "server.log", globals_=options) as started:
        yield started.url


def sheet_as_turtle(sheet: Path) -> Path:
    turtle = sheet.with_name("2400000001.ttl")
    assert g60kg("draft", sheet, "-o", turtle).returncode == 0
    return turtle


def entity(server: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(f"{server}/api/entities/blue-rock-chips").text)["data"]
    return found


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "heading", "grade", "publisher"),
    [
        (
            "en",
            "The publisher's words are not reproduced here: paragraph 2, sentence 1",
            "grade B",
            "Example News (from Second News)",
        ),
        ("zh", "此处不转载发布机构的文字： 第2段第1句", "B级", "Example News（来源：Second News）"),
    ],
)
def test_pages_say_where_a_passage_is_and_link_to_its_publisher(
    passages: str, language: str, heading: str, grade: str, publisher: str
) -> None:
    (fact,) = entity(passages)["facts"]
    path = "/" + fact["id"].replace(":", "/")
    for address in (f"{path}.html", "/id/blue-rock-chips.html", "/id/article-2400000001.html"):
        root = page(passages, address, language)
        text = " ".join(root.text.split())
        assert heading in text, address
        assert grade in text, address
        assert publisher in text, address
        # The words of a passage are not shown, so they are in no link either.
        assert URL in root.links(), address
        assert not [link for link in root.links() if link.startswith(f"{URL}#")], address
        assert "seat" not in text, address
    footnote = page(passages, f"{path}.html", language).one("ol", id="footnotes").text
    assert publisher in footnote
    assert ("第2段第1句" in footnote) == (language == "zh")


def test_passages_are_counted_and_named_as_such(passages: str) -> None:
    assert "113 quotations, 1 passage, 23 records." in page(passages, "/").text
    assert "· 1 passage" in page(passages, "/articles").text
    (fact,) = entity(passages)["facts"]
    path = "/" + fact["id"].replace(":", "/")
    headings = [one.text for one in page(passages, f"{path}.html").all("h2")]
    assert "Source passage" in headings


def test_the_page_of_a_passage_is_its_own(passages: str) -> None:
    found = json.dumps(entity(passages))
    assert "seat" not in found
    data = get(f"{passages}/id/article-2400000001.ttl").text
    iri = next(part for part in data.split() if "-n" in part and part.startswith("quote:"))
    root = page(passages, f"/quote/{iri.strip(',;').removeprefix('quote:')}.html")
    assert root.one("h1").text == "Passage"


def test_the_api_gives_locator_and_grade(passages: str) -> None:
    found = entity(passages)
    (fact,) = found["facts"]
    assert fact["grade"] == "B"
    (evidence,) = (found["evidence"][piece] for piece in fact["evidence"])
    assert (evidence["kind"], evidence["grade"]) == ("passage", "B")
    assert "quote" not in evidence
    assert evidence["locator"] == "paragraph 2, sentence 1"
    answer = get(f"{passages}/api/queries/enterprises?city=hangzhou&evidence=true").text
    rows = json.loads(answer)["evidence"]
    assert "paragraph 2, sentence 1" in [one["locator"] for quoted in rows for one in quoted]
    assert "seat" not in answer


def test_the_page_of_an_article_says_where_its_date_is_from(complete_server: str) -> None:
    shown = page(complete_server, "/id/article-newsxc-569477.html").text
    assert "The year of the publication date is that of the address" in shown
    assert "备注" in page(complete_server, "/id/article-newsxc-569477.html", "zh").text


def test_an_equivalent_sum_is_shown_once(complete_server: str) -> None:
    root = page(complete_server, "/id/article-huzhou-655763.html")
    facts = [one.text for one in root.one("section", **{"aria-labelledby": "facts"}).all("li")]
    assert sum("US$4.46 billion" in text for text in facts if "paragraph" not in text[:9]) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_fact_is_shown_once_with_a_link_to_its_context(
    complete_server: str, language: str
) -> None:
    root = page(complete_server, "/id/article-huzhou-655763.html", language)
    facts = [fact for one in root.all("ul", class_="facts") for fact in one.all("li")]
    links = [link for fact in facts for link in fact.links() if "/fact/" in link]
    assert len(links) == len(set(links)) == len(facts)
    groups = {one.attributes["id"]: one for one in root.all("li", class_="passage")}
    words = ("paragraph 2, sentence 1", "paragraph 3, sentence 1", "3 facts")
    if language == "zh":
        words = ("第2段第1句", "第3段第1句", "3条事实")
    context, stating = (groups["passage-" + one.replace(" ", "-")] for one in words[:2])
    (people,) = (one for one in stating.all("li") if "500" in one.text)
    assert people.link(words[0]) == "#" + context.attributes["id"]
    assert "500" not in context.text
    (below,) = (one for one in context.all("p", class_="quiet") if words[1] in one.text)
    assert below.link(words[1]) == "#" + stating.attributes["id"]
    assert words[2] in below.text


def test_passages_with_one_locator_are_one_group_in_the_order_of_the_text(
    complete_server: str,
) -> None:
    root = page(complete_server, "/id/article-huzhou-655763.html")
    ids = [one.attributes["id"] for one in root.all("li", class_="passage")]
    assert len(ids) == len(set(ids))
    root = page(complete_server, "/id/article-2011069168.html")
    places = [one.one("summary").text for one in root.all("li", class_="passage")]
    numbers = [int(text.split()[1].rstrip(",")) for text in places if text.startswith("paragraph")]
    assert numbers == sorted(numbers)
    assert numbers[-1] >= 10
