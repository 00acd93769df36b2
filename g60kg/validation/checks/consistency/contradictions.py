"""Search for contradictions of added statements, one individual or pair at a time.

The search is complete for the kinds of axioms that the rules cover. None of them implies
new individuals. A requirement on an individual follows from one statement, or by a
restriction from two; transitivity adds no requirements. So the graph is consistent if no
two requirements on an individual exclude each other, no pair has a forbidden relation, no
literal is outside a range, and no subject has two values of a functional property.

Premise: the graph before is consistent, and no subject has two values of a functional
property; the gate accepts neither. So old statements can only contradict new ones. Old
statements about an individual are read from the store when they are needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from g60kg.model.change import Change, Stored, visible_triples
from g60kg.namespaces import PREFIXES, A
from g60kg.reasoning.owl_axioms import Axiom
from g60kg.stores.base import Term
from g60kg.validation.checks.consistency.axioms import NOTHING, Need, Role, Rules
from g60kg.validation.checks.consistency.literal_values import is_in, value_of

Individual = NamedNode | BlankNode

#: Maximum statements of an individual that are all read; of more, one for each property is.
FEW: Final = 64
#: A role between two individuals, its statement, and the axioms.
Related = tuple[Role, Triple, tuple[Axiom, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A class that an individual must be in; ``is_new`` if an added statement requires it."""

    name: NamedNode
    axioms: tuple[Axiom, ...]
    facts: tuple[Triple, ...]
    is_new: bool

    def implied(self, name: NamedNode, rules: Rules) -> tuple[Axiom, ...] | None:
        """Return the axioms by which the requirement implies a class; None if it does not.

        The axioms of the requirement are first. Empty if a statement gives the class itself.
        """
        above = rules.above(self.name)
        return (*self.axioms, *above[name]) if name in above else None


class Individuals:
    """The individuals of a graph, with the added statements about them."""

    def __init__(self, change: Change, rules: Rules) -> None:
        self.rules = rules
        self._base, self._new = Stored(change.before), change.added
        self.added = tuple(sorted(filter(self.is_read, change.added_triples), key=str))
        self._is_added = frozenset(self.added)
        self._added_to: dict[Individual, dict[Triple, None]] = defaultdict(dict)
        self.newly_required: dict[Individual, set[NamedNode]] = defaultdict(set)
        for triple in self.added:
            for end in individuals_of(triple):
                self._added_to[end][triple] = None
                self.newly_required[end].update(name for name, _ in self._needs(triple, end))
        self._own: dict[Individual, tuple[Asked, ...]] = {}

    def is_added(self, triple: Triple) -> bool:
        """Whether a statement is one of the added ones."""
        return triple in self._is_added

    def is_read(self, triple: Triple) -> bool:
        """Whether a triple gives a class or a relation of an individual, or a value of it.

        The property must be declared in the ontology. Of OWL's classes, only owl:Nothing counts.
        """
        ontology, object_ = self.rules.ontology, triple.object
        if isinstance(triple.subject, Triple) or isinstance(object_, Triple):
            return False
        if isinstance(object_, Literal):
            return triple.predicate in ontology.literal_properties
        if triple.predicate == A:
            return isinstance(object_, NamedNode) and (
                object_ == NOTHING or not object_.value.startswith(PREFIXES["owl"])
            )
        return triple.predicate in ontology.object_properties

    def statements(
        self, subject: Individual | None, predicate: NamedNode | None, object_: Term | None
    ) -> Iterator[Triple]:
        """Return the statements that match a pattern, old ones first; None matches any term."""
        pattern = (subject, predicate, object_)
        added = dict.fromkeys(filter(self.is_added, visible_triples(self._new, *pattern)))
        return chain(filter(self.is_read, self._base.match(*pattern)), added)

    def of_role(self, node: Individual, role: Role) -> Iterator[Triple]:
        """Return the statements with the property of a role whose subject is the individual.

        For an inverse role, the individual is the object.
        """
        subject, object_ = (None, node) if role.inverse else (node, None)
        return self.statements(subject, role.property, object_)

    def related(self, node: Individual, role: Role) -> Iterator[tuple[Triple, Individual]]:
        """Yield the statements of a role of an individual, with the individual at the other end."""
        for triple in self.of_role(node, role):
            there = triple.subject if role.inverse else triple.object
            if isinstance(there, NamedNode | BlankNode):
                yield triple, there

    def is_settled(self, node: Individual) -> bool:
        """Whether an individual's old types imply all classes that added statements require."""
        types = {
            upper
            for triple in self._base.match(node, A, None)
            if isinstance(triple.object, NamedNode)
            for upper in self.rules.above(triple.object)
        }
        return self.newly_required[node] <= types

    def own(self, node: Individual) -> tuple[Asked, ...]:
        """Return the requirements on an individual, without those of restrictions.

        A class that old statements require is included once. An added statement counts only if no
        old one requires the same class.
        """
        if node not in self._own:
            old: dict[NamedNode, Asked] = {}
            for triple in self._telling(node):
                for need in self._needs(triple, node):
                    old.setdefault(need[0], Asked(*need, (triple,), False))
            new = (
                Asked(*need, (triple,), True)
                for triple in self._added_to.get(node, ())
                for need in self._needs(triple, node)
                if need[0] not in old
            )
            self._own[node] = (*old.values(), *new)
        return self._own[node]

    def restricted_before(self, node: Individual) -> Iterator[Asked]:
        """Yield the requirements that restrictions and old statements make on an individual.

        A restriction is skipped if the old classes of the individual imply or exclude its class.
        """
        rules = self.rules
        types = [asked.name for asked in self.own(node) if not asked.is_new]
        for restriction in rules.ontology.restrictions:
            filler = restriction.filler
            if not any(filler in rules.above(n) or rules.clash(n, filler) for n in types):
                asked = self._old_restriction(node, restriction.member, restriction.property)
                if asked is not None:
                    axioms = (*asked.axioms, restriction.axiom)
                    yield Asked(filler, axioms, asked.facts, False)

    def _old_restriction(
        self, node: Individual, member: NamedNode, along: NamedNode
    ) -> Asked | None:
        """Return the requirement by the first old statement to which a restriction applies.

        The statement leads from a member of the class ``member`` to the individual, by a property
        that implies ``along``. None if there is no such statement.
        """
        for role, why in self.rules.lower(along):
            for triple, other in self.related(node, Role(role.property, not role.inverse)):
                if self.is_added(triple):
                    break
                for asked in self.own(other):
                    axioms = asked.implied(member, self.rules)
                    if axioms is not None and not asked.is_new:
                        return Asked(member, (*axioms, *why), (*asked.facts, triple), False)
        return None

    def _needs(self, triple: Triple, node: Individual) -> Iterator[Need]:
        if triple.predicate == A:
            if triple.subject == node and isinstance(triple.object, NamedNode):
                yield triple.object, ()
            return
        if triple.subject == node:
            yield from self.rules.needs(Role(triple.predicate))
        if triple.object == node:
            yield from self.rules.needs(Role(triple.predicate, True))

    def _telling(self, node: Individual) -> Iterator[Triple]:
        """Yield old statements of an individual from which its requirements follow, types first."""
        found = list(islice(self._base.match(node, None, None), FEW + 1))
        if len(found) > FEW:
            of_it = (self._base.match(node, name, None) for name in self.rules.requiring_properties)
            found = [*self._base.match(node, A, None), *self._first_read(of_it)]
        yield from sorted(filter(self.is_read, found), key=lambda triple: triple.predicate != A)
        found = list(islice(self._base.match(None, None, node), FEW + 1))
        if len(found) > FEW:
            to_it = (self._base.match(None, name, node) for name in self.rules.requiring_properties)
            found = self._first_read(to_it)
        yield from filter(self.is_read, found)

    def _first_read(self, several: Iterable[Iterator[Triple]]) -> list[Triple]:
        firsts = (islice(filter(self.is_read, found), 1) for found in several)
        return [triple for first in firsts for triple in first]


