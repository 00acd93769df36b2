"""Candidates for a name: entities with the same or a similar name, ranked by class and properties.

This is the matching of the reconciliation API. Names are those of :class:`Names`: labels,
alternative and hidden names in both scripts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.errors import UnknownName, UsageError
from g60kg.model.names import LANGUAGES, Names, folded, names_of, one_width
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import HISTORY_GRAPH, PREFIXES, A, expand
from g60kg.stores.base import GraphStore, Term

#: The score of the same name, and the most for a similar one.
EXACT: Final = 100.0
_SIMILAR: Final = 99.0
#: The candidates of a query that gives no limit.
USUAL_LIMIT: Final = 10
#: What a property costs that has the value, has others, or has none: not every source says
#: everything. A name that is only similar costs more.
_COST: Final = {True: 0.0, False: 10.0, None: 5.0}
#: Candidates that are compared by their properties, for each that is returned, and the fewest.
_COMPARED: Final = 3
_FEWEST: Final = 30
#: The quads of a value that are read to find entities by a property alone.
_MOST_SUBJECTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class HintValue:
    """The value of a property given with a name to match; its text is a local name if ``is_id``."""

    text: str
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class NameQuery:
    """A name to match.

    Attributes:
        text: the name; empty to search by properties alone.
        types: classes by label, local name, CURIE or IRI.
        strictness: ``any`` or ``all`` of the classes are required; ``should`` prefers them.
        limit: the most candidates.
        hints: properties by label, local name, CURIE or IRI, each with possible values.
    """

    text: str = ""
    types: tuple[str, ...] = ()
    strictness: str = "any"
    limit: int = USUAL_LIMIT
    hints: tuple[tuple[str, tuple[HintValue, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a name may mean.

    Attributes:
        iri: its IRI.
        score: from 0 to 100.
        name_score: the similarity of the name, from 0 to 100; None for a query without a name.
        hints: whether the entity has one of the given values, for each property as the query names
            it; for ``type``, if classes are preferred, whether it has one of them. A property of
            which the graph has no value for the entity is left out.
        is_match: whether it has exactly the name, no hint contradicts it, and no other candidate
            has its score.
    """

    iri: NamedNode
    score: float
    name_score: float | None
    hints: tuple[tuple[str, bool], ...]
    is_match: bool = False


