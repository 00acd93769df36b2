"""Numbers and years as English and Chinese texts write them, in digits and in words.

Tables of number words; libraries were tried, see docs/decisions/support-checks.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final


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
_SCALE_WORDS: Final = {
    **_SCALES,
    **{word + "th": power for word, power in _SCALES.items()},
}
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

_DIGITS_ZH: Final = {
    **{character: number for number, character in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
}
_SMALL_ZH: Final = {"十": 10, "百": 100, "千": 1000}
_GREAT_ZH: Final = {"万": 10**4, "亿": 10**8, "兆": 10**12}
#: Traditional characters of numerals; the offsets stay the same.
_SIMPLIFIED: Final = str.maketrans("萬億兩點", "万亿两点")
#: Words with a numeral that is not a count.
_NOT_NUMBERS_ZH: Final = re.compile(
    "一半|长三角|珠三角|三角洲?|一体|统一|唯一|单一|同一|专一|一致|一流|一些|一批|一系列|一直|一定|一般|一旦|一样"
    "|一起|一线|一揽子|进一步|一带一路|之一|万物|万科|万达|百度|百姓|百货|千岛湖|四川|六安|九江|三亚|三明"
    "|三星|三一|五金|五粮液|十堰|两岸|两化|万一|双一流|一如|一路|一步|一方面|一时|逐一|二维|三维|三农|一汽"
)
_FIRST_ZH: Final = re.compile(
    "首(?=个|批|届|家|次|位|条|款|座|台|例|单|支|颗|期|只|部|项|艘|发|套)|(?:榜|居|位列)首"
)

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
    rf"\b(?:{_NUMBER_WORD})(?:(?:[\s-]|\s(?:and\s)?(?:a\s)?)(?:{_NUMBER_WORD}))*\b", re.IGNORECASE
)
_RUN_ZH: Final = re.compile("[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?")
_OVER_ZH: Final = re.compile(
    r"(?P<under>[\d.]+|[零〇一二两三四五六七八九十百千万]+)分之(?P<above>[\d.]+|[零〇一二两三四五六七八九十百千万]+(?:点[零〇一二三四五六七八九]+)?)"
)
#: One of so many: 每8家企业就有1家.
_EACH_ZH: Final = re.compile(
    r"每(?P<under>\d+|[一二两三四五六七八九十百千万]+)[家个户人名件辆][^,;。\d]{0,12}?就?有(?P<above>\d+|[一二两三四五六七八九十]+)"
)
_TENTHS_ZH: Final = re.compile(
    "(?P<tenths>[一二两三四五六七八九])成(?:(?P<more>[一二三四五六七八九])(?![年个家天次项成倍十百千万亿]))?(?!都|为|立|员|果|功|交|本|长|份|品|形|效|绩|就|熟)"
)
_PERCENT: Final = re.compile(r"\s?(?:%|per\s?cent\b|pct\b|percentage\b|个百分点)")
_BETWEEN: Final = re.compile(r"\s?(?:to|[-–—~至到])\s?(?:US\$|RMB|[$¥€])?")
_NTH: Final = re.compile(r"\b(?:one|an?|1)[\s-](\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_PART: Final = re.compile(
    rf"\ban? (?P<part>{'|'.join(word for word in _DENOMINATORS if word in _ORDINALS)})(?= of\b)",
    re.I,
)
_OUT_OF: Final = re.compile(r"\s(?:in|out of)\s(?:every\s)?")
_AND: Final = re.compile(r"\s?and\s?(?:US\$|RMB|[$¥€])?")

#: What "a" or a scale alone counts: "a billion yuan", "half a million", "two and a half billion".
_HALVES: Final = re.compile(
    rf"\b(?:(?P<whole>{'|'.join(_WORDS)})\sand\sa\shalf|half\san?|(?P<one>an?))[\s-]"
    rf"(?P<scale>{'|'.join(_SCALES)})\b",
    re.IGNORECASE,
)
#: Chinese scales that are one of themselves: 突破万亿元, 逾万家.
_ONE_ZH: Final = re.compile(
    r"(?<![\d数几多余])(?:万亿|万|亿)(?=元|美元|级|[家户人亩件辆吨个名项台套款])"
)

_YEAR: Final = re.compile(
    r"(?<![\d./])(?<!\d,)(?:1[5-9]|20|21)\d\d(?!\d|[.,]\d(?!\d?\.\d)|[万亿千百多余家个個人名元亩户戶项項])"
)
_SHORT_RANGE: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-–—/](\d\d)(?![\d/-])")
_YEAR_ZH: Final = re.compile("[一二][零〇一二三四五六七八九]{3}(?=年)")


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number in a text.

    Attributes:
        value: its value, with its scale; that of "95 percent" is 95.
        start: its offset in the normalised text.
        end: the offset after it, and after its scale.
        share: whether it is a fraction ("1/24", "half"), which can be given as percent.
    """

    value: Fraction
    start: int
    end: int
    share: bool = False

    def equals(self, number: Decimal) -> bool:
        """Whether a figure's number is this one; repeating decimals are compared to 12 places.

        >>> WrittenNumber(Fraction(1, 24), 0, 4, share=True).equals(Decimal("0.0416666666667"))
        True
        """
        stated = abs(Fraction(number))
        values = (self.value, self.value * 100) if self.share else (self.value,)
        return any(abs(stated - value) * 10**11 <= max(value, Fraction(1, 20)) for value in values)


