"""Coverage of the names of a question by a reading, which is a canned query with parameters."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import g60, local_name
from g60kg.queries.ask.lexicon import CORRIDOR, Lexicon, Meaning, NameKind, class_named
from g60kg.queries.ask.mentions import ReadQuestion
from g60kg.queries.ask.query_ranking import query_ranking
from g60kg.queries.ask.question_names import Mention
from g60kg.queries.ask.question_tokens import keys, singular
from g60kg.queries.ask.question_vocabulary import question_vocabulary
from g60kg.queries.catalog import NamedQuery, Parameter, ParameterType, load_catalog

#: How much of a question a mention of each kind is.
_WEIGHTS: Final = {
    NameKind.ENTITY: 1.0,
    NameKind.MEASURE: 1.0,
    NameKind.CLASS: 0.5,
    NameKind.VALUE: 0.5,
}
#: What a count is worth that a query does not give.
_COUNT: Final = 1.0
#: How well a query without a parameter for it covers a mention that its header names.
_NAMED: Final = 0.9
#: How well a query covers an entity that only its columns can hold.
_IN_COLUMNS: Final = 0.5
#: How well an entity fits a parameter for any entity, compared with one for its class.
_ANY: Final = 0.9
#: How well a phase or a transport line fits a parameter for a place.
_UNUSUAL: Final = 0.7
#: How well an entity fits a parameter for a person or a place that it is not.
_OTHER: Final = 0.6
PLACES: Final = frozenset(("SpatialThing", "Party"))
#: What covers places, and is no place.
PHASE: Final = frozenset(("CorridorPhase",))
#: What limits the rows that are asked for.
_LIMITS: Final = PLACES | {"Concept"}
#: The classes of what can be wider or narrower than a value.
_WIDE: Final = frozenset(("SpatialThing", "Concept"))
#: The classes of what every row is about or comes from.
_ABOUT_ALL: Final = frozenset(("Source", "Fact", "Evidence"))
#: The column that has each other entity of the same relation.
_COUNTERPART: Final = "counterpart"
#: The classes of parameters that take persons, and mean rather organizations and places.
_PARTIES: Final = frozenset(("Party", "Agent", "Organization"))


def covered_names(
    query: NamedQuery,
    question: ReadQuestion,
    lexicon: Lexicon,
    placed: Mapping[str, tuple[int, list[Meaning]]],
    compared: Mapping[int, str],
) -> tuple[float, float, tuple[Mention, ...], tuple[Mention, ...]]:
    """Return how much of a question's names a reading covers, and the names it ignores.

    The tuple has the weight of the mentions (some, such as repeated ones, have none), the
    weight of the covered ones, the mentions that the reading ignores, and those to which
    it does not limit its rows. ``placed`` has the number of a mention and its meanings by
    parameter, ``compared`` the CURIE of a compared entity by the number of its mention.
    """
    weight = covered = 0.0
    left_out: list[Mention] = []
    unlimited: list[Mention] = []
    used = {at: name for name, (at, _) in placed.items()}
    for at, mention in enumerate(question.mentions):
        if mention.counts and at not in used:
            weight += _COUNT
            if query.counts and any(_is_asked(query, one) for one in question.mentions):
                covered += _COUNT  # the number of firms of each industry
            else:
                left_out.append(mention)  # the rows of a list can be counted
            continue
        counted = any(
            one.counts and one.start < mention.end and mention.start < one.end
            for number, one in enumerate(question.mentions)
            if number in used and number != at
        )
        if counted and mention.of(NameKind.CLASS):
            continue  # the measure that counts it is in a parameter
        if at not in used and len(mention.of(NameKind.VALUE)) == len(mention.meanings):
            # Only a value that some query takes can be missed.
            values = {local_name(meaning.iri.value) for meaning in mention.meanings}
            if values.isdisjoint(_listed_values()):
                continue
        if at not in used and any(question.mentions[n].meanings == mention.meanings for n in used):
            continue  # the same name again
        own = max(_WEIGHTS[meaning.kind] for meaning in mention.meanings)
        weight += own
        if at in used:
            parameter = query.parameter(used[at])
            meanings = placed[parameter.name][1]
            covered += own * max(fit(query, parameter, one, lexicon) for one in meanings)
        elif at in compared or _is_asked(query, mention):
            covered += own
        elif _is_topic(query, question, mention, lexicon):
            covered += own * (_IN_COLUMNS if _is_side_class(mention) else _NAMED)
        elif any(
            one.iri == CORRIDOR
            or (one.kind is NameKind.CLASS and query.evidence and _ABOUT_ALL & one.classes)
            for one in mention.meanings
        ) or _has_column_of(query, mention):
            covered += own * _IN_COLUMNS
        elif mention.of(NameKind.CLASS) == mention.meanings and "measure" in placed:
            pass  # a figure has no class to limit
        elif _in_columns(query, mention):
            covered += own * _IN_COLUMNS
            if _COUNTERPART not in query.columns and not _is_in_facts(
                mention, query, placed, lexicon
            ):
                unlimited.append(mention)
        elif own >= _WEIGHTS[NameKind.ENTITY] or mention.of(NameKind.CLASS):
            left_out.append(mention)
            unlimited.append(mention)
    if "reference" in query.columns and question_vocabulary().statistics_asked(question.text):
        unlimited.clear()  # a share or a rank can be of a place: "China's GDP"
    given = [meaning.iri for _, meanings in placed.values() for meaning in meanings]
    limits = (
        mention
        for mention in unlimited
        if _limits(mention, lexicon)
        # What is wider than a value, or narrower, limits no more: "Wuhu in Anhui"; a company in
        # Wuhu does.
        and not any(
            lexicon.are_related(*pair)
            for one in mention.of(NameKind.ENTITY)
            if one.classes & _WIDE
            for iri in given
            for pair in ((iri, one.iri), (one.iri, iri))
        )
    )
    return weight, covered, tuple(left_out), tuple(limits)


def _is_in_facts(
    mention: Mention,
    query: NamedQuery,
    placed: Mapping[str, tuple[int, list[Meaning]]],
    lexicon: Lexicon,
) -> bool:
    return "fact" in query.columns and any(
        lexicon.are_related(subject.iri, other.iri)
        for _, meanings in placed.values()
        for subject in meanings
        for other in mention.of(NameKind.ENTITY)
    )


def _limits(mention: Mention, lexicon: Lexicon) -> bool:
    """Return whether a mention limits the rows asked for: a place, a party, a category or a class.

    Sources, facts and evidence as classes do not, nor synonyms of a class, nor parts of a name
    except its beginning.
    """
    names = [name for one in mention.meanings for name in lexicon.names_of(one.iri)]
    if mention.of(NameKind.CLASS) == mention.meanings:
        # Every row is a statement of sources.
        return not any(_ABOUT_ALL & one.classes for one in mention.meanings) and (
            keys(mention.written) in map(keys, names)
        )
    named = mention.exact or any(name.startswith(mention.written) for name in names)
    return named and any(not _LIMITS.isdisjoint(one.classes) for one in mention.of(NameKind.ENTITY))


def fit(query: NamedQuery, parameter: Parameter, one: Meaning, lexicon: Lexicon) -> float:
    """Return how well (0 to 1) a meaning fits a parameter of a query; 0 if it is no value of it."""
    classes, of_class, name = one.classes, parameter.of_class, parameter.name
    if parameter.enum:
        return float(one.kind is NameKind.VALUE and local_name(one.iri.value) in parameter.enum)
    if parameter.type is not ParameterType.IRI:
        return 0.0
    if of_class == "Class":
        of_rows = class_named(query.columns[0])
        narrower = local_name(of_rows.value) in classes and one.iri != of_rows
        return _ANY if one.kind is NameKind.CLASS and narrower else 0.0
    of_places = question_vocabulary().kinds_of([name]) == {"where"}
    wanted = of_class.split(" or ") if of_class else PLACES if of_places else classes
    # All rows are in the corridor, whose own query has no parameter.
    no_places = PHASE | {"Corridor"} if of_class else PHASE
    if (
        one.kind not in ((NameKind.ENTITY, NameKind.MEASURE) if of_class else (NameKind.ENTITY,))
        or classes.isdisjoint(wanted)
        or (of_places and no_places & classes)
    ):
        return 0.0
    if is_category(parameter):
        is_concept = "Concept" in classes
        if "SpatialThing" in classes or not (is_concept or lexicon.is_category(one.iri)):
            return 0.0
        return _ANY if is_concept else _OTHER
    if name == "subject" and not lexicon.has_figures(one.iri):
        return _OTHER
    if not of_class:
        # What is stated about a post is who holds it, of a source what it says.
        return _ANY if classes.isdisjoint(("Post", "Source")) else _OTHER
    if name == "person" or (of_class in _PARTIES and "Person" in classes):
        return 1.0 if name == "person" and "Person" in classes else _OTHER
    return _UNUSUAL if of_places and "Place" not in classes else 1.0


@cache
def _listed_values() -> frozenset[str]:
    queries = load_catalog().values()
    return frozenset(value for one in queries for p in one.parameters for value in p.enum)


def _in_columns(query: NamedQuery, mention: Mention) -> bool:
    """Return whether a column that is not a parameter can hold a mentioned entity."""
    words = question_vocabulary()
    taken = {parameter.name for parameter in query.parameters}
    columns = [column for column in query.columns if column not in taken]
    kinds = words.kinds_of(columns)
    return any(
        not set(columns).isdisjoint(words.content["any_columns"])
        or (
            "where" in kinds
            and "SpatialThing" in meaning.classes
            and PHASE.isdisjoint(meaning.classes)
        )
        or ("who" in kinds and not meaning.classes.isdisjoint(("Party", "Agent")))
        for meaning in mention.of(NameKind.ENTITY)
    )


def _has_column_of(query: NamedQuery, mention: Mention) -> bool:
    if mention.of(NameKind.MEASURE):
        # Two figures can conflict, and have a quotation each.
        return not {"otherValue", "quote"}.isdisjoint(query.columns)
    classes = {name for one in mention.of(NameKind.CLASS) for name in one.classes}
    return "SpatialThing" in classes and "where" in question_vocabulary().kinds_of(query.columns)


def _is_asked(query: NamedQuery, mention: Mention) -> bool:
    return any(one.iri == class_named(query.columns[0]) for one in mention.of(NameKind.CLASS))


def _is_side_class(mention: Mention) -> bool:
    """Return whether all meanings are classes, and some query has rows of one of them.

    Sources, facts and evidence do not count.
    """
    return len(mention.of(NameKind.CLASS)) == len(mention.meanings) and any(
        one.iri in _row_classes() and one.classes.isdisjoint(_ABOUT_ALL) for one in mention.meanings
    )


@cache
def _row_classes() -> frozenset[NamedNode]:
    return frozenset(class_named(query.columns[0]) for query in load_catalog().values())


def _asks_figure(
    query: NamedQuery, question: ReadQuestion, mention: Mention, lexicon: Lexicon
) -> bool:
    """Return whether a mention asks for a figure that a query does not have.

    "New projects", "areas" and "number of firms of each industry" ask for rows.
    """
    measures, written = mention.of(NameKind.MEASURE), mention.written.casefold()
    takes_measures = any(one.name == "measure" for one in query.parameters)
    if takes_measures or not mention.exact or measures != mention.meanings:
        return False
    asked = any(_is_asked(query, one) for one in question.mentions)
    if query.counts:
        return not asked
    if any(lexicon.counts(one.iri) for one in measures):
        return any(question_vocabulary().count_stems(written))
    names = {name.casefold() for one in measures for name in lexicon.names_of(one.iri)}
    entities = [one.iri for other in question.mentions for one in other.of(NameKind.ENTITY)]
    named = [iri for iri in entities if iri != CORRIDOR]
    stated = any(lexicon.has_figure_of(one.iri, named) for one in measures)
    return written in names and (stated or not asked)


def _is_topic(
    query: NamedQuery, question: ReadQuestion, mention: Mention, lexicon: Lexicon
) -> bool:
    """Return whether a query is about what a mention names, by its header or its columns.

    The header must have all words of the mention or, for an entity, of one of its names. A
    class can have a column instead; an entity cannot.
    """
    words = question_vocabulary()
    written = [word for word in words.features(mention.written) if word not in words.fillers]
    if query_ranking().has_features(query.name, written) and mention.of(NameKind.ENTITY) == ():
        return not _asks_figure(query, question, mention, lexicon)
    answered = {class_named(singular(column)) for column in query.columns}
    for meaning in mention.of(NameKind.CLASS):
        if query.columns[0] == "class":
            return True
        if meaning.iri in answered or any(g60(name) in answered for name in meaning.classes):
            return True
    return any(
        query_ranking().has_features(query.name, words)
        for meaning in mention.of(NameKind.ENTITY)
        for words in lexicon.topic_features(meaning.iri)
    )


def topic_keys(mention: Mention, lexicon: Lexicon) -> Iterator[str]:
    """Yield the names of mentioned entities that are one word of a header, for comparison."""
    known = query_ranking().vocabulary
    for meaning in mention.of(NameKind.ENTITY):
        names = lexicon.topic_features(meaning.iri)
        yield from (name[0] for name in names if len(name) == 1 and name[0] in known)


def is_category(parameter: Parameter) -> bool:
    """Return whether a parameter takes a category, to which a query limits its figures."""
    return parameter.name == "category"
