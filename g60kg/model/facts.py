"""Facts of a store, found through its indexes, never by a scan.

A source's statements are in its own named graph: the direct triple and the Fact that supports it.
So the graphs of a triple give its sources, however many Facts there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice, product, zip_longest
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from g60kg import namespaces as ns
from g60kg.namespaces import local_name
from g60kg.stores.base import GraphStore, Term, objects_by_predicate

#: The modality of a Fact without any of the four properties.
ASSERTED: Final = "Asserted"


def modality_text(values: Iterable[NamedNode]) -> str:
    """Return the local names of the values of modality, joined by ``;``, or ``Asserted``.

    >>> from g60kg.namespaces import g60
    >>> modality_text([g60("Attributed"), g60("Expected")]), modality_text([])
    ('Attributed;Expected', 'Asserted')
    """
    return ";".join(local_name(value.value) for value in values) or ASSERTED


def modalities(store: GraphStore, fact: NamedNode) -> Iterator[str]:
    """Yield the modality of a Fact as canned queries compute it, once for each combination.

    The combinations are those of the values of a property, if it has several.
    """
    stated = (
        {
            f";{quad.object.value.partition('/ontology/')[2]}"
            for quad in store.quads(fact, part)
            if not isinstance(quad.object, Triple)
        }
        for part in ns.MODALITY
    )
    for joined in dict.fromkeys(map("".join, product(*(found or ("",) for found in stated)))):
        yield joined[1:] if joined else ASSERTED


#: The properties of a Fact that name its triple.
FACT_TRIPLE: Final = (ns.FACT_SUBJECT, ns.FACT_PREDICATE, ns.FACT_OBJECT)
#: Facts of a node that are read at once.
FEW: Final = 8
_OF_FACTS: Final = frozenset(
    (*FACT_TRIPLE, ns.HAS_EVIDENCE, ns.COMPLETE_LIST, ns.TIME, ns.FACT_STATUS)
)
_OF_OBSERVATIONS: Final = frozenset(
    (ns.OBSERVED_MEASURE, ns.NUMERIC_VALUE, ns.COMPARATOR, ns.UNIT, ns.REFERENCE_PERIOD)
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A Fact as a source states it.

    Attributes:
        graph: its named graph; None for the default graph.
        parts: its properties, each with its values, sorted.
        sources: the IRIs of the articles and data sets of its evidence; empty if they were not
            read.
    """

    iri: NamedNode
    graph: NamedNode | None
    parts: Mapping[NamedNode, tuple[Term, ...]]
    sources: frozenset[str] = frozenset()

    @classmethod
    def of(cls, iri: NamedNode, quads: Iterable[Quad]) -> Fact:
        """Return the Fact of quads, all with its IRI as subject, without its sources."""
        stated = list(quads)
        graphs = {q.graph_name for q in stated if isinstance(q.graph_name, NamedNode)}
        ordered = {
            n: tuple(sorted(found, key=str)) for n, found in objects_by_predicate(stated).items()
        }
        return cls(iri, min(graphs, key=str, default=None), ordered)

    def first(self, part: NamedNode) -> Term | None:
        """Return the first value of a property; None without a value."""
        return next(iter(self.parts.get(part, ())), None)

    @property
    def is_complete(self) -> bool:
        """Whether the Fact names exactly one triple, whose subject and predicate are IRIs."""
        single = all(len(self.parts.get(part, ())) == 1 for part in FACT_TRIPLE)
        return single and all(isinstance(self.first(p), NamedNode) for p in FACT_TRIPLE[:2])

    @property
    def triple(self) -> tuple[NamedNode, NamedNode, Term]:
        """The triple that the Fact states; the caller must check :attr:`is_complete`."""
        subject, predicate, object_ = map(self.first, FACT_TRIPLE)
        assert isinstance(subject, NamedNode)
        assert isinstance(predicate, NamedNode)
        assert object_ is not None
        return subject, predicate, object_

    @property
    def time(self) -> str | None:
        """When it holds, in EDTF; None if no time is stated."""
        found = self.first(ns.TIME)
        return found.value if isinstance(found, Literal) else None

    @property
    def modality(self) -> str:
        """The local names of its modality, joined by ``;``; ``Asserted`` without any."""
        values = (value for part in ns.MODALITY for value in self.parts.get(part, ()))
        return modality_text(value for value in values if isinstance(value, NamedNode))

    @property
    def of_complete_list(self) -> bool:
        """Whether it belongs to a list that its source presents as complete."""
        found = self.first(ns.COMPLETE_LIST)
        return isinstance(found, Literal) and found.value == "true"


