"""Export of fact sheets: the sheet compiles to the graph it was made from."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    Quad,
    Triple,
)

from g60kg import namespaces as ns
from g60kg.errors import UsageError
from g60kg.export import (
    Selection,
    entity_statements,
    export,
)
from g60kg.model.iri_minting import (
    NewEvidence,
    NewObservation,
    Statement,
    article_triples,
)
from g60kg.namespaces import LABEL, A, entity, g60, graph_name, term
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import read_sheet
from g60kg.stores.local_store import LocalStore

ARTICLE = "2307119874"


def exported(store: LocalStore, format_: str, selection: Selection) -> bytes:
    out = io.BytesIO()
    export(store, format_, out, selection)
    return out.getvalue()


HEADER = {
    "url": "https://example.org/news/1234567/",
    "archive": "https://archive.example/2024/https://example.org/news/1234567/",
    "title": "A second article",
    "date": "2024-01-02",
    "publisher": "Example News",
    "language": "en",
}
SOURCE = entity("article-1234567")
CORRIDOR, CITY = entity("corridor"), entity("a-new-city")
CLUSTER, RANKING = entity("a-new-cluster"), entity("a-new-ranking")


def a_small_graph() -> list[Quad]:
    """What a second article says, with each kind of fact that a sheet can hold."""
    member = Triple(CORRIDOR, g60("hasMemberCity"), CITY)
    slogan = Triple(CITY, g60("slogan"), Literal("创新源头", language="en"))
    value = NewObservation(
        subject=CLUSTER,
        measure=term("measure:industry-scale"),
        value="100000000000",
        comparator=g60("GreaterThan"),
        unit=term("unit:CCY_CNY"),
        period="2025",
        status=g60("Goal"),
    )
    dollars = replace(
        value,
        value="13800000000",
        comparator=g60("Exactly"),
        unit=term("unit:CCY_USD"),
        equivalent_of=value.iri,
    )
    moved = NewObservation(
        subject=CITY,
        measure=term("measure:ranking-position-change"),
        value="-3",
        comparator=g60("Exactly"),
        unit=term("unit:NUM"),
        period="2023",
        ranking=RANKING,
        compared_with="2012",
    )
    target = Triple(CLUSTER, ns.HAS_OBSERVATION, value.iri)
    equivalent = Triple(CLUSTER, ns.HAS_OBSERVATION, dollars.iri)
    climbed = Triple(CITY, ns.HAS_OBSERVATION, moved.iri)
    planned = Triple(CITY, g60("describedAs"), Literal("a hub", language="en"))
    goal = (ns.FACT_STATUS, g60("Goal"))
    code = Triple(CITY, g60("administrativeCode"), Literal("330101"))

    def quoted(text: str, start: int) -> NewEvidence:
        return NewEvidence(SOURCE, quote=text, start=start)

    statements = [
        Statement(
            member,
            (quoted('A new city, "the tenth",\njoined', 300), quoted("ten cities", 20)),
            ((ns.VOICE, g60("Attributed")),),
            time="2024",
            attributed_to=Literal("a spokesman", language="en"),
            note=Literal("Counted with the nine.", language="en"),
        ),
        Statement(
            slogan, (quoted("创新源头", 40),), ((ns.VOICE, g60("Quoted")),), attributed_to=CITY
        ),
        Statement(
            target,
            (quoted("a target", 50), quoted("over 100 billion yuan", 90)),
            (goal,),
            verbatim="over 100 billion yuan",
        ),
        Statement(
            equivalent,
            (quoted("US$13.8 billion", 120),),
            (goal,),
            verbatim="US$13.8 billion",
        ),
        Statement(planned, (quoted("plans to be a hub", 200),), (goal,)),
        Statement(climbed, (quoted("climbed three places", 220),), verbatim="climbed three places"),
        Statement(code, (NewEvidence(entity("dataset-gbt2260"), record="330101"),)),
    ]
    plain = [
        member, slogan, target, equivalent, climbed, code,
        Triple(RANKING, A, g60("Ranking")),
        Triple(RANKING, LABEL, Literal("A new ranking", language="en")),
        Triple(CITY, A, g60("PrefectureCity")),
        Triple(CITY, LABEL, Literal("A New City", language="en")),
        Triple(CITY, LABEL, Literal("新城", language="zh")),
        Triple(CLUSTER, A, g60("IndustryCluster")),
        Triple(CLUSTER, LABEL, Literal("A new cluster", language="en")),
        Triple(CITY, term("schema:sameAs"), term("wd:Q1")),
        *article_triples("1234567", HEADER), *value.triples(),
        *dollars.triples(), *moved.triples(),
    ]  # fmt: skip
    triples = {*plain, *(t for statement in statements for t in statement.triples())}
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


@pytest.mark.parametrize("source", ["1234567"])
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


@pytest.mark.parametrize("source", ["measures", "categories", "entities", "reference", ARTICLE])
def test_every_shipped_graph_survives_a_round_trip(
    store: LocalStore, source: str, tmp_path: Path
) -> None:
    sheet = exported(store, "csv", Selection(graph=source))
    result = compiled(sheet, store, tmp_path)
    graph = graph_name(source)
    assert set(result.triples) == {quad.triple for quad in store.quads(None, None, None, graph)}
    again = LocalStore.holding(
        [
            *(quad for quad in store.quads() if quad.graph_name != graph),
            *(Quad(t.subject, t.predicate, t.object, graph) for t in result.triples),
        ],
        "again",
    )
    assert exported(again, "csv", Selection(graph=source)) == sheet


def test_the_sheet_as_people_read_it(two_articles: LocalStore) -> None:
    sheet = exported(two_articles, "csv", Selection(graph="1234567")).decode()
    head = [line for line in sheet.splitlines() if line.startswith("#")]
    assert head == [
        "# title: A second article",
        "# url: https://example.org/news/1234567/",
        f"# archive: {HEADER['archive']}",
        "# date: 2024-01-02",
        "# publisher: Example News",
        "# language: en",
    ]
    body = sheet.split("\n", len(head))[-1]
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    shown = [(row["subject"], row["predicate"], row["object"], row["quote"]) for row in rows]
    assert shown == [
        ("id:a-new-city", "a", "PrefectureCity", ""),
        ("id:a-new-city", "label@en", "A New City", ""),
        ("id:a-new-city", "label@zh", "新城", ""),
        ("id:a-new-city", "administrativeCode", "330101", ""),
        ("id:a-new-city", "describedAs", "a hub", "plans to be a hub"),
        ("id:a-new-city", "measure:ranking-position-change", "-3", "climbed three places"),
        ("id:a-new-city", "schema:sameAs", "wd:Q1", ""),
        ("id:a-new-city", "slogan@en", "创新源头", "创新源头"),
        ("id:a-new-cluster", "a", "IndustryCluster", ""),
        ("id:a-new-cluster", "label@en", "A new cluster", ""),
        ("id:a-new-cluster", "measure:industry-scale", "100000000000", "over 100 billion yuan"),
        ("id:a-new-cluster", "measure:industry-scale", "100000000000", "a target"),
        ("id:a-new-cluster", "measure:industry-scale", "13800000000", "US$13.8 billion"),
        ("id:a-new-ranking", "a", "Ranking", ""),
        ("id:a-new-ranking", "label@en", "A new ranking", ""),
        ("id:corridor", "hasMemberCity", "id:a-new-city", "ten cities"),
        ("id:corridor", "hasMemberCity", "id:a-new-city", 'A new city, "the tenth",\njoined'),
    ]
    city, member, target, dollars = rows[3], rows[15], rows[10], rows[12]
    assert rows[5]["reference"] == "id:a-new-ranking;2012"
    assert (city["dataset"], city["record"]) == ("id:dataset-gbt2260", "330101")
    assert (member["start"], member["modality"], member["time"]) == ("20", "Attributed", "2024")
    assert (member["attributed_to"], member["note"]) == ("a spokesman", "Counted with the nine.")
    assert rows[7]["attributed_to"] == "id:a-new-city"
    assert (target["unit"], target["comparator"], target["time"]) == (
        "CCY_CNY",
        "greaterThan",
        "2025",
    )

    assert (target["modality"], rows[4]["modality"]) == ("Goal", "Goal")
    assert dollars["equivalent_of"] == str(len(head) + 2 + rows.index(target))


def test_the_sheet_of_one_entity_brings_in_what_it_mentions(
    store: LocalStore, tmp_path: Path
) -> None:
    selection = Selection(graph=ARTICLE, entity=entity("corridor"))
    sheet = exported(store, "csv", selection)
    result = compiled(sheet, store, tmp_path)
    assert {
        quad.triple for quad in entity_statements(store, entity("corridor"), [graph_name(ARTICLE)])
    } <= (set(result.triples))


def test_equivalents_follow_each_other(store: LocalStore, tmp_path: Path) -> None:
    sums = (("900", "CCY_USD", ""), ("800", "CCY_GBP", "4"), ("750", "CCY_EUR", "5"))
    rows = [f"id:songjiang,contract-value,{n},{unit},2023,q {n},{n},{of}" for n, unit, of in sums]
    columns = "subject,predicate,object,unit,time,quote,start,equivalent_of"
    sheet = "\n".join((f"# id: x\n# url: {HEADER['url']}", columns, *rows))
    result = compiled(sheet.encode(), store, tmp_path)
    quads = (Quad(t.subject, t.predicate, t.object, result.graph) for t in result.triples)
    graph = LocalStore.holding(quads, "a test")
    again = compiled(exported(graph, "csv", Selection()), store, tmp_path)
    assert set(again.triples) == set(result.triples)


def test_a_sheet_holds_one_article(two_articles: LocalStore) -> None:
    with pytest.raises(UsageError, match="holds one source; the selection has 2") as error:
        exported(two_articles, "csv", Selection())
    assert f"1234567, {ARTICLE}" in str(error.value.hint)
    with pytest.raises(UsageError, match="not the ontology"):
        exported(two_articles, "csv", Selection(with_ontology=True))
    inferred = Triple(entity("corridor"), A, g60("Place"))
    with pytest.raises(UsageError, match="not inferred statements"):
        export(two_articles, "csv", io.BytesIO(), Selection(), [inferred])


def test_a_sheet_cannot_hold_everything() -> None:
    graph = graph_name("x")
    blank = LocalStore.holding([Quad(BlankNode(), A, g60("PrefectureCity"), graph)], "blank")
    with pytest.raises(UsageError, match="blank node"):
        exported(blank, "csv", Selection())
    half = LocalStore.holding([Quad(term("fact:x-1"), A, g60("Fact"), graph)], "half")
    with pytest.raises(UsageError, match="fact:x-1 has no subject, predicate or object"):
        exported(half, "csv", Selection())
