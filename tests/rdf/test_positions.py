"""Places: each triple that the parser finds has one, and its object is what is written there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from g60kg import formats
from g60kg.namespaces import A
from g60kg.rdf.positions import Place, Places, Term, locate
from g60kg.rdf.rdf_files import read_rdf, read_text
from g60kg.rdf.turtle import turtle
from tests.rdf.rdf_strategies import EX, XSD, graphs
from tests.rdf.test_turtle import HEADER, PREFIXES
from tests.rdf.turtle_strategies import turtle_texts

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(ROOT.glob("instances/**/*.ttl"))


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def integer(digits: str) -> Literal:
    return Literal(digits, datatype=NamedNode(XSD + "integer"))


def quads_of(text: str, rdf_format: RdfFormat = RdfFormat.TURTLE) -> list[Quad]:
    """What the parser gives up to the first error, as the gate reads it."""
    quads: list[Quad] = []
    try:
        for quad in parse(text, format=rdf_format, rename_blank_nodes=True):
            quads.append(quad)
    except SyntaxError:
        pass
    return quads


def rest_from(text: str, place: Place) -> str:
    lines = text.split("\n")[place.line - 1 :]
    return "\n".join(lines)[place.column - 1 :]


def written_at(text: str, place: Place, header: str = HEADER) -> Term | None:
    """The term that the parser reads there: an oracle that knows no offsets.

    As an object in a graph and in a node, so that a bracket after it is no error.
    """
    for opening in ("{ <urn:s> <urn:here>", "<urn:s> <urn:p> [ <urn:here>"):
        read = quads_of(f"{header}{opening} {rest_from(text, place)}", RdfFormat.TRIG)
        for quad in read:
            if quad.predicate.value == "urn:here":
                return quad.object
    return None


def located(text: str, rdf_format: RdfFormat = RdfFormat.TURTLE) -> Places:
    """The places of a text's triples."""
    return locate(text, rdf_format, list(parse(text, format=rdf_format)))


def check(text: str, rdf_format: RdfFormat = RdfFormat.TURTLE, header: str = HEADER) -> None:
    """Every triple before a list has a place; its object, or what opens it, is written there."""
    quads = list(parse(text.removeprefix("\ufeff"), format=rdf_format, rename_blank_nodes=True))

    def is_written(term: Term, place: Place) -> bool:
        if rdf_format == RdfFormat.N_QUADS:
            return rest_from(text, place).startswith(str(term))
        return written_at(text, place, header) == term

    places = locate(text, rdf_format, quads)
    taken: set[Place] = set()
    for number, quad in enumerate(quads):
        place, subject = places.nth(number), places.of_subject(quad.subject)
        if place is None:
            assert "(" in text, quad
            return
        assert subject is not None, quad
        assert places.of_triple(quad.triple) is not None
        there = rest_from(text, place)
        assert place not in taken, quad
        taken.add(place)
        if isinstance(quad.object, BlankNode):
            assert there[0] in "[(_", (quad, there)
        elif not there.startswith(("(", "<<(")):
            assert is_written(quad.object, place), (quad, there)
        if isinstance(quad.subject, NamedNode):
            assert is_written(quad.subject, subject), quad


SMALL = """\
@prefix ex: <https://example.org/> . # a prefix ex: <x>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
prefix : <https://example.org/>
ex:a a ex:City ; # "not a string
\trdfs:label "A ; \\" ."@en , '''two
lines, "quoted" . '''@zh-Hans,
    "tail" ;;
  ex:p [ ex:q ex:b , [ :deep 3e0, -2.50   ] ] , _:x.y. :b.c :d\\,e%20f 5.

松江:x ex:p true .
"""


