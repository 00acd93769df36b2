"""Pages of canned queries with their forms, of the SPARQL editor, and of the fact check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from g60kg import Answer, load
from g60kg.namespaces import PREFIXES
from g60kg.queries.catalog import load_catalog
from g60kg.web.forwarded_headers import MOST_URL
from tests.cli.run import g60kg
from tests.conftest import ARTICLE
from tests.web.asking import get, post
from tests.web.reading_pages import page, read_page
from tests.web.serving import serving

# -- Queries ------------------------------------------------------------------


def test_a_query_has_a_form_of_its_parameters(server: str) -> None:
    root = page(server, "/queries/enterprises?city=&industry=Integrated+Circuits")
    field = root.one("input", name="industry")
    assert field.attributes["value"] == "Integrated Circuits"
    offered = root.one("datalist", id=field.attributes["list"]).all("option")
    assert "biopharmaceuticals" in [one.attributes["value"] for one in offered]
    assert len(root.one("tbody").all("tr")) == 2
    assert re.fullmatch(r"\d+ rows?", root.one("p", role="status").text)
    assert "VALUES ?_industry { <https://w3id.org/g60kg/id/integrated-circuits> }" in root.text
    opened = root.link("Open in the editor")
    assert len(page(server, opened).one("tbody").all("tr")) == 2


@pytest.mark.parametrize(
    ("path", "said", "chinese"),
    [
        ("/queries/zones?", "No further rows.", "没有更多行。"),
        ("/ask?q=Which+projects+are+in+Songjiang%3F&", "No further rows.", "没有更多行。"),
        ("/timeline?", "No further rows.", "没有更多行。"),
        ("/companies?", "No further rows.", "没有更多行。"),
        ("/articles?", "No further rows.", "没有更多行。"),
        ("/search?q=Hangzhou&", "No further results.", "没有更多结果。"),
    ],
)
def test_a_page_after_the_last_row_links_to_the_first(
    path: str, said: str, chinese: str, server: str
) -> None:
    assert chinese in page(server, f"{path}offset=5000", "zh").text
    root = page(server, f"{path}offset=5000")
    assert said in root.text
    first = page(server, root.link("First page"))
    assert said not in first.text
    assert first.text == page(server, path).text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_link_to_the_editor_is_short_enough(language: str, server: str) -> None:
    examples = page(server, "/sparql.html", language).one("ul", **{"data-examples": ""}).links()
    assert len(examples) == len(load_catalog())
    assert get(server + max(examples, key=len)).status_code == 200
    for query in load_catalog().values():
        given = {parameter.name: parameter.example for parameter in query.parameters}
        for params in ({}, given):
            answer = get(f"{server}/queries/{query.name}", params={**params, "lang": language})
            section = read_page(answer.text).one("section", **{"aria-labelledby": "sparql"})
            assert len(section.links()[0]) <= MOST_URL
            if query.name == "conflicts":
                assert get(server + section.links()[0]).status_code == 200


@pytest.mark.parametrize(("language", "plain"), [("en", "stated"), ("zh", "直接陈述")])
def test_a_plain_statement_is_no_obsolete_term(server: str, language: str, plain: str) -> None:
    text = get(f"{server}/queries/claims-by-modality?lang={language}").text
    assert f'<option value="Asserted">{plain}</option>' in text


def test_the_links_to_data_give_the_same_rows(server: str) -> None:
    root = page(server, "/queries/enterprises?industry=集成电路&evidence=true&sort=-enterprise")
    assert len(root.one("tbody").all("blockquote")) == 2
    csv = get(f"{server}{root.link('CSV')}").text.splitlines()
    assert csv[0].startswith("enterprise,enterpriseLabel")
    assert "Quectel" in csv[1]
    assert len(get(f"{server}{root.link('JSON')}").json()["results"]["bindings"]) == 2
    turtle = get(f"{server}{root.link('Turtle')}")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    named = ["id:omnivision" in turtle.text, "id:quectel-communication" in turtle.text]
    assert named == [True, True]
    assert "id:tencent" not in turtle.text


@pytest.mark.long
def test_the_links_to_data_give_all_rows(tmp_path: Path) -> None:
    rows = 10_050  # more than the largest page
    triples, store = tmp_path / "many.nt", tmp_path / "store"
    triples.write_text(
        "".join(f"<urn:{n}> <{PREFIXES['g60']}locatedIn> <urn:x> .\n" for n in range(rows)),
        encoding="utf-8",
    )
    assert g60kg("--store", store, "load", triples).returncode == 0
    with serving(tmp_path / "log", "--workers", "1", globals_=("--store", str(store))) as served:
        root = page(served.url, "/queries/unsupported-triples")
        csv = get(f"{served.url}{root.link('CSV')}")
        assert len(csv.text.splitlines()) == rows + 1
        assert csv.headers["G60kg-Complete"] == "true"
        assert 'rel="next"' not in csv.headers["Link"]
        turtle = get(f"{served.url}/api/queries/timeline?limit=all&offset=1&format=turtle")
        assert turtle.status_code == 200
        assert "limit=all&offset=0" in turtle.headers["Link"]


@pytest.mark.parametrize(("form", "name"), [("csv", "zones.csv"), ("xlsx", "zones.xlsx")])
def test_a_table_is_saved_under_the_name_of_its_query(form: str, name: str, server: str) -> None:
    for url in (f"zones?format={form}", f"zones.{form}"):
        headers = get(f"{server}/api/queries/{url}").headers
        assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "Content-Disposition" not in get(f"{server}/api/queries/zones.json").headers


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {"population": "people", "number of member cities": "number"}),
        ("zh", {"人口": "人", "成员城市数": "个"}),
    ],
)
def test_the_unit_of_a_population_is_people(
    language: str, expected: dict[str, str], server: str
) -> None:
    table = page(server, "/queries/corridor-overview", language).one("table")
    units = {}
    for row in table.one("tbody").all("tr"):
        cells = [cell.text for cell in row.all("td")]
        units.update({name: set(cells) & set(expected.values()) for name in cells})
    assert {name: units[name] for name in expected} == {
        name: {unit} for name, unit in expected.items()
    }


def test_columns_without_a_value_are_named_below_the_table(server: str) -> None:
    root = page(server, "/queries/quantities")
    headings = {one.text for one in root.one("table").all("th", scope="col")}
    assert {"Value", "Source wording"} <= headings
    assert "Compared with" not in headings
    assert "Columns without a value in these rows: Compared with" in root.text


@pytest.mark.parametrize(
    ("language", "value", "period", "common"),
    [
        ("en", "nearly 3,000", "July 2023", "In all rows: Agreement: Strategic cooperation"),
        ("zh", "近3,000", "2023年7月", "各行相同： 协议： 2018年战略合作协议"),
    ],
)
def test_a_table_is_written_for_readers(
    language: str, value: str, period: str, common: str, server: str
) -> None:
    figures = page(server, "/queries/quantities?subject=id:biopharmaceuticals", language)
    cells = [cell.text for cell in figures.one("tbody").all("td")]
    assert {value, period} <= set(cells)
    signed = page(server, "/queries/agreements?from=2018&to=2018", language)
    assert common in signed.one("p", class_="common").text
    # The common values are not repeated in the rows, and the link to a fact comes last.
    assert [len(row.all("td")) for row in signed.one("tbody").all("tr")] == [1] * 9
    facts = page(server, "/queries/facts-about?entity=id:corridor", language).one("table")
    names = [one.text for one in facts.all("th", scope="col")]
    assert names[-1] == {"en": "Fact", "zh": "事实"}[language]
    assert "fact:" not in facts.text


INFERRED = {"Fosun Pharma", "Haohai Biological", "Huadao Biotechnology"}


def test_enterprises_mark_inferred_facts(server: str) -> None:
    entries = page(server, "/companies").all("li", class_="entry")
    marked = {one.one("h3").text for one in entries if one.all("span", class_="chip derived")}
    assert marked == INFERRED
    assert "OmniVision" not in marked


def test_rows_with_evidence_mark_inferred_facts(server: str) -> None:
    body = page(server, "/queries/enterprises?evidence=true").one("tbody")
    rows, behind = body.all("tr", class_="backed"), body.all("tr", class_="behind")
    marked = {
        row.one("a").text
        for row, evidence in zip(rows, behind, strict=True)
        if evidence.all("span", class_="chip derived")
    }
    assert marked == INFERRED
    assert "OmniVision" not in marked


def test_many_rows_come_in_pages(server: str) -> None:
    asked = f"article=id:article-{ARTICLE}&sort=property"
    first = page(server, f"/queries/facts-in-article?{asked}")
    rows = get(f"{server}/api/queries/facts-in-article?{asked}&limit=all").json()["results"]
    total = len(rows["bindings"])
    assert first.one("p", role="status").text == f"Rows 1–50 of {total}."
    second = page(server, first.link("Next rows"))
    assert second.one("p", role="status").text == f"Rows 51–100 of {total}."
    assert page(server, second.link("Previous rows")).one("tbody").text == first.one("tbody").text
    assert first.one("th", **{"aria-sort": "ascending"}).text.startswith("Property")
    assert "sort=-property" in first.one("thead").link("Property")


def test_an_unknown_name_in_a_form_gets_the_nearest_name(server: str) -> None:
    root = page(server, "/queries/enterprises?industry=integrated+circus", status=404)
    assert "integrated circuits" in root.one("div", role="alert").text
    assert root.one("input", name="industry").attributes["value"] == "integrated circus"
    page(server, "/queries/timeline?from=soon", status=400)
    page(server, "/queries/timeline?nothing=x", status=400)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK { id:corridor a g60:Corridor }", "Yes"),
        ("ASK { id:corridor a g60:Zone }", "No"),
        ("SELECT ?s { ?s a g60:Corridor }", "id:corridor"),
        (
            "CONSTRUCT { ?s a g60:PrefectureCity } WHERE { ?s a g60:PrefectureCity }",
            "id:hangzhou a g60:PrefectureCity",
        ),
        ("SELECT ?s { ?s ?p ?o }", "The first 200 rows"),
    ],
)
def test_the_editor_shows_a_result(query: str, words: str, server: str) -> None:
    answer = get(f"{server}/sparql.html", params={"query": query})
    root = read_page(answer.text)
    assert answer.status_code == 200
    assert words in root.one("main").text
    assert query in root.one("textarea").text
    link = root.one("section", **{"aria-labelledby": "answer"}).links()[-1]
    assert get(f"{server}{link}").status_code == 200


@pytest.mark.usefixtures("shipped_graph")
def test_the_example_lists_each_city_once_on_the_graph_of_all_sources(server: str) -> None:
    root = page(server, "/sparql.html")
    answer = load().sparql(root.one("textarea").text)
    assert isinstance(answer, Answer)
    rows = [tuple(row.values()) for row in answer.to_dicts()]
    assert len(rows) > 9
    assert len(rows) == len(set(rows))
    assert "write DISTINCT" in root.one("main").text


def test_an_answer_without_rows_offers_no_downloads(server: str) -> None:
    for path, offered in (("from=1900&to=1901", False), ("", True)):
        answer = page(server, f"/queries/timeline?{path}").one(
            "section", **{"aria-labelledby": "answer"}
        )
        assert any("format=xlsx" in link for link in answer.links()) == offered


def test_a_syntax_error_in_a_query_has_its_line(server: str) -> None:
    text = "SELECT *\nWHRE { ?s ?p ?o }\n"
    answer = get(f"{server}/sparql.html", params={"query": text})
    assert answer.status_code == 400
    alert = read_page(answer.text).one("div", role="alert").text
    assert "line 2" in alert
    assert "WHRE { ?s ?p ?o }" in alert


# -- Checking -----------------------------------------------------------------

TURTLE = """@prefix id: <https://w3id.org/g60kg/id/> .
@prefix g60: <https://w3id.org/g60kg/ontology/> .
id:new-company a g60:Enterprise ;
    g60:inIndustry id:integrated-circuits .
