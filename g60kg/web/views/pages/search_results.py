"""View models of the search page, of suggestions for unknown names, and of neighbours."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from g60kg import namespaces as ns
from g60kg.errors import UsageError
from g60kg.namespaces import compact, local_name
from g60kg.queries.entity_search import (
    QUOTED,
    FoundEntity,
    TellingFact,
    TellingFacts,
    search_entities,
)
from g60kg.web.views.open_graph import lookup
from g60kg.web.views.pages.page_reader import PageReader
from g60kg.web.views.pages.view_models import EvidenceModel, TermModel

#: The most results, and the most neighbours, of one page.
PAGE: Final = 20
MOST: Final = 300


@dataclass(frozen=True, slots=True)
class BesideModel:
    """A statement that helps to recognize an entity in a list.

    ``is_inverse`` is true if the entity is its value and the property has no inverse.
    """

    predicate: TermModel
    value: TermModel
    further: int
    is_inverse: bool
    modality: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity found by a search."""

    name: TermModel
    kind: TermModel
    facts: tuple[BesideModel, ...]
    matched: TermModel | None
    quotes: tuple[EvidenceModel, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of the results of a search; without results, the nearest names.

    Attributes:
        classes: the classes of all results, each with the number of its results.
        kind: the local name of the only class shown; empty for all.
        count: the number of results of the class ``kind``.
        total: the number of results of all classes.
        offset: the number of results before the page.
        nearest: the entities with the most similar names, if there are no results.
        problem: why the text cannot be searched for; empty if it can.
    """

    hits: tuple[Hit, ...] = ()
    classes: tuple[tuple[TermModel, int], ...] = ()
    kind: str = ""
    count: int = 0
    total: int = 0
    offset: int = 0
    nearest: tuple[TermModel, ...] = ()
    problem: str = ""

    @property
    def last(self) -> int:
        """The number of the page's last result, from 1; ``offset`` for an empty page."""
        return self.offset + len(self.hits)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A relation of an entity with another one."""

    out: bool
    predicate: TermModel
    other: TermModel


def search(language: str, text: str, kind: str = "", offset: int = 0) -> SearchPage:
    """Return a page of the entities that match a text, best first."""
    reader = PageReader(language)
    try:
        found = search_entities(reader.store, reader.context.resolver, text)
    except UsageError as error:
        return SearchPage(problem=error.message.removeprefix("text: "))
    if not found:
        return SearchPage(nearest=nearest(language, text))
    counts = Counter(entry.kind for entry in found)
    classes = [(reader.term_model(one), counts[one]) for one in counts]
    classes.sort(key=lambda pair: (-pair[1], pair[0].text))
    chosen = [entry for entry in found if kind in ("", local_name(entry.kind.value))]
    telling = TellingFacts(reader.store, language)
    hits = tuple(_hit(reader, telling, entry) for entry in chosen[offset : offset + PAGE])
    return SearchPage(hits, tuple(classes), kind, len(chosen), len(found), offset)


def _hit(reader: PageReader, telling: TellingFacts, entry: FoundEntity) -> Hit:
    name, quoted = reader.term_model(entry.iri), entry.rank == QUOTED
    known = name.text in (one.value for one in entry.matched)
    return Hit(
        name,
        reader.term_model(entry.kind),
        beside(reader, telling.of(entry.iri)),
        None if known or quoted else reader.term_model(entry.matched[0]),
        _quotes(reader, entry) if quoted else (),
    )


def beside(reader: PageReader, facts: Iterable[TellingFact]) -> tuple[BesideModel, ...]:
    """Return the view models of statements.

    If the entity is the value of a statement, the inverse of its property is shown, if there is
    one.
    """

    def model(fact: TellingFact) -> BesideModel:
        inverse = reader.inverses.get(fact.predicate.value) if fact.is_inverse else None
        return BesideModel(
            reader.term_model(inverse or fact.predicate),
            reader.term_model(fact.value),
            fact.further,
            fact.is_inverse and inverse is None,
            fact.modality,
        )

    return tuple(map(model, facts))


def _quotes(reader: PageReader, entry: FoundEntity) -> tuple[EvidenceModel, ...]:
    """Return the quotations of an entity's Facts that are equal to the entity's first match."""
    words = entry.matched[0]
    facts = [
        fact
        for selector in reader.subjects(ns.EXACT, words)
        for evidence in reader.subjects(ns.HAS_SELECTOR, selector)
        for fact in reader.subjects(ns.HAS_EVIDENCE, evidence)
        if entry.iri
        in (*reader.objects(fact, ns.FACT_SUBJECT), *reader.objects(fact, ns.FACT_OBJECT))
    ]
    return tuple(one for one in reader.quotes_of(facts) if one.text == words.value)


def nearest(language: str, text: str) -> tuple[TermModel, ...]:
    """Return the entity with a name; unless exactly one has it, entities with similar names."""
    reader = PageReader(language)
    try:
        return (reader.term_model(reader.context.resolver.entity(text)),)
    except UsageError:
        return tuple(map(reader.term_model, reader.context.resolver.nearest(text)))


@lookup
def neighbourhood(language: str, name: str) -> tuple[TermModel, tuple[Neighbour, ...]]:
    """Return the entity with a label, CURIE or IRI, and at most MOST relations with neighbours.

    Raise UsageError unless exactly one entity has the name.
    """
    reader = PageReader(language)
    node = reader.context.resolver.entity(name)
    reader.context.need_process_unless_small(node)
    table = reader.answer("neighbours", {"entity": compact(node.value)}, limit=MOST)
    found = [
        Neighbour(way.text == "out", predicate, other)
        for row in table.rows
        if (way := row["direction"]) and (predicate := row["property"]) and (other := row["other"])
    ]
    found.sort(key=lambda one: (one.predicate.text, one.other.text))
    return reader.term_model(node), tuple(found)
