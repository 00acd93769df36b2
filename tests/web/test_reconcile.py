"""The reconciliation API with the calls of OpenRefine, and hostile requests."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from g60kg.package_data import __version__
from g60kg.web.routes.reconcile_routes import MOST_QUERIES
from tests.web import asking
from tests.web.reading_pages import read_page

CORRIDOR = "Yangtze River Delta G60 Science and Technology Innovation Corridor"
#: Ten names, as OpenRefine sends the cells of a column, and the entities that they mean.
CELLS = {
    "Hangzhou": "hangzhou",
    "杭州": "hangzhou",
    "  SONGJIANG ": "songjiang",
    "松江": "songjiang",
    "Ｓｕｚｈｏｕ": "suzhou",
    "Jiaxing": "jiaxing",
    CORRIDOR: "corridor",
    "Wuhu": "wuhu",
    "宣城": "xuancheng",
    "Hefei": "hefei",
}


class Client:
    """The calls of OpenRefine: all its URLs come from the manifest."""

    def __init__(self, url: str, language: str = "en") -> None:
        self._url = url
        self._headers = {"Accept-Language": language, "Origin": "http://127.0.0.1:3333"}
        self.manifest = self._json(self._get(url))

    def candidates(self, batch: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Return the candidates of a batch, sent in a form."""
        form = {"queries": json.dumps(batch)}
        found = self._json(asking.post(self._url, data=form, headers=self._headers))
        assert list(found) == list(batch)
        return {key: one["result"] for key, one in found.items()}

    def one(self, **query: Any) -> list[dict[str, Any]]:
        """Return the candidates of a query."""
        return self.candidates({"q0": query})["q0"]

    def suggestions(self, kind: str, prefix: str) -> list[dict[str, Any]]:
        """Return the suggestions for what a user has typed."""
        service = self.manifest["suggest"][kind]
        address = service["service_url"] + service["service_path"]
        # The widget adds parameters that the specification does not have.
        more = {"type": "", "type_strict": "any", "limit": "11"}
        found = self._json(self._get(address, params={"prefix": prefix, "cursor": "0", **more}))
        return list(found["result"])

    def flyout(self, kind: str, identifier: str) -> dict[str, Any]:
        """Return what is shown beside a suggestion."""
        service = self.manifest["suggest"][kind]
        path = service["flyout_service_path"].replace("${id}", quote(identifier, safe=""))
        return self._json(self._get(service["flyout_service_url"] + path))

    def preview(self, identifier: str) -> httpx.Response:
        """Return the page for the frame beside a candidate."""
        template = self.manifest["preview"]["url"]
        return self._get(template.replace("{{id}}", quote(identifier, safe="")))

    def properties(self, kind: str) -> list[dict[str, Any]]:
        """Return the properties for new columns."""
        service = self.manifest["extend"]["propose_properties"]
        address = service["service_url"] + service["service_path"]
        return list(
            self._json(self._get(address, params={"type": kind, "limit": "50"}))["properties"]
        )

    def values(self, ids: list[str], *properties: str) -> dict[str, Any]:
        """Return the values for new columns."""
        asked = {"ids": ids, "properties": [{"id": one} for one in properties]}
        form = {"extend": json.dumps(asked)}
        return self._json(asking.post(self._url, data=form, headers=self._headers))

    def _get(self, url: str, **options: Any) -> httpx.Response:
        answer = asking.get(url, headers=self._headers, **options)
        assert answer.status_code == 200, answer.text
        assert answer.headers["access-control-allow-origin"] == "*"
        return answer

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        found = answer.json()
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def client(server: str) -> Client:
    return Client(f"{server}/reconcile")


def test_the_manifest_names_spaces_and_offers_classes(client: Client, server: str) -> None:
    manifest = client.manifest
    assert "0.2" in manifest["versions"]
    assert manifest["identifierSpace"] == "https://w3id.org/g60kg/id/"
    assert manifest["schemaSpace"] == "https://w3id.org/g60kg/ontology/"
    assert manifest["serviceVersion"] == __version__
    offered = {one["id"]: one["name"] for one in manifest["defaultTypes"]}
    assert "PrefectureCity" in offered
    assert not {"Fact", "Observation", "Measure", "Article"} & set(offered)
    view = manifest["view"]["url"].replace("{{id}}", "hangzhou")
    assert view == f"{server}/id/hangzhou.html"
    assert asking.get(view).status_code == 200


