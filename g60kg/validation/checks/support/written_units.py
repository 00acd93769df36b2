"""Units that a text gives beside a number: words after it, signs of currencies before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from g60kg.model.unit_names import UNIT_PATTERNS
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
    for unit, words in _AFTER:
        after = words.match(text, number.end)
        if after:
            yield unit, text[number.start : after.end()]
            return
