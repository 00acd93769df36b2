"""Readings of a question, and the reasons why none of them answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any, Final

from g60kg.model.names import is_chinese
from g60kg.queries.ask.mentions import ReadQuestion
from g60kg.queries.ask.question_operators import ignored_operator
from g60kg.queries.ask.question_vocabulary import Doubt, question_vocabulary
from g60kg.queries.catalog import NamedQuery

#: The least score of a reading that is shown beside the one that is answered.
POSSIBLE: Final = 0.15
#: The least score of a reading that is answered.
SURE: Final = 0.4
#: Readings that score less below the best one, and are at least that similar compared with it, are
#: nearly as good.
NEAR: Final = 0.15
ALIKE: Final = 0.5
#: The same for a reading that is answered in place of a better one that leaves a name out, and how
#: many can be.
AS_ALIKE: Final = 0.8
_CLOSE: Final = 2
#: Readings of one query with scores that differ by less are equally good.
_TIE: Final = 0.001
#: The largest part of a question's words that may be unknown.
_UNKNOWN: Final = 0.3
#: The same for a query whose sample questions are that similar.
_UNKNOWN_OF_ANSWER: Final = 0.5
_SIMILAR: Final = 0.6
#: How many names a figure has that is asked for in full; a list has one less.
_GIVEN: Final = 3
#: The kinds of what a list is of.
_KINDS: Final = frozenset(("kind", "industry"))
#: The least number of unknown words of a question in another language.
_FOREIGN: Final = 3
#: How much an unknown word matters that is no noun, compared with one that can be a name.
_LESS: Final = 0.4
#: Chinese characters that follow or precede a name; a word elsewhere is mostly a verb.
_AFTER_NAMES: Final = tuple("的在有和与是")
_BEFORE_NAMES: Final = tuple("在与和到向于跟同")
#: How many times as similar a reading is that is far more similar than another one.
_FAR: Final = 2
#: What the score counts beside the similarity for the last reading that is shown.
_NAMES: Final = 0.2
#: The same for a reading with a value of the first one.
_SHARED: Final = 0.3
#: The parameters for years.
YEARS: Final = frozenset(("from", "to", "period"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A canned query and parameters that a question can mean.

    Attributes:
        parameters: CURIEs, numbers and texts by parameter.
        score: from 0 to 1.
        similarity: how similar (0 to 1) the words of the question are to those of the query.
        unlimited: the names in the question that do not limit the rows, as written.
        complete: whether it leaves out no name of the question.
        compared: the entities that must all be in its rows, as CURIEs; empty if it compares none.
        left_out: the measures and classes that it leaves out, as written.
    """

    query: NamedQuery
    parameters: Mapping[str, str | int]
    score: float
    similarity: float
    unlimited: tuple[str, ...] = ()
    complete: bool = True
    compared: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return query name, parameters and score (two decimals) as JSON values."""
        return {
            "query": self.query.name,
            "parameters": dict(self.parameters),
            "score": round(self.score, 2),
        }


def _names_unknown(read: ReadQuestion) -> bool:
    """Return whether an unknown word must not be ignored: a name, a number, or a superlative.

    A name has a capital inside the question, is a place that the graph lacks, or is a Chinese word
    where names are. A superlative is a word as in "most livable".
    """
    first = read.tokens[0].written if read.tokens else ""
    return any(
        _is_superlative(word, read.text)
        or (
            not question_vocabulary().is_ordinary(word) and _is_placed_as_name(word, read.text)
            if is_chinese(word)
            else word.isdecimal()
            or word.casefold() in question_vocabulary().elsewhere
            or (len(word) > 1 and word[0].isupper() and word != first)
        )
        for word in read.unknown
    )


def _is_superlative(word: str, question: str) -> bool:
    before = question.partition(word)[0].rstrip().casefold()
    return before.endswith(("最", " most"))


def _is_placed_as_name(chinese: str, question: str) -> bool:
    before, _, after = question.partition(chinese)
    return not before or before.endswith(_BEFORE_NAMES) or after.startswith(_AFTER_NAMES)


def _takes_years(reading: Reading) -> bool:
    shown = "when" in question_vocabulary().kinds_of(reading.query.columns)
    return shown or not YEARS.isdisjoint(reading.parameters)


def _asked(found: list[Reading]) -> Reading:
    """Return the reading that a question asks for: the best one, or one that is far more similar.

    "Projects of Kuka" asks for projects, though only other queries have a parameter for Kuka.
    """
    best = found[0]
    near = [one for one in found[:2] if one.score >= SURE]
    similar = max(near, key=lambda one: one.similarity, default=best)
    is_far = similar.similarity >= _FAR * best.similarity
    return similar if is_far and not best.compared else best


def _is_specific(reading: Reading) -> bool:
    """Return whether a reading answers what a question asks, not only what it names.

    A reading with all that is known of an entity, or with all its figures, does not.
    """
    columns, given = reading.query.columns, reading.parameters.keys() - YEARS
    figures = "figure" in columns and "measure" not in reading.parameters
    return (
        reading.complete
        and not figures
        and "entity" not in reading.parameters
        and (
            reading.similarity >= _SIMILAR
            or len(given) >= _GIVEN
            or (len(given) == _GIVEN - 1 and not given.isdisjoint(_KINDS))
        )
    )


def equally_good(found: list[Reading]) -> list[Reading]:
    """Return the best reading and those after it of the same query with nearly the same score.

    ``found`` is sorted, best first, and not empty.
    """
    best = found[0]
    return list(
        takewhile(lambda one: one.query is best.query and best.score - one.score < _TIE, found)
    )


def different(found: list[Reading], most: int) -> tuple[Reading, ...]:
    """Return up to ``most`` readings: the first ones, and last the nearest one of another query.

    The last one need not have all names of a question. Without one, there are at
    most ``most - 1``.
    """
    first = found[: most - 1]
    values = {value for one in first[:1] for value in one.parameters.values()}

    def nearness(one: Reading) -> tuple[bool, float]:
        shared = not values.isdisjoint(one.parameters.values())
        return one.score >= POSSIBLE, one.similarity + _NAMES * one.score + _SHARED * shared

    asked = {one.query.name for one in first}
    others = (one for one in found if one.query.name not in asked)
    last = max(others, key=nearness, default=None)
    return tuple(first) if last is None else (*first, last)


def in_future(read: ReadQuestion) -> Doubt | None:
    """Return why a question whose first year is in the future has no answer, else None."""
    first = read.years.first if read.years else None
    return ("future", (str(first),)) if first and first > date.today().year else None


def reason_not_understood(read: ReadQuestion, found: list[Reading]) -> Doubt | None:
    """Return why a question is not understood; None if it is."""
    best, years = found[0], read.years
    if "text" in best.parameters:
        return None
    if ignored := ignored_operator(read, best.query):
        return ignored
    if unlimited := _asked(found).unlimited:
        return "unlimited", unlimited
    # A list of figures is short enough to find the years in it.
    bounded = "from" in best.parameters and "figure" in best.query.columns
    if years and ((years.listed and not bounded) or not years.in_order):
        return "years_apart", ()
    if years and not _takes_years(best):
        return "no_dates", ()
    ordinary = question_vocabulary().is_ordinary
    unknown = sum(_LESS if ordinary(word) else 1.0 for word in read.unknown)
    most = _UNKNOWN_OF_ANSWER if _is_specific(best) else _UNKNOWN
    if _names_unknown(read) or unknown / (unknown + read.known or 1) >= most:
        foreign = not read.known and len(read.unknown) >= _FOREIGN
        return "foreign" if foreign else "unknown", read.unknown
    ties = equally_good(found)
    if len(ties) > 1:
        return "ambiguous", tuple(sorted({str(v) for one in ties for v in one.parameters.values()}))
    return None if best.score >= SURE else ("unlike", ())


def _alike(own: set[str | int], other: Reading) -> float:
    """Return the factor of the best similarity that ``other`` needs; ``own``: the best's values."""
    if not own or not own <= {*other.parameters.values()}:
        return AS_ALIKE
    return 0.0 if "measure" in other.parameters else ALIKE


def certain_alternative(read: ReadQuestion, found: list[Reading]) -> Reading | None:
    """Return a reading of another query that is nearly as good as the best one and leaves no doubt.

    Only the two readings after the best one are tried; None if both fail. A reading with all values
    of the best one may be less similar.
    """
    best = found[0]
    own = {value for name, value in best.parameters.items() if name not in YEARS}
    return next(
        (
            one
            for one in found[1 : 1 + _CLOSE]
            if one.complete
            and one.query is not best.query
            and (one.parameters or not own)
            and one.score >= max(SURE, best.score - NEAR * (1 if best.complete else _FAR))
            and one.similarity >= best.similarity * _alike(own, one)
            and not reason_not_understood(read, [one])
        ),
        None,
    )
