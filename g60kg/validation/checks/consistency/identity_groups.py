"""Groups of identical individuals, with the statements and axioms that imply it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from g60kg.namespaces import A
from g60kg.reasoning.owl_axioms import Axiom
from g60kg.validation.checks.consistency.axioms import SAME
from g60kg.validation.checks.consistency.individuals import Individual, Individuals

#: Statements and axioms that imply the identity of two individuals.
Why = tuple[tuple[Triple, ...], tuple[Axiom, ...]]


class Groups:
    """The changed individuals, grouped by identity.

    OWL has no unique name assumption: two values of a functional property are the same
    individual, and statements about either apply to both.
    """

    def __init__(self, individuals: Individuals) -> None:
        self._individuals = individuals
        self._of: dict[Individual, frozenset[Individual]] = {}
        self._links: dict[Individual, list[tuple[Individual, Why]]] = defaultdict(list)
        functional = individuals.rules.functional_relations
        deciding = {
            end
            for triple in individuals.added
            for role in individuals.rules.upper(triple.predicate)
            if role.property in functional
            for end in ((triple.object,) if role.inverse else (triple.subject,))
        }
        has_equalities = any(individuals.statements(None, SAME, None))
        waiting = sorted(touched(individuals.added), key=str)
        settled: set[frozenset[Individual]] = set()
        while waiting:
            group = self.of(waiting.pop())
            if group in settled:
                continue
            settled.add(group)
            if has_equalities:
                waiting += self._stated(group)
            if len(group) > 1 or not deciding.isdisjoint(group):
                waiting += self._decided(group)

    def of(self, node: Individual) -> frozenset[Individual]:
        """Return the group of an individual."""
        return self._of.get(node, frozenset((node,)))

    def why(self, nodes: Iterable[Individual]) -> Why:
        """Return why individuals of a group are the same; empty for one individual."""
        first, *rest = sorted(set(nodes), key=str)
        ways: dict[Individual, Why] = {first: ((), ())}
        waiting = [first]
        for here in waiting:
            for there, (facts, axioms) in self._links[here]:
                if there not in ways:
                    ways[there] = ((*ways[here][0], *facts), (*ways[here][1], *axioms))
                    waiting.append(there)
        return (
            tuple(dict.fromkeys(fact for node in rest for fact in ways[node][0])),
            tuple(dict.fromkeys(axiom for node in rest for axiom in ways[node][1])),
        )

    def _stated(self, group: frozenset[Individual]) -> Iterator[Individual]:
        """Join individuals of owl:sameAs statements."""
        for node in sorted(group, key=str):
            for one, other in ((node, None), (None, node)):
                for triple in self._individuals.statements(one, SAME, other):
                    subject, object_ = triple.subject, triple.object
                    if isinstance(subject, NamedNode | BlankNode) and isinstance(
                        object_, NamedNode | BlankNode
                    ):
                        yield from self._join(subject, object_, ((triple,), ()))

    def _decided(self, group: frozenset[Individual]) -> Iterator[Individual]:
        """Join the values of each functional property."""
        rules = self._individuals.rules
        for name, axiom in rules.functional_relations.items():
            found: dict[Individual, tuple[Individual, Triple, tuple[Axiom, ...]]] = {}
            for node in sorted(group, key=str):
                for role, why in rules.lower(name):
                    for triple, value in self._individuals.related(node, role):
                        found.setdefault(value, (node, triple, why))
            values = list(found.items())
            for value, (node, triple, why) in values[1:]:
                first, (start, known, axioms) = values[0]
                facts, more = self.why((start, node))
                reason = ((known, triple, *facts), (*axioms, *why, *more, axiom))
                yield from self._join(first, value, reason)

    def _join(self, one: Individual, other: Individual, why: Why) -> Iterator[Individual]:
        if one == other or other in self.of(one):
            return
        self._links[one].append((other, why))
        self._links[other].append((one, why))
        joined = self.of(one) | self.of(other)
        self._of |= dict.fromkeys(joined, joined)
        yield one


def touched(statements: Iterable[Triple]) -> set[Individual]:
    """Return the individuals of statements, without classes."""
    ends = (end for triple in statements for end in _individuals(triple))
    return {end for end in ends if isinstance(end, NamedNode | BlankNode)}


def _individuals(triple: Triple) -> Iterator[object]:
    yield triple.subject
    if triple.predicate != A:
        yield triple.object
