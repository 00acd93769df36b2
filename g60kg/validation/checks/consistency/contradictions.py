"""Search for contradictions of added statements, one individual or pair at a time.

The search is complete for the kinds of axioms that the rules cover. None of them implies new
individuals, and none depends on more than one statement except transitivity, which adds no
requirements. So if no two requirements on an individual exclude each other, no pair has a
forbidden relation, and no subject has two values of a functional property, the graph has a model:
the individuals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.reasoning.owl_axioms import Axiom
from g60kg.validation.checks.consistency.axioms import Role
from g60kg.validation.checks.consistency.individuals import (
    Asked,
    Individual,
    Individuals,
    individuals_of,
)
from g60kg.validation.checks.consistency.literal_values import is_in, value_of

#: A role between two individuals, its statement, and the axioms.
Related = tuple[Role, Triple, tuple[Axiom, ...]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements and axioms in contradiction, maybe for a value outside the last one's datatype."""

    facts: tuple[Triple, ...]
    axioms: tuple[Axiom, ...]
    literal: Literal | None = None

    @classmethod
    def of(cls, facts: Iterable[Triple], axioms: Iterable[Axiom]) -> Contradiction:
        """Return the contradiction of statements and axioms, each once."""
        return cls(tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(axioms)))


def contradictions(individuals: Individuals) -> list[Contradiction]:
    """Return the contradictions of added statements, sorted.

    If an added statement contradicts several others, one of them is reported.
    """
    search = _Search(individuals)
    found = (*search.memberships(), *search.pairs(), *search.datatypes(), *search.second_values())
    return list(dict.fromkeys(found))


