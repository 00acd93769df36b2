"""Facts of a store, found through its indexes, never by a scan.

A source's statements are in its own named graph: the direct triple and the Fact that supports it.
So the graphs of a triple give its sources, however many Facts there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from g60kg.namespaces import (
    COMPARATOR,
    COMPLETE_LIST,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_STATUS,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_SOURCE,
    NUMERIC_VALUE,
    OBSERVED_MEASURE,
    REFERENCE_PERIOD,
    TIME,
    UNIT,
)
from g60kg.stores.base import GraphStore, Term

_OF_FACTS: Final = frozenset(
    (FACT_SUBJECT, FACT_PREDICATE, FACT_OBJECT, HAS_EVIDENCE, COMPLETE_LIST, TIME, FACT_STATUS)
)
_OF_OBSERVATIONS: Final = frozenset(
    (OBSERVED_MEASURE, NUMERIC_VALUE, COMPARATOR, UNIT, REFERENCE_PERIOD)
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A Fact: the triple that it supports, and the sources of its evidence.

    Attributes:
        iri: its IRI.
        subject: the subject.
        predicate: the property.
        object: the value.
        sources: the IRIs of its Articles and Datasets; exactly one in a valid graph.
        graph: its named graph; None for the default graph.
        time: when it holds, in EDTF; None if no time is stated.
        complete: whether it is one of a complete list.
        status: goal, planned or expected; None for an actual statement.
    """

    iri: NamedNode
    subject: NamedNode
    predicate: NamedNode
    object: Term
    sources: frozenset[str]
    graph: NamedNode | None
    time: str | None = None
    complete: bool = False
    status: NamedNode | None = None


class Facts:
    """The Facts of a store."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._read: dict[NamedNode, Fact | None] = {}

    def read(self, fact: NamedNode) -> Fact | None:
        """Return a Fact; None if it is incomplete or its subject is not an IRI."""
        if fact not in self._read:
            self._read[fact] = self._read_fact(fact)
        return self._read[fact]

    def of(
        self, subject: NamedNode, predicate: NamedNode, object_: Term, graph: NamedNode
    ) -> list[Fact]:
        """Return the Facts of a graph that state a triple and have a source, sorted by IRI."""
        read = (self.read(fact) for fact in dict.fromkeys(self._met(subject, object_, graph)))
        found = (fact for fact in read if fact is not None and fact.sources)
        triple = (subject, predicate, object_)
        return sorted(
            (one for one in found if (one.subject, one.predicate, one.object) == triple),
            key=lambda fact: fact.iri.value,
        )

    def touched(self, added: Iterable[Quad]) -> list[Fact]:
        """Return the Facts that added quads change, sorted by IRI.

        A quad can be a part of the Fact, the source of its evidence, or a part of its observation.
        """
        facts: set[NamedNode] = set()
        for quad in added:
            subject, predicate = quad.subject, quad.predicate
            if isinstance(subject, Triple):
                continue
            if predicate in _OF_FACTS and isinstance(subject, NamedNode):
                facts.add(subject)
            elif predicate == HAS_SOURCE:
                facts.update(self._subjects(HAS_EVIDENCE, subject))
            elif predicate in _OF_OBSERVATIONS:
                facts.update(self._subjects(FACT_OBJECT, subject))
        read = (self.read(fact) for fact in sorted(facts, key=lambda fact: fact.value))
        return [fact for fact in read if fact is not None and fact.sources]

    def _read_fact(self, fact: NamedNode) -> Fact | None:
        graphs = {quad.graph_name for quad in self._store.quads(fact, FACT_SUBJECT, None)}
        graph = min((name for name in graphs if isinstance(name, NamedNode)), key=str, default=None)
        subjects = self._objects(fact, FACT_SUBJECT)
        predicates = self._objects(fact, FACT_PREDICATE)
        objects = self._objects(fact, FACT_OBJECT)
        if not (len(subjects) == len(predicates) == len(objects) == 1):
            return None  # a violation of a shape
        subject, predicate = subjects.pop(), predicates.pop()
        if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
            return None
        sources = {
            source.value
            for evidence in self._objects(fact, HAS_EVIDENCE)
            if isinstance(evidence, NamedNode | BlankNode)
            for source in self._objects(evidence, HAS_SOURCE)
            if isinstance(source, NamedNode)
        }
        times, statuses = self._objects(fact, TIME), self._objects(fact, FACT_STATUS)
        return Fact(
            fact,
            subject,
            predicate,
            objects.pop(),
            frozenset(sources),
            graph,
            time=next((time.value for time in times if isinstance(time, Literal)), None),
            complete=any(
                isinstance(mark, Literal) and mark.value == "true"
                for mark in self._objects(fact, COMPLETE_LIST)
            ),
            status=next((one for one in statuses if isinstance(one, NamedNode)), None),
        )

    def _met(self, subject: NamedNode, object_: Term, graph: NamedNode) -> list[NamedNode]:
        """Return all Facts of the subject or all Facts of the object, whichever are fewer."""
        of_subject: list[NamedNode] = []
        of_object: list[NamedNode] = []
        for one, other in zip_longest(
            self._subjects(FACT_SUBJECT, subject, graph),
            self._subjects(FACT_OBJECT, object_, graph),
        ):
            if one is None:
                return of_subject
            if other is None:
                return of_object
            of_subject.append(one)
            of_object.append(other)
        return of_subject

    def _objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> set[Term]:
        found = (quad.object for quad in self._store.quads(subject, predicate, None))
        return {node for node in found if not isinstance(node, Triple)}

    def _subjects(
        self, predicate: NamedNode, object_: Term, graph: NamedNode | None = None
    ) -> Iterator[NamedNode]:
        for quad in self._store.quads(None, predicate, object_, graph):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject
