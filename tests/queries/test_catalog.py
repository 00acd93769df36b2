"""Terms are bound into a query's VALUES blocks, and a user's text never becomes query text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from g60kg import package_data
from g60kg.errors import EngineFailure, UnknownName, UsageError
from g60kg.namespaces import entity
from g60kg.queries.binding import bind
from g60kg.queries.catalog import (
    NamedQuery,
    ParameterType,
    named_query,
    read_query,
)
from g60kg.stores.local_store import LocalStore
from tests.conftest import solutions

FILE = """\
#+ summary: Entities by their labels.
#+ description: A row is an entity.
#+ zh: {summary: 有哪些？, description: 每行是一个。}
#+ questions: {en: Which labels are there?, zh: 有哪些标签？}
#+ parameters:
#+   text: {type: string, example: hang, description: part of a label}
#+   entity: {type: iri, class: City, example: Hangzhou, description: one entity}
#+ columns: [entity, label]
#+ evidence: [fact]
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?entity ?label
WHERE {
  VALUES ?_text { "a" } # VALUES ?_text { "not this one" }
  VALUES ?_entity { UNDEF }
  ?entity rdfs:label ?label .
  ?fact  rdfs:label ?label .
  FILTER (CONTAINS(?label, ?_text) && (!BOUND(?_entity) || ?entity = ?_entity))
}
ORDER BY ?entity
"""


def test_one_query_is_read_without_the_others() -> None:
    texts = package_data.query_texts()
    assert {name: package_data.query_text(name) for name in texts} == texts


@pytest.mark.parametrize("name", ["*", "member-citie?", "../cities/member-cities", "", "none"])
def test_a_name_is_no_pattern_of_files(name: str) -> None:
    assert package_data.query_text(name) is None
    with pytest.raises(UnknownName):
        named_query(name)


@pytest.fixture
def query() -> NamedQuery:
    return read_query("labels", "search", FILE)


def test_a_header_becomes_a_frozen_object(query: NamedQuery) -> None:
    assert (query.name, query.topic) == ("labels", "search")
    text, thing = query.parameters
    assert (text.type, text.optional, text.example) == (ParameterType.STRING, False, "hang")
    assert (thing.of_class, thing.optional) == ("City", True)


def test_a_term_takes_the_place_of_the_default(query: NamedQuery) -> None:
    bound = bind(query, {"entity": entity("hangzhou")}).rows
    assert "VALUES ?_entity { <https://w3id.org/g60kg/id/hangzhou> }" in bound
    assert 'VALUES ?_text { "a" }' in bound


def test_an_optional_parameter_not_given_leaves_no_block(query: NamedQuery) -> None:
    assert "VALUES ?_entity" not in bind(query, {}).rows


def test_evidence_is_projected_too(query: NamedQuery) -> None:
    assert "SELECT DISTINCT ?entity ?label ?fact" in bind(query, {}).evidence


def test_a_parameter_that_is_not_there_is_named(query: NamedQuery) -> None:
    with pytest.raises(UsageError, match="no parameter town"):
        bind(query, {"town": entity("hangzhou")})


hostile = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    st.sampled_from(
        [
            '"} ?x ?y ?z . #',
            "' } UNION { ?s ?p ?o } #",
            '""" } DROP ALL #',
            "\\",
            "\\u0022 } #",
            "}\n} SELECT * {{",
        ]
    ),
)


@given(hostile)
def test_any_text_comes_back_as_the_one_literal_it_is(text: str) -> None:
    query = named_query("search")
    bound = bind(query, {"text": Literal(text)}).rows
    fixed = re.split(r"VALUES \?_text \{ [^}]* \}", query.text)
    assert len(fixed) > 1
    length = (len(bound) - len("".join(fixed))) // (len(fixed) - 1)
    block = bound[len(fixed[0]) :][:length]
    # The engine reads each block back as exactly that literal, and the rest is as it was.
    assert bound == block.join(fixed)
    (solution,) = solutions(LocalStore.holding((), "nothing"), f"SELECT ?_text {{ {block} }}")
    assert solution["_text"] == Literal(text)


def test_an_unknown_query_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        named_query("member-citys")
    assert caught.value.hint is not None
    assert "member-cities" in caught.value.hint


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ("  VALUES ?_entity { UNDEF }\n", "", "differ: entity"),
        ("ORDER BY ?entity", "  ORDER BY ?entity", "ORDER BY"),
        (
            "  ?fact ",
            "  # The facts behind a row\n  {SELECT ?fact WHERE {}} ?fact ",
            "joins \\?entity",
        ),
        ("  ?fact ", "  # The facts behind a row\n  {SELECT ?entity WHERE {}} ?fact ", None),
        ("  ?fact ", "  # The facts behind a row\n  ?entity ?p ?q . ?fact ", None),
    ],
)
def test_a_layout_that_binding_cannot_use_is_an_error(
    written: str, instead: str, message: str | None
) -> None:
    assert written in FILE
    text = FILE.replace(written, instead)
    if message is None:
        assert read_query("labels", "search", text).name == "labels"
        return
    with pytest.raises(EngineFailure, match=message):
        read_query("labels", "search", text)


@pytest.mark.parametrize("header", ["#+ summary: [", "#+ summary: x", "#+ columns: 3"])
def test_an_invalid_header_is_reported(header: str) -> None:
    with pytest.raises(EngineFailure, match=r"broken\.rq"):
        read_query("broken", "search", f"{header}\nSELECT * {{ }}")
