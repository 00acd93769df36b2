"""Check that evidence names the categories and the reference areas of figures."""

import re
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from g60kg.model.names import folded
from g60kg.namespaces import BASIS, CATEGORY, OBSERVED_MEASURE, REFERENCE_AREA, UNIT, A, local_name
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.named_entities import Name, Span, names_others
from g60kg.validation.checks.support.written_numbers import WrittenNumber, equal_numbers

#: Words that names of many categories have, which distinguish none of them.
_OF_MANY: Final = frozenset(
    ("company", "enterprise", "firm", "business", "industry", "project", "product", "center",
     "number", "level", "sector", "city", "national", "zone", "park", "kind")
)  # fmt: skip
_OF_MANY_ZH: Final = re.compile("企业|产业|项目|公司|中心|行业|产品|机构|建设")
#: Words that mean a division by its class: "second in the province".
_DIVISIONS: Final = {
    "Country": r"\bnation(?:al|wide|['’]?s)?\b|\bcountry|\bdomestic|\bChinese|[全我]国|国内|全國",
    "Corridor": r"\b(?:nine|9) cities|[九9]个?城",
    "Province": r"\bprovinc|[全本]省|省内",
    "Municipality": r"\bcity|\bmunicipal|[全本]市|市内",
    "PrefectureCity": r"\bcity|\bmunicipal|[全本]市|市内",
    "CountyDivision": r"\bdistrict|\bcounty|[全本][区县]|区内|县内",
}
#: The statistics of counts: a rank has their unit, too.
_OF_COUNTS: Final = frozenset(("Level", "Change"))
#: Characters on each side of a number in which the name of what it counts is.
_BESIDE: Final = 80
_SHORT: Final = 2
#: Between a number and the name of what it counts.
_KIND: Final = (
    r"(?:(?:more|other|new|local|key|national|provincial|municipal|newly [a-z]+|[a-z]+-level"
    r"|recogni[sz]ed|registered) ){0,2}"
)
_UNIT_ZH: Final = "[多余]?[家个户戶项項座件只辆輛台架颗枚名位]?(?:以上|左右)?"
_KIND_ZH: Final = (
    rf"{_UNIT_ZH}的?"
    "(?:(?:国家|國家|省|市|区|縣)级?|新[增设认定]*|各[类级]|有效|本地|重点)*"
)
_QUOTES: Final = dict.fromkeys(map(ord, '"“”'))
#: After a number that counts what is named before it: 1200家，.
_ENDS: Final = re.compile(rf"{_UNIT_ZH}(?!\w)")
#: Between the name of what a number counts and the number.
_VERB: Final = (
    r"(?: (?:in|of|at|across) [\w' -]{1,40}?)?(?: ha[sd])? (?:reach(?:ed|es)|was|is|exceed(?:ed|s)"
    r"|hit|total(?:ed|led|s)|surpass(?:ed|es)|(?:grew|grown|rose|risen|increased) to)"
    r"(?: (?:over|more than|about|around|nearly|almost|some|a total of))?$"
)
_VERB_ZH: Final = (
    "(?:总[数量计]?|總數|数量?|數量?|累计|已经?|共|现|有|达到?|達到?|超过?|突破|约|近|逾|增至|增[加长]到?"
    r"|[新净凈]增|年均|\s)*$"
)


#: The lower end of a range before the upper one.
_LOWER: Final = re.compile(r"[\d.,]+\s?[万亿]?\s?(?:[-–—~至到]|to|and)\s?$")


