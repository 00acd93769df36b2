"""Understanding of a question: the canned queries and parameters that it can mean, best first.

No text of a question becomes text of a query: parameters are IRIs of the store, numbers, listed
values, and for a parameter of free text a literal.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from g60kg.errors import NotUnderstood, UsageError
from g60kg.model.names import LONGEST_NAME, is_chinese
from g60kg.queries.ask.lexicon import Lexicon, NameKind
from g60kg.queries.ask.mentions import ReadQuestion, read_question
from g60kg.queries.ask.name_coverage import topic_keys
from g60kg.queries.ask.query_ranking import Compared, query_ranking, sign
from g60kg.queries.ask.question_names import Mention
from g60kg.queries.ask.question_operators import ignored_period
from g60kg.queries.ask.question_vocabulary import Doubt, question_vocabulary
from g60kg.queries.ask.reading_rows import ReadingRows
from g60kg.queries.ask.refusals import (
    POSSIBLE,
    Reading,
    certain_alternative,
    in_future,
    reason_not_understood,
)
from g60kg.queries.ask.slots import FilledParameters, fillings_of, score_of
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.rdf.text_excerpt import excerpt, is_unicode
from g60kg.stores.base import GraphStore

#: The most other readings that are shown.
ALTERNATIVES: Final = 2
#: The most readings that are shown of a question that is not understood.
NEAREST: Final = 3
#: What is added to a query that a question with nothing but those names means.
_DEFAULT: Final = 0.03
#: How similar a question is at least that has only words of no query beside those names.
_VAGUE: Final = 0.3
#: What is added for a column of the kind that the question asks for.
_ASKED_COLUMN: Final = 0.03


#: What is before a reading in :class:`Understanding`, and between it and its parameters.
_SHOWN: Final = {
    "en": ("Understood as: ", "Not understood. ", "Or: ", "Nearest: ", ", ", "; "),
    "zh": ("理解为：", "未能理解。", "或者：", "最接近的：", "，", "；"),
}
#: The notes beside an answer without rows, and of a whole year; and what is between notes.
_NOTES: Final = {
    "en": (
        "The graph has no such figure or fact.",
        "Read as {}; the rows show their periods.",
        " ",
    ),
    "zh": ("图谱中没有这样的数据或事实。", "按{}年理解；各行注明时期。", ""),
}


@dataclass(frozen=True, slots=True, repr=False)
class Understanding:
    """How a question was understood; prints as readings: canned queries with parameters.

    Attributes:
        question: the question, without space around it.
        reading: what is answered; None if the question was not understood.
        reason: why it was not understood, in the language asked for; empty if it was.
        alternatives: other readings, or the nearest ones of a question that was not understood.
        language: the language of the reason and of the note.
        empty: whether the reading has no rows, and none of up to two similar readings
            with the same values has any.
        year: the year or period that the reading has where the question asks for a part of a year
            or for separate years; the rows show their periods. Else empty.
        unknown: the nouns and names of the question that the reading leaves out, and a quarter or a
            half without its year.
    """

    question: str
    reading: Reading | None
    reason: str
    alternatives: tuple[Reading, ...]
    language: str = "en"
    empty: bool = False
    year: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The note on an answer that has no rows or ignores a part of the question; else empty."""
        empty, year, between = _NOTES.get(self.language, _NOTES["en"])
        left_out = question_vocabulary().reason(("left_out", self.unknown), self.language)
        notes = (
            (self.empty, empty),
            (self.year, year.format(self.year)),
            (self.unknown, left_out),
        )
        return between.join(text for applies, text in notes if applies)

    def meta(self) -> dict[str, Any]:
        """Return the member ``meta`` of the answer in JSON, without ``complete``."""
        others = [other.to_json() for other in self.alternatives]
        head = {"question": self.question, "understood": self.reading is not None}
        if self.reading is None:
            return {**head, "reason": self.reason, "alternatives": others}
        note = {"note": self.note} if self.note else {}
        return {**head, **self.reading.to_json(), **note, "alternatives": others}

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
        near = other if known and not self.empty else nearest
        others = (near + line(one) for one in self.alternatives)
        return "\n".join((head, *filter(None, [self.note]), *others))


