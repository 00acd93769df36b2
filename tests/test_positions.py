"""Places: each triple that the parser finds has one, and its object is what is written there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from g60kg.files import FORMATS, read_rdf, read_text
from g60kg.namespaces import A
from g60kg.positions import Place, Places, locate
from g60kg.turtle import turtle
from tests.test_turtle import EX, HEADER, PREFIXES, RDF, XSD, graphs

ROOT = Path(__file__).resolve().parent.parent
NIL = NamedNode(RDF + "nil")
SHIPPED = sorted([*ROOT.glob("ontology/**/*.ttl"), *ROOT.glob("instances/**/*.ttl")])


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def integer(digits: str) -> Literal:
    return Literal(digits, datatype=NamedNode(XSD + "integer"))


def quads_of(text: str, rdf_format: RdfFormat = RdfFormat.TURTLE) -> list[Quad]:
    """What the parser gives up to the first error, as the gate reads it."""
    quads: list[Quad] = []
    try:
        for quad in parse(text, format=rdf_format, rename_blank_nodes=True):
            quads.append(quad)  # noqa: PERF402
    except SyntaxError:
        pass
    return quads


def rest_from(text: str, place: Place) -> str:
    lines = text.split("\n")[place.line - 1 :]
    return "\n".join(lines)[place.column - 1 :]


def written_at(text: str, place: Place, header: str = HEADER) -> NamedNode | Literal | None:
    """The IRI or literal that the parser reads there: an oracle that knows no offsets."""
    statement = f"{header}<urn:s> <urn:p> {rest_from(text, place)}"
    try:
        first = next(parse(statement, format=RdfFormat.TURTLE)).object
    except (StopIteration, SyntaxError):
        return None
    return first if isinstance(first, NamedNode | Literal) else None


def check(text: str, rdf_format: RdfFormat = RdfFormat.TURTLE, header: str = HEADER) -> None:
    """Every triple has a place, and its object, or what opens it, is written there."""
    quads = quads_of(text, rdf_format)
    places = locate(text, rdf_format, quads)
    for number, quad in enumerate(quads):
        place, subject = places.nth(number), places.of_subject(quad.subject)
        assert place is not None, quad
        assert subject is not None, quad
        assert places.of_triple(*quad.triple) is not None
        there = rest_from(text, place)
        if quad.predicate.value == RDF + "rest":
            continue  # the next element, or the list's end
        if isinstance(quad.object, BlankNode):
            assert there[0] in "[(_", (quad, there)
        elif quad.object != NIL or there[0] not in "()":
            assert written_at(text, place, header) == quad.object, (quad, there)
        if isinstance(quad.subject, NamedNode) and quad.subject != NIL:
            assert written_at(text, subject, header) == quad.subject, quad


SMALL = """\
@prefix ex: <https://example.org/> . # a prefix ex: <x>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
prefix : <https://example.org/>
ex:a a ex:City ; # "not a string
\trdfs:label "A ; \\" ."@en , '''two
lines, "quoted" . '''@zh-Hans,
    "tail" ;;
  ex:p [ ex:q ex:b , ( 1 -2.50 [ :deep 3e0 ] () ) ; ] , _:x.y. :b.c :d\\,e%20f 5.

松江:x ex:p true .
"""


def test_lines_and_columns_count_code_points_from_one() -> None:
    text = SMALL.replace("松江:x", "<https://example.org/松江>")
    places = locate(text, RdfFormat.TURTLE)
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    a = ex("a")
    assert places.of_subject(a) == Place(4, 1)
    assert places.of_triple(a, A, ex("City")) == Place(4, 8)
    assert places.of_triple(a, label, Literal('A ; " .', language="en")) == Place(5, 13)
    two_lines = Literal('two\nlines, "quoted" . ', language="zh-hans")
    assert places.of_triple(a, label, two_lines) == Place(5, 29)
    assert places.of_triple(a, label, Literal("tail")) == Place(7, 5)
    assert places.of_triple(a, ex("p"), BlankNode("x.y")) == Place(8, 60)
    assert places.of_triple(ex("b.c"), ex("d,e%20f"), integer("5")) == Place(8, 84)
    assert places.of_subject(ex("松江")) == Place(10, 1)
    true = Literal("true", datatype=NamedNode(XSD + "boolean"))
    assert places.of_triple(ex("松江"), ex("p"), true) == Place(10, 33)


def test_what_does_not_stand_in_the_text_has_no_place() -> None:
    places = locate("PREFIX ex: <https://example.org/> ex:a ex:p ex:b .", RdfFormat.TURTLE)
    assert places.of_triple(ex("a"), ex("p"), ex("c")) is None
    assert places.of_triple(ex("a"), ex("p"), Literal("b")) is None
    assert places.of_triple(ex("a"), ex("p"), integer("1")) is None
    assert places.of_subject(ex("b")) is None
    assert places.nth(1) is None
    assert places.nth(-1) is None


def test_of_what_stands_twice_the_first_place_counts() -> None:
    text = HEADER + "ex:a ex:p 1 .\nex:b ex:p ex:a .\nex:a ex:p 1 ; ex:q 2 .\n"
    places = locate(text, RdfFormat.TURTLE)
    start = HEADER.count("\n") + 1
    assert places.of_triple(ex("a"), ex("p"), integer("1")) == Place(start, 11)
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