def left_out_category(facts: EvidencedFacts, fact: EvidencedFact) -> NamedNode | None:
    """Return the category that the evidence of a count names and the figure does not have, or None.

    The category is in the graph ``categories``, and its name is directly beside the number wherever
    the evidence has the number. None if the figure has a category or a basis, or if its subject or
    its measure ("planned number of satellites") names the same category.
    """
    figure = facts.figure(fact.object) or {}
    units = [local_name(unit.value) for unit in figure.get(UNIT, ())]
    is_count = units == ["NUM"] and facts.statistics(fact) <= _OF_COUNTS
    if not is_count or figure.get(CATEGORY) or figure.get(BASIS):
        return None
    names = facts.entity_names.counted
    patterns = _patterns(tuple(names))
    beside = [
        names.get(_counted(words.text, number, *patterns))
        for words in fact.evidence
        for number in equal_numbers(words.text, facts.numbers(fact))
    ]
    if len(facts.numbers(fact)) > 1:  # the name is beside one end of a range
        beside = [one for one in beside if one]
    category = beside[0] if beside and all(beside) else None
    if category is None or category == fact.subject:
        return None
    about = (fact.subject, *figure.get(OBSERVED_MEASURE, ()))
    said = [Span.of(label) for node in about for label in facts.labels(node)]
    is_said = any(name.is_in(one) for one in said for _, name in facts.names(category, fact))
    return None if is_said else category


def _counted(
    text: str, number: WrittenNumber, following: re.Pattern[str], preceding: re.Pattern[str]
) -> str:
    """Return the name directly beside a number that says what it counts; "" without such a name."""
    start, end = max(number.start - _BESIDE, 0), number.end + _BESIDE
    before, after = text[start : number.start], text[number.end : end]
    match = following.match(_plain(after))
    if match is None and _ENDS.match(after):
        match = preceding.search(_plain(_LOWER.sub("", before)))
    return "" if match is None else match["zh"] or match["en"]


def _plain(text: str) -> str:
    return folded(text.translate(_QUOTES))


@lru_cache(maxsize=4)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of the names of what a number counts: after the number, and before it."""
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    english = "|".join(name for name in longest if name.isascii()) or "(?!)"
    every = [name for name in longest if not name.isascii()]
    chinese = "|".join(every) or "(?!)"
    # A short name can be the end of another one.
    long = "|".join(name for name in every if len(name) > _SHORT) or "(?!)"
    return (
        re.compile(
            rf"{_KIND}(?P<en>{english})(?![\w-])"
            rf"|{_KIND_ZH}(?P<zh>{chinese})(?![^\W\d和与及以并在的等入集落通实获为是已将成])"
        ),
        re.compile(
            rf"\bnumber of {_KIND}(?P<en>{english}){_VERB}"
            rf"|(?<![^家个户戶项項件]、)(?<![和与及或非拟未准])(?P<zh>{long}){_VERB_ZH}"
        ),
    )


def unnamed_dimension(facts: EvidencedFacts, fact: EvidencedFact) -> NamedNode | None:
    """Return a category or reference area of a figure that the evidence does not name.

    One word of a category is enough. An area can be named by its class, such as "the
    province". An area that is the subject of the Fact counts as named. None if all are
    named.
    """
    figure = facts.figure(fact.object) or {}
    for category in figure.get(CATEGORY, ()):
        if isinstance(category, NamedNode) and not _has_word_of(facts, category, fact):
            return category
    for area in figure.get(REFERENCE_AREA, ()):
        is_named = area == fact.subject or facts.is_named(area, fact)
        if isinstance(area, NamedNode) and not is_named and not _has_class_of(facts, area, fact):
            return area
    return None


def _has_word_of(facts: EvidencedFacts, category: NamedNode, fact: EvidencedFact) -> bool:
    names = [name for _, name in facts.names(category, fact)]
    return not names or any(
        _shares_word(name, Span.of(words.text)) and not names_others(words.text, name)
        for name in names
        for words in fact.evidence
    )


def _shares_word(name: Name, span: Span) -> bool:
    words = name.words - _OF_MANY
    runs = [part for run in name.runs for part in _OF_MANY_ZH.split(run)]
    pairs = {run[start : start + 2] for run in runs for start in range(len(run) - 1)}
    if not words and not pairs:
        return name.is_in(span)
    return not words.isdisjoint(span.words) or any(pair in span.text for pair in pairs)


def _has_class_of(facts: EvidencedFacts, area: NamedNode, fact: EvidencedFact) -> bool:
    kinds = facts.store.objects(area, A)
    forms = [_DIVISIONS.get(local_name(kind.value)) for kind in kinds]
    return any(
        re.search(form, words.text, re.IGNORECASE)
        for form in forms
        if form is not None
        for words in fact.evidence
    )