def test_a_batch_of_names_has_the_entity_of_each_as_the_match(client: Client) -> None:
    batch = {
        f"q{number}": {"query": name, "type": "Place", "type_strict": "should", "limit": 5}
        for number, name in enumerate(CELLS)
    }
    found = client.candidates({key: {**one, "type": "SpatialThing"} for key, one in batch.items()})
    for (key, candidates), (name, expected) in zip(found.items(), CELLS.items(), strict=True):
        first = candidates[0]
        assert (first["id"], first["match"], first["score"]) == (expected, True, 100), (key, name)
        assert not any(one["match"] for one in candidates[1:])
        scores = [one["score"] for one in candidates]
        assert scores == sorted(scores, reverse=True)
        assert len(candidates) <= 5


def test_a_misspelt_name_has_candidates_and_no_match(client: Client) -> None:
    first = client.one(query="Songjang")[0]
    assert (first["id"], first["match"]) == ("songjiang", False)
    assert 80 < first["score"] < 100
    features = {one["id"]: one["value"] for one in first["features"]}
    assert features["name"] == first["score"]
    assert features["exact_name"] is False
    assert client.one(query="松江区市")[0]["id"] == "songjiang"


def test_a_class_is_required_or_preferred(client: Client) -> None:
    assert [one["id"] for one in client.one(query="Hangzhou", type="PrefectureCity")] == [
        "hangzhou"
    ]
    kinds = ["PrefectureCity", "Corridor"]
    assert client.one(query="Hangzhou", type=kinds)[0]["match"]
    assert not client.one(query="Hangzhou", type=kinds, type_strict="all")
    assert not any(
        one["id"] == "hangzhou" for one in client.one(query="Hangzhou", type="Enterprise")
    )
    preferred = client.one(query="Hangzhou", type="Enterprise", type_strict="should")
    (city,) = (one for one in preferred if one["id"] == "hangzhou")
    assert not city["match"]
    assert {"id": "type", "value": False} in city["features"]


def test_properties_are_hints(client: Client) -> None:
    agreeing = [{"pid": "inProvince", "v": {"id": "zhejiang", "name": "any"}}]
    by_name = [{"pid": "in province", "v": ["Anhui", "浙江"]}]
    other = [{"pid": "inProvince", "v": "Anhui"}]
    for hints in (agreeing, by_name):
        first = client.one(query="Hangzhou", properties=hints)[0]
        assert (first["id"], first["score"], first["match"]) == ("hangzhou", 100, True)
        assert {"id": hints[0]["pid"], "value": True} in first["features"]
    first = client.one(query="Hangzhou", properties=other)[0]
    assert (first["id"], first["match"]) == ("hangzhou", False)
    assert first["score"] < 100
    cities = client.one(properties=agreeing, type="PrefectureCity", limit=100)
    assert {"hangzhou", "huzhou", "jiaxing"} <= {one["id"] for one in cities}
    assert not any(one["match"] for one in cities)


def test_a_single_query_is_a_name_or_json(server: str) -> None:
    for query in ("松江", '{"query": "松江", "limit": 1}', "id:songjiang"):
        found = asking.get(f"{server}/reconcile", params={"query": query}).json()["result"]
        assert found[0]["id"] == "songjiang"
    batch = {"a": {"query": "松江"}, "b": {"query": " "}}
    answer = asking.get(f"{server}/reconcile", params={"queries": json.dumps(batch)})
    assert answer.json()["a"]["result"] == found
    assert answer.json()["b"] == {"result": []}
    again = {"If-None-Match": answer.headers["etag"]}
    assert asking.get(str(answer.url), headers=again).status_code == 304


def test_suggestions_and_what_is_beside_them(client: Client) -> None:
    for kind, prefix, expected in (
        ("entity", "song", "songjiang"), ("entity", "松", "songjiang"),
        ("entity", "songjiang", "songjiang"), ("type", "pref", "PrefectureCity"),
        ("type", "Enterprise", "Enterprise"), ("property", "located", "locatedIn"),
    ):  # fmt: skip
        found = [one["id"] for one in client.suggestions(kind, prefix)]
        assert expected in found, (kind, prefix)
        shown = client.flyout(kind, expected)
        assert shown["id"] == expected
        assert read_page(shown["html"]).one("h1").text
    assert client.suggestions("entity", "zzzzzz") == []
    assert "PrefectureCity" in str(client.suggestions("entity", "Hangzhou")[0]["notable"])


