"""Exports: the same graph gives the same bytes in every format."""

from __future__ import annotations

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

from g60kg import namespaces as ns
from g60kg.errors import UnknownName, UsageError
from g60kg.export import (
    Selection,
    export,
    sorted_lines,
    write_quads,
    write_triples,
)
from g60kg.namespaces import A, entity, graph_name, term
from g60kg.rdf.atomic_output import writing
from g60kg.stores.local_store import LocalStore
from tests.conftest import sampled
from tests.rdf.rdf_strategies import EX, canonical, graphs, shuffled

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


@pytest.mark.parametrize("format_", sampled(FORMATS))
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
    for name, value in {"PIECE": 700, "_BATCH": 20}.items():
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
    with pytest.raises(UsageError, match="control character"):
        triples_in_format([Triple(node, NamedNode(EX + "p"), Literal("\x01"))], "rdfxml")
    with pytest.raises(UsageError, match="Unknown format hdt"):
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


def test_rdf_12_of_one_entity_reifies_its_facts(store: LocalStore) -> None:
    selection = Selection(entity=entity("songjiang"))
    plain = set(parse(exported(store, "nquads", selection), format=RdfFormat.N_QUADS))
    content = exported(store, "rdf12", selection)
    added = set(parse(content, format=RdfFormat.N_QUADS)) - plain
    named = {quad.subject: quad.object for quad in plain if quad.predicate == ns.FACT_SUBJECT}
    assert content.splitlines() == sorted(content.splitlines())
    assert {quad.predicate for quad in added} == {term("rdf:reifies")}
    assert {
        quad.subject: quad.object.subject for quad in added if isinstance(quad.object, Triple)
    } == named
    assert len(added) == len(named) > 0


def test_a_fact_of_two_triples_reifies_none() -> None:
    fact, graph = NamedNode(ns.PREFIXES["fact"] + "1-a"), graph_name("own")
    values: dict[NamedNode, NamedNode | Literal] = {
        ns.FACT_SUBJECT: entity("suzhou"),
        ns.FACT_PREDICATE: A,
        ns.FACT_OBJECT: Literal(f'" {ns.FACT_OBJECT} .\n'),
    }
    one = [Quad(fact, link, value, graph) for link, value in values.items()]
    triple = f"<<( {entity('suzhou')} {A} {values[ns.FACT_OBJECT]} )>>"
    assert in_format(one, "rdf12").count(triple.encode()) == 1
    two = [*one, Quad(fact, ns.FACT_SUBJECT, entity("hefei"), graph)]
    assert in_format(two, "rdf12") == in_format(two, "nquads")
    elsewhere = [*one, Quad(fact, ns.FACT_SUBJECT, entity("hefei"), graph_name("other"))]
    assert in_format(elsewhere, "rdf12").count(b"<<(") == 1


def test_a_graph_that_is_not_there(store: LocalStore) -> None:
    for name in ("2300000000", "no such graph"):
        with pytest.raises(UnknownName, match=f"No graph {name}") as error:
            exported(store, "nquads", Selection(graph=name))
        assert ARTICLE in str(error.value.hint)