def individuals_of(triple: Triple) -> Iterator[Individual]:
    """Yield the individuals at the ends of a statement, not a class or a literal."""
    for end in (triple.subject,) if triple.predicate == A else (triple.subject, triple.object):
        if isinstance(end, NamedNode | BlankNode):
            yield end


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements and axioms that contradict each other."""

    facts: tuple[Triple, ...]
    axioms: tuple[Axiom, ...]
    literal: Literal | None = None

    @classmethod
    def of(cls, facts: Iterable[Triple], axioms: Iterable[Axiom]) -> Contradiction:
        """Return the contradiction of statements and axioms, without duplicates."""
        return cls(tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(axioms)))


def contradictions(individuals: Individuals) -> list[Contradiction]:
    """Return the contradictions of added statements in a fixed order, without duplicates.

    A required class or a value that contradicts several others is reported with one of them.
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
            for node in sorted(self._individuals.newly_required, key=str)
            if node in self._restricting or not self._individuals.is_settled(node)
        ]
        for node in unsettled:
            self._restrict(node)
        for node in dict.fromkeys((*unsettled, *sorted(self._restricted, key=str))):
            yield from self._of_node(node)

    def _restrict(self, node: Individual) -> None:
        """Record what restrictions on an individual's classes newly require of its objects."""
        classes = frozenset(asked.name for asked in self._individuals.own(node))
        for restriction in self._rules.restricting(classes):
            known = self._membership(node, restriction.member)
            for role, why in self._rules.lower(restriction.property):
                axioms = (*known.axioms, *why, restriction.axiom)
                for triple, there in self._individuals.related(node, role):
                    if known.is_new or self._individuals.is_added(triple):
                        facts = (*known.facts, triple)
                        asked = Asked(restriction.filler, axioms, facts, is_new=True)
                        self._restricted[there].append(asked)

    def _membership(self, node: Individual, name: NamedNode) -> Asked:
        found = (
            Asked(name, axioms, asked.facts, asked.is_new)
            for asked in self._individuals.own(node)
            if (axioms := asked.implied(name, self._rules)) is not None
        )
        return min(found, key=lambda asked: asked.is_new)

    def _of_node(self, node: Individual) -> Iterator[Contradiction]:
        asked = [*self._individuals.own(node), *self._restricted.get(node, ())]
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
        """Return the contradiction of a requirement with the first that excludes it, or None."""
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
        """Yield the roles that statements between two individuals imply, seen from the first."""
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
