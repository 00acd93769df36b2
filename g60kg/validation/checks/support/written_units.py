"""What the words beside a number say: its unit, its sign, and that a statistic rose or fell.

Some texts state the number of a statistic without a numeral: first places, multiples.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from g60kg.model.everyday_names import UNIT_PATTERNS
from g60kg.validation.checks.support.written_numbers import WrittenNumber, written_numbers

#: Units that only texts use: a figure cannot have them.
_FOREIGN: Final = (
    r"(?:square |sq\.? )?(?:miles?|feet|foot|yards?)\b|acres?\b|(?:square )?英里|英尺|英亩"
    r"|(?:australian|canadian|new zealand|taiwan) dollars?\b|rupees?\b|korean won\b|francs?\b"
    "|韩元|卢布|澳元|加元"
)
_AFTER: Final = tuple(
    (unit, re.compile(rf"[\s-]?(?:多|余)?(?:{words})", re.IGNORECASE))
    for unit, words in (("", _FOREIGN), *UNIT_PATTERNS)
    if unit != "YR"  # "in 2018年" and "5 years" are times
)
_BEFORE: Final = tuple(
    (units, re.compile(rf"(?<![A-Za-z])(?:{words})\s?$"))
    for units, words in (
        (("CCY_HKD",), r"HK\$|HKD"),
        (("CCY_SGD",), r"S\$|SGD"),
        (("CCY_USD",), r"US\$|USD|\$"),
        (("CCY_EUR",), "€|EUR"),
        (("CCY_GBP",), "£|GBP"),
        (("CCY_CNY",), "RMB|CNY|人民币"),
        (("CCY_CNY", "CCY_JPY"), "[¥￥]"),
    )
)
_PERCENT: Final = re.compile(
    r"(?:(?P<points>percentage|个百分点)|%|per\s?cent|pct)$", re.IGNORECASE
)
#: Years and ranks, which are no counts; "the 100th partner" is one of 100.
_NO_COUNT: Final = re.compile(
    r"\b(?:in|since|by|until|from|during|(?:end|start|half|quarter) of|early|late)\s"
    r"(?P<in>(?:1[89]|20)\d\d)(?![\d,.]*\d)(?!\s[a-z-]+s\b)|(?<!\d)(?P<year>(?:1[89]|20)\d\d)\s?年"
    r"|\b(?:rank\w*|plac(?:es|ed)|comes?|came|stands?|stood)\s(?:in\s|at\s)?(?:the\s)?(?:No\.\s?)?"
    r"(?P<rank>\d+|\w+(?:st|nd|rd|th)\b)"
    r"|(?:排名?|[位名]列|[位列]?居)(?:[^,;。\d]{0,8}第)?(?P<place>\d+)(?!\d)|第(?P<nth>\d+)[位名]",
    re.IGNORECASE,
)
#: The units that words or signs can state: a count has none, and 时速350公里 is a speed.
STATED: Final = frozenset(unit for unit, _ in UNIT_PATTERNS) - {"YR", "KiloM-PER-HR"}
#: Words of the first place, and of a growth in percent, by statistic.
_OF_STATISTIC: Final = {
    statistic: {Decimal(value): re.compile(words, re.IGNORECASE) for value, words in table.items()}
    for statistic, table in {
        "Rank": {
            1: r"(?<!second[ -])(?<!third[ -])(?<!fourth[ -])(?<!fifth[ -])(?<!\d[nrt][dh][ -])"
               r"(?<!one of the )(?<!among the )\b(?:top(?:s|ped|ping)?(?!\s(?:ten|[\d$¥]|US))"
               r"|leads?|led(?! by)|leading|head(?:s|ed)|best"
               r"|(?:larg|bigg|high|great|fast|strong|busi)est|most)\b|领先|领跑|冠军|夺冠|魁首|最[多快高大强](?![^，。,]{0,9}之一)|之首",
            2: r"\brunner-up\b|\bsecond only to\b|次席",
        },
        "Growth": {
            0: r"\b(?:flat|unchanged)\b|零增长|持平",
            100: r"\bdoubl(?:ed|es?|ing)\b|翻了?一?番",
            200: r"\btripl(?:ed|es?|ing)\b",
            300: r"\bquadrupl(?:ed|es?|ing)\b|翻了?[两二]番",
            -50: r"\bhal(?:ved|ves?|ving)\b|减半|腰斩",
        },
    }.items()
}  # fmt: skip
#: The verb before a growth in multiples, of a total or of an increase, and the multiple.
_GREW: Final = re.compile(
    r"(?:\b(?:r[io]s(?:es?|en|ing)|rose|gr[eo]w(?:s|n|th|ing)?|increas(?:es?|ed|ing)|jump(?:s|ed)?"
    r"|surg(?:es?|ed)|soar(?:s|ed)?|climb(?:s|ed)?|expand(?:s|ed)?|up|rise)"
    r"(?:\sby|\sof|\s(?P<to>to))?(?:\s(?:a|an|more than|over|nearly|almost|about|around|some))?\s"
    "|(?:增[长加幅大]?|提[高升]|[上飙攀]升|[上暴]?涨|扩大)"
    "(?:(?P<to_zh>(?<!达)到|至)|了|达到?|超过?|[近约逾]|将近|接近|高达)*)$",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"\s?[多余]?倍(?![速频数增率])|\s(?:or more )?times\b(?!\s(?:the|that|those|as|more|\w+er)\b)"
    r"|(?P<fold>-?fold\b)",
    re.IGNORECASE,
)
#: Words of a rise and of a fall, and words that say nothing of the sign of a change.
_DIRECTION: Final = re.compile(
    r"(?P<up>\b(?:r[io]s(?:es?|en|ing)|rose|gr[eo]w\w*|increas\w+|climb\w*|jump\w*|surg\w+|soar\w*"
    r"|expand\w*|up)\b|(?<!负)增[长加幅]|涨幅|上升|上涨|提[高升])"
    r"|(?P<down>\b(?:f[ae]ll(?:s|en|ing)?(?! below| under| short)|declin\w+|decreas\w+|dropp?\w*"
    r"|down|shr[aiu]nk\w*|contract(?:s|ed)|reduc\w+|slipp\w+|cut|loss)\b|负增长|下[降滑跌]|减[少幅]|[降跌]幅|降低|同比降|回落|缩减|萎缩)"
    r"|(?P<other>\b(?:narrow|slow|eas|widen)\w*\b|收窄|放缓|扩大|从|由|\bfrom\b)",
    re.IGNORECASE,
)
#: Words between a direction and a number that is the total, not the change.
_TO: Final = re.compile(r"\bto\b|[至到为]")
_CLAUSE: Final = re.compile(r"[,;:，；：。、]|[.](?!\d)|\b(?:and|but|while)\b")
_PLACES: Final = re.compile(r"\s(?:places?|positions?|spots?|ranks?)\b|[名位]")
_CHANGE_AFTER: Final = re.compile(
    r"\s(?P<up>increase|rise|growth|gain|jump)\b|\s(?P<down>decrease|decline|fall|drop|reduction)\b"
)

_MONEY: Final = r"\s?(?:RMB|CNY|US\$|[$¥€])?\s?$"
_ABOUT: Final = r"(?:(?:about|around|nearly|almost|over|more than)\s)?"
_NO_PROFIT: Final = r"(?:(?!profit|earn|income|surplus|gain)[^,;:]){0,60}?"
_NEGATIVE: Final = re.compile(
    rf"(?:\b(?:minus|negative|lost|loss(?:es)? (?:of|was|were|reached|totall?(?:ed|ing)))\s{_ABOUT}"
    rf"|负|(?<![减扭])亏损?额?了?[为达]?[约近超]?过?){_MONEY}",
    re.IGNORECASE,
)
#: A loss whose amount is farther from its word: 亏损收窄至, "a 5 million yuan loss".
_LOSS: Final = re.compile(
    rf"(?:\bloss(?:es)?\b(?!-){_NO_PROFIT}\b(?:to|at|from|exceeded|hit)\s{_ABOUT}"
    r"|亏损(?!企业|面)(?:[^,;:，；、。盈利转]{0,12}?(?:至|到|为|达|[由从])|总额|金额|规模)"
    rf"[为达]?[约近超]?过?){_MONEY}",
    re.IGNORECASE,
)
_MONEY_UNIT: Final = r"[\s-]?(?:(?:yuan|RMB|CNY|(?:U\.?S\.? )?dollars?|euros?)[\s-])?"
_LOSS_AFTER: Final = re.compile(
    rf"{_MONEY_UNIT}(?:(?:\w+ )?loss(?:es)?\b(?!-)|(?:in|of) (?:the red\b|loss(?:es)?\b))"
    r"|[^\d,;:，；、。]{0,3}的?净?亏损(?!企业|面)",
    re.IGNORECASE,
)
_PROFIT_AFTER: Final = re.compile(rf"{_MONEY_UNIT}(?:in |of )?(?:\w+ )?profit", re.IGNORECASE)
#: A minus, unless it joins numbers, units, letters or names: 10%-15%, 3亿-5亿, G60-3, 上海-苏州.
_SIGN: Final = re.compile(
    r"(?:(?:(?<![\w)%])|(?<=[为是达至到于约比长速幅率额量值润损]))"
    r"(?:−\s?|[-–])(?:(?:RMB|CNY|US\$|[$¥€])\s?)?|零下\s?)$"
)
#: Words of places that are gained or lost in a ranking, besides those of a rise or a fall.
_GAINED: Final = re.compile(
    r"\b(?:gain|advanc|improv|mov(?:e[sd]?|ing) up|leap)\w*|前[移进]|进位?$|跃[升居]|晋升", re.I
)
_LOST: Final = re.compile(
    r"\b(?:lo(?:se|ses|st|sing)|slid\w*|mov(?:e[sd]?|ing) down)\b|后[退移]|退后", re.I
)
_COMPARED: Final = re.compile(r"\s(?:place|position|spot)s?\s(?:(?P<up>higher|up\b)|lower|down\b)")


def written_units(text: str, number: WrittenNumber) -> Iterator[tuple[str, str]]:
    """Yield the units beside a number of a text, each with the number and the words of the unit.

    A unit is a local name, or "" for one that figures cannot have, such as miles. A sign such as ¥
    can mean several units. Nothing for "5 years", or if no unit is beside the number.

    >>> [one for text in ("$25 billion", "12 hectares") for one in
    ...  written_units(text, written_numbers(text)[0])]
    [('CCY_USD', '$25 billion'), ('HA', '12 hectares')]
    """
    for units, sign in _BEFORE:
        before = sign.search(text, max(number.start - 8, 0), number.start)
        if before:
            yield from ((unit, text[before.start() : number.end]) for unit in units)
            return
    percent = _PERCENT.search(text, number.start, number.end)
    if percent:  # part of the number
        yield (
            ("PercentagePoint" if percent["points"] else "PERCENT"),
            text[number.start : number.end],
        )
        return
    for unit, words in (*_AFTER, ("", _TIMES)):
        after = words.match(text, number.end)
        if after and (words is not _TIMES or _GREW.search(text[: number.start])):
            yield unit, text[number.start : after.end()]
            return


def year_or_rank(text: str, number: WrittenNumber) -> str | None:
    """Return a number with the words beside it if they make it a year or a rank, else None.

    >>> texts = ("since 2021", "2021 firms", "第12位")
    >>> [year_or_rank(text, written_numbers(text)[0]) for text in texts]
    ['since 2021', None, '第12位']
    """
    for match in _NO_COUNT.finditer(text, max(number.start - 24, 0)):
        if match.start(match.lastgroup or 0) == number.start:
            return match.group()
    return None


def has_minus(text: str, number: WrittenNumber) -> bool:
    """Return whether a minus sign, or a word such as "negative", is directly before a number.

    >>> text = "a profit of -5 billion yuan"
    >>> has_minus(text, written_numbers(text)[0])
    True
    """
    return any(one.search(text, 0, number.start) for one in (_SIGN, _NEGATIVE))


def is_loss(text: str, number: WrittenNumber) -> bool:
    """Return whether the words at a number say that it is below zero or a loss.

    >>> text = "the net loss narrowed to 5 billion yuan"
    >>> is_loss(text, written_numbers(text)[0])
    True
    """
    if has_minus(text, number) or _LOSS_AFTER.match(text, number.end):
        return True
    is_of_loss = _LOSS.search(text, 0, number.start) is not None
    return is_of_loss and not _PROFIT_AFTER.match(text, number.end)


def rank_direction(text: str, number: WrittenNumber) -> int:
    """Return -1 if the number, taken for places in a ranking, is gained, 1 if lost, else 0.

    >>> text = "it climbed three places"
    >>> rank_direction(text, written_numbers(text)[0])
    -1
    """
    if compared := _COMPARED.match(text, number.end):
        return -1 if compared["up"] else 1
    clause = _CLAUSE.split(text[: number.start])[-1]
    for words, moved in ((_GAINED, -1), (_LOST, 1)):
        if words.search(clause):
            return moved
    return -_direction(text, number)


def direction(text: str, number: WrittenNumber) -> int:
    """Return 1 if the words at a number say that something rose by it, -1 if it fell, else 0.

    0 also for a number of places in a ranking.

    >>> text = "profit fell 5.1 percent"
    >>> direction(text, written_numbers(text)[0])
    -1
    """
    # A rise by so many places is no rise of another number.
    return 0 if _PLACES.match(text, number.end) else _direction(text, number)


def _direction(text: str, number: WrittenNumber) -> int:
    after = _CHANGE_AFTER.match(text, number.end)
    if after:
        return 1 if after["up"] else -1
    clause = _CLAUSE.split(text[: number.start])[-1]
    found = list(_DIRECTION.finditer(clause))
    if not found or found[-1]["other"]:
        return 0
    # 降幅为3.1% is a change of 3.1 %, 降为3.1% a fall to it.
    if not found[-1][0].endswith("幅") and _TO.search(clause, found[-1].end()):
        return 0
    return 1 if found[-1]["up"] else -1


def is_expressed(number: Decimal, statistic: str, text: str) -> bool:
    """Whether words such as "topped", "doubled" or "3 times" state a number of a statistic.

    False for a statistic other than Rank and Growth.

    >>> is_expressed(Decimal(1), "Rank", "topped the list")
    True
    """
    words = _OF_STATISTIC.get(statistic, {}).get(number)
    if words is not None and words.search(text) is not None:
        return True
    return statistic == "Growth" and Fraction(abs(number)) in _grown(text)


def _grown(text: str) -> Iterator[Fraction]:
    """Yield in percent each growth that a text gives as a number with "times", "-fold" or "倍".

    "Grew 3 times" is 300, "grew to 3 times" and "grew 3-fold" are 200. "Doubled" is not included.
    """
    for number in written_numbers(text):
        times, grew = _TIMES.match(text, number.end), _GREW.search(text[: number.start])
        if times and grew:
            is_total = times["fold"] or grew["to"] or grew["to_zh"]
            yield (number.value - (1 if is_total else 0)) * 100
