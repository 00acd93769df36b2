"""Words of comparators before and after a number, in sheets and in quotations."""

from __future__ import annotations

import re
from typing import Final

#: The comparators that each kind of cue allows.
COMPARATORS: Final = {
    "nearly": ("Nearly", "LessThan", "Approximately"),
    "about": ("Approximately",),
    "more than": ("GreaterThan", "AtLeast"),
    "at least": ("AtLeast", "GreaterThan"),
    "less than": ("LessThan", "AtMost", "Nearly"),
    "at most": ("AtMost", "LessThan"),
}
#: Words before a number, by kind.
BEFORE: Final = (
    ("at least", r"at least|no less than|no fewer than|not less than|a minimum of"
                 r"|不低于|不少于|不下于?|至少|最少"),
    ("at most", r"at most|no more than|not more than|up to|a maximum of"
                r"|不超过|不高于|不多于|至多|最多"),
    ("nearly", r"nearly|almost|close to|nearing|approaching|just under"
               r"|(?<![附最邻靠临贴新])近|将近|接近|逼近"),
    ("less than", r"less than|fewer than|under|below|低于|少于|不足|不到|未满"),
    ("more than", r"more than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|greater than"
                  r"|upwards of|beyond|topp(?:ed|ing)|超过|超|逾|突破|高于|多于|超出"),
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
    """Return the local name of the comparator of a word beside a number, or None.

    >>> comparator_of("some"), comparator_of("突破"), comparator_of("左右"), comparator_of("quasi")
    ('Approximately', 'GreaterThan', 'Approximately', None)
    """
    for kind, words in (*BEFORE, *AFTER):
        if any(re.fullmatch(words, text, re.IGNORECASE) for text in (word, f" {word}")):
            return COMPARATORS[kind][0]
    return None
