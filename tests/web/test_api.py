"""The API: canned queries page by page, entities, search."""

from __future__ import annotations

import csv
import io
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.web.routes.api.openapi_document import document
from g60kg.web.routes.api.query_routes import COMMON
from tests.web.asking import get

WITH_PARAMETERS = [query for query in load_catalog().values() if query.parameters]


def labels(answer: httpx.Response, column: str) -> list[str]:
    return [row[column]["value"] for row in answer.json()["results"]["bindings"]]


def test_queries_are_listed_with_what_each_takes_and_gives(api: httpx.Client) -> None:
    listed = {query["name"]: query for query in api.get("/api/queries").json()["queries"]}
    assert set(listed) == set(load_catalog())
    enterprises = listed["enterprises"]
    assert [parameter["name"] for parameter in enterprises["parameters"]] == ["city", "industry"]
    assert enterprises["columns"] == ["enterprise", "industry", "place"]
    assert enterprises["labels"] == ["enterpriseLabel", "industryLabel", "placeLabel"]
    for query in listed.values():
        for link in query["links"].values():
            assert api.get(link).status_code == 200, link


def test_no_parameter_of_a_query_has_a_name_that_all_have() -> None:
    for query in load_catalog().values():
        assert not {parameter.name for parameter in query.parameters} & set(COMMON), query.name


@pytest.mark.parametrize("name", ["Integrated Circuits", "集成电路", "id:integrated-circuits",
                                  "https://w3id.org/g60kg/id/integrated-circuits"])  # fmt: skip
def test_a_parameter_takes_labels_in_both_languages_curies_and_iris(
    api: httpx.Client, name: str
) -> None:
    answer = api.get("/api/queries/enterprises", params={"industry": name})
    assert labels(answer, "enterpriseLabel") == ["OmniVision", "Quectel Communication"]
    meta = answer.json()["meta"]
    assert meta["complete"] is True
    assert meta["parameters"] == {"industry": "<https://w3id.org/g60kg/id/integrated-circuits>"}


def test_evidence_comes_with_each_row(api: httpx.Client) -> None:
    answer = api.get(
        "/api/queries/enterprises", params={"industry": "integrated circuits", "evidence": "true"}
    ).json()
    assert len(answer["evidence"]) == len(answer["results"]["bindings"]) == 2
    assert answer["evidence"][0][0]["start"] == 3383
    assert answer["evidence"][0][0]["modality"] == "Asserted"


def test_labels_come_in_the_language_asked_for(api: httpx.Client) -> None:
    answer = api.get("/api/queries/member-cities", params={"lang": "zh"})
    assert "杭州" in labels(answer, "cityLabel")


def test_an_empty_parameter_is_ignored(api: httpx.Client) -> None:
    empty = api.get("/api/queries/enterprises", params={"city": "", "industry": ""})
    assert empty.json() == api.get("/api/queries/enterprises").json()


def test_following_next_gives_every_row_once(api: httpx.Client) -> None:
    whole = labels(api.get("/api/queries/enterprises"), "enterprise")
    assert len(whole) > 6
    found: list[str] = []
    answer = api.get("/api/queries/enterprises", params={"limit": 3})
    pages = [answer]
    while "next" in answer.links:
        assert answer.headers["g60kg-complete"] == "false"
        assert answer.json()["meta"]["complete"] is False
        answer = api.get(urljoin(str(answer.url), answer.links["next"]["url"]))
        pages.append(answer)
    for page in pages:
        found += labels(page, "enterprise")
    assert found == whole
    last = answer.links["last"]["url"]
    assert api.get(last).json() == answer.json()
    back = api.get(answer.links["prev"]["url"])
    assert back.json() == pages[-2].json()
    assert api.get(answer.links["first"]["url"]).json() == pages[0].json()


def test_rows_are_sorted_before_they_are_paged(api: httpx.Client) -> None:
    whole = labels(api.get("/api/queries/member-cities"), "cityLabel")
    answer = api.get("/api/queries/member-cities", params={"sort": "-city", "limit": 2})
    assert labels(answer, "cityLabel") == sorted(whole, reverse=True)[:2]


