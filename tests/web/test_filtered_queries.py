"""Filters, totals, facets and downloads of canned queries, over HTTP and on pages."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.web.asking import get, numbers
from tests.web.reading_pages import page

AGREEMENTS = "/api/queries/agreements"
SOURCE = "2307119874"


def test_the_api_filters_rows_by_year_and_source(server: str) -> None:
    every = numbers(get(f"{server}{AGREEMENTS}"), "year")
    some = numbers(get(f"{server}{AGREEMENTS}?from=2018&to=2018"), "year")
    assert some == [year for year in every if int(year) == 2018] != []
    assert numbers(get(f"{server}{AGREEMENTS}?source={SOURCE}&from=2018"), "year") != []
    described = {one["name"]: one for one in get(f"{server}/api/queries").json()["queries"]}
    assert [one["name"] for one in described["agreements"]["filters"]] == ["from", "to", "source"]


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/api/queries/enterprises?from=2019", "no filter by year"),
        ("/api/queries/industries?source=GeoNames", "counts are over all sources"),
        ("/api/queries/agreements?source=nosuch", 'No source is called "nosuch"'),
    ],
)
def test_the_api_refuses_a_filter_with_the_reason(server: str, address: str, detail: str) -> None:
    answer = get(f"{server}{address}")
    assert answer.status_code == (404 if "nosuch" in address else 400)
    assert detail in answer.json()["title"]


@pytest.mark.parametrize(
    ("language", "about"), [("en", "by the start of “Year”"), ("zh", "以“年份”的起始年份为准")]
)
def test_a_page_has_fields_for_its_filters(server: str, language: str, about: str) -> None:
    root = page(server, f"/queries/agreements?from=2018&source={SOURCE}&lang={language}")
    assert root.one("input", name="from").attributes["value"] == "2018"
    assert root.one("input", name="source").attributes["value"] == SOURCE
    assert about in root.text
    csv = get(f"{server}{root.link('CSV')}").text.splitlines()
    assert len(csv) - 1 == len(root.one("tbody").all("tr")) > 0
    enterprises = page(server, f"/queries/enterprises?lang={language}")
    assert not enterprises.all("input", name="from")


def test_the_api_counts_values_in_all_rows(server: str) -> None:
    meta = get(f"{server}{AGREEMENTS}?facets=year,signatory&limit=1").json()["meta"]
    rows = get(f"{server}{AGREEMENTS}?limit=all")
    years = numbers(rows, "year")
    assert meta["total"] == {"rows": len(years), "exact": True}
    found = {one["value"]: one["count"] for one in meta["facets"]["year"]["values"]}
    assert found == {year: years.count(year) for year in set(years)}
    first = meta["facets"]["signatory"]["values"][0]
    assert first["label"] in numbers(rows, "signatoryLabel")
    assert "total" not in rows.json()["meta"]


def test_the_api_names_the_columns_that_have_facets(server: str) -> None:
    answer = get(f"{server}{AGREEMENTS}?facets=town")
    assert answer.status_code == 400
    assert "no column town" in answer.json()["title"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_facet_of_a_page_leads_to_as_many_rows_as_it_counts(server: str, language: str) -> None:
    for name in ("agreements", "zones", "enterprises", "claims-by-modality"):
        here = f"/queries/{name}?lang={language}"
        for entry in page(server, here).one("nav", class_="facets").all("li")[:6]:
            label, _, count = entry.text.rpartition(" ")
            narrowed = page(server, entry.one("a").attributes["href"] + f"&lang={language}")
            status = narrowed.one("p", role="status").text
            assert re.search(rf"\b{count}\b|{count}", status), (name, label)
            # What is set is offered no more, and can be cleared.
            assert narrowed.one("nav", class_="facets").all("a")


@pytest.mark.parametrize(("language", "excel"), [("en", "CSV for Excel"), ("zh", "CSV（Excel用）")])
def test_downloads_have_all_rows_of_the_filtered_answer(
    server: str, language: str, excel: str
) -> None:
    asked = "from=2016&sort=-value&evidence=true"
    root = page(server, f"/queries/quantities?{asked}&offset=5&lang={language}")
    rows = get(f"{server}/api/queries/quantities?{asked}&limit=all").json()
    shown = get(server + root.link("JSON")).json()
    assert len(shown["results"]["bindings"]) == len(rows["results"]["bindings"])
    assert shown["meta"]["complete"]
    assert all(shown["evidence"])
    sheet = get(server + root.link(excel))
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert len(lines) == sum(map(len, shown["evidence"]))
    assert lines[0]["quote"]
    facts = get(server + root.link("JSON-LD")).json()
    kinds = [node.get("@type") for node in facts["@graph"]]
    assert "g60:Fact" in kinds
    assert "g60:Quotation" in kinds


def test_an_entity_has_json_ld_with_a_context(server: str) -> None:
    found = get(f"{server}/id/songjiang.jsonld").json()
    assert found["@context"]["id"] == "https://w3id.org/g60kg/id/"
    assert "id:songjiang" in [node["@id"] for node in found["@graph"]]
