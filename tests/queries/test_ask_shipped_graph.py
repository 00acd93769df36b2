"""Questions about the shipped graph: rows, posts, comparisons, and names that no query takes."""

from __future__ import annotations

import pytest

from g60kg.model.names import is_chinese
from g60kg.namespaces import NAMING
from g60kg.queries.ask.understanding import Interpreter
from g60kg.stores.local_store import LocalStore
from tests.queries.ask_accuracy import rows, written


@pytest.fixture(scope="module")
def shipped(all_sources: LocalStore) -> tuple[LocalStore, Interpreter]:
    return all_sources, Interpreter(all_sources)


@pytest.mark.parametrize(
    "question",
    [
        "universities in Nanjing",
        "华为在松江有哪些项目",
        "南京的GDP",
        "Predict the GDP of Hefei",
        # A city elsewhere is no stock exchange of that name, and no city that sounds like it.
        "深圳有多少家独角兽",
        "GDP of Shenzhen",
        "宿州的GDP",
        # Nothing in the graph answers these.
        "How much does the boss of Sunwoda earn?",
        "蔚来汽车质量好吗",
        "DROP TABLE facts",
        "Which firms have closed their plants in Jiaxing?",
        "Which companies has Tencent acquired?",
        "近几届联席会议都在哪开的",
        # Private life, and prices that are no measure.
        "Is Wang Gang married and where does he live?",
        "王刚结婚了吗",
        "average apartment price in Suzhou",
        "苏州的房租是多少",
        # A date that no row shows.
        "大事 2018年6月",
        "policies since May 2020",
        "2019年6月前发布的文件",
    ],
)
def test_what_the_graph_does_not_know_is_refused(
    question: str, shipped: tuple[LocalStore, Interpreter]
) -> None:
    assert shipped[1].understand(question).reading is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # A question without words of a query is about what it names.
        ("what is written about Airbus", "facts-about?entity=id:airbus"),
        ("area of Huzhou", "quantities?measure=measure:territory-area&subject=id:huzhou"),
        ("关于合肥有没有相互矛盾的报道", "conflicts?entity=id:hefei"),
        # Words of a measure are no topic; 了不起 denies nothing.
        ("Compare the cities by growth of profit", "compare?measure=measure:profit-growth"),
        ("松江有什么了不起的成果？", "achievements?entity=id:songjiang"),
    ],
)
def test_a_reading_can_be_without_rows(
    question: str, expected: str, shipped: tuple[LocalStore, Interpreter]
) -> None:
    assert written(shipped[1].understand(question).required()) == expected


def test_the_last_other_reading_is_of_another_query(
    shipped: tuple[LocalStore, Interpreter],
) -> None:
    found = shipped[1].understand("有几个成员城市，分别在哪个省")
    assert "member-cities?" in map(written, found.alternatives)


