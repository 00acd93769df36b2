"""Exports: same graph, same bytes in every format; a fact sheet that compiles to what it was."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import rdflib
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from g60kg.errors import UnknownName, UsageError
from g60kg.export import (
    Selection,
    described,
    export,
    sorted_lines,
    write_quads,
    write_triples,
)
from g60kg.model.iri_minting import (
    Evidence,
    Quantity,
    Statement,
    article_triples,
    statement_triples,
)
from g60kg.namespaces import LABEL, A, entity, g60, graph_name, term
from g60kg.rdf.atomic_output import writing
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import read_sheet
from g60kg.stores.local_store import LocalStore
from tests.rdf_strategies import EX, canonical, graphs, shuffled

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
ARTICLE = "2307119874"


def in_format(quads: Sequence[Quad], format_: str) -> bytes:
    out = io.BytesIO()
    write_quads(iter(quads), format_, out)
    return out.getvalue()


def triples_in_format(graph: Sequence[Triple], format_: str) -> bytes:
    out = io.BytesIO()
    write_triples(iter(graph), format_, out)
    return out.getvalue()


def exported(store: LocalStore, format_: str, selection: Selection) -> bytes:
    out = io.BytesIO()
    export(store, format_, out, selection)
    return out.getvalue()


@pytest.mark.parametrize("format_", FORMATS)
@given(graph=graphs, seed=st.integers())
def test_reads_back_and_depends_on_the_graph_alone(
    format_: str, graph: list[Triple], seed: int
) -> None:
    try:
        content = triples_in_format(graph, format_)
    except UsageError:
        assume(False)
    assert canonical(quad.triple for quad in parse(content, format=FORMATS[format_])) == (
        canonical(graph)
    )
    assert triples_in_format(shuffled(graph, seed), format_) == content


# rdflib's own JSON-LD parser makes one.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(("format_", "parser"), [("rdfxml", "xml"), ("jsonld", "json-ld")])
@given(graph=graphs)
def test_rdflib_reads_the_same_graph(format_: str, parser: str, graph: list[Triple]) -> None:
    normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        content = triples_in_format(graph, format_)
        read = rdflib.Graph().parse(data=content, format=parser)
        again = parse(read.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
        assert canonical(quad.triple for quad in again) == canonical(graph)
    except UsageError:
        assume(False)
    finally:
        rdflib.NORMALIZE_LITERALS = normalize


def in_two_graphs() -> list[Quad]:
    node, link = NamedNode(EX + "a"), NamedNode(EX + "p")
    return [
        Quad(node, link, Literal("_:no blank node"), graph_name("two")),
        Quad(node, link, Literal("_:no blank node"), graph_name("one")),
        Quad(node, link, BlankNode("x"), graph_name("two")),
        Quad(BlankNode("x"), link, Literal(1), graph_name("one")),
    ]


def test_only_nquads_and_trig_keep_the_graphs_apart() -> None:
    assert in_format(in_two_graphs(), "nquads").decode() == (
        '<https://example.org/a> <https://example.org/p> "_:no blank node"'
        " <https://w3id.org/g60kg/graph/one> .\n"
        '<https://example.org/a> <https://example.org/p> "_:no blank node"'
        " <https://w3id.org/g60kg/graph/two> .\n"
        "<https://example.org/a> <https://example.org/p> _:b1"
        " <https://w3id.org/g60kg/graph/two> .\n"
        '_:b1 <https://example.org/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
        " <https://w3id.org/g60kg/graph/one> .\n"
    )
    trig = in_format(in_two_graphs(), "trig")
    assert len(set(parse(trig, format=RdfFormat.TRIG))) == 4
    assert trig.index(b"graph:one {") < trig.index(b"graph:two {")
    for format_ in ("turtle", "ntriples", "jsonld", "rdfxml"):
        content = in_format(in_two_graphs(), format_)
        assert len(list(parse(content, format=FORMATS[format_]))) == 3


@pytest.mark.parametrize("format_", FORMATS)
def test_a_graph_that_is_sorted_piece_by_piece(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quads = [
        Quad(
            NamedNode(f"{EX}{n % 17}"), NamedNode(f"{EX}p{n % 5}"), Literal(n % 40), DefaultGraph()
        )
        for n in range(200)
    ]
    quads += in_two_graphs()
    whole = in_format(quads, format_)
    for name, value in {"PIECE": 700, "READ": 100, "SAMPLED": 3, "_BATCH": 20}.items():
        monkeypatch.setattr(sorted_lines, name, value)
    assert in_format(quads, format_) == whole
    assert in_format(quads[::-1], format_) == whole
    if format_ in ("ntriples", "nquads"):
        assert whole.splitlines() == sorted(set(whole.splitlines()))


def test_rdf_xml_says_what_it_cannot_hold() -> None:
    node = NamedNode(EX + "a")
    with pytest.raises(UsageError, match="its end is not an XML name"):
        triples_in_format([Triple(node, NamedNode(EX + "p/"), node)], "rdfxml")
    with pytest.raises(UsageError, match="its end is not an XML name"):
        triples_in_format([Triple(node, A, NamedNode(EX + "1"))], "rdfxml")
    with pytest.raises(UsageError, match="control characters"):
        triples_in_format([Triple(node, NamedNode(EX + "p"), Literal("\x01"))], "rdfxml")
    with pytest.raises(UsageError, match="No format hdt"):
        triples_in_format([], "hdt")


def test_a_compressed_file_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    def content(name: str) -> bytes:
        with writing(tmp_path / name) as stream:
            write_quads(in_two_graphs(), "turtle", stream)
        return (tmp_path / name).read_bytes()

    assert content("a.ttl.gz") == content("b.ttl.GZ")
    assert gzip.decompress(content("a.ttl.gz")) == content("a.ttl")
    assert content("a.ttl.gz")[4:8] == b"\0\0\0\0"


def test_instances_alone_by_default(store: LocalStore) -> None:
    instances = set(parse(exported(store, "nquads", Selection()), format=RdfFormat.N_QUADS))
    names = {quad.graph_name for quad in instances}
    assert {graph_name(ARTICLE), graph_name("reference")} <= names
    assert graph_name("ontology") not in names
    assert graph_name("shapes") not in names
    everything = exported(store, "ntriples", Selection(with_ontology=True))
    assert b"<http://www.w3.org/ns/shacl#NodeShape>" in everything


@pytest.mark.parametrize(
    "name", [ARTICLE, f"graph:{ARTICLE}", f"https://w3id.org/g60kg/graph/{ARTICLE}"]
)
def test_what_one_source_says(store: LocalStore, name: str) -> None:
    content = exported(store, "nquads", Selection(graph=name))
    expected = set(store.quads(None, None, None, graph_name(ARTICLE)))
    assert set(parse(content, format=RdfFormat.N_QUADS)) == expected


def test_a_graph_that_is_not_there(store: LocalStore) -> None:
    for name in ("2300000000", "no such graph"):
        with pytest.raises(UnknownName, match=f"No graph {name}") as error:
            exported(store, "nquads", Selection(graph=name))
        assert ARTICLE in str(error.value.hint)


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

    def words(text: str, start: int) -> Evidence:
        return Evidence(SOURCE, quote=text, start=start)

    statements = [
        Statement(
            member,
            (words('A new city, "the tenth",\njoined', 300), words("ten cities", 20)),
            g60("Attributed"),
            time="2024",
            attributed_to=Literal("a spokesman", language="en"),
            note=Literal("Counted with the nine.", language="en"),
        ),
        Statement(slogan, (words("创新源头", 40),), g60("Quoted"), attributed_to=CITY),
        Statement(
            target,
            (words("a target", 50), words("over 100 billion yuan", 90)),
            g60("Goal"),
            verbatim="over 100 billion yuan",
        ),
        Statement(
            equivalent,
            (words("US$13.8 billion", 120),),
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
    with pytest.raises(UsageError, match="fact:x-1 does not say which triple it states"):
        exported(half, "csv", Selection())
