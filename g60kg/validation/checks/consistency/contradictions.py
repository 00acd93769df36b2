"""Search for contradictions of added statements, one individual or pair at a time.

The search is complete for the kinds of axioms that the rules cover. None of them implies new
individuals, and none depends on more than one statement except chains and transitivity, which
add no requirements beyond those of their links. So if each individual can be in one class of each
requirement, and no pair has a forbidden relation, the graph has a model: the individuals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from g60kg.reasoning.owl_axioms import Axiom
from g60kg.validation.checks.consistency.axiom_rules import Need
from g60kg.validation.checks.consistency.axioms import DIFFERENT, Role
from g60kg.validation.checks.consistency.identity_groups import Groups, touched
from g60kg.validation.checks.consistency.individuals import Asked, Individual, Individuals
from g60kg.validation.checks.consistency.literal_values import is_in, value_of

Group = frozenset[Individual]
#: A role between two groups, its statement, and the axioms.
Related = tuple[Role, Triple, tuple[Axiom, ...]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements and axioms that contradict each other.

    Attributes:
        literal: a value outside the datatype that the last axiom requires.
    """

    facts: tuple[Triple, ...]
    axioms: tuple[Axiom, ...]
    literal: Literal | None = None


def contradictions(individuals: Individuals) -> list[Contradiction]:
    """Return the contradictions of added statements, sorted.

    If an added statement contradicts several others, one of them is reported.
    """
    search = _Search(individuals)
    found = (*search.memberships(), *search.equalities(), *search.pairs(), *search.literals())
    return list(dict.fromkeys(found))


