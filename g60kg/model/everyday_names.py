"""Words that sources, curators and pages use for units, comparators, classes and stages.

Units have no label in the graph. The names of classes and stages are no labels: a question with
"park" or 规划 is seldom about all zones or all policy documents.
"""

import re
from typing import Final

from g60kg.model.names import Names
from g60kg.namespaces import g60

_UNITS: Final = (
    ("CCY_CNY", "yuan", "元"),
    ("CCY_USD", "US dollars", "美元"),
    ("CCY_EUR", "euros", "欧元"),
    ("CCY_GBP", "pounds sterling", "英镑"),
    ("CCY_HKD", "Hong Kong dollars", "港元"),
    ("CCY_JPY", "yen", "日元"),
    ("CCY_SGD", "Singapore dollars", "新加坡元"),
    ("DAY", "days", "天"),
    ("GigaW", "GW", "吉瓦"),
    ("HA", "hectares", "公顷"),
    ("HR", "hours", "小时"),
    ("KiloM", "km", "公里"),
    ("KiloM-PER-HR", "km/h", "公里/小时"),
    ("KiloM2", "km²", "平方公里"),
    ("KiloW-HR", "kWh", "千瓦时"),
    ("GigaW-HR", "GWh", "吉瓦时"),
    ("MegaW", "MW", "兆瓦"),
    ("M", "m", "米"),
    ("M2", "m²", "平方米"),
    ("MIN", "minutes", "分钟"),
    ("MO", "months", "个月"),
    ("PERCENT", "%", "%"),
    ("PERMILLE", "‰", "‰"),
    ("TONNE", "tonnes", "吨"),
    ("YR", "years", "年"),
    ("PetaFLOPS", "PFLOPS", "PFLOPS"),
    ("ExaFLOPS", "EFLOPS", "EFLOPS"),
    ("people", "people", "人"),
    ("Mu", "mu", "亩"),
    ("PercentagePoint", "percentage points", "个百分点"),
)
#: Names of units by local name, of QUDT or of the reference data, and of a count of people.
UNIT_WORDS: Final = {
    "en": {unit: english for unit, english, _ in _UNITS},
    "zh": {unit: chinese for unit, _, chinese in _UNITS},
}

#: More words that sheets may use, with their units.
MORE_WORDS: Final = {
    **dict.fromkeys(("people", "person", "persons", "number"), "NUM"),
    **dict.fromkeys(("units", "vehicles", "sets", "pieces", "parcels"), "NUM"),
    **dict.fromkeys(("人次", *"人名位个家项件户座条台套辆次颗枚架艘列班所部款只"), "NUM"),
    **dict.fromkeys(("TEU", "标箱", "标准箱"), "NUM"),
    **dict.fromkeys(("percent", "per cent", "百分比"), "PERCENT"),
    **dict.fromkeys(("per mille", "千分比"), "PERMILLE"),
    **{word[:-1]: unit for unit, word in UNIT_WORDS["en"].items() if word.endswith("s")},
    "百分点": "PercentagePoint",
    **dict.fromkeys(("fraction", "分数"), "FRACTION"),
    **dict.fromkeys(("RMB", "人民币"), "CCY_CNY"),
    **dict.fromkeys(("HK dollars", "港币"), "CCY_HKD"),
}

#: Units by the words after a number. The first match counts.
UNIT_PATTERNS: Final = (
    ("CCY_CNY", r"(?:chinese )?(?:yuan|rmb|cny|renminbi)\b|元"),
    ("CCY_USD", r"(?:us )?dollars?\b|usd\b|美元"),
    ("CCY_EUR", r"euros?\b|eur\b|欧元"),
    ("CCY_GBP", r"(?:british )?pounds?\b|英镑"),
    ("CCY_HKD", r"(?:hong kong|hk) dollars?\b|hkd\b|港元|港币"),
    ("CCY_JPY", r"(?:japanese )?yen\b|日元"),
    ("CCY_SGD", r"singapore dollars?\b|新加坡元|新元"),
    ("KiloM-PER-HR", r"(?:kilomet(?:er|re)s|km) (?:an|per) hour|km/h|公里/小时|公里每小时"),
    ("KiloM2", r"(?:square|sq\.?) (?:kilomet(?:er|re)s?|km)\b|km2|平方公里|平方千米"),
    ("M2", r"square met(?:er|re)s?\b|m2|平方米"),
    ("HA", r"hectares?\b|公顷"),
    ("Mu", r"mu\b|亩"),
    ("KiloM", r"kilomet(?:er|re)s?\b|km\b|公里|千米"),
    ("M", r"met(?:er|re)s?\b|米"),
    ("PercentagePoint", r"percentage points?\b|个?百分点"),
    ("PERCENT", r"percent\b|per cent\b|%"),
    ("TONNE", r"(?:metric )?ton(?:ne)?s?\b|吨"),
    ("GigaW-HR", r"gwh\b|gigawatt[- ]hours?\b|吉瓦时"),
    ("GigaW", r"gw\b|gigawatts?\b|吉瓦"),
    ("KiloW-HR", r"kwh\b|kilowatt[- ]hours?\b|千瓦时|度(?=电)"),
    ("MegaW", r"mw\b|megawatts?\b|兆瓦"),
    ("PetaFLOPS", r"p(?:eta)?flops(?![a-z])|p(?=的?智?能?算力)"),
    ("ExaFLOPS", r"e(?:xa)?flops(?![a-z])|e(?=的?智?能?算力)"),
    ("YR", r"years?\b(?! old)|年"),
)