def test_lines_and_columns_count_code_points_from_one() -> None:
    text = SMALL.replace("松江:x", "<https://example.org/松江>")
    places = located(text, RdfFormat.TURTLE)
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    a = ex("a")
    assert places.of_subject(a) == Place(4, 1)
    assert places.of_triple(Triple(a, A, ex("City"))) == Place(4, 8)
    assert places.of_triple(Triple(a, label, Literal('A ; " .', language="en"))) == Place(5, 13)
    two_lines = Literal('two\nlines, "quoted" . ', language="zh-hans")
    assert places.of_triple(Triple(a, label, two_lines)) == Place(5, 29)
    assert places.of_triple(Triple(a, label, Literal("tail"))) == Place(7, 5)
    assert places.of_triple(Triple(a, ex("p"), BlankNode("x.y"))) == Place(8, 49)
    assert places.of_triple(Triple(ex("b.c"), ex("d,e%20f"), integer("5"))) == Place(8, 71)
    assert places.of_subject(ex("松江")) == Place(10, 1)
    true = Literal("true", datatype=NamedNode(XSD + "boolean"))
    assert places.of_triple(Triple(ex("松江"), ex("p"), true)) == Place(10, 31)


def test_triples_that_are_not_in_the_text_have_no_position() -> None:
    places = located("PREFIX ex: <https://example.org/> ex:a ex:p ex:b .", RdfFormat.TURTLE)
    assert places.of_triple(Triple(ex("a"), ex("p"), ex("c"))) is None
    assert places.of_triple(Triple(ex("a"), ex("p"), Literal("b"))) is None
    assert places.of_triple(Triple(ex("a"), ex("p"), integer("1"))) is None
    assert places.of_subject(ex("b")) is None
    assert places.nth(1) is None
    assert places.nth(-1) is None


def test_quads_of_another_text_get_no_place() -> None:
    text = HEADER + "ex:a ex:p ex:b . ex:b ex:q 'x', 2 . _:x ex:r true ."
    others = ["<x:a> ex:p 2 .", "ex:b ex:p ex:b .", "ex:a ex:p ex:c .", "ex:a ex:p _:x ."]
    for other in others:
        assert locate(text, RdfFormat.TURTLE, quads_of(HEADER + other)).nth(0) is None, other
    backwards = quads_of(text)[::-1]
    assert locate(text, RdfFormat.TURTLE, backwards).of_triple(backwards[0].triple) is None


@pytest.mark.parametrize("opened", ["( 1 [] )", "( 'x' 1 )", "<<( ex:s ex:q 1 )>>", "()"])
def test_no_place_is_known_after_a_list_or_a_triple_term(opened: str) -> None:
    text = HEADER + f"ex:a ex:p 1, {opened} . ex:b ex:p 2 ."
    quads = quads_of(text)
    places = locate(text, RdfFormat.TURTLE, quads)
    assert places.of_triple(quads[0].triple) == Place(HEADER.count("\n") + 1, 11)
    assert places.of_triple(quads[-1].triple) is None
    for quad in quads:
        if isinstance(quad.object, BlankNode) and quad.subject == ex("a"):
            assert places.of_triple(quad.triple) == Place(HEADER.count("\n") + 1, 14)


def test_of_what_stands_twice_the_first_place_counts() -> None:
    text = HEADER + "ex:a ex:p 1 .\nex:b ex:p ex:a .\nex:a ex:p 1 ; ex:q 2 .\n"
    places = located(text, RdfFormat.TURTLE)
    start = HEADER.count("\n") + 1
    assert places.of_triple(Triple(ex("a"), ex("p"), integer("1"))) == Place(start, 11)
    assert places.of_subject(ex("a")) == Place(start, 1)