def test_traditional_characters_are_read(shipped: tuple[LocalStore, Interpreter]) -> None:
    pytest.importorskip("opencc", reason="the extra `traditional` is not installed")
    found = shipped[1].understand("九個城市有哪些")
    assert written(found.required()) == "member-cities?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # A person is no organization, a post is no subject of figures.
        ("What does Gao Yiyi's job consist of?", "posts?person=id:gao-yiyi"),
        ("Which posts has Cheng Xiangmin?", "posts?person=id:cheng-xiangmin"),
        ("程向民的职位", "posts?person=id:cheng-xiangmin"),
        ("Who was mayor of Huzhou?", "posts?post=id:mayor-of-huzhou"),
        ("金华市副市长是谁", "posts?post=id:deputy-mayor-of-jinhua"),
        # A limit on what is counted is no place.
        (
            "金华农村居民人均可支配收入",
            "quantities?category=id:rural-residents&measure=measure:disposable-income-per-capita"
            "&subject=id:jinhua",
        ),
        # Two subjects of a measure are compared.
        ("GDP of Hefei and of Hangzhou", "compare?measure=measure:gdp"),
        ("合肥和杭州谁的GDP高", "compare?measure=measure:gdp"),
        # Short names of measures, words of daily use.
        ("芜湖的人均GDP", "quantities?measure=measure:gdp-per-capita&subject=id:wuhu"),
        (
            "Jinhua's portion of the national exports",
            "quantities?measure=measure:share-of-exports&subject=id:jinhua",
        ),
        ("Which city grew the fastest in GDP?", "compare?measure=measure:gdp-growth"),
        ("proof of the statements on Kuka", "evidence-for?entity=id:kuka"),
        # A wrong character that sounds like the right one.
        ("杭洲的经济总量", "quantities?measure=measure:gdp&subject=id:hangzhou"),
        ("奇锐汽车有哪些成就", "achievements?entity=id:chery-automobile"),
        ("合肥签过的协义", "agreements?city=id:hefei"),
        ("松冮在走廊中担任什么角色", "city-roles?city=id:songjiang"),
        # Parts of names, among other words.
        (
            "How many people would get work at the Hetaifeng glass plant?",
            "quantities?measure=measure:jobs&subject=id:hetaifeng-ultra-thin-glass-plant",
        ),
        (
            "Xunna base total investment",
            "quantities?measure=measure:total-investment"
            "&subject=id:xunna-sodium-ion-battery-manufacturing-base",
        ),
        (
            "Which investment projects have settled in the Nanxun development zone?",
            "projects?city=id:nanxun-economic-development-zone",
        ),
        (
            "height of phase two of the Rafael Sky City",
            "quantities?measure=measure:height&subject=id:g60-rafael-sky-city-second-phase",
        ),
        (
            "Who was chairman of the G60 Innovation Development Group in September 2024?",
            "posts?from=2024"
            "&organization=id:shanghai-yangtze-river-delta-g60-s-and-t-innovation-development-group"
            "&to=2024",
        ),
        (
            "介绍千帆星座首批卫星",
            "facts-about?entity=id:first-batch-of-g60-starlink-satellites",
        ),
        (
            "华晟异质结电池的产能有多大？",
            "quantities?category=id:heterojunction-solar-cells&measure=measure:production-capacity"
            "&subject=id:anhui-huasheng-new-energy-technology-co-ltd",
        ),
        # A phase is no city.
        (
            "In which year was version 2.0 of the corridor launched?",
            "facts-about?entity=id:corridor-phase-2",
        ),
        # Words beside a reading that is right.
        ("universities tied to the corridor", "organizations?kind=g60:University"),
        (
            "Is there any aircraft or low-altitude business located in Wuhu?",
            "enterprises?city=id:wuhu&industry=id:low-altitude-economy",
        ),
        ("A quick intro to the G60 corridor, I know nothing about it", "corridor-overview?"),
        ("Which articles that you draw on date from 2023?", "sources?from=2023&to=2023"),
        (
            "走廊高新技术企业数这些年怎么变的",
            "trend?category=id:high-tech-enterprises&measure=measure:enterprise-count"
            "&subject=id:corridor",
        ),
        ("搜 脑机", "search?text=脑机"),
        # Names without some of their words.
        ("where is the Airbus R&D center", "facts-about?entity=id:airbus-china-rd-center"),
        (
            "Who runs the joint meeting office?",
            "posts?organization=id:g60-corridor-joint-meeting-office",
        ),
        ("what is Efort related to", "neighbours?entity=id:efort-intelligent-robot-co-ltd"),
        # Every row is the corridor's; a row of a role names the other party.
        ("who spoke about the corridor publicly?", "attributed-statements?"),
        ("number of companies per industry and city", "industry-city-matrix?"),
        ("front-end or back-end: Shanghai and Wuhu?", "city-roles?city=id:shanghai"),
        ("what is the G60?", "corridor-overview?"),
        ("合肥有哪些造车的", "enterprises?city=id:hefei&industry=id:automotive-industry"),
        # The nine cities are the member cities, or the corridor as the subject of a figure.
        ("九城市是哪些", "member-cities?"),
        (
            "GDP share of the nine cities",
            "quantities?measure=measure:share-of-gdp&subject=id:corridor",
        ),
        # A year can be a part of a name.
        ("What does GB/T 2260 say?", "facts-in-article?article=id:dataset-gbt2260"),
        # The same words name an industry and its products: which, the figures decide.
        ("EV makers in Hefei", "enterprises?city=id:hefei&industry=id:new-energy-vehicles"),
        (
            "electric vehicle companies in Hefei",
            "enterprises?city=id:hefei&industry=id:new-energy-vehicles",
        ),
        (
            "合肥新能源汽车产量",
            "quantities?category=id:new-energy-vehicles-as-products"
            "&measure=measure:production-volume&subject=id:hefei",
        ),
        (
            "NEV output value of Hefei",
            "quantities?category=id:new-energy-vehicles&measure=measure:output-value"
            "&subject=id:hefei",
        ),
        # The rows of a year show its quarters.
        (
            "嘉兴2023年第一季度GDP",
            "quantities?from=2023&measure=measure:gdp&subject=id:jiaxing&to=2023",
        ),
        # The kinds of zones include recognitions.
        ("excellent demonstration bases", "zones?kind=id:excellent-demonstration-base"),
        ("Which facts are disputed?", "conflicts?"),
        ("哪些数据有争议", "conflicts?"),
        # The id of a source is its name.
        ("facts taken from article 2402200671", "facts-in-article?article=id:article-2402200671"),
        # What an answer is for says nothing about it.
        ("I'm writing a magazine profile of Huzhou", "facts-about?entity=id:huzhou"),
        ("想写一篇关于芜湖的报道，有什么材料", "city-profile?city=id:wuhu"),
        # A source by its publisher, which it may share with others, and by what it is about.
        (
            "What does the Global Times piece say?",
            "facts-in-article?article=id:article-globaltimes-1139000",
        ),
        (
            "Is the UPI article on the satellites trustworthy?",
            "source-claims?source=id:article-upi-3011722953175",
        ),
        (
            "How reliable is SHINE's report on the ranking lists?",
            "source-claims?source=id:article-2411077327",
        ),
        (
            "According to Yicai Global, how many new energy vehicles will Hefei produce?",
            "quantities?category=id:new-energy-vehicles-as-products&measure=measure:production-volume"
            "&source=id:article-yicai-hefei&subject=id:hefei",
        ),
        ("芜湖2021年统计公报里提取了哪些事实", "facts-in-article?article=id:article-wuhu-8351756"),
        # A part of a name and the class of what has it; a concept with another word elsewhere.
        (
            "What is the total investment in the Sunwoda battery project in Yiwu?",
            "quantities?measure=measure:total-investment"
            "&subject=id:sunwoda-yiwu-power-battery-project",
        ),
        (
            "Which demonstration bases were graded excellent?",
            "zones?kind=id:excellent-demonstration-base",
        ),
        # Modalities, and what is said by whom.
        ("Which statements are only expectations?", "claims-by-modality?modality=Expected"),
        ("哪些说法是比喻？", "claims-by-modality?modality=Figurative"),
        (
            "Quectel is a major company: who says so?",
            "evidence-for?entity=id:quectel-communication",
        ),
        # Wrong characters that sound or look like the right ones.
        ("新能原汽车企业有哪些", "enterprises?industry=id:new-energy-vehicles"),
        ("Car companies Hefei", "enterprises?city=id:hefei&industry=id:automotive-industry"),
        # "From" a year is that year for what is dated.
        ("Sources from 2021", "sources?from=2021&to=2021"),
        ("Search for everything with Lingang in its name", "search?text=Lingang"),
        # The last noun of two is what is asked for.
        ("Industry alliances of the corridor", "organizations?kind=g60:Alliance"),
        # A verb that is not known is no name.
        ("G60被写进了哪些规划", "policies?"),
    ],
)
def test_each_name_is_in_the_parameter_that_it_fits(
    question: str, expected: str, shipped: tuple[LocalStore, Interpreter]
) -> None:
    store, interpreter = shipped
    found = interpreter.understand(question)
    assert found.reading is not None, found.reason
    assert written(found.reading) == expected
    assert not found.empty
    assert rows(store, found.reading, limit=1)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Which meetings were held in Jinhua?", '"Jinhua"'),
        ("projects of Kuka", '"Kuka"'),
        ("Which companies are in Shenzhen?", '"Shenzhen"'),
        ("深圳有哪些企业", "“深圳”"),
        ("The programmes of the corridor", '"programmes"'),
    ],
)
def test_a_name_that_no_query_takes_is_not_dropped(
    question: str, name: str, shipped: tuple[LocalStore, Interpreter]
) -> None:
    found = shipped[1].understand(question, "zh" if is_chinese(question) else "en")
    assert found.reading is None
    assert name in found.reason


