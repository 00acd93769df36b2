"""`/api/cite` and the panel “Cite” of pages."""

from __future__ import annotations

import datetime as dt
import io

import httpx
import jsonschema
import pytest
from openpyxl import load_workbook

from g60kg import __version__
from g60kg.queries.catalog import load_catalog
from g60kg.web.routes.api.openapi_document import document
from g60kg.web.routes.api.query_routes import CITING, OF_ANSWERS
from tests.cli.run import g60kg
from tests.conftest import ARTICLE
from tests.row_formats.bibtex_reader import read_bibtex
from tests.web.asking import get
from tests.web.reading_pages import page

FACT = f"fact/{ARTICLE}-2c55b8da16e1"
POPULATION = "id/observation-corridor-population-a88da2f9185c"
CIRCUITS = "query=enterprises&industry=Integrated+Circuits"
DAY = "accessed=2026-01-02"
BASE = "https://w3id.org/g60kg/"


def cited(server: str, query: str, accept: str = "*/*", status: int = 200) -> httpx.Response:
    answer = get(f"{server}/api/cite?{query}", headers={"Accept": accept})
    assert answer.status_code == status, answer.text
    return answer


# -- The API ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/vnd.citationstyles.csl+json"),
        ("", "application/json", "application/vnd.citationstyles.csl+json"),
        ("", "application/x-bibtex", "application/x-bibtex"),
        ("", "text/plain, application/x-bibtex;q=0.5", "text/plain; charset=utf-8"),
        ("", "text/x-bibliography", "text/plain; charset=utf-8"),
        ("&format=bibtex", "text/plain", "application/x-bibtex"),
    ],
)
def test_the_format_is_negotiated(query: str, accept: str, media_type: str, server: str) -> None:
    answer = cited(server, CIRCUITS + query, accept)
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"].split(", ")
    assert answer.headers["g60kg-complete"] == "true"
    assert "3383–3488" in answer.text


@pytest.mark.parametrize("format_", ["csl", "bibtex", "text"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_api_cites_what_the_command_line_cites(
    format_: str, language: str, server: str
) -> None:
    answer = cited(server, f"{CIRCUITS}&format={format_}&lang={language}&{DAY}")
    run = g60kg("--lang", language, "query", "run", "enterprises", "-p", "industry=集成电路",
                "-f", format_, "--accessed", "2026-01-02")  # fmt: skip
    assert answer.text == run.stdout
    again = cited(server, f"{CIRCUITS}&format={format_}&lang={language}&{DAY}")
    assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])


def test_references_conform_to_their_schema(server: str) -> None:
    described = document("")
    schema = {"$ref": "#/components/schemas/References", "components": described["components"]}
    for query in ("query=city-profile&city=hangzhou", f"fact={BASE}{FACT}"):
        before = dt.datetime.now().date()
        found = cited(server, query).json()
        jsonschema.validate(found, schema, jsonschema.Draft202012Validator)
        days = [[day.year, day.month, day.day] for day in (before, dt.datetime.now().date())]
        assert all(one["accessed"]["date-parts"][0] in days for one in found if "URL" in one)
    assert len({one["id"] for one in cited(server, "query=city-profile&city=hangzhou").json()}) > 1


def test_a_fact_and_a_figure_are_cited_by_their_iris(server: str) -> None:
    for iri, place in ((FACT, "3779–3881"), (POPULATION, "7203–7332")):
        for name in (BASE + iri, iri.replace("/", ":", 1)):
            (entry,) = [
                fields
                for key, fields in read_bibtex(
                    cited(server, f"fact={name}&format=bibtex").text
                ).items()
                if key == ARTICLE
            ]
            assert place in entry["note"]
            assert entry["note"].endswith(BASE + iri)


