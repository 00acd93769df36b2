"""Questions are understood as canned queries, or refused with the reason."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from g60kg.errors import NotUnderstood, UsageError
from g60kg.model.evidence_lookup import Labels
from g60kg.model.names import is_chinese
from g60kg.namespaces import (
    HAS_OBSERVATION,
    LABEL,
    PREFIXES,
    A,
    entity,
    g60,
    graph_name,
)
from g60kg.queries.ask.understanding import Interpreter
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.queries.parameters import Resolver
from g60kg.stores.local_store import LocalStore
from tests.conftest import sampled
from tests.queries.ask_accuracy import accuracy, read, rows, written

#: The goals for questions that were not looked at.
FIRST, AMONG_THREE, REFUSED = 0.85, 0.95, 0.9


@pytest.fixture(scope="module")
def interpreter(store: LocalStore) -> Interpreter:
    return Interpreter(store)


#: Entities that no source has: the tests of names stay true when the shipped graph grows.
INVENTED = (
    ("nantong", "PrefectureCity", "Nantong"),
    ("qidong-yards", "Enterprise", "Qidong Shipyards Group"),
    ("qidong-yards", "Enterprise", "启东船厂集团"),
    ("zorblax-motors", "Enterprise", "Zorblax Motors"),
    ("zorblax-energy", "Enterprise", "Zorblax Energy"),
    ("glimmer-railway", "TransportLine", "Glimmer high-speed railway"),
    ("ninth-meeting", "Meeting", "G60通州湾第九次联席会议"),
    ("gazette-1", "Article", "Report on shipyards"),
)


@pytest.fixture(scope="module")
def invented() -> Interpreter:
    source = graph_name("other")
    store = LocalStore.shipped()
    for name, kind, label in INVENTED:
        text = Literal(label, language="zh" if is_chinese(label) else "en")
        store.extend(
            (
                Quad(entity(name), A, g60(kind), source),
                Quad(entity(name), LABEL, text, source),
            )
        )
    share = NamedNode("https://example.org/share")
    for subject, predicate, obj in (
        (entity("nantong"), HAS_OBSERVATION, share),
        (share, g60("observedMeasure"), NamedNode(PREFIXES["measure"] + "share-of-gdp")),
        (share, g60("referenceArea"), entity("china")),
    ):
        store.extend([Quad(subject, predicate, obj, source)])
    published = Literal("Delta Gazette")
    store.extend([Quad(entity("gazette-1"), g60("publisher"), published, source)])
    return Interpreter(store)


def reading(interpreter: Interpreter, question: str) -> str:
    found = interpreter.understand(question)
    assert found.reading is not None, found.reason
    return written(found.reading)


# -- Sets of questions -----------------------------------------------------------


@pytest.mark.parametrize("split", ["seen", "unseen"])
def test_the_set_of_questions_reaches_the_goals(split: str, interpreter: Interpreter) -> None:
    chosen = [question for question in read() if question.split == split]
    assert len(chosen) > 100
    rates = accuracy(interpreter, chosen)
    assert (rates.first, rates.among_three, rates.refused) >= (FIRST, AMONG_THREE, REFUSED)
    assert rates.first >= FIRST
    assert rates.among_three >= AMONG_THREE
    assert rates.refused >= REFUSED


def test_each_query_has_sample_questions_in_both_languages() -> None:
    for query in load_catalog().values():
        chinese = [one for one in query.questions if re.search("[一-鿿]", one)]
        assert len(chinese) >= 3, query.name
        assert len(query.questions) - len(chinese) >= 3, query.name
        known = {parameter.name for parameter in (*query.parameters, *query.filters)}
        assert {name for one in query.questions for name in re.findall(r"{(\w+)}", one)} <= known


@pytest.mark.parametrize("query", sampled(load_catalog().values()), ids=lambda query: query.name)
def test_the_sample_questions_of_a_query_lead_to_it(
    query: NamedQuery, interpreter: Interpreter, store: LocalStore
) -> None:
    first = 0
    for question in query.questions:
        language = "zh" if re.search("[一-鿿]", question) else "en"
        found = interpreter.understand(_filled(question, query, store, language))
        shown = [one.query.name for one in (found.reading, *found.alternatives) if one]
        assert query.name in shown, question
        first += found.reading is not None and found.reading.query is query
    assert first >= len(query.questions) - 2


def _filled(question: str, query: NamedQuery, store: LocalStore, language: str) -> str:
    """Return a sample question with the examples of the parameters in its language."""

    def value(found: re.Match[str]) -> str:
        parameter = query.parameter(found[1])
        term = Resolver(store).terms(query, {parameter.name: parameter.example})[parameter.name]
        if parameter.enum:
            term = g60(parameter.example)
        label = Labels(store, language).of(term)
        return label.value if label else parameter.example

    return re.sub(r"{(\w+)}", value, question)


# -- Names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("facts about Tencnet", "facts-about?entity=id:tencent"),  # a typing error
        ("FACTS ABOUT TENCENT!", "facts-about?entity=id:tencent"),
        ("ｆａｃｔｓ about ﻿Tencent", "facts-about?entity=id:tencent"),
        ("Songjiang’s projects", "projects?city=id:songjiang"),
        ("projects in Jiaxing city", "projects?city=id:jiaxing"),  # its class beside the name
        ("Songjiang hub facts", "facts-about?entity=id:songjiang-hub"),  # the longest name
    ],
)
def test_names_are_found(question: str, expected: str, interpreter: Interpreter) -> None:
    assert reading(interpreter, question) == expected


@pytest.mark.parametrize(
    ("question", "bounds"),
    [
        ("What happened in 2018?", "from=2018&to=2018"),
        ("What happened since 2018?", "from=2018"),
        ("What happened in 2018 or later?", "from=2018"),
        ("Milestones in 2018 and earlier", "to=2018"),
        ("What happened after 2018?", "from=2019"),
        ("What happened before 2018?", "to=2017"),
        ("What happened until 2018?", "to=2018"),
        ("What happened between 2018 and 2020?", "from=2018&to=2020"),
        ("2018年发生了什么", "from=2018&to=2018"),
        ("2018年以来的大事", "from=2018"),
        ("2018年以后的大事", "from=2019"),
        ("2018年之前的大事", "to=2017"),
        ("2018到2020年的大事记", "from=2018&to=2020"),
        ("二〇一八年至二零二〇年的大事记", "from=2018&to=2020"),
        ("自2018年以来的大事", "from=2018"),
        ("截至2018年的大事", "to=2018"),
        ("What happened in the 2010s?", "from=2010&to=2019"),
        ("What happened before the 2010s?", "to=2009"),
        ("2010年代的大事", "from=2010&to=2019"),
        ("What happened in 2018 and 2019?", "from=2018&to=2019"),
    ],
)
def test_years_are_found(question: str, bounds: str, interpreter: Interpreter) -> None:
    assert reading(interpreter, question) == f"timeline?{bounds}"


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("events of Hangzhou in 1850", 'limited to "Hangzhou"'),
        ("杭州1850年的活动", "不能限于：“杭州”"),
        ("companies in Wuhu founded in 1850", "no dates"),
        ("1850年芜湖有哪些企业", "没有日期"),
        ("What happened from 2020 to 1990?", "wrong order"),
        ("2020年至1990年的大事", "先后颠倒"),
        ("What happened in 2021 and 1850?", "not in a row"),
        ("GDP of Hangzhou in 12", '"in 12"'),
        ("What happened in May 2021?", '"May 2021"'),
        ("2018年6月的大事", "“6月”"),
        ("What happened in 2021/22?", '"2021/22"'),
        ("What happened in the early 2010s?", '"early 2010s"'),
    ],
)
def test_names_and_times_that_no_query_takes_are_not_dropped(
    question: str, reason: str, interpreter: Interpreter
) -> None:
    understood = interpreter.understand(question, "zh" if is_chinese(question) else "en")
    assert understood.reading is None
    assert reason in understood.reason


@pytest.mark.parametrize("year", [1850, 2022])
def test_years_filter_queries_without_parameters_for_them(
    year: int, interpreter: Interpreter
) -> None:
    found = reading(interpreter, f"number of zones of Songjiang in {year}")
    assert (
        found == f"quantities?from={year}&measure=measure:zone-count&subject=id:songjiang&to={year}"
    )


def test_a_trend_without_a_subject_is_the_corridor_s(interpreter: Interpreter) -> None:
    found = reading(interpreter, "How did the share of GDP develop over time?")
    assert found == "trend?measure=measure:share-of-gdp&subject=id:corridor"


def test_a_counted_noun_names_its_measure(interpreter: Interpreter) -> None:
    expected = "quantities?category=id:high-tech-enterprises&measure=measure:enterprise-count"
    assert reading(interpreter, "How many high-tech enterprises are there?") == expected
    assert reading(interpreter, "高新技术企业有多少家") == expected


def test_a_category_without_a_noun_is_counted_as_its_figures_are(interpreter: Interpreter) -> None:
    expected = "compare?category=id:high-tech-enterprises&measure=measure:enterprise-count"
    assert reading(interpreter, "哪个城市高新技术企业最多") == expected


@pytest.mark.parametrize(
    "question", ["How many AI companies are there?", "AI firms number", "人工智能企业有多少家"]
)
def test_a_count_is_read_in_the_role_that_has_rows(
    question: str, interpreter: Interpreter, store: LocalStore
) -> None:
    found = interpreter.understand(question).required()
    expected = "quantities?measure=measure:enterprise-count&subject=id:artificial-intelligence"
    assert written(found) == expected
    assert rows(store, found)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "How long was the corridor in its 2.0 version?",
            "quantities?measure=measure:length&subject=id:corridor-phase-2",
        ),
        ("Show me the quotes that back up what is said about Kuka.", "evidence-for?entity=id:kuka"),
        (
            "走廊的面积是多少平方公里？",
            "quantities?measure=measure:territory-area&subject=id:corridor",
        ),
    ],
)
def test_the_more_specific_name_is_the_parameter(
    question: str, expected: str, interpreter: Interpreter
) -> None:
    assert reading(interpreter, question) == expected


@pytest.mark.parametrize("question", ["How long is the corridor?", "走廊有多长"])
def test_how_long_asks_for_the_length(question: str, interpreter: Interpreter) -> None:
    expected = "quantities?measure=measure:length&subject=id:corridor"
    assert reading(interpreter, question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("enterprises in Songjiang", "enterprises?city=id:songjiang"),
        ("universities in Hefei", "organizations?kind=g60:University&place=id:hefei"),
        ("合肥有哪些大学", "organizations?kind=g60:University&place=id:hefei"),
    ],
)
def test_a_class_leads_to_the_query_of_its_rows(
    question: str, expected: str, interpreter: Interpreter
) -> None:
    assert reading(interpreter, question) == expected


def test_a_share_is_found_with_words_between(interpreter: Interpreter) -> None:
    found = reading(interpreter, "Which share of China's GDP does the corridor have?")
    assert found == "quantities?measure=measure:share-of-gdp&subject=id:corridor"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("share of China's GDP", "compare?measure=measure:share-of-gdp"),
        ("地区生产总值占全国的比重", "compare?measure=measure:share-of-gdp"),
        (
            "Nantong's share of China's GDP",
            "quantities?measure=measure:share-of-gdp&subject=id:nantong",
        ),
    ],
)
def test_the_area_of_a_share_is_not_its_subject(
    question: str, expected: str, invented: Interpreter
) -> None:
    assert reading(invented, question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which projects are in Nantong?", "projects?city=id:nantong"),
        ("facts about Qidong", "facts-about?entity=id:qidong-yards"),  # a part of a name
        ("启东船厂的事实", "facts-about?entity=id:qidong-yards"),
        ("启东船场集团的事实", "facts-about?entity=id:qidong-yards"),  # one wrong character
        ("facts about Nanotng", "facts-about?entity=id:nantong"),  # a typing error
        ("glimmer high-speed railway", "facts-about?entity=id:glimmer-railway"),
        ("通州湾第九次联席会议", "facts-about?entity=id:ninth-meeting"),
        ("Facts according to the Delta Gazette", "facts-in-article?article=id:gazette-1"),
    ],
)
def test_names_of_any_graph_are_found(question: str, expected: str, invented: Interpreter) -> None:
    assert reading(invented, question) == expected


# -- Refusals --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What is the weather in Hangzhou?", "weather"),
        ("Which projects has Foxconn in Songjiang?", "Foxconn"),
        ("Is there a poem about Songjiang?", "poem"),
        ("深圳有哪些企业", "深圳"),
        ("GDP of Hangzhou in 99999999999999999999", "99999999999999999999"),
    ],
)
def test_the_reason_names_the_unknown_word(
    question: str, unknown: str, interpreter: Interpreter
) -> None:
    for language in ("en", "zh"):
        found = interpreter.understand(question, language)
        assert found.reading is None
        assert unknown in found.reason


@pytest.mark.parametrize("question", ["hello", "who?", "你好", "?!", "and of the", "12345", "🙂"])
def test_a_question_without_content_is_refused(question: str, interpreter: Interpreter) -> None:
    assert interpreter.understand(question).reading is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Kindly enlighten me: agreements Hangzhou ratified", "agreements?city=id:hangzhou"),
        ("连忙打听一下松江的项目", "projects?city=id:songjiang"),
        ("evnts list", "events?"),  # a letter less
        ("wich citys r in teh corridor", "member-cities?"),
    ],
)
def test_unknown_words_that_are_no_nouns_do_not_refuse(
    question: str, expected: str, interpreter: Interpreter
) -> None:
    assert reading(interpreter, question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "how do I get to Wuhu",
        "should i buy NIO shares now or wait",
        "delete all facts about Tencent",
        "drop all graphs",
        "insert a fact",
        "成都的GDP是多少",
        "你觉得松江好还是嘉兴好",
        "What will the GDP of Hefei be in 2040?",
    ],
)
def test_advice_commands_and_other_cities_are_refused(
    question: str, interpreter: Interpreter
) -> None:
    assert interpreter.understand(question).reading is None


def test_two_meanings_of_a_name_are_not_guessed(invented: Interpreter) -> None:
    found = invented.understand("facts about Zorblax")
    assert found.reading is None
    assert '"id:zorblax-energy", "id:zorblax-motors"' in found.reason
    assert len(found.alternatives) == 3


@pytest.mark.parametrize("question", ["", "  ", "x" * 401, "\ud800"])
def test_what_is_no_text_is_a_usage_error(question: str, interpreter: Interpreter) -> None:
    with pytest.raises(UsageError):
        interpreter.understand(question)


def test_a_missing_reading_is_an_error_with_the_nearest_questions(interpreter: Interpreter) -> None:
    with pytest.raises(NotUnderstood, match="weather") as caught:
        interpreter.understand("weather of projects in Songjiang").required()
    assert caught.value.exit_code == 1
    assert "projects" in (caught.value.hint or "")
