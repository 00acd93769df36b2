"""Rules from the ontology's axioms: requirements on individuals.

Only axioms that can cause a contradiction become rules. Axioms of unsupported kinds, or that would
make the rules incomplete, are listed as uncovered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

from pyoxigraph import NamedNode, Triple

from g60kg.namespaces import compact, term
from g60kg.reasoning.owl_axioms import Axiom
from g60kg.validation.checks.consistency.axioms import Role, reached, read_ontology
from g60kg.validation.checks.consistency.literal_values import RANGES

NOTHING: Final = term("owl:Nothing")
_ANYTHING: Final = frozenset((term("owl:Thing"), term("rdfs:Literal")))


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement on an individual: membership in one of some classes.

    Attributes:
        classes: the classes; several for a union.
    """

    classes: frozenset[NamedNode]
    axioms: tuple[Axiom, ...] = ()


class Rules:
    """The requirements of an ontology on individuals.

    Attributes:
        uncovered: names of axioms that the rules do not cover.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.ontology = read_ontology(triples)
        self._above: dict[NamedNode, dict[NamedNode, tuple[Axiom, ...]]] = {}
        self._upper: dict[NamedNode, dict[Role, tuple[Axiom, ...]]] = {}
        self._lower: dict[NamedNode, list[tuple[Role, tuple[Axiom, ...]]]] = {}
        self._needs: dict[Role, tuple[Need, ...]] = {}
        self._clashes: dict[frozenset[NamedNode], tuple[Axiom, ...] | None] = {}
        self.uncovered = sorted({*self.ontology.unknown, *_beyond(self)})

    def above(self, name: NamedNode) -> dict[NamedNode, tuple[Axiom, ...]]:
        """Return a class and its superclasses, each with the axioms of the path."""
        if name not in self._above:
            self._above[name] = reached(name, self.ontology.superclasses)
        return self._above[name]

    def upper(self, name: NamedNode) -> dict[Role, tuple[Axiom, ...]]:
        """Return the roles that a property implies for the same pair, with the axioms.

        Chains and transitivity, which lead to other pairs, are left out.
        """
        if name not in self._upper:
            self._upper[name] = reached(Role(name), self.ontology.upper_roles)
        return self._upper[name]

    def lower(self, name: NamedNode) -> list[tuple[Role, tuple[Axiom, ...]]]:
        """Return the properties that imply this property or its inverse."""
        if name not in self._lower:
            self._lower[name] = [
                (Role(lower, role.inverse), why)
                for lower in sorted(self.ontology.properties, key=str)
                for role, why in self.upper(lower).items()
                if role.property == name
            ]
        return self._lower[name]

    def needs(self, end: Role) -> tuple[Need, ...]:
        """Return the requirements on subjects of a property; for an inverse role, on objects."""
        if end not in self._needs:
            found: dict[frozenset[NamedNode], Need] = {}
            for role, why in self.upper(end.property).items():
                at_subject = role.inverse == end.inverse
                asked = self.ontology.domains if at_subject else self.ontology.ranges
                for classes, axiom in asked.get(role.property, ()):
                    if classes.isdisjoint(_ANYTHING):
                        found.setdefault(classes, Need(classes, (*why, axiom)))
            self._needs[end] = tuple(found.values())
        return self._needs[end]

    def membership(self, need: Need, name: NamedNode) -> tuple[Axiom, ...] | None:
        """Return the axioms by which a requirement implies a class, or None."""
        only, *others = need.classes
        if others or name not in self.above(only):
            return None
        return (*need.axioms, *self.above(only)[name])

    @cached_property
    def asking_properties(self) -> tuple[NamedNode, ...]:
        """The properties with a domain or a range, their own or an inherited one."""
        names = sorted(self.ontology.properties, key=str)
        return tuple(n for n in names if self.needs(Role(n)) or self.needs(Role(n, True)))

    @cached_property
    def functional_relations(self) -> dict[NamedNode, Axiom]:
        """The functional object properties: two values of one are the same individual."""
        known, relations = self.ontology.functional, self.ontology.object_properties
        return {name: known[name] for name in sorted(relations & known.keys(), key=str)}

    @cached_property
    def functional_literals(self) -> dict[NamedNode, Axiom]:
        """The functional datatype properties: two values of one are a contradiction."""
        known, properties = self.ontology.functional, self.ontology.literal_properties
        return {name: known[name] for name in sorted(properties & known.keys(), key=str)}

    @cached_property
    def never_to_itself(self) -> dict[NamedNode, Axiom]:
        """The irreflexive properties, which include asymmetric ones."""
        return {**self.ontology.asymmetric, **self.ontology.irreflexive}

    @cached_property
    def bounded_relations(self) -> tuple[NamedNode, ...]:
        """The properties that can imply a statement that contradicts another."""
        names = (lower.property for name in self.never_to_itself for lower, _ in self.lower(name))
        return tuple(sorted(set(names), key=str))

    def datatypes(self, name: NamedNode) -> list[tuple[NamedNode, tuple[Axiom, ...]]]:
        """Return the ranges of a datatype property, inherited ones too, each with its axioms."""
        return [
            (datatype, (*why, axiom))
            for role, why in self.upper(name).items()
            for classes, axiom in self.ontology.ranges.get(role.property, ())
            for datatype in classes - _ANYTHING
        ]

    def clash(self, one: NamedNode, other: NamedNode) -> tuple[Axiom, ...] | None:
        """Return the axioms by which two classes are disjoint or one is empty, or None."""
        pair = frozenset((one, other))
        if pair not in self._clashes:
            self._clashes[pair] = self._clash(*sorted((one, other), key=str))
        return self._clashes[pair]

    def _clash(self, one: NamedNode, other: NamedNode) -> tuple[Axiom, ...] | None:
        mine, theirs = self.above(one), self.above(other)
        if NOTHING in mine:
            return mine[NOTHING]
        for upper, another in product(mine, theirs):
            disjoint = self.ontology.disjoint.get(frozenset((upper, another)))
            if disjoint is not None:
                return (*mine[upper], *theirs[another], disjoint)
        return None

    def is_contradictory(self, needs: Iterable[frozenset[NamedNode]]) -> bool:
        """Return whether no individual can be in one class of each requirement."""
        # Requirements with the fewest classes first, to try fewer combinations.
        return not self._fits(sorted(set(needs), key=len), ())

    def _fits(self, needs: list[frozenset[NamedNode]], chosen: tuple[NamedNode, ...]) -> bool:
        met = {upper for name in chosen for upper in self.above(name)}
        left = [classes for classes in needs if classes.isdisjoint(met)]
        if not left:
            return True
        return any(
            self._fits(left[1:], (*chosen, name))
            for name in sorted(left[0], key=str)
            if all(self.clash(name, other) is None for other in (name, *chosen))
        )


def _beyond(rules: Rules) -> Iterable[str]:
    """Yield axioms of known kinds that a check of single individuals would miss."""
    ontology = rules.ontology
    restricted = {restriction.member for restriction in ontology.restrictions}

    def is_restricted(name: NamedNode) -> bool:
        return not restricted.isdisjoint(rules.above(name))

    composed = {*ontology.transitive, *ontology.chains}
    beyond_pairs = {role.property for name in composed for role in rules.upper(name)}
    for name in (*ontology.functional, *ontology.irreflexive, *ontology.asymmetric):
        if name in beyond_pairs:
            yield f"{compact(name.value)}, which chains or transitivity extend"
    for restriction in ontology.restrictions:
        if restriction.property in beyond_pairs or is_restricted(restriction.filler):
            yield f"owl:allValuesFrom of {compact(restriction.member.value)}"
    for name in ontology.properties:
        for need in (*rules.needs(Role(name)), *rules.needs(Role(name, True))):
            if len(need.classes) > 1 and any(is_restricted(one) for one in need.classes):
                yield f"the union that {compact(name.value)} requires"
    for name in ontology.literal_properties:
        datatypes = [datatype for datatype, _ in rules.datatypes(name)]
        yield from (compact(d.value) for d in datatypes if d not in RANGES)
        if name in ontology.functional and not datatypes:
            yield f"{compact(name.value)}, functional and without a range"
    # A chain must require no more of two individuals than its first and last link do.
    for name, chains in ontology.chains.items():
        for first, last in chains:
            starts = _implied(rules, rules.needs(Role(name)), rules.needs(first))
            ends = rules.needs(Role(last.property, not last.inverse))
            if not starts or not _implied(rules, rules.needs(Role(name, True)), ends):
                yield f"the property chain of {compact(name.value)}"


def _implied(rules: Rules, needs: Iterable[Need], given: Iterable[Need]) -> bool:
    """Return whether the given requirements imply the needed ones."""
    known = [need.classes for need in given]
    return all(
        any(all(not need.classes.isdisjoint(rules.above(c)) for c in one) for one in known)
        for need in needs
    )