def test_a_table_for_a_spreadsheet_has_the_same_rows(api: httpx.Client) -> None:
    by_suffix = api.get("/api/queries/member-cities.csv")
    assert by_suffix.headers["content-type"] == "text/csv; charset=utf-8"
    assert by_suffix.headers["g60kg-complete"] == "true"
    rows = list(csv.DictReader(io.StringIO(by_suffix.text)))
    assert [row["cityLabel"] for row in rows] == labels(
        api.get("/api/queries/member-cities"), "cityLabel"
    )
    by_accept = api.get("/api/queries/member-cities", headers={"Accept": "text/csv"})
    by_name = api.get("/api/queries/member-cities", params={"format": "csv"})
    assert by_accept.content == by_name.content == by_suffix.content


@pytest.mark.parametrize(
    ("format_", "start"),
    [("xml", "<?xml"), ("tsv", "?city"), ("md", "| "), ("html", "<table"), ("json", "{")],
)
def test_every_row_format_is_available(api: httpx.Client, format_: str, start: str) -> None:
    answer = api.get("/api/queries/member-cities", params={"format": format_})
    assert answer.status_code == 200
    assert answer.text.startswith(start)


def test_formats_for_reading_have_a_row_for_each_figure(complete_server: str) -> None:
    url = f"{complete_server}/api/queries/quantities"
    rows = get(f"{url}?limit=all").json()["results"]["bindings"]
    of_category = ("category", "categoryLabel")
    figures = len({str([row[one] for one in row if one not in of_category]) for row in rows})
    assert figures < len(rows)
    table = get(f"{url}.md?limit=all").text.splitlines()
    assert len(table[2:]) == figures
    assert "figure" not in table[0]
    assert get(f"{url}.html?limit=all&evidence=true").text.count("<tr>") == figures + 1
    answer = get(f"{url}.md?limit=600")
    assert answer.headers["g60kg-complete"] == "false"
    last = get(urljoin(url, answer.links["next"]["url"]))
    assert (answer.text + last.text).splitlines() == [*table[:602], *table[:2], *table[602:]]
    assert "next" not in last.links


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/api/queries/enterprise", 404, "enterprises"),
        ("/api/queries/enterprises?city=Songjing", 404, "Songjiang"),
        ("/api/queries/enterprises?citty=Songjiang", 400, "city"),
        ("/api/queries?lang=zh", 400, "There are no parameters."),
        ("/static/nothing.css", 404, "See /openapi.json for"),
        ("/api/queries/enterprises?city=Songjiang&city=Wuhu", 400, "twice"),
        ("/api/queries/enterprises?limit=0", 400, "from 1 to"),
        ("/api/queries/enterprises?limit=10001", 400, "10,000"),
        ("/api/queries/enterprises?limit=1_0", 400, "whole number"),
        ("/api/queries/enterprises?limit=%EF%BC%91", 400, "whole number"),
        ("/api/queries/enterprises?limit=", 400, "whole number"),
        ("/api/queries/enterprises?offset=-1", 400, "whole number"),
        ("/api/queries/enterprises?sort=size", 400, "enterprise"),
        ("/api/queries/enterprises?lang=fr", 400, "zh"),
        ("/api/queries/enterprises?evidence=yes", 400, "true or false"),
        ("/api/queries/search?evidence=true", 400, "no evidence"),
        ("/api/queries/zones?escape-formulas=maybe", 400, "true or false"),
        ("/api/queries/timeline?from=soon", 400, "is not a year"),
        ("/api/queries/enterprises?format=pdf", 406, "text/csv"),
        ("/api/queries/enterprises.pdf", 404, "enterprises"),
        ("/api/queries/coverage.ttl", 406, "text/csv"),
        ("/api/queries/search?format=ttl", 406, "text/csv"),
        ("/api/search", 400, "q="),
        ("/api/search?q=%20", 400, "q="),
        ("/api/entities/Songjing", 404, "Songjiang"),
        ("/api/entities?class=Enterprize", 404, "Enterprise"),
        ("/api/entities/id:nothing", 404, "id:nothing"),
        ("/api/search?q=" + "x" * 401, 400, "400"),
    ],
)
def test_unknown_names_are_reported_with_the_nearest_ones(
    api: httpx.Client, path: str, status: int, expected: str
) -> None:
    answer = api.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert expected in problem["title"] + str(problem.get("detail", ""))