@pytest.mark.parametrize(
    ("query", "options"),
    [
        (f"projects&source={ARTICLE}", ("--source", ARTICLE)),
        ("agreements&from=2018&to=2018", ("--from", "2018", "--to", "2018")),
    ],
)
def test_rows_can_be_filtered(query: str, options: tuple[str, ...], server: str) -> None:
    name = query.partition("&")[0]
    run = g60kg("query", "run", name, *options, "-f", "bibtex", "--accessed", "2026-01-02")
    assert cited(server, f"query={query}&format=bibtex&{DAY}").text == run.stdout
    link = page(server, f"/queries/{query.replace('&', '?', 1)}").link("BibTeX")
    assert get(f"{server}{link}").status_code == 200


def test_rows_can_be_limited(server: str) -> None:
    some = cited(server, "query=city-profile&city=hangzhou&limit=1&sort=section")
    assert some.headers["g60kg-complete"] == "false"
    assert len(some.json()) < len(cited(server, "query=city-profile&city=hangzhou").json())
    assert cited(server, f"{CIRCUITS}&limit=all").json() == cited(server, CIRCUITS).json()


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 400, "missing"),
        ("query=&fact=", 400, "missing"),
        (f"{CIRCUITS}&fact=fact:x", 400, "A query and a fact"),
        ("query=enterprise", 404, "Did you mean enterprises?"),
        ("query=" + "x" * 500, 404, "No query"),
        ("query=enterprises&town=Hangzhou", 400, "town"),
        ("query=enterprises&industry=Integrated+Circus", 404, "integrated circuits"),
        ("query=coverage", 400, "no evidence"),
        ("fact=fact:none", 404, "No source"),
        ("fact=Songjiang", 404, "No source"),
        (f"fact=fact:{ARTICLE}-2c55b8da16e1&limit=5", 400, "limit"),
        (f"{CIRCUITS}&accessed=20260102", 400, "not a date"),
        (f"{CIRCUITS}&accessed=2026-02-30", 400, "not a date"),
        (f"{CIRCUITS}&format=ris", 406, "application/x-bibtex"),
        (f"{CIRCUITS}&query=projects", 400, "query"),
    ],
)
def test_wrong_requests_have_a_reason(query: str, status: int, said: str, server: str) -> None:
    assert said in cited(server, query, status=status).text


def test_no_parameter_of_a_query_has_a_name_of_the_route() -> None:
    for query in load_catalog().values():
        own = {parameter.name for parameter in query.parameters}
        assert not own & {*CITING, *OF_ANSWERS}, query.name


# -- Pages --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (
            "/queries/enterprises?industry=集成电路",
            f"{BASE}queries/enterprises?industry=id:integrated-circuits",
        ),
        (
            "/ask?q=Which+companies+make+integrated+circuits%3F",
            f"{BASE}queries/enterprises?industry=id:integrated-circuits",
        ),
        (f"/{FACT}.html", BASE + FACT),
        (f"/{POPULATION}.html", BASE + POPULATION),
        ("/id/songjiang.html", f"{BASE}id/songjiang"),
        ("/measure/population.html", f"{BASE}measure/population"),
        ("/ontology/hasMemberCity.html", f"{BASE}ontology/hasMemberCity"),
        (f"/id/article-{ARTICLE}.html", f"{BASE}id/article-{ARTICLE}"),
    ],
)
@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [("en", "Cite", "], SHINE, 11 July 2023, https"), ("zh", "引用", "］，SHINE，2023年7月11日，")],
)
def test_a_page_has_a_panel_with_footnotes_and_links(
    path: str, address: str, language: str, heading: str, said: str, server: str
) -> None:
    shown = page(server, path, language)
    panel = shown.one("section", class_="cite")
    assert panel.one("h2").text == heading
    footnotes = panel.one("ol", id="footnotes").all("li")
    (ours,) = [one.text for one in footnotes if said in one.text]
    assert ours.endswith(address)
    versioned = f"{address}{'&' if '?' in address else '?'}version={__version__}"
    assert shown.one("code", id="permalink").text == versioned
    bibtex, csl, text = (get(f"{server}{link}") for link in panel.links())
    assert ARTICLE in read_bibtex(bibtex.text)
    assert ARTICLE in [one["id"] for one in csl.json()]
    assert ours in " ".join(text.text.split())


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This link was made with version 0.1 of the graph"), ("zh", "此链接取自图谱版本0.1")],
)
@pytest.mark.parametrize(
    "path", [f"/{FACT}.html", "/queries/zones?", "/ask?q=projects+in+Songjiang", "/id/kuka.html"]
)
def test_a_permalink_of_another_version_says_so(
    path: str, language: str, said: str, server: str
) -> None:
    mark = "&" if "?" in path else "?"
    texts = {
        version: page(server, f"{path}{mark}version={version}", language).one("main").text
        for version in ("0.1", __version__, "<b>")
    }
    assert {version: said in text for version, text in texts.items()} == {
        "0.1": True,
        __version__: False,
        "<b>": False,
    }
    other = page(server, f"{path}{mark}version=0.1", language)
    assert any(link.startswith("/feed.atom") for link in other.one("p", class_="note").links())
    assert not any("version=" in link for link in other.links())


