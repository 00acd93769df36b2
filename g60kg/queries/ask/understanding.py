"""Understanding of a question: the canned queries and parameters that it can mean, best first.

No text of a question becomes text of a query: parameters are IRIs of the store, numbers, listed
values, and for a parameter of free text a literal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from g60kg.errors import NotUnderstood, UsageError
from g60kg.model.evidence_lookup import Labels
from g60kg.model.names import LONGEST_NAME, is_chinese
from g60kg.queries.answers import Answer
from g60kg.queries.ask.lexicon import Kind, Lexicon
from g60kg.queries.ask.mentions import Mention, ReadQuestion, read_question
from g60kg.queries.ask.query_ranking import Compared, query_ranking, sign
from g60kg.queries.ask.question_operators import ignored_operator
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.slots import Filled, filled, topic_features
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.queries.execution import run_named
from g60kg.queries.parameters import Resolver
from g60kg.rdf.text_excerpt import excerpt, is_unicode
from g60kg.stores.base import GraphStore

#: The most other readings that are shown.
ALTERNATIVES: Final = 2
#: The least score of a reading that is answered, and of one that is shown beside it.
_SURE: Final = 0.4
_POSSIBLE: Final = 0.25
#: Readings of one query with scores that differ by less are equally good.
_TIE: Final = 0.001
#: Readings that score less below the best one are nearly as good; the most that are compared.
_NEAR: Final = 0.05
_COMPARED: Final = 5
#: The least similarity of a reading of a question that has more than names.
_LIKE: Final = 0.12
#: What is added to a query that a question with nothing but those names means.
_DEFAULT: Final = 0.03
#: The largest part of a question's words that may be unknown.
_UNKNOWN: Final = 0.3
#: The endings of verbs and adverbs, which matter less than a noun.
_INFLECTED: Final = ("ed", "ing", "ly")
#: By what a reading is multiplied that would ignore a measure, a count or an entity.
_WITHOUT_MEASURE: Final = 0.5
_WITHOUT_COUNT: Final = 0.85
_WITHOUT_ENTITY: Final = 0.7
#: What is added for a column of the kind that the question asks for.
_ASKED_COLUMN: Final = 0.03


@dataclass(frozen=True, slots=True)
class Reading:
    """A canned query and parameters that a question can mean.

    Attributes:
        parameters: CURIEs, numbers and texts by parameter.
        score: from 0 to 1.
        similarity: how similar (0 to 1) the words of the question are to those of the query.
        unlimited: the names in the question that do not limit the rows.
    """

    query: NamedQuery
    parameters: Mapping[str, str | int]
    score: float
    similarity: float
    unlimited: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the reading as JSON values."""
        return {
            "query": self.query.name,
            "parameters": dict(self.parameters),
            "score": round(self.score, 2),
        }


