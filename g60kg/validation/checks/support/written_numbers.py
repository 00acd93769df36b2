"""Numbers and years as English and Chinese texts write them, in digits and in words.

The module has tables of number words; docs/decisions/support-checks.md says why it uses no library.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

from g60kg.validation.checks.support.chinese_numerals import (
    AND_A_HALF,
    DIGITS,
    OVER,
    SCALES,
    YEAR,
    chinese_numbers,
)


def _enumerated(words: str, step: int = 1) -> dict[str, int]:
    return {word: number * step for number, word in enumerate(words.split())}


_SCALES: Final = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_ORDINALS: Final = _enumerated(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENS: Final = _enumerated("- - twenty thirty forty fifty sixty seventy eighty ninety", 10)
_WORDS: Final[dict[str, int]] = {
    **_enumerated(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    ),
    **_ORDINALS,
    **{word: number for word, number in _TENS.items() if number > 10},
    **{word[:-1] + "ieth": number for word, number in _TENS.items() if number > 10},
}
_SCALE_WORDS: Final = {**_SCALES, **{word + "th": power for word, power in _SCALES.items()}}
#: Scales that follow digits; a single letter may also be a unit (163.8 m).
_ABBREVIATED: Final = {"mn": 6, "mln": 6, "bn": 9, "tn": 12, "k": 3, "m": 6, "b": 9}
_DENOMINATORS: Final = {
    "half": 2, "halves": 2, "quarter": 4, "quarters": 4,
    **{word: number for word, number in _ORDINALS.items() if number > 2},
    **{word + "s": number for word, number in _ORDINALS.items() if number > 2},
}  # fmt: skip
#: Quarters may be of a year: "the first three quarters of 2021".
_QUARTER: Final = 4
#: Words that are a number by themselves.
_SINGLE: Final = {
    "dozen": Fraction(12), "pair": Fraction(2),
    **{word + end: Fraction(number)
       for number, word in enumerate(("double", "triple", "quadruple"), 2) for end in ("", "d")},
}  # fmt: skip

#: Traditional characters of numerals, and forms of i that re.IGNORECASE takes for i; the offsets
#: stay the same.
_SIMPLIFIED: Final = str.maketrans("萬億兩點ıİ", "万亿两点iI")
#: More digits than Python converts to a number, also with what they divide.
_ENDLESS: Final = re.compile(r"(?:\d+\s?[/⁄]\s?)?[\d.,]{1000,}")
_DIGITS: Final = (
    r"(?:(?<=RMB)|(?<=GDP)|(?<=CNY)|(?<=USD)|(?<=No\.)|(?<![A-Za-z\d.]))(?<!\d,)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d])"
    r"(?:(?:\s?[/⁄]\s?(?P<over>\d+)(?![\d/⁄-]))|(?P<ordinal>st|nd|rd|th)\b)?"
)
_SCALED: Final = re.compile(
    _DIGITS + r"(?:\s?(?:多|余|来|几)?\s?(?P<zh>(?:[十百万亿]|千(?!瓦|米|克|卡|伏|赫|帕|焦|字节)"
    r"|兆(?!瓦|赫|字节|比特|位|帕|伏))+)"
    r"|[\s-]{0,2}(?P<word>hundred|thousand|million|billion|trillion|mn|mln|bn|tn|[kmb](?![a-z²³/]))\b)?",
    re.IGNORECASE,
)
_NUMBER_WORD: Final = "|".join(
    sorted(
        map(re.escape, {*_WORDS, *_SCALE_WORDS, *_DENOMINATORS, *_SINGLE}), key=len, reverse=True
    )
)
_RUN: Final = re.compile(
    rf"\b(?:{_NUMBER_WORD})(?:(?:[\s-]|\s(?:and\s)?(?:a\s)?)(?:{_NUMBER_WORD}))*(?:\b|(?=fold\b))",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"\s?(?:%|per\s?cent\b|pct\b|percentage\b|个百分点)")
#: What can be before a number of a range: a currency, a minus.
_SIGN: Final = r"(?:US\$|RMB|[$¥€]|minus\s|-)?"
_BETWEEN: Final = re.compile(rf"\s?(?:to|[-–—~至到])\s?{_SIGN}")
_AFTER_BETWEEN: Final = re.compile(rf"between\s?{_SIGN}$", re.IGNORECASE)
_NTH: Final = re.compile(r"\b(?:one|an?|1)[\s-](\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_PARTS: Final = "|".join(word for word in _DENOMINATORS if word in _ORDINALS)
#: "A sixteenth and a twelfth", "a fifteenth, or almost 7 percent".
_PART: Final = re.compile(
    rf"\ban? (?P<part>{_PARTS})(?= of\b|,? or\b| respectively\b|,? and an? (?:{_PARTS})\b)", re.I
)
#: A time in hours and minutes, which is also one in minutes: 1小时20分钟.
_HOURS_AND: Final = re.compile(r"\s?(?:hours?|hrs?|个?小时)(?:,?\sand)?\s?")
_MINUTES: Final = re.compile(r"\s?(?:minutes?|mins?\b|分)")
#: "An hour and a half" is 1.5, and "two and a half hours" 2.5.
_ONE_AND_A_HALF: Final = re.compile(r"\b(?:an|one|1) \w+ and a half\b", re.IGNORECASE)
_AND_A_HALF: Final = re.compile(
    rf"\b(?P<whole>{'|'.join(_WORDS)}|\d+)"
    rf"(?: and a half\b(?! (?:{'|'.join(_SCALES)})\b)|(?<=\d){AND_A_HALF.pattern})",
    re.IGNORECASE,
)
_OUT_OF: Final = re.compile(r"\s(?:in|out of)\s(?:every\s)?")
_AND: Final = re.compile(rf"\s?and\s?{_SIGN}")

#: What "a" or a scale alone counts: "a billion yuan", "half a million", "two and a half billion".
_HALVES: Final = re.compile(
    rf"\b(?:(?P<whole>{'|'.join(_WORDS)})\sand\sa\shalf|half\san?|(?P<one>an?))[\s-]"
    rf"(?P<scale>{'|'.join(_SCALES)})\b",
    re.IGNORECASE,
)
_NO_YEAR: Final = r"(?!\d|[.,]\d(?!\d?\.\d)|[万亿千百多余家个個人名元亩户戶项項])"
_YEAR: Final = re.compile(rf"(?<![\d./])(?<!\d,)(?:1[5-9]|20|21)\d\d{_NO_YEAR}")
_EARLY_YEAR: Final = re.compile(rf"(?<![\d./])(?<!\d,)(?:0?\d|1[0-4])\d\d{_NO_YEAR}")
_SHORT_RANGE: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-–—/](\d\d)(?![\d/-])")


#: Where a fraction in one character follows a digit, and what both are in NFKC.
_VULGAR: Final = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
_MIXED: Final = re.compile(
    r"(?<![\d.,/⁄])(\d{1,9}) ([1-9])[/⁄]([2-9]|10)(?![\d/⁄-])(?:[\s-]([mb]illion|trillion))?"
)


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number in a text; a ``share`` is a fraction, such as 1/24."""

    value: Fraction
    start: int
    end: int
    share: bool = False

    def equals(self, number: Decimal) -> bool:
        """Whether the number of a figure is this one, apart from its sign.

        Numbers are compared to about 12 digits. A share also equals its percentage.

        >>> WrittenNumber(Fraction(1, 24), 0, 4, share=True).equals(Decimal("0.0416666666667"))
        True
        """
        stated = abs(Fraction(number))
        values = (self.value, self.value * 100) if self.share else (self.value,)
        return any(abs(stated - value) * 10**11 <= max(value, Fraction(1, 20)) for value in values)