def test_a_nodes_first_place_is_first_in_the_text_not_in_the_parsers_order() -> None:
    text = HEADER + "_:x ex:p [\n ex:q _:y ] .\n_:y ex:p 1 .\n_:x ex:p 2 .\n"
    quads = quads_of(text)
    places = locate(text, RdfFormat.TURTLE, quads)
    start = HEADER.count("\n") + 1
    nested, outer, other, _ = quads
    assert places.of_subject(outer.subject) == Place(start, 1)
    assert places.of_subject(nested.subject) == Place(start, 10)
    assert places.of_subject(other.subject) == Place(start + 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("松江:x", ":x"),
        SMALL.replace("松江:x", ":x").replace("\n", "\r\n"),
        "\ufeff" + SMALL.replace("松江:x", ":x"),
        HEADER + "ex:a\tex:p\t1;\tex:q\t2\t.",
        HEADER + "<https://example.org/a><https://example.org/p>'x'@en,1.5,<b:c>.ex:b a ex:c.",
        HEADER + "ex:a ex:p .5, +5, -.5e-3, 5.E0, 5.0, 5 ; ex:q ex:b.c, ex:b..c .",
        HEADER + r"""ex:a ex:p "\"", '\'', "\\", "\u0041", <https://example.org/\u0041> .""",
        HEADER + 'ex:a ex:p "", \'\', """""", \'\'\'\'\'\', """a"b""c\\"""", \'\'\'\n\'\'\' .',
        HEADER + 'ex:a ex:p "1"^^xsd:integer, "1" ^^ # c\n <x:y>, "x" @en .',
        HEADER + r"ex:a ex:p ex:\~a\.b, ex:a\-, ex:%41, ex:1, ex:, ex:a:b, ex:a\. .",
        HEADER + "ex:a ex:p [], [ ], [ ex:q [ ex:r [] ] ; ] . [] ex:p 1 . [ ex:p 1 ; ex:q 2 ] .",
        HEADER + "[ ex:p 1 ] ex:q 2 . [] ex:p [] , [] .",
        HEADER + "VERSION '1.2' @version \"1.2\" . ex:a ex:p 1 .",
        "# only a comment",
    ],
)
def test_turtle_in_all_its_forms(text: str) -> None:
    check(text, header=HEADER + f"PREFIX : <{EX}>\n")


def test_relative_iris_are_found_by_what_the_parser_makes_of_them() -> None:
    text = """\
@prefix ex: <https://example.org/> .
@base <https://example.org/b/> .
<../c> ex:p <#d>,
            <e/./f> .
BASE <x:y>
<> ex:p <> .
"""
    places = located(text, RdfFormat.TURTLE)
    assert places.of_triple(Triple(ex("c"), ex("p"), ex("b/#d"))) == Place(3, 13)
    assert places.of_triple(Triple(ex("c"), ex("p"), ex("b/e/f"))) == Place(4, 13)
    assert places.of_triple(Triple(NamedNode("x:y"), ex("p"), NamedNode("x:y"))) == Place(6, 9)


def test_graphs_of_trig_and_quads_by_line() -> None:
    check(
        HEADER + "GRAPH ex:g { ex:a ex:p 1 ; ex:q 2 } ex:h { ex:a ex:p 3 . ex:b ex:p [] . }\n"
        "{ ex:a ex:p 5 } [] { ex:c ex:p 6 } graph _:g {} ex:h{} ex:a ex:p 7 .",
        RdfFormat.TRIG,
    )
    check(
        '<x:a> <x:p> "1"@en . # comment\r\n\r\n_:a<x:p>"2"^^<x:d>.\n<x:a> <x:p> _:b <x:g> .\n'
        '<x:a> <x:p> <x:b> _:g .\n<x:b> <x:p> "" .',
        RdfFormat.N_QUADS,
    )


def test_keywords_in_any_case() -> None:
    text = "pReFiX ex: <https://example.org/>\nbAsE <x:y> GrApH ex:g { ex:a a ex:b }"
    assert located(text, RdfFormat.TRIG).of_triple(Triple(ex("a"), A, ex("b"))) == Place(2, 32)


def test_a_value_is_not_found_under_another_datatype() -> None:
    places = located(HEADER + "ex:a ex:p 1, '01', 2.0 .")
    assert places.of_triple(Triple(ex("a"), ex("p"), Literal("1"))) is None
    assert places.of_triple(Triple(ex("a"), ex("p"), integer("2"))) is None
    assert places.of_triple(Triple(ex("a"), ex("p"), Literal("01"))) is not None


# -- Any graph in any layout ------------------------------------