def test_formats_that_a_client_does_not_accept_are_refused(api: httpx.Client) -> None:
    for path in ("/api/queries", "/api/entities/songjiang", "/api/queries/zones"):
        assert api.get(path, headers={"Accept": "image/png"}).status_code == 406, path


def test_unchanged_results_are_not_sent_again(api: httpx.Client) -> None:
    for path in ("/api/queries", "/api/queries/zones", "/api/entities/songjiang", "/openapi.json"):
        answer = api.get(path)
        tag = answer.headers["etag"]
        again = api.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == tag
        changed = api.get(path, headers={"If-None-Match": '"other"'})
        assert changed.content == answer.content
    english = api.get("/api/queries/zones").headers["etag"]
    assert english != api.get("/api/queries/zones", params={"lang": "zh"}).headers["etag"]
    assert english != api.get("/api/queries/zones.csv").headers["etag"]


def test_search_finds_names_in_both_languages_exact_ones_first(api: httpx.Client) -> None:
    for text, first in (("Songjiang", "id:songjiang"), ("松江", "id:songjiang")):
        found = api.get("/api/search", params={"q": text}).json()["data"]
        assert found["entities"][0]["id"] == first
        assert found["entities"][0]["class"]["id"] == "g60:CountyDivision"
    ids = [one["id"] for one in found["entities"]]
    assert len(ids) == len(set(ids)) == found["total"]
    answer = api.get("/api/search", params={"q": "松江", "limit": 1, "offset": 1})
    page = answer.json()
    assert [one["id"] for one in page["data"]["entities"]] == ids[1:2]
    assert page["complete"] is False
    assert page["next_offset"] == 2
    assert 'offset=2>; rel="next"' in answer.headers["link"]


@pytest.mark.parametrize("name", ["corridor", "id:corridor", "长三角G60科创走廊",
                                  "https://w3id.org/g60kg/id/corridor"])  # fmt: skip
def test_an_entity_has_its_facts_and_quotations(api: httpx.Client, name: str) -> None:
    answer = api.get(f"/api/entities/{name}").json()
    entity = answer["data"]
    assert entity["id"] == "id:corridor"
    assert "长三角G60科创走廊" in entity["names"]["zh"]
    assert [kind["id"] for kind in entity["classes"]] == ["g60:Corridor"]
    (population,) = (
        fact
        for fact in entity["facts"]
        if isinstance(fact["value"], dict) and fact["value"]["label"].startswith("population ")
    )
    assert population["value"]["label"] == "population approximately 57,920,000 people"
    assert population["modality"] == "Asserted"
    (piece,) = population["evidence"]
    assert "57.92 million" in entity["evidence"][piece]["quote"]
    assert entity["evidence"][piece]["source"] in entity["sources"]
    assert entity["total"] == len(entity["facts"])
    assert answer["complete"] is True
    assert any(fact["subject"]["id"] != "id:corridor" for fact in entity["facts"])


def test_an_attributed_fact_has_its_speaker(api: httpx.Client) -> None:
    facts = api.get("/api/entities/corridor").json()["data"]["facts"]
    said = {str(fact["value"]): fact for fact in facts if "attributed_to" in fact}
    platform = said["provides a platform for innovation and cooperation among cities"]
    assert platform["modality"] == "Attributed"
    assert "Wuhu" in platform["attributed_to"]


