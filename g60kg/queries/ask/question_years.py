"""Years in a question: a single one, the first or the last one, or both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.question_tokens import Token
from g60kg.queries.ask.question_vocabulary import question_vocabulary

_YEAR: Final = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a question; a bound that is not given is None."""

    first: int | None
    last: int | None
    tokens: frozenset[int]


def years_in(text: str, listed: tuple[Token, ...]) -> Years | None:
    """Return the years of a question; None if there are none."""
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    at = frozenset(i for i, t in enumerate(listed) for year in found if t.start == year.start())
    numbers = sorted(int(year[0]) for year in found)
    if len(found) > 1:
        return Years(numbers[0], numbers[-1], at)
    only, year = found[0], numbers[0]
    before = text[: only.start()].rstrip().casefold()
    behind = text[only.end() :].lstrip().removeprefix("年").casefold()

    def beside(sign: str) -> bool:
        """Whether a sign stands before the year, or for Chinese behind it."""
        words = question_vocabulary().content[sign]
        return any(
            behind.startswith(word)
            or (word in ("自", "到", "至", "截至") and before.endswith(word))
            if is_chinese(word)
            else re.search(rf"\b{word}$", before)
            for word in words
        )

    # "after" before "since": 2018年以后 starts as 2018年以… does.
    if beside("after"):
        return Years(year + 1, None, at)
    if beside("before"):
        return Years(None, year - 1, at)
    if beside("since"):
        return Years(year, None, at)
    if beside("until"):
        return Years(None, year, at)
    return Years(year, year, at)