class Interpreter:
    """Understands questions about a store; its names are read once."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of the store."""
        return Lexicon(self._store)

    @cached_property
    def _rows(self) -> ReadingRows:
        return ReadingRows(self._store, self.lexicon)

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
        self._rows.drop_empty_ties(found)
        why = reason_not_understood(read, found)
        if why and (other := certain_alternative(read, found)):
            found.remove(other)
            found.insert(0, other)
            why = None
        if why:
            return self._refused(question, why, found, language)
        empty = not self._rows.put_first(found)
        if empty and (why := in_future(read)):
            return self._refused(question, why, found[1:], language)
        best = found[0]
        if not empty:
            self._rows.put_wider_second(found)
        others = self._rows.with_rows(found, 1, 1 + ALTERNATIVES)[1:]
        others = tuple(one for one in others if one.score >= POSSIBLE)
        period = ignored_period(read, best.query, best.parameters)
        year = str(read.years.first) if read.years and period else ""
        if read.years and read.years.listed:
            year = f"{read.years.first}–{read.years.last}"
        unknown = () if "text" in best.parameters else (*_nouns(read), *best.left_out)
        if period and not year:
            unknown = (*unknown, period)
        if empty and best.left_out:
            # That the graph has no such fact is not known of a question that was read in part.
            return self._refused(question, ("left_out", unknown), found[1:], language)
        return Understanding(question, best, "", others, language, empty, year, unknown)

    def _refused(
        self, question: str, why: Doubt, found: list[Reading], language: str
    ) -> Understanding:
        near = self._rows.nearest(found, NEAREST)
        reason = question_vocabulary().reason(why, language)
        return Understanding(question, None, reason, near, language)

    def _readings(self, read: ReadQuestion) -> list[Reading]:
        """Return the possible readings, best first, each query and its values once."""
        asked = question_vocabulary().kinds_asked(read.text)
        found: list[Reading] = []
        compared: dict[str, Compared] = {}
        for query in load_catalog().values():
            for way in fillings_of(query, read, self.lexicon):
                text = self._with_signs(read, query, way)
                if text not in compared:
                    compared[text] = query_ranking().compared(text)
                similarity = query_ranking().score(query.name, compared[text])
                named = [read.mentions[number] for number in way.placed]
                # A query that is about an entity, as headers name it, comes before its default.
                default = set(way.placed.values()) in query.default_for and (
                    "measure" in way.parameters or not any(map(self._topic, named))
                )
                # A figure is not vague, nor is "What comes from GeoNames?", which asks for content.
                classes = {name for m in named for one in m.meanings for name in one.classes}
                vague = default and classes.isdisjoint(("Measure", "Source"))
                score = score_of(max(similarity, _VAGUE * vague), way) + _DEFAULT * default
                columns = question_vocabulary().kinds_of(
                    column for column in query.columns if column not in way.parameters
                )
                score += _ASKED_COLUMN * len(asked & columns) - _ASKED_COLUMN * len(asked - columns)
                score = min(1.0, max(0.0, score))
                names = tuple(one.written for one in way.unlimited)
                complete = not (way.left_out or way.unlimited)
                others = tuple(
                    one.written
                    for one in way.left_out
                    if not one.counts and not one.of(NameKind.ENTITY)
                )
                given, scores = way.parameters, (score, similarity)
                found.append(Reading(query, given, *scores, names, complete, way.compared, others))
        found.sort(key=lambda one: (-one.score, one.query.name))
        # Two ways to read the names can give the same values.
        different: dict[str, Reading] = {}
        for one in found:
            different.setdefault(repr((one.query.name, one.parameters)), one)
        return list(different.values())

    def _with_signs(self, read: ReadQuestion, query: NamedQuery, way: FilledParameters) -> str:
        """Return the question as it is compared with a query, with a sign for each parameter.

        Another name is replaced by the word that headers have for it ("the corridor"),
        or left out if the query has neither that word nor a measure. A name without such
        a word stays.
        """
        if way.text:
            return read.plain.replace(way.text, sign("text"), 1)
        parts: list[str] = []
        at = 0
        for number, mention in enumerate(read.mentions):
            if mention.counts or (
                mention.of(NameKind.CLASS) == mention.meanings and number not in way.placed
            ):
                continue
            placed = number in way.placed
            replaced = [sign(way.placed[number])] if placed else self._topic(mention)
            if replaced and not placed and not self._distinguishes(query, replaced):
                replaced = [""]
            if replaced:
                parts += [read.compared(at, mention.start), *replaced]
                at = mention.end
        parts += map(sign, way.years)
        return " ".join((*parts, read.compared(at, len(read.tokens))))

    def _topic(self, mention: Mention) -> list[str]:
        chinese = is_chinese(mention.written)
        keys = topic_keys(mention, self.lexicon)
        return next(([key] for key in keys if is_chinese(key) == chinese), [])

    def _distinguishes(self, query: NamedQuery, words: list[str]) -> bool:
        measured = any(one.name == "measure" for one in query.parameters)
        return measured or query_ranking().has_features(query.name, words)


def _nouns(read: ReadQuestion) -> tuple[str, ...]:
    return tuple(word for word in read.unknown if not question_vocabulary().is_ordinary(word))