def unit_named(words: str) -> str | None:
    """Return the local name of the unit that words after a number mean; None for other words.

    >>> unit_named("square kilometres"), unit_named("平方千米"), unit_named("parsecs")
    ('KiloM2', 'KiloM2', None)
    """
    matches = (unit for unit, form in UNIT_PATTERNS if re.fullmatch(form, words, re.IGNORECASE))
    return next(matches, None)


#: The comparators that each kind of cue allows.
COMPARATORS: Final = {
    "nearly": ("Nearly", "LessThan", "Approximately"),
    "about": ("Approximately",),
    "more than": ("GreaterThan", "AtLeast"),
    "at least": ("AtLeast", "GreaterThan"),
    "less than": ("LessThan", "AtMost", "Nearly"),
    "at most": ("AtMost", "LessThan"),
}
_VERBS_WITH_OVER: Final = (
    "turn", "turns", "turned", "turning", "handed", "hands", "took", "taken", "spread", "spreads",
    "extends", "extended", "extending", "stretches", "stretched", "stretching",
)  # fmt: skip
#: "Over", unless it belongs to a verb: "turned over 28 billion yuan".
_OVER: Final = "".join(f"(?<!{verb} )" for verb in _VERBS_WITH_OVER) + "over"
#: Words before a number, by kind.
BEFORE: Final = (
    ("at least", r"at least|no less than|no fewer than|not less than|a minimum of"
                 r"|not (?:(?:fall|drop) )?(?:below|under)|不低于|未低于|不少于|不下于?|至少|最少"),
    ("at most", r"at most|no more than|not more than|up to|a maximum of"
                r"|(?:not|[a-z]+n['’]t) exceed(?:ing|ed)?|not (?:above|over)"
                "|(?:[不未]|没有?)超过?|不高于|不多于|至多|最多"),
    ("nearly", r"nearly|almost|close to|nearing|approaching|just under|(?:just )?(?:shy|short) of"
               r"|(?<![附最邻靠临贴新])近|将近|接近|逼近"),
    ("less than", r"less than|fewer than|under|below|低于|少于|小于|不足|不到|未满"),
    ("more than", rf"more than|{_OVER}|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|greater than"
                  r"|upwards of|in excess of|beyond|topp(?:ed|ing)|超过|超|逾|突破"
                  r"|[高大多]于|超出"),
    ("about", r"about|around|approximately|roughly|circa|some|an estimated|约为?|大约|大概|约达"),
)  # fmt: skip
_MEASURE: Final = r"(?:%|\s?[家户个项人名元亩年颗天件条座所平方公里米万亿]{0,5})"
#: Words after a number, by kind.
AFTER: Final = (
    ("more than", r"\s?\+|\s?-?plus\b|-odd\b|\s?(?:多|余)"),
    (
        "at least",
        r"\s(?:\w+\s){0,2}(?:or more\b|(?:or|and) (?:more|above|over)(?=\s*(?:[,.;)]|$)))|"
        + _MEASURE
        + "(?:以上|及以上)",
    ),
    ("at most", r"\s(?:\w+\s){0,2}or (?:less|fewer)\b|" + _MEASURE + "(?:以内|以下)"),
    ("about", r"\s(?:\w+\s){0,2}or so\b|" + _MEASURE + "(?:左右|上下)"),
)


def comparator_of(word: str) -> str | None:
    """Return the local name of the comparator of a word beside a number; None for other words.

    >>> comparator_of("some"), comparator_of("大于"), comparator_of("左右"), comparator_of("quasi")
    ('Approximately', 'GreaterThan', 'Approximately', None)
    """
    for kind, words in (*BEFORE, *AFTER):
        if any(re.fullmatch(words, text, re.IGNORECASE) for text in (word, f" {word}")):
            return COMPARATORS[kind][0]
    return None


#: Names of classes and of stages that sheets and `g60kg terms` accept beside the labels.
CLASS_NAMES: Final = {
    "Enterprise": "company/firm/公司",
    "Organization": "school/hospital/学校/医院",
    "University": "college/大学/学院",
    "ResearchInstitute": "institute/laboratory/研究院/研究所/实验室",
    "FinancialInstitution": "bank/银行",
    "GovernmentBody": "ministry/committee/委员会",
    "TransportLine": "railway/铁路",
    "TransportNode": "station/airport/车站/机场",
    "Zone": "park/园区",
    "PrefectureCity": "市",
    "CountyDivision": "county/县/区",
    "Township": "town/镇",
    "Meeting": "conference/forum/大会/论坛",
    "PolicyDocument": "规划",
    "Recognition": "award/奖项",
}
STAGE_NAMES: Final = {
    "PlannedStage": "planned/规划中",
    "UnderConstruction": "being built/建设中/在建设",
    "Completed": "built/建成/竣工",
    "InOperation": "operational/open/in use/投入运营/运营/投运/投产/启用",
    "Discontinued": "closed/shut/repealed/停产/停运/关停/废止",
}


def with_usual(names: Names, usual: dict[str, str]) -> Names:
    """Return a copy of an index with further names of terms of the ontology.

    ``usual`` has the names by local name of the term, separated by ``/``.
    """
    more = names.copy()
    for term, of_term in usual.items():
        for name in of_term.split("/"):
            more.add(name, g60(term))
    return more
