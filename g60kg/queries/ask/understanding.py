"""Understanding of a question: the canned queries and parameters that it can mean, best first.

No text of a question becomes text of a query: parameters are IRIs of the store, numbers, listed
values, and for a parameter of free text a literal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any, Final

from pyoxigraph import NamedNode

from g60kg.errors import NotUnderstood, UsageError
from g60kg.model.evidence_lookup import Labels
from g60kg.model.names import LONGEST_NAME, is_chinese
from g60kg.namespaces import compact, expand, term
from g60kg.queries.answers import Answer
from g60kg.queries.ask.lexicon import Kind, Lexicon
from g60kg.queries.ask.mentions import ReadQuestion, read_question
from g60kg.queries.ask.query_ranking import Compared, query_ranking, sign
from g60kg.queries.ask.question_names import Mention
from g60kg.queries.ask.question_operators import ignored_period
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.refusals import (
    POSSIBLE,
    SURE,
    YEARS,
    Reading,
    different,
    doubt,
    equally_good,
    in_future,
    in_quotes,
)
from g60kg.queries.ask.slots import Filled, filled, score_of
from g60kg.queries.catalog import SOURCE, NamedQuery, load_catalog
from g60kg.queries.execution import run_named
from g60kg.queries.parameters import Resolver
from g60kg.rdf.text_excerpt import excerpt, is_unicode
from g60kg.stores.base import GraphStore

#: The most other readings that are shown.
ALTERNATIVES: Final = 2
#: The most readings that are shown of a question that is not understood.
NEAREST: Final = 3
#: Readings that score less below the best one, and are at least that similar compared with it, are
#: nearly as good; the most that are run.
_NEAR: Final = 0.15
_ALIKE: Final = 0.5
#: The same for a reading that is answered in place of a better one that leaves a name out.
_AS_ALIKE: Final = 0.8
_COMPARED: Final = 3
#: The columns of queries of figures, and of the one that compares facts.
_FIGURE, _CONFLICT = "figure", "otherValue"
_BROADER: Final = term("skos:broader")
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
#: The notes beside an answer: without rows, of a whole year, of a part of the question; and what is
#: between them.
_NOTES: Final = {
    "en": (
        "The graph has no such figure or fact.",
        "Read as the year {}; the rows show their periods.",
        "Not considered: {}.",
        " ",
    ),
    "zh": ("图谱中没有这样的数据或事实。", "按{}年全年理解；各行注明时期。", "未考虑：{}。", ""),
}


@dataclass(frozen=True, slots=True, repr=False)
class Understanding:
    """How a question was understood; prints as its readings.

    Attributes:
        reading: what is answered; None if the question was not understood.
        reason: why it was not understood, in the language asked for; empty if it was.
        alternatives: other readings, or the nearest ones of a question that was not understood.
        language: of the reason.
        empty: whether the answer has no rows, and no other reading that keeps every name has any.
        year: as which the reading takes a quarter or a half of it, whose rows show their periods.
        unknown: the nouns of the question that the reading leaves out, and a quarter or a half
            without its year.
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
        """What is said beside an answer that is empty or ignores something; else empty."""
        empty, year, left_out, between = _NOTES.get(self.language, _NOTES["en"])
        notes = (
            (self.empty, empty),
            (self.year, year.format(self.year)),
            (self.unknown, left_out.format(in_quotes(self.unknown, self.language))),
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
        self._drop_empty_ties(found)
        reason = doubt(read, found, language)
        if reason and (other := _without_doubt(read, found, language)):
            found.remove(other)
            found.insert(0, other)
            reason = ""
        if reason:
            return self._refused(question, reason, found, language)
        empty = not self._put_rows_first(found)
        if empty and (reason := in_future(read, language)):
            return self._refused(question, reason, found[1:], language)
        best = found[0]
        others = self._with_rows(found, 1, 1 + ALTERNATIVES)[1:]
        others = tuple(one for one in others if one.score >= POSSIBLE)
        period = ignored_period(read, best.parameters)
        year = str(read.years.first) if read.years and period else ""
        unknown = () if "text" in best.parameters else _nouns(read)
        if period and not year:
            unknown = (*unknown, period)
        return Understanding(question, best, "", others, language, empty, year, unknown)

    def _refused(
        self, question: str, reason: str, found: list[Reading], language: str
    ) -> Understanding:
        return Understanding(question, None, reason, self._with_rows(found, 0, NEAREST), language)

    def _with_rows(self, found: list[Reading], first: int, most: int) -> tuple[Reading, ...]:
        """Return different readings, none behind the first ones of which is known to be empty."""
        rest = list(found)
        for _ in range(_COMPARED):
            empty = [one for one in different(rest, most)[first:] if self._is_empty(one)]
            if not empty:
                break
            rest = [one for one in rest if not any(one is other for other in empty)]
        return different(rest, most)

    def _is_empty(self, one: Reading) -> bool:
        """Return whether a reading has no rows, as far as this is known without much work.

        A query of figures takes long, and so does one that compares facts, whose empty answer says
        that nothing conflicts; one without an entity lists all that there is.
        """
        given = {
            name: iri
            for name, value in one.parameters.items()
            if isinstance(value, str) and (iri := expand(value)) is not None and name != SOURCE
        }
        if not given or _CONFLICT in one.query.columns:
            return False
        if _FIGURE not in one.query.columns:
            return not self._has_rows(one)
        subjects = [given["subject"]] if "subject" in given else []
        if "measure" in given:
            return not self.lexicon.has_figure_of(given["measure"], subjects)
        return not all(map(self.lexicon.has_figures, subjects))

    def _readings(self, read: ReadQuestion) -> list[Reading]:
        """Return the possible readings, best first."""
        asked = question_vocabulary().kinds_asked(read.text)
        found: list[Reading] = []
        compared: dict[str, Compared] = {}
        for query in load_catalog().values():
            for way in filled(query, read, self.lexicon):
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
                found.append(
                    Reading(query, way.parameters, score, similarity, names, complete, way.compared)
                )
        return sorted(found, key=lambda one: (-one.score, one.query.name))

    def _drop_empty_ties(self, found: list[Reading]) -> None:
        """Remove readings as good as the best one, of its query, without rows, if one has rows."""
        ties = equally_good(found)
        if len(ties) > 1 and "text" not in found[0].parameters:
            empty = [one for one in ties if not self._has_rows(one)]
            if len(empty) < len(ties):
                found[:] = [one for one in found if not any(one is other for other in empty)]

    def _put_rows_first(self, found: list[Reading]) -> bool:
        """Move the first reading with rows to the front; return False if no reading has rows.

        Only readings that have the values of the best one count: in other roles, then in another
        query that is nearly as good. A question without values is the best query's alone:
        corroboration would answer the opposite of conflicts. If none has rows, the best one
        without its years, with its category as its subject or with a narrower entity comes second,
        if that has rows.
        """
        best = found[0]
        if not best.parameters or "text" in best.parameters:
            return True
        values = set(best.parameters.values())
        near = [
            one
            for one in found[1:]
            if set(one.parameters.values()) == values
            and one.complete
            and one.score >= max(SURE, best.score - _NEAR)
            and one.similarity
            >= best.similarity
            # Figures are in several queries; that nothing conflicts is an answer.
            * (_ALIKE if one.query is best.query or "measure" in best.parameters else _AS_ALIKE)
        ]
        near.sort(key=lambda one: one.query is not best.query)
        for one in (best, *near)[:_COMPARED]:
            if self._has_rows(one):
                found.remove(one)
                found.insert(0, one)
                return True
        always = {name: v for name, v in best.parameters.items() if name not in YEARS}
        of_category = dict(always)
        if "subject" in always and "category" in always:
            of_category["subject"] = of_category.pop("category")
        narrower = (
            {**always, name: compact(quad.subject.value)}
            for name, value in always.items()
            if isinstance(value, str) and (wide := expand(value)) is not None
            for quad in self._store.quads(None, _BROADER, wide)
            if isinstance(quad.subject, NamedNode)
        )
        for rest in (always, of_category, *islice(narrower, _COMPARED)):
            wider = replace(best, parameters=rest)
            if rest and rest != best.parameters and self._has_rows(wider):
                found.insert(1, wider)
                break
        return False

    def _has_rows(self, reading: Reading) -> bool:
        limit = None if reading.compared else 1
        rows = run_reading(self._store, reading, limit=limit, resolver=self._resolver).to_dicts()
        subjects = {compact(str(row.get("subject"))) for row in rows}
        return bool(rows) and reading.compared <= subjects

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self._store)

    def _with_signs(self, read: ReadQuestion, query: NamedQuery, way: Filled) -> str:
        """Return the question with a sign for each parameter.

        Other names are replaced by the word that headers use for them ("the corridor", except
        where every row is of the corridor), or stay: their words can be those of a query ("number
        of enterprises").
        """
        if way.text:
            return read.plain.replace(way.text, sign("text"), 1)
        parts: list[str] = []
        at = 0
        for number, mention in enumerate(read.mentions):
            if mention.counts or (
                mention.of(Kind.CLASS) == mention.meanings and number not in way.placed
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
        words = (w for one in mention.of(Kind.ENTITY) for w in self.lexicon.topic_features(one.iri))
        chinese = is_chinese(mention.written)
        return next(
            (word for word in words if self._is_topic(word) and is_chinese(word[0]) == chinese), []
        )

    def _distinguishes(self, query: NamedQuery, words: list[str]) -> bool:
        """Return whether the corridor's name is missed in a query that has it nowhere."""
        measured = any(one.name == "measure" for one in query.parameters)
        return measured or query_ranking().has_features(query.name, words)

    def _is_topic(self, words: list[str]) -> bool:
        return len(words) == 1 and words[0] in query_ranking().vocabulary


def _nouns(read: ReadQuestion) -> tuple[str, ...]:
    return tuple(word for word in read.unknown if not question_vocabulary().is_ordinary(word))


def _without_doubt(read: ReadQuestion, found: list[Reading], language: str) -> Reading | None:
    """Return a reading that is nearly as good as the best one, and answers all of the question.

    One with all values of the best one may be less similar: figures of a place, for a comparison.
    """
    best = found[0]
    own = {value for name, value in best.parameters.items() if name not in YEARS}
    return next(
        (
            one
            for one in found[1 : 1 + ALTERNATIVES]
            if one.complete
            and one.query is not best.query
            and one.score >= max(SURE, best.score - _NEAR)
            and one.similarity
            >= best.similarity
            * (_ALIKE if own and own <= {*one.parameters.values()} else _AS_ALIKE)
            and not doubt(read, [one], language)
        ),
        None,
    )


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
    joined: bool = False,
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
        joined=joined,
    )