def test_a_preview_is_a_page_that_a_frame_of_any_site_can_show(client: Client) -> None:
    answer = client.preview("songjiang")
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    page = read_page(answer.text)
    assert page.one("h1").text == "Songjiang"
    assert "county-level division" in page.text
    assert not page.all("script")
    other = asking.get(client.manifest["view"]["url"].replace("{{id}}", "songjiang"))
    assert "frame-ancestors 'none'" in other.headers["content-security-policy"]


def test_names_are_in_the_language_of_the_client(server: str) -> None:
    chinese = Client(f"{server}/reconcile", "zh")
    assert chinese.one(query="Hangzhou")[0]["name"] == "杭州"
    assert "地级市" in str(chinese.manifest["defaultTypes"])
    assert read_page(chinese.flyout("entity", "hangzhou")["html"]).one("h1").text == "杭州"


def test_values_of_properties_fill_new_columns(client: Client) -> None:
    offered = [one["id"] for one in client.properties("PrefectureCity")]
    assert "inProvince" in offered
    found = client.values(["hangzhou", "nobody"], "inProvince", "hasObservation")
    assert [one["id"] for one in found["meta"]] == ["inProvince", "hasObservation"]
    assert found["rows"]["hangzhou"]["inProvince"] == [{"id": "zhejiang", "name": "Zhejiang"}]
    assert found["rows"]["nobody"] == {"inProvince": [], "hasObservation": []}
    people = client.values(["corridor"], "hasObservation")["rows"]["corridor"]["hasObservation"]
    assert {"str": "about 57.92 million"} in people


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("queries", "[", "invalid JSON at character 2"),
        ("queries", "nothing", "invalid JSON"),
        ("queries", "[]", "must be a JSON object"),
        ("queries", "[" * 50_000, "nested too deeply"),
        ("queries", '{"q": ' * 20_000, "nested too deeply"),
        ("queries", "9" * 5_000, "invalid JSON"),
        ("queries", '{"q": {"query": "\\ud800"}}', "surrogates"),
        ("queries", '{"\\udfff": {"query": "a"}}', "surrogates"),
        ("queries", json.dumps({"a" * 401: {"query": "a"}}), "longer than 400"),
        ("query", '{"query": ', "invalid JSON"),
        ("query", "a" * 401, "longer than 400"),
        ("extend", "[]", "must be a JSON object"),
        ("extend", '{"ids": [], "properties": [{"id": "nothing"}]}', "No property"),
        ("extend", '{"ids": [1], "properties": []}', "must be text"),
        ("extend", json.dumps({"ids": ["a"] * 101, "properties": []}), "more than 100"),
    ],
    ids=str,
)  # fmt: skip
def test_an_invalid_request_is_refused(name: str, text: str, message: str, server: str) -> None:
    answer = asking.post(f"{server}/reconcile", data={name: text})
    assert answer.status_code == 400
    assert message in answer.json()["title"] + answer.json().get("detail", "")
    assert len(answer.content) < 2_000


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{}', "neither query nor properties"),
        ('[]', "must be a JSON object"),
        ('{"query": 1}', "must be text"),
        (json.dumps({"query": "a" * 401}), "longer than 400"),
        ('{"query": "a", "limit": 0}', "limit"),
        ('{"query": "a", "limit": NaN}', "limit"),
        ('{"query": "a", "limit": true}', "limit"),
        ('{"query": "a", "type_strict": "maybe"}', "any, all, should"),
        ('{"query": "a", "type_strict": []}', "any, all, should"),
        ('{"query": "a", "type": "Enterprize"}', "No class is called"),
        ('{"query": "a", "type": {"id": "Place"}}', "must be text"),
        ('{"query": "a", "colour": 1}', "unknown member"),
        ('{"properties": [{"pid": "nothing", "v": 1}]}', "No property"),
        ('{"properties": [{"v": 1}]}', "pid"),
        ('{"properties": {"pid": "locatedIn"}}', "must be a list"),
        (json.dumps({"query": "a", "type": ["Place"] * 21}), "more than 20"),
        ('{"query": "a", "properties": [{"pid": "locatedIn", "v": 1e400}]}', "finite number"),
        ('{"query": "a", "properties": [{"pid": "locatedIn", "v": -1e400}]}', "finite number"),
        ('{"query": "a", "properties": [{"pid": "locatedIn", "v": NaN}]}', "finite number"),
        ('{"query": "a", "properties": [{"pid": "locatedIn", "v": Infinity}]}', "finite number"),
    ],
    ids=str,
)  # fmt: skip
def test_an_invalid_row_has_no_result_and_a_message(row: str, message: str, server: str) -> None:
    batch = f'{{"first": {{"query": "Hangzhou"}}, "q": {row}, "last": {{"query": "松江"}}}}'
    answer = asking.post(f"{server}/reconcile", data={"queries": batch})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["q"]["result"] == []
    assert message in found["q"]["message"]
    assert len(found["q"]["message"]) < 1_000
    best = [found[key]["result"][0]["id"] for key in ("first", "last")]
    assert best == ["hangzhou", "songjiang"]
    assert "message" not in found["first"]
    alone = asking.post(f"{server}/reconcile", data={"query": row})
    assert alone.status_code == 400 or not row.startswith("{")


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u00ad"], ids=ascii)
def test_invisible_characters_in_a_name_do_not_count(mark: str, client: Client) -> None:
    for name in (f"{mark}Hang{mark}zhou", f"杭{mark}州{mark}", f"id:hang{mark}zhou"):
        first = client.one(query=name)[0]
        assert (first["id"], first["score"], first["match"]) == ("hangzhou", 100, True), name
    hints = [{"pid": "inProvince", "v": f"Zhe{mark}jiang"}]
    assert client.one(query="Hangzhou", properties=hints)[0]["match"]


