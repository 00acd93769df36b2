"""Questions with a negation, an exclusion, a cause or a departure are refused by name."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, Quad

from g60kg.namespaces import LABEL, A, entity, g60, graph_name
from g60kg.queries.ask.understanding import Interpreter
from g60kg.stores.local_store import LocalStore


@pytest.fixture(scope="module")
def interpreter(store: LocalStore) -> Interpreter:
    return Interpreter(store)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Which companies have moved out of Songjiang?", "moved out"),
        ("Which companies left Songjiang?", "left"),
        ("agreements signed by Hangzhou but not by Hefei", "not"),
        ("Which cities didn't sign an agreement?", "not"),
        ("Which cities didn’t sign an agreement?", "not"),
        ("Which city never signed?", "never"),
        ("projects except in Songjiang", "except"),
        ("Which places are outside the corridor?", "outside"),
        ("Why did Jinhua join the corridor?", "Why"),
        ("Why are there triples without evidence?", "Why"),
        ("不在松江的企业有哪些？", "不"),
        ("哪些城市没有签署协议", "没有"),
        ("尚未签署协议的城市", "尚未"),
        ("走廊以外的城市", "以外"),
        ("除松江外有哪些项目", "除松江外"),
        ("除了松江还有哪些项目", "除了"),
        ("为何金华加入走廊", "为何"),
        ("搬出松江的企业", "搬出"),
    ],
)
def test_an_operator_that_no_query_expresses_is_named(
    question: str, word: str, interpreter: Interpreter
) -> None:
    english = interpreter.understand(question)
    chinese = interpreter.understand(question, "zh")
    assert english.reading is chinese.reading is None
    assert f'("{word}")' in english.reason
    assert f"（“{word}”）" in chinese.reason


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Are there triples without evidence?", "unsupported-triples"),
        ("Which facts aren't supported?", "unsupported-triples"),
        ("哪些三元组没有依据", "unsupported-triples"),
        ("各来源在哪些方面说法不一", "conflicts"),
        ("来源有哪些不同的说法", "conflicts"),
        ("Are there projects in Songjiang or not?", "projects"),
        ("松江有没有项目", "projects"),
        ("松江签过协议没有？", "agreements"),
        ("哪些内容只是官员的说法而不是事实？", "attributed-statements"),
        ('Search for "not"', "search"),
    ],
)
def test_a_query_or_a_phrase_can_have_such_a_word(
    question: str, query: str, interpreter: Interpreter
) -> None:
    assert interpreter.understand(question).required().query.name == query


def test_names_of_entities_are_no_operators() -> None:
    store = LocalStore.shipped()
    source, company = graph_name("other"), entity("never-motors")
    store.extend(
        (
            Quad(company, A, g60("Enterprise"), source),
            Quad(company, LABEL, Literal("Never Motors", language="en"), source),
        )
    )
    interpreter = Interpreter(store)
    found = interpreter.understand("facts about Never Motors").required()
    assert found.parameters == {"entity": "id:never-motors"}
    assert interpreter.understand("Which city never signed?").reading is None
