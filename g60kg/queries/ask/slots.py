"""Assignment of the mentions of a question to the parameters of a canned query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from typing import Final

from g60kg.namespaces import compact, entity, g60, local_name
from g60kg.queries.ask.lexicon import Kind, Lexicon, Meaning, class_named, is_instance
from g60kg.queries.ask.mentions import Mention, ReadQuestion
from g60kg.queries.ask.query_ranking import query_ranking
from g60kg.queries.ask.question_tokens import tokens
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.catalog import NamedQuery, Parameter, ParameterType, load_catalog

_CORRIDOR: Final = entity("corridor")
#: How much of a question a mention of each kind is.
_WEIGHTS: Final = {Kind.ENTITY: 1.0, Kind.MEASURE: 1.0, Kind.CLASS: 0.5, Kind.VALUE: 0.3}
_YEARS: Final = 0.7
#: What a count is worth that a query does not give.
_COUNT: Final = 1.0
#: How well a query without a parameter for it covers a mention that its header names.
_NAMED: Final = 0.9
#: How well a query covers an entity that only its columns can hold.
_IN_COLUMNS: Final = 0.5
#: How well an entity fits a parameter for any entity, compared with one for its class.
_ANY: Final = 0.9
#: How well a category is covered as a subject, compared with as a category.
_AS_SUBJECT: Final = 0.99
#: How well a phase or a transport line fits a parameter for a place.
_UNUSUAL: Final = 0.7
#: How well an entity fits a parameter for a person or a place that it is not.
_OTHER: Final = 0.6
_PLACES: Final = frozenset(("SpatialThing", "Party"))
#: The most readings of one query, by the meanings of ambiguous names.
_MOST: Final = 3
_TEXT: Final = "{text}"
#: The most tokens of a text to search for without quotation marks.
_LONGEST_TEXT: Final = 3
_QUOTED: Final = re.compile(r"[\"“‘「『《]([^\"“”‘’「」『』《》]+)[\"”’」』》]")


@dataclass(frozen=True, slots=True)
class Filled:
    """The parameters of a query as a question gives them.

    Attributes:
        parameters: CURIEs, numbers and texts by parameter.
        coverage: how much (0 to 1) of what the question names is in the parameters or is what the
            query is about; None if the question names nothing.
        left_out: the entities, measures and counts that the reading would ignore.
        unlimited: the entities to which the reading does not limit its rows.
        placed: the parameter of each mention that is in one, by its number.
        years: the parameters that hold the years of the question.
        text: the free text to search for; empty for other queries.
    """

    parameters: Mapping[str, str | int]
    coverage: float | None
    left_out: tuple[Mention, ...] = ()
    unlimited: tuple[Mention, ...] = ()
    text: str = ""
    placed: Mapping[int, str] = field(default_factory=dict)
    years: tuple[str, ...] = ()


def filled(query: NamedQuery, question: ReadQuestion, lexicon: Lexicon) -> Iterator[Filled]:
    """Yield the ways to fill the parameters of a query; none if a required one has no value."""
    text = next((one for one in query.parameters if one.name == "text"), None)
    if text is not None:
        value = _free_text(query, question)
        if value is not None:
            yield Filled({text.name: value}, 1.0, text=value)
        return
    placed: dict[str, tuple[Mention, list[Meaning]]] = {}
    used: set[int] = set()
    for parameter in sorted(query.parameters, key=_specificity):
        if parameter.type is not ParameterType.INTEGER and parameter.name != "period":
            for at, mention in _in_order(query, parameter, question, lexicon):
                fits = _fitting(query, parameter, lexicon)
                meanings = [one for one in mention.meanings if fits(one)]
                if at not in used and meanings:
                    placed[parameter.name] = mention, meanings
                    used.add(at)
                    break
    references = [
        at
        for at, mention in enumerate(question.mentions)
        if "measure" in placed and _is_reference(mention, placed["measure"][1], lexicon)
    ]
    if "subject" in placed and any(
        question.mentions[at] is placed["subject"][0] for at in references
    ):
        # "Share of China's GDP": figures about others, in relation to China.
        del placed["subject"]
        used -= set(references)
    years, years_placed = _years_of(query, question)
    missing = {p.name for p in query.parameters if not p.optional and p.name not in placed}
    # A figure without a subject is the corridor's, which every text of the graph is about.
    of_corridor = (
        missing == {"subject"} and "measure" in placed and lexicon.has_figures(_CORRIDOR)
    ) and not any(
        one.of(Kind.ENTITY) for at, one in enumerate(question.mentions) if at not in references
    )
    if missing and not of_corridor:
        return
    ordered = [parameter.name for parameter in query.parameters if parameter.name in placed]
    weight, covered, left_out, unlimited = _coverage(query, question, used, lexicon, placed)
    if question.years:
        weight += _YEARS
        covered += _YEARS * years_placed
    choices = [placed[name][1][:_MOST] for name in ordered]
    for chosen in list(product(*choices))[:_MOST]:
        values: dict[str, str | int] = {
            name: _value(meaning) for name, meaning in zip(ordered, chosen, strict=True)
        }
        coverage = covered / weight if weight else None
        number = {id(mention): at for at, mention in enumerate(question.mentions)}
        way = Filled(
            {**({"subject": compact(_CORRIDOR.value)} if of_corridor else {}), **values, **years},
            coverage,
            left_out,
            unlimited,
            placed={number[id(placed[name][0])]: name for name in ordered},
            years=tuple(years),
        )
        yield way
        category = dict(zip(ordered, chosen, strict=True)).get("category")
        names = {parameter.name for parameter in query.parameters}
        if category and "subject" in names - placed.keys() and lexicon.has_figures(category.iri):
            yield _about_category(way)


def _is_reference(mention: Mention, measures: list[Meaning], lexicon: Lexicon) -> bool:
    """Return whether figures of a measure relate others to an entity, and none is about it."""
    return any(
        lexicon.has_reference(measure.iri, one.iri)
        and not lexicon.has_figure_of(measure.iri, [one.iri])
        for measure in measures
        for one in mention.of(Kind.ENTITY)
    )


def _about_category(way: Filled) -> Filled:
    """Return a way with the category as the subject: a figure can be about an industry itself."""
    role = {"category": "subject"}
    return replace(
        way,
        parameters={role.get(name, name): value for name, value in way.parameters.items()},
        coverage=(way.coverage or 0.0) * _AS_SUBJECT,
        placed={at: role.get(name, name) for at, name in way.placed.items()},
    )


def _in_order(
    query: NamedQuery, parameter: Parameter, question: ReadQuestion, lexicon: Lexicon
) -> list[tuple[int, Mention]]:
    """Return the mentions as a parameter takes them.

    A word of the query's own header comes last: "ranking" is also a measure. A complete name comes
    before a part of one, for a subject an entity with figures before one without, and any entity
    before one that headers name, as the corridor.
    """

    def order(one: tuple[int, Mention]) -> tuple[bool, bool, bool, bool]:
        words = question_vocabulary().features(one[1].written)
        own = query_ranking().has_features(query.name, words)
        figures = parameter.name == "subject" and any(
            lexicon.has_figures(meaning.iri) for meaning in one[1].meanings
        )
        topic = any(
            len(name) == 1 and name[0] in query_ranking().vocabulary
            for meaning in one[1].of(Kind.ENTITY)
            for name in topic_features(meaning, lexicon)
        )
        return own, not one[1].exact, not figures, topic

    return sorted(enumerate(question.mentions), key=order)


def _specificity(parameter: Parameter) -> int:
    """Return the order in which parameters take mentions: listed values, classes, any entity."""
    if parameter.enum:
        return 0
    if parameter.of_class:
        return 1
    return 2 if _is_property(parameter) else 3


def _is_property(parameter: Parameter) -> bool:
    return parameter.name == "category"


def _fitting(
    query: NamedQuery, parameter: Parameter, lexicon: Lexicon
) -> Callable[[Meaning], bool]:
    """Return whether a meaning is a value of a parameter."""
    if parameter.enum:
        return lambda one: one.kind is Kind.VALUE and local_name(one.iri.value) in parameter.enum
    of_class = parameter.of_class
    if parameter.type is not ParameterType.IRI:
        return lambda _: False
    if of_class == "Class":
        within = local_name(class_named(query.columns[0]).value)
        return lambda one: (
            one.kind is Kind.CLASS
            and within in one.classes
            and one.iri != class_named(query.columns[0])
        )
    if of_class:
        return lambda one: is_instance(one, of_class)
    if _is_property(parameter):
        return lambda one: (
            one.kind is Kind.ENTITY and ("Concept" in one.classes or lexicon.is_category(one.iri))
        )
    return lambda one: one.kind is Kind.ENTITY


def _value(meaning: Meaning) -> str:
    if meaning.kind is Kind.VALUE:
        return local_name(meaning.iri.value)
    return compact(meaning.iri.value)


def _years_of(query: NamedQuery, question: ReadQuestion) -> tuple[dict[str, str | int], float]:
    """Return the parameters for the years of a question, and how well they cover them."""
    years = question.years
    names = {parameter.name for parameter in (*query.parameters, *query.filters)}
    if years is None:
        return {}, 0.0
    bounds = {"from": years.first, "to": years.last}
    if names >= bounds.keys():
        return {name: year for name, year in bounds.items() if year is not None}, 1.0
    if "period" in names and years.first is not None and years.first == years.last:
        return {"period": str(years.first)}, 1.0
    # The years of the rows can be read in a column.
    return {}, 0.5 if "when" in question_vocabulary().kinds_of(query.columns) else 0.0


def _coverage(
    query: NamedQuery,
    question: ReadQuestion,
    used: set[int],
    lexicon: Lexicon,
    placed: Mapping[str, tuple[Mention, list[Meaning]]],
) -> tuple[float, float, tuple[Mention, ...], tuple[Mention, ...]]:
    """Return the weights of all and of the covered mentions, and those that are left out.

    The last are the entities that do not limit the rows.
    """
    weight = covered = 0.0
    left_out: list[Mention] = []
    unlimited: list[Mention] = []
    by_name = {id(mention): name for name, (mention, _) in placed.items()}
    for at, mention in enumerate(question.mentions):
        if mention.counts and at not in used:
            # The rows of a list can be counted.
            weight += _COUNT
            left_out.append(mention)
            continue
        counted = any(
            one.counts and one.start < mention.end and mention.start < one.end
            for number, one in enumerate(question.mentions)
            if number in used and number != at
        )
        if counted and mention.of(Kind.CLASS):
            continue  # the measure that counts it is in a parameter
        if at not in used and len(mention.of(Kind.VALUE)) == len(mention.meanings):
            # Only a value that some query takes can be missed.
            values = {local_name(meaning.iri.value) for meaning in mention.meanings}
            if values.isdisjoint(_listed_values()):
                continue
        own = max(_WEIGHTS[meaning.kind] for meaning in mention.meanings)
        weight += own
        if at in used:
            parameter = query.parameter(by_name[id(mention)])
            covered += own * _fit(parameter, placed[parameter.name][1])
        elif _is_asked(query, mention):
            covered += own
        elif _is_topic(query, mention, lexicon):
            covered += own * _NAMED
        elif _in_columns(query, mention):
            covered += own * _IN_COLUMNS
            unlimited.append(mention)
        elif own >= _WEIGHTS[Kind.ENTITY]:
            left_out.append(mention)
            unlimited.append(mention)
    if "reference" in query.columns and question_vocabulary().statistic_asked(question.text):
        unlimited.clear()  # a share or a rank can be of a place: "China's GDP"
    return weight, covered, tuple(left_out), tuple(filter(_limits, unlimited))


def _limits(mention: Mention) -> bool:
    """Return whether a question is about a place or party alone; every text is the corridor's."""
    return mention.exact and any(
        one.iri != _CORRIDOR and not _PLACES.isdisjoint(one.classes)
        for one in mention.of(Kind.ENTITY)
    )