"""


@pytest.mark.parametrize("as_file", [False, True])
def test_a_text_is_checked_line_by_line(as_file: bool, server: str) -> None:
    before = get(f"{server}/api/queries/coverage").json()["results"]
    file = {"file": ("new.ttl", TURTLE.encode(), "text/turtle")} if as_file else None
    form = {"kind": "turtle", "text": "" if as_file else TURTLE}
    answer = post(f"{server}/check", data=form, files=file)
    root = read_page(answer.text)
    assert answer.status_code == 200
    assert "would not be accepted" in root.one("p", role="status").text
    assert [one.text for one in root.all("a", class_="line")] == ["3", "4"]
    listing = root.one("div", class_="listing")
    wrong = [one.attributes["id"] for one in listing.all("div", class_="code wrong")]
    assert wrong == ["L3", "L4"]
    assert "EntityHasEnglishLabel" in listing.all("ul", class_="findings")[0].text
    assert "EvidencedTripleHasFact" in listing.all("ul", class_="findings")[1].text
    if not as_file:
        assert root.one("textarea").text == " ".join(TURTLE.split())
    assert get(f"{server}/api/queries/coverage").json()["results"] == before


def test_a_form_of_unknown_length_is_read(server: str) -> None:
    text = 'Content-Disposition: form-data; name="text"\r\n\r\n<a:a> <a:b> <a:c> .'
    parts = (part.encode() for part in ("--b\r\n", text, "\r\n--b--\r\n"))
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = post(f"{server}/check", content=parts, headers=kind)
    assert (answer.status_code, "pasted.ttl" in answer.text) == (200, True)
    assert post(f"{server}/check").status_code == 400


def test_empty_or_large_input_is_refused(server: str) -> None:
    empty = post(f"{server}/check", data={"kind": "turtle", "text": " "})
    assert empty.status_code == 400
    assert "No input" in read_page(empty.text).one("div", role="alert").text
    large = post(f"{server}/check", data={"text": "#" * (2 * 1024**2 + 50_000)})
    assert large.status_code == 413
    odd = post(f"{server}/check", files={"file": ("x.exe", b"MZ", "x/y")}, data={"kind": "turtle"})
    assert odd.status_code == 400
    read_page(odd.text).one("div", role="alert")