def test_entities_of_a_class_include_those_of_subclasses(api: httpx.Client) -> None:
    cities = api.get("/api/entities", params={"class": "地级市", "lang": "zh"}).json()["data"]
    assert {city["label"] for city in cities["entities"]} >= {"杭州", "苏州"}
    assert cities["total"] == len(cities["entities"]) == 8
    places = api.get("/api/entities", params={"class": "SpatialThing", "limit": 2}).json()["data"]
    assert places["total"] > 8
    assert len(places["entities"]) == 2
    everything = api.get("/api/entities").json()["data"]
    assert all(one["id"].startswith("id:") for one in everything["entities"])
    kinds = {kind["id"] for one in everything["entities"] for kind in one["classes"]}
    assert not kinds & {"g60:Fact", "g60:Quotation", "g60:Observation"}


@pytest.mark.parametrize(
    ("path", "given"), [("entities/corridor", {}), ("entities", {}), ("search", {"q": "G60"})]
)
def test_the_last_page_of_entities_is_not_complete_and_has_no_next_offset(
    api: httpx.Client, path: str, given: dict[str, Any]
) -> None:
    total = api.get(f"/api/{path}", params=given).json()["data"]["total"]
    for offset, is_last in ((0, False), (total - 1, True)):
        page = api.get(f"/api/{path}", params={"limit": 1, "offset": offset, **given})
        assert (page.json()["complete"], "next_offset" in page.json()) == (False, not is_last)
    described = document("")["components"]["schemas"]
    for name in ("Entity", "Entities", "Found"):
        assert "next_offset" in described[name]["properties"]["complete"]["description"]


@pytest.mark.parametrize("query", WITH_PARAMETERS, ids=lambda query: query.name)
def test_text_in_a_parameter_stays_text(api: httpx.Client, query: NamedQuery) -> None:
    for hostile in ('x" } ; DROP ALL #', "\u0000", "<script>alert(1)</script>", "{{77*7}}", "%0a"):
        for parameter in query.parameters:
            answer = api.get(f"/api/queries/{query.name}", params={parameter.name: hostile})
            assert answer.status_code in (200, 400, 404), answer.text
            if answer.status_code == 200:
                rows: list[Any] = answer.json()["results"]["bindings"]
                assert rows == []


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/api/queries/zones?%zz=%ff", {}, 400),
        ("/api/queries/zones?city=%ff%fe", {}, 400),
        ("/api/queries/zones?&&&=&=x", {}, 400),
        ("/api/queries/..%2f..%2fetc", {}, 404),
        ("/api/queries/%00", {}, 400),
        ("/api/entities/%3Cx%3E", {}, 404),
        ("/api/entities/http://%5B", {}, 404),
        ("/api/entities/" + "x" * 401, {}, 414),
        ("/api/search?q=%ED%A0%80", {}, 400),
        ("/api/queries/timeline?from=" + "9" * 399, {}, 400),
        ("/api/queries/zones", {"Accept": ";;;,,,/;q=x"}, 406),
        ("/api/queries/zones", {"Accept": "\xff\xfe"}, 406),
        ("/api/queries/zones", {"Accept": "*/*;q=0"}, 406),
        ("/api/queries/zones", {"If-None-Match": '"' * 3000}, 200),
    ],
)
def test_invalid_requests_get_valid_responses(
    server: str, target: str, headers: dict[str, str], status: int
) -> None:
    # A client that sends paths and headers unchanged.
    connection = HTTPConnection(server.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        assert answer.status == status, answer.read()
    finally:
        connection.close()


def test_accept_in_two_lines_is_one_list(api: httpx.Client) -> None:
    headers = [("Accept", "text/csv;q=0.5"), ("Accept", "text/tab-separated-values")]
    answer = api.get("/api/queries/zones", headers=headers)
    assert answer.headers["content-type"].startswith("text/tab-separated-values")


@pytest.mark.bench
def test_a_body_does_not_wait_for_an_acknowledgement(api: httpx.Client) -> None:
    # Otherwise each response on a reused connection takes 40 ms longer (Nagle, delayed ACK).
    def seconds() -> float:
        return api.get("/api/queries/member-cities").elapsed.total_seconds()

    seconds()
    assert min(seconds() for _ in range(10)) < 0.035