def written(graph: Iterable[Triple] | Iterable[Quad], rdf_format: RdfFormat) -> str:
    prefixes = None if rdf_format.name.startswith("N-") else PREFIXES
    content = serialize(graph, format=rdf_format, prefixes=prefixes)
    assert content is not None  # it is None only where a file is written to
    return content.decode()


@given(graphs)
def test_every_triple_that_our_writer_writes_has_its_place(graph: list[Triple]) -> None:
    check(turtle(graph, PREFIXES))


@given(graphs)
def test_every_triple_that_the_engine_writes_has_its_place(graph: list[Triple]) -> None:
    check(written(graph, RdfFormat.TURTLE))
    check(written(graph, RdfFormat.N_TRIPLES))


@given(graphs, graphs)
def test_every_quad_of_a_dataset_has_its_place(graph: list[Triple], other: list[Triple]) -> None:
    named = [(triple, ex("g")) for triple in graph] + [(triple, BlankNode("g")) for triple in other]
    quads = [Quad(triple.subject, triple.predicate, triple.object, name) for triple, name in named]
    for rdf_format in (RdfFormat.TRIG, RdfFormat.N_QUADS):
        check(written(quads, rdf_format), rdf_format)


@given(turtle_texts)
def test_every_triple_of_any_turtle_has_its_place(text: str) -> None:
    check(HEADER + text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_triple_of_the_shipped_files_has_its_place(path: Path) -> None:
    text, quads = read_text(path), read_rdf(path)
    places = locate(text, RdfFormat.TURTLE, quads)
    assert quads
    for number, quad in enumerate(quads):
        assert places.nth(number) is not None, quad
        assert places.of_triple(quad.triple) is not None, quad
        assert places.of_subject(quad.subject) is not None, quad


# -- Whatever the text -------------------------------------------------------

SNIPPETS = [
    *("ex:a ", "a ", "1 ", "1.5e3 ", "true ", "'x'", '"y"@en ', '"""z', "'" * 3, '"', "'", "\\"),
    *(". ", "; ", ", ", "[ ", "] ", "( ", ") ", "{ ", "} ", "^^", "@prefix ", "@en", "GRAPH "),
    *("<x:y> ", "<", ">", "<<( ", " )>> ", "_:b ", "#c\n", "\n", "ex:a ex:p ", "ex:b . "),
    *("\0", "\ufeff", "松", "ex:a\\", "..", "+", "-", "^", "\r", "\t", "ex:q [] ; ", "( 1 ) "),
]
ALL_FORMATS = [each.rdf for each in formats.RDF]


@given(st.lists(st.sampled_from(SNIPPETS), max_size=30).map("".join))
def test_turtle_is_followed_as_far_as_the_parser_reads(text: str) -> None:
    assume(not re.search(r"<<|\(", text))  # a triple term or a list, where the walk ends
    # At the very end of a text, the engine cuts names with escapes short: hence a last line's end.
    text = f"{HEADER}{text}\n"
    quads = quads_of(text, RdfFormat.TRIG)
    places = locate(text, RdfFormat.TRIG, quads)
    for number, quad in enumerate(quads):
        assert places.nth(number) is not None, quad


@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SNIPPETS), max_size=12).map("".join)),
    st.sampled_from(ALL_FORMATS),
)
@example("<x:s> <x:p> " + "[ <x:p> " * 50_000, RdfFormat.TURTLE)
@example("<x:s> <x:p> " + "( " * 100_000, RdfFormat.TURTLE)
@example("<x:s> <x:p> " + "<<( <x:s> <x:p> " * 50_000, RdfFormat.TURTLE)
@example("<< <x:s> <x:p> " + "<<( <x:s> <x:p> " * 50_000, RdfFormat.TURTLE)
@example("\ud800", RdfFormat.TURTLE)
def test_no_text_is_an_error(text: str, rdf_format: RdfFormat) -> None:
    places = locate(text, rdf_format, [])
    assert places.of_subject(ex("nowhere")) is None
    assert places.of_triple(Triple(ex("nowhere"), A, integer("1"))) is None
