"""Export of fact sheets: the sheet compiles to the graph it was made from."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    Quad,
    RdfFormat,
    Triple,
)

from g60kg.errors import UsageError
from g60kg.export import (
    Selection,
    described,
    export,
)
from g60kg.model.iri_minting import (
    Evidence,
    Quantity,
    Statement,
    article_triples,
    statement_triples,
)
from g60kg.namespaces import LABEL, A, entity, g60, graph_name, term
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import read_sheet
from g60kg.stores.local_store import LocalStore

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
ARTICLE = "2307119874"


def exported(store: LocalStore, format_: str, selection: Selection) -> bytes:
    out = io.BytesIO()
    export(store, format_, out, selection)
    return out.getvalue()


HEADER = {
    "url": "https://example.org/news/1234567/",
    "title": "A second article",
    "date": "2024-01-02",
    "publisher": "Example News",
    "language": "en",
}
SOURCE = entity("article-1234567")
CORRIDOR, CITY = entity("corridor"), entity("a-new-city")
CLUSTER = entity("a-new-cluster")


def a_small_graph() -> list[Quad]:
    """What a second article says, with each kind of fact that a sheet can hold."""
    member = Triple(CORRIDOR, g60("hasMemberCity"), CITY)
    slogan = Triple(CITY, g60("cityRole"), Literal("创新源头", language="en"))
    value = Quantity(
        subject=CLUSTER,
        measure=g60("targetValue"),
        value="100000000000",
        comparator=g60("GreaterThan"),
        notation="greaterThan",
        unit=term("unit:CCY_CNY"),
        as_of="2025",
    )
    dollars = Quantity(
        subject=value.iri,
        measure=g60("statedEquivalent"),
        value="13800000000",
        comparator=g60("Exactly"),
        notation="exactly",
        unit=term("unit:CCY_USD"),
    )
    target = Triple(CLUSTER, g60("targetValue"), value.iri)
    equivalent = Triple(value.iri, g60("statedEquivalent"), dollars.iri)
    code = Triple(CITY, g60("administrativeCode"), Literal("330101"))

    def quoted(text: str, start: int) -> Evidence:
        return Evidence(SOURCE, quote=text, start=start)

    statements = [
        Statement(
            member,
            (quoted('A new city, "the tenth",\njoined', 300), quoted("ten cities", 20)),
            g60("Attributed"),
            time="2024",
            attributed_to=Literal("a spokesman", language="en"),
            note=Literal("Counted with the nine.", language="en"),
        ),
        Statement(slogan, (quoted("创新源头", 40),), g60("Quoted"), attributed_to=CITY),
        Statement(
            target,
            (quoted("a target", 50), quoted("over 100 billion yuan", 90)),
            g60("Goal"),
            verbatim="over 100 billion yuan",
        ),
        Statement(
            equivalent,
            (quoted("US$13.8 billion", 120),),
            g60("Asserted"),
            verbatim="US$13.8 billion",
        ),
        Statement(code, (Evidence(entity("dataset-gbt2260"), record="330101"),), g60("Asserted")),
    ]
    plain = [
        member, slogan, target, equivalent, code,
        Triple(CITY, A, g60("City")),
        Triple(CITY, LABEL, Literal("A New City", language="en")),
        Triple(CITY, LABEL, Literal("新城", language="zh")),
        Triple(CLUSTER, A, g60("IndustryCluster")),
        Triple(CLUSTER, LABEL, Literal("A new cluster", language="en")),
        Triple(CITY, term("skos:exactMatch"), term("wd:Q1")),
        *article_triples("1234567", HEADER), *value.triples(), *dollars.triples(),
    ]  # fmt: skip
    triples = {*plain, *(t for statement in statements for t in statement_triples(statement))}
    graph = graph_name("1234567")
    return [Quad(t.subject, t.predicate, t.object, graph) for t in sorted(triples, key=str)]


@pytest.fixture(scope="module")
def two_articles(store: LocalStore) -> LocalStore:
    shipped = store.quads(None, None, None, None)
    return LocalStore.holding([*shipped, *a_small_graph()], "two articles")


def compiled(sheet: bytes, store: LocalStore, folder: Path) -> Draft:
    path = folder / "sheet.csv"
    path.write_bytes(sheet)
    result = draft(read_sheet(path), store)
    assert [str(problem) for problem in result.problems] == []
    return result


@pytest.mark.parametrize("source", [ARTICLE, "1234567"])
def test_a_sheet_compiles_to_the_graph_it_was_made_from(
    two_articles: LocalStore, source: str, tmp_path: Path
) -> None:
    sheet = exported(two_articles, "csv", Selection(graph=source))
    result = compiled(sheet, two_articles, tmp_path)
    said = {quad.triple for quad in two_articles.quads(None, None, None, graph_name(source))}
    assert set(result.triples) == said
    assert result.graph == graph_name(source)
    # And the graph that it compiles to gives the same sheet.
    again = LocalStore.holding(
        [
            *(quad for quad in two_articles.quads() if quad.graph_name != graph_name(source)),
            *(Quad(t.subject, t.predicate, t.object, result.graph) for t in result.triples),
        ],
        "again",
    )
    assert exported(again, "csv", Selection(graph=source)) == sheet


def test_a_sheet_of_records_compiles_to_its_facts(store: LocalStore, tmp_path: Path) -> None:
    sheet = exported(store, "csv", Selection(graph="reference"))
    assert sheet.startswith(b"# id: reference\n")
    result = compiled(sheet, store, tmp_path)
    assert set(result.triples) == {
        quad.triple for quad in store.quads(None, None, None, graph_name("reference"))
    }
    again = LocalStore.holding(
        [
            *(quad for quad in store.quads() if quad.graph_name != graph_name("reference")),
            *(Quad(t.subject, t.predicate, t.object, result.graph) for t in result.triples),
        ],
        "again",
    )
    assert exported(again, "csv", Selection(graph="reference")) == sheet


def test_the_sheet_as_people_read_it(two_articles: LocalStore) -> None:
    sheet = exported(two_articles, "csv", Selection(graph="1234567")).decode()
    head = [line for line in sheet.splitlines() if line.startswith("#")]
    assert head == [
        "# title: A second article",
        "# url: https://example.org/news/1234567/",
        "# date: 2024-01-02",
        "# publisher: Example News",
        "# language: en",
    ]
    body = sheet.split("\n", len(head))[-1]
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    shown = [(row["subject"], row["predicate"], row["object"], row["quote"]) for row in rows]
    assert shown == [
        ("id:a-new-city", "a", "City", ""),
        ("id:a-new-city", "label@en", "A New City", ""),
        ("id:a-new-city", "label@zh", "新城", ""),
        ("id:a-new-city", "administrativeCode", "330101", ""),
        ("id:a-new-city", "cityRole@en", "创新源头", "创新源头"),
        ("id:a-new-city", "skos:exactMatch", "wd:Q1", ""),
        ("id:a-new-cluster", "a", "IndustryCluster", ""),
        ("id:a-new-cluster", "label@en", "A new cluster", ""),
        ("id:a-new-cluster", "targetValue", "100000000000", "over 100 billion yuan"),
        ("id:a-new-cluster", "targetValue", "100000000000", "a target"),
        ("id:corridor", "hasMemberCity", "id:a-new-city", "ten cities"),
        ("id:corridor", "hasMemberCity", "id:a-new-city", 'A new city, "the tenth",\njoined'),
        (
            "id:quantity-a-new-cluster-targetValue-greaterThan-100000000000-CCY_CNY-2025",
            "statedEquivalent",
            "13800000000",
            "US$13.8 billion",
        ),
    ]
    city, member, target = rows[3], rows[10], rows[8]
    assert (city["dataset"], city["record"]) == ("id:dataset-gbt2260", "330101")
    assert (member["start"], member["modality"], member["time"]) == ("20", "Attributed", "2024")
    assert (member["attributed_to"], member["note"]) == ("a spokesman", "Counted with the nine.")
    assert rows[4]["attributed_to"] == "id:a-new-city"
    assert (target["unit"], target["comparator"], target["as_of"]) == (
        "CCY_CNY",
        "greaterThan",
        "2025",
    )


def test_the_sheet_of_one_entity_brings_in_what_it_mentions(
    store: LocalStore, tmp_path: Path
) -> None:
    selection = Selection(graph=ARTICLE, entity=entity("corridor"))
    sheet = exported(store, "csv", selection)
    result = compiled(sheet, store, tmp_path)
    assert {
        quad.triple for quad in described(store, entity("corridor"), [graph_name(ARTICLE)])
    } <= (set(result.triples))


def test_a_sheet_holds_one_article(two_articles: LocalStore) -> None:
    with pytest.raises(UsageError, match="holds one source; the selection has 2") as error:
        exported(two_articles, "csv", Selection())
    assert f"1234567, {ARTICLE}" in str(error.value.hint)
    with pytest.raises(UsageError, match="not the ontology"):
        exported(two_articles, "csv", Selection(with_ontology=True))


def test_a_sheet_cannot_hold_everything() -> None:
    graph = graph_name("x")
    blank = LocalStore.holding([Quad(BlankNode(), A, g60("City"), graph)], "blank")
    with pytest.raises(UsageError, match="blank node"):
        exported(blank, "csv", Selection())
    half = LocalStore.holding([Quad(term("fact:x-1"), A, g60("Fact"), graph)], "half")
    with pytest.raises(UsageError, match="fact:x-1 has no subject, predicate or object"):
        exported(half, "csv", Selection())