def test_the_version_of_a_permalink_is_part_of_the_page_and_its_redirect_alone(
    server: str,
) -> None:
    tags = {
        version: get(f"{server}/id/kuka.html?version={version}").headers["etag"]
        for version in ("0.1", "0.3", __version__)
    }
    assert len(set(tags.values())) == 3
    assert tags[__version__] == get(f"{server}/id/kuka.html").headers["etag"]
    moved = get(f"{server}/{FACT}?version=0.1", headers={"Accept": "text/html"})
    assert (moved.status_code, moved.headers["location"]) == (303, f"/{FACT}.html?version=0.1")
    for path in ("queries/zones?", "ask?q=projects+in+Songjiang&", "entities/kuka?"):
        plain, versioned = (
            get(f"{server}/api/{path}{given}").text for given in ("lang=en", "lang=en&version=0.1")
        )
        assert plain == versioned


@pytest.mark.parametrize(
    ("language", "link", "heads", "inferred"),
    [
        (
            "en",
            "XLSX with",
            ("Enterprise", "Quotation", "Modality", "Footnote", "Enterprise (IRI)"),
            "inferred by the curator",
        ),
        ("zh", "XLSX（含", ("企业", "原文", "陈述性质", "脚注", "企业 (IRI)"), "整理者推断"),
    ],
)
def test_a_workbook_has_a_footnote_for_each_quotation(
    language: str, link: str, heads: tuple[str, ...], inferred: str, server: str
) -> None:
    answer = page(server, "/queries/enterprises?industry=biopharmaceuticals", language)
    book = get(f"{server}{answer.link(link)}").content
    head, *rows = load_workbook(io.BytesIO(book))["rows"].iter_rows(values_only=True)
    assert [one for one in head if one in heads] == list(heads)
    footnotes = [str(row[head.index(heads[3])]) for row in rows]
    assert inferred in [row[head.index(heads[2])] for row in rows]
    # The panel has one footnote for the source, with the places of all quotations.
    described = answer.one("ol", id="footnotes").one("li").text.partition("3644")[0]
    assert len(footnotes) == 6
    assert all(one.startswith(described) for one in footnotes)
    assert sum("3779–3881" in one for one in footnotes) == 1
    assert str(rows[0][head.index(heads[4])]).startswith(BASE)


def test_the_panel_says_that_files_have_the_sources_of_all_rows(server: str) -> None:
    part = page(server, "/queries/facts-in-article").one("section", class_="cite")
    assert "the files have those of all rows" in part.text
    full = page(server, "/queries/phase-coverage?evidence=true").one("section", class_="cite")
    assert "all rows" not in full.text


def test_a_page_without_sources_has_no_panel(server: str) -> None:
    for path in ("/queries/coverage", "/queries/unsupported-triples", "/ontology/Zone.html"):
        assert page(server, path).all("section", class_="cite") == []


def test_a_quotation_links_to_its_words_at_the_publisher(server: str) -> None:
    for path in (f"/{FACT}.html", f"/id/article-{ARTICLE}.html"):
        links = [link for link in page(server, path).links() if ":~:text=" in link]
        assert any(
            link.startswith("https://www.shine.cn/")
            and "Haohai%20Biological%20has%20become" in link
            for link in links
        )