def _fit(parameter: Parameter, meanings: list[Meaning]) -> float:
    """Return how well (0 to 1) an entity fits a parameter, which may be named for a class."""
    if not parameter.of_class and not parameter.enum:
        where = question_vocabulary().kinds_of([parameter.name])
        of_places = any(not _PLACES.isdisjoint(meaning.classes) for meaning in meanings)
        return _OTHER if where and not of_places else _ANY
    if parameter.of_class == "Class":
        return _ANY
    if question_vocabulary().kinds_of([parameter.name]) == {"where"}:
        return 1.0 if any("Place" in meaning.classes for meaning in meanings) else _UNUSUAL
    if parameter.name == "person":
        return 1.0 if any("Person" in meaning.classes for meaning in meanings) else _OTHER
    return 1.0


@cache
def _listed_values() -> frozenset[str]:
    """Return the listed values of all parameters."""
    queries = load_catalog().values()
    return frozenset(value for one in queries for p in one.parameters for value in p.enum)


def _in_columns(query: NamedQuery, mention: Mention) -> bool:
    """Return whether a column of a query, for which it has no parameter, can hold an entity."""
    words = question_vocabulary()
    taken = {parameter.name for parameter in query.parameters}
    columns = [column for column in query.columns if column not in taken]
    kinds = words.kinds_of(columns)
    return any(
        not words.any_columns.isdisjoint(columns)
        or ("where" in kinds and "SpatialThing" in meaning.classes)
        or ("who" in kinds and not meaning.classes.isdisjoint(("Party", "Agent")))
        for meaning in mention.of(Kind.ENTITY)
    )


