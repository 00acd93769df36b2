"""Candidates for conflicts: subjects and properties of added quads, and their values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeAlias

from pyoxigraph import NamedNode, Triple

from g60kg.model.change import Change
from g60kg.model.facts import Fact, Facts
from g60kg.model.observations import read_observation
from g60kg.model.ontology_lookup import Property, Vocabulary
from g60kg.namespaces import FACT_STATUS, HAS_OBSERVATION, POSSIBLY_SAME
from g60kg.stores.base import GraphStore, Term
from g60kg.validation.message_terms import MessageTerms

#: A value and the graph of a source.
Stated: TypeAlias = tuple[Term, NamedNode]


@dataclass(slots=True)
class Candidate:
    """A subject and a property, the values that a change states, and the graphs of their Facts."""

    subject: NamedNode
    predicate: Property
    values: set[Term] = field(default_factory=set)
    graphs: dict[Term, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))

    @property
    def key(self) -> tuple[str, str]:
        """The sort key: IRIs of subject and property."""
        return self.subject.value, self.predicate.iri.value


def conflict_candidates(change: Change, vocabulary: Vocabulary) -> list[Candidate]:
    """Return the subjects and properties that added quads state, directly or by Facts, sorted.

    Only properties that require evidence are included. For two entities that a quad says are
    possibly the same, all such properties of the subject are.
    """
    found: dict[tuple[NamedNode, NamedNode], Candidate] = {}

    def at(subject: NamedNode, predicate: NamedNode) -> Candidate | None:
        of = vocabulary.properties.get(predicate.value)
        if of is None or not of.requires_evidence:
            return None
        return found.setdefault((subject, predicate), Candidate(subject, of))

    new = list(change.added.quads())
    for stated in change.facts.touched(new):
        subject, predicate, object_ = stated.triple
        if (candidate := at(subject, predicate)) is not None:
            candidate.values.add(object_)
            if stated.graph is not None:
                candidate.graphs[object_].add(stated.graph)
    for quad in new:
        if isinstance(quad.subject, NamedNode) and not isinstance(quad.object, Triple):
            # Two entities that may be one are compared in all that is stated about them.
            alike = quad.predicate == POSSIBLY_SAME
            for one in change.after.quads(quad.subject) if alike else (quad,):
                candidate = at(quad.subject, one.predicate)
                if candidate is not None and not isinstance(one.object, Triple):
                    candidate.values.add(one.object)
    return sorted(found.values(), key=lambda candidate: candidate.key)


class Side:
    """The graph before or after a change, with its values for the candidates."""

    def __init__(
        self,
        store: GraphStore,
        facts: Facts,
        language: str,
        candidates: list[Candidate],
        vocabulary: Vocabulary,
    ) -> None:
        self.store = store
        self.vocabulary = vocabulary
        self.language = language
        self.candidates = candidates
        self._by_key = {candidate.key: candidate for candidate in candidates}
        self.terms = MessageTerms(store, language)
        self.observation = cache(partial(read_observation, store))
        self._statements = facts
        self._graphs: dict[tuple[str, str], dict[Term, list[NamedNode]]] = {}

    def graphs(self, candidate: Candidate) -> dict[Term, list[NamedNode]]:
        """Return the sorted values of a candidate, each with the sorted graphs that state it.

        A value from the change has no graphs if it is not stated on this side.
        """
        if candidate.key not in self._graphs:
            found: dict[Term, set[NamedNode]] = defaultdict(set)
            for quad in self.store.quads(candidate.subject, candidate.predicate.iri, None):
                graph, value = quad.graph_name, quad.object
                if isinstance(graph, NamedNode) and not isinstance(value, Triple):
                    found[value].add(graph)
            # A Fact can be without its triple. Goals, plans and expectations contradict nothing
            # actual; a figure has its own status.
            for value, graphs in candidate.graphs.items():
                found[value] |= {one for one in graphs if self.facts(candidate, [(value, one)])}
            self._graphs[candidate.key] = {
                value: sorted(found[value], key=lambda graph: graph.value)
                for value in sorted(found, key=str)
            }
        return self._graphs[candidate.key]

    def stated(self, candidate: Candidate) -> dict[object, list[Stated]]:
        """Return the values of a candidate, grouped, each with each of its graphs.

        A group has one value, or all nodes of figures that are equal. The key is the value or the
        figure. The values that the change concerns are first.
        """
        values = self.graphs(candidate)
        stated = [(value, graph) for value in values for graph in values[value]]
        stated.sort(key=lambda one: (one[0] not in candidate.values, one[1].value))
        found: dict[object, list[Stated]] = defaultdict(list)
        for value, graph in stated:
            figure = candidate.predicate.iri == HAS_OBSERVATION and self.observation(value)
            found[figure or value].append((value, graph))
        return found

    def facts(self, candidate: Candidate, stated: Iterable[Stated]) -> list[Fact]:
        """Return the Facts of a candidate that state pairs of a value and a graph.

        A Fact with a status, such as a goal, is left out unless it states a figure.
        """
        subject, predicate = candidate.subject, candidate.predicate.iri
        return [
            fact
            for value, graph in stated
            for fact in self._statements.of((subject, predicate, value), graph)
            if fact.first(FACT_STATUS) is None or predicate == HAS_OBSERVATION
        ]

    def rivals(self, candidate: Candidate) -> Iterator[Candidate]:
        """Yield the candidate itself, then a candidate of each entity that is possibly the same.

        Each has the same property. They are sorted by IRI.
        """
        yield candidate
        mine = candidate.subject
        found = {quad.object for quad in self.store.quads(mine, POSSIBLY_SAME, None)}
        found |= {quad.subject for quad in self.store.quads(None, POSSIBLY_SAME, mine)}
        for node in sorted(found, key=str):
            if isinstance(node, NamedNode):
                rival = Candidate(node, candidate.predicate)
                yield self._by_key.get(rival.key, rival)


def sources_of(facts: Iterable[Fact]) -> set[str]:
    """Return the IRIs of the sources of Facts."""
    return {source for fact in facts for source in fact.sources}