#: What is before a reading in :class:`Understanding`, and between it and its parameters.
_SHOWN: Final = {
    "en": ("Understood as: ", "Not understood. ", "Or: ", "Nearest: ", ", ", "; "),
    "zh": ("理解为：", "未能理解。", "或者：", "最接近的：", "，", "；"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Understanding:
    """How a question was understood; prints as its readings.

    Attributes:
        reading: what is answered; None if the question was not understood.
        reason: why it was not understood, in the language asked for; empty if it was.
        alternatives: other readings, or the nearest ones of a question that was not understood.
        language: of the reason.
    """

    question: str
    reading: Reading | None
    reason: str
    alternatives: tuple[Reading, ...]
    language: str = "en"

    def meta(self) -> dict[str, Any]:
        """Return the member ``meta`` of the answer in JSON, without ``complete``."""
        others = [other.to_json() for other in self.alternatives]
        head = {"question": self.question, "understood": self.reading is not None}
        if self.reading is None:
            return {**head, "reason": self.reason, "alternatives": others}
        return {**head, **self.reading.to_json(), "alternatives": others}

    def required(self) -> Reading:
        """Return the reading; raise NotUnderstood without one."""
        if self.reading is None:
            *_, nearest, _, between = _SHOWN.get(self.language, _SHOWN["en"])
            near = between.join(one.query.texts(self.language)[0] for one in self.alternatives)
            raise NotUnderstood(self.reason, hint=nearest + near if near else None)
        return self.reading

    def __repr__(self) -> str:
        understood, unknown, other, nearest, comma, _ = _SHOWN.get(self.language, _SHOWN["en"])

        def line(one: Reading) -> str:
            given = (f"{name}={value}" for name, value in one.parameters.items())
            return f"{comma.join((one.query.name, *given))}   {one.query.texts(self.language)[0]}"

        known = self.reading is not None
        head = understood + line(self.reading) if self.reading else unknown + self.reason
        others = ((other if known else nearest) + line(one) for one in self.alternatives)
        return "\n".join((head, *others))


class Interpreter:
    """Reads questions about a store; its names are read once."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of the store."""
        return Lexicon(self._store)

    def understand(self, question: str, language: str = "en") -> Understanding:
        """Return how a question is understood.

        Raises:
            UsageError: the question is empty, too long or not Unicode.
        """
        question = question.strip()
        if not question or not is_unicode(question) or len(question) > LONGEST_NAME:
            raise UsageError(
                f'"{excerpt(question)}" is not a question.',
                hint=f"Give a text of 1 to {LONGEST_NAME} characters.",
            )
        read = read_question(self.lexicon, question)
        found = self._readings(read)
        near = tuple(found[:ALTERNATIVES])
        reason = _doubt(read, found, language)
        if reason:
            return Understanding(question, None, reason, near, language)
        self._put_rows_first(found)
        others = tuple(one for one in found[1:] if one.score >= _POSSIBLE)[:ALTERNATIVES]
        return Understanding(question, found[0], "", others, language)

    def _readings(self, read: ReadQuestion) -> list[Reading]:
        """Return the possible readings, best first."""
        asked = question_vocabulary().kinds_asked(read.text)
        found: list[Reading] = []
        compared: dict[str, Compared] = {}
        for query in load_catalog().values():
            for way in filled(query, read, self.lexicon):
                text = self._with_signs(read, way)
                if text not in compared:
                    compared[text] = query_ranking().compared(text)
                similarity = query_ranking().score(query.name, compared[text])
                score = _score(similarity, way)
                named = [read.mentions[number] for number in way.placed]
                # A query that is about an entity, as headers name it, comes before its default.
                if set(way.placed.values()) in query.default_for and not any(
                    map(self._topic, named)
                ):
                    score += _DEFAULT
                columns = question_vocabulary().kinds_of(
                    column for column in query.columns if column not in way.parameters
                )
                score += _ASKED_COLUMN * len(asked & columns) - _ASKED_COLUMN * len(asked - columns)
                score = min(1.0, max(0.0, score))
                names = tuple(one.written for one in way.unlimited)
                found.append(Reading(query, way.parameters, score, similarity, names))
        return sorted(found, key=lambda one: (-one.score, one.query.name))

    def _put_rows_first(self, found: list[Reading]) -> None:
        """Move the first reading with rows to the front, of those that are nearly as good.

        Only readings that have the values of the best one in other roles count: another query, as
        corroboration for conflicts, would answer something else.
        """
        values = set(found[0].parameters.values())
        near = [
            one
            for one in found[:_COMPARED]
            if one.query is found[0].query
            and found[0].score - one.score < _NEAR
            and set(one.parameters.values()) == values
        ]
        resolver = Resolver(self._store)
        for one in near if len(near) > 1 else ():
            if run_reading(self._store, one, limit=1, resolver=resolver).to_dicts():
                found.remove(one)
                found.insert(0, one)
                return

    def _with_signs(self, read: ReadQuestion, way: Filled) -> str:
        """Return the question with a sign for each parameter.

        Other names are replaced by the word that headers use for them ("the corridor"), or stay:
        their words can be those of a query ("number of enterprises").
        """
        if way.text:
            return read.text.replace(way.text, sign("text"), 1)
        parts: list[str] = []
        at = 0
        for number, mention in enumerate(read.mentions):
            if mention.counts or (
                mention.of(Kind.CLASS) == mention.meanings and number not in way.placed
            ):
                continue
            placed = number in way.placed
            replaced = [sign(way.placed[number])] if placed else self._topic(mention)
            if replaced:
                parts += [read.compared(at, mention.start), *replaced]
                at = mention.end
        parts += map(sign, way.years)
        return " ".join((*parts, read.compared(at, len(read.tokens))))

    def _topic(self, mention: Mention) -> list[str]:
        words = (w for one in mention.of(Kind.ENTITY) for w in topic_features(one, self.lexicon))
        chinese = is_chinese(mention.written)
        return next(
            (word for word in words if self._is_topic(word) and is_chinese(word[0]) == chinese), []
        )

    def _is_topic(self, words: list[str]) -> bool:
        return len(words) == 1 and words[0] in query_ranking().vocabulary


def run_reading(
    store: GraphStore,
    reading: Reading,
    *,
    language: str = "en",
    evidence: bool = False,
    limit: int | None = None,
    offset: int = 0,
    sort: str | None = None,
    labels: Labels | None = None,
    understood: Mapping[str, Any] | None = None,
    resolver: Resolver | None = None,
) -> Answer:
    """Return the answer to a reading; arguments as :func:`g60kg.queries.execution.run_named`.

    Args:
        resolver: of the names of the store; a new one if it is left out.
    """
    return run_named(
        store,
        reading.query,
        (resolver or Resolver(store)).terms(reading.query, reading.parameters),
        language=language,
        evidence=evidence,
        limit=limit,
        offset=offset,
        sort=sort,
        labels=labels,
        understood=understood,
    )


def _score(similarity: float, way: Filled) -> float:
    if way.coverage is None:
        return similarity
    score = 0.5 * similarity + 0.5 * way.coverage
    for mention in way.left_out:
        if mention.counts:
            score *= _WITHOUT_COUNT
        else:
            score *= _WITHOUT_MEASURE if mention.of(Kind.MEASURE) else _WITHOUT_ENTITY
    return score


def _has_content(read: ReadQuestion) -> bool:
    """Return whether a question has words that are compared beside its names."""
    named = {at for one in read.mentions for at in range(one.start, one.end)}
    rest = " ".join(token.key for at, token in enumerate(read.tokens) if at not in named)
    return bool(query_ranking().compared(rest).words)


def _names_unknown(read: ReadQuestion) -> bool:
    """Return whether an unknown word is a name or a number: neither may be left out.

    A name has a capital inside the question, or is in Chinese.
    """
    first = read.tokens[0].written if read.tokens else ""
    return any(
        is_chinese(word)
        or word.isdecimal()
        or (len(word) > 1 and word[0].isupper() and word != first)
        for word in read.unknown
    )


def _takes_years(reading: Reading) -> bool:
    """Return whether years are parameters of a reading, or can be read in its rows."""
    shown = "when" in question_vocabulary().kinds_of(reading.query.columns)
    return shown or not {"from", "to", "period"}.isdisjoint(reading.parameters)


def _doubt(read: ReadQuestion, found: list[Reading], language: str) -> str:
    """Return why a question is not understood; empty if it is."""
    if found and "text" in found[0].parameters and found[0].score >= _SURE:
        return ""
    ignored = ignored_operator(read, found[0].query if found else None, language)
    if ignored:
        return ignored
    if found and found[0].unlimited:
        if language == "zh":
            places = "、".join(f"“{excerpt(name)}”" for name in found[0].unlimited)
            return f"与问题最接近的查询不能限于：{places}。请去掉这个名称再问。"
        places = ", ".join(f'"{excerpt(name)}"' for name in found[0].unlimited)
        return f"The nearest ready question cannot be limited to {places}. Ask without the name."
    if read.years and (read.years.listed or not read.years.in_order):
        if language == "zh":
            return "年份不相连，或先后颠倒。请只问一年，或一个起止时段。"
        return "The years are not in a row, or in the wrong order. Ask for one year or a period."
    if read.years and found and not _takes_years(found[0]):
        if language == "zh":
            return "与问题最接近的查询没有日期。请去掉年份再问。"
        return "The nearest ready question has no dates. Ask without the year."
    unknown = sum(0.5 if word.endswith(_INFLECTED) else 1.0 for word in read.unknown)
    if _names_unknown(read) or unknown / (unknown + read.known or 1) >= _UNKNOWN:
        words = ", ".join(f'"{excerpt(word)}"' for word in read.unknown)
        if language == "zh":
            return f"图谱不认识：{words}。"
        return f"The graph does not know {words}."
    if len(found) > 1 and found[0].score - found[1].score < _TIE:
        one, two = found[:2]
        if one.query is two.query and one.score >= _SURE:
            names = sorted({str(v) for r in (one, two) for v in r.parameters.values()})
            if language == "zh":
                return f"问题中的名称有多个含义：{'、'.join(names)}。"
            return f"A name in the question has more than one meaning: {', '.join(names)}."
    unlike = bool(found) and found[0].similarity < _LIKE and _has_content(read)
    if not found or found[0].score < _SURE or unlike or not read.known:
        if language == "zh":
            return "没有与问题足够相近的查询。"
        return "No ready question is near enough."
    return ""
