"""Assignment of the mentions of a question to the parameters of a canned query."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from g60kg.namespaces import compact, local_name
from g60kg.queries.ask.lexicon import CORRIDOR, Lexicon, Meaning, NameKind
from g60kg.queries.ask.mentions import ReadQuestion
from g60kg.queries.ask.name_coverage import covered_names, fit, is_category, topic_keys
from g60kg.queries.ask.query_ranking import query_ranking
from g60kg.queries.ask.question_names import Mention, are_sources
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.ask.searched_text import free_text
from g60kg.queries.catalog import SOURCE, NamedQuery, Parameter, ParameterType

#: How much of a question its years are.
_YEARS: Final = 0.7
#: How well a category is covered as a subject, compared with as a category.
_AS_SUBJECT: Final = 0.99
#: The same for an entity that is not the first choice of its parameter.
_SECOND_ENTITY: Final = 0.8
#: The most readings of one query, by the meanings of ambiguous names.
_MOST: Final = 3
#: By what a reading is multiplied that would ignore a measure, a count or an entity.
_WITHOUT_MEASURE: Final = 0.5
#: The same for a second measure: "population and GDP" is answered by one of them.
_WITHOUT_SECOND: Final = 0.9
_WITHOUT_COUNT: Final = 0.85
_WITHOUT_ENTITY: Final = 0.7
_WITHOUT_CLASS: Final = 0.85


@dataclass(frozen=True, slots=True)
class FilledParameters:
    """The parameters of a query as a question gives them.

    Attributes:
        parameters: CURIEs, numbers and texts by parameter.
        coverage: how much (0 to 1) of what the question names is in the parameters or is what the
            query is about; None if the question names nothing.
        left_out: the entities, measures, classes and counts that the query would ignore.
        unlimited: the names to which the rows are not limited.
        compared: the entities that the rows compare, as CURIEs.
        text: the free text to search for; empty for other queries.
        placed: the name of the parameter that has a mention, by the number of the mention.
        years: the names of the parameters that hold the years of the question.
    """

    parameters: Mapping[str, str | int]
    coverage: float | None
    left_out: tuple[Mention, ...] = ()
    unlimited: tuple[Mention, ...] = ()
    compared: frozenset[str] = frozenset()
    text: str = ""
    placed: Mapping[int, str] = field(default_factory=dict)
    years: tuple[str, ...] = ()


def fillings_of(
    query: NamedQuery, question: ReadQuestion, lexicon: Lexicon
) -> Iterator[FilledParameters]:
    """Yield possible sets of parameters of a query; nothing if a required value is missing.

    If only the subject of a measure is missing, it is the corridor. A query about one entity is
    also filled with the second entity of the question, with lower coverage.
    """
    first = list(_fillings(query, question, lexicon, frozenset()))
    yield from first
    if any(one.name == "entity" for one in query.parameters) and first:
        placed = frozenset(first[0].placed)
        for way in _fillings(query, question, lexicon, placed) if placed else ():
            if way.placed and way.parameters.get("entity") != compact(CORRIDOR.value):
                yield replace(way, coverage=(way.coverage or 0.0) * _SECOND_ENTITY)


def _fillings(
    query: NamedQuery, question: ReadQuestion, lexicon: Lexicon, others: frozenset[int]
) -> Iterator[FilledParameters]:
    """Yield possible sets of parameters without the mentions with a number in ``others``."""
    text = next((one for one in query.parameters if one.name == "text"), None)
    if text is not None:
        value = free_text(query, question)
        if value is not None:
            yield FilledParameters({text.name: value}, 1.0, text=value)
        return
    placed: dict[str, tuple[int, list[Meaning]]] = {}
    compared: dict[int, str] = {}
    taking = [p for p in query.parameters if p.type is not ParameterType.INTEGER]
    waiting = sorted((p for p in taking if p.name != "period"), key=_specificity)
    # A source that no parameter takes is a filter of the rows: "according to UPI".
    sources = (one for one in query.filters if one.name == SOURCE)
    for place, parameter in enumerate((*waiting, *sources), start=1):
        if "measure" in placed and not compared:
            compared = _compared(query, question, placed["measure"][1], lexicon)
        for at, mention in _in_order(query, parameter, question, lexicon):
            if at in others or at in compared or at in {used for used, _ in placed.values()}:
                continue
            own = [fit(query, parameter, one, lexicon) for one in mention.meanings]
            others_fit = (
                fit(query, other, one, lexicon)
                for other in waiting[place:]
                for one in mention.meanings
            )
            # None of the parameters that follow may fit better.
            if 0.0 < max(own) >= max(others_fit, default=0.0):
                pairs = zip(mention.meanings, own, strict=True)
                placed[parameter.name] = at, [one for one, fits in pairs if fits]
                break
    if "subject" in placed and "measure" in placed:
        subject = question.mentions[placed["subject"][0]]
        if _is_reference(subject, placed["measure"][1], lexicon):
            # "Share of China's GDP": figures about others, in relation to China.
            del placed["subject"]
    years, years_placed = _years_of(query, question)
    missing = {p.name for p in query.parameters if not p.optional and p.name not in placed}
    # A figure without a subject is the corridor's, which every text of the graph is about.
    of_corridor = missing == {"subject"} and "measure" in placed
    if missing and not of_corridor:
        return
    known = (*query.parameters, *query.filters)
    ordered = [parameter.name for parameter in known if parameter.name in placed]
    weight, covered, left_out, unlimited = covered_names(query, question, lexicon, placed, compared)
    if question.years:
        weight += _YEARS
        covered += _YEARS * years_placed
    choices = [placed[name][1][:_MOST] for name in ordered]
    for chosen in list(product(*choices))[:_MOST]:
        values: dict[str, str | int] = {
            name: _value(meaning) for name, meaning in zip(ordered, chosen, strict=True)
        }
        coverage = covered / weight if weight else None
        way = FilledParameters(
            {**({"subject": compact(CORRIDOR.value)} if of_corridor else {}), **values, **years},
            coverage,
            left_out,
            unlimited,
            frozenset(compared.values()),
            placed={placed[name][0]: name for name in ordered},
            years=tuple(years),
        )
        yield way
        category = dict(zip(ordered, chosen, strict=True)).get("category")
        names = {parameter.name for parameter in query.parameters}
        if category and "subject" in names - placed.keys() and lexicon.has_figures(category.iri):
            yield _about_category(way)


def _compared(
    query: NamedQuery, question: ReadQuestion, measures: list[Meaning], lexicon: Lexicon
) -> dict[int, str]:
    """Return the CURIEs of the entities that a question compares, by the index of the mention.

    They are two or more entities with figures, other than the corridor and reference areas. Empty
    unless the query has a column ``subject`` and no parameter of that name.
    """
    if "subject" not in query.columns or any(one.name == "subject" for one in query.parameters):
        return {}
    found = {
        at: compact(one.iri.value)
        for at, mention in enumerate(question.mentions)
        for one in mention.of(NameKind.ENTITY)
        if one.iri != CORRIDOR
        and lexicon.has_figures(one.iri)
        and not any(lexicon.has_reference(measure.iri, one.iri) for measure in measures)
    }
    return found if len(found) > 1 else {}


def _is_reference(mention: Mention, measures: list[Meaning], lexicon: Lexicon) -> bool:
    return any(
        lexicon.has_reference(measure.iri, one.iri)
        and not lexicon.has_figure_of(measure.iri, [one.iri])
        for measure in measures
        for one in mention.of(NameKind.ENTITY)
    )


def _about_category(way: FilledParameters) -> FilledParameters:
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
    """Return the mentions with their numbers, in the order in which a parameter tries them.

    Sources come last for a parameter of any class, and before them the words of the query's own
    header: "ranking" is also a measure.
    """

    measures = [one for mention in question.mentions for one in mention.of(NameKind.MEASURE)]

    def order(one: tuple[int, Mention]) -> tuple[bool, ...]:
        words = question_vocabulary().features(one[1].written)
        own = query_ranking().has_features(query.name, words)
        subject = parameter.name == "subject"
        figures = subject and any(lexicon.has_figures(meaning.iri) for meaning in one[1].meanings)
        measured = subject and any(
            lexicon.has_figure_of(measure.iri, [meaning.iri])
            for measure in measures
            for meaning in one[1].of(NameKind.ENTITY)
        )
        topic = any(topic_keys(one[1], lexicon))
        # What a source says about an entity is about the entity.
        source = not parameter.of_class and are_sources(one[1].meanings)
        return source, own, not measured, not one[1].exact, not figures, topic

    return sorted(enumerate(question.mentions), key=order)


def _specificity(parameter: Parameter) -> int:
    """Return a parameter's rank to take mentions: 0 listed values, 1 a class, 2 category, 3 any."""
    if parameter.enum:
        return 0
    if parameter.of_class:
        return 1
    return 2 if is_category(parameter) else 3