class NameMatcher:
    """Finds the entities that names mean."""

    def __init__(self, store: GraphStore, vocabulary: Vocabulary, names: Names) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._names = names
        self._known_classes: dict[NamedNode, frozenset[str]] = {}

    def candidates(self, query: NameQuery) -> list[Candidate]:
        """Return the candidates of a query, best first; empty if there are none.

        Without hints and preferred classes, an exact name of one entity gives that one alone.

        Raises:
            UsageError: a class or property is unknown or ambiguous.
        """
        names = self._vocabulary.class_names
        kinds = [find_term(names, text, "type", "class").value for text in query.types]
        properties = self._vocabulary.property_names
        hints = [
            (text, find_term(properties, text, "pid", "property"), values)
            for text, values in query.hints
        ]
        is_free = not kinds or query.strictness == "should"
        required = any if query.strictness == "any" else all

        def fits(iri: NamedNode) -> bool:
            if not iri.value.startswith(PREFIXES["id"]):
                return False
            return is_free or required(kind in self._classes(iri) for kind in kinds)

        if one_width(query.text):
            named = self._scores(query, fits)
        else:
            of_values = (one for _, prop, values in hints for one in self._with_value(prop, values))
            named = {iri: None for iri in of_values if fits(iri)}
        found = []
        for iri, name_score in named.items():
            agreeing = [(text, self._agrees(iri, prop, values)) for text, prop, values in hints]
            if kinds and query.strictness == "should":
                agreeing.append(("type", any(kind in self._classes(iri) for kind in kinds)))
            cost = sum(_COST[agrees] for _, agrees in agreeing) / (len(agreeing) or 1)
            score = round((EXACT if name_score is None else name_score) - cost, 2)
            known = tuple((text, agrees) for text, agrees in agreeing if agrees is not None)
            found.append(Candidate(iri, score, name_score, known))
        found.sort(key=lambda one: (-one.score, len(one.iri.value), one.iri.value))
        return _with_match(found)[: query.limit]

    def _scores(
        self, query: NameQuery, fits: Callable[[NamedNode], bool]
    ) -> dict[NamedNode, float | None]:
        text = one_width(query.text)
        iri = expand(text)
        exact = [one for one in self._names.meanings(text) if fits(one)]
        if iri is not None and fits(iri) and self._classes(iri):
            exact.append(iri)
        found: dict[NamedNode, float | None] = dict.fromkeys(exact, EXACT)
        if len(found) == 1 and not query.hints and query.strictness != "should":
            return found
        most = max(_FEWEST, _COMPARED * query.limit)
        for _, meanings, score in self._names.similar(text):
            for one in meanings:
                if fits(one):
                    found.setdefault(one, min(round(score, 2), _SIMILAR))
            if len(found) >= most:
                break
        return found

    def _with_value(self, predicate: NamedNode, values: Iterable[HintValue]) -> Iterator[NamedNode]:
        for value in values:
            objects: list[Term] = []
            if not value.is_id:
                objects += [*self._names.meanings(value.text), Literal(value.text)]
                objects += [Literal(value.text, language=tag) for tag in LANGUAGES]
            elif iri := entity_of(value.text):
                objects.append(iri)
            for object_ in objects:
                quads = islice(self._store.quads(None, predicate, object_), _MOST_SUBJECTS)
                yield from (one.subject for one in quads if isinstance(one.subject, NamedNode))

    def _agrees(
        self, iri: NamedNode, predicate: NamedNode, values: Iterable[HintValue]
    ) -> bool | None:
        """Return whether an entity has one of the given values of a property.

        None if the graph has no value of the property for the entity.
        """
        quads = self._store.quads(iri, predicate, None)
        own = [quad.object for quad in quads if quad.graph_name != HISTORY_GRAPH]
        wanted = {folded(value.text) for value in values}
        ids = {entity_of(value.text) for value in values if value.is_id}
        for value in own:
            if isinstance(value, NamedNode):
                if value in ids or not wanted.isdisjoint(
                    folded(name.value) for name in names_of(self._store, value)
                ):
                    return True
            elif isinstance(value, Literal) and folded(value.value) in wanted:
                return True
        return False if own else None

    def _classes(self, iri: NamedNode) -> frozenset[str]:
        if iri not in self._known_classes:
            types = self._store.objects(iri, A)
            self._known_classes[iri] = self._vocabulary.with_superclasses(types)
        return self._known_classes[iri]


def entity_of(local: str) -> NamedNode | None:
    """Return the entity of a local name; None if it is not valid in an IRI."""
    return expand(f"id:{local}")


def find_term(
    names: Names, text: str, parameter: str, what: str, error: type[UsageError] = UsageError
) -> NamedNode:
    """Return the class or property that a name means.

    ``what`` is "class" or "property"; ``parameter`` begins the message of UsageError.

    Raises:
        UsageError: of the type ``error``: no class or property has the name; the hint has the
            nearest names.
        AmbiguousName: several have it.
    """
    try:
        return names.find(text, what)
    except UnknownName as unknown:
        raise error(f"{parameter}: {unknown.message}", hint=unknown.hint) from None


def _with_match(found: list[Candidate]) -> list[Candidate]:
    """Return the candidates, given best first, after computing ``is_match`` of the first one."""
    if not found:
        return []
    first, *others = found
    is_match = (
        first.name_score == EXACT
        and all(agrees for _, agrees in first.hints)
        and all(one.score < first.score for one in others)
    )
    return [replace(first, is_match=is_match), *others]
