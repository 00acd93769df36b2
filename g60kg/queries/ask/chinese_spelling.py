"""Chinese names and words with one wrong character, which sounds like the right one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from g60kg.queries.ask.question_tokens import is_character

#: The characters of GB 2312 that are in order of their sound, and the places between two of them
#: that sound alike: "洲" is beside "州".
_USUAL_CHARACTERS: Final = 3755
_NEAR_SOUND: Final = 6
#: The same for a text of four characters or more, whose others are right.
_LONG, _SAME_SOUND = 4, 60


def gaps(names: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """Return, for each Chinese name with one character removed, the characters that complete it.

    A key is the text before and the text after the removed character. Names of one character and
    names with other than Chinese characters are left out.

    >>> gaps(["杭州"])["杭", ""]
    '州'
    """
    found: defaultdict[tuple[str, str], str] = defaultdict(str)
    for name in names:
        if len(name) > 1 and all(map(is_character, name)):
            for at, character in enumerate(name):
                found[name[:at], name[at + 1 :]] += character
    return dict(found)


def corrected_spelling(known: Mapping[tuple[str, str], str], text: str, at: int) -> str | None:
    """Return the name that differs from a text only in the character at ``at``, which sounds alike.

    None if there is no such name. ``known`` is the result of :func:`gaps` for the names.

    >>> corrected_spelling(gaps(["杭州"]), "杭洲", 1)
    '杭州'
    """
    for meant in known.get((text[:at], text[at + 1 :]), ""):
        apart = abs(_place_by_sound(meant) - _place_by_sound(text[at]))
        if 0 < apart <= (_NEAR_SOUND if len(text) < _LONG else _SAME_SOUND):
            return text[:at] + meant + text[at + 1 :]
    return None


def _place_by_sound(character: str) -> int:
    """Return the position of a character in GB 2312, where 3,755 common ones are in order of sound.

    The position of any other character is far from theirs.
    """
    try:
        row, column = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return -_USUAL_CHARACTERS
    place = (row - 0xB0) * 94 + column - 0xA1
    return place if place < _USUAL_CHARACTERS else place * 10
