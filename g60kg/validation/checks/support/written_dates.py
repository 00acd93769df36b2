"""Months and days as texts write them, and the years beside a number, a verb or a name.

In this module, a part is a piece of a sentence that one year can date.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from g60kg.validation.checks.support.cues import CLAUSE_END, sentences
from g60kg.validation.checks.support.property_verbs import has_verb, is_start_of_construction
from g60kg.validation.checks.support.written_numbers import written_years

_MONTHS: Final = {
    month: number
    for number, months in enumerate(
        (
            ("January", "Jan", "一"), ("February", "Feb", "二"), ("March", "Mar", "三"),
            ("April", "Apr", "四"), ("May", "五"), ("June", "Jun", "六"), ("July", "Jul", "七"),
            ("August", "Aug", "八"), ("September", "Sept", "Sep", "九"), ("October", "Oct", "十"),
            ("November", "Nov", "十一"), ("December", "Dec", "十二"),
        ),
        1,
    )
    for month in months
}  # fmt: skip
_MONTH_NAMES: Final = "|".join(name for name in _MONTHS if name.isascii())
_MONTH: Final = rf"\b(?P<month>{_MONTH_NAMES})\b\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_DAYS: Final = _DAY + r"(?:\s?(?:[-–—]|to|and)\s?(?P<last>\d{1,2})(?:st|nd|rd|th)?(?!\d))?"
_TEN: Final = "[一二三四五六七八九十]"
#: Dates with a month, and days without one.
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MONTH}(?:\s{_DAYS})?(?:,?\s(?:of\s)?(?P<year>[12]\d{{3}})\b)?",
        rf"(?<![\d.,]){_DAYS}\s(?:of\s)?{_MONTH}(?:,?\s(?P<year>[12]\d{{3}})\b)?",
        r"(?:(?P<year>[12]\d{3})\s?年\s?)?(?<!\d)(?P<month>\d{1,2})\s?月份?"
        r"(?:(?P<day>\d{1,2})(?:[-–—~至到、](?P<last>\d{1,2}))?\s?[日号])?",
        rf"(?P<month>{_TEN}{{1,2}})月(?:(?P<day>{_TEN}{{1,3}})[日号])?",
        r"(?<!\d)(?P<month>\d{1,2})[-–—~至到、]\d{1,2}\s?月",
        rf"前(?P<month>\d{{1,2}}|{_TEN})个月",
        r"[-–—~至到、](?P<day>\d{1,2})\s?[日号]",
        r"(?<![月\d])(?P<day>\d{1,2})\s?[日号]",
        r"(?<![\d.])(?P<year>[12]\d{3})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?(?![\d%])",
        r"(?<![\d/.])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/%])",
    )
)
_COUNTS: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
#: Words of the first and the last month of a part of a year, and of a day at the end.
_PARTS: Final = tuple(
    (re.compile(words, re.IGNORECASE), months)
    for words, months in (
        *((f"first {word} months", (1, number)) for number, word in enumerate(_COUNTS, 2)),
        (r"first (?:three|3) quarters|[前一1](?:[-至到])?[三3]个?季度", (1, 9)),
        (r"first half|上半年|\bh1\b", (1, 6)),
        (r"(?:second|latter) half|下半年|\bh2\b", (7, 12)),
        (r"first quarter|(?<!前)[一1]季度|\bq1\b", (1, 3)),
        (r"second quarter|二季度|2季度|\bq2\b", (4, 6)),
        (r"third quarter|(?<!前)(?<![-至到])[三3]季度|\bq3\b", (7, 9)),
        (r"(?:fourth|last) quarter|四季度|4季度|\bq4\b", (10, 12)),
        (r"\bend of (?:the year|last year|this year|\d{4})|year-?end|年[末底]|全年", (12,)),
        (r"(?:beginning|start) of (?:the year|\d{4})|年初", (1,)),
        (r"mid-?\s?\d{4}|年中(?!国)", (6, 7)),
        (r"\bspring\b|春", (21,)), (r"\bsummer\b|夏", (22,)), (r"\bautumn\b|\bfall\b|秋", (23,)),
        (r"\bwinter\b|冬", (24,)),
    )
)  # fmt: skip
_A_MONTH: Final = rf"(?:{_MONTH_NAMES})\b\.?"
_OF_YEAR: Final = r"(?:,?\s(?:of\s)?[12]\d{3})?"
_ZH_MONTH: Final = rf"(?:(?<!\d)\d{{1,2}}|{_TEN}{{1,2}})"
#: What says that a month is that of a publication, not of the figure.
_SAID: Final = (
    r"(?:\b(?:sa(?:id|ys)|show|report|announc|releas|publish|accord|data|disclos|reveal)"
    "|[发公]布|公报|显示|表示|宣布|披露|通报|透露|报[道告])"
)
#: Parts of a year, with the year, and what is of the whole year.
_PERIOD: Final = re.compile(
    r"(?P<part>(?:[12]\d{3}年?度?的?\s?)?(?:\b(?:first|second|latter) half\b|\bh[12]\b|\bq[1-4]\b"
    r"|\b(?:first|second|third|fourth|last) quarter\b|\bfirst (?:three|3) quarters\b"
    rf"|\bfirst (?:{'|'.join(_COUNTS)}|\d+) months\b"
    rf"|\b(?:{'|'.join(_COUNTS)}|\d) months (?:to|ended) (?:{_MONTH_NAMES})\b"
    # two months that are not January and December
    rf"|\b(?!jan(?:uary\b|\b\.?){_OF_YEAR}\s?(?:to|through|until|and|[-–—])\s?dec)"
    rf"(?:(?<=between ){_A_MONTH}{_OF_YEAR}\sand"
    rf"|{_A_MONTH}{_OF_YEAR}(?:\s(?:to|through|until)|\s?[-–—]))\s?{_A_MONTH}(?: quarter)?"
    rf"|(?:^|(?<=[,;]\s))(?:in|during) {_A_MONTH}(?!\s\d{{1,2}}\b)(?![^.;]*{_SAID})"
    r"|[上下]半年|[前第]?[一二三四1-4][-至到]?[一二三四1-4]?个?季度"
    rf"|(?!0?[1一]月?份?\s?[-–—~至到]\s?(?:[12]\d{{3}}年)?(?:12|十二)\s?月)"
    rf"{_ZH_MONTH}\s?月?份?\s?[-–—~至到]\s?(?:[12]\d{{3}}年)?{_ZH_MONTH}\s?月"
    r"|[前头](?:\d|[两二三四五六七八九十])+个月)"
    rf"{_OF_YEAR}|(?:^|(?<=[,;]))(?:[12]\d{{3}}年)?{_ZH_MONTH}月(?:份(?![-–—~至到])|(?=,))"
    rf"(?![^。;]*{_SAID}))|(?<!\d)[12]\d{{3}}(?!\d)|全年|\b(?:full|whole|entire|that) year\b",
    re.IGNORECASE,
)
#: Before a part of a year of another event.
_AFTER: Final = re.compile(r"\b(?:after|despite|following|unlike)\s(?:\w+\s){0,3}$", re.IGNORECASE)
_COMMA: Final = re.compile(r"(?<!\d)[,;]|[,;](?!\d)|[，；。]")
_END: Final = re.compile(r"\bend of\b|\bend-|[末底终]|截至|\bas of\b|\buntil\b", re.IGNORECASE)
_EDTF: Final = re.compile(r"(?<!\d)(\d{4})-(\d\d)(?:-(\d\d))?")
#: Five-year plans as periods, by their numbers: the tenth began in 2001.
_FIVE_YEARS: Final = re.compile(
    r"十([一二三四五])五[”\"]?(?:规划)?(?:时期|期间|[初末]|以来)"
    r"|\b(1[1-5])th Five-Year Plan(?= period|\b[^.;]{0,12}\b(?:period|years))",
    re.IGNORECASE,
)
_TEN_TO: Final = {numeral: number for number, numeral in enumerate("一二三四五", 11)}
#: The greatest number of a season in EDTF.
_WINTER: Final = 24
#: The end of the words that a year can date.
_PART: Final = re.compile(
    rf"{CLAUSE_END.pattern}|\s(?:and|but|while|against|compared (?:with|to)|versus|before|after"
    r"|than|from)\s(?!\d{4})|\sto\s(?!\d{4}\b)(?=(?:US\$|RMB|[$¥])?\d)|[比较到至为](?=\d{4}年)",
    re.IGNORECASE,
)
#: A comma within a date.
_IN_DATE: Final = re.compile(rf"{_A_MONTH}(?: \d{{1,2}})?(?=, ?[12]\d{{3}}\b)", re.IGNORECASE)
_DATE_WORDS: Final = (
    r"(?:the|end|start|beginning|middle|close|early|late|mid|year|half|quarter|first|second|third"
    rf"|fourth|last|of|spring|summer|autumn|winter|{_MONTH_NAMES}|\d{{1,2}}(?:st|nd|rd|th)?)"
)
#: A part that is a date only, and says when what follows it was.
LEADING_DATE: Final = (
    rf"(?:as of|in|on|by|at|during|throughout) (?:{_DATE_WORDS}[.,]?[ -])*[12]\d{{3}}\b(?: alone)?"
    r"|(?:截[至止]|早在|[到至在于])?[12]\d{3}年(?:度|间|[初中末底]|第?[一二三四]季度|[上下]半年|[春夏秋冬]季?)?"
    rf"(?:{_ZH_MONTH}月份?(?:\d{{1,2}}[日号]|[初中末底])?)?"
)
_LEADING: Final = re.compile(
    rf"[\W_]*(?P<start>(?:and|but|while|whereas|then)\s)?(?:{LEADING_DATE})[\W_]*", re.IGNORECASE
)
#: What a date at the start does not reach, nor what is after it: other times and comparisons.
_OTHER_TIME: Final = re.compile(
    r"[12]\d{3}(?!\d)|^\W*(?:from (?=\D{0,12}\d)|(?:than|against|compared|versus|before|after|to"
    r"|which|who|whose|where|when|founded|established|set up|built|created)\b)"
    r"|\b(?:ago|earlier|previous|prior|last year|later|since|subsequently|formerly|originally"
    r"|initially|now|currently|today|will|the year before)\b"
    r"|[比较从由](?=.{0,12}\d)|[上去前]一?年|同期|此前|以[前来]|原[来先有]|最初|后来|随后|[此之]后|至今|如今"
    "|现[有在已]|目前|已|累计|将",
    re.IGNORECASE,
)
#: What is so now, unless it is directly after the date.
_PRESENT: Final = re.compile(r"\b(?:has|have|is|are)\b", re.IGNORECASE)
#: A year of something else: "6 percent up from 2022", 2009年成立的企业.
_OF_ANOTHER: Final = re.compile(
    r"\b(?:from|than|over|on) [12]\d{3}(?! to)|[比较][12]\d{3}年|[12]\d{3}年[^\d,的]{1,8}的"
    r"|[12]\d{3}年的(?=[《“\"])"
    r"|\b(?:Act|Agreement|Code|Decree|Law|Measures|Notice|Opinions?|Plan|Regulations?|Rules)"
    r" of [12]\d{3}"
)
#: Lists of numbers and of years in parallel, and several terms: "2010 to 2013 and 2018 to 2021".
_PARALLEL: Final = re.compile(
    r"\brespectively\b|分别|(?:[12]\d{3}年?\s?(?:to|[-–—至到])\s?[12]\d{3}.*?){2}", re.IGNORECASE
)


@lru_cache(maxsize=1024)
def _written_dates(text: str) -> frozenset[tuple[int, int, int]]:
    """Return year, month and day of each date with a month or a day in a text; 0 if omitted.

    Of a range of days, the first and the last are included. A single day is included with day 0,
    too.

    >>> sorted(_written_dates("on June 18, 2023 and in March; 2021年5月"))
    [(0, 3, 0), (2021, 5, 0), (2023, 6, 0), (2023, 6, 18)]
    """
    parts = [one.groupdict() for pattern in _DATES for one in pattern.finditer(text)]
    return frozenset(
        (int(one.get("year") or 0), _number(one.get("month")), _number(one.get(day)))
        for one in parts
        for day in ("day", "last")
    )


def _number(text: str | None) -> int:
    if not text or text.isdecimal():
        return int(text or 0)
    if text in _MONTHS:
        return _MONTHS[text]
    tens, ten, ones = text.rpartition("十")
    return (_MONTHS.get(tens, 1) if ten else 0) * 10 + _MONTHS.get(ones, 0)


def missing_date(date: str, text: str) -> str | None:
    """Return the first month or day of an EDTF date or interval that a text does not have, or None.

    It is never a year. January at the start of an interval can be implied ("up to June"), and the
    last day of a month ("as of June"). A half-year or a quarter has its first and last month.

    >>> missing_date("2023-06-28", "It opened on June 18, 2023.")
    '2023-06-28'
    >>> missing_date("2022-01/2022-06", "in the first half of 2022")
    """
    written = _written_dates(text)
    parts = {month for words, months in _PARTS if words.search(text) for month in months}
    for match in _EDTF.finditer(date):
        year, month, day = (int(number or 0) for number in match.groups())
        if match.start() == 0 and month == 1 and day <= 1 and "/" in date:
            continue
        same = [one for one in written if one[0] in (0, year) and one[1] in (0, month)]
        has_month = month in parts or month > _WINTER or any(one[1] for one in same)
        if not has_month:
            return f"{year}-{month:02}"
        is_month = 1 <= month <= 12
        is_last = is_month and day == monthrange(year, month)[1] and _END.search(text)
        if day and not is_last and all(one[2] != day for one in same):
            return match.group()
    return None


def part_of_year(text: str, start: int, end: int) -> str | None:
    """Return the words that say that the number at these offsets is of a part of a year, or None.

    >>> part_of_year("In the first half of 2023 it was 1980 million", 33, 45)
    'first half of 2023'
    >>> part_of_year("It was 9 million in 2023, after 4 in the first half", 7, 16)
    """
    cuts = [0, *(cut.end() for cut in _COMMA.finditer(text)), len(text)]
    begin, until = next(pair for pair in pairwise(cuts) if start < pair[1])
    periods = [
        one
        for one in _PERIOD.finditer(text)
        # 1204亿元 is no year.
        if not (start <= one.start() < end or (one["part"] and _AFTER.search(text, 0, one.start())))
    ]
    beside = [one for one in periods if begin <= one.start() < until]
    before = [one for one in periods if one.end() <= start]
    found = beside or before[-1:] or periods[:1]
    return found[0]["part"] if found and all(one["part"] for one in found) else None


def plan_years(text: str) -> set[int]:
    """Return the first and the last years of the five-year plans whose periods a text names.

    >>> sorted(plan_years("“十三五”期间，"))
    [2016, 2020]
    """
    plans = (_TEN_TO.get(one[1]) or int(one[2]) for one in _FIVE_YEARS.finditer(text))
    return {year for plan in plans for year in (1951 + 5 * plan, 1955 + 5 * plan)}


def other_years(
    texts: Iterable[str],
    years: Collection[int],
    is_dated: Callable[[str], bool],
    own: Callable[[list[str]], Collection[str]] = lambda parts: parts,
    *,
    is_far: bool = True,
) -> str | None:
    """Return the first part of a sentence that has a year and that ``is_dated`` accepts, or None.

    None also if such a part has one of ``years``. ``own`` selects those that count. With
    ``is_far``, a date at the start of a sentence also dates what follows the next comma.

    >>> other_years(["Founded in 2015, it went public in 2018."], {2018}, lambda text: "F" in text)
    'Founded in 2015'
    """
    dated = [(part, beside) for part, beside in _dated_parts(texts, is_far) if is_dated(part)]
    counted = own([part for part, _ in dated])
    if any(part in counted and not beside.isdisjoint(years) for part, beside in dated):
        return None
    return next((part for part, _ in dated if part in counted), None)


def year_of_another_event(
    name: str, texts: Collection[str], years: Collection[int], has_member: Callable[[str], bool]
) -> str | None:
    """Return a part of a sentence that shows that ``years`` are of another event, or None.

    Construction starts before the opening, and a group is founded before others join it;
    ``has_member`` returns whether a text names the one that joins.

    >>> year_of_another_event("openedOn", ["Work on it began in 2019."], {2019}, lambda _: False)
    'Work on it began in 2019.'
    >>> texts = ["The alliance, set up in 2015, admitted Wuhu in 2021."]
    >>> year_of_another_event("memberOf", texts, {2015}, lambda text: "Wuhu" in text)
    'admitted Wuhu in 2021.'
    """
    parts = [part for part, beside in _dated_parts(texts) if not beside.isdisjoint(years)]
    if parts and all(is_start_of_construction(name, part) for part in parts):
        return parts[0]
    if parts and all(has_verb("foundedOn", one) and not has_member(one) for one in parts):
        return other_years(texts, years, has_member)
    return None


def _dated_parts(
    texts: Iterable[str], is_far: bool = False
) -> Iterator[tuple[str, frozenset[int]]]:
    """Yield the parts of sentences that have years, with these; ``is_far`` as in :func:`_parts`."""
    for sentence in (one for text in texts for one in sentences(text)):
        if _PARALLEL.search(sentence):
            continue
        for part in _parts(sentence, is_far):
            if beside := written_years(_OF_ANOTHER.sub("", part)):
                yield part.strip(" ,;:"), beside


def _parts(sentence: str, is_far: bool) -> Iterator[str]:
    """Yield the parts of a sentence; a date at the start is in one part with what it dates.

    With ``is_far``, it also dates what follows the next comma, unless that has another time.

    >>> list(_parts("In 2021, Wuhu had 12 firms, up from 9 in 2019", is_far=True))
    ['In 2021, Wuhu had 12 firms, up', ' from 9 in 2019']
    """
    in_dates = {one.end() for one in _IN_DATE.finditer(sentence)}
    cuts = [one.start() for one in _PART.finditer(sentence) if one.start() not in in_dates]
    begin, is_led, is_next = 0, False, False
    for start, end in pairwise([0, *cuts, len(sentence)]):
        part = sentence[start:end]
        date = _LEADING.fullmatch(part)
        leads = date and (date["start"] or not part.isascii() or not sentence[:start].strip(" ,"))
        reaches = is_next or (is_far and not _PRESENT.search(part))
        if date and is_led and not leads:
            is_led = False  # "Blue Rock came, in 2020": of what is before it
        elif leads or not (is_led and reaches) or _OTHER_TIME.search(part):
            if start > begin:
                yield sentence[begin:start]
            begin, is_led = start, bool(leads)
        is_next = bool(leads) or (is_next and not re.search(r"\w", part))
    yield sentence[begin:]
