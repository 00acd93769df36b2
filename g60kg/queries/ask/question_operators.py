"""Operators of questions that few queries express: negation, cause, departure, relative time.

A query that ignores such a word would answer another question, often the opposite one.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.lexicon import NameKind
from g60kg.queries.ask.mentions import ReadQuestion
from g60kg.queries.ask.question_tokens import normalized
from g60kg.queries.ask.question_vocabulary import Doubt, question_vocabulary
from g60kg.queries.catalog import NamedQuery

#: What a character of a name or of a phrase is replaced by.
_NAME: Final = "〇"
#: The tokens of a short form that can have a date of its own.
_LONG_NAME: Final = 3
#: A month that bounds a period is not read as its year.
_BOUND: Final = re.compile("[月日号][前后]")
#: The words for parts of a year that sources have figures of.
_PERIODS: Final = ("q", "quarter", "half", "end of", "季度", "半年", "年底", "年末")
#: The columns that show the day or the month.
_DATES: Final = frozenset(("time", "date", "issued", "period"))


def ignored_operator(read: ReadQuestion, query: NamedQuery) -> Doubt | None:
    """Return why a query does not answer a question with an operator ("not"), else None.

    Words of exact names of measures, and of exact or long names of entities, are no operators; a
    concept of one word can be one.
    """
    names = [
        (read.tokens[one.start].start, read.tokens[one.end - 1].end)
        for one in read.mentions
        if (one.exact and one.of(NameKind.MEASURE))
        or (
            one.of(NameKind.ENTITY)
            and (one.exact or one.end - one.start >= _LONG_NAME)
            # "Apartments" are named in "price of apartments".
            and (one.end - one.start > 1 or any("Concept" not in m.classes for m in one.meanings))
        )
    ]
    found = operators_in(read.text, names)
    found = {kind: word for kind, word in found.items() if kind not in _expressed(query)}
    if ignored_period(read, query, {}):
        found.pop("part_of_year", None)
    return next(((kind, (word,)) for kind, word in found.items()), None)


def ignored_period(
    read: ReadQuestion, query: NamedQuery, parameters: Mapping[str, str | int]
) -> str:
    """Return the part of a year in a question, as written, that parameters ignore and rows show.

    Else empty. Rows of figures show a quarter or a half, rows of events and posts a date.
    """
    asked = operators_in(read.text).get("part_of_year", "")
    if "figure" in query.columns:
        named = any(sign in asked.casefold() for sign in _PERIODS)
        shown = named and "-" not in str(parameters.get("period", ""))
    else:
        one = read.years is not None and read.years.first == read.years.last
        shown = one and not (_DATES.isdisjoint(query.columns) or _BOUND.search(read.text))
    return asked if shown else ""


def operators_in(text: str, names: Iterable[tuple[int, int]] = ()) -> dict[str, str]:
    """Return the kinds of the operators in a text outside names, each with its first word.

    ``names`` has the spans of the names in the normalised text, in characters, end exclusive.

    >>> operators_in("Why have the firms not left?")
    {'negation': 'not', 'cause': 'Why', 'departure': 'left'}
    >>> operators_in("有没有不同的说法")
    {}
    """
    text = normalized(text)
    plain = _pattern("no_operators").sub(lambda found: _NAME * len(found[0]), text)
    for start, end in names:
        plain = plain[:start] + _NAME * (end - start) + plain[end:]
    content = question_vocabulary().content
    kinds = (kind for kind in content["reasons"] if kind in content["operators"])
    found = {kind: _pattern(kind).search(plain) for kind in kinds}
    return {kind: text[slice(*one.span())] for kind, one in found.items() if one is not None}


@cache
def _expressed(query: NamedQuery) -> frozenset[str]:
    return frozenset(kind for sample in query.questions for kind in operators_in(sample))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    phrases: Iterable[str] = question_vocabulary().content["operators"][kind]
    parts = (one if is_chinese(one) else rf"\b(?:{one})\b" for one in phrases)
    return re.compile("|".join(parts), re.IGNORECASE)
