"""Whether two names are very near: slips of the pen apart, not names of two things."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from g60kg.model.names import folded
from g60kg.namespaces import slug

#: A word may be a letter off if it is so long; shorter ones are other words too often.
LONG: Final = 6
#: A word may be cut short to so many letters: "Pharma" for "Pharmaceutical".
STEM: Final = 4

# Words and endings that come and go with one and the same name.
_LOOSE: Final = frozenset(
    """and at city co company corp corporation county district for group holding holdings in inc
    limited llc ltd municipality of on plc province the""".split()  # noqa: SIM905  # prose
)
_ENDINGS: Final = re.compile(r"(?<=..)(?:股份有限公司|有限公司|集团|公司|市|省|区|县)$")


@lru_cache(maxsize=8192)
def latin(label: str) -> str:
    """Return a label with the letters that look like Latin ones replaced by these.

    >>> latin("Hangzh\\u043eu"), latin("杭州"), latin("Zhénjiāng")
    ('Hangzhou', '杭州', 'Zhénjiāng')
    """
    visible = "".join(mark for mark in label if unicodedata.category(mark) != "Cf")
    if visible.isascii() or not any(mark.lower() != mark.upper() for mark in visible):
        return visible
    # Imported here: it reads a table of 600 kB, and few labels have such letters.
    from confusable_homoglyphs.confusables import is_confusable

    found = is_confusable(visible, greedy=True, preferred_aliases=["latin"]) or []
    for letter in found:
        plain = [one["c"] for one in letter["homoglyphs"] if one["c"].isascii()]
        if plain and letter["character"].isalpha():
            visible = visible.replace(letter["character"], plain[0])
    return visible


def is_disguised(label: str, other: str) -> bool:
    """Return whether a label looks like another one, whose letters are of other scripts.

    >>> is_disguised("Hangzh\\u043eu", "Hangzhou"), is_disguised("Hangzhou", "Hangzhou")
    (True, False)
    """
    return folded(label) != folded(other) and folded(latin(label)) == folded(latin(other))


@lru_cache(maxsize=8192)
def words(label: str) -> tuple[str, ...]:
    """The words of a label that tell it from others; all of them where none does.

    >>> words("The City of Hangzhou"), words("杭州市"), words("Kuka (Shanghai) Co., Ltd")
    (('hangzhou',), ('杭州',), ('kuka', 'shanghai'))
    """
    found = slug(latin(label)).split("-")
    telling = [word for word in found if word not in _LOOSE] or found
    return tuple(_ENDINGS.sub("", word) for word in telling)


def keys(label: str) -> set[str]:
    """What near labels have in common, to find them by: at least one of these.

    The words in one piece; the words in order; all of them but one that may have a slip in it,
    with its first letter, which no slip changes.

    >>> sorted(keys("Haier Zhigu")), sorted(keys("Zhi-Gu 2"))
    (['haier zhigu', 'haier+z', 'haierzhigu', 'zhigu+h'], ['2 gu zhi', 'zhigu2'])
    """
    found = words(label)
    ordered = sorted(found)
    but_one = (
        " ".join(ordered[:place] + ordered[place + 1 :]) + "+" + word[:1]
        for place, word in enumerate(ordered)
        if len(word) >= STEM and _is_spelled(word)
    )
    return {"".join(found), " ".join(ordered), *but_one}


def is_near(one: str, other: str) -> bool:
    """Whether two labels are likely to name the same thing, so that it is worth asking.

    They are when they differ in spacing, hyphens, case, accents, the order of the words, words
    and endings such as "the", "city", "Co., Ltd" or 市; or in one word, by one letter or by being
    cut short. Not so when a number differs, or a word by more: "Version 1.0" and "Version 2.0",
    "Eastern area" and "Western area", 东区 and 西区 are two.

    >>> is_near("Fosun Pharma", "Fosun Pharmaceutical Group"), is_near("Hangzhou", "Huzhou")
    (True, False)
    """
    mine, theirs = list(words(one)), list(words(other))
    if "".join(mine) == "".join(theirs):
        return any(mine)
    for word in words(one):
        if word in theirs:
            mine.remove(word)
            theirs.remove(word)
    if len(mine) != len(theirs) or len(mine) > 1:
        return False
    return not mine or _is_slip(mine[0], theirs[0])


def _is_slip(one: str, other: str) -> bool:
    # Imported here: few names come as near as this.
    from rapidfuzz.distance import OSA

    if not (_is_spelled(one) and _is_spelled(other)) or one[0] != other[0]:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= STEM and long.startswith(short):
        return True
    return len(short) >= LONG and OSA.distance(one, other, score_cutoff=1) <= 1


def _is_spelled(word: str) -> bool:
    # Another digit is another number, and another Chinese character another word: no slips.
    return word.isascii() and word.isalpha()