def _value(meaning: Meaning) -> str:
    if meaning.kind is NameKind.VALUE:
        return local_name(meaning.iri.value)
    return compact(meaning.iri.value)


def _years_of(query: NamedQuery, question: ReadQuestion) -> tuple[dict[str, str | int], float]:
    """Return the parameters for the years of a question, and how well (0 to 1) they cover them.

    Without years, empty and 0; without such parameters, empty and 0, or 0.5 with a column of dates.
    """
    years = question.years
    names = {parameter.name for parameter in (*query.parameters, *query.filters)}
    if years is None:
        return {}, 0.0
    bounds = {"from": years.first, "to": years.last}
    if "period" in names and years.first is not None and years.first == years.last:
        part = f"-{years.part}" if years.part else ""
        return {"period": f"{years.first}{part}"}, 1.0
    if names >= bounds.keys():
        return {name: year for name, year in bounds.items() if year is not None}, 1.0
    # The years of the rows can be read in a column.
    return {}, 0.5 if "when" in question_vocabulary().kinds_of(query.columns) else 0.0


def score_of(similarity: float, way: FilledParameters) -> float:
    """Return the score (0 to 1) of filled parameters, from the similarity (0 to 1) of the words.

    Without coverage it is the similarity; each name that is left out makes it lower.
    """
    if way.coverage is None:
        return similarity
    score = 0.5 * similarity + 0.5 * way.coverage
    for mention in way.left_out:
        if mention.counts:
            score *= _WITHOUT_COUNT
        elif mention.of(NameKind.CLASS) == mention.meanings:
            score *= _WITHOUT_CLASS
        elif mention.of(NameKind.MEASURE):
            score *= _WITHOUT_SECOND if "measure" in way.parameters else _WITHOUT_MEASURE
        else:
            score *= _WITHOUT_ENTITY
    return score
