"""Operators of questions that few queries express: negation, cause, departure, relative time.

A reading that ignores such a word would answer another question, often the opposite one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.lexicon import Kind
from g60kg.queries.ask.mentions import ReadQuestion
from g60kg.queries.ask.question_tokens import normalized
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.catalog import NamedQuery

#: What a character of a name or of a phrase is replaced by.
_NAME: Final = "〇"
#: The tokens of a short form that can have a date of its own.
_LONG_NAME: Final = 3
_REASONS: Final = {
    "negation": ("expresses a negation", "表达否定"),
    "exclusion": ("excludes what is named", "排除所提到的内容"),
    "cause": ("asks for a cause", "回答原因"),
    "departure": ("asks who left or what ended", "回答离开或终止"),
    "relative_time": ("counts from today", "按当前日期推算"),
    "part_of_year": ("takes such a time", "按这样的时间回答"),
    "action": ("gives advice or changes something", "给出建议或执行操作"),
    "off_topic": ("covers such a topic", "回答这类内容"),
    "forecast": ("makes a forecast", "作出预测"),
    "no_rows": ("shows no rows, or a part of one", "返回零条或非整数条结果"),
}


def ignored_operator(read: ReadQuestion, query: NamedQuery | None, language: str) -> str:
    """Return why a query does not answer a question with an operator; empty if it does.

    The names of entities are no operators.
    """
    names = [
        (read.tokens[one.start].start, read.tokens[one.end - 1].end)
        for one in read.mentions
        if one.of(Kind.ENTITY) and (one.exact or one.end - one.start >= _LONG_NAME)
    ]
    found = operators_in(read.text, names)
    if query is not None:
        found = {kind: word for kind, word in found.items() if kind not in _expressed(query)}
        if "period" in query.columns and _is_period(found.get("part_of_year", "")):
            del found["part_of_year"]  # see ignored_period
    for kind, word in found.items():
        english, chinese = _REASONS[kind]
        if language == "zh":
            return f"没有查询能{chinese}（“{word}”）。请去掉这个词再问。"
        return f'No ready question {english} ("{word}"). Ask without this word.'
    return ""


def ignored_period(read: ReadQuestion, parameters: Mapping[str, str | int]) -> str:
    """Return the quarter or half of a question that a reading ignores, as written; else empty."""
    asked = operators_in(read.text).get("part_of_year", "")
    return asked if _is_period(asked) and "-" not in str(parameters.get("period", "")) else ""


def operators_in(text: str, names: Iterable[tuple[int, int]] = ()) -> dict[str, str]:
    """Return the kinds of the operators in a text outside names, each with its first word.

    >>> operators_in("Why have the firms not left?")
    {'negation': 'not', 'cause': 'Why', 'departure': 'left'}
    >>> operators_in("有没有不同的说法")
    {}
    """
    text = normalized(text)
    plain = _pattern("no_operators").sub(lambda found: _NAME * len(found[0]), text)
    for start, end in names:
        plain = plain[:start] + _NAME * (end - start) + plain[end:]
    found = {kind: _pattern(kind).search(plain) for kind in _REASONS}
    return {kind: text[slice(*one.span())] for kind, one in found.items() if one is not None}


def _is_period(word: str) -> bool:
    """Return whether a part of a year is one that sources have figures of: a quarter or a half."""
    return any(sign in word.casefold() for sign in ("q", "quarter", "half", "季度", "半年"))


@cache
def _expressed(query: NamedQuery) -> frozenset[str]:
    """Return the kinds of operators that the sample questions of a query have."""
    return frozenset(kind for sample in query.questions for kind in operators_in(sample))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    phrases: Iterable[str] = question_vocabulary().content["operators"][kind]
    parts = (one if is_chinese(one) else rf"\b(?:{one})\b" for one in phrases)
    return re.compile("|".join(parts), re.IGNORECASE)
