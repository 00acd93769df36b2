"""Places in RDF/XML: the element that gives a triple."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from g60kg.namespaces import A
from g60kg.positions import Place, locate
from g60kg.xmltext import NOT_XML, ends_in_name
from tests.rdf_strategies import EX, RDF, graphs
from tests.test_positions import quads_of, rest_from, written

RDF_XML = RdfFormat.RDF_XML
OPENING = f"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY ex "{EX}">]>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="{EX}">
"""


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def places_by_object(body: str) -> dict[str, Place | None]:
    """The place of each triple, by the text of its object; a blank node's is ``_``."""
    text = f"{OPENING}{body}\n</rdf:RDF>\n"
    quads = quads_of(text, RDF_XML)
    places = locate(text, RDF_XML, quads)
    assert quads
    return {
        "_" if isinstance(quad.object, BlankNode) else quad.object.value: places.of_triple(
            *quad.triple
        )
        for quad in quads
        if not isinstance(quad.object, Triple)
    }


def test_properties_stand_where_their_elements_start() -> None:
    found = places_by_object(
        '<rdf:Description rdf:about="&ex;松江">\n'
        "  <ex:p>one > two</ex:p><ex:p\n"
        '    rdf:resource="&ex;b"/> <!-- <ex:p> --> <ex:q>&lt;é</ex:q ><ex:r></ex:r>\n'
        "</rdf:Description>"
    )
    assert found == {
        "one > two": Place(5, 3),
        EX + "b": Place(5, 25),
        "<é": Place(6, 44),
        "": Place(6, 63),
    }


def test_types_and_attributes_stand_where_their_node_starts() -> None:
    found = places_by_object(
        '<ex:T rdf:about="x:a" ex:p="one>" ex:q=\'two\' xml:lang="en"/>\n'
        ' <ex:U rdf:about="x:b" rdf:type="x:V"><ex:p>three</ex:p></ex:U>'
    )
    assert found == {
        EX + "T": Place(4, 1),
        "one>": Place(4, 1),
        "two": Place(4, 1),
        EX + "U": Place(5, 2),
        "x:V": Place(5, 2),
        "three": Place(5, 39),
    }


def test_nodes_inside_properties_and_members_of_containers() -> None:
    found = places_by_object(
        '<rdf:Seq rdf:about="x:s"><rdf:li>one</rdf:li>\n'
        "<rdf:li><ex:T><ex:p>two</ex:p></ex:T></rdf:li><rdf:li>three</rdf:li>\n"
        '<ex:p rdf:parseType="Resource"><ex:q>four</ex:q></ex:p>\n'
        '<ex:q rdf:parseType="Collection"><ex:U><ex:p>five</ex:p></ex:U></ex:q>\n'
        '<ex:r rdf:parseType="Literal"><b ex:x="y">bold</b></ex:r></rdf:Seq>'
    )
    assert found[RDF + "Seq"] == Place(4, 1)
    assert found["one"] == Place(4, 26)
    assert found[EX + "T"] == Place(5, 9)
    assert found["two"] == Place(5, 15)
    assert found["three"] == Place(5, 47)
    assert found["four"] == Place(6, 32)
    assert found[EX + "U"] == Place(7, 34)
    assert found["five"] == Place(7, 40)
    (literal,) = (place for text, place in found.items() if "bold" in text)
    assert literal == Place(8, 1)


def test_blank_nodes_have_the_places_of_their_quads() -> None:
    text = f"{OPENING}<ex:T>\n<ex:p><ex:U/></ex:p></ex:T></rdf:RDF>"
    quads = quads_of(text, RDF_XML)
    places = locate(text, RDF_XML, quads)
    by_type = {quad.object: quad.subject for quad in quads if quad.predicate == A}
    outer, inner = by_type[ex("T")], by_type[ex("U")]
    assert places.of_triple(outer, ex("p"), inner) == Place(5, 1)
    assert places.of_subject(outer) == Place(4, 1)
    assert places.of_subject(inner) == Place(5, 7)


