"""Canonical Turtle: same graph, same bytes; read back by two parsers as the graph it was."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
import rdflib
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
)

from g60kg.errors import EngineFailure, UsageError
from g60kg.rdf import external_sort
from g60kg.rdf.turtle import (
    stream_turtle,
    turtle,
    turtle_stream,
    write_turtle,
)
from tests.rdf.rdf_strategies import EX, RDF, RDFS, XSD, canonical, graphs, is_orderable, shuffled

PREFIXES = {
    "ex": EX,
    "deep": EX + "deep/",
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": XSD,
    "unused": "https://example.com/unused#",
}
HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def read(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]


@given(graphs, st.integers())
def test_reads_back_and_depends_on_the_graph_alone(graph: list[Triple], seed: int) -> None:
    text = turtle(graph, PREFIXES)
    assert canonical(read(text)) == canonical(graph)
    assert turtle(shuffled(graph, seed), PREFIXES) == text
    assert turtle(read(text), PREFIXES) == text


@given(graphs)
def test_rdflib_reads_the_same_graph(graph: list[Triple]) -> None:
    normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        lines = rdflib.Graph().parse(data=turtle(graph, PREFIXES), format="turtle")
        again = parse(lines.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
        assert canonical(quad.triple for quad in again) == canonical(graph)
    finally:
        rdflib.NORMALIZE_LITERALS = normalize


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("pq"), st.integers(0, 9)), max_size=30),
    st.integers(),
)
def test_tangles_of_blank_nodes(edges: list[tuple[int, str, int]], seed: int) -> None:
    graph = [
        Triple(BlankNode(f"n{start}"), NamedNode(EX + name), BlankNode(f"n{end}"))
        for start, name, end in edges
    ]
    assume(is_orderable(graph))
    text = turtle(graph, PREFIXES)
    assert turtle(shuffled(graph, seed), PREFIXES) == text
    # Read back with the labels as written: equal canonical text shows the same graph.
    assert turtle(read(text), PREFIXES) == text
    assert len(read(text)) == len(set(graph))


def test_the_page_as_people_read_it() -> None:
    source = (
        HEADER
        + """
    ex:s10 a ex:City ; rdfs:label "松江"@zh, "Songjiang"@en ; ex:z 1 ;
        ex:b 1.5, true, "01"^^xsd:integer .
    ex:s9 ex:note "two\\nlines \\"quoted\\"" ; ex:w "57920000"^^xsd:decimal ; ex:dot ex:a\\.b .
    <https://example.org/ontology> a owl:Ontology .
    <urn:x:other> ex:in (ex:a ex:b) ; ex:none () .
    deep:x ex:p [ ex:q [ ex:r 1 ] ; ex:only "here" ], [] .
    [] a owl:AllDifferent ; owl:members (
        "a member so long that" "the list does not fit" "on a line" [ ex:p "of its own" ] ) .
    ex:s9 ex:shared _:twice . ex:s10 ex:shared _:twice . _:twice ex:p 3 .
    """
    )
    assert (
        turtle(read(source), PREFIXES)
        == '''\
@prefix deep: <https://example.org/deep/> .
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:ontology a owl:Ontology .

# deep:

deep:x
    ex:p [],
        [ ex:only "here" ; ex:q [ ex:r 1 ] ] .

# ex:

ex:s9
    ex:dot <https://example.org/a.b> ;
    ex:note """two