def read_fact(store: GraphStore, iri: NamedNode) -> Fact:
    """Return a Fact without its sources; its ``parts`` are empty if the store does not have it."""
    return Fact.of(iri, store.quads(iri))


class Facts:
    """The Facts of a store, each read once."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._read: dict[NamedNode, Fact | None] = {}
        self._few: dict[tuple[NamedNode, Term, NamedNode | None], list[NamedNode]] = {}

    def read(self, fact: NamedNode) -> Fact | None:
        """Return a Fact with its sources; None if it does not name exactly one triple."""
        if fact not in self._read:
            found = read_fact(self._store, fact)
            sources = {
                source.object.value
                for evidence in found.parts.get(ns.HAS_EVIDENCE, ())
                if not isinstance(evidence, Literal)
                for source in self._store.quads(evidence, ns.HAS_SOURCE, None)
                if isinstance(source.object, NamedNode)
            }
            complete = replace(found, sources=frozenset(sources)) if found.is_complete else None
            self._read[fact] = complete
        return self._read[fact]

    def of(
        self, triple: tuple[NamedNode, NamedNode, Term], graph: NamedNode | None = None
    ) -> list[Fact]:
        """Return the Facts, of one graph or all, that state a triple and have a source.

        They are sorted by IRI.
        """
        subject, _, object_ = triple
        return self._stating(triple, self._met(subject, object_, graph))

    def with_status(self, subject: NamedNode, predicate: NamedNode, object_: Term) -> list[Fact]:
        """Return the Facts of any graph that state a triple with a status, sorted by IRI.

        It is a goal, a plan, an expectation or what is past. Facts without a source are
        left out.
        """
        met = self._met(subject, object_)
        self._store.prefetch(met)
        not_actual = [fact for fact in met if any(self._store.quads(fact, ns.FACT_STATUS, None))]
        return self._stating((subject, predicate, object_), not_actual)

    def _stating(
        self, triple: tuple[NamedNode, NamedNode, Term], facts: list[NamedNode]
    ) -> list[Fact]:
        read = (self.read(fact) for fact in dict.fromkeys(facts))
        found = (one for one in read if one is not None and one.sources and one.triple == triple)
        return sorted(found, key=lambda fact: fact.iri.value)

    def touched(self, added: Iterable[Quad]) -> list[Fact]:
        """Return the Facts with a source that added quads change, sorted by IRI.

        The triple, evidence or its source, time, status or complete list changes, or the
        figure's measure, number, comparator, unit or period; nothing else counts.
        """
        facts: set[NamedNode] = set()
        for quad in added:
            subject, predicate = quad.subject, quad.predicate
            if isinstance(subject, Triple):
                continue
            if predicate in _OF_FACTS and isinstance(subject, NamedNode):
                facts.add(subject)
            elif predicate == ns.HAS_SOURCE:
                facts.update(self._subjects(ns.HAS_EVIDENCE, subject))
            elif predicate in _OF_OBSERVATIONS:
                facts.update(self._subjects(ns.FACT_OBJECT, subject))
        read = (self.read(fact) for fact in sorted(facts, key=lambda fact: fact.value))
        return [fact for fact in read if fact is not None and fact.sources]

    def _met(
        self, subject: NamedNode, object_: Term, graph: NamedNode | None = None
    ) -> list[NamedNode]:
        """Return all Facts of the subject or all Facts of the object, whichever are fewer."""
        of_subject: list[NamedNode] = []
        of_object: list[NamedNode] = []
        for one, other in zip_longest(
            self._subjects(ns.FACT_SUBJECT, subject, graph),
            self._subjects(ns.FACT_OBJECT, object_, graph),
        ):
            if one is None:
                return of_subject
            if other is None:
                return of_object
            of_subject.append(one)
            of_object.append(other)
        return of_subject

    def _subjects(
        self, predicate: NamedNode, object_: Term, graph: NamedNode | None = None
    ) -> Iterable[NamedNode]:
        """Return the IRIs that have a value of a property; fewer than FEW are cached."""
        key = (predicate, object_, graph)
        known = self._few.get(key)
        if known is not None:
            return known
        quads = self._store.quads(None, predicate, object_, graph)
        subjects = (quad.subject for quad in quads if isinstance(quad.subject, NamedNode))
        first = list(islice(subjects, FEW))
        if len(first) == FEW:
            return chain(first, subjects)
        self._few[key] = first
        return first
