"""Units that a text gives beside a number: words after it, signs of currencies before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from g60kg.model.unit_names import UNIT_PATTERNS
from g60kg.validation.checks.support.statistic_numbers import GREW, TIMES
from g60kg.validation.checks.support.written_numbers import WrittenNumber

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


def written_units(text: str, number: WrittenNumber) -> Iterator[tuple[str, str]]:
    """Yield the units beside a number of a text, each with the words: "" if no figure has it.

    >>> from g60kg.validation.checks.support.written_numbers import written_numbers
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
    for unit, words in (*_AFTER, ("", TIMES)):
        after = words.match(text, number.end)
        if after and (words is not TIMES or GREW.search(text[: number.start])):
            yield unit, text[number.start : after.end()]
            return


def no_count(text: str, number: WrittenNumber) -> str | None:
    """Return a number with the words that make it a year or a rank, or None.

    >>> from g60kg.validation.checks.support.written_numbers import written_numbers
    >>> texts = ("since 2021", "2021 firms", "第12位")
    >>> [no_count(text, written_numbers(text)[0]) for text in texts]
    ['since 2021', None, '第12位']
    """
    for match in _NO_COUNT.finditer(text, max(number.start - 24, 0)):
        if match.start(match.lastgroup or 0) == number.start:
            return match.group()
    return None