@pytest.mark.parametrize(
    "question", ["What's the date today?", "Which day is it?", "What time is it?", "今天是几号"]
)
def test_the_date_of_today_is_refused(
    question: str, shipped: tuple[LocalStore, Interpreter]
) -> None:
    assert shipped[1].understand(question).reading is None


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("GDP of Hefei in 1999", "quantities?measure=measure:gdp&subject=id:hefei"),
        ("合肥1999年GDP", "trend?measure=measure:gdp&subject=id:hefei"),
        ("Compare the GDP of Hefei and Jinhua in 2023", "compare?measure=measure:gdp"),
        ("生物医药企业有哪些", "enterprises?industry=id:biopharmaceuticals"),
        (
            "Which companies are in the semiconductor industry?",
            "enterprises?industry=id:integrated-circuits",
        ),
        # The figure of the industry, which the source does not limit to the place.
        (
            "How many AI companies are in Songjiang?",
            "quantities?measure=measure:enterprise-count&subject=id:artificial-intelligence",
        ),
    ],
)
def test_an_empty_answer_says_so_and_shows_wider_ones(
    question: str, nearest: str, shipped: tuple[LocalStore, Interpreter]
) -> None:
    found = shipped[1].understand(question)
    assert found.reading is not None
    assert found.empty
    assert found.meta()["note"] == "The graph has no such figure or fact."
    assert written(found.alternatives[0]) == nearest
    assert "Nearest: " in repr(found)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("医药行业有哪些企业", "enterprises?industry=id:biomedicine"),
        ("Which companies are in robotics?", "enterprises?industry=id:robot-industry"),
        ("Which companies make robots?", "enterprises?industry=id:robot-industry"),
        (
            "松江有多少家规上企业？",
            "quantities?category=id:industrial-enterprises-above-scale"
            "&measure=measure:enterprise-count&subject=id:songjiang",
        ),
    ],
)
def test_near_words_are_read_as_names(
    question: str, expected: str, shipped: tuple[LocalStore, Interpreter]
) -> None:
    assert written(shipped[1].understand(question).required()) == expected


