"""Places in JSON-LD: the value that gives a triple, the object that is its subject."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from g60kg.namespaces import A
from g60kg.positions import Place, locate
from tests.rdf_strategies import EX, RDF, XSD, graphs
from tests.test_positions import quads_of, rest_from, written

JSON_LD = RdfFormat.JSON_LD
CONTEXT = {
    "@vocab": EX,
    "ex": EX,
    "id": "@id",
    "type": "@type",
    "value": "@value",
    "Place": "ex:Location",
    "near": {"@type": "@id"},
    "label": {"@container": "@language"},
    "rank": {"@container": "@index"},
    "steps": {"@container": "@list"},
    "shape": {"@type": "@json"},
    "details": "@nest",
    "nearTo": {"@reverse": "near"},
}


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def document(*lines: str) -> str:
    """A JSON-LD text with the context on its first line."""
    return "\n".join((f'{{"@context": {json.dumps(CONTEXT)},', *lines, "}"))


def places_by_object(text: str) -> dict[str, Place | None]:
    """The place of each triple, by the text of its object; a blank node's is ``_``."""
    quads = quads_of(text, JSON_LD)
    places = locate(text, JSON_LD, quads)
    return {
        "_" if isinstance(quad.object, BlankNode) else quad.object.value: places.of_triple(
            *quad.triple
        )
        for quad in quads
        if not isinstance(quad.object, Triple)
    }


def test_values_stand_where_their_tokens_do() -> None:
    text = document(
        '"id": "ex:a",',
        '"name": "n",  "count": [1, 2.5,',
        '  [true, null]], "near": ["ex:b", {"id": "ex:c"}],',
        '"note": {"value": "v", "@language": "en"}, "when": {"@type": "ex:d", "@value": "w"}',
    )
    assert places_by_object(text) == {
        "n": Place(3, 9),
        "1": Place(3, 25),
        "2.5E0": Place(3, 28),
        "true": Place(4, 4),
        EX + "b": Place(4, 27),
        EX + "c": Place(4, 35),
        "v": Place(5, 9),
        "w": Place(5, 52),
    }


def test_contexts_say_what_a_value_is() -> None:
    text = document(
        '"id": "ex:a", "type": "Place",',
        '"label": {"en": "one", "zh": ["二",',
        ' "三"]}, "rank": {"x": 4, "y": [5, 6]}, "details": {"size": 7},',
        '"steps": [8], "shape": {"size": 9}, "list": {"@list": [10]}',
    )
    found = places_by_object(text)
    assert found.pop("_") == Place(5, 45)
    assert found == {
        EX + "Location": Place(2, 23),
        "one": Place(3, 17),
        "二": Place(3, 31),
        "三": Place(4, 2),
        "4": Place(4, 23),
        "5": Place(4, 32),
        "6": Place(4, 35),
        "7": Place(4, 60),
        "8": None,
        '{"size":9}': None,
        "10": None,
        RDF + "nil": None,
    }


def test_subjects_stand_where_their_objects_open() -> None:
    text = document(
        '"@graph": [',
        '{"name": "a", "id": "ex:a", "near":',
        ' {"name": "b", "nearTo": {"id": "ex:c", "name": "c"}}},',
        '{"id": "ex:d", "@reverse": {"near": {"id": "ex:e", "name": "e"}}}]',
    )
    quads = quads_of(text, JSON_LD)
    places = locate(text, JSON_LD, quads)
    named = {
        quad.object.value: places.of_subject(quad.subject)
        for quad in quads
        if isinstance(quad.object, Literal)
    }
    assert named == {"a": Place(3, 1), "b": Place(4, 2), "c": Place(4, 26), "e": Place(5, 37)}
    assert places.of_triple(ex("e"), ex("near"), ex("d")) is None


def test_types_of_one_object_share_the_place_of_the_first() -> None:
    text = document('"id": "ex:a", "type": ["zzz", ', '"Place", "ex:松江"], "name": "n"')
    places = locate(text, JSON_LD)
    for name in ("zzz", "Location", "松江"):
        assert places.of_triple(ex("a"), A, ex(name)) == Place(2, 24)
    assert places.of_triple(ex("a"), ex("name"), Literal("n")) == Place(3, 28)


def test_a_node_inside_itself() -> None:
    places = locate('{"@id": "x:a", "x:p": {"@id": "x:a", "x:p": 1}}', JSON_LD)
    a, p = NamedNode("x:a"), NamedNode("x:p")
    assert places.of_triple(a, p, a) == Place(1, 23)
    assert places.of_triple(a, p, Literal("1", datatype=NamedNode(XSD + "integer"))) == Place(1, 45)