class _Search:
    def __init__(self, individuals: Individuals) -> None:
        self._individuals = individuals
        self._rules = individuals.rules
        # Individuals with added statements that a restriction can apply to.
        restricted = {one.property for one in self._rules.ontology.restrictions}
        self._restricting = {end for end, _ in self._added_ends(restricted)}
        self._restricted: dict[Individual, list[Asked]] = defaultdict(list)

    def _added_ends(self, names: Iterable[NamedNode]) -> Iterator[tuple[Individual, NamedNode]]:
        """Yield the subjects of added statements that imply one of some properties, with it."""
        implied = {
            name: [role for role in self._rules.upper(name) if role.property in names]
            for name in {triple.predicate for triple in self._individuals.added}
        }
        for triple in self._individuals.added:
            for role in implied[triple.predicate]:
                end = triple.object if role.inverse else triple.subject
                assert not isinstance(end, Literal | Triple)
                yield end, role.property

    # -- Classes -------------------------------------------------------------

    def memberships(self) -> Iterator[Contradiction]:
        # Of a settled one, added statements require no more than its old types.
        unsettled = [
            node
            for node in sorted(self._individuals.asked_anew, key=str)
            if node in self._restricting or not self._individuals.is_settled(node)
        ]
        for node in unsettled:
            self._restrict(node)
        for node in dict.fromkeys((*unsettled, *sorted(self._restricted, key=str))):
            yield from self._of_node(node)

    def _restrict(self, node: Individual) -> None:
        """Record new requirements of an individual's classes on the objects of its statements."""
        for restriction in self._rules.restricting(self._individuals.classes(node)):
            known = self._membership(node, restriction.member)
            for role, why in self._rules.lower(restriction.property):
                axioms = (*known.axioms, *why, restriction.axiom)
                for triple, there in self._individuals.related(node, role):
                    if known.is_new or self._individuals.is_added(triple):
                        facts = (*known.facts, triple)
                        asked = Asked(restriction.filler, axioms, facts, is_new=True)
                        self._restricted[there].append(asked)

    def _membership(self, node: Individual, name: NamedNode) -> Asked:
        """Return the statement that implies a class for an individual, an old one if possible."""
        found = (
            Asked(name, axioms, asked.facts, asked.is_new)
            for asked in self._individuals.own(node)
            if (axioms := asked.implied(name, self._rules)) is not None
        )
        return min(found, key=lambda asked: asked.is_new)

    def _of_node(self, node: Individual) -> Iterator[Contradiction]:
        restricted = self._restricted.get(node, ())
        classes = self._individuals.new_classes(node)
        if classes is not None and not restricted and not self._rules.exclude(classes):
            return
        asked = [*self._individuals.own(node), *restricted]
        new = [one for one in asked if one.is_new]
        if not new:
            return
        old = [one for one in asked if not one.is_new]
        old += self._individuals.restricted_before(node)
        if standing := self._first(old):
            yield standing
            return
        alone = [found for one in new if (found := self._between(one, (one, *old)))]
        yield from alone or filter(None, [self._first(new)])

    def _first(self, asked: list[Asked]) -> Contradiction | None:
        found = (self._between(one, (one, *asked[:index])) for index, one in enumerate(asked))
        return next(filter(None, found), None)

    def _between(self, one: Asked, others: Iterable[Asked]) -> Contradiction | None:
        """Return the contradiction of a requirement with the first of others, if any."""
        for other in others:
            axioms = self._rules.clash(one.name, other.name)
            if axioms is not None:
                facts = (*other.facts, *one.facts)
                return Contradiction.of(facts, (*other.axioms, *one.axioms, *axioms))
        return None

    # -- Relations -----------------------------------------------------------

    def pairs(self) -> Iterator[Contradiction]:
        bounded = self._rules.bounded_relations
        added = (t for t in self._individuals.added if t.predicate in bounded)
        for ends in dict.fromkeys(tuple(sorted(individuals_of(t), key=str)) for t in added):
            related = list(self._related(*ends))
            yield from self._both_ways(related) if ends[0] != ends[1] else self._to_itself(related)

    def _to_itself(self, related: list[Related]) -> Iterator[Contradiction]:
        reported: set[tuple[Triple, NamedNode]] = set()
        for role, triple, axioms in related:
            axiom = self._rules.never_to_itself.get(role.property)
            if axiom is not None and (triple, role.property) not in reported:
                reported.add((triple, role.property))
                yield Contradiction((triple,), (*axioms, axiom))

    def _both_ways(self, related: list[Related]) -> Iterator[Contradiction]:
        for role, triple, axioms in related:
            axiom = self._rules.asymmetric.get(role.property)
            for back, another, reasons in related if axiom and not role.inverse else ():
                if axiom is not None and back == Role(role.property, True):
                    yield Contradiction.of((triple, another), (*axioms, *reasons, axiom))

    def _related(self, one: Individual, other: Individual) -> Iterator[Related]:
        """Yield the roles from the first individual to the second; those back are inverse."""
        ways = ((one, other, False), (other, one, True))
        for start, end, turned in ways if one != other else ways[:1]:
            for triple in self._individuals.statements(start, None, end):
                for role, axioms in self._rules.upper(triple.predicate).items():
                    yield Role(role.property, role.inverse != turned), triple, axioms

    # -- Values --------------------------------------------------------------

    def datatypes(self) -> Iterator[Contradiction]:
        for triple in self._individuals.added:
            if isinstance(triple.object, Literal):
                for datatype, axioms in self._rules.datatypes(triple.predicate):
                    if not is_in(triple.object, datatype):
                        yield Contradiction((triple,), axioms, triple.object)

    def second_values(self) -> Iterator[Contradiction]:
        for node, name in sorted(set(self._added_ends(self._rules.functional)), key=str):
            found: dict[object, tuple[Triple, tuple[Axiom, ...]]] = {}
            for role, why in self._rules.lower(name):
                for triple in self._individuals.of_role(node, role):
                    value = triple.subject if role.inverse else triple.object
                    known = value_of(value) if isinstance(value, Literal) else value
                    if known is not None:
                        found.setdefault(known, (triple, why))
            values = list(found.values())
            for triple, why in values[1:]:
                first, axioms = values[0]
                reasons = (*axioms, *why, self._rules.functional[name])
                yield Contradiction.of((first, triple), reasons)
