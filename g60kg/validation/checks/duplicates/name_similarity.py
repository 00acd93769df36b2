"""Similarity of names: whether two labels probably name the same entity."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from g60kg.model.names import INVISIBLE, folded, simplified
from g60kg.namespaces import slug

#: Minimum length of a word that can differ by a letter; shorter ones are often other words.
LONG: Final = 6
#: Minimum length of an abbreviated word: "Pharma" for "Pharmaceutical".
STEM: Final = 4

# Optional words and endings of names.
_LOOSE: Final = frozenset(
    """and at city co company corp corporation county district for group holding holdings in inc
    limited llc ltd municipality of on plc province shi the""".split()  # noqa: SIM905  # prose
)
_ENDINGS: Final = re.compile(r"(?<=..)(?:(?:股份|有限|责任|集团|控股|公司)+|市|省|区|县)$")
#: The form of a company at the end of its folded name.
_COMPANY: Final = re.compile(
    r"(?<=..)(?:[ ,.]+(?:and |& )?(?:co|company|corp|corporation|group|holdings?|inc|incorporated|"
    r"limited|llc|ltd|plc)\b\.?)+$|(?<=..)(?:股份|有限|责任|集团|控股|公司)+$"
)

#: Digits for letters: between the small letters of a word.
_ZERO: Final = re.compile("(?<=[a-z])0(?=[a-z])")
_ONE: Final = re.compile("(?<=[a-z])1(?=[a-z])")
#: A letter that may be any.
ANY: Final = "?"
_WORD: Final = re.compile("[A-Za-z0-9]+")
#: Digits that look like letters, and an O that looks like a digit.
_LETTERS: Final = str.maketrans("0234578", "ozeastb")
_OH: Final = re.compile(r"(?<=\d)[oO](?=\d|\b)")
_STROKE: Final = re.compile(r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?(.)(?: WITH .+)?")
_INNER: Final = re.compile(r"(?<=\w)[-\u2010\u2011'’](?=\w)")
#: Letters of scripts with capitals: Greek, Cyrillic, Armenian; in a word that has English ones.
_FOREIGN: Final = re.compile("[\u0370-\u058f]")
_MIXED: Final = re.compile(r"\b(?=[\u0370-\u058f]*[a-z])[a-z\u0370-\u058f]+\b")


@lru_cache(maxsize=8192)
def latin(label: str) -> str:
    """Return a label with characters that look like Latin letters replaced by these letters.

    Invisible characters are removed.

    >>> latin("Hangzh\\u043eu"), latin("H\\u0251ngzhou"), latin("杭州"), latin("Zhénjiāng")
    ('Hangzhou', 'Hangzhou', '杭州', 'Zhénjiāng')
    >>> latin("Hangzh0u"), latin("G60"), latin("A1")
    ('Hangzhou', 'G60', 'A1')
    """
    shown = INVISIBLE.sub("", label)
    visible = "".join(mark for mark in shown if unicodedata.category(mark) != "Cf")
    visible = _ZERO.sub("o", _ONE.sub("l", visible))
    if visible.isascii() or not any(mark.lower() != mark.upper() for mark in visible):
        return visible
    # Imported here: it reads a table of 600 kB, and few labels have such letters.
    from confusable_homoglyphs.confusables import is_confusable

    others = "".join(mark for mark in visible if not mark.isascii())
    for letter in is_confusable(others, greedy=True) or ():
        plain = [one["c"] for one in letter["homoglyphs"] if one["c"].isascii()]
        if plain and letter["character"].isalpha():
            visible = visible.replace(letter["character"], plain[0])
    return visible


@lru_cache(maxsize=8192)
def disguises(label: str) -> tuple[str, ...]:
    """Return plain texts, in small letters, that a label can be meant to look like.

    They have no accents, no hyphens within words and no traditional Chinese characters. The single
    digit of a longer word becomes the letter that it looks like. A letter of another script in an
    English word becomes a Latin letter like it, or :data:`ANY`, which matches every letter.

    >>> disguises("Shangha1"), disguises("Hang-zhöu"), disguises("HANGZH0U")
    (('shanghal', 'shanghai'), ('hangzhou',), ('hangzhou',))
    >>> disguises("Kaфka"), disguises("G60"), disguises("G60-2")
    (('ka?ka',), ('g60',), ('g602',))
    >>> disguises("H4ngzhou"), disguises("Hangzhøu"), disguises("ʜangzhou")
    (('hangzhou',), ('hangzhou',), ('hangzhou',))
    """
    found = []
    simple = simplified(label)
    for one in "li":
        text = _WORD.sub(lambda word, one=one: _as_letters(word[0], one), simple)  # type: ignore[misc]
        plain = unicodedata.normalize("NFKD", latin(_OH.sub("0", text)))
        plain = "".join(_unmarked(mark) for mark in plain if not unicodedata.combining(mark))
        plain = _INNER.sub("", folded(plain))
        found.append(_MIXED.sub(lambda word: _FOREIGN.sub(ANY, word[0]), plain))
    return tuple(dict.fromkeys(found))


def _as_letters(word: str, one: str) -> str:
    digits = sum(mark.isdigit() for mark in word)
    if digits != 1 or len(word) < LONG - 1:
        return word  # a number, or a code
    return word.replace("1", one).translate(_LETTERS)


def _unmarked(mark: str) -> str:
    """Return the plain letter for one such as ø or a small capital; any other character itself."""
    letter = None if mark.isascii() else _STROKE.fullmatch(unicodedata.name(mark, ""))
    return letter[1].lower() if letter else mark


def is_disguised(label: str, other: str) -> bool:
    """Return whether two labels differ only in characters that look alike, accents or hyphens.

    False if they differ in less: in case or width.

    >>> is_disguised("Hangzhоu", "Hangzhou"), is_disguised("Hangzhou", "Hangzhou")
    (True, False)
    """
    return folded(label) != folded(other) and any(
        len(mine) == len(theirs)
        and all(one == two or ANY in (one, two) for one, two in zip(mine, theirs, strict=True))
        for mine in disguises(label)
        for theirs in disguises(other)
    )


def differs_in_company_form(label: str, other: str) -> bool:
    """Return whether two labels are equal without case and endings such as "Group" or "Co., Ltd".

    False if neither has such an ending.

    >>> differs_in_company_form("腾讯集团有限公司", "腾讯"), differs_in_company_form("Kuka", "KUKA")
    (True, False)
    """
    forms = [(read, _COMPANY.sub("", read)) for read in disguises(label)]
    others = [(read, _COMPANY.sub("", read)) for read in disguises(other)]
    return any(
        mine == theirs and (read, known) != (mine, theirs)
        for read, mine in forms
        for known, theirs in others
    )


@lru_cache(maxsize=8192)
def distinctive_parts(label: str) -> tuple[str, ...]:
    """Return the words of a label, in small letters, without generic ones such as "city" and "Ltd".

    If all words are generic, all are returned. Endings such as 市 are removed.

    >>> distinctive_parts("The City of Hangzhou"), distinctive_parts("杭州市")
    (('hangzhou',), ('杭州',))
    >>> distinctive_parts("Kuka (Shanghai) Co., Ltd")
    ('kuka', 'shanghai')
    """
    found = slug(latin(label)).split("-")
    telling = [word for word in found if word not in _LOOSE] or found
    return tuple(_ENDINGS.sub("", word) for word in telling)


def keys(label: str) -> set[str]:
    """Return keys under which an index has a label; labels that are similar have a common key.

    The keys are the joined words, the sorted words, and for each longer word the other words with
    its first letter.

    >>> sorted(keys("Haier Zhigu")), sorted(keys("Zhi-Gu 2"))
    (['haier zhigu', 'haier+z', 'haierzhigu', 'zhigu+h'], ['2 gu zhi', 'zhigu2'])
    """
    found = distinctive_parts(label)
    ordered = sorted(found)
    but_one = (
        " ".join(ordered[:place] + ordered[place + 1 :]) + "+" + word[:1]
        for place, word in enumerate(ordered)
        if len(word) >= STEM and _is_spelled(word)
    )
    return {"".join(found), " ".join(ordered), *but_one}


def is_near(one: str, other: str) -> bool:
    """Return whether two labels probably name the same entity.

    They do if they differ only in spacing, hyphens, case, accents, word order, or generic words and
    endings such as "the", "city", "Co., Ltd" or 市. They do, too, if one long word differs by a
    letter after the first, or is abbreviated. They do not if a number, a Chinese character or a
    short word differs, or a word by more: "Version 1.0" and "Version 2.0", "Eastern area" and
    "Western area", 东区 and 西区 are different.

    >>> is_near("Fosun Pharma", "Fosun Pharmaceutical Group"), is_near("Hangzhou", "Huzhou")
    (True, False)
    """
    mine, theirs = list(distinctive_parts(one)), list(distinctive_parts(other))
    if "".join(mine) == "".join(theirs):
        return any(mine)
    for word in distinctive_parts(one):
        if word in theirs:
            mine.remove(word)
            theirs.remove(word)
    if len(mine) != len(theirs) or len(mine) > 1:
        return False
    return not mine or _is_slip(mine[0], theirs[0])


def _is_slip(one: str, other: str) -> bool:
    # Imported here: few names are this similar.
    from rapidfuzz.distance import OSA

    if not (_is_spelled(one) and _is_spelled(other)) or one[0] != other[0]:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= STEM and long.startswith(short):
        return True
    return len(short) >= LONG and OSA.distance(one, other, score_cutoff=1) <= 1


def _is_spelled(word: str) -> bool:
    # A different digit or Chinese character makes a different name.
    return word.isascii() and word.isalpha()