def normalised(text: str) -> str:
    """Return a text in NFKC, with one kind of space: the text of the offsets of numbers."""
    return re.sub(r"\s", " ", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def written_numbers(text: str) -> tuple[WrittenNumber, ...]:
    """Return the numbers of a normalised text, in order.

    >>> [str(number.value) for number in written_numbers("45 to 50 million; nine cities; 1/24")]
    ['45000000', '50000000', '9', '1/24']
    >>> [str(number.value) for number in written_numbers("5792万人，第一，八分之一")]
    ['57920000', '1', '1/8']
    """
    text = text.translate(_SIMPLIFIED)
    shares = [match.span() for match in _OVER_ZH.finditer(text)]
    digits = (
        number
        for number in _in_digits(text)
        if not any(start <= number.start < end for start, end in shares)
    )
    found = {*digits, *_in_english(text), *_in_chinese(text)}
    ordered = sorted(found, key=lambda number: (number.start, number.end))
    for one, other in pairwise(ordered):
        joined = _OUT_OF.fullmatch(text, one.end, other.start)
        # "Doubled in 2020" is no share.
        is_year = joined and joined.group() == " in " and _YEAR.match(text, other.start)
        if other.value and joined and not is_year:
            found.add(WrittenNumber(one.value / other.value, one.start, other.end, share=True))
    ordered = sorted(found, key=lambda number: (number.start, number.end))
    return tuple(_percent(number, text) for number in ordered)


def equal_numbers(text: str, numbers: Collection[Decimal]) -> list[WrittenNumber]:
    """Return the numbers of a normalised text that are equal to one of those given."""
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
    for match in _YEAR_ZH.finditer(text):
        years.add(int("".join(str(_DIGITS_ZH[character]) for character in match.group())))
    return frozenset(years)


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
        if power == 1 and following is not None and _power(following) > 1:
            gap = text[match.end() : following.start()]
            joined = _BETWEEN.fullmatch(gap) or (
                _AND.fullmatch(gap) and text[: match.start()].rstrip().lower().endswith("between")
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
            product *= (_SMALL_ZH | _GREAT_ZH)[character]
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
    """Yield the values of a run of number words: "first three quarters" has 1, 3 and 3/4."""
    total = part = Fraction(0)
    pending = False
    last = -1
    for word in words:
        under = _DENOMINATORS.get(word)
        # "Thirty-fourth" is an ordinal, "one fourth" a share; without a numerator only "half" is.
        if under is not None and (word not in _WORDS or (pending and not 20 <= last < 100)):
            above = total + part if pending else Fraction(1)
            if pending and under == _QUARTER:
                yield above, False
            yield above / under, True
            total, part, pending, last = Fraction(0), Fraction(0), False, -1
            continue
        if word in _SINGLE:
            yield _SINGLE[word] * (total + part if pending else 1), False
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


# -- Chinese numerals --------------------------------------------------------


def _in_chinese(text: str) -> Iterator[WrittenNumber]:
    excluded = [match.span() for match in _NOT_NUMBERS_ZH.finditer(text)]
    excluded += [match.span() for match in _YEAR_ZH.finditer(text)]
    for match in _OVER_ZH.finditer(text):
        excluded.append(match.span())
        under, above = (_numeral(match[name]) for name in ("under", "above"))
        if under == 100:
            yield WrittenNumber(above, match.start(), match.end())
        elif under:
            yield WrittenNumber(above / under, match.start(), match.end(), True)
    for match in _EACH_ZH.finditer(text):
        value = _numeral(match["above"]) / (_numeral(match["under"]) or 1)
        yield WrittenNumber(value, *match.span(), share=True)
    for match in _TENTHS_ZH.finditer(text):
        excluded.append(match.span())
        value = _numeral(match["tenths"]) / 10 + _numeral(match["more"] or "零") / 100
        yield WrittenNumber(value, match.start(), match.end(), True)
    for match in _RUN_ZH.finditer(text):
        start, end = match.span()
        numeral = match.group()
        before = text[start - 1 : start]
        if before and (before.isdigit() or before in "多余来几") and numeral[0] in "十百千万亿":
            continue  # the scale of digits
        if any(start < last and first < end for first, last in excluded):
            continue
        if (numeral[0] in "万亿" and not _ONE_ZH.match(text, start)) or numeral in ("零", "〇"):
            continue
        if before in ("数", "几") and numeral in ("百", "千"):
            continue  # "hundreds"
        yield WrittenNumber(_numeral(numeral), start, end)
    for match in _FIRST_ZH.finditer(text):
        yield WrittenNumber(Fraction(1), *match.span())
    for match in re.finditer("一半|过半|半数", text):
        yield WrittenNumber(Fraction(1, 2), match.start(), match.end(), True)
    for match in re.finditer("翻了?([一两二三四]?)番|双(?=方|核|区|边|向|中心)", text):
        yield WrittenNumber(Fraction(2) ** _DIGITS_ZH[match[1] or "一"], *match.span())


def _numeral(numeral: str) -> Fraction:
    """Return the value of a Chinese numeral or of digits: 一亿两千万, 二十一, 九十五点六."""
    if numeral[0].isdecimal() and numeral[0].isascii():
        return Fraction(numeral.strip("."))
    whole, _, decimals = numeral.partition("点")
    if decimals:
        digits = "".join(str(_DIGITS_ZH[character]) for character in decimals)
        return _numeral(whole) + Fraction(f"0.{digits}")
    if all(character in _DIGITS_ZH for character in whole):
        return Fraction("".join(str(_DIGITS_ZH[character]) for character in whole))
    total = section = digit = 0
    for character in whole:
        if character in _DIGITS_ZH:
            digit = _DIGITS_ZH[character]
        elif character in _SMALL_ZH:
            section += (digit or 1) * _SMALL_ZH[character]
            digit = 0
        else:
            scaled = (section + digit or (0 if total else 1)) * _GREAT_ZH[character]
            # 万亿: the scale of a scale.
            total = total * _GREAT_ZH[character] if not scaled else total + scaled
            section = digit = 0
    return Fraction(total + section + digit)
