"""Search for entities by words of a name or a quotation: rows of the query `search`, grouped."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, TypeGuard

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.evidence_lookup import Labels
from g60kg.model.facts import ASSERTED, Fact, read_fact
from g60kg.namespaces import FACT_OBJECT, FACT_PREDICATE, FACT_SUBJECT, LABEL, PREFIXES, g60, term
from g60kg.queries.answers import Answer, Pair, sorted_rows
from g60kg.queries.binding import bind
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import rows_of
from g60kg.queries.parameters import Resolver
from g60kg.stores.base import GraphStore, Term

#: The rank of an entity that a quotation matches and no name does.
QUOTED: Final = 5
#: The properties whose texts the query `search` reads.
_NAMING: Final = re.compile(r"VALUES \?naming \{[^}]*\}")
#: The most facts that are read: about an entity, and to see which properties are common.
_MOST_FACTS: Final = 300
_SAMPLE: Final = 1_000
#: The most facts shown beside an entity.
_SHOWN: Final = 2
#: The most characters of a text shown beside an entity.
_LONGEST: Final = 80
#: What describes an entity without facts, in this order.
_DESCRIBING: Final = (term("skos:definition"), g60("publisher"))


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """An entity that a search text matches.

    Attributes:
        iri: its IRI.
        kind: its class, as the query `search` gives it.
        rank: the rank of its best match, from the query `search`: lower is better, QUOTED if only
            quotations match.
        matched: its matching names, best first; its matching quotations if no name matches.
    """

    iri: NamedNode
    kind: NamedNode
    rank: int
    matched: tuple[Literal, ...]


def search_entities(store: GraphStore, resolver: Resolver, text: str) -> list[FoundEntity]:
    """Return the entities with all words of a text in a name, or in a quotation about them.

    They are in the order of the query `search`; empty if no entity matches.

    Raises:
        UsageError: the text has no letter or digit.
    """
    query = named_query("search")
    bound = bind(query, resolver.terms(query, {"text": text}))
    if (stated := resolver.texts_with(bound.terms["text"].value)) is not None:
        # Otherwise the engine compares every name and quotation of the graph. In pairs: with
        # `restricted` to the texts alone it tries each with every property, 17 s instead of 0.3 s
        # for "a" at a million triples.
        pairs = " ".join(f"({naming} {one})" for naming, one in stated)
        rows = _NAMING.sub(lambda _: f"VALUES (?naming ?matched) {{ {pairs} }}", bound.rows)
        bound = replace(bound, rows=rows)
    found: dict[str, FoundEntity] = {}
    matched: defaultdict[str, list[Literal]] = defaultdict(list)
    for iri, kind, name, number in rows_of(store, bound):
        if not isinstance(iri, NamedNode) or not isinstance(kind, NamedNode):
            continue
        rank = int(getattr(number, "value", QUOTED))
        first = found.setdefault(iri.value, FoundEntity(iri, kind, rank, ()))
        if isinstance(name, Literal) and (rank < QUOTED or first.rank == QUOTED):
            matched[iri.value].append(name)
    return [replace(one, matched=tuple(matched[iri])) for iri, one in found.items()]


def search_answer(
    store: GraphStore,
    text: str,
    labels: Labels,
    *,
    limit: int | None = None,
    offset: int = 0,
    sort: str | None = None,
) -> Answer:
    """Return the found entities as rows: the entity, its class, and the names that match.

    The names, or else the quotations, are one text, separated by semicolons. Errors are
    those of :func:`search_entities`, and UsageError for an unknown column in ``sort``.
    """
    found = search_entities(store, Resolver(store), text)
    columns = ("entity", "entityLabel", "class", "classLabel", "matched")
    rows: Iterable[Pair] = (
        ((one.iri, labels.of(one.iri), one.kind, labels.of(one.kind), matched), ())
        for one in found
        for matched in [Literal("; ".join(name.value for name in one.matched))]
    )
    return Answer(
        columns,
        sorted_rows(columns, rows, sort) if sort else rows,
        query="search",
        parameters={"text": Literal(text)},
        limit=limit,
        offset=offset,
        language=labels.language,
    )


@dataclass(frozen=True, slots=True)
class TellingFact:
    """A property of an entity with one value, and the number of its ``further`` values.

    If ``is_inverse``, the entity is the object, and the values are subjects.
    """

    predicate: NamedNode
    value: NamedNode | Literal
    further: int = 0
    is_inverse: bool = False
    modality: str = ASSERTED


class TellingFacts:
    """A selection of the facts that describe an entity in few words: "located in Hangzhou".

    They are asserted facts about the entity whose value is another entity or, if there is no such
    fact, a short text. Properties with fewer values come first, then those that the graph states
    most often.

    For an entity without such a fact, an asserted fact that has it as the object is used, else its
    definition or publisher, else a fact of another modality.
    """

    def __init__(self, store: GraphStore, language: str) -> None:
        self._store = store
        self._language = language
        self._uses: Counter[str] = Counter()
        for quad in islice(store.quads(None, FACT_PREDICATE, None), _SAMPLE):
            if isinstance(quad.object, NamedNode):
                self._uses[quad.object.value] += 1

    def of(self, iri: NamedNode) -> list[TellingFact]:
        """Return up to two properties of an entity, each with a value; empty if it has none."""
        own, asserted = self._read(iri, FACT_SUBJECT)
        if found := self._best(asserted, FACT_OBJECT)[:_SHOWN]:
            return found
        others, asserted = self._read(iri, FACT_OBJECT)
        return (
            self._best(asserted, FACT_SUBJECT)
            or self._described(iri)
            or self._best(own, FACT_OBJECT)
            or self._best(others, FACT_SUBJECT)
        )[:1]

    def _read(self, iri: NamedNode, part: NamedNode) -> tuple[list[Fact], list[Fact]]:
        """Return up to 300 Facts about an entity, and the asserted ones of them.

        ``part`` is the property that links a Fact to the entity: g60:factSubject or g60:factObject.
        """
        quads = islice(self._store.quads(None, part, iri), _MOST_FACTS)
        found = [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]
        self._store.prefetch(found)
        facts = [read_fact(self._store, fact) for fact in found]
        return facts, [fact for fact in facts if fact.modality == ASSERTED]

    def _best(self, facts: list[Fact], part: NamedNode) -> list[TellingFact]:
        """Return properties of Facts, best first, each with the best of its values.

        ``part`` is the property that links a Fact to its value: g60:factSubject or g60:factObject.
        """
        values: defaultdict[tuple[bool, str], dict[NamedNode | Literal, str]] = defaultdict(dict)
        for fact in facts:
            predicate, value = fact.first(FACT_PREDICATE), fact.first(part)
            if (
                isinstance(predicate, NamedNode)
                and predicate not in (ns.A, ns.POSSIBLY_SAME, *ns.NAMING)
                and self._is_brief(value)
            ):
                known = values[isinstance(value, Literal), predicate.value]
                known.setdefault(value, fact.modality)
        ranked = sorted(
            values, key=lambda one: (one[0], len(values[one]), -self._uses[one[1]], one[1])
        )
        return [
            TellingFact(NamedNode(key[1]), best, len(known) - 1, part == FACT_SUBJECT, known[best])
            for key in ranked
            if key[0] == ranked[0][0]
            for known in [values[key]]
            for best in [min(known, key=self._order)]
        ]

    def _described(self, iri: NamedNode) -> list[TellingFact]:
        for predicate in _DESCRIBING:
            texts = [one for one in self._store.objects(iri, predicate) if isinstance(one, Literal)]
            if texts:
                return [TellingFact(predicate, min(texts, key=self._order))]
        return []

    def _is_brief(self, value: Term | None) -> TypeGuard[NamedNode | Literal]:
        if isinstance(value, Literal):
            return value.language is not None and len(value.value) <= _LONGEST
        return (
            isinstance(value, NamedNode)
            and value.value.startswith(PREFIXES["id"])
            and any(True for _ in self._store.quads(value, LABEL, None))
        )

    def _order(self, value: NamedNode | Literal) -> tuple[bool, str]:
        in_another = isinstance(value, Literal) and value.language != self._language
        return in_another, value.value
