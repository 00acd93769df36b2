"""Estimates of text widths, for drawings made without font metrics."""

import unicodedata
from typing import Final

#: Widths in ems, slightly above the average, so that labels do not overlap.
_WIDE: Final = 1.0
_NARROW: Final = 0.56


def width(text: str, size: float) -> float:
    """Return the estimated width of a text in a font size.

    >>> width("松江", 10.0)
    20.0
    """
    wide = sum(map(_is_wide, text))
    return size * (_WIDE * wide + _NARROW * (len(text) - wide))


def fitted(text: str, size: float, available: float) -> str:
    """Return the text, shortened with an ellipsis if it is wider than ``available``.

    >>> fitted("Science and technology", 10.0, 60.0)
    'Science a…'
    """
    if width(text, size) <= available:
        return text
    shortened = text
    while shortened and width(shortened + "…", size) > available:
        shortened = shortened[:-1]
    return shortened.rstrip() + "…"


def lines(text: str, size: float, available: float, most: int) -> tuple[str, ...]:
    """Return the text in at most ``most`` lines, each at most ``available`` wide.

    Lines break at spaces, and before and after Chinese characters. A line that does not fit is
    shortened with an ellipsis.

    >>> lines("Strategic cooperation agreement", 10.0, 120.0, 2)
    ('Strategic cooperation', 'agreement')
    """
    found: list[str] = []
    line = ""
    # Chinese text breaks at any character.
    for part in _breakable_parts(text):
        if line and len(found) < most - 1 and width(line + part.rstrip(), size) > available:
            found.append(line.rstrip())
            line = ""
        line += part
    found.append(line.rstrip())
    return tuple(fitted(one, size, available) for one in found)


def _breakable_parts(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        end = found[-1][-1] if found else " "
        if end != " " and not _is_wide(character) and not _is_wide(end):
            found[-1] += character
        else:
            found.append(character)
    return found


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
