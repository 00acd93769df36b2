"""Years and decades in a question: a single one, the first or the last one, or both."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.question_tokens import Tokens
from g60kg.queries.ask.question_vocabulary import question_vocabulary

_YEAR: Final = re.compile(r"(?<![0-9])([12][0-9]{3})(?:((?<=0)s\b|(?<=0)年代)|(?![0-9]))")
#: A year in Chinese digits, before a sign that it is one.
_DIGITS: Final = "〇零一二三四五六七八九"
_IN_CHINESE: Final = re.compile(
    rf"(?<![{_DIGITS}○])[一二][{_DIGITS}○]{{3}}(?=\s*(?:年|至|到|[-–—~]))"
)
#: A year of this century without it: "19年", "19到21年", "'22"; "20年来" is a length.
_SHORT_YEAR: Final = re.compile(
    r"(?<![\d.第近共期])[012]\d(?=年(?![来间内级]|之?[后前内]|以[来后前]|时间)|\s*(?:至|到|[-–—~])\s*[012]\d年)"
)
_QUOTED_YEAR: Final = re.compile(r"(?<![\w])['’‘](?=[012]\d(?!\w))")
_NUMBERS: Final = str.maketrans(f"{_DIGITS}○", "001234567890")
#: What is between the bounds of a period, and between years that are listed.
_TO: Final = re.compile(r"\s*年?\s*(?:to|until|till|through|至|到|[-–—~])\s*", re.IGNORECASE)
_AND: Final = re.compile(
    r"\s*年?\s*(?:[,、，]|(?:,\s*)?\b(?:and|or)\b|和|与|或|及)\s*", re.IGNORECASE
)
#: Signs before a year that are no words of their own in Chinese.
_BEFORE: Final = ("截至", "自", "从", "到", "至")
#: What behind a year leaves its period open.
_OPEN: Final = re.compile(r"\s*(?:(?:or|and) (?:later|after|earlier|before)|onwards?)\b", re.I)
_DECADE: Final = 9
#: A month, and a day of it, before a year or behind it: "since May 2020".
_MONTH: Final = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\.?(?: \d{1,2})?,?\s*$"
)
_MONTH_BEHIND: Final = re.compile(r"^[\d一二三四五六七八九十]{1,2}月(?:\d{1,2}日)?")
#: The parts of a year as periods write them, with the words for them.
_PARTS: Final = (
    ("H1", "first", "上半年", "half"),
    ("H2", "second", "下半年", "half"),
    *(
        (f"Q{at}", number, f"{chinese}季度", "quarter")
        for at, (number, chinese) in enumerate(
            zip(("first", "second", "third", "fourth"), "一二三四", strict=True), start=1
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a question.

    Attributes:
        first: the first year; None if it is not given.
        last: the last year, inclusive; None if it is not given.
        tokens: the numbers of the tokens of the years, of "to" between two, and of 年, "or
            later" or a Chinese sign such as 自 beside them; not of "since" or "from".
        listed: whether they are separate years, with years between them that are not asked for.
        part: the quarter (``Q1`` to ``Q4``) or half (``H1``, ``H2``) of a single year; else empty.
    """

    first: int | None
    last: int | None
    tokens: frozenset[int]
    listed: bool = False
    part: str = ""

    @property
    def in_order(self) -> bool:
        """Whether the first year is not after the last one; True if one is missing."""
        return self.first is None or self.last is None or self.first <= self.last


def with_digits(text: str) -> str:
    """Return a text with the years in Chinese digits, or without their century, as numbers.

    >>> with_digits("二〇一八年至二零二〇年的三个项目")
    '2018年至2020年的三个项目'
    >>> with_digits("19到21年的大事，GDP in '22")
    '2019到2021年的大事，GDP in 2022'
    """
    text = _IN_CHINESE.sub(lambda year: year[0].translate(_NUMBERS), text)
    return _SHORT_YEAR.sub(r"20\g<0>", _QUOTED_YEAR.sub("20", text))


def years_in(text: str, listed: Tokens) -> Years | None:
    """Return the years of a question; None if there are none."""
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    before = _MONTH.sub("", text[: found[0].start()].casefold()).rstrip()
    behind = text[found[-1].end() :].lstrip().removeprefix("年").casefold()
    behind = _MONTH_BEHIND.sub("", behind)
    sign = next((one for one in _BEFORE if before.endswith(one)), "")
    gaps = [(one.end(), other.start()) for one, other in pairwise(found)]
    to = [gap for gap in gaps if _TO.fullmatch(text[slice(*gap)])]
    spans = [*(one.span() for one in found), *to, (len(before) - len(sign), len(before))]
    spans += [one.span() for one in [_OPEN.match(text, found[-1].end())] if one]
    spans += [(one.end(), one.end() + 1) for one in found if text.startswith("年", one.end())]
    at = frozenset(i for i, t in enumerate(listed) for a, b in spans if a <= t.start < b)
    periods = [(int(one[1]), int(one[1]) + (_DECADE if one[2] else 0)) for one in found]
    if len(found) == 2 and to:
        return Years(periods[0][0], periods[1][1], at)
    if len(found) > 1:
        periods.sort()
        is_list = not (before.endswith("between") or behind.startswith(("之间", "间")))
        is_list = is_list and all(_AND.fullmatch(text[slice(*gap)]) for gap in gaps)
        apart = any(later[0] > earlier[1] + 1 for earlier, later in pairwise(periods))
        return Years(periods[0][0], periods[-1][1], at, listed=is_list and apart)
    return replace(_bounded(*periods[0], at, before, behind), part=_part_of_year(text))


def _part_of_year(text: str) -> str:
    """Return the quarter or the half of a year in a text; empty for any other period.

    >>> [_part_of_year(text) for text in ("2021年第三季度", "first half of 2022", "前三季度")]
    ['Q3', 'H1', '']
    """
    for name, number, chinese, english in _PARTS:
        if chinese in text and f"前{chinese}" not in text:
            return name
        if re.search(rf"\b(?:{name}|{number} {english})\b", text, re.IGNORECASE):
            return name
    return ""


def _bounded(first: int, last: int, at: frozenset[int], before: str, behind: str) -> Years:
    """Return the period that a year or decade means with the text beside it: "since", "before"."""

    def beside(sign: str) -> bool:
        """Return whether a word for ``sign`` (``since``) is directly before or behind the year."""
        words = question_vocabulary().content[sign]
        return any(
            behind.startswith(word) or (word in _BEFORE and before.endswith(word))
            if is_chinese(word)
            else re.match(rf"{word}\b", behind)
            if " " in word  # or later
            else re.search(rf"\b{word}(?: the)?$", before)
            for word in words
        )

    # "after" before "since": 2018年以后 starts as 2018年以… does.
    if beside("after"):
        return Years(last + 1, None, at)
    if beside("before"):
        return Years(None, first - 1, at)
    if beside("since"):
        return Years(first, None, at)
    if beside("until"):
        return Years(None, last, at)
    return Years(first, last, at)