lines "quoted\\"""" ;
    ex:shared _:b1 ;
    ex:w "57920000"^^xsd:decimal .

ex:s10 a ex:City ;
    rdfs:label "Songjiang"@en,
        "松江"@zh ;
    ex:b true,
        1.5,
        "01"^^xsd:integer ;
    ex:shared _:b1 ;
    ex:z 1 .

# other

<urn:x:other>
    ex:in (ex:a ex:b) ;
    ex:none () .

# blank nodes

[] a owl:AllDifferent ;
    owl:members (
        "a member so long that"
        "the list does not fit"
        "on a line"
        [ ex:p "of its own" ]
    ) .

_:b1
    ex:p 3 .
'''
    )


def test_bytes_are_utf_8_and_an_empty_graph_is_empty() -> None:
    out = io.BytesIO()
    write_turtle([Triple(NamedNode(EX + "a"), NamedNode(EX + "p"), Literal("松"))], out, PREFIXES)
    assert out.getvalue().endswith('ex:a\n    ex:p "松" .\n'.encode())
    assert turtle([], PREFIXES) == ""


def test_prefixes_that_turtle_has_no_room_for_are_passed_over() -> None:
    graph = [Triple(NamedNode(EX + "a"), NamedNode(EX + "p"), NamedNode(EX + "b"))]
    text = turtle(graph, {"1x": EX, "a b": EX, "_": EX, "z": EX, "y": EX, "": EX + "b"})
    assert text.startswith("@prefix y: <https://example.org/> .\n\n# y:\n")
    assert set(read(text)) == set(graph)


@pytest.mark.long
@pytest.mark.parametrize("shape", ["chain", "list", "list without end", "marked ring"])
def test_depth_is_no_limit(shape: str) -> None:
    nodes = [BlankNode(f"n{number}") for number in range(3_000)]
    first, rest, nil = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
    graph = [Triple(start, rest, end) for start, end in pairwise(nodes)]
    root = Triple(NamedNode(EX + "root"), NamedNode(EX + "p"), nodes[0])
    if shape.startswith("list"):
        graph += [Triple(node, first, Literal(number)) for number, node in enumerate(nodes)]
        graph.append(Triple(nodes[-1], rest, nil if shape == "list" else Literal("no list")))
    if shape == "marked ring":
        graph.append(Triple(nodes[-1], rest, nodes[0]))
    graph.append(root)
    text = turtle(graph, PREFIXES)
    assert len(read(text)) == len(graph)
    assert turtle(shuffled(graph, 1), PREFIXES) == text
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == len(graph)


def test_alike_trees_can_change_places() -> None:
    link, back = NamedNode(EX + "p"), NamedNode(EX + "q")

    def tree(name: str) -> list[Triple]:
        """A root shared by two IRIs, over two alike nodes with two alike nodes each."""
        ends = [(name, name + "0"), (name, name + "1")]
        ends += [(end, end + digit) for _, end in ends for digit in "01"]
        graph = [Triple(BlankNode(start), link, BlankNode(end)) for start, end in ends]
        graph += [Triple(BlankNode(end), back, BlankNode(start)) for start, end in ends[:2]]
        return graph + [Triple(NamedNode(EX + "ab"[n]), link, BlankNode(name)) for n in (0, 1)]

    graph = [*tree("x"), *tree("y"), *tree("z")]
    graph += [Triple(NamedNode(EX + "a"), link, BlankNode(f"alike{number}")) for number in range(5)]
    graph += [
        Triple(BlankNode(f"self{number}"), link, BlankNode(f"self{number}")) for number in (0, 1)
    ]
    text = turtle(graph, PREFIXES)
    assert canonical(read(text)) == canonical(graph)
    assert {turtle(shuffled(graph, seed), PREFIXES) for seed in range(8)} == {text}


@pytest.mark.parametrize(
    "links",
    [
        [(a, (a + 1) % 6) for a in range(6)],
        [(a, 3 * (a // 3) + (a + 1) % 3) for a in range(6)],
        [(a, b) for a in range(6) for b in range(6) if a != b],
    ],
    ids=["ring", "two rings", "clique"],
)
def test_rings_of_blank_nodes_that_look_alike_are_refused(links: list[tuple[int, int]]) -> None:
    graph = [Triple(BlankNode(f"n{a}"), NamedNode(EX + "p"), BlankNode(f"n{b}")) for a, b in links]
    with pytest.raises(EngineFailure, match="6 blank nodes cannot be distinguished"):
        turtle(graph, PREFIXES)


def test_the_work_of_telling_blank_nodes_apart_is_bounded() -> None:
    """Two hubs look at all nodes of a chain again for each that becomes distinct."""
    link, chain = NamedNode(EX + "p"), [BlankNode(f"n{number}") for number in range(1_000)]
    graph = [Triple(start, link, end) for start, end in pairwise(chain)]
    graph += [Triple(BlankNode(hub), NamedNode(EX + "q"), node) for hub in "ab" for node in chain]
    with pytest.raises(EngineFailure, match="cannot be distinguished"):
        turtle(graph, PREFIXES)


def test_rdf_1_2_is_refused() -> None:
    a, p = NamedNode(EX + "a"), NamedNode(EX + "p")
    with pytest.raises(UsageError, match="triple term"):
        turtle([Triple(a, p, Triple(a, p, a))], PREFIXES)
    with pytest.raises(UsageError, match="direction"):
        turtle([Triple(a, p, Literal("x", language="ar", direction=BaseDirection.RTL))], PREFIXES)


@given(graphs, st.integers())
def test_a_graph_that_waits_on_disk_has_the_same_bytes(graph: list[Triple], piece: int) -> None:
    text = turtle(graph, PREFIXES)
    side_by_side = sorted(set(graph), key=lambda triple: str(triple.subject))
    out = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turtle_stream, "PIECE", piece % 100)
        patch.setattr(external_sort, "_BATCH", 1 + piece % 3)
        stream_turtle(iter(side_by_side), out, PREFIXES)
    assert out.getvalue().decode() == text