def normalised(text: str) -> str:
    """Return a text in NFKC, with each white space character as a space: 1½ is 1 1⁄2.

    The offsets of written numbers refer to such a text.
    """
    text = _VULGAR.sub(" ", text)
    return re.sub(r"\s", " ", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def written_numbers(text: str) -> tuple[WrittenNumber, ...]:
    """Return the numbers of a normalised text, in digits and words, by offset; they can overlap.

    >>> [str(number.value) for number in written_numbers("45 to 50 million; nine cities; 1/24")]
    ['45000000', '50000000', '9', '1/24']
    >>> [str(number.value) for number in written_numbers("5792万人，第一，八分之一")]
    ['57920000', '1', '1/8']
    """
    text = _ENDLESS.sub(lambda found: " " * len(found[0]), text.translate(_SIMPLIFIED))
    shares = [match.span() for match in OVER.finditer(text)]
    digits = (
        number
        for number in _in_digits(text)
        if not any(start <= number.start < end for start, end in shares)
    )
    found = {*digits, *_in_english(text)}
    found.update(WrittenNumber(*one) for one in chinese_numbers(text))
    ordered = sorted(found, key=lambda number: (number.start, number.end))
    for one, other in pairwise(ordered):
        if _HOURS_AND.fullmatch(text, one.end, other.start) and _MINUTES.match(text, other.end):
            found.add(WrittenNumber(one.value * 60 + other.value, one.start, other.end))
        joined = _OUT_OF.fullmatch(text, one.end, other.start)
        # "Doubled in 2020" is no share.
        is_year = joined and joined.group() == " in " and _YEAR.match(text, other.start)
        if other.value and joined and not is_year:
            found.add(WrittenNumber(one.value / other.value, one.start, other.end, share=True))
    ordered = sorted(found, key=lambda number: (number.start, number.end))
    return tuple(_percent(number, text) for number in ordered)


def equal_numbers(text: str, numbers: Collection[Decimal]) -> list[WrittenNumber]:
    """Return the numbers of a normalised text that equal a given one, apart from the sign."""
    return [match for match in written_numbers(text) if any(map(match.equals, numbers))]


@lru_cache(maxsize=4096)
def written_years(text: str) -> frozenset[int]:
    """Return the years of a normalised text.

    >>> sorted(written_years("from 2021-25, and 2,018 firms in 二〇一八年"))
    [2018, 2021, 2025]
    """
    years = {int(match.group()) for match in _YEAR.finditer(text)}
    for match in _SHORT_RANGE.finditer(text):
        first, last = int(match[1]), int(match[1][:2] + match[2])
        if last == first + 1 or (last > first and int(match[2]) > 12):
            years.add(last)
    for match in YEAR.finditer(text):
        years.add(int("".join(str(DIGITS[character]) for character in match.group())))
    return frozenset(years)


def early_years(text: str) -> frozenset[int]:
    """Return the numbers of a normalised text that can be years of 100 to 1499.

    >>> sorted(early_years("founded in 0950, with 1,200 monks in 1127, 300 families in 2016"))
    [300, 950, 1127]
    """
    return frozenset(int(match.group()) for match in _EARLY_YEAR.finditer(text))


def _percent(number: WrittenNumber, text: str) -> WrittenNumber:
    after = _PERCENT.match(text, number.end)
    return replace(number, end=after.end()) if after else number


# -- Digits ------------------------------------------------------------------


def _in_digits(text: str) -> Iterator[WrittenNumber]:
    matches = list(_SCALED.finditer(text))
    index = 0
    while index < len(matches):
        match = matches[index]
        value, power = _plain(match), _power(match)
        if match["over"] is not None:
            if int(match["over"]):
                yield WrittenNumber(value / int(match["over"]), match.start(), match.end(), True)
            index += 1
            continue
        following = matches[index + 1] if index + 1 < len(matches) else None
        # "3 to 4 million" is in millions, "800,000 to 1 million" is not.
        if (
            power == 1
            and following is not None
            and _power(following) > 1
            and value < 10 * _plain(following)
        ):
            gap = text[match.end() : following.start()]
            joined = _BETWEEN.fullmatch(gap) or (
                _AND.fullmatch(gap) and _AFTER_BETWEEN.search(text, 0, match.start())
            )
            if joined:
                power = _power(following)
        end = match.end()
        total = value * power
        # 1亿2000万: the parts of one number have smaller and smaller scales.
        while match["zh"] and index + 1 < len(matches):
            part = matches[index + 1]
            if part.start() != end or not part["zh"] or _power(part) >= power:
                break
            power, end = _power(part), part.end()
            total += _plain(part) * power
            index += 1
        yield WrittenNumber(total, match.start(), end)
        if (match["word"] or "").lower() == "m":
            yield WrittenNumber(value, match.start(), match.end("digits"))
        index += 1


def _plain(match: re.Match[str]) -> Fraction:
    return Fraction(match["digits"].replace(",", ""))


def _power(match: re.Match[str]) -> int:
    if match["zh"]:
        product = 1
        for character in match["zh"]:
            product *= SCALES[character]
        return product
    word = (match["word"] or "").lower()
    return 10 ** (_SCALES | _ABBREVIATED).get(word, 0) if word else 1


# -- English words -----------------------------------------------------------


def _in_english(text: str) -> Iterator[WrittenNumber]:
    for match in _NTH.finditer(text):
        if int(match[1]):
            yield WrittenNumber(Fraction(1, int(match[1])), *match.span(), share=True)
    for match in _PART.finditer(text):
        yield WrittenNumber(Fraction(1, _DENOMINATORS[match["part"].lower()]), *match.span(), True)
    for match in _ONE_AND_A_HALF.finditer(text):
        yield WrittenNumber(Fraction(3, 2), *match.span())
    for match in _AND_A_HALF.finditer(text):
        word = match["whole"].lower()
        yield WrittenNumber(int(_WORDS.get(word, word)) + Fraction(1, 2), *match.span())
    for match in _MIXED.finditer(text):
        mixed = int(match[1]) + Fraction(int(match[2]), int(match[3]))
        yield WrittenNumber(mixed * 10 ** _SCALES.get(match[4], 0), *match.span())
    for match in _HALVES.finditer(text):
        whole = _WORDS[match["whole"].lower()] if match["whole"] else 0
        value = Fraction(1) if match["one"] else whole + Fraction(1, 2)
        yield WrittenNumber(value * 10 ** _SCALES[match["scale"].lower()], *match.span())
    for match in _RUN.finditer(text):
        if re.search(r"[\d.][\s-]{0,2}$", text[: match.start()]) and (
            match.group().split()[0].lower() in _SCALE_WORDS
        ):
            continue  # the scale of digits
        words = re.findall(r"[a-z]+", match.group().lower())
        words = [word for word in words if word not in ("and", "a")]
        for value, share in _english_values(words):
            yield WrittenNumber(value, match.start(), match.end(), share)


def _english_values(words: list[str]) -> Iterator[tuple[Fraction, bool]]:
    """Yield values of number words, and whether they are shares: "three quarters" is 3 and 3/4."""
    total = part = Fraction(0)
    pending = False
    last = -1
    for before, word in pairwise(["", *words]):
        under = _DENOMINATORS.get(word)
        is_above = pending and not 20 <= last < 100 and before not in _ORDINALS
        # "Thirty-fourth" is an ordinal, "one fourth" a share; without a numerator only "half" is.
        if under is not None and (word not in _WORDS or is_above):
            above = total + part if pending else Fraction(1)
            if pending and under == _QUARTER:
                yield above, False
            yield above / under, True
            total, part, pending, last = Fraction(0), Fraction(0), False, -1
            continue
        if word in _SINGLE:
            alone = Fraction(1, 2) if before == "half" else 1
            yield _SINGLE[word] * (total + part if pending else alone), False
            total, part, pending, last = Fraction(0), Fraction(0), False, -1
        elif word in _SCALE_WORDS:
            power = 10 ** _SCALE_WORDS[word]
            if not pending:
                continue  # "hundreds of", "a million": no number is stated
            if power == 100:
                part *= power
                last = 100
            else:
                total, part, last = total + part * power, Fraction(0), -1
        elif word in _WORDS:
            number = _WORDS[word]
            joins = last == 100 or last == -1 or (20 <= last < 100 and number < 10)
            if pending and not joins:
                yield total + part, False
                total = part = Fraction(0)
            part += number
            pending, last = True, number
    if pending:
        yield total + part, False
