"""Formats on pages: dates, booleans, columns of numbers, invalid fields."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ARTICLE, long_only
from tests.web.asking import get
from tests.web.reading_pages import page


@pytest.mark.parametrize(
    ("path", "english", "chinese", "neither"),
    [
        ("/timeline", "June 2023", "2023年6月", "2023-06"),
        ("/timeline", "2021 to 2025", "2021年至2025年", "2021/2025"),
        ("/ontology/locatedIn.html", "Yes", "是", "true"),
        ("/id/dataset-geonames.html", "CC BY 4.0", "CC BY 4.0", "https://creativecommons.org"),
    ],
)
def test_values_are_formatted_for_readers(
    path: str, english: str, chinese: str, neither: str, server: str
) -> None:
    for language, expected in (("en", english), ("zh", chinese)):
        main = page(server, path, language).one("main").text
        assert expected in main
        assert neither not in main.split()


def test_the_editor_shows_raw_values(server: str) -> None:
    asked = 'SELECT ?a ?b { VALUES (?a ?b) { ("2023-06" true) } }'
    cells = page(server, f"/sparql.html?query={asked}", "zh").one("tbody").all("td")
    assert [cell.text for cell in cells] == ["2023-06", "true"]


@pytest.mark.parametrize("query", ["from=abc", "to=20x", "from=2016&to=-1", "from=%C2%B2"])
def test_an_invalid_year_is_reported(query: str, server: str) -> None:
    root = page(server, f"/timeline?{query}", status=400)
    assert "not a year" in root.one("div", role="alert").text
    assert root.all("ol", class_="years") == []


@pytest.mark.parametrize("step", [4, *long_only(1)])
@pytest.mark.parametrize("language", ["en", *long_only("zh")])
def test_no_page_of_the_ontology_has_blank_nodes(language: str, step: int, server: str) -> None:
    links = dict.fromkeys(page(server, "/ontology.html", language).links())
    terms = [link for link in links if link.startswith("/ontology/")]
    assert len(terms) > 100
    for link in terms[::step]:
        answer = get(server + link, headers={"Accept": "text/html", "Accept-Language": language})
        assert answer.status_code == 200
        assert "_:" not in answer.text.partition("<main")[2]


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("/queries/quantities", {"Value"}),
        ("/map", {"Code", "Latitude", "Longitude", "Zones"}),
        (
            "/sparql.html?query=SELECT%20(1%20AS%20%3Fone)%20(%22x%22%20AS%20%3Ftwo)%20%7B%7D",
            {"?one"},
        ),
    ],
)
def test_headings_of_numbers_are_aligned_with_them(
    path: str, columns: set[str], server: str
) -> None:
    table = page(server, path).one("table")
    headings = table.all("th", scope="col")
    assert {one.text for one in headings if one.attributes.get("class") == "number"} == columns
    for row in table.one("tbody").all("tr"):
        cells = [one for one in row.content if not isinstance(one, str)]
        for heading, cell in zip(headings, cells, strict=True):
            classes = ("number" in one.attributes.get("class", "") for one in (cell, heading))
            assert len(set(classes)) == 1, row.text


@pytest.mark.parametrize(("language", "label"), [("en", "City:"), ("zh", "城市：")])
def test_a_field_that_is_wrong_is_marked_and_named(language: str, label: str, server: str) -> None:
    root = page(server, "/queries/enterprises?city=Songjing", language, 404)
    alert = root.one("div", role="alert")
    assert alert.text.startswith(label)
    field = root.one("input", name="city")
    assert field.attributes["aria-invalid"] == "true"
    assert alert.attributes["id"] in field.attributes["aria-describedby"].split()
    assert "aria-invalid" not in root.one("input", name="industry").attributes


def test_messages_of_errors_are_in_the_language_of_the_page(server: str) -> None:
    wrong = "/sparql.html?query=SELECT"
    assert (
        "第 1 行第 7 列：查询过早结束"
        in page(server, wrong, "zh", 400).one("div", role="alert").text
    )
    assert "line 1, column 7: the query ends too early" in (
        page(server, wrong, "en", 400).one("div", role="alert").text
    )


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("/graph", ["Neighbours"]),
        ("/queries/enterprises", ["Queries"]),
        # The path of a named graph begins like that of the neighbours page.
        (f"/graph/{ARTICLE}.html", []),
    ],
)
def test_the_menu_marks_the_current_page(path: str, places: list[str], server: str) -> None:
    menu = page(server, path).one("nav")
    assert [one.text for one in menu.all("a", **{"aria-current": "page"})] == places


@pytest.mark.parametrize(
    "path",
    ["/", "/matrix", "/id/corridor.html", f"/id/article-{ARTICLE}.html", "/queries/quantities"],
)
def test_no_space_follows_full_width_punctuation(path: str, server: str) -> None:
    answer = get(f"{server}{path}", headers={"Accept": "text/html", "Accept-Language": "zh"})
    text = re.sub(r"<[^>]+>", "", answer.text.partition("<main")[2].partition("</main>")[0])
    assert re.findall(r".{8}[：，、（] +\S", text) == []
