"""Ways to ask of the shipped graph: products, plans, two years, publishers, what is compared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from g60kg.queries.ask.understanding import Interpreter
from g60kg.stores.local_store import LocalStore
from tests.queries.ask_accuracy import written


@pytest.fixture(scope="module")
def shipped() -> Iterator[Interpreter]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("G60KG_DATA")
        yield Interpreter(LocalStore.shipped())


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("science parks in Jiaxing", "zones?city=id:jiaxing&kind=id:science-park"),
        ("industrial parks in Wuhu", "zones?city=id:wuhu&kind=id:industrial-park"),
        (
            "松江的专业化创新功能区有哪几个？",
            "zones?city=id:songjiang&kind=id:professional-innovation-area",
        ),
        (
            "What is linked to the STAR Market?",
            "neighbours?entity=id:science-and-technology-innovation-board",
        ),
        (
            "Do sources contradict one another on the Shanghai-Suzhou-Huzhou high-speed railway?",
            "conflicts?entity=id:shanghai-suzhou-huzhou-high-speed-railway",
        ),
        (
            "compare rural incomes across the cities",
            "compare?category=id:rural-residents&measure=measure:disposable-income-per-capita",
        ),
        (
            "which city spends the most on R&D relative to GDP",
            "compare?measure=measure:rd-intensity",
        ),
        ("GDP in 2021: Hefei against Wuhu", "compare?measure=measure:gdp&period=2021"),
        (
            "What does the SpaceNews piece on G60 Starlink report?",
            "facts-in-article?article=id:article-spacenews-g60-starlink",
        ),
        (
            "How many cars does Hefei make?",
            "quantities?category=id:automobiles&measure=measure:production-volume&subject=id:hefei",
        ),
        (
            "Which quotation proves that OmniVision is in integrated circuits?",
            "evidence-for?entity=id:omnivision",
        ),
        ("“6+X”战略性新兴产业都有哪些", "industries?scheme=id:six-plus-x"),
        (
            "千帆星座一共规划了多少颗卫星",
            "quantities?measure=measure:constellation-size&subject=id:g60-starlink",
        ),
        (
            "top speed of the Shanghai-Suzhou-Huzhou HSR",
            "quantities?measure=measure:design-speed&subject=id:shanghai-suzhou-huzhou-high-speed-railway",
        ),
        # Years without their century, and plans of five years.
        ("19到22年的大事", "timeline?from=2019&to=2022"),
        ("timeline of '18", "timeline?from=2018&to=2018"),
        (
            "“十三五”期间松江地区生产总值年均增长多少",
            "trend?from=2016&measure=measure:gdp-mean-annual-growth&subject=id:songjiang&to=2020",
        ),
        # A growth, a rank or a share is not the level.
        (
            "exports of Jiaxing, year-on-year",
            "quantities?measure=measure:exports-growth&subject=id:jiaxing",
        ),
        (
            "金华的快递业务量排名",
            "quantities?measure=measure:express-delivery-volume-rank&subject=id:jinhua",
        ),
        (
            "weight of the secondary industry in Wuhu's GDP",
            "quantities?category=id:secondary-industry"
            "&measure=measure:value-added-share-of-gdp&subject=id:wuhu",
        ),
        # Everyday words, first letters and spoken forms.
        (
            "jobs created by the G60 Eye",
            "quantities?measure=measure:jobs"
            "&subject=id:g60-eye-of-science-and-technology-innovation",
        ),
        ("哪个城市城乡收入差距最小", "compare?measure=measure:urban-rural-income-ratio"),
        (
            "documents put out by MIIT",
            "documents?issuer=id:ministry-of-industry-and-information-technology",
        ),
        ("labs in Kunshan", "organizations?kind=g60:ResearchInstitute&place=id:kunshan"),
        ("where do the papers clash about Kuka", "conflicts?entity=id:kuka"),
        # Names in part: without a legal form, by another name of a concept, with a class.
        (
            "what is CETC Wuhu Diamond Aircraft known for",
            "achievements?entity=id:cetc-wuhu-diamond-aircraft-manufacture",
        ),
        (
            "robotics alliance: who founded it?",
            "facts-about?entity=id:g60-corridor-robot-industry-alliance",
        ),
        (
            "what is written on the Guigu science park in Jiashan",
            "facts-about?entity=id:china-guigu-jiashan-science-park",
        ),
        ("嘉善科技园", "facts-about?entity=id:china-guigu-jiashan-science-park"),
        # A word that one measure of the subject has in its name.
        (
            "deed tax revenue of Wuhu in 2021",
            "quantities?category=id:deed-tax&from=2021&measure=measure:general-public-budget-revenue"
            "&subject=id:wuhu&to=2021",
        ),
        # A rate without the word, a change, a rank of a count, a share of what is named.
        (
            "natural population growth of Hangzhou in 2009",
            "quantities?from=2009&measure=measure:natural-population-growth-rate"
            "&subject=id:hangzhou&to=2009",
        ),
        (
            "芜湖人口比上年增加了多少",
            "quantities?measure=measure:population-change&subject=id:wuhu",
        ),
        (
            "杭州第三产业占GDP的比重",
            "quantities?category=id:tertiary-industry&measure=measure:value-added-share-of-gdp"
            "&subject=id:hangzhou",
        ),
        # What a list of names has beside one.
        (
            "universities with a campus in Songjiang",
            "organizations?kind=g60:University&place=id:songjiang",
        ),
        ("松江的人口，各家说法矛盾吗", "conflicts?entity=id:songjiang"),
    ],
)
def test_ways_to_ask(question: str, expected: str, shipped: Interpreter) -> None:
    assert written(shipped.understand(question).required()) == expected


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Which member city is the most bibulous?", "bibulous"),
        ("Who is the best mayor in the Yangtze River Delta?", "best"),
        ("九个城市里哪个最宜居", "最宜居"),
        ("张江科学城有多少家企业", "张江"),
        ("silicon valley companies", "valley"),
        ("上海到杭州高铁票价", "票价"),
    ],
)
def test_what_is_compared_and_unknown_names_are_not_left_out(
    question: str, word: str, shipped: Interpreter
) -> None:
    found = shipped.understand(question)
    assert found.reading is None
    assert word in found.reason


def test_two_years_of_a_figure_are_read_as_the_period_between_them(
    shipped: Interpreter,
) -> None:
    found = shipped.understand("R&D intensity of Jinhua, 2012 and 2021")
    expected = "quantities?from=2012&measure=measure:rd-intensity&subject=id:jinhua&to=2021"
    assert written(found.required()) == expected
    assert "Read as 2012–2021" in found.note


def test_a_second_measure_is_said_to_be_left_out(shipped: Interpreter) -> None:
    found = shipped.understand("population and GDP of Wuhu")
    assert written(found.required()).endswith("subject=id:wuhu")
    assert len(found.unknown) == 1
    assert found.unknown[0] in ("population", "GDP")


def test_what_was_read_in_part_and_has_no_rows_is_not_said_to_be_in_no_source(
    shipped: Interpreter,
) -> None:
    found = shipped.understand("How much did the corridor spend on research, as a share of GDP?")
    assert found.reading is None
    assert "share of GDP" in found.reason
    near = [written(one) for one in found.alternatives]
    assert len(near) == len(set(near)) == 3


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("九城一共有多少家高新技术企业?", True),
        ("How many high-tech enterprises do the nine cities have?", True),
        ("走廊有哪九城?", False),
    ],
)
def test_the_nine_cities_beside_another_count_are_the_corridor(
    question: str, counted: bool, shipped: Interpreter
) -> None:
    found = written(shipped.understand(question).required())
    expected = "category=id:high-tech-enterprises&measure=measure:enterprise-count"
    assert (f"quantities?{expected}&subject=id:corridor" == found) is counted


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # Without the category, for all figures of the subject, and of a related measure.
        (
            "How many cars did Chery export in 2023?",
            "quantities?from=2023&measure=measure:export-volume&subject=id:chery-automobile&to=2023",
        ),
        ("population of Xuancheng", "quantities?subject=id:xuancheng"),
        ("宣城2023年GDP总量是多少", "quantities?measure=measure:gdp-growth&subject=id:xuancheng"),
        (
            "What did the AI Advanced Computing Center cost to build?",
            "quantities?subject=id:g60-artificial-intelligence-advanced-computing-center",
        ),
        # About the second entity that is named, and about the one that the best query has no
        # parameter for.
        (
            "What came out of the assessment of the first demonstration bases?",
            "facts-about?entity=id:assessment-results-of-the-first-g60-demonstration-bases",
        ),
        (
            "the Vitesco company in Wuhu",
            "facts-about?entity=id:vitesco-technologies-wuhu-co-ltd",
        ),
        ("昊海生科是哪个行业的", "facts-about?entity=id:haohai-biological"),
        ("腾讯云的副总裁是谁", "posts?organization=id:tencent-cloud"),
        ("Which universitys are there in Suzhou?", "organizations?kind=g60:University"),
    ],
)
def test_wider_readings_are_shown(question: str, expected: str, shipped: Interpreter) -> None:
    assert expected in map(written, shipped.understand(question).alternatives)


@pytest.mark.parametrize(
    "question",
    [
        "Dongyang GDP",
        "GDP of Huangzhou",
        "储德明是谁",
        "Wang Xianyang's post",
        "福州市长",
        "李强担任什么职务",
        "the Vitesco company in Wuhu",
        "number of starbucks in hefei",
    ],
)
def test_a_name_near_another_one_is_not_taken_for_it(question: str, shipped: Interpreter) -> None:
    assert shipped.understand(question).reading is None


@pytest.mark.parametrize(
    "question", ["安徽省省长是谁？", "Who is the governor of Anhui?", "total population of Jinhua"]
)
def test_no_other_query_answers_for_one_without_rows(question: str, shipped: Interpreter) -> None:
    found = shipped.understand(question)
    assert found.empty
    assert found.required().query.name in ("posts", "quantities")


@pytest.mark.parametrize(
    "question", ["How old is Gao Yiyi?", "高奕奕多大年纪", "Which city should our fund invest in?"]
)
def test_ages_and_advice_are_refused(question: str, shipped: Interpreter) -> None:
    assert shipped.understand(question).reading is None


@pytest.mark.parametrize(
    "question",
    [
        "Show the quotations behind the facts on Hetaifeng's glass plant.",
        "3.6万吨模锻压机的原文依据",
    ],
)
def test_no_other_reading_repeats_the_first(question: str, shipped: Interpreter) -> None:
    found = shipped.understand(question)
    readings = [found.required(), *found.alternatives]
    assert len({(one.query.name, str(one.parameters)) for one in readings}) == len(readings)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Zhejiang Leapmotor Technology Inc.'s production volume", "zhejiang-leapmotor-technology"),
        ("Hangzhou High-Tech Zone (Binjiang)’s GDP", "hangzhou-high-tech-zone-binjiang"),
    ],
)
def test_a_name_that_ends_in_a_mark_has_a_possessive(
    question: str, expected: str, shipped: Interpreter
) -> None:
    found = shipped.understand(question)
    assert found.required().parameters["subject"] == f"id:{expected}"
    assert not found.unknown


@pytest.mark.parametrize(
    ("question", "measure", "empty"),
    [
        ("What is the sown area of Wuhu?", "sown-area", False),
        ("What is the planting area of Songjiang?", "sown-area", True),
        ("site area of Songjiang", "site-area", True),
        ("floor area of G60 Eye of Science and Technology Innovation", "floor-area", False),
        ("area of Songjiang", "territory-area", False),
        ("number of skilled people in Songjiang", "talent-count", False),
        (
            "planned number of satellites of a constellation of Guowang",
            "constellation-size",
            False,
        ),
    ],
)
def test_no_phrase_replaces_a_part_of_the_name_of_a_measure(
    question: str, measure: str, empty: bool, shipped: Interpreter
) -> None:
    found = shipped.understand(question)
    assert found.required().parameters["measure"] == f"measure:{measure}"
    assert found.empty is empty


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("share of Songjiang in GDP", "share-of-gdp"),
        ("松江GDP占上海的比重", "share-of-gdp"),
        ("松江占上海GDP的比重", "share-of-gdp"),
        ("松江研发投入占GDP的比重", "rd-intensity"),
        ("share of the primary industry in Wuhu GDP", "value-added-share-of-gdp"),
    ],
)
def test_a_share_of_gdp_is_another_measure_only_by_a_word_of_its_name(
    question: str, measure: str, shipped: Interpreter
) -> None:
    found = shipped.understand(question).required()
    assert found.parameters["measure"] == f"measure:{measure}"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "total investment of Shanghai-Suzhou-Huzhou high-speed railway",
            "quantities?measure=measure:total-investment"
            "&subject=id:shanghai-suzhou-huzhou-high-speed-railway",
        ),
        (
            "Which project has the largest total investment?",
            "compare?measure=measure:total-investment",
        ),
        (
            "Jobs at the G60 Eye of Science and Technology Innovation",
            "quantities?measure=measure:jobs"
            "&subject=id:g60-eye-of-science-and-technology-innovation",
        ),
        (
            "number of enterprises in Wuhu",
            "quantities?measure=measure:enterprise-count&subject=id:wuhu",
        ),
        (
            "number of enterprises in the corridor",
            "quantities?measure=measure:enterprise-count&subject=id:corridor",
        ),
        (
            "number of enterprises of artificial intelligence",
            "quantities?measure=measure:enterprise-count&subject=id:artificial-intelligence",
        ),
        ("Songjiang's area", "quantities?measure=measure:territory-area&subject=id:songjiang"),
        # Rows that have the same words.
        ("areas in Songjiang", "zones?city=id:songjiang"),
        ("new projects in Songjiang", "projects?city=id:songjiang"),
        ("investment projects in Songjiang", "projects?city=id:songjiang"),
        ("jobs at Tencent", "posts?organization=id:tencent"),
        ("number of enterprises per industry", "industries?"),
    ],
)
def test_the_name_of_a_measure_is_not_taken_for_what_a_list_is_of(
    question: str, expected: str, shipped: Interpreter
) -> None:
    found = shipped.understand(question)
    assert written(found.required()) == expected
    assert not found.empty
