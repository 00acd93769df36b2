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
#: Why a question with an operator is not answered, and what to ask instead.
_REASONS: Final = {
    "negation": (
        'The graph has what sources state, not what is missing ("{}"). Ask for what there is.',
        "图谱收录的是来源所陈述的内容，不能回答没有什么（“{}”）。请改问有什么。",
    ),
    "exclusion": (
        'No ready question leaves out a part ("{}"). Ask for all of it.',
        "没有查询能排除一部分（“{}”）。请查询全部。",
    ),
    "cause": (
        'The graph has facts, not reasons ("{}"). Ask what is known of it.',
        "图谱收录的是事实，不是原因（“{}”）。请改问有哪些事实。",
    ),
    "departure": (
        'The graph does not cover who left or what was closed ("{}").',
        "图谱不涉及离开或关闭（“{}”）。",
    ),
    "relative_time": (
        'Name the year: this is not counted from today ("{}").',
        "不能按当前日期推算（“{}”）。请写明年份。",
    ),
    "part_of_year": (
        'Figures are found by year ("{}"). Ask for the year.',
        "只能按年份查询（“{}”）。",
    ),
    "action": (
        'Only questions about the corridor are answered, without advice or changes ("{}").',
        "这里只回答关于走廊的问题，不提供建议，也不执行操作（“{}”）。",
    ),
    "off_topic": (
        'The graph has nothing on this topic ("{}").',
        "图谱没有这方面的内容（“{}”）。",
    ),
    "forecast": (
        'The graph makes no forecasts ("{}"). Ask for goals or plans.',
        "图谱不作预测（“{}”）。可以查询目标或计划。",
    ),
    "no_rows": ('A list cannot have that many rows ("{}").', "列表不能有这么多行（“{}”）。"),
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
    reasons = (_REASONS[kind][language == "zh"].format(word) for kind, word in found.items())
    return next(reasons, "")


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