def test_quads_of_another_text_get_no_place() -> None:
    other = quads_of('{"@id": "x:a", "x:q": 1, "x:p": 2}', JSON_LD)
    places = locate('{"@id": "x:a", "x:p": 1, "x:q": 2}', JSON_LD, other)
    assert [places.nth(number) for number in range(2)] == [None, None]


def test_the_place_of_types_is_that_of_no_other_object() -> None:
    text = (
        '{"@context": {"g": {"@id": "x:g", "@container": "@graph"}}, "@graph": [\n'
        '{"@id": "x:a", "@type": "x:T", "x:p": 1},\n'
        '{"@id": "x:b", "g": {"@id": "x:a", "@type": "x:U"}}]}'
    )
    places, a = locate(text, JSON_LD), NamedNode("x:a")
    assert places.of_triple(a, A, NamedNode("x:T")) == Place(2, 25)
    assert places.of_triple(a, A, NamedNode("x:U")) is None


def test_a_dropped_value_gives_its_place_to_no_other() -> None:
    text = document(
        '"id": "ex:a", "p": {"id": "ex:b", "q": {"id": "ex:a", "p": null, "x:": 1}},',
        '"type": ["not an IRI:", "ex:T"], "near": ["no: iri", "ex:c"]',
    )
    places = locate(text, JSON_LD)
    assert places.of_triple(ex("a"), ex("p"), ex("b")) == Place(2, 20)
    assert places.of_triple(ex("b"), ex("q"), ex("a")) == Place(2, 40)
    assert places.of_triple(ex("a"), ex("near"), ex("c")) == Place(3, 54)


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": "https://example.org/context.jsonld", "@id": "x:a", "x:p": 1}',
        '{"@id": "x:a", "x:p": 1',
        '{"@id": "x:a", "x:p": 1]',
        '{"@id": "x:a", "x:p": 1 "x:q": 2}',
        '{"@id": "x:a", "x:p" 1, 2: 3}',
        '{"@id": "x:a", "x:p": "x-g60kg-place:1.2"}',
        '{"@context": {"@vocab": 7}, "@id": "x:a"}',
        '{"@context": [[{"a": {"@container": [["@set"]]}}]], "@id": "x:a", "a": 1}',
        '{"@context": nothing, "@id": "x:a", "a": 1}',
        '{"@context": {"a": ' + "1" * 5000 + '}, "@id": "x:a", "a": 1}',
    ],
)
def test_what_cannot_be_followed_has_no_place(text: str) -> None:
    places = locate(text, JSON_LD)
    one = Literal("1", datatype=NamedNode(XSD + "integer"))
    assert places.of_triple(NamedNode("x:a"), NamedNode("x:p"), one) is None


def test_names_defined_in_two_ways_only_cost_their_own_places() -> None:
    text = """[
{"@context": {"p": {"@id": "x:p", "@container": "@language"}}, "@id": "x:a",
 "p": {"en": "one"}, "x:q": 1},
{"@context": {"p": "x:p"}, "@id": "x:a", "p": [2, {"en": 3}], "x:q": 4}
]"""
    found = places_by_object(text)
    assert found.pop("_") is None
    assert found == {"one": None, "1": Place(3, 29), "2": None, "4": Place(4, 70)}


@settings(max_examples=100, deadline=None)
@given(graphs, st.sampled_from([None, 1]))
def test_every_triple_that_the_engine_writes_has_its_place(
    graph: list[Triple], indent: int | None
) -> None:
    text = json.dumps(json.loads(written(graph, JSON_LD)), indent=indent, ensure_ascii=False)
    quads = quads_of(text, JSON_LD)
    places = locate(text, JSON_LD, quads)
    for number, quad in enumerate(quads):
        place, subject = places.nth(number), places.of_subject(quad.subject)
        assert place is not None, quad
        assert subject is not None, quad
        value, _ = json.JSONDecoder().raw_decode(rest_from(text, place))
        if not isinstance(quad.object, BlankNode):
            statement = json.dumps({"@id": "x:s", "x:p": value})
            (read,) = parse(statement, format=JSON_LD)
            assert read.object == quad.object
        node, _ = json.JSONDecoder().raw_decode(rest_from(text, subject))
        if isinstance(quad.subject, NamedNode):
            assert node["@id"] == quad.subject.value
