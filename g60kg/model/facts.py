"""What sources state: Facts read from a store, found through its indexes, never by a scan.

A source's statements stand in its own named graph: the direct triple and the Fact that vouches
for it. So the graphs that hold a triple tell who states it, however many Facts there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.namespaces import (
    AS_OF,
    COMPARATOR,
    FACT_OBJECT,
    FACT_PREDICATE,
    FACT_SUBJECT,
    HAS_EVIDENCE,
    HAS_SOURCE,
    NUMERIC_VALUE,
    UNIT,
)
from g60kg.stores.base import GraphStore, Term

_OF_FACTS: Final = frozenset((FACT_SUBJECT, FACT_PREDICATE, FACT_OBJECT, HAS_EVIDENCE))
_OF_QUANTITIES: Final = frozenset((NUMERIC_VALUE, COMPARATOR, UNIT, AS_OF))


@dataclass(frozen=True, slots=True)
class Stated:
    """A Fact: the triple that it vouches for, and the sources of its evidence.

    Attributes:
        fact: the Fact.
        subject: what it is about.
        predicate: the property.
        object: the value.
        sources: the IRIs of the Articles and Datasets; one, where all is well.
        graph: the named graph that it stands in; None where it stands in none.
    """

    fact: NamedNode
    subject: NamedNode
    predicate: NamedNode
    object: Term
    sources: frozenset[str]
    graph: NamedNode | None


class Statements:
    """The Facts of a store."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._read: dict[NamedNode, Stated | None] = {}

    def read(self, fact: NamedNode) -> Stated | None:
        """What a Fact states; None where it is incomplete or states nothing of an IRI."""
        if fact not in self._read:
            self._read[fact] = self._stated(fact)
        return self._read[fact]

    def of(
        self, subject: NamedNode, predicate: NamedNode, object_: Term, graph: NamedNode
    ) -> list[Stated]:
        """The Facts of a graph that state a triple and have a source, sorted by their IRIs."""
        read = (self.read(fact) for fact in dict.fromkeys(self._met(subject, object_, graph)))
        found = (stated for stated in read if stated is not None and stated.sources)
        triple = (subject, predicate, object_)
        return sorted(
            (one for one in found if (one.subject, one.predicate, one.object) == triple),
            key=lambda stated: stated.fact.value,
        )

    def touched(self, added: Iterable[Quad]) -> list[Stated]:
        """The Facts to which added quads add something, sorted by their IRIs.

        That may be a part of the Fact, the source of its evidence, or a part of the quantity
        that it states.
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
            elif predicate in _OF_QUANTITIES:
                facts.update(self._subjects(FACT_OBJECT, subject))
        read = (self.read(fact) for fact in sorted(facts, key=lambda fact: fact.value))
        return [stated for stated in read if stated is not None and stated.sources]

    def _stated(self, fact: NamedNode) -> Stated | None:
        graphs = {quad.graph_name for quad in self._store.quads(fact, FACT_SUBJECT, None)}
        graph = min((name for name in graphs if isinstance(name, NamedNode)), key=str, default=None)
        subjects = self._objects(fact, FACT_SUBJECT)
        predicates = self._objects(fact, FACT_PREDICATE)
        objects = self._objects(fact, FACT_OBJECT)
        if not (len(subjects) == len(predicates) == len(objects) == 1):
            return None  # for the shapes to say
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
        return Stated(fact, subject, predicate, objects.pop(), frozenset(sources), graph)

    def _met(self, subject: NamedNode, object_: Term, graph: NamedNode) -> list[NamedNode]:
        """All Facts of the subject or all Facts of the object: whichever are fewer."""
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
