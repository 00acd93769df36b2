"""Numbers in Chinese numerals, with their offsets: 一亿两千万, 八分之一, 两成, 首批."""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import Final

DIGITS: Final = {
    **{character: number for number, character in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_GREAT: Final = {"万": 10**4, "亿": 10**8, "兆": 10**12}
SCALES: Final = _SMALL | _GREAT
#: Words with a numeral that is not a count.
_NOT_NUMBERS: Final = re.compile(
    "一半|长三角|珠三角|三角洲?|一体|统一|唯一|单一|同一|专一|一致|一流|一些|一批|一系列|一直|一定|一般|一旦|一样"
    "|一起|一线|一揽子|进一步|一带一路|之一|万物|万科|万达|百度|百姓|百货|千岛湖|四川|六安|九江|三亚|三明"
    "|三星|三一|五金|五粮液|十堰|两岸|两化|万一|双一流|一如|一路|一步|一方面|一时|逐一|二维|三维|三农|一汽"
)
_FIRST: Final = re.compile(
    "首(?=个|批|届|家|次|位|条|款|座|台|例|单|支|颗|期|只|部|项|艘|发|套)|(?:榜|居|位列)首"
)
_RUN: Final = re.compile(
    "[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+[万亿]*)?"
)
#: Two digits before a scale are a range: 两三百, 七八十, 十七八万.
_EITHER: Final = re.compile(
    "(?<![零〇一二两三四五六七八九])([一二两三四五六七八九])[二三四五六七八九](?=[十百千万亿])"
)
#: A fraction, whose digits are no numbers of their own: 百分之95.
OVER: Final = re.compile(
    r"(?P<under>[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万]+)分之(?P<above>[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万]+(?:点[零〇一二三四五六七八九]+)?)"
)
#: One of so many: 每8家企业就有1家.
_EACH: Final = re.compile(
    r"每(?P<under>[0-9]+|[一二两三四五六七八九十百千万]+)[家个户人名件辆][^,;。\d]{0,12}?就?有(?P<above>[0-9]+|[一二两三四五六七八九十]+)"
)
_TENTHS: Final = re.compile(
    "(?P<tenths>[一二两三四五六七八九])成(?:(?P<more>[一二三四五六七八九])(?![年个家天次项成倍十百千万亿]))?(?!都|为|立|员|果|功|交|本|长|份|品|形|效|绩|就|熟)"
)
#: Chinese scales that are one of themselves: 突破万亿元, 逾万家.
_ONE: Final = re.compile(
    r"(?<![\d数几多余])(?:万亿|万|亿)(?=元|美元|级|[家户人亩件辆吨个名项台套款])"
)
#: What follows the whole number of "two and a half" hours.
AND_A_HALF: Final = re.compile("个半(?=小时|钟头|月|世纪)")
YEAR: Final = re.compile("[一二][零〇一二三四五六七八九]{3}(?=年)")


def chinese_numbers(text: str) -> Iterator[tuple[Fraction, int, int, bool]]:
    """Yield value, start, end and whether it is a share, of each number in Chinese numerals.

    Start and end are offsets in characters; the end is exclusive. The numbers are not in order.
    八分之一 is a share; 百分之五, which is 5, and 半小时 are not.

    >>> [(str(value), share) for value, _, _, share in chinese_numbers("八分之一；两个半小时")]
    [('1/8', True), ('2', False), ('5/2', False)]
    """
    excluded = [match.span() for match in _NOT_NUMBERS.finditer(text)]
    excluded += [match.span() for match in YEAR.finditer(text)]
    for match in OVER.finditer(text):
        excluded.append(match.span())
        under, above = (_numeral(match[name]) for name in ("under", "above"))
        if under == 100:
            yield above, *match.span(), False
        elif under:
            yield above / under, *match.span(), True
    for match in _EACH.finditer(text):
        value = _numeral(match["above"]) / (_numeral(match["under"]) or 1)
        yield value, *match.span(), True
    for match in _TENTHS.finditer(text):
        excluded.append(match.span())
        value = _numeral(match["tenths"]) / 10 + _numeral(match["more"] or "零") / 100
        yield value, *match.span(), True
    for match in _RUN.finditer(text):
        start, end = match.span()
        numeral = match.group()
        before = text[start - 1 : start]
        if before and (before.isdigit() or before in "多余来几") and numeral[0] in "十百千万亿":
            continue  # the scale of digits
        if any(start < last and first < end for first, last in excluded):
            continue
        if (numeral[0] in "万亿" and not _ONE.match(text, start)) or numeral in ("零", "〇"):
            continue
        if before in ("数", "几") and numeral in ("百", "千"):
            continue  # "hundreds"
        yield _numeral(numeral), start, end, False
        if _EITHER.search(numeral):
            yield _numeral(_EITHER.sub(r"\1", numeral)), start, end, False
        if half := AND_A_HALF.match(text, end):
            yield _numeral(numeral) + Fraction(1, 2), start, half.end(), False
    for match in _FIRST.finditer(text):
        yield Fraction(1), *match.span(), False
    for match in re.finditer("(?<!个)(?<!大)半(?=个?(?:小时|钟头))", text):
        yield Fraction(1, 2), *match.span(), False
    for match in re.finditer("一半|过半|半数", text):
        yield Fraction(1, 2), *match.span(), True
    for match in re.finditer("翻了?([一两二三四]?)番|双(?=方|核|区|边|向|中心)", text):
        yield Fraction(2) ** DIGITS[match[1] or "一"], *match.span(), False


def _numeral(numeral: str) -> Fraction:
    """Return the value of a Chinese numeral or of digits: 一亿两千万, 二十一, 九十五点六, 3.5."""
    if numeral[0].isascii():
        return Fraction(numeral)
    whole, _, decimals = numeral.partition("点")
    if decimals:
        digits = "".join(str(DIGITS[one]) for one in decimals if one in DIGITS)
        scale = prod(_GREAT[one] for one in decimals if one in _GREAT)
        return (_numeral(whole) + Fraction(f"0.{digits}")) * scale
    if all(character in DIGITS for character in whole):
        return Fraction("".join(str(DIGITS[character]) for character in whole))
    total = section = digit = 0
    for character in whole:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        else:
            scaled = (section + digit or (0 if total else 1)) * _GREAT[character]
            # 万亿: the scale of a scale.
            total = total * _GREAT[character] if not scaled else total + scaled
            section = digit = 0
    return Fraction(total + section + digit)