def test_a_month_is_read_as_its_year_where_rows_show_dates(
    shipped: tuple[LocalStore, Interpreter],
) -> None:
    found = shipped[1].understand("events in May 2021")
    assert written(found.required()) == "events?from=2021&to=2021"
    assert "Read as 2021" in found.note
    assert shipped[1].understand("GDP of Hefei in May 2021").reading is None


@pytest.mark.parametrize("word", ["drug", "robots", "制药", "工业企业", "高新区", "孵化器"])
def test_near_words_are_no_labels(word: str, shipped: tuple[LocalStore, Interpreter]) -> None:
    quads = (quad for naming in NAMING for quad in shipped[0].quads(None, naming, None))
    assert not [quad.subject for quad in quads if str(quad.object).startswith(f'"{word}"')]


def test_a_quarter_is_a_period_or_is_said_to_be_read_as_its_year(
    shipped: tuple[LocalStore, Interpreter],
) -> None:
    _, interpreter = shipped
    compared = interpreter.understand("compare the GDP of the cities in Q3 2021").required()
    assert written(compared) == "compare?measure=measure:gdp&period=2021-Q3"
    found = interpreter.understand("Suzhou exports in the first half of 2022")
    assert "Read as 2022" in found.note
    assert found.meta()["note"] == found.note
    assert "按2022年理解" in interpreter.understand("苏州2022年上半年出口额", "zh").note
    assert "未考虑：“上半年”" in interpreter.understand("苏州上半年外资多少", "zh").note


def test_a_word_of_two_names_is_not_read_across_them(
    shipped: tuple[LocalStore, Interpreter],
) -> None:
    # 车企 is a short form of "car maker", and not the end and the start of two other words.
    found = shipped[1].understand("新能源汽车企业有哪些").required()
    assert written(found) == "enterprises?industry=id:new-energy-vehicles"


def test_a_future_year_without_goals_is_refused(shipped: tuple[LocalStore, Interpreter]) -> None:
    found = shipped[1].understand("2199年走廊的人口预计会达到多少？")
    assert found.reading is None
    assert "2199" in found.reason


def test_other_readings_of_an_entity_have_rows(shipped: tuple[LocalStore, Interpreter]) -> None:
    store, interpreter = shipped
    for question in ("Tencent Cloud", "富士康", "agreements of Anhui Huasheng", "库卡"):
        for other in interpreter.understand(question).alternatives:
            assert other.query.name == "conflicts" or rows(store, other, limit=1)
