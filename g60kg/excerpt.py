"""A text as it can be shown to a reader: of a readable length, and of characters that only show."""

from __future__ import annotations

import re
from typing import Final

#: Characters that do something to a terminal or to the order of what stands around them: controls
#: (but line feed and tab), line separators, and the marks and overrides of writing direction.
_ACTING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def excerpt(text: str, limit: int) -> str:
    r"""The text, cut where it is longer than ``limit`` characters, which an ellipsis then says.

    Characters that a terminal would act on are written as Python writes them.

    >>> excerpt("Yangtze River Delta", 8)
    'Yangtze…'
    >>> excerpt("a\x1b[2Jb", 20)
    'a\\x1b[2Jb'
    """
    kept = text if len(text) <= limit else text[: limit - 1] + "…"
    return _ACTING.sub(lambda match: ascii(match[0])[1:-1], kept)
