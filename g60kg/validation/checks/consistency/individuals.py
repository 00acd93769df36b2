"""Statements about single individuals, read from the store when needed.

Premise: the graph before is consistent, and no subject has two values of a functional property;
the gate accepts neither. So old statements can only contradict new ones.
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

Individual = NamedNode | BlankNode

#: Maximum statements of an individual that are all read; of more, one for each property is.
FEW: Final = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """A class that an individual must be in, with the axioms and statements that require it.

    It is new if it depends on an added statement.
    """

    name: NamedNode
    axioms: tuple[Axiom, ...]
    facts: tuple[Triple, ...]
    is_new: bool

    def implied(self, name: NamedNode, rules: Rules) -> tuple[Axiom, ...] | None:
        """Return the axioms by which it implies a class, or None."""
        above = rules.above(self.name)
        return (*self.axioms, *above[name]) if name in above else None


class Individuals:
    """The individuals of a graph and of added statements.

    ``added`` has the statements that are in no graph yet, sorted; ``asked_anew`` the classes that
    they require, by individual.
    """

    def __init__(self, change: Change, rules: Rules) -> None:
        self.rules = rules
        self._base, self._new = Stored(change.before), change.added
        self.added = tuple(sorted(filter(self.is_read, change.added_triples), key=str))
        self._is_added = frozenset(self.added)
        self._added_to: dict[Individual, dict[Triple, None]] = defaultdict(dict)
        self.asked_anew: dict[Individual, set[NamedNode]] = defaultdict(set)
        for triple in self.added:
            for end in individuals_of(triple):
                self._added_to[end][triple] = None
                self.asked_anew[end].update(name for name, _ in self._needs(triple, end))
        self._own: dict[Individual, tuple[Asked, ...]] = {}

    def is_added(self, triple: Triple) -> bool:
        """Whether a statement is added."""
        return triple in self._is_added

    def is_read(self, triple: Triple) -> bool:
        """Whether OWL reads a triple as a class, relation or value of an individual."""
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
        """Return the statements of a role from an individual."""
        subject, object_ = (None, node) if role.inverse else (node, None)
        return self.statements(subject, role.property, object_)

    def related(self, node: Individual, role: Role) -> Iterator[tuple[Triple, Individual]]:
        """Yield the statements of a role from an individual, with their objects."""
        for triple in self.of_role(node, role):
            there = triple.subject if role.inverse else triple.object
            if isinstance(there, NamedNode | BlankNode):
                yield triple, there

    def is_settled(self, node: Individual) -> bool:
        """Whether an individual's old types meet all requirements of added statements.

        This holds for most, and then no more is read.
        """
        types = {
            upper
            for triple in self._base.match(node, A, None)
            if isinstance(triple.object, NamedNode)
            for upper in self.rules.above(triple.object)
        }
        return self.asked_anew[node] <= types

    def new_classes(self, node: Individual) -> frozenset[NamedNode] | None:
        """Return the classes required of an individual that only added statements mention."""
        if self._base.mentions(node, None) or self._base.mentions(None, node):
            return None
        return frozenset(self.asked_anew.get(node, ()))

    def classes(self, node: Individual) -> frozenset[NamedNode]:
        """Return the classes that statements require of an individual."""
        new = self.new_classes(node)
        return frozenset(asked.name for asked in self.own(node)) if new is None else new

    def own(self, node: Individual) -> tuple[Asked, ...]:
        """Return the requirements on an individual: each old one once, and all new ones."""
        if node not in self._own:
            old: dict[NamedNode, Asked] = {}
            for triple in self._telling(node):
                for need in self._needs(triple, node):
                    old.setdefault(need[0], Asked(*need, (triple,), False))
            new = (asked for asked in self._added_needs(node) if asked.name not in old)
            self._own[node] = (*old.values(), *new)
        return self._own[node]

    def _added_needs(self, node: Individual) -> list[Asked]:
        return [
            Asked(*need, (triple,), True)
            for triple in self._added_to.get(node, ())
            for need in self._needs(triple, node)
        ]

    def restricted_before(self, node: Individual) -> Iterator[Asked]:
        """Yield the requirements of restrictions on an individual by old statements.

        They are not searched if its old classes imply them, since old statements are consistent:
        the many quotations of a typed article need not be read.
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
        """Return the first old statement of a property from a member of a class to a node."""
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
        """Yield the old statements of an individual, types first; of many, one per property."""
        found = list(islice(self._base.match(node, None, None), FEW + 1))
        if len(found) > FEW:
            of_it = (self._base.match(node, name, None) for name in self.rules.asking_properties)
            found = [*self._base.match(node, A, None), *self._first_read(of_it)]
        yield from sorted(filter(self.is_read, found), key=lambda triple: triple.predicate != A)
        found = list(islice(self._base.match(None, None, node), FEW + 1))
        if len(found) > FEW:
            to_it = (self._base.match(None, name, node) for name in self.rules.asking_properties)
            found = self._first_read(to_it)
        yield from filter(self.is_read, found)

    def _first_read(self, several: Iterable[Iterator[Triple]]) -> list[Triple]:
        firsts = (islice(filter(self.is_read, found), 1) for found in several)
        return [triple for first in firsts for triple in first]


def individuals_of(triple: Triple) -> Iterator[Individual]:
    """Yield the individuals of a statement, without classes."""
    for end in (triple.subject,) if triple.predicate == A else (triple.subject, triple.object):
        if isinstance(end, NamedNode | BlankNode):
            yield end