class _Search:
    def __init__(self, individuals: Individuals) -> None:
        self._individuals = individuals
        self._rules = individuals.rules
        self._groups = Groups(individuals)
        nodes = sorted(touched(individuals.added), key=str)
        self._touched = list(dict.fromkeys(self._groups.of(node) for node in nodes))
        # Groups with added statements that a restriction can apply to.
        self._restricting = {
            end
            for triple in individuals.added
            for role in self._rules.upper(triple.predicate)
            if any(role.property == one.property for one in self._rules.ontology.restrictions)
            for end in ((triple.object,) if role.inverse else (triple.subject,))
        }
        self._restricted: dict[Individual, list[Asked]] = defaultdict(list)

    # -- Classes -------------------------------------------------------------

    def memberships(self) -> Iterator[Contradiction]:
        """Yield contradictions of individuals in disjoint classes."""
        open_questions = [group for group in self._touched if not self._is_settled(group)]
        for group in open_questions:
            self._restrict(group)
        restricted = (self._groups.of(node) for node in sorted(self._restricted, key=str))
        for group in dict.fromkeys((*open_questions, *restricted)):
            yield from self._of_group(group)

    def _is_settled(self, group: Group) -> bool:
        """Whether added statements require no more of a group than its old types."""
        if len(group) > 1 or not self._restricting.isdisjoint(group):
            return False
        return all(self._individuals.is_settled(node) for node in group)

    def _restrict(self, group: Group) -> None:
        """Record new requirements of a group's classes on the objects of its statements."""
        members = sorted(group, key=str)
        for restriction in self._rules.ontology.restrictions:
            known = self._membership(members, restriction.member)
            if known is None:
                continue
            for role, why in self._rules.lower(restriction.property):
                for node in members:
                    facts, more = self._groups.why((known.node, node))
                    axioms = (*known.need.axioms, *more, *why, restriction.axiom)
                    for triple, there in self._individuals.related(node, role):
                        if known.is_new or facts or self._individuals.is_added(triple):
                            need = Need(frozenset((restriction.filler,)), axioms)
                            asked = Asked(there, need, (*known.facts, *facts, triple), True)
                            self._restricted[there].append(asked)

    def _membership(self, members: list[Individual], name: NamedNode) -> Asked | None:
        """Return the statement that implies a class for a group, an old one if possible."""
        found = [
            Asked(node, Need(asked.need.classes, axioms), asked.facts, asked.is_new)
            for node in members
            for asked in self._individuals.own(node)
            for axioms in (self._rules.membership(asked.need, name),)
            if axioms is not None
        ]
        return min(found, key=lambda asked: asked.is_new, default=None)

    def _of_group(self, group: Group) -> Iterator[Contradiction]:
        asked = [
            one
            for node in sorted(group, key=str)
            for one in (*self._individuals.own(node), *self._restricted.get(node, ()))
        ]
        if len(group) == 1 and not any(one.is_new for one in asked):
            return
        asked += [
            one
            for node in sorted(group, key=str)
            for one in self._individuals.restricted_before(node)
        ]
        if not self._is_contradictory(asked):
            return
        old = [one for one in asked if not one.is_new]
        if len(group) > 1 or self._is_contradictory(old):
            yield self._smallest(asked)
            return
        alone = [[*old, one] for one in asked if one.is_new]
        for some in [some for some in alone if self._is_contradictory(some)] or [asked]:
            yield self._smallest(some)

    def _is_contradictory(self, asked: Iterable[Asked]) -> bool:
        return self._rules.is_contradictory(one.need.classes for one in asked)

    def _smallest(self, asked: list[Asked]) -> Contradiction:
        """Return a minimal contradictory subset; old requirements are preferred."""
        core = sorted(asked, key=lambda one: one.is_new)
        for one in core[::-1]:
            less = [other for other in core if other is not one]
            if self._is_contradictory(less):
                core = less
        facts, axioms = self._groups.why(one.node for one in core)
        exclusions = (
            self._rules.clash(name, other)
            for one, two in (combinations(core, 2) if len(core) > 1 else [(core[0], core[0])])
            for name in sorted(one.need.classes, key=str)
            for other in sorted(two.need.classes, key=str)
        )
        return Contradiction(
            tuple(dict.fromkeys((*(fact for one in core for fact in one.facts), *facts))),
            tuple(
                dict.fromkeys(
                    (
                        *axioms,
                        *(axiom for one in core for axiom in one.need.axioms),
                        *(axiom for some in exclusions if some is not None for axiom in some),
                    )
                )
            ),
        )

    # -- Identity ------------------------------------------------------------

    def equalities(self) -> Iterator[Contradiction]:
        """Yield contradictions of individuals that are both the same and different."""
        for group in self._touched:
            for one, other in combinations(sorted(group, key=str), 2):
                facts, axioms = self._groups.why((one, other))
                pair = frozenset((one, other))
                individuals = {name for name in pair if isinstance(name, NamedNode)}
                axiom = self._rules.ontology.different.get(frozenset(individuals))
                if axiom is not None and len(individuals) == 2:
                    yield Contradiction(facts, (*axioms, axiom))
                for start, end in ((one, other), (other, one)):
                    for triple in self._individuals.statements(start, DIFFERENT, end):
                        yield Contradiction((*facts, triple), axioms)

    # -- Relations -----------------------------------------------------------

    def pairs(self) -> Iterator[Contradiction]:
        """Yield contradictions of irreflexive, asymmetric and disjoint relations."""
        for one, other in dict.fromkeys(self._touched_pairs()):
            related = list(self._between(one, other))
            if one == other:
                yield from self._to_itself(related)
            else:
                yield from self._both_ways(one, other, related)

    def _to_itself(self, related: list[Related]) -> Iterator[Contradiction]:
        reported: set[tuple[Triple, NamedNode]] = set()
        for role, triple, axioms in related:
            axiom = self._rules.never_to_itself.get(role.property)
            if axiom is not None and (triple, role.property) not in reported:
                reported.add((triple, role.property))
                facts, more = self._groups.why(_individuals(triple))
                yield Contradiction((triple, *facts), (*more, *axioms, axiom))

    def _both_ways(
        self, one: Group, other: Group, related: list[Related]
    ) -> Iterator[Contradiction]:
        for role, triple, axioms in related:
            axiom = self._rules.ontology.asymmetric.get(role.property)
            for back, another, reasons in related if axiom is not None and not role.inverse else ():
                if axiom is not None and back == Role(role.property, True):
                    nodes = {*_individuals(triple), *_individuals(another)}
                    facts, more = self._groups.why(nodes & one)
                    rest, others = self._groups.why(nodes & other)
                    yield Contradiction(
                        tuple(dict.fromkeys((triple, another, *facts, *rest))),
                        tuple(dict.fromkeys((*more, *others, *axioms, *reasons, axiom))),
                    )

    def _touched_pairs(self) -> Iterator[tuple[Group, Group]]:
        """Yield the pairs of groups with new relations, each in one order."""
        statements = [t for t in self._individuals.added if self._is_bounded(t)]
        for group in self._touched:
            for node in sorted(group, key=str) if len(group) > 1 else ():
                for name in self._rules.bounded_relations:
                    statements += self._individuals.statements(node, name, None)
                    statements += self._individuals.statements(None, name, node)
        for triple in statements:
            one, other = (self._groups.of(end) for end in _individuals(triple))
            yield (one, other) if sorted(map(str, one)) <= sorted(map(str, other)) else (other, one)

    def _is_bounded(self, triple: Triple) -> bool:
        return triple.predicate in self._rules.bounded_relations

    def _between(self, one: Group, other: Group) -> Iterator[Related]:
        """Yield the roles from the first group to the second; inverse roles are reversed."""
        for start, end, turned in ((one, other, False), (other, one, True)):
            for subject in sorted(start, key=str):
                for object_ in sorted(end, key=str):
                    for triple in self._individuals.statements(subject, None, object_):
                        for role, axioms in self._rules.upper(triple.predicate).items():
                            yield Role(role.property, role.inverse != turned), triple, axioms
            if one == other:
                return

    # -- Values --------------------------------------------------------------

    def literals(self) -> Iterator[Contradiction]:
        """Yield contradictions of values outside datatypes and of second values."""
        for triple in self._individuals.added:
            if isinstance(triple.object, Literal):
                for datatype, axioms in self._rules.datatypes(triple.predicate):
                    if not is_in(triple.object, datatype):
                        yield Contradiction((triple,), axioms, triple.object)
        valued = {(triple.subject, triple.predicate) for triple in self._individuals.added}
        for group in self._touched:
            for name, axiom in self._rules.functional_literals.items():
                # Alone, an individual has a second value only if one is added.
                if len(group) > 1 or any(
                    (node, role.property) in valued
                    for node in group
                    for role, _ in self._rules.lower(name)
                ):
                    yield from self._second_values(group, name, axiom)

    def _second_values(
        self, group: Group, name: NamedNode, axiom: Axiom
    ) -> Iterator[Contradiction]:
        found: dict[object, tuple[Individual, Triple, tuple[Axiom, ...]]] = {}
        for node in sorted(group, key=str):
            for role, why in self._rules.lower(name):
                for triple in self._individuals.statements(node, role.property, None):
                    value = value_of(triple.object) if isinstance(triple.object, Literal) else None
                    if value is not None:
                        found.setdefault(value, (node, triple, why))
        values = list(found.values())
        for node, triple, why in values[1:]:
            first, known, axioms = values[0]
            facts, more = self._groups.why((first, node))
            yield Contradiction(
                (known, triple, *facts),
                tuple(dict.fromkeys((*more, *axioms, *why, axiom))),
            )


def _individuals(triple: Triple) -> tuple[Individual, ...]:
    return tuple(
        end for end in (triple.subject, triple.object) if isinstance(end, NamedNode | BlankNode)
    )
