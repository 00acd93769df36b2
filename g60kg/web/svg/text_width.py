"""How much room a text takes, for drawings whose letters nobody measures."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Widths in ems; a little more than letters take on average, so that labels keep clear.
_WIDE: Final = 1.0
_NARROW: Final = 0.56


def width(text: str, size: float) -> float:
    """The width of a text in letters of that size.

    >>> width("松江", 10.0)
    20.0
    """
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return size * (_WIDE * wide + _NARROW * (len(text) - wide))


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room.

    >>> fitted("Science and technology", 10.0, 60.0)
    'Science a…'
    """
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def lines(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """The text in lines no wider than the room, the last one cut where they are not enough.

    >>> lines("Strategic cooperation agreement", 10.0, 120.0, 2)
    ('Strategic cooperation', 'agreement')
    """
    found: list[str] = []
    line = ""
    # Chinese breaks anywhere, so each character is a word there.
    for word in _words(text):
        if line and width(line + word.rstrip(), size) > room:
            found.append(line.rstrip())
            line = ""
        line += word
    found.append(line.rstrip())
    if len(found) > most:
        rest = " ".join(found[most - 1 :])
        found = [*found[: most - 1], rest]
    return tuple(fitted(one, size, room) for one in found)


def _words(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if found and not wide and not found[-1].endswith(" ") and not _ends_wide(found[-1]):
            found[-1] += character
        else:
            found.append(character)
    return found


def _ends_wide(word: str) -> bool:
    return unicodedata.east_asian_width(word[-1]) in "WF"
