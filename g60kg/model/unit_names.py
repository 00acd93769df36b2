"""Words for the units of figures, which have no label in the graph."""

from __future__ import annotations

import re
from typing import Final

#: Names of units by local name, of QUDT or of the reference data, and of a count of people.
UNIT_WORDS: Final = {
    "en": {
        "CCY_CNY": "yuan",
        "CCY_USD": "US dollars",
        "CCY_EUR": "euros",
        "CCY_GBP": "pounds sterling",
        "CCY_HKD": "Hong Kong dollars",
        "CCY_JPY": "yen",
        "CCY_SGD": "Singapore dollars",
        "DAY": "days",
        "GigaW": "GW",
        "HA": "hectares",
        "HR": "hours",
        "KiloM": "km",
        "KiloM-PER-HR": "km/h",
        "KiloM2": "km²",
        "KiloW-HR": "kWh",
        "GigaW-HR": "GWh",
        "MegaW": "MW",
        "M": "m",
        "M2": "m²",
        "MIN": "minutes",
        "MO": "months",
        "PERCENT": "%",
        "PERMILLE": "‰",
        "TONNE": "tonnes",
        "YR": "years",
        "PetaFLOPS": "PFLOPS",
        "people": "people",
        "Mu": "mu",
        "PercentagePoint": "percentage points",
    },
    "zh": {
        "CCY_CNY": "元",
        "CCY_USD": "美元",
        "CCY_EUR": "欧元",
        "CCY_GBP": "英镑",
        "CCY_HKD": "港元",
        "CCY_JPY": "日元",
        "CCY_SGD": "新加坡元",
        "DAY": "天",
        "GigaW": "吉瓦",
        "HA": "公顷",
        "HR": "小时",
        "KiloM": "公里",
        "KiloM-PER-HR": "公里/小时",
        "KiloM2": "平方公里",
        "KiloW-HR": "千瓦时",
        "GigaW-HR": "吉瓦时",
        "MegaW": "兆瓦",
        "M": "米",
        "M2": "平方米",
        "MIN": "分钟",
        "MO": "个月",
        "PERCENT": "%",
        "PERMILLE": "‰",
        "TONNE": "吨",
        "YR": "年",
        "PetaFLOPS": "PFLOPS",
        "people": "人",
        "Mu": "亩",
        "PercentagePoint": "个百分点",
    },
}

#: More words that sheets may use, with their units.
MORE_WORDS: Final = {
    **dict.fromkeys(
        ("people", "person", "persons", "number", "人次", *"人名位个家项件户座条台套辆次"), "NUM"
    ),
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
    ("MegaW", r"mw\b|megawatts?\b|兆瓦"),
    ("YR", r"years?\b(?! old)|年"),
)


def unit_of(words: str) -> str | None:
    """Return the local name of the unit that words after a number mean, or None.

    >>> unit_of("square kilometres"), unit_of("平方千米"), unit_of("parsecs")
    ('KiloM2', 'KiloM2', None)
    """
    matches = (unit for unit, form in UNIT_PATTERNS if re.fullmatch(form, words, re.IGNORECASE))
    return next(matches, None)