def _is_asked(query: NamedQuery, mention: Mention) -> bool:
    """Return whether the rows of a query are of the class that a mention names."""
    return any(one.iri == class_named(query.columns[0]) for one in mention.of(Kind.CLASS))


def _is_topic(query: NamedQuery, mention: Mention, lexicon: Lexicon) -> bool:
    """Return whether a query is about what a mention names, without a parameter for it."""
    if any(
        query_ranking().has_features(query.name, question_vocabulary().features(mention.written))
        for _ in mention.of(Kind.CLASS) + mention.of(Kind.VALUE) + mention.of(Kind.MEASURE)
    ):
        return True
    answered = {class_named(column) for column in query.columns}
    for meaning in mention.of(Kind.CLASS):
        if meaning.iri in answered or any(g60(name) in answered for name in meaning.classes):
            return True
    return any(
        query_ranking().has_features(query.name, words)
        for meaning in mention.of(Kind.ENTITY)
        for words in topic_features(meaning, lexicon)
    )


def topic_features(meaning: Meaning, lexicon: Lexicon) -> list[list[str]]:
    """Return, for each name of an entity, its words that have a meaning."""
    words = question_vocabulary()
    return [
        [word for word in words.features(name) if word not in words.fillers]
        for name in sorted(lexicon.names_of(meaning.iri))
    ]


def _free_text(query: NamedQuery, question: ReadQuestion) -> str | None:
    """Return the text to search for, if a sample question of the query matches the question."""
    quoted = _QUOTED.search(question.text)
    if quoted is not None:
        return quoted[1].strip()
    for pattern in _patterns(query):
        found = pattern.fullmatch(question.text.strip())
        if found is not None:
            text = found["text"].strip()
            if len(tokens(text)) <= _LONGEST_TEXT or _is_chinese_word(text):
                return text
    return None


def _is_chinese_word(text: str) -> bool:
    listed = tokens(text)
    return all(token.chinese for token in listed) and len(listed) <= 2 * _LONGEST_TEXT


@cache
def _patterns(query: NamedQuery) -> tuple[re.Pattern[str], ...]:
    """Return the sample questions with a free text as patterns."""
    found = []
    for sample in query.questions:
        if _TEXT in sample:
            before, _, behind = sample.rstrip("?？.。").partition(_TEXT)
            parts = (re.escape(part.strip()) for part in (before, behind))
            pattern = r"\s*(?P<text>.+?)\s*".join(parts)
            found.append(re.compile(rf"{pattern}\s*[?？.。!！]*", re.IGNORECASE))
    return tuple(found)
