"""Questions: no text becomes a part of a query, names are read once, the files are in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from g60kg.errors import UnknownName
from g60kg.namespaces import HIDDEN_LABEL, NAMING, entity, expand, graph_name
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.understanding import Interpreter, Understanding
from g60kg.queries.parameters import Resolver
from g60kg.stores.local_store import LocalStore
from tests.conftest import long_only
from tests.queries.ask_accuracy import read, rows


@pytest.fixture(scope="module")
def interpreter(store: LocalStore) -> Interpreter:
    return Interpreter(store)


def _asked(interpreter: Interpreter, step: int) -> Iterator[Understanding]:
    for question in read()[::step]:
        yield interpreter.understand(question.text)
        yield interpreter.understand(f'{question.text} }} INSERT DATA {{ <a:b> <a:b> "1" }} #')


@pytest.mark.parametrize("step", [4, *long_only(1)])
def test_no_text_of_a_question_reaches_a_query(interpreter: Interpreter, step: int) -> None:
    for found in _asked(interpreter, step):
        for one in (found.reading, *found.alternatives):
            if one is None:
                continue
            for name, value in one.parameters.items():
                parameter = one.query.parameter(name)
                if name == "text":
                    assert str(value) in found.question
                elif parameter.enum:
                    assert value in parameter.enum
                elif parameter.type == "iri":
                    assert isinstance(expand(str(value)), NamedNode)
                else:
                    assert re.fullmatch("[0-9]{4}", str(value))


def test_a_text_to_search_for_is_a_literal(store: LocalStore, interpreter: Interpreter) -> None:
    found = interpreter.understand('Search for "} INSERT DATA { <a:b> <a:b> 1 } #"').required()
    assert found.parameters == {"text": "} INSERT DATA { <a:b> <a:b> 1 } #"}
    assert rows(store, found) == []


def test_names_are_read_once() -> None:
    reads: list[str] = []

    class Counting(LocalStore):
        def query(self, text, dataset=None):  # type: ignore[no-untyped-def]
            reads.append(text)
            return super().query(text, dataset)

        def quads(self, subject=None, predicate=None, object_=None, graph=None):  # type: ignore[no-untyped-def]
            if subject is None and predicate in NAMING:
                reads.append(str(predicate))
            return super().quads(subject, predicate, object_, graph)

    interpreter = Interpreter(Counting.shipped())
    interpreter.understand("projects in Songjiang")
    assert all(any(str(naming) in text for text in reads) for naming in NAMING)
    reads.clear()
    interpreter.understand("enterprises in Shanghai")
    assert not reads


@pytest.mark.parametrize(("graph", "is_name"), [("entities", True), ("2400000004", False)])
def test_words_of_one_text_are_no_name(graph: str, is_name: bool, store: LocalStore) -> None:
    name = Literal("Vexford", language="en")
    label = Quad(entity("songjiang"), HIDDEN_LABEL, name, graph_name(graph))
    named = LocalStore.holding((*store.quads(), label), "the graph with a hidden label")
    found = Interpreter(named).understand("projects in Vexford")
    assert (found.reading is not None) is is_name
    try:
        assert Resolver(named).entity("Vexford") == entity("songjiang")
    except UnknownName:
        assert not is_name


def test_words_without_a_meaning_are_in_no_group_of_synonyms() -> None:
    words = question_vocabulary()
    assert not words.fillers & words.synonyms.keys()
    assert not set(words.content["fillers_zh"].split()) & words.synonyms.keys()


def test_the_questions_of_the_set_are_one_a_line() -> None:
    lines = (Path(__file__).parent.parent / "data" / "questions.tsv").read_text().splitlines()
    assert len(lines) == len(read()) + 1 > 200