def test_too_many_queries_and_too_long_ones_are_refused(server: str) -> None:
    url = f"{server}/reconcile"

    def batch(count: int, name: str = "a") -> dict[str, str]:
        return {"queries": json.dumps({f"q{number}": {"query": name} for number in range(count)})}

    assert asking.post(url, data=batch(MOST_QUERIES)).status_code == 200
    refused = asking.post(url, data=batch(MOST_QUERIES + 1))
    assert refused.status_code == 400
    assert "batchSize" in refused.json()["detail"]
    assert asking.post(url, data=batch(10_000)).status_code == 413
    assert asking.post(url, data=batch(1, "长" * 1_000_000)).status_code == 413
    assert asking.post(url, data=batch(1, "a" * 150_000)).json()["q0"]["result"] == []
    assert asking.get(url, params=batch(1200)).status_code == 414


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("POST", "", {"json": {"queries": {}}}, 415),
        ("POST", "", {"data": {}}, 415),
        ("POST", "", {"data": {"callback": "x"}}, 400),
        ("POST", "", {"data": {"queries": "{}", "extend": "{}"}}, 400),
        ("GET", "?queries={}&queries={}", {}, 400),
        ("GET", "?queries=%FF", {}, 400),
        ("GET", "/suggest/entity", {}, 400),
        ("GET", "/suggest/entity?prefix=a&cursor=-1", {}, 400),
        ("GET", "/suggest/entity?prefix=a&cursor=", {}, 400),
        ("GET", "/suggest/entity?prefix=a&cursor=99999999999", {}, 400),
        ("GET", "/properties?limit=101", {}, 400),
        ("GET", "/properties?limit=0", {}, 400),
        ("GET", "/suggest/colour?prefix=a", {}, 404),
        ("GET", "/flyout/entity?id=nobody", {}, 404),
        ("GET", "/flyout/type?id=a%20b%3C", {}, 404),
        ("GET", "/preview?id=%3Cscript%3E", {}, 404),
        ("GET", "/preview", {}, 400),
        ("GET", "/properties?type=nothing", {}, 404),
        ("PUT", "", {}, 405),
    ],
)  # fmt: skip
def test_other_requests_have_their_status(
    method: str, path: str, options: dict[str, Any], status: int, server: str
) -> None:
    answer = asking.request(method, f"{server}/reconcile{path}", **options)
    assert answer.status_code == status, answer.text
    assert answer.json()["title"]
