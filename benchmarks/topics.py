"""Topics of synthetic articles: companies, projects, zones, agreements, figures, cities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, Triple

from benchmarks import world
from benchmarks.article import Article
from benchmarks.world import CITIES, Resource
from g60kg.model.iri_minting import NewEvidence
from g60kg.namespaces import LABEL, A, entity, g60

CORRIDOR: Final = entity("corridor")
#: Descriptions of a company, in both languages.
PRAISE: Final = (
    ("the largest maker of sensors in the province", "全省最大的传感器制造商"),
    ("an end to the monopoly on the etching technology", "打破行业刻蚀技术垄断"),
    ("the clinical trial of a cell drug", "细胞药物临床试验"),
    ("robot system integration", "机器人系统集成"),
    ("a full chain of production", "全产业链布局"),
    ("the supply chain of the delta", "长三角供应链"),
)
#: The kinds of zones, by the last word of their names.
ZONE_KINDS: Final = {
    world.PARK: entity("industrial-park"),
    world.AREA: entity("professional-innovation-area"),
}
ROLES: Final = (
    ("source of innovation", "创新策源地"),
    ("base of advanced manufacturing", "先进制造业基地"),
    ("gateway of the corridor", "走廊门户"),
)
FUNCTIONS: Final = (("incubation", "孵化"), ("production", "生产"), ("research", "研发"))


def article_of(seed: int, number: int) -> Article:
    """Return the article with a number; depends only on seed and number."""
    article = Article(seed, number)
    wanted = article.random.randint(20, 120)
    count = 0
    while count < wanted:
        topic = article.random.choice(_TOPICS)
        count += topic(article)
    return article


# -- Topics: each returns the approximate number of facts ---------------


def _enterprise(article: Article) -> int:
    company = article.sample(world.ENTERPRISE)
    industry, city = article.introduce(company.industry()), company.city()
    carried = article.quote(
        f"{company.label} of {city.capitalize()} is active in {industry.label}",
        f"{article.name_of(city)}的{company.label_zh}从事{industry.label_zh}",
    )
    article.say(company.iri, "inIndustry", industry.iri, carried)
    if company.number("placed", 5):
        article.say(company.iri, "locatedIn", entity(city), carried)
    if article.random.random() < 0.4:
        english, chinese = company.one_of("praise", PRAISE)
        carried = article.quote(
            f"{company.label} is known for {english}", f"{company.label_zh}以{chinese}著称"
        )
        article.say(
            company.iri,
            "describedAs",
            article.literal(english, chinese),
            carried,
            mode="Superlative",
        )
    return 3


def _project(article: Article) -> int:
    project = article.sample(world.PROJECT)
    city = project.city()
    carried = article.quote(
        f"{project.label} has settled in {city.capitalize()}",
        f"{project.label_zh}落户{article.name_of(city)}",
    )
    article.say(project.iri, "locatedIn", entity(city), carried)
    article.say(project.iri, "inIndustry", article.introduce(project.industry()).iri, carried)
    start = f"{2015 + project.number('start', 9)}-{1 + project.number('month', 12):02}"
    carried = article.quote(
        f"{project.label}: construction began in {start}", f"{project.label_zh}于{start}开工"
    )
    article.say(project.iri, "constructionStartedOn", Literal(start), carried, dated=True)
    investment = 10_000_000 * (1 + project.number("sum", 900))
    article.measure(
        project.iri, article.name_of(project), "total-investment", investment, "CCY_CNY"
    )
    return 4


def _facility(article: Article) -> int:
    facility = article.sample(world.FACILITY)
    studied = article.introduce(Resource(world.FIELD, facility.number("field", 40)))
    carried = article.quote(
        f"{facility.label} works on {studied.label}",
        f"{facility.label_zh}研究{studied.label_zh}",
    )
    article.say(facility.iri, "focusesOn", studied.iri, carried)
    article.say(facility.iri, "locatedIn", entity(facility.city()), carried)
    article.say(facility.iri, "inIndustry", article.introduce(facility.industry()).iri, carried)
    return 3


def _zone(article: Article) -> int:
    zone = article.sample(article.random.choice((world.PARK, world.AREA)))
    city = zone.city()
    carried = article.quote(
        f"{zone.label} lies in {city.capitalize()}", f"{zone.label_zh}位于{article.name_of(city)}"
    )
    article.say(zone.iri, "locatedIn", entity(city), carried)
    article.say(zone.iri, "classifiedAs", ZONE_KINDS[zone.kind], carried, mode="Asserted")
    return 2


def _agreement(article: Article) -> int:
    agreement = article.sample(world.AGREEMENT)
    year = 2015 + agreement.number("year", 9)
    parties = article.cities(agreement, "signatories")
    carried = article.quote(
        f"{', '.join(map(article.name_of, parties))} signed the {agreement.label} in {year}",
        f"{'、'.join(map(article.name_of, parties))}于{year}年签署{agreement.label_zh}",
    )
    if not article.states(agreement.iri, "signatory"):
        _date_and_parties(article, agreement, "signedOn", year, parties, "signatory", carried)
    return len(parties) + 1


def _meeting(article: Article) -> int:
    meeting = article.sample(world.MEETING)
    year = 2015 + meeting.number("year", 9)
    hosts = article.cities(meeting, "organizers")
    carried = article.quote(
        f"{', '.join(map(article.name_of, hosts))} held the {meeting.label} in {year}",
        f"{'、'.join(map(article.name_of, hosts))}于{year}年举行{meeting.label_zh}",
    )
    if not article.states(meeting.iri, "organizer"):
        _date_and_parties(article, meeting, "heldOn", year, hosts, "organizer", carried)
    return len(hosts) + 1


def _date_and_parties(
    article: Article,
    resource: Resource,
    date: str,
    year: int,
    parties: list[str],
    role: str,
    carried: NewEvidence,
) -> None:
    value = Literal(str(year))
    article.say(resource.iri, date, value, carried, mode="Asserted", dated=True)
    for party in parties:
        article.say(resource.iri, role, entity(party), carried, mode="Asserted", time=str(year))


def _industry(article: Article) -> int:
    industry = article.sample(world.INDUSTRY)
    companies = 20 + industry.number("companies", 5000)
    article.measure(industry.iri, article.name_of(industry), "enterprise-count", companies, "NUM")
    scheme = article.introduce(Resource(world.SCHEME, industry.number("scheme", 4)))
    carried = article.quote(
        f"{scheme.label} lists {industry.label}", f"{scheme.label_zh}包括{industry.label_zh}"
    )
    article.say(industry.iri, "inScheme", scheme.iri, carried)
    return 2


def _city(article: Article) -> int:
    city = article.random.choice(CITIES[:9])
    year = article.random.randint(2015, 2023)
    people = 1_000_000 + 10_000 * ((CITIES.index(city) * 131 + year) % 900)
    article.measure(entity(city), article.name_of(city), "population", people, "NUM", str(year))
    english, chinese = article.random.choice(ROLES)
    carried = article.quote(
        f"{city.capitalize()} is a {english}", f"{article.name_of(city)}是{chinese}"
    )
    article.say(entity(city), "describedAs", article.literal(english, chinese), carried)
    return 2


def _corridor(article: Article) -> int:
    if article.random.random() < 0.5:
        policy = article.sample(world.POLICY)
        period = f"{2016 + policy.number('period', 6)}/{2025 + policy.number('end', 10)}"
        carried = article.quote(
            f"the corridor is named in the {policy.label} ({period})",
            f"走廊列入{policy.label_zh}（{period}）",
        )
        article.say(policy.iri, "mentions", CORRIDOR, carried)
        article.say(policy.iri, "coveredPeriod", Literal(period), carried, dated=True)
        return 2
    members = CITIES[1:] if article.conflicts() else CITIES[:9]
    if article.random.random() < 0.2 and not article.states(CORRIDOR, "hasMemberCity"):
        carried = article.quote(
            f"the corridor's members are {', '.join(map(article.name_of, members))}",
            f"走廊成员包括{'、'.join(map(article.name_of, members))}",
        )
        for member in members:
            article.say(
                CORRIDOR, "hasMemberCity", entity(member), carried, mode="Asserted", complete=True
            )
        return 9
    return 0


def _division_of_work(article: Article) -> int:
    programme = article.sample(world.PROGRAMME)
    one, other = article.random.sample(range(len(FUNCTIONS)), 2)
    name = programme.iri.value.rpartition("/")[2]
    nodes, cities = [], []
    for index, function in enumerate((one, other)):
        city = CITIES[(programme.number("city", 5) + 5 * index) % 9]
        english, chinese = FUNCTIONS[function]
        node = entity(f"role-{name}-{english}-{city}")
        nodes.append(node)
        cities.append(city)
        carried = article.quote(
            f"{city.capitalize()} takes {english} in the {programme.label}",
            f"{article.name_of(city)}在{programme.label_zh}中负责{chinese}",
        )
        label = Literal(f"{programme.label}: {english} in {city.capitalize()}", language="en")
        article.add(Triple(node, A, g60("Role")), Triple(node, LABEL, label))
        article.say(entity(city), "hasRole", node, carried, mode="Asserted")
        article.say(node, "roleIn", programme.iri, carried)
        article.say(node, "roleFunction", Literal(english, language="en"), carried)
    carried = article.quote("the two complement each other", "二者互补")
    article.say(nodes[0], "counterpart", entity(cities[1]), carried)
    return 7


_TOPICS: Final[tuple[Callable[[Article], int], ...]] = (
    *(_enterprise,) * 8,
    *(_project,) * 3,
    *(_facility,) * 2,
    *(_zone,) * 2,
    _agreement,
    _meeting,
    _industry,
    *(_city,) * 2,
    _corridor,
    _division_of_work,
)