def test_a_nodes_first_place_is_first_in_the_text_not_in_the_parsers_order() -> None:
    node = '<rdf:Description rdf:about="x:a">'
    text = f"{OPENING} {node}<ex:p>{node}<ex:q>1</ex:q>"
    text += "</rdf:Description></ex:p></rdf:Description></rdf:RDF>"
    places = locate(text, RDF_XML)
    assert places.of_triple(NamedNode("x:a"), ex("q"), Literal("1")) == Place(4, 74)
    assert places.of_subject(NamedNode("x:a")) == Place(4, 2)


def test_quads_of_another_text_get_no_place() -> None:
    text = OPENING + '<ex:T rdf:about="x:a"><ex:p>1</ex:p></ex:T></rdf:RDF>'
    other = quads_of(text.replace("ex:p>", "ex:q>"), RDF_XML)
    assert locate(text, RDF_XML, other).of_triple(*other[0].triple) is None


def test_a_document_that_is_one_node() -> None:
    text = f'<x:T xmlns:x="{EX}" xmlns:r="{RDF}" r:about="x:a"><x:p>1</x:p></x:T>'
    places = locate(text, RDF_XML)
    place = Place(1, text.index("<x:p>") + 1)
    assert places.of_triple(NamedNode("x:a"), ex("p"), Literal("1")) == place


@pytest.mark.parametrize(
    "text",
    [
        OPENING + '<ex:T rdf:about="x:a"><ex:p>1',
        OPENING + '<ex:T rdf:about="x:a"><!-- x-g60kg-place: --><ex:p>1</ex:p></ex:T></rdf:RDF>',
        OPENING.replace("[<", '[<!ENTITY p "<ex:p>1</ex:p>"><')
        + '<ex:T rdf:about="x:a">&p;</ex:T></rdf:RDF>',
        OPENING
        + '<ex:T rdf:about="x:a"><ex:p>1</ex:p></ex:T>'
        + "<ex:T><ex:q>" * 500
        + "</ex:q></ex:T>" * 500
        + "</rdf:RDF>",
    ],
)
def test_what_cannot_be_followed_has_no_place(text: str) -> None:
    places = locate(text, RDF_XML)
    assert places.of_triple(NamedNode("x:a"), ex("p"), Literal("1")) is None


def test_what_stands_before_an_error_has_its_place() -> None:
    text = OPENING + '<ex:T rdf:about="x:a"><ex:p>1</ex:p><ex:q></ex:r></ex:T></rdf:RDF>'
    assert locate(text, RDF_XML).of_triple(NamedNode("x:a"), ex("p"), Literal("1")) == Place(4, 23)


def _is_xml(triple: Triple) -> bool:
    """Whether XML can hold the triple, and hold it unchanged."""
    if triple.predicate == A and isinstance(triple.object, NamedNode):
        return ends_in_name(triple.object.value)  # the engine makes an element's name of it
    text = triple.object.value if isinstance(triple.object, Literal) else ""
    return not re.search("\r|" + NOT_XML.pattern, text)


@settings(max_examples=100, deadline=None)
@given(graphs.map(lambda graph: [triple for triple in graph if _is_xml(triple)]), st.booleans())
def test_every_triple_that_the_engine_writes_has_its_place(
    graph: list[Triple], windows: bool
) -> None:
    text = written(graph, RDF_XML)
    if windows:
        text = re.sub(r"(>)\n", "\\1\r\n", text)
    quads = quads_of(text, RDF_XML)
    assert len(quads) == len(graph)
    places = locate(text, RDF_XML, quads)
    for number, quad in enumerate(quads):
        place, subject = places.nth(number), places.of_subject(quad.subject)
        assert place is not None, quad
        assert subject is not None, quad
        there = rest_from(text, place)
        tag = re.match(r"<([^\s/>]+)([^>]*)>([^<]*)", there)
        assert tag, there
        name = tag[1].rpartition(":")[2]
        if quad.predicate == A and name != "type":
            assert isinstance(quad.object, NamedNode)
            assert quad.object.value.endswith(name)
        else:
            assert quad.predicate.value.endswith(name)
            if isinstance(quad.object, Literal):
                assert html.unescape(tag[3]) == quad.object.value
            elif isinstance(quad.object, NamedNode):
                assert f'"{quad.object.value}"' in html.unescape(tag[2])
        if isinstance(quad.subject, NamedNode):
            about = re.match(r"<[^>]*>", rest_from(text, subject))
            assert about
            assert f'"{quad.subject.value}"' in html.unescape(about[0])
