"""Matrix and timeline of all sources: places count for the city that they are in; filters."""

from __future__ import annotations

import re

import pytest

from tests.web import asking
from tests.web.reading_pages import page

ZONE = "Lingang Songjiang Science and Technology City"


def test_a_zone_counts_for_its_city_in_the_matrix_and_is_named(complete_server: str) -> None:
    root = page(complete_server, "/matrix")
    headings = [one.text for one in root.one("thead").all("th")]
    assert headings[1] == "Songjiang"
    assert ZONE not in headings
    cells = [one.text for one in root.all("td", **{"data-column": "Songjiang"})]
    assert f"1 project in {ZONE}" in cells


@pytest.mark.parametrize("path", ["/timeline", "/matrix"])
def test_an_unknown_city_is_not_taken_for_all(path: str, complete_server: str) -> None:
    answer = asking.get(f"{complete_server}{path}?city=nowhere")
    assert answer.status_code == 404
    assert "no entries for the city nowhere" in answer.text
    assert "Songjiang" in answer.text


@pytest.mark.parametrize("path", ["/timeline", "/matrix"])
@pytest.mark.parametrize("name", ["Songjiang", "松江", "id:songjiang", "SONGJIANG"])
def test_a_city_is_named_as_in_queries(path: str, name: str, complete_server: str) -> None:
    root = page(complete_server, f"{path}?city={name}")
    assert root.one("option", selected="").attributes["value"] == "songjiang"


@pytest.mark.parametrize(
    "asked",
    [
        "timeline?source=nonsense",
        "timeline?City=songjiang",
        "timeline?city=songjiang&city=hefei",
        "timeline?page=2",
        "timeline?offset=abc",
        "timeline?offset=-1",
        "timeline?offset=1e20",
        "matrix?foo=bar",
        "companies?offset=x",
        "projects?city=songjiang",
        "articles?foo=bar",
        "map?city=songjiang",
        "search?q=a&q=b",
        "graph?entity=id:kuka&entity=id:songjiang",
        "ask?q=who+signed&q=b",
        "ask?question=who+signed",
        "queries?foo=bar",
        "queries/timeline?from=2018&from=2019",
        "queries/timeline?offset=x",
        "queries/timeline?foo=bar",
        "queries/timeline?from=-1",
        "queries/timeline?from=20180",
        "queries/timeline?from=9999999999999999999999",
        "timeline?from=9999999999999999999999",
        "timeline?to=1990&from=2020",
        "sparql.html?text=x",
        "check?example=x",
        "?foo=bar",
    ],
)
def test_an_unknown_or_repeated_parameter_is_refused(asked: str, complete_server: str) -> None:
    root = page(complete_server, f"/{asked}", status=400)
    name = re.split(r"[?=&]", asked)[-2]
    assert name in root.one("main").text or "a year" in root.one("main").text


@pytest.mark.parametrize(
    "asked",
    [
        "?utm_source=letter&fbclid=1",
        "timeline?from=2018&utm_campaign=x",
        "queries/timeline?from=2018&utm_source=x",
        "queries/zones?gclid=1&lang=en&fbclid=",
    ],
)
def test_parameters_of_newsletters_are_ignored(asked: str, complete_server: str) -> None:
    root = page(complete_server, f"/{asked}", status=200)
    assert not [link for link in root.links() if re.search("utm_|fbclid|gclid", link)]


def test_the_matrix_of_a_city_has_its_industries_only(complete_server: str) -> None:
    every = page(complete_server, "/matrix").one("tbody").all("tr")
    root = page(complete_server, "/matrix?city=songjiang")
    some = root.one("tbody").all("tr")
    assert 1 < len(some) < len(every)
    assert not root.one("tbody").all("td", class_="empty")
    assert root.one("option", selected="").attributes["value"] == "songjiang"
    assert "City = Songjiang" in root.one("p", class_="printed").text


def test_the_timeline_of_a_city_has_what_is_in_it(complete_server: str) -> None:
    every = page(complete_server, "/timeline?from=2019&to=2019")
    some = page(complete_server, "/timeline?from=2019&to=2019&city=songjiang")
    subjects, of_city = (
        {one.text for one in root.one("ol", class_="years").all("h3")} for root in (every, some)
    )
    assert "Songjiang" in of_city < subjects
    assert "Hefei" not in of_city


def test_years_of_the_timeline_lead_to_their_statements(complete_server: str) -> None:
    root = page(complete_server, "/timeline?from=2016&to=2017")
    links = root.one("nav", class_="contents").links()
    assert links == ["#y2016", "#y2017"]
    assert {one.attributes.get("id") for one in root.all("li", class_="year")} == {
        link[1:] for link in links
    }


def test_a_value_of_the_timeline_has_only_its_own_evidence(complete_server: str) -> None:
    root = page(complete_server, "/timeline?from=2018&to=2018")
    shown = [one for one in root.all("li", class_="statement") if "enterprises" in one.text]
    # Both are numbers of enterprises of the corridor; a speaker states the second one.
    for value, source in (("161", "Global Times"), ("15,816", "Gao Yiyi")):
        having = [one for one in shown if value in [link.text for link in one.one("p").all("a")]]
        assert len(having) == 1, value
        assert source in having[0].text
        assert len(having[0].one("p").all("a")) == 1


def test_the_map_counts_each_zone_once_and_says_why_it_has_ten_cities(complete_server: str) -> None:
    root = page(complete_server, "/map")
    for city in root.one("section", class_="zones").all("details"):
        zones = [one.one("a").text for one in city.all("li")]
        assert len(set(zones)) == len(zones)
        assert city.one("span", class_="count").text.startswith(f"{len(zones)} zone")
    assert "Science and Technology Innovation Corridor" not in root.one("table").text
    assert len(root.one("tbody").all("tr")) == 10
    assert "some name Shanghai as the member city, some its district Songjiang" in root.text
    link = root.link("Where sources differ")
    assert "Songjiang" in page(complete_server, link).one("tbody").text
